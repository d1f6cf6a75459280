//! Exercise 1, a greeter: one line with a name comes in, `Hello, NAME!` goes
//! out, and the connection ends.

mod words;

use std::ops::RangeInclusive;
use std::time::Duration;

use fastrand::Rng;

use self::words::*;
use super::{Bench, Exchange, Exercise, Outcome, Role, Shown, Step};
use crate::peer::{Peer, cut};

/// Longest name, in bytes, without the line's ending.
const MAX_NAME: usize = 1024;

/// Between two pieces of a line.
const PAUSE: Duration = Duration::from_millis(2);

/// Long enough for any server to run into what is missing.
const LONG_PAUSE: Duration = Duration::from_millis(100);

pub static EXERCISE: Exercise = Exercise {
    number: 1,
    title: "a greeter that serves the next",
    role: Role::Server,
    steps: &[
        Step::new("\"Ada\" is greeted", ada),
        Step::new("the next client is greeted too", next_client),
        Step::new("a line that ends with \\r\\n", carriage_return),
        Step::new("an empty line greets a stranger", stranger),
        Step::new("the name comes back as it was sent, not trimmed", as_sent),
        Step::hostile("one byte at a time", one_byte_at_a_time),
        Step::hostile("a name cut inside a UTF-8 character", cut_character),
        Step::hostile("a name of 1,024 bytes, the longest", longest),
        Step::hostile("a name of 1,025 bytes is refused", too_long),
        Step::hostile("a line that never ends is refused", endless),
        Step::hostile("bytes that are not UTF-8 are refused", not_utf8),
        Step::hostile("the end before \\n is refused", end_in_the_line),
        Step::hostile("a client that leaves at once", leaves_at_once),
        Step::hostile("20 clients in a row", twenty),
    ],
    after: Some(still_serves),
    words: WORDS,
    hint: &[
        "Which call tells you that the line is complete? Not `read`: it \
         returns what has arrived, and that may be half a name.",
        "Collect bytes until `\\n` has come, and make text of them only then: \
         half a character is not UTF-8, the whole line may be.",
        "`BufReader::new(stream.take(1026)).read_until(b'\\n', &mut line)` \
         reads one line and never more than a line may have.",
        "Put the work for one client into `fn greet(stream) -> io::Result<()>` \
         and let the loop in `main` print its error and go on.",
    ],
};

fn ada(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    peer.send(b"Ada\n");
    let sent = Shown::text(b"Ada\n");
    // The answer alone first, so that an open connection is told apart.
    let answer = Exchange {
        sent: sent.clone(),
        expected: b"Hello, Ada!\n",
        close: false,
        likely: CONTRACT,
        show: Shown::text,
    };
    answer.judge(&mut peer)?;
    let end = Exchange {
        sent,
        expected: b"",
        close: true,
        likely: NOT_CLOSED,
        show: Shown::text,
    };
    end.judge(&mut peer)
}

fn next_client(bench: &mut Bench) -> Outcome {
    let name = name(3..=9, &mut bench.rng);
    greets(bench, &name, "\n", ONE_CLIENT)
}

fn carriage_return(bench: &mut Bench) -> Outcome {
    greets(bench, "Grace", "\r\n", ENDING)
}

fn stranger(bench: &mut Bench) -> Outcome {
    greets(bench, "", "\n", EMPTY)?;
    greets(bench, "", "\r\n", EMPTY)
}

fn as_sent(bench: &mut Bench) -> Outcome {
    let mut names = [
        " Ada ",
        "  ",
        "\tAda\t",
        "A\rB",
        "\rAda",
        "A\0B",
        "A\u{b}B\u{c}C",
        "A\u{85}B\u{2028}C",
        "\u{3000}李雷\u{a0}",
        "{name} %s $1 \\n",
        // A byte order mark, and an accent that is a character of its own.
        "\u{feff}Jose\u{301}",
    ];
    bench.rng.shuffle(&mut names);
    for name in names {
        greets(bench, name, "\n", TRIMMED)?;
        greets(bench, name, "\r\n", TRIMMED)?;
    }
    greets(bench, "Ada\r", "\r\n", TRIMMED)
}

fn one_byte_at_a_time(bench: &mut Bench) -> Outcome {
    let name = name(20..=40, &mut bench.rng);
    for ending in ["\n", "\r\n"] {
        let line = format!("{name}{ending}").into_bytes();
        let (before, end) = line.split_at(line.len() - 1);
        let mut peer = bench.connect()?;
        peer.send_pieces(before.chunks(1), PAUSE);
        peer.pause(LONG_PAUSE);
        peer.send(end);
        answers(&mut peer, &line, &name, EACH_A_PACKET, ONE_READ)?;
    }
    Ok(())
}

fn cut_character(bench: &mut Bench) -> Outcome {
    for name in ["Zoë", "李雷", "😀 Σωκράτης"] {
        let line = format!("{name}\n").into_bytes();
        let mut peer = bench.connect()?;
        // After the first byte of each character that has several.
        let inside = |a: &u8, b: &u8| !(*a >= 0xc0 && (0x80..0xc0).contains(b));
        peer.send_pieces(line.chunk_by(inside), LONG_PAUSE / 2);
        answers(&mut peer, &line, name, IN_PIECES, HALF_CHARACTER)?;
    }
    Ok(())
}

fn longest(bench: &mut Bench) -> Outcome {
    let ascii = name(MAX_NAME..=MAX_NAME, &mut bench.rng);
    greets(bench, &ascii, "\n", LONGEST)?;
    greets(bench, &ascii, "\r\n", LONGEST)?;
    greets(bench, &"é".repeat(MAX_NAME / 2), "\r\n", LONGEST)?;
    let line = format!("{ascii}\n").into_bytes();
    let pieces = cut(&line, 300, &mut bench.rng);
    let mut peer = bench.connect()?;
    peer.send_pieces(pieces, PAUSE);
    answers(&mut peer, &line, &ascii, "", LONGEST)
}

fn too_long(bench: &mut Bench) -> Outcome {
    let ascii = name(MAX_NAME + 1..=MAX_NAME + 1, &mut bench.rng);
    let more_bytes = "é".repeat(MAX_NAME / 2 + 1);
    for name in [&ascii, &more_bytes, &"x".repeat(5000)] {
        for ending in ["\n", "\r\n"] {
            let line = format!("{name}{ending}");
            refuses(bench, line.as_bytes(), Ending::Line, TOO_LONG)?;
        }
    }
    Ok(())
}

fn endless(bench: &mut Bench) -> Outcome {
    refuses(bench, &[b'x'; 64 * 1024], Ending::None, ENDLESS)
}

fn not_utf8(bench: &mut Bench) -> Outcome {
    let lines: [&[u8]; 7] = [
        b"\xff\n",
        b"Ren\xe9\n",
        b"Ren\xc3\r\n",
        b"\x80Ada\n",
        // NUL in two bytes, half of a surrogate pair, past the last one.
        b"\xc0\x80\n",
        b"\xed\xa0\x80\n",
        b"\xf4\x90\x80\x80\n",
    ];
    for line in lines {
        refuses(bench, line, Ending::Line, NOT_UTF8)?;
    }
    Ok(())
}

fn end_in_the_line(bench: &mut Bench) -> Outcome {
    let name = name(3..=9, &mut bench.rng);
    for line in [name.as_str(), "Ada\r", ""] {
        refuses(bench, line.as_bytes(), Ending::HalfClose, HALF_A_LINE)?;
    }
    Ok(())
}

fn leaves_at_once(bench: &mut Bench) -> Outcome {
    // The whole name often: whether its client has gone before the answer
    // is written is a matter of luck.
    let lines = [&b""[..], b"Ad"].into_iter().chain([&b"Ada\n"[..]; 10]);
    bench.clients_leave(lines)
}

fn twenty(bench: &mut Bench) -> Outcome {
    for _ in 0..20 {
        let name = name(3..=9, &mut bench.rng);
        let line = format!("{name}\n").into_bytes();
        let mut peer = bench.connect()?;
        peer.send(&line);
        answers(&mut peer, &line, &name, IN_A_ROW, NEXT_CLIENT)?;
    }
    Ok(())
}

fn still_serves(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    peer.send(b"Next\n");
    answers(&mut peer, b"Next\n", "Next", NEW_CLIENT, NEXT_CLIENT)
}

/// A new client sends `name` in one piece, and is greeted.
fn greets(
    bench: &mut Bench,
    name: &str,
    ending: &str,
    likely: &'static str,
) -> Outcome {
    let line = format!("{name}{ending}").into_bytes();
    let mut peer = bench.connect()?;
    peer.send(&line);
    answers(&mut peer, &line, name, "", likely)
}

/// `name` is greeted, and the connection ends.
fn answers(
    peer: &mut Peer,
    sent: &[u8],
    name: &str,
    note: &'static str,
    likely: &'static str,
) -> Outcome {
    let name = if name.is_empty() { "stranger" } else { name };
    Exchange {
        sent: Shown::text(sent).note(note),
        expected: format!("Hello, {name}!\n").as_bytes(),
        close: true,
        likely,
        show: Shown::text,
    }
    .judge(peer)
}

/// How a line ends that is refused.
enum Ending {
    Line,
    HalfClose,
    None,
}

/// A new client sends `line`, and is not answered.
fn refuses(
    bench: &mut Bench,
    line: &[u8],
    ending: Ending,
    likely: &'static str,
) -> Outcome {
    let mut peer = bench.connect()?;
    peer.send(line);
    let note = match ending {
        Ending::Line => "",
        Ending::None => NO_END,
        Ending::HalfClose => {
            peer.half_close();
            if line.is_empty() {
                ONLY_HALF_CLOSE
            } else {
                THEN_HALF_CLOSE
            }
        }
    };
    Exchange {
        sent: Shown::text(line).note(note),
        expected: b"",
        close: true,
        likely,
        show: Shown::text,
    }
    .judge(&mut peer)
}

/// Letters.
fn name(length: RangeInclusive<usize>, rng: &mut Rng) -> String {
    let length = rng.usize(length);
    (0..length).map(|_| rng.alphabetic()).collect()
}
