//! Exercise 3, what is wrong with a packet or a line: one conversation per
//! mistake, and the answer that names it.

use super::super::{Bench, Exchange, Outcome, Shown};
use super::answers;
use super::words::*;

pub fn conflicts(bench: &mut Bench) -> Outcome {
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

pub fn out_of_range(bench: &mut Bench) -> Outcome {
    let sent = "message 4\npacket 0 01020304\npacket 3 04\nend\n";
    answers(bench, sent, "complete 01020304", RANGE)?;
    for packet in [
        "3 0405",
        "4 05",
        "0 0102030405",
        "1048576 00",
        "2147483647 00",
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

pub fn too_large(bench: &mut Bench) -> Outcome {
    let missing = "missing 0 1048576";
    answers(bench, "message 1048576\nend\n", missing, LARGE)?;
    for total in [
        "1048577",
        "2147483648",
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

pub fn signs(bench: &mut Bench) -> Outcome {
    for number in [
        "+1", "-1", "-0", "0_1", "0x1", "1.0", "1e0", "one", "１", "١",
    ] {
        let packet = format!("packet {number} 61");
        bad_line(bench, "message 2", packet.as_bytes(), SIGN)?;
        bad_line(bench, "", format!("message {number}").as_bytes(), SIGN)?;
    }
    Ok(())
}

pub fn hex(bench: &mut Bench) -> Outcome {
    for hex in [
        "6", "616", "6g", "zz", "0x61", "+1", "-1", "1_", "61\t62", "é",
        "６１", "",
    ] {
        let packet = format!("packet 0 {hex}");
        bad_line(bench, "message 2", packet.as_bytes(), HEX)?;
    }
    bad_line(bench, "message 2", b"packet 0", HEX)
}

/// In place of `message 2`.
#[rustfmt::skip]
const FIRST_LINES: &[&[u8]] = &[
    b"", b"message", b"message ", b"message  2", b"message 2 2", b" message 2",
    b"message 2 ", b"Message 2", b"messages 2", b"message\t2", b"2",
    b"packet 0 61", b"packet 0 61\nmessage 2",
];

/// After `message 2`.
#[rustfmt::skip]
const LATER_LINES: &[&[u8]] = &[
    b"", b" ", b"hello", b"message 2", b"message 1", b"packet", b"packet  61",
    b"packet 0  61", b" packet 0 61", b"packet 0 61 ", b"packet 0 61 62",
    b"PACKET 0 61", b"packet\t0\t61", b"packets 0 61", b"0 61", b"END",
    b"end 2", b"end ", b" end", b"ending", b"packet 0 61\0", b"packet 0 \xff\xfe", b"\xff\xfe",
];

pub fn bad_lines(bench: &mut Bench) -> Outcome {
    for line in FIRST_LINES {
        bad_line(bench, "", line, BAD)?;
    }
    answers(bench, "end\n", "error bad line", BAD)?;
    for line in LATER_LINES {
        bad_line(bench, "message 2", line, BAD)?;
    }
    Ok(())
}

pub fn first_wins(bench: &mut Bench) -> Outcome {
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

pub fn over_a_gap(bench: &mut Bench) -> Outcome {
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
