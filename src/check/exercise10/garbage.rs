//! Exercise 10, garbage: what is no question goes out, and a question after
//! it: the answer to that must be the first datagram that comes back.

use fastrand::Rng;

use super::super::{Bench, Outcome};
use super::questions::{Question, judge};
use super::words::*;
use super::{LONGEST, asker, letters};

/// The longest datagram of IPv4: 65,535 bytes less the headers.
const LARGEST: usize = 65_535 - 20 - 8;

pub fn empty(bench: &mut Bench) -> Outcome {
    ignores(bench, 0x0701, b"", EMPTY)?;
    // Twice: the first may have ended a loop, and another begun.
    ignores(bench, 0x0702, b"", EMPTY)
}

pub fn short(bench: &mut Bench) -> Outcome {
    for (id, garbage) in [
        (0x0801, &b"Q"[..]),
        (0x0802, b"Q\x08"),
        (0x0803, b"Q\x08\x01"),
        (0x0804, b"\n"),
    ] {
        ignores(bench, id, garbage, SHORT)?;
    }
    Ok(())
}

pub fn not_q(bench: &mut Bench) -> Outcome {
    for (id, garbage) in [
        (0x0901, &b"A\x09\x01hi"[..]),
        (0x0902, b"T\x09\x02\x01"),
        (0x0903, b"q\x09\x03\x01hi"),
        (0x0904, b"\x00\x00\x00\x00"),
        (0x0905, b" Q\x09\x05\x01hi"),
        (0x0906, b"\xff\xfe\xfd\xfc\xfb"),
    ] {
        ignores(bench, id, garbage, GARBAGE)?;
    }
    Ok(())
}

pub fn one_too_long(bench: &mut Bench) -> Outcome {
    for (id, length) in [(0x0a01, 1), (0x0a02, 2), (0x0a03, 1000)] {
        let text = &letters(LONGEST + length, bench);
        let garbage = Question { id, count: 1, text }.bytes();
        ignores(bench, id + 0x10, &garbage, CUT)?;
    }
    Ok(())
}

pub fn far_too_long(bench: &mut Bench) -> Outcome {
    let text = &letters(LARGEST - 4, bench);
    let (id, count) = (0x0b01, 0);
    let garbage = Question { id, count, text }.bytes();
    ignores(bench, 0x0b02, &garbage, CUT)
}

/// Something that is no question: short, long, or of another kind.
pub fn random(rng: &mut Rng) -> Vec<u8> {
    let length = match rng.u8(..3) {
        0 => rng.usize(0..4),
        1 => rng.usize(LONGEST + 5..1200),
        _ => rng.usize(4..100),
    };
    let mut bytes: Vec<u8> = (0..length).map(|_| rng.u8(..)).collect();
    if (4..=LONGEST + 4).contains(&length) {
        bytes[0] = rng.u8(b'R'..);
    }
    bytes
}

fn ignores(
    bench: &mut Bench,
    id: u16,
    garbage: &[u8],
    likely: &'static str,
) -> Outcome {
    let text = &letters(6, bench);
    let question = Question { id, count: 2, text };
    let asker = asker(bench)?;
    asker.send(garbage)?;
    asker.send(&question.bytes())?;
    judge(&asker, garbage, question, likely)
}
