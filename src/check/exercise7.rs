//! Exercise 7, a framed echo: each frame, a big-endian `u16` length and a
//! message, comes back with its ASCII letters in upper case.

mod frames;
mod words;

use std::time::Duration;

use self::frames::{frame, frames, upper, word};
use self::words::*;
use super::{Bench, Exchange, Exercise, Outcome, Role, Shown, Step};
use crate::peer::{Peer, cut};

/// Longest message that a frame may carry.
const MAX_MESSAGE: usize = 1024;

/// Between two pieces of a frame.
const PAUSE: Duration = Duration::from_millis(2);

/// Long enough for any server to run into what is missing.
const LONG_PAUSE: Duration = Duration::from_millis(100);

pub static EXERCISE: Exercise = Exercise {
    number: 7,
    title: "an echo that survives its clients",
    role: Role::Server,
    steps: &[
        Step::new("\"hello\" in one frame comes back as \"HELLO\"", hello),
        Step::new("one frame after another on one connection", one_by_one),
        Step::new(
            "bytes that are not ASCII letters come back unchanged",
            all_bytes,
        ),
        Step::new("a message of length 0 is a message", empty_message),
        Step::new("three frames in one packet", three_in_one),
        Step::hostile("one byte at a time", one_byte_at_a_time),
        Step::hostile("many frames, cut anywhere", cut_anywhere),
        Step::hostile("a message of 1,024 bytes, the longest", longest),
        Step::hostile("a length of 1,025 is refused", one_too_long),
        Step::hostile("a length of 65,535 is refused", far_too_long),
        Step::hostile(
            "frames before a refused length are answered",
            answered_then_refused,
        ),
        Step::hostile("the end between two frames is a goodbye", goodbye),
        Step::hostile(
            "whole frames are answered after the client's half-close",
            half_close,
        ),
        Step::hostile(
            "half a frame, then silence, while another client is served",
            another_client,
        ),
        Step::hostile("half a frame, then the end", half_a_frame),
        Step::hostile("half a frame, then a reset", reset),
        Step::hostile("a client that does not wait for its answers", leaves),
    ],
    after: Some(still_serves),
    words: WORDS,
    hint: &[
        "How many bytes may one `read` return? Look at lesson 7's second run: \
         four bytes, and no message in them.",
        "Write a function that reads one frame: first two bytes, then as many \
         as they say. `read_exact` reads on until it has them all.",
        "Three ends: before a length (goodbye), inside a frame (close, no \
         answer), and a length over 1,024 (close before you read on).",
        "Give each connection a thread of its own: `thread::spawn(move || \
         serve(stream))`, and let an error end that thread only.",
    ],
};

fn hello(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let sent = frame(b"hello");
    peer.send(&sent);
    answers(&mut peer, &sent, "", CONTRACT)
}

fn one_by_one(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for _ in 0..3 {
        let sent = frame(&word(3..=9, &mut bench.rng));
        peer.send(&sent);
        answers(&mut peer, &sent, "", NEXT_FRAME)?;
    }
    Ok(())
}

fn all_bytes(bench: &mut Bench) -> Outcome {
    let mut message: Vec<u8> = (0..=255).collect();
    bench.rng.shuffle(&mut message);
    let mut peer = bench.connect()?;
    for message in [
        "straße, déjà vu, ñandú, ıi".as_bytes(),
        b" \t\0 spaces at both ends \0\r\n",
        &message,
    ] {
        let sent = frame(message);
        peer.send(&sent);
        answers(&mut peer, &sent, "", ASCII_ONLY)?;
    }
    Ok(())
}

fn empty_message(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for message in [&b""[..], b"empty", b"", b""] {
        let sent = frame(message);
        peer.send(&sent);
        answers(&mut peer, &sent, "", EMPTY)?;
    }
    Ok(())
}

fn three_in_one(bench: &mut Bench) -> Outcome {
    let words: Vec<_> = (0..3).map(|_| word(3..=9, &mut bench.rng)).collect();
    let sent = frames(&words);
    let mut peer = bench.connect()?;
    peer.send(&sent);
    answers(&mut peer, &sent, IN_ONE_PACKET, LEFTOVER)
}

fn one_byte_at_a_time(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let long = frame(&word(40..=60, &mut bench.rng));
    for sent in [frame(b"hello"), long] {
        // Alone for so long that it is read alone: half a length.
        peer.send_pieces([&sent[..1]], LONG_PAUSE);
        peer.send_pieces(sent[1..].chunks(1), PAUSE);
        answers(&mut peer, &sent, EACH_A_PACKET, ONE_READ)?;
    }
    Ok(())
}

fn cut_anywhere(bench: &mut Bench) -> Outcome {
    let rng = &mut bench.rng;
    // Not more than fits into both ends' buffers: a server may write its
    // answers while the peer still writes.
    let words: Vec<_> = (0..60).map(|_| word(0..=80, rng)).collect();
    let sent = frames(&words);
    let pieces = cut(&sent, 50, rng);
    let mut peer = bench.connect()?;
    peer.send_pieces(pieces, PAUSE);
    answers(&mut peer, &sent, IN_PIECES, LEFTOVER)
}

fn longest(bench: &mut Bench) -> Outcome {
    let rng = &mut bench.rng;
    let sent = frame(&word(MAX_MESSAGE..=MAX_MESSAGE, rng));
    let pieces = cut(&sent, 400, rng);
    let mut peer = bench.connect()?;
    peer.send(&sent);
    answers(&mut peer, &sent, IN_ONE_PACKET, LIMIT_IS_ALLOWED)?;
    peer.send_pieces(pieces, PAUSE);
    answers(&mut peer, &sent, IN_PIECES, LIMIT_IS_ALLOWED)
}

fn one_too_long(bench: &mut Bench) -> Outcome {
    refuses(bench, &[], 1025, UNCHECKED_LENGTH)
}

fn far_too_long(bench: &mut Bench) -> Outcome {
    refuses(bench, &[], 65_535, UNCHECKED_LENGTH)?;
    refuses(bench, &[], 32_768, UNCHECKED_LENGTH)
}

fn answered_then_refused(bench: &mut Bench) -> Outcome {
    let words: Vec<_> = (0..2).map(|_| word(3..=9, &mut bench.rng)).collect();
    refuses(bench, &frames(&words), 65_535, REFUSED_TOO_EARLY)
}

/// Sends whole frames and a length that is refused. Nothing follows it: a
/// server that closes with bytes unread would reset the connection, and its
/// answers could be lost on their way.
fn refuses(
    bench: &mut Bench,
    whole: &[u8],
    length: u16,
    likely: &'static str,
) -> Outcome {
    let sent = [whole, &length.to_be_bytes()].concat();
    let mut peer = bench.connect()?;
    peer.send(&sent);
    ends(&mut peer, Shown::hex(&sent), whole, likely)
}

fn goodbye(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let sent = frame(&word(3..=9, &mut bench.rng));
    peer.send(&sent);
    answers(&mut peer, &sent, "", CONTRACT)?;
    peer.half_close();
    ends(&mut peer, Shown::words(ONLY_HALF_CLOSE), b"", NO_GOODBYE)?;

    let mut peer = bench.connect()?;
    peer.half_close();
    ends(&mut peer, Shown::words(ONLY_HALF_CLOSE), b"", NO_GOODBYE)
}

fn half_close(bench: &mut Bench) -> Outcome {
    let words: Vec<_> = (0..3).map(|_| word(3..=9, &mut bench.rng)).collect();
    let sent = frames(&words);
    let mut peer = bench.connect()?;
    peer.send(&sent);
    peer.half_close();
    let shown = Shown::hex(&sent).note(THEN_HALF_CLOSE);
    ends(&mut peer, shown, &sent, HALF_CLOSED)
}

fn another_client(bench: &mut Bench) -> Outcome {
    let slow = frame(&word(6..=9, &mut bench.rng));
    let mut first = bench.connect()?;
    first.send(&slow[..4]);
    for _ in 0..3 {
        let sent = frame(&word(3..=9, &mut bench.rng));
        let mut second = bench.connect()?;
        second.send(&sent);
        answers(&mut second, &sent, SECOND_CLIENT, ONE_AT_A_TIME)?;
    }
    first.send(&slow[4..]);
    answers(&mut first, &slow, REST, ONE_AT_A_TIME)
}

fn half_a_frame(bench: &mut Bench) -> Outcome {
    let whole = frame(&word(3..=9, &mut bench.rng));
    let half = frame(&word(6..=9, &mut bench.rng));
    // In the length, after it, in the message, before its last byte; then
    // the same behind a whole frame, which is answered.
    for whole in [&[][..], &whole] {
        for cut in [1, 2, 5, half.len() - 1] {
            let sent = [whole, &half[..cut]].concat();
            let mut peer = bench.connect()?;
            peer.send(&sent);
            peer.half_close();
            let shown = Shown::hex(&sent).note(THEN_HALF_CLOSE);
            ends(&mut peer, shown, whole, HALF_ANSWERED)?;
        }
    }
    Ok(())
}

fn reset(bench: &mut Bench) -> Outcome {
    let sent = frame(&word(6..=9, &mut bench.rng));
    for cut in [0, 1, 4, sent.len()] {
        let mut peer = bench.connect()?;
        peer.send(&sent[..cut]);
        peer.reset();
    }
    Ok(())
}

fn leaves(bench: &mut Bench) -> Outcome {
    let words: Vec<_> = (0..9).map(|_| word(3..=9, &mut bench.rng)).collect();
    // Often: whether the client has gone before an answer is written is a
    // matter of luck.
    for _ in 0..10 {
        let mut peer = bench.connect()?;
        peer.send(&frames(&words));
        drop(peer);
        let mut peer = bench.connect()?;
        peer.send(&frames(&words));
        peer.reset();
    }
    Ok(())
}

fn still_serves(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let sent = frame(b"next");
    peer.send(&sent);
    answers(&mut peer, &sent, NEW_CLIENT, NEXT_CLIENT)
}

/// `sent` comes back in upper case, and the connection stays open.
fn answers(
    peer: &mut Peer,
    sent: &[u8],
    note: &'static str,
    likely: &'static str,
) -> Outcome {
    Exchange {
        sent: Shown::hex(sent).note(note),
        expected: &upper(sent),
        close: false,
        likely,
        show: Shown::hex,
    }
    .judge(peer)
}

/// `whole` frames come back in upper case, and then the connection ends.
fn ends(
    peer: &mut Peer,
    sent: Shown,
    whole: &[u8],
    likely: &'static str,
) -> Outcome {
    Exchange {
        sent,
        expected: &upper(whole),
        close: true,
        likely,
        show: Shown::hex,
    }
    .judge(peer)
}
