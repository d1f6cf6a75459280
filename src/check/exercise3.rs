//! Exercise 3, a reassembler: packets of a message come in, in any order and
//! not all of them right; what has become of it goes out.

mod packets;
mod problems;
mod stream;
mod words;

use self::packets::{conversation, random_bytes, split, to_hex};
use self::words::*;
use super::{Bench, Exchange, Exercise, Outcome, Role, Shown, Step};
use crate::peer::Peer;

pub static EXERCISE: Exercise = Exercise {
    number: 3,
    title: "a reassembler that trusts no packet",
    role: Role::Server,
    steps: &[
        Step::new("two packets in order are complete", in_order),
        Step::new("HEX of either case, answered in lower case", either_case),
        Step::new("packets in any order", any_order),
        Step::new("duplicates, and overlaps that agree", overlaps),
        Step::new("the first gap is named, and it is whole", gaps),
        Step::new("a message of 0 bytes is complete", no_bytes),
        Step::new("a conflict names the lowest offset", problems::conflicts),
        Step::hostile(
            "a packet past TOTAL is out of range",
            problems::out_of_range,
        ),
        Step::hostile(
            "a TOTAL over 1,048,576 is too large",
            problems::too_large,
        ),
        Step::hostile("a number with a sign is a bad line", problems::signs),
        Step::hostile(
            "HEX that is odd, wrong or missing is a bad line",
            problems::hex,
        ),
        Step::hostile("any other line is a bad line", problems::bad_lines),
        Step::hostile(
            "the first problem in order of arrival wins",
            problems::first_wins,
        ),
        Step::hostile("a problem wins over a gap", problems::over_a_gap),
        Step::hostile("40 conversations at random", stream::at_random),
        Step::hostile("nothing is answered before end", stream::before_end),
        Step::hostile("lines cut anywhere", stream::cut_anywhere),
        Step::hostile("a line of 4,096 bytes", stream::longest_line),
        Step::hostile(
            "a message of 1,048,576 bytes, the longest",
            stream::longest,
        ),
        Step::hostile("10,000 packets in reverse order", stream::reverse),
        Step::hostile("the end of the stream without end", stream::no_end),
        Step::hostile("a client that leaves at once", stream::leaves_at_once),
    ],
    after: Some(stream::still_serves),
    words: WORDS,
    hint: &[
        "Do not append: each packet says where its bytes belong. What do you \
         know about a place that no packet has reached?",
        "Keep one place per byte, empty or filled: `vec![None; total]`. A gap \
         is the first `None`, a conflict a `Some` with another byte.",
        "Keep the first problem and go on reading until `end`. Once there is \
         one, no later line can change the answer.",
        "`parse::<u64>` takes `+5`, and so does `from_str_radix`: look at the \
         digits yourself. `checked_add` tells you when a sum does not fit.",
    ],
};

fn in_order(bench: &mut Bench) -> Outcome {
    // No digit above 9: another step is for those.
    let sent = "message 4\npacket 0 4865\npacket 2 7921\nend\n";
    answers(bench, sent, "complete 48657921", CONTRACT)
}

fn any_order(bench: &mut Bench) -> Outcome {
    let sent = "message 4\npacket 2 7921\npacket 0 4865\nend\n";
    answers(bench, sent, "complete 48657921", APPENDED)?;
    let message = random_bytes(200, &mut bench.rng);
    let mut packets = split(&message, 12, &mut bench.rng);
    bench.rng.shuffle(&mut packets);
    let complete = format!("complete {}", to_hex(&message));
    answers(bench, &conversation(200, &packets), &complete, APPENDED)
}

fn either_case(bench: &mut Bench) -> Outcome {
    let sent = "message 6\npacket 0 ABCdef\npacket 3 aBcDeF\nend\n";
    answers(bench, sent, "complete abcdefabcdef", CASE)
}

fn overlaps(bench: &mut Bench) -> Outcome {
    let sent = "message 4\npacket 0 010203\npacket 1 020304\n\
        packet 0 010203\npacket 2 03\nend\n";
    answers(bench, sent, "complete 01020304", OVERLAP)?;
    let sent = "message 3\npacket 0 abcdef\npacket 0 ABCDEF\nend\n";
    answers(bench, sent, "complete abcdef", OVERLAP)?;
    let message = random_bytes(60, &mut bench.rng);
    let rng = &mut bench.rng;
    let mut packets = split(&message, 9, rng);
    for _ in 0..20 {
        let from = rng.usize(0..60);
        let to = rng.usize(from + 1..=60);
        packets.push((from, message[from..to].to_vec()));
    }
    rng.shuffle(&mut packets);
    let complete = format!("complete {}", to_hex(&message));
    answers(bench, &conversation(60, &packets), &complete, OVERLAP)
}

fn gaps(bench: &mut Bench) -> Outcome {
    for (packets, answer) in [
        ("packet 2 aa\npacket 5 bb\n", "missing 0 2"),
        ("packet 0 aaaa\npacket 7 bb\n", "missing 2 5"),
        ("packet 7 bb\npacket 3 cc\npacket 0 aaaa\n", "missing 2 1"),
        ("packet 0 aabbcc\npacket 2 ccdd\n", "missing 4 6"),
        ("packet 0 aabbccddeeff001122\n", "missing 9 1"),
        ("", "missing 0 10"),
    ] {
        let sent = format!("message 10\n{packets}end\n");
        answers(bench, &sent, answer, GAP)?;
    }
    Ok(())
}

fn no_bytes(bench: &mut Bench) -> Outcome {
    answers(bench, "message 0\nend\n", "complete ", NO_BYTES)
}

/// A new client sends all in one piece, and is answered.
fn answers(
    bench: &mut Bench,
    sent: &str,
    answer: &str,
    likely: &'static str,
) -> Outcome {
    let mut peer = bench.connect()?;
    peer.send(sent.as_bytes());
    answer_is(&mut peer, (sent, ""), answer, likely)
}

/// What was sent, with a remark, is answered by one line and the end.
fn answer_is(
    peer: &mut Peer,
    (sent, note): (&str, &'static str),
    answer: &str,
    likely: &'static str,
) -> Outcome {
    Exchange {
        sent: Shown::lines(sent.as_bytes()).note(note),
        expected: format!("{answer}\n").as_bytes(),
        close: true,
        likely,
        show: Shown::text,
    }
    .judge(peer)
}
