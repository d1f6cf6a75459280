//! Exercise 22, AIMD by event: what happens to a sender comes in, line by
//! line; its window after each goes out.

mod sender;
mod stream;
mod words;

use self::sender::Sender;
use self::words::*;
use super::{Bench, Exchange, Exercise, Outcome, Role, Shown, Step};
use crate::peer::Peer;

pub static EXERCISE: Exercise = Exercise {
    number: 22,
    title: "AIMD, event by event",
    role: Role::Server,
    steps: &[
        Step::new("the initial window", initial),
        Step::new("as much leaves as fits into the window", fits),
        Step::new("slow start adds an MSS at most", slow_start),
        Step::new("the third dup in a row is a loss", third),
        Step::new("further dups inflate, an ack deflates", inflation),
        Step::new("an ack begins the count of dups anew", in_a_row),
        Step::new("a timeout leaves one segment", timeout),
        Step::new("ssthresh is at least two segments", floor),
        Step::new("a second timeout is not a second loss", again),
        Step::new("avoidance adds an MSS for each window", avoidance),
        Step::hostile("a dup with nothing in flight is none", no_flight),
        Step::hostile("the smallest and the largest MSS", extremes),
        Step::hostile("a bad line is an error and no more", bad_lines),
        Step::hostile("a refused line is no event", refused),
        Step::hostile("a number is digits, and not 0", numbers),
        Step::hostile("12 conversations at random", stream::at_random),
        Step::hostile("60 lines in one packet", stream::in_one_packet),
        Step::hostile("lines cut anywhere", stream::cut_anywhere),
        Step::hostile("64 bytes are a line, 65 are none", stream::longest_line),
        Step::hostile("the end of the stream in a line", stream::half_close),
        Step::hostile("each client has its own window", stream::own_windows),
        Step::hostile("a client that leaves at once", stream::leaves_at_once),
    ],
    after: Some(stream::still_serves),
    words: WORDS,
    hint: &[
        "Keep cwnd, ssthresh, flight, the number of dups in a row, and \
         whether you are in fast recovery. Write one function for each event.",
        "`ack` has three cases, asked in this order: in fast recovery, below \
         ssthresh, and all others.",
        "Both losses use the same half: max(flight / 2, 2 MSS). It is the \
         flight that is halved, not the window.",
        "Remember that the timer has run out, until the next `ack`: a second \
         `timeout` before it keeps ssthresh.",
    ],
};

fn initial(bench: &mut Bench) -> Outcome {
    for mss in [1460, 1448, 536, 1461, 2000, 7300, 8960, 9000] {
        Talk::begin(bench)?.says(&format!("mss {mss}"), INITIAL)?;
    }
    Ok(())
}

fn fits(bench: &mut Bench) -> Outcome {
    let lines = "mss 1000\nsend 3000\nsend 6500\nsend 501\nsend 1\nack 1000\n\
        send 999999999\n";
    talk(bench, lines, SEND)
}

fn slow_start(bench: &mut Bench) -> Outcome {
    let lines = "mss 1000\nsend 10000\nack 1000\nack 1\nack 999\nack 3000\n\
        ack 1001\nack 3999\n";
    talk(bench, lines, SLOW_START)
}

fn third(bench: &mut Bench) -> Outcome {
    talk(bench, "mss 1000\nsend 9000\ndup\ndup\ndup\n", THIRD)?;
    // An odd number, and far less than the window.
    talk(bench, "mss 1000\nsend 5001\ndup\ndup\ndup\n", THIRD)
}

fn inflation(bench: &mut Bench) -> Outcome {
    let dups = "mss 1000\nsend 10000\ndup\ndup\ndup\ndup\ndup\nsend 500\n";
    talk(bench, dups, INFLATE)?;
    talk(bench, &format!("{dups}ack 10000\n"), DEFLATE)?;
    talk(bench, &format!("{dups}ack 300\n"), DEFLATE)
}

fn in_a_row(bench: &mut Bench) -> Outcome {
    // What is sent between them changes nothing.
    let lines = "mss 1000\nsend 8000\ndup\nsend 1000\ndup\nsend 500\ndup\n";
    talk(bench, lines, IN_A_ROW)?;
    let lines = "mss 1000\nsend 10000\ndup\ndup\nack 1000\ndup\ndup\n\
        ack 1000\ndup\ndup\ndup\nack 1000\ndup\ndup\ndup\n";
    talk(bench, lines, IN_A_ROW)
}

fn timeout(bench: &mut Bench) -> Outcome {
    let lines = "mss 1000\nsend 9001\ntimeout\nack 1000\nack 1000\n";
    talk(bench, lines, TIMEOUT)?;
    // It ends fast recovery: the next ack is one of slow start.
    let lines = "mss 1000\nsend 9000\ndup\ndup\ndup\ndup\ntimeout\nack 500\n";
    talk(bench, lines, TIMEOUT)?;
    let lines = "mss 1000\nsend 10000\ndup\ndup\ntimeout\ndup\ndup\ndup\n";
    talk(bench, lines, IN_A_ROW)?;
    // Now there is more in flight than fits.
    talk(bench, "mss 1000\nsend 10000\ntimeout\nsend 1\n", SEND)
}

fn floor(bench: &mut Bench) -> Outcome {
    talk(bench, "mss 1000\nsend 3999\ntimeout\n", FLOOR)?;
    talk(bench, "mss 1000\nsend 1\ndup\ndup\ndup\nack 1\n", FLOOR)
}

fn again(bench: &mut Bench) -> Outcome {
    // Duplicates let more out, so that the half would be another one.
    let dups = "dup\n".repeat(9);
    let lines = format!(
        "mss 1000\nsend 10000\ntimeout\ntimeout\n{dups}send 4000\ntimeout\n\
         ack 2000\ntimeout\n"
    );
    talk(bench, &lines, AGAIN)?;
    // But a loss of the other kind is counted, before it and after it.
    let dups = "dup\n".repeat(9);
    let grown = format!("mss 1000\nsend 10000\n{dups}send 4000\ntimeout\n");
    talk(bench, &grown, TIMEOUT)?;
    let grown = format!("mss 1000\nsend 10000\ntimeout\n{dups}send 4000\n");
    talk(bench, &format!("{grown}timeout\ndup\ndup\ndup\n"), THIRD)?;
    let repaired = "mss 1000\nsend 10000\ndup\ndup\ndup\nack 2000\ntimeout\n";
    talk(bench, repaired, TIMEOUT)
}

fn avoidance(bench: &mut Bench) -> Outcome {
    let mss = bench.rng.u64(500..=1500);
    let mut lines = format!("mss {mss}\nsend 99999\ntimeout\nack {mss}\n");
    for _ in 0..20 {
        lines += &format!("send {mss}\nack {mss}\n");
    }
    // However much it acknowledges.
    lines += &format!("ack 1\nsend 99999\nack 10\nack {}\n", 2 * mss);
    talk(bench, &lines, AVOIDANCE)
}

fn no_flight(bench: &mut Bench) -> Outcome {
    let lines = "mss 1000\ndup\ndup\ndup\ndup\nsend 4000\ndup\ndup\nack 4000\n\
        dup\ndup\ndup\nsend 1000\ndup\ndup\ndup\n";
    talk(bench, lines, NO_FLIGHT)
}

fn extremes(bench: &mut Bench) -> Outcome {
    let mut small = "mss 1\nsend 10\ntimeout\nack 10\n".to_owned();
    let mut large = "mss 65535\nsend 131070\ntimeout\nack 65535\n".to_owned();
    for _ in 0..8 {
        small += "send 2\nack 1\n";
        large += "send 70000\nack 65535\n";
    }
    talk(bench, &small, AT_LEAST_1)?;
    talk(bench, &large, WIDE)
}

/// Before `mss`, and after it.
#[rustfmt::skip]
const BAD_LINES: [&[&[u8]]; 2] = [
    &[b"", b"dup", b"send 1", b"ack 1", b"timeout", b"mss", b"mss 65536",
      b"mss 999999999", b"MSS 1000", b"mss 1000 "],
    &[b"", b" ", b"mss 1000", b"mss 2000", b"hello", b"send", b"ack", b"ack 4001", b"ack 999999999",
      b"dup 1", b"timeout 1", b"DUP", b" dup", b"dup ", b"dup\r", b"send  1",
      b"send 1 1", b"send\t1", b"send 1 ", b"\xff\xfe", b"dup\0"],
];

fn bad_lines(bench: &mut Bench) -> Outcome {
    let mut talk = Talk::begin(bench)?;
    for line in BAD_LINES[0] {
        talk.says_bytes(line, BAD)?;
    }
    talk.says("mss 1000", BAD)?;
    talk.says("timeout", BAD)?;
    talk.says("send 4000", BAD)?;
    for line in BAD_LINES[1] {
        talk.says_bytes(line, BAD)?;
        talk.says("send 1", BAD)?;
        talk.says("ack 1", BAD)?;
    }
    Ok(())
}

/// What is counted, and what lasts, goes on as if they had not been said.
fn refused(bench: &mut Bench) -> Outcome {
    for line in ["ack 10001", "hello", "mss 1000", "send 0", "dup 1"] {
        let lines = format!("mss 1000\nsend 10000\ndup\ndup\n{line}\ndup\n");
        talk(bench, &lines, REFUSED)?;
        // Fast recovery lasts.
        let lines = format!("{lines}{line}\ndup\n{line}\nack 1000\n");
        talk(bench, &lines, REFUSED)?;
        // A second timeout, with more in flight: see `again`.
        let dups = "dup\n".repeat(9);
        let lines = format!(
            "mss 1000\nsend 10000\ntimeout\n{dups}send 4000\n{line}\n\
             timeout\n"
        );
        talk(bench, &lines.replace("10001", "14001"), REFUSED)?;
    }
    // Nor does a timeout count that was none.
    let idle = "mss 1000\nsend 9000\nack 9000\ntimeout\nsend 9000\n";
    talk(bench, &format!("{idle}timeout\n"), REFUSED)?;
    talk(bench, &format!("{idle}ack 1000\n"), REFUSED)
}

fn numbers(bench: &mut Bench) -> Outcome {
    let mut talk = Talk::begin(bench)?;
    talk.says("mss 0001000", NUMBER)?;
    talk.says("send 000004000", NUMBER)?;
    for number in [
        "0",
        "000",
        "+1",
        "-1",
        "-0",
        "1.0",
        "1e3",
        "0x1",
        "1_0",
        "one",
        "１",
        "١",
        "1000000000",
        "0000000001",
        "4294967297",
        "18446744073709551617",
    ] {
        talk.says(&format!("ack {number}"), NUMBER)?;
        talk.says(&format!("send {number}"), NUMBER)?;
    }
    talk.says("ack 4000", NUMBER)
}

/// A new client says these lines, one after the other.
fn talk(bench: &mut Bench, lines: &str, likely: &'static str) -> Outcome {
    let mut talk = Talk::begin(bench)?;
    lines.lines().try_for_each(|line| talk.says(line, likely))
}

/// One client's conversation, each line answered before the next is said.
struct Talk {
    peer: Peer,
    sender: Sender,
    /// What has been said, for the story.
    said: Vec<u8>,
}

impl Talk {
    fn begin(bench: &mut Bench) -> Outcome<Talk> {
        Ok(Talk {
            peer: bench.connect()?,
            sender: Sender::default(),
            said: Vec::new(),
        })
    }

    fn says(&mut self, line: &str, likely: &'static str) -> Outcome {
        self.says_bytes(line.as_bytes(), likely)
    }

    fn says_bytes(&mut self, line: &[u8], likely: &'static str) -> Outcome {
        let sent = [line, b"\n"].concat();
        self.said.extend(&sent);
        self.peer.send(&sent);
        let answer = self.sender.answer(line) + "\n";
        Exchange {
            sent: Shown::lines(&self.said),
            expected: answer.as_bytes(),
            close: false,
            likely,
            show: Shown::text,
        }
        .judge(&mut self.peer)
    }
}

/// What comes back for whole lines.
fn answers_to(lines: &str) -> String {
    let mut sender = Sender::default();
    let answers = lines.lines().map(|it| sender.answer(it.as_bytes()) + "\n");
    answers.collect()
}
