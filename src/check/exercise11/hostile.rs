//! Exercise 11, hostile datagrams: each is answered by the rules, or not at
//! all.

use std::collections::VecDeque;

use super::ask::{PROBE, Question, answered_over_udp, no_answer, over_udp};
use super::message::{A, AAAA, TXT, shown};
use super::words::*;
use super::zone::{self, OVER_UDP};
use crate::check::{Bench, Outcome};

/// Two good questions, to see that nothing else is answered.
fn good(bench: &mut Bench) -> [Question; 2] {
    [("www", A), ("a.b", A)]
        .map(|(name, kind)| Question::of(name, kind, &mut bench.rng))
}

pub fn silence(bench: &mut Bench) -> Outcome {
    let asker = bench.asker(PROBE)?;
    let mut answer = Question::of("www", A, &mut bench.rng);
    answer.flags = 0x8100;
    let answer = answer.bytes();
    for length in [0, 1, 2, 3, 11] {
        let mut short = Question::of("www", A, &mut bench.rng).bytes();
        short.truncate(length);
        no_answer(&asker, &short, good(bench), SILENCE)?;
    }
    no_answer(&asker, &answer, good(bench), SILENCE)?;
    // Also an answer that a server refuses, and one that cannot be read.
    let refused = [&answer[..2], &b"\x85\x05"[..], &answer[4..]].concat();
    no_answer(&asker, &refused, good(bench), SILENCE)?;
    let notimp = [&answer[..2], &b"\xa8\x04\0\0\0\0\0\0\0\0"[..]].concat();
    no_answer(&asker, &notimp, good(bench), SILENCE)
}

pub fn opcodes(bench: &mut Bench) -> Outcome {
    let asker = bench.asker(PROBE)?;
    for opcode in [1, 2, 4, 5, 15] {
        let mut question = Question::of("www", A, &mut bench.rng);
        question.flags = opcode << 11 | 0x0100;
        over_udp(&asker, &question.bytes(), OPCODES)?;
        // Whatever else may be wrong with it.
        question.counts[0] = 3;
        over_udp(&asker, &question.bytes()[..14], OPCODES)?;
    }
    Ok(())
}

pub fn questions(bench: &mut Bench) -> Outcome {
    let asker = bench.asker(PROBE)?;
    let mut question = Question::of("www", A, &mut bench.rng);
    let second = Question::of("a.b", A, &mut bench.rng).bytes()[12..].to_vec();
    for count in [0, 2, 3, 256, 65_535] {
        question.counts[0] = count;
        question.rest = Vec::new();
        over_udp(&asker, &question.bytes(), ONE_QUESTION)?;
        question.rest = second.clone();
        over_udp(&asker, &question.bytes(), ONE_QUESTION)?;
    }
    // The header alone: nothing was asked.
    question.counts[0] = 0;
    over_udp(&asker, &question.bytes()[..12], ONE_QUESTION)
}

pub fn cut_off(bench: &mut Bench) -> Outcome {
    let asker = bench.asker(PROBE)?;
    let question = Question::of("www", A, &mut bench.rng).bytes();
    for length in 12..question.len() {
        over_udp(&asker, &question[..length], CUT_OFF)?;
    }
    Ok(())
}

pub fn pointers(bench: &mut Bench) -> Outcome {
    let asker = bench.asker(PROBE)?;
    for name in [
        // To itself; to the label before it; one to the other.
        &b"\xc0\x0c"[..],
        b"\x01a\xc0\x0c",
        b"\x03www\xc0\x0c",
        b"\xc0\x0e\xc0\x0c",
        // Into the header, where zeros look like the end of a name.
        b"\xc0\x06",
        b"\x03www\xc0\x0a",
        // Forward, and out of the message.
        b"\x03www\xc0\x12\x04wire\x07example\0",
        b"\x03www\xff\xff",
        // Without its second byte.
        b"\x03www\xc0",
    ] {
        let mut question = Question::of("", A, &mut bench.rng);
        question.name = name.to_vec();
        over_udp(&asker, &question.bytes(), POINTER)?;
    }
    Ok(())
}

pub fn labels(bench: &mut Bench) -> Outcome {
    let asker = bench.asker(PROBE)?;
    let end = b"\x04wire\x07example\0";
    let label =
        |length: u8| [&[length], &vec![b'x'; length.into()][..]].concat();
    // With 14 bytes of the zone: 255, which is the most, and 256.
    for last in [49, 50] {
        let labels = [label(63), label(63), label(63), label(last - 1)];
        let mut question = Question::of("", A, &mut bench.rng);
        question.name = [&labels.concat(), &end[..]].concat();
        over_udp(&asker, &question.bytes(), LABELS)?;
    }
    for length in [64, 65, 100, 127, 128, 191] {
        let mut question = Question::of("", A, &mut bench.rng);
        question.name = [&label(length), &end[..]].concat();
        over_udp(&asker, &question.bytes(), LABELS)?;
    }
    let mut question = Question::of("", A, &mut bench.rng);
    question.name = [&label(1).repeat(200), &end[..]].concat();
    over_udp(&asker, &question.bytes(), LABELS)
}

pub fn borders(bench: &mut Bench) -> Outcome {
    let asker = bench.asker(PROBE)?;
    for name in [
        // One label that looks like two, and like the whole name.
        &b"\x03a.b\x04wire\x07example\0"[..],
        b"\x08www.wire\x07example\0",
        b"\x10www.wire.example\0",
        b"\x05www\0a\x04wire\x07example\0",
        b"\x04www\0\x04wire\x07example\0",
        b"\x04www \x04wire\x07example\0",
        b"\x03\xff\xfe\x80\x04wire\x07example\0",
        b"\x06w\xc3\xa9\xe9\r\n\x04wire\x07example\0",
        b"\x01*\x04wire\x07example\0",
        // Its bytes end as the zone's do, and its labels do not.
        b"\x06x\x04wire\x07example\0",
        b"\x0ex\x04wire\x07example\0",
    ] {
        let mut question = Question::of("", A, &mut bench.rng);
        question.name = name.to_vec();
        over_udp(&asker, &question.bytes(), BORDERS)?;
    }
    Ok(())
}

pub fn rest(bench: &mut Bench) -> Outcome {
    let asker = bench.asker(PROBE)?;
    // What EDNS adds (RFC 6891, section 6.1.2), with room for 4,096 bytes.
    let opt = b"\0\0\x29\x10\0\0\0\0\0\0\0";
    let noise = |bench: &mut Bench| {
        let length = bench.rng.usize(1..=1_000);
        (0..length).map(|_| bench.rng.u8(..)).collect::<Vec<_>>()
    };
    // 513 bytes fit into what EDNS offers, and into 512 they do not.
    for (name, kind) in [("www", A), ("over", TXT), ("nobody", AAAA)] {
        let mut question = Question::of(name, kind, &mut bench.rng);
        question.counts[3] = 1;
        question.rest = opt.to_vec();
        over_udp(&asker, &question.bytes(), REST)?;
        // Less than was counted, and more.
        question.counts = [1, 7, 0, 65_535];
        over_udp(&asker, &question.bytes(), REST)?;
        question.counts = [1, 0, 0, 0];
        question.rest = noise(bench);
        over_udp(&asker, &question.bytes(), REST)?;
    }
    Ok(())
}

pub fn at_random(bench: &mut Bench) -> Outcome {
    let asker = bench.asker(PROBE)?;
    for _ in 0..300 {
        let bad = random(bench);
        match zone::reply(&bad, OVER_UDP) {
            Some(_) => over_udp(&asker, &bad, CHANCE)?,
            None => no_answer(&asker, &bad, good(bench), CHANCE)?,
        }
    }
    Ok(())
}

/// Noise, or a question in which a few bytes are others.
fn random(bench: &mut Bench) -> Vec<u8> {
    let rng = &mut bench.rng;
    if rng.u8(..4) == 0 {
        let length = rng.usize(..80);
        return (0..length).map(|_| rng.u8(..)).collect();
    }
    let name = rng.choice(["www", "alias", "a.b", "nobody"]);
    let mut bytes = Question::of(name.unwrap_or_default(), A, rng).bytes();
    for _ in 0..rng.usize(1..=3) {
        let at = rng.usize(..bytes.len());
        bytes[at] = rng.u8(..);
    }
    let length = rng.usize(12..=bytes.len());
    if rng.u8(..4) == 0 {
        bytes.truncate(length);
    }
    bytes
}

pub fn many(bench: &mut Bench) -> Outcome {
    // All before the first one leaves: none shall be given the port of one
    // that has left, and with it a late answer.
    let askers: Result<Vec<_>, _> =
        (0..80).map(|_| bench.asker(PROBE)).collect();
    let mut askers = askers?.into_iter();
    for _ in 0..4 {
        let mut waiting = VecDeque::new();
        for asker in askers.by_ref().take(20) {
            let name = bench.rng.choice(["www", "alias", "a.b", "nobody"]);
            let name = name.unwrap_or_default();
            let question = Question::of(name, A, &mut bench.rng).bytes();
            asker.send(&question)?;
            // Every fifth client is gone before its answer comes.
            if bench.rng.u8(..5) > 0 {
                waiting.push_back((asker, question));
            }
        }
        bench.rng.shuffle(waiting.make_contiguous());
        for (asker, question) in waiting {
            answered_over_udp(&asker, &question, shown(&question), MANY)?;
        }
    }
    Ok(())
}
