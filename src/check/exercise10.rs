//! Exercise 10, a UDP responder: each question is answered with its text, so
//! many times, and never with more than three times its length.

mod garbage;
mod questions;
mod words;

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

pub use self::questions::Question;
use self::questions::{answered, ask, ask_all, judge};
use self::words::*;
use super::{Asker, Bench, Exercise, Outcome, Role, Shown, Step, Stop};

/// What finds the server: any that answers at all answers this.
const PROBE: Question = Question {
    id: 0xffff,
    count: 1,
    text: b"are you there?",
};

/// An address of this machine that no server was given.
const OTHER: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Longest text of a question: 400 bytes with what is before it.
const LONGEST: usize = 396;

pub static EXERCISE: Exercise = Exercise {
    number: 10,
    title: "a responder that nobody can turn into a weapon",
    role: Role::Server,
    steps: &[
        Step::new("\"hi\", twice, comes back as \"hihi\"", hi),
        Step::new("each answer bears its question's ID", ids),
        Step::new("a COUNT of 0, and a text of 0 bytes", nothing),
        Step::new("any byte may stand in a text", any_bytes),
        Step::new("three times the question's length, and no more", three),
        Step::new("a question of 400 bytes, the longest", longest),
        Step::new("only the address given is served", elsewhere),
        Step::hostile("a datagram of 0 bytes", garbage::empty),
        Step::hostile("a datagram of 1 to 3 bytes", garbage::short),
        Step::hostile("a first byte that is not Q", garbage::not_q),
        Step::hostile("401 bytes are not answered", garbage::one_too_long),
        Step::hostile("65,507 bytes are not answered", garbage::far_too_long),
        Step::hostile("a question that comes again is answered again", again),
        Step::hostile("an ID again, with another COUNT or text", another),
        Step::hostile("eight clients at once, with one ID", at_once),
        Step::hostile("clients that leave before their answer", leave),
        Step::hostile("40 questions at random, and garbage", at_random),
    ],
    after: Some(still_answers),
    words: WORDS,
    hint: &[
        "Bind one socket, and answer from it: `recv_from` tells who has \
         asked, `send_to` answers exactly them. No thread is needed.",
        "Write a function from the question's bytes to the answer's, or to \
         `None`: what is short, long or does not begin with `Q` is `None`.",
        "A buffer of 400 bytes cannot tell a question of 400 bytes from one \
         of 500. What is the smallest buffer that can?",
        "No error of `recv_from` or `send_to` that one client has caused may \
         leave your loop. On Windows those are ConnectionReset (10054) and \
         \"message too long\" (10040).",
    ],
};

fn asker(bench: &mut Bench) -> Outcome<Asker> {
    bench.asker(&PROBE.bytes())
}

fn hi(bench: &mut Bench) -> Outcome {
    let asker = asker(bench)?;
    let question = Question {
        id: 0x0102,
        count: 2,
        text: b"hi",
    };
    ask(&asker, question, CONTRACT)
}

fn ids(bench: &mut Bench) -> Outcome {
    let asker = asker(bench)?;
    for id in [0x0000, 0x0a0d, 0x2000, 0x00ff, 0xff00, 0x8081] {
        let text = b"whose?";
        ask(&asker, Question { id, count: 1, text }, ID)?;
    }
    Ok(())
}

fn nothing(bench: &mut Bench) -> Outcome {
    let asker = asker(bench)?;
    for (id, count, text) in [
        (0x0301, 0, &b"never"[..]),
        (0x0302, 1, b""),
        (0x0303, 0, b""),
        (0x0304, 255, b""),
    ] {
        ask(&asker, Question { id, count, text }, NOTHING_TIMES)?;
    }
    Ok(())
}

fn any_bytes(bench: &mut Bench) -> Outcome {
    let asker = asker(bench)?;
    let mut all: Vec<u8> = (0..=255).collect();
    bench.rng.shuffle(&mut all);
    for (id, text) in [
        (0x0401, &b" \t\0 both ends \0\r\n"[..]),
        (0x0402, "déjà vu, 你好".as_bytes()),
        (0x0403, b"\xff\xfe\x80"),
        (0x0404, &all),
    ] {
        ask(&asker, Question { id, count: 1, text }, BYTES)?;
    }
    Ok(())
}

fn three(bench: &mut Bench) -> Outcome {
    let asker = asker(bench)?;
    for (id, count, length) in [
        // 3 + 4 × 9 is 3 × (4 + 9).
        (0x0501, 4, 9),
        (0x0502, 4, 10),
        (0x0503, 12, 1),
        (0x0504, 13, 1),
        (0x0505, 3, 100),
        (0x0506, 4, 100),
        (0x0507, 255, 255),
    ] {
        let text = &letters(length, bench);
        let likely = match count {
            255 => COUNT_IS_A_BYTE,
            _ => THREE_TIMES,
        };
        ask(&asker, Question { id, count, text }, likely)?;
    }
    Ok(())
}

fn longest(bench: &mut Bench) -> Outcome {
    let asker = asker(bench)?;
    for (id, count) in [(0x0601, 1), (0x0602, 3), (0x0603, 4)] {
        let text = &letters(LONGEST, bench);
        ask(&asker, Question { id, count, text }, LIMIT_IS_ALLOWED)?;
    }
    Ok(())
}

/// A server at every address would answer there too, and first.
fn elsewhere(bench: &mut Bench) -> Outcome {
    let asker = asker(bench)?;
    let server = asker.server();
    let other = SocketAddr::from((OTHER, server.port()));
    // Only where the system has it: macOS has 127.0.0.1 alone.
    if server.ip() != Ipv4Addr::LOCALHOST
        || UdpSocket::bind((OTHER, 0)).is_err()
    {
        return Err(Stop::Skipped(NO_OTHER));
    }
    let [there, here] = [0x0a71, 0x0a72].map(|id| Question {
        id,
        count: 1,
        text: b"where?",
    });
    asker.send_to(&there.bytes(), other)?;
    asker.send(&here.bytes())?;
    let sent = Shown::hex(&there.bytes()).note(THERE_THEN_HERE);
    answered(&asker, sent, FIRST, here, EVERY_ADDRESS)
}

fn again(bench: &mut Bench) -> Outcome {
    let asker = asker(bench)?;
    let text = &letters(12, bench);
    let question = Question {
        id: 0x0c01,
        count: 2,
        text,
    };
    for _ in 0..3 {
        ask(&asker, question, REPEATED)?;
    }
    // The same datagram from another socket is another client's.
    ask(&self::asker(bench)?, question, REPEATED)
}

fn another(bench: &mut Bench) -> Outcome {
    let asker = asker(bench)?;
    let (one, other) = (letters(8, bench), letters(8, bench));
    // Each differs from one before it in a single field.
    for (count, text) in [(2, &one), (1, &one), (1, &other), (2, &other)] {
        let id = 0x0d01;
        ask(&asker, Question { id, count, text }, NO_MEMORY)?;
    }
    Ok(())
}

fn at_once(bench: &mut Bench) -> Outcome {
    let mut askers = Vec::new();
    for _ in 0..8 {
        let text = letters(9, bench);
        askers.push((asker(bench)?, text));
    }
    for _ in 0..3 {
        bench.rng.shuffle(&mut askers);
        let pairs: Vec<(&Asker, Question)> = askers
            .iter()
            .map(|(asker, text)| {
                let (id, count) = (0x0e01, 2);
                (asker, Question { id, count, text })
            })
            .collect();
        ask_all(&pairs, MIXED_UP)?;
    }
    Ok(())
}

fn leave(bench: &mut Bench) -> Outcome {
    for client in 0..10 {
        let leaver = asker(bench)?;
        // So many that it has gone before the last of them is answered.
        for question in 0..32 {
            let id = 0x1000 + 0x100 * client + question;
            let text = b"goodbye";
            leaver.send(&Question { id, count: 3, text }.bytes())?;
        }
        drop(leaver);
        still_answers(bench)?;
    }
    Ok(())
}

fn at_random(bench: &mut Bench) -> Outcome {
    let asker = asker(bench)?;
    for _ in 0..40 {
        let length = bench.rng.usize(0..=40);
        let (text, rng) = (&letters(length, bench), &mut bench.rng);
        let (id, count) = (rng.u16(..), rng.u8(0..=8));
        let question = Question { id, count, text };
        let garbage = garbage::random(rng);
        asker.send(&garbage)?;
        asker.send(&question.bytes())?;
        judge(&asker, &garbage, question, GARBAGE)?;
    }
    Ok(())
}

fn still_answers(bench: &mut Bench) -> Outcome {
    let asker = asker(bench)?;
    // Never the same: a server that keeps IDs is caught where it is named.
    let id = bench.rng.u16(0x8000..0xffff);
    let (count, text) = (1, &b"next"[..]);
    ask(&asker, Question { id, count, text }, NEXT_CLIENT)
}

fn letters(length: usize, bench: &mut Bench) -> Vec<u8> {
    (0..length).map(|_| bench.rng.alphabetic() as u8).collect()
}
