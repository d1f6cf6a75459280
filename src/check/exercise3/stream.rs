//! Exercise 3, the conversation as a whole: cut, long, early, ended too soon.

use std::time::Duration;

use super::super::failure::{self, Failure};
use super::super::{Bench, Exchange, Outcome, Shown};
use super::packets::{
    Packet, conversation, model, pieces, random_bytes, random_packet, split,
    to_hex,
};
use super::words::*;
use super::{answer_is, answers};
use crate::peer::{Then, cut};

/// Longest message, in bytes.
const MAX_TOTAL: usize = 1_048_576;

/// Longest line, in bytes, with its `\n`.
const MAX_LINE: usize = 4096;

/// Between two pieces of a line.
const PAUSE: Duration = Duration::from_millis(2);

/// Long enough for a hasty server to answer.
const LONG_PAUSE: Duration = Duration::from_millis(500);

/// For as much as may come: slow is not wrong.
const LONG_PATIENCE: Duration = Duration::from_secs(30);

pub fn at_random(bench: &mut Bench) -> Outcome {
    for _ in 0..40 {
        let rng = &mut bench.rng;
        let total = rng.usize(1..=12);
        let message = random_bytes(total, rng);
        let packets: Vec<Packet> = (0..rng.usize(1..=10))
            .map(|_| random_packet(&message, rng))
            .collect();
        let answer = model(total, &packets);
        answers(bench, &conversation(total, &packets), &answer, MODEL)?;
    }
    Ok(())
}

pub fn before_end(bench: &mut Bench) -> Outcome {
    for (lines, answer) in [
        ("message 2\npacket 0 6f6b\n", "complete 6f6b"),
        ("message 2\nhello\n", "error bad line"),
        ("message 1048577\n", "error too large"),
    ] {
        let mut peer = bench.connect()?;
        peer.send(lines.as_bytes());
        let got = peer.read(64, LONG_PAUSE);
        if got.then != Then::Silence || !got.bytes.is_empty() {
            return Err(Failure {
                sent: Shown::lines(lines.as_bytes()).note(BEFORE_END),
                expected: Shown::words(NOTHING_YET),
                got: Shown::text(&got.bytes)
                    .note(failure::came(&got, b"", LONG_PAUSE)),
                likely: EARLY,
                died: None,
            }
            .into());
        }
        peer.send(b"end\n");
        let sent = format!("{lines}end\n");
        answer_is(&mut peer, (&sent, ""), answer, CONTRACT)?;
    }
    Ok(())
}

pub fn cut_anywhere(bench: &mut Bench) -> Outcome {
    let message = random_bytes(40, &mut bench.rng);
    let packets = split(&message, 8, &mut bench.rng);
    let sent = conversation(40, &packets);
    let complete = format!("complete {}", to_hex(&message));
    for longest in [1, 20] {
        let pieces = cut(sent.as_bytes(), longest, &mut bench.rng);
        let mut peer = bench.connect()?;
        peer.send_pieces(pieces, PAUSE);
        answer_is(&mut peer, (&sent, IN_PIECES), &complete, ONE_READ)?;
    }
    Ok(())
}

pub fn longest_line(bench: &mut Bench) -> Outcome {
    let length = (MAX_LINE - "packet 0 \n".len()) / 2;
    let message = random_bytes(length, &mut bench.rng);
    let sent = conversation(length, &[(0, message.clone())]);
    let complete = format!("complete {}", to_hex(&message));
    answers(bench, &sent, &complete, LINE)
}

pub fn longest(bench: &mut Bench) -> Outcome {
    let message = random_bytes(MAX_TOTAL, &mut bench.rng);
    let mut packets = pieces(&message, 2000);
    bench.rng.shuffle(&mut packets);
    large(bench, &message, &packets, LONGEST)
}

pub fn reverse(bench: &mut Bench) -> Outcome {
    let message = random_bytes(150_000, &mut bench.rng);
    let mut packets = pieces(&message, 15);
    packets.reverse();
    large(bench, &message, &packets, MANY)
}

/// A long conversation, which a slow program may take its time for.
fn large(
    bench: &mut Bench,
    message: &[u8],
    packets: &[Packet],
    likely: &'static str,
) -> Outcome {
    let sent = conversation(message.len(), packets);
    let mut peer = bench.connect()?;
    peer.send(sent.as_bytes());
    Exchange {
        sent: Shown::lines(sent.as_bytes()),
        expected: format!("complete {}\n", to_hex(message)).as_bytes(),
        close: true,
        likely,
        show: Shown::text,
    }
    .judge_within(LONG_PATIENCE, &mut peer)
}

pub fn no_end(bench: &mut Bench) -> Outcome {
    for lines in [
        "message 2\npacket 0 6f6b\n",
        "message 2\npacket 0 6f\n",
        "message 2\nhello\n",
        "message 2\npacket 0 6f6b\nen",
        "",
    ] {
        let mut peer = bench.connect()?;
        peer.send(lines.as_bytes());
        peer.half_close();
        Exchange {
            sent: Shown::lines(lines.as_bytes()).note(THEN_HALF_CLOSE),
            expected: b"",
            close: true,
            likely: NO_END,
            show: Shown::text,
        }
        .judge(&mut peer)?;
    }
    Ok(())
}

pub fn leaves_at_once(bench: &mut Bench) -> Outcome {
    let sent = ["", "message 2\npack", "message 2\npacket 0 6f6b\nend\n"];
    bench.clients_leave(sent.map(str::as_bytes))
}

pub fn still_serves(bench: &mut Bench) -> Outcome {
    let sent = "message 4\npacket 0 6e657874\nend\n";
    let mut peer = bench.connect()?;
    peer.send(sent.as_bytes());
    let answer = "complete 6e657874";
    answer_is(&mut peer, (sent, NEW_CLIENT), answer, NEXT_CLIENT)
}
