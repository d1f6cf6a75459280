//! Exercise 11, a name server: questions about one small zone come in, over
//! UDP and TCP, and right answers go out, also to nonsense.

mod ask;
mod hostile;
mod message;
mod resolver;
mod stream;
mod words;
mod zone;

use self::ask::{PROBE, Question, answers, over_udp};
use self::message::{A, AAAA, CNAME, TXT};
pub use self::message::{Reply, shown};
use self::words::*;
pub use self::zone::reply as zone_says;
use super::{Bench, Exercise, Outcome, Role, Step};

pub static EXERCISE: Exercise = Exercise {
    number: 11,
    title: "a name server that survives its clients",
    role: Role::Server,
    steps: &[
        Step::new("one question, one address", one_address),
        Step::new("two addresses, IPv6, and text", types),
        Step::new("ID, opcode and RD come back, and no other bit", bits),
        Step::new("letters of any case, and the question as it came", case),
        Step::new("an alias, its alias, and one that leads elsewhere", alias),
        Step::new("NXDOMAIN: there is no such name", no_name),
        Step::new("no error and no record: there is no such type", no_type),
        Step::new("a name that only has names below it exists", between),
        Step::new("REFUSED: another zone, another class", elsewhere),
        Step::new("512 bytes come whole, 513 become TC", limit),
        Step::new("whole over TCP, behind a length", stream::whole),
        Step::new("questions over TCP, cut anywhere", stream::cut_anywhere),
        Step::hostile(
            "no answer to 11 bytes, or to an answer",
            hostile::silence,
        ),
        Step::hostile("NOTIMP: an opcode that is not 0", hostile::opcodes),
        Step::hostile(
            "FORMERR: no question, or more than one",
            hostile::questions,
        ),
        Step::hostile("FORMERR: a question cut off anywhere", hostile::cut_off),
        Step::hostile("FORMERR: a pointer in the question", hostile::pointers),
        Step::hostile(
            "FORMERR: a label over 63, a name over 255 bytes",
            hostile::labels,
        ),
        Step::hostile("any byte may stand in a label", hostile::borders),
        Step::hostile("what follows the question is ignored", hostile::rest),
        Step::hostile("300 datagrams at random", hostile::at_random),
        Step::hostile("20 clients at once, and some that leave", hostile::many),
        Step::hostile(
            "half a question over TCP, while others are served",
            stream::another_client,
        ),
        Step::hostile("3 s of silence over TCP", stream::idle),
        Step::hostile(
            "over TCP what gets no answer ends the connection",
            stream::closes,
        ),
        Step::hostile(
            "questions before a half-close are answered",
            stream::half_close,
        ),
        Step::hostile("a resolver that nobody here wrote", resolver::asks),
    ],
    after: Some(still_serves),
    words: WORDS,
    hint: &[
        "Begin with the header: six numbers of two bytes. Which of them does \
         your answer copy, and which does it count anew?",
        "Keep a name as a list of labels, in lower case, and beside it the \
         question's own bytes: they go back as they came.",
        "Write one function from a message and a limit to an answer, or to \
         none. UDP calls it with 512, TCP with 65,535.",
        "Decide in this order: under 12 bytes or QR, opcode, number of \
         questions, the question itself, class and zone, name, type, length.",
    ],
};

fn one_address(bench: &mut Bench) -> Outcome {
    for (name, kind) in [("a.b", A), ("www", AAAA)] {
        let question = Question::of(name, kind, &mut bench.rng);
        answers(bench, &question, CONTRACT)?;
    }
    Ok(())
}

fn types(bench: &mut Bench) -> Outcome {
    for (name, kind) in [("www", A), ("www", AAAA), ("text", TXT)] {
        let question = Question::of(name, kind, &mut bench.rng);
        answers(bench, &question, TYPES)?;
    }
    Ok(())
}

fn bits(bench: &mut Bench) -> Outcome {
    // RD set and not; then AD, as dig sets it; then every bit but QR and the
    // opcode: what a question has there means nothing.
    for flags in [0x0100, 0, 0x0120, 0x0030, 0x07ff, 0x06ff] {
        for name in ["www", "nobody"] {
            let mut question = Question::of(name, A, &mut bench.rng);
            question.flags = flags;
            answers(bench, &question, BITS)?;
        }
    }
    Ok(())
}

fn case(bench: &mut Bench) -> Outcome {
    let asker = bench.asker(PROBE)?;
    for (name, kind) in [
        ("WWW", A),
        ("www", AAAA),
        ("teXT", TXT),
        ("Nobody", A),
        ("A.b", A),
    ] {
        let mut question = Question::of(name, kind, &mut bench.rng);
        for byte in &mut question.name {
            // Lengths are below any letter.
            if byte.is_ascii_alphabetic() && bench.rng.bool() {
                *byte ^= 0x20;
            }
        }
        over_udp(&asker, &question.bytes(), CASE)?;
    }
    Ok(())
}

fn alias(bench: &mut Bench) -> Outcome {
    for name in ["alias", "again", "away"] {
        for kind in [A, AAAA, CNAME, TXT] {
            let question = Question::of(name, kind, &mut bench.rng);
            answers(bench, &question, ALIAS)?;
        }
    }
    Ok(())
}

fn no_name(bench: &mut Bench) -> Outcome {
    for name in ["nobody", "www.www", "c.b", "x.a.b", "ww", "wwww"] {
        for kind in [A, TXT] {
            let question = Question::of(name, kind, &mut bench.rng);
            answers(bench, &question, NO_NAME)?;
        }
    }
    Ok(())
}

fn no_type(bench: &mut Bench) -> Outcome {
    // NS, SOA, PTR, MX, SRV, HTTPS, CAA, one for private use, one unknown;
    // 255 is "any" to others (RFC 1035, section 3.2.3), and here no record's.
    let rare = [2, 6, 12, 15, 33, 65, 257, 65_280, 4_711, 255];
    for (name, kind) in [("www", TXT), ("text", A), ("a.b", AAAA)]
        .into_iter()
        .chain(rare.map(|kind| ("www", kind)))
    {
        let question = Question::of(name, kind, &mut bench.rng);
        answers(bench, &question, NO_TYPE)?;
    }
    Ok(())
}

fn between(bench: &mut Bench) -> Outcome {
    for name in ["b", ""] {
        for kind in [A, AAAA, TXT] {
            let question = Question::of(name, kind, &mut bench.rng);
            answers(bench, &question, BETWEEN)?;
        }
    }
    Ok(())
}

fn elsewhere(bench: &mut Bench) -> Outcome {
    let names = [
        &b"\x03www\x07example\x03net\0"[..],
        b"\x07example\0",
        b"\0",
        // The same letters at the end, and other labels.
        b"\x05xwire\x07example\0",
        b"\x03www\x05xwire\x07example\0",
        b"\x04wire\x07example\x03com\0",
    ];
    let asker = bench.asker(PROBE)?;
    for name in names {
        let mut question = Question::of("", A, &mut bench.rng);
        question.name = name.to_vec();
        over_udp(&asker, &question.bytes(), ELSEWHERE)?;
    }
    // CHAOS and "any": RFC 1035, sections 3.2.4 and 3.2.5.
    for class in [3, 255, 0] {
        let mut question = Question::of("www", A, &mut bench.rng);
        question.class = class;
        over_udp(&asker, &question.bytes(), ELSEWHERE)?;
    }
    Ok(())
}

fn limit(bench: &mut Bench) -> Outcome {
    for name in ["full", "over", "long"] {
        let question = Question::of(name, TXT, &mut bench.rng);
        answers(bench, &question, LIMIT)?;
    }
    Ok(())
}

fn still_serves(bench: &mut Bench) -> Outcome {
    let question = Question::of("a.b", A, &mut bench.rng);
    answers(bench, &question, NEXT_CLIENT)
}
