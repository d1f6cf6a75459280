//! Exercise 22, the conversation as a whole: at random, cut, long, ended in
//! a line, and several at once.

use std::time::Duration;

use fastrand::Rng;

use super::super::{Bench, Exchange, Outcome, Shown};
use super::sender::Sender;
use super::words::*;
use super::{Talk, answers_to, talk};
use crate::peer::{Peer, cut};

/// Between two pieces of a line.
const PAUSE: Duration = Duration::from_millis(2);

pub fn at_random(bench: &mut Bench) -> Outcome {
    for _ in 0..12 {
        let lines = random_lines(25, &mut bench.rng);
        let mut talk = Talk::begin(bench)?;
        for line in lines.lines() {
            talk.says(line, RULES)?;
        }
    }
    Ok(())
}

/// Lines that make sense, and now and then one that does not.
fn random_lines(count: usize, rng: &mut Rng) -> String {
    // What a line may ask for depends on what has been answered.
    let mut sender = Sender::default();
    let mss = rng.u64(1..=9000);
    let mut lines = Vec::new();
    for index in 0..count {
        let flight = sender.flight();
        let line = match rng.u8(0..20) {
            _ if index == 0 => format!("mss {mss}"),
            0..6 => format!("send {}", rng.u64(1..=sender.room().max(1) * 2)),
            6..13 if flight > 0 => {
                format!("ack {}", rng.u64(1..=flight.min(3 * mss)))
            }
            13..18 => "dup".to_owned(),
            18 if flight > 0 => "timeout".to_owned(),
            19 if index % 3 == 0 => format!("ack {}", flight + 1),
            _ => format!("send {mss}"),
        };
        sender.answer(line.as_bytes());
        lines.push(line);
    }
    lines.join("\n") + "\n"
}

pub fn in_one_packet(bench: &mut Bench) -> Outcome {
    let sent = random_lines(60, &mut bench.rng);
    let mut peer = bench.connect()?;
    peer.send(sent.as_bytes());
    let shown = Shown::lines(sent.as_bytes()).note(IN_ONE);
    judged(&mut peer, shown, &sent, false, ONE_READ)
}

pub fn cut_anywhere(bench: &mut Bench) -> Outcome {
    for longest in [1, 20] {
        let sent = random_lines(20, &mut bench.rng);
        let pieces = cut(sent.as_bytes(), longest, &mut bench.rng);
        let mut peer = bench.connect()?;
        peer.send_pieces(pieces, PAUSE);
        let shown = Shown::lines(sent.as_bytes()).note(IN_PIECES);
        judged(&mut peer, shown, &sent, false, ONE_READ)?;
    }
    Ok(())
}

pub fn longest_line(bench: &mut Bench) -> Outcome {
    let mut talk = Talk::begin(bench)?;
    talk.says("mss 1000", LINE)?;
    talk.says(&"x".repeat(64), LINE)?;
    talk.says("send 1", LINE)?;
    let long = "x".repeat(65);
    talk.peer.send(long.as_bytes());
    let shown = Shown::text(long.as_bytes()).note(NO_END);
    judged(&mut talk.peer, shown, "", true, LINE)?;
    // And if its end comes after all, it comes too late.
    let long = long + "\n";
    let mut peer = bench.connect()?;
    peer.send(long.as_bytes());
    judged(&mut peer, Shown::lines(long.as_bytes()), "", true, LINE)
}

pub fn half_close(bench: &mut Bench) -> Outcome {
    for rest in ["", "dup", "send 1"] {
        let whole = random_lines(5, &mut bench.rng);
        let sent = format!("{whole}{rest}");
        let mut peer = bench.connect()?;
        peer.send(sent.as_bytes());
        peer.half_close();
        let shown = Shown::lines(sent.as_bytes()).note(THEN_HALF_CLOSE);
        judged(&mut peer, shown, &whole, true, HALF)?;
    }
    Ok(())
}

pub fn own_windows(bench: &mut Bench) -> Outcome {
    let mut first = Talk::begin(bench)?;
    first.says("mss 1000", OWN)?;
    first.says("send 4000", OWN)?;
    for mss in [500, 2000] {
        // The first one says nothing meanwhile.
        let sent = format!("mss {mss}\nsend 9999\nack 500\n");
        let mut second = bench.connect()?;
        second.send(sent.as_bytes());
        let shown = Shown::lines(sent.as_bytes()).note(SECOND_CLIENT);
        judged(&mut second, shown, &sent, false, ONE_AT_A_TIME)?;
    }
    first.says("ack 4000", OWN)
}

pub fn leaves_at_once(bench: &mut Bench) -> Outcome {
    let sent = ["", "ms", "mss 1000\nsend 500\ntimeo"];
    bench.clients_leave(sent.map(str::as_bytes))
}

pub fn still_serves(bench: &mut Bench) -> Outcome {
    talk(bench, "mss 1000\nsend 1000\nack 1000\n", NEXT_CLIENT)
}

/// The whole lines are answered, and then the connection ends, or does not.
fn judged(
    peer: &mut Peer,
    sent: Shown,
    lines: &str,
    close: bool,
    likely: &'static str,
) -> Outcome {
    Exchange {
        sent,
        expected: answers_to(lines).as_bytes(),
        close,
        likely,
        show: Shown::text,
    }
    .judge(peer)
}
