//! Exercise 2, the conversation as a whole: cut, together, ended too soon.

use std::time::Duration;

use super::super::{Bench, Exchange, Outcome, Shown};
use super::frames::{all, line, named};
use super::model::dissect;
use super::{answers, words::*};
use crate::peer::{Peer, cut};

/// Between two pieces of a line.
const PAUSE: Duration = Duration::from_millis(2);

/// For as much as may come: slow is not wrong.
const LONG_PATIENCE: Duration = Duration::from_secs(30);

/// What is no line of hex.
#[rustfmt::skip]
const NOT_HEX: &[&[u8]] = &[
    b"0", b"020", b"zz", b"hello", b"0x02", b"02 00", b" 0200", b"0200 ",
    b"+1", b"-1", b"0200\r", b"0_", b"02:00", b"\xff\xfe", "０１".as_bytes(),
    "é".as_bytes(), b"\0\0",
    // As many characters as whole bytes have.
    b"02  00", b" 0200 ", b"02\t00\t", b"0200\r\r", b"\x0b0200\x0c", b" 1",
    b"1 ", b"  ", b"0x", b"0X02", b"2:00", b"02-00-",
];

pub fn not_hex(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for bytes in NOT_HEX {
        let sent = [bytes, &b"\n"[..]].concat();
        peer.send(&sent);
        answer_is(&mut peer, &sent, "bad line\n", NOT_HEX_LIKELY)?;
    }
    // Digits of either case, and the connection goes on.
    let frame = named("tcp hello");
    let sent = line(frame).to_uppercase();
    peer.send(sent.as_bytes());
    let answer = dissect(frame) + "\n";
    answer_is(&mut peer, sent.as_bytes(), &answer, UPPER_CASE)
}

pub fn together(bench: &mut Bench) -> Outcome {
    let mut captured: Vec<&[u8]> = all().collect();
    bench.rng.shuffle(&mut captured);
    let sent: String = captured.iter().map(|frame| line(frame)).collect();
    let mut peer = bench.connect()?;
    peer.send(sent.as_bytes());
    all_answered(&mut peer, &sent, &captured, TOGETHER, false)
}

pub fn in_pieces(bench: &mut Bench) -> Outcome {
    let names = ["tcp hello", "arp reply", "ipv6 udp", "vlan ping"];
    let frames = names.map(named);
    let sent: String = frames.iter().map(|frame| line(frame)).collect();
    for longest in [8, 200] {
        let pieces = cut(sent.as_bytes(), longest, &mut bench.rng);
        let mut peer = bench.connect()?;
        peer.send_pieces(pieces, PAUSE);
        all_answered(&mut peer, &sent, &frames, ONE_READ, false)?;
    }
    Ok(())
}

pub fn half_a_line(bench: &mut Bench) -> Outcome {
    let frame = named("arp request");
    for half in ["", "02", "020", &line(frame)[..84]] {
        let sent = line(frame) + half;
        let mut peer = bench.connect()?;
        peer.send(sent.as_bytes());
        peer.half_close();
        all_answered(&mut peer, &sent, &[frame], HALF_LINE, true)?;
    }
    Ok(())
}

pub fn leaves(bench: &mut Bench) -> Outcome {
    let sent: String = all().map(line).collect();
    let sent = sent.as_bytes();
    bench.clients_leave([0, 100, sent.len()].map(|end| &sent[..end]))
}

pub fn still_serves(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    answers(&mut peer, named("udp"), NEXT_CLIENT)
}

fn answer_is(
    peer: &mut Peer,
    sent: &[u8],
    answer: &str,
    likely: &'static str,
) -> Outcome {
    Exchange {
        sent: Shown::text(sent),
        expected: answer.as_bytes(),
        close: false,
        likely,
        show: Shown::text,
    }
    .judge(peer)
}

/// One line for each frame, in order, and the end if the client has ended.
fn all_answered(
    peer: &mut Peer,
    sent: &str,
    frames: &[&[u8]],
    likely: &'static str,
    close: bool,
) -> Outcome {
    let answers: String =
        frames.iter().map(|frame| dissect(frame) + "\n").collect();
    let note = if close { THEN_HALF_CLOSE } else { "" };
    Exchange {
        sent: Shown::lines(sent.as_bytes()).note(note),
        expected: answers.as_bytes(),
        close,
        likely,
        show: Shown::text,
    }
    .judge_within(LONG_PATIENCE, peer)
}
