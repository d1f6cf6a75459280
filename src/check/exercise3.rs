//! Exercise 3, a reassembler: packets of a message come in, in any order and
//! not all of them right; what has become of it goes out.

use std::time::Duration;

use super::failure::{self, Failure};
use super::packets::{
    Packet, conversation, model, pieces, random_bytes, random_packet, split,
    to_hex,
};
use super::{Bench, Exchange, Exercise, Outcome, Role, Shown, Step};
use crate::peer::{Peer, Then, cut};

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

pub static EXERCISE: Exercise = Exercise {
    number: 3,
    title: "a reassembler that trusts no packet",
    role: Role::Server,
    steps: &[
        Step::new("two packets in order are complete", in_order),
        Step::new("packets in any order", any_order),
        Step::new("HEX of either case, answered in lower case", either_case),
        Step::new("duplicates, and overlaps that agree", overlaps),
        Step::new("the first gap is named, and it is whole", gaps),
        Step::new("a conflict names the lowest offset", conflicts),
        Step::hostile("a packet past TOTAL is out of range", out_of_range),
        Step::hostile("a TOTAL over 1,048,576 is too large", too_large),
        Step::hostile("a number with a sign is a bad line", signs),
        Step::hostile("HEX that is odd, wrong or missing is a bad line", hex),
        Step::hostile("any other line is a bad line", bad_lines),
        Step::hostile("the first problem in order of arrival wins", first_wins),
        Step::hostile("a problem wins over a gap", over_a_gap),
        Step::hostile("40 conversations at random", at_random),
        Step::hostile("nothing is answered before end", before_end),
        Step::hostile("lines cut anywhere", cut_anywhere),
        Step::hostile("a line of 4,096 bytes", longest_line),
        Step::hostile("a message of 1,048,576 bytes, the longest", longest),
        Step::hostile("10,000 packets in reverse order", reverse),
        Step::hostile("the end of the stream without end", no_end),
        Step::hostile("a client that leaves at once", leaves_at_once),
    ],
    after: Some(still_serves),
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

words! {
    CONTRACT = "after `end` one line, `complete` and the bytes in hex, then \
        close the connection.";
    APPENDED = "the offset says where the bytes belong, whenever they come.";
    CASE = "a to f and A to F mean the same; the answer is in lower case.";
    OVERLAP = "bytes that come again are no problem while they agree with \
        what came before.";
    GAP = "the first place that no packet has reached, and how many such \
        places follow without a break.";
    CONFLICT = "compare each byte with what came earlier, from the packet's \
        first byte on, and keep the first offset that differs.";
    RANGE = "offset plus length may be TOTAL, and not more. Does the sum \
        fit into your integer? Is the range looked at before the bytes?";
    LARGE = "look at TOTAL before you allocate: up to 1,048,576 is allowed, \
        and up to 2^63 - 1 may come.";
    SIGN = "a number is digits, nothing else. Many a `parse` takes a sign, \
        an underscore or foreign digits too.";
    HEX = "two digits a byte, at least one byte, nothing between them. Many \
        a `parse` takes a sign, and some skip spaces.";
    BAD = "anything that is not one of the three lines, with exactly one \
        space between its fields, is a bad line.";
    FIRST = "keep the first problem, whatever comes later. Within one packet \
        out of range comes before conflict.";
    OVER_GAP = "look for gaps only if there was no problem.";
    MODEL = "compare with the rules one by one: first problem, first gap, \
        lowest offset.";
    EARLY = "the answer comes after `end`, also when it is known before: a \
        client that is still sending does not read it.";
    ONE_READ = "one `read` is not one line, and not one packet: read on until \
        \\n.";
    LINE = "a line may have 4,096 bytes: is a buffer too small?";
    LONGEST = "1,048,576 bytes are allowed: 525 packets, and an answer of \
        2 MiB. Is all of it written?";
    MANY = "10,000 packets may come, the last one first. Is a place looked \
        for from the beginning each time?";
    NO_END = "the client ended before `end`: close without an answer, \
        whatever is known by then.";
    NEXT_CLIENT = "after that client the next one is not served. Let an error \
        end one connection, not the loop.";

    BEFORE_END = "and no end yet";
    NOTHING_YET = "nothing, until end has come";
    IN_PIECES = "in pieces, cut at random";
    THEN_HALF_CLOSE = "then a half-close";
    NEW_CLIENT = "by a new client, afterwards";
}

fn in_order(bench: &mut Bench) -> Outcome {
    let sent = "message 5\npacket 0 6865\npacket 2 6c6c6f\nend\n";
    answers(bench, sent, "complete 68656c6c6f", CONTRACT)
}

fn any_order(bench: &mut Bench) -> Outcome {
    let sent = "message 5\npacket 2 6c6c6f\npacket 0 6865\nend\n";
    answers(bench, sent, "complete 68656c6c6f", APPENDED)?;
    let message = random_bytes(200, &mut bench.rng);
    let mut packets = split(&message, 12, &mut bench.rng);
    bench.rng.shuffle(&mut packets);
    let complete = format!("complete {}", to_hex(&message));
    answers(bench, &conversation(200, &packets), &complete, APPENDED)
}

fn either_case(bench: &mut Bench) -> Outcome {
    let sent = "message 6\npacket 0 ABCdef\npacket 3 aBcDeF\nend\n";
    answers(bench, sent, "complete abcdefabcdef", CASE)?;
    let sent = "message 3\npacket 0 abcdef\npacket 0 ABCDEF\nend\n";
    answers(bench, sent, "complete abcdef", CASE)
}

fn overlaps(bench: &mut Bench) -> Outcome {
    let sent = "message 4\npacket 0 010203\npacket 1 020304\n\
        packet 0 010203\npacket 2 03\nend\n";
    answers(bench, sent, "complete 01020304", OVERLAP)?;
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

fn conflicts(bench: &mut Bench) -> Outcome {
    for (packets, answer) in [
        ("packet 0 aa\npacket 0 bb\n", "conflict 0"),
        ("packet 2 aabbcc\npacket 0 11223344cc\n", "conflict 2"),
        ("packet 0 aabbccdd\npacket 1 bb0000\n", "conflict 2"),
        (
            "packet 4 aa\npacket 2 bb\npacket 1 00bb0000\n",
            "conflict 4",
        ),
        ("packet 9 aa\npacket 9 ab\n", "conflict 9"),
    ] {
        let sent = format!("message 10\n{packets}end\n");
        answers(bench, &sent, answer, CONFLICT)?;
    }
    Ok(())
}

fn out_of_range(bench: &mut Bench) -> Outcome {
    let sent = "message 4\npacket 0 01020304\npacket 3 04\nend\n";
    answers(bench, sent, "complete 01020304", RANGE)?;
    for packet in [
        "3 0405",
        "4 05",
        "0 0102030405",
        "1048576 00",
        "4294967296 00",
        "4294967299 04",
        "9223372036854775807 00",
    ] {
        let sent = format!("message 4\npacket {packet}\nend\n");
        answers(bench, &sent, "error out of range", RANGE)?;
    }
    let sent = "message 0\npacket 0 00\nend\n";
    answers(bench, sent, "error out of range", RANGE)
}

fn too_large(bench: &mut Bench) -> Outcome {
    let missing = "missing 0 1048576";
    answers(bench, "message 1048576\nend\n", missing, LARGE)?;
    for total in [
        "1048577",
        "4294967295",
        "4294967300",
        "1099511627776",
        "9223372036854775807",
    ] {
        let sent = format!("message {total}\nend\n");
        answers(bench, &sent, "error too large", LARGE)?;
    }
    Ok(())
}

fn signs(bench: &mut Bench) -> Outcome {
    for number in [
        "+1", "-1", "-0", "0_1", "0x1", "1.0", "1e0", "one", "１", "١",
    ] {
        let packet = format!("packet {number} 61");
        bad_line(bench, "message 2", packet.as_bytes(), SIGN)?;
        bad_line(bench, "", format!("message {number}").as_bytes(), SIGN)?;
    }
    Ok(())
}

fn hex(bench: &mut Bench) -> Outcome {
    for hex in [
        "6", "616", "6g", "zz", "0x61", "+1", "-1", "1_", "61\t62", "é",
        "６１", "",
    ] {
        let packet = format!("packet 0 {hex}");
        bad_line(bench, "message 2", packet.as_bytes(), HEX)?;
    }
    bad_line(bench, "message 2", b"packet 0", HEX)
}

fn bad_lines(bench: &mut Bench) -> Outcome {
    let first: &[&[u8]] = &[
        b"",
        b"message",
        b"message ",
        b"message  2",
        b"message 2 2",
        b" message 2",
        b"message 2 ",
        b"Message 2",
        b"messages 2",
        b"message\t2",
        b"2",
        b"packet 0 61",
    ];
    for line in first {
        bad_line(bench, "", line, BAD)?;
    }
    let later: &[&[u8]] = &[
        b"",
        b" ",
        b"hello",
        b"message 2",
        b"message 1",
        b"packet",
        b"packet  61",
        b"packet 0  61",
        b" packet 0 61",
        b"packet 0 61 ",
        b"packet 0 61 62",
        b"PACKET 0 61",
        b"packet\t0\t61",
        b"packets 0 61",
        b"0 61",
        b"END",
        b"end 2",
        b"ending",
        b"packet 0 \xff\xfe",
        b"\xff\xfe",
    ];
    for line in later {
        bad_line(bench, "message 2", line, BAD)?;
    }
    Ok(())
}

fn first_wins(bench: &mut Bench) -> Outcome {
    let range = "error out of range";
    for (lines, answer) in [
        (
            "packet 9 aa\npacket 2 bb\npacket 9 ab\npacket 2 bc\n",
            "conflict 9",
        ),
        ("packet 0 aa\npacket 0 ab\npacket 9 aabb\n", "conflict 0"),
        ("packet 0 aa\npacket 9 aabb\npacket 0 ab\n", range),
        ("packet 0 aa\npacket 0 abcdabcdabcdabcdabcdabcd\n", range),
        ("packet 0 aa\nhello\npacket 0 ab\n", "error bad line"),
        ("packet 0 aa\npacket 0 ab\nhello\n", "conflict 0"),
        ("packet 10 aa\nmessage 11\n", range),
        ("message 1048577\npacket 10 aa\n", "error bad line"),
    ] {
        let sent = format!("message 10\n{lines}end\n");
        answers(bench, &sent, answer, FIRST)?;
    }
    let sent = "message 1048577\nhello\npacket 0 ab\nend\n";
    answers(bench, sent, "error too large", FIRST)?;
    let sent = "hello\nmessage 1048577\nend\n";
    answers(bench, sent, "error bad line", FIRST)
}

fn over_a_gap(bench: &mut Bench) -> Outcome {
    for (lines, answer) in [
        ("packet 5 aa\npacket 5 ab\n", "conflict 5"),
        ("packet 5 aa\npacket 10 ab\n", "error out of range"),
        ("packet 5 aa\nhello\n", "error bad line"),
    ] {
        let sent = format!("message 10\n{lines}end\n");
        answers(bench, &sent, answer, OVER_GAP)?;
    }
    Ok(())
}

fn at_random(bench: &mut Bench) -> Outcome {
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

fn before_end(bench: &mut Bench) -> Outcome {
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

fn cut_anywhere(bench: &mut Bench) -> Outcome {
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

fn longest_line(bench: &mut Bench) -> Outcome {
    let length = (MAX_LINE - "packet 0 \n".len()) / 2;
    let message = random_bytes(length, &mut bench.rng);
    let sent = conversation(length, &[(0, message.clone())]);
    let complete = format!("complete {}", to_hex(&message));
    answers(bench, &sent, &complete, LINE)
}

fn longest(bench: &mut Bench) -> Outcome {
    let message = random_bytes(MAX_TOTAL, &mut bench.rng);
    let mut packets = pieces(&message, 2000);
    bench.rng.shuffle(&mut packets);
    large(bench, &message, &packets, LONGEST)
}

fn reverse(bench: &mut Bench) -> Outcome {
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

fn no_end(bench: &mut Bench) -> Outcome {
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

fn leaves_at_once(bench: &mut Bench) -> Outcome {
    for lines in ["", "message 2\npack", "message 2\npacket 0 6f6b\nend\n"] {
        let mut peer = bench.connect()?;
        peer.send(lines.as_bytes());
        drop(peer);
        let mut peer = bench.connect()?;
        peer.send(lines.as_bytes());
        peer.reset();
    }
    Ok(())
}

fn still_serves(bench: &mut Bench) -> Outcome {
    let sent = "message 4\npacket 0 6e657874\nend\n";
    let mut peer = bench.connect()?;
    peer.send(sent.as_bytes());
    let answer = "complete 6e657874";
    answer_is(&mut peer, (sent, NEW_CLIENT), answer, NEXT_CLIENT)
}

/// A line that is a bad one, though all around it is right.
fn bad_line(
    bench: &mut Bench,
    before: &str,
    line: &[u8],
    likely: &'static str,
) -> Outcome {
    let before = match before {
        "" => String::new(),
        before => format!("{before}\npacket 0 61\n"),
    };
    let sent = [before.as_bytes(), line, b"\npacket 1 62\nend\n"].concat();
    let mut peer = bench.connect()?;
    peer.send(&sent);
    Exchange {
        sent: Shown::lines(&sent),
        expected: b"error bad line\n",
        close: true,
        likely,
        show: Shown::text,
    }
    .judge(&mut peer)
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
