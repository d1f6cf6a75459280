//! Exercise 9, a sorter: a client sends lines and ends its half; they come
//! back in order, and the connection ends in order too.

mod answer;
mod crowd;
mod lines;
mod words;

use std::time::Duration;

use self::answer::{answers, ask, ends, said};
pub use self::lines::sorted;
use self::lines::{exactly, words};
use self::words::*;
use super::{Bench, Exchange, Exercise, Outcome, Role, Shown, Step};

/// Most bytes of one client.
const MOST: usize = 8 * 1024 * 1024;

/// Between two bytes that travel alone.
const PAUSE: Duration = Duration::from_millis(2);

/// Long enough for any server to run into what is missing.
const LONG_PAUSE: Duration = Duration::from_millis(100);

/// How long a client says nothing: more than the 5 s that are a usual
/// timeout.
const SILENCE: Duration = Duration::from_secs(6);

/// How long a client reads nothing of its answer.
const READS_NOTHING: Duration = Duration::from_secs(3);

pub static EXERCISE: Exercise = Exercise {
    number: 9,
    title: "a sorter that answers on half-close",
    role: Role::Server,
    steps: &[
        Step::new("three lines come back in order, then FIN", three),
        Step::new("the next client has lines of its own", next_client),
        Step::new("equal lines and empty lines stay", equal_and_empty),
        Step::new("only \\n ends a line", line_feed_only),
        Step::new("the order is that of bytes", by_bytes),
        Step::hostile("no data at all: no answer, then FIN", no_data),
        Step::hostile("a last line without \\n", last_line),
        Step::hostile("bytes that are not UTF-8", not_utf8),
        Step::hostile("one byte at a time", one_byte_at_a_time),
        Step::hostile("no answer before the half-close", no_half_close),
        Step::hostile("100 clients at once", crowd::hundred),
        Step::hostile("a client that says nothing for 6 s", silent),
        Step::hostile("a reset in the middle, beside another client", reset),
        Step::hostile("8,388,608 bytes, the most", most),
        Step::hostile("a client that reads its answer late", reads_late),
        Step::hostile("more than 8,388,608 bytes are refused", too_much),
        Step::hostile("clients that do not wait for their answer", leaves),
    ],
    after: Some(still_serves),
    words: WORDS,
    hint: &[
        "How does the server know that the last line has come? Look at what \
         lesson 9's server reads after \"2 1\".",
        "Read to the end first, sort then: `stream.take(8 * 1024 * 1024 + 1)` \
         and `read_to_end` into a `Vec<u8>` give all bytes, or one too many.",
        "`bytes.split(|&b| b == b'\\n')` gives slices, which sort by bytes. \
         After a last \\n it gives one empty slice more: take that away.",
        "Give each connection a thread of its own, write with `write_all`, \
         and let the stream drop: that is FIN, if nothing is left unread.",
    ],
};

fn three(bench: &mut Bench) -> Outcome {
    let peer = bench.connect()?;
    ask(peer, b"pear\napple\nfig\n", CONTRACT)
}

fn next_client(bench: &mut Bench) -> Outcome {
    for _ in 0..3 {
        let sent = words(4, &mut bench.rng);
        let peer = bench.connect()?;
        ask(peer, &sent, ONE_CLIENT)?;
    }
    Ok(())
}

fn equal_and_empty(bench: &mut Bench) -> Outcome {
    for sent in [&b"fig\n\napple\nfig\n\nfig\n"[..], b"\n", b"\n\n\n"] {
        let peer = bench.connect()?;
        ask(peer, sent, KEEPS_ALL)?;
    }
    Ok(())
}

fn line_feed_only(bench: &mut Bench) -> Outcome {
    for sent in [
        &b"pear\r\napple\r\nfig\n\r\n"[..],
        b"b\rz\na\x0bz\n c \n\tb\t\n\0\n",
        "pe\u{2028}ar\nap\u{85}ple\n".as_bytes(),
    ] {
        let peer = bench.connect()?;
        ask(peer, sent, LINE_FEED_ONLY)?;
    }
    Ok(())
}

fn by_bytes(bench: &mut Bench) -> Outcome {
    for sent in [
        "pear\nApple\nfig\nZoo\nÉclair\n10\n9\n".as_bytes(),
        b"figs\nfig\nfig leaf\nfi\nf\n",
        // What is below \n shows who sorts lines together with it.
        b"fig\tleaf\nfig\nfi\x01\nfi\n",
    ] {
        let peer = bench.connect()?;
        ask(peer, sent, BY_BYTES)?;
    }
    Ok(())
}

fn no_data(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    peer.half_close();
    answers(&mut peer, b"", Shown::words(ONLY_HALF_CLOSE), NO_DATA)
}

fn last_line(bench: &mut Bench) -> Outcome {
    for sent in [&b"pear\nfig\napple"[..], b"fig", b"b\n\na"] {
        let peer = bench.connect()?;
        ask(peer, sent, LAST_LINE)?;
    }
    Ok(())
}

fn not_utf8(bench: &mut Bench) -> Outcome {
    let mut bytes: Vec<u8> = (0..=255).collect();
    bench.rng.shuffle(&mut bytes);
    let each: Vec<u8> = bytes.iter().flat_map(|&b| [b, b'\n']).collect();
    for sent in [&b"\xff\n\x80abc\nabc\n\xc3\n"[..], &bytes, &each] {
        let peer = bench.connect()?;
        ask(peer, sent, NOT_TEXT)?;
    }
    // What is UTF-8 beside what is not: in text with surrogates, those of
    // `surrogateescape` or of UTF-16, each pair stands the other way round.
    for sent in [
        &b"\xc3\xa9\n\x80\n"[..],
        b"\xee\x80\x80\n\xff\n\xef\xbf\xbd\n\xf0\x90\x80\x80\n",
    ] {
        let peer = bench.connect()?;
        ask(peer, sent, KEEPS_BYTES)?;
    }
    Ok(())
}

fn one_byte_at_a_time(bench: &mut Bench) -> Outcome {
    let sent = words(6, &mut bench.rng);
    let mut peer = bench.connect()?;
    // Alone for so long that they are read alone: a byte, then a line.
    let (first, rest) = sent.split_at(1);
    peer.send_pieces([first], LONG_PAUSE);
    peer.send_pieces(rest.chunks(1), PAUSE);
    peer.half_close();
    let shown = Shown::lines(&sent).note(EACH_A_PACKET);
    answers(&mut peer, &sent, shown, ONE_READ)
}

/// Whether something came too early shows in the end: it stands before the
/// answer.
fn no_half_close(bench: &mut Bench) -> Outcome {
    let sent = words(6, &mut bench.rng);
    // Between two lines, and inside of one.
    let feed = sent.iter().position(|&byte| byte == b'\n');
    let cut = feed.unwrap_or_default() + 1;
    for cut in [cut, cut + 2] {
        let mut first = bench.connect()?;
        first.send(&sent[..cut]);
        others(bench, WHILE_ONE_WAITS, ONE_AT_A_TIME)?;
        // Long enough for who takes a pause for the end.
        first.pause(3 * LONG_PAUSE);
        first.send(&sent[cut..]);
        first.pause(LONG_PAUSE);
        first.half_close();
        let shown = Shown::lines(&sent).note(AFTER_A_WAIT);
        answers(&mut first, &sent, shown, TOO_EARLY)?;
    }
    Ok(())
}

fn silent(bench: &mut Bench) -> Outcome {
    let sent = words(3, &mut bench.rng);
    let mut first = bench.connect()?;
    let mut mute = bench.connect()?;
    first.pause(SILENCE);
    others(bench, WHILE_ONE_WAITS, ONE_AT_A_TIME)?;
    first.send(&sent);
    first.half_close();
    let shown = Shown::lines(&sent).note(THEN_HALF_CLOSE);
    answers(&mut first, &sent, shown, ONE_AT_A_TIME)?;
    mute.half_close();
    answers(&mut mute, b"", Shown::words(ONLY_HALF_CLOSE), NO_DATA)
}

fn reset(bench: &mut Bench) -> Outcome {
    let sent = words(6, &mut bench.rng);
    let lost = words(3, &mut bench.rng);
    for cut in [0, 1, lost.len() - 1, lost.len()] {
        let mut other = bench.connect()?;
        other.send(&sent[..9]);
        let mut peer = bench.connect()?;
        peer.send(&lost[..cut]);
        peer.pause(LONG_PAUSE);
        peer.reset();
        other.send(&sent[9..]);
        other.half_close();
        let shown = Shown::lines(&sent).note(AFTER_A_RESET);
        answers(&mut other, &sent, shown, NEIGHBOUR)?;
    }
    Ok(())
}

fn most(bench: &mut Bench) -> Outcome {
    let sent = exactly(MOST, &mut bench.rng);
    // Before the exchange: from then on the peer is no slow reader.
    let expected = sorted(&sent);
    let shown = Shown::words(LARGEST);
    let mut peer = bench.connect()?;
    peer.send(&sent);
    peer.half_close();
    said(&mut peer, &expected, shown.clone(), LARGE)?;
    ends(&mut peer, shown, TOO_MUCH)
}

fn reads_late(bench: &mut Bench) -> Outcome {
    let sent = exactly(MOST - 1, &mut bench.rng);
    let expected = sorted(&sent);
    let shown = Shown::words(READ_LATE);
    let mut slow = bench.connect()?;
    slow.send(&sent);
    slow.half_close();
    // More than all buffers on the way hold: the server is in the middle of
    // its answer now, and stays there.
    slow.pause(READS_NOTHING);
    others(bench, WHILE_ONE_READS, ONE_AT_A_TIME)?;
    let mut at = 0;
    for part in [1, 300_000, 1_000_000] {
        let part = &expected[at..at + part];
        said(&mut slow, part, shown.clone(), SLOW_READER)?;
        at += part.len();
        slow.pause(LONG_PAUSE);
    }
    said(&mut slow, &expected[at..], shown.clone(), SLOW_READER)?;
    ends(&mut slow, shown, TOO_MUCH)
}

fn too_much(bench: &mut Bench) -> Outcome {
    // Nothing follows the byte that is too much.
    let sent = exactly(MOST + 1, &mut bench.rng);
    let mut peer = bench.connect()?;
    peer.send(&sent);
    Exchange {
        sent: Shown::words(NO_END),
        expected: b"",
        close: true,
        likely: NO_LIMIT,
        show: Shown::lines,
    }
    .judge(&mut peer)
}

fn leaves(bench: &mut Bench) -> Outcome {
    let few = words(9, &mut bench.rng);
    let many = exactly(MOST / 2, &mut bench.rng);
    // Often: whether the client has gone before an answer is written is a
    // matter of luck; after half of a large one it is not.
    for _ in 0..5 {
        let mut peer = bench.connect()?;
        peer.send(&few);
        peer.half_close();
        drop(peer);
        let mut peer = bench.connect()?;
        peer.send(&few);
        peer.half_close();
        peer.reset();
    }
    let expected = &sorted(&many)[..100];
    // Again: who ends for it may serve one client more before it has ended.
    for _ in 0..3 {
        let mut peer = bench.connect()?;
        peer.send(&many);
        peer.half_close();
        let shown = Shown::words(LARGE_AND_LEAVES);
        said(&mut peer, expected, shown, LARGE)?;
        peer.reset();
    }
    Ok(())
}

fn still_serves(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let sent = b"next\nclient\n";
    peer.send(sent);
    peer.half_close();
    let shown = Shown::lines(sent).note(NEW_CLIENT);
    answers(&mut peer, sent, shown, NEXT_CLIENT)
}

/// Three clients in a row.
fn others(
    bench: &mut Bench,
    note: &'static str,
    likely: &'static str,
) -> Outcome {
    for _ in 0..3 {
        let sent = words(3, &mut bench.rng);
        let mut peer = bench.connect()?;
        peer.send(&sent);
        peer.half_close();
        let shown = Shown::lines(&sent).note(note);
        answers(&mut peer, &sent, shown, likely)?;
    }
    Ok(())
}
