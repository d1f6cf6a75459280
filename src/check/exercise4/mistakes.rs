//! Exercise 4, lines that are wrong: each is answered by what is wrong with
//! it, and changes nothing.

use super::super::{Bench, Outcome};
use super::talk::Talk;
use super::words::*;

/// No prefixes, wherever they stand.
#[rustfmt::skip]
const PREFIXES: &[(&[&str], &str)] = &[
    (&["10.0.0.0/33", "10.0.0.0/64", "10.0.0.0/256", "10.0.0.0/4294967304"],
        PREFIX),
    (&["10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/８",
        "010.0.0.0/8", "0x0a.0.0.0/8", "10.0.0.00/8"], DIGITS),
    (&["10.0.0.0/8.0", "10.0.0.0/255.0.0.0", "10.0.0.0/", "10.0.0.0/8/8",
        "10.0.0.0", "/8", "10/8", "10.0.0/8", "10.0.0.0.0/8", "256.0.0.0/8",
        "::/0", "default"], PREFIX),
    (&["10.0.0.0./8", "10.0.0.0../8", ".10.0.0.0/8"], DOTS),
    (&[""], EMPTY_FIELD),
];

pub fn prefixes(bench: &mut Bench) -> Outcome {
    let mut talk = Talk::begin(bench)?;
    for prefix in [
        "10.1.0.0/8",
        "10.0.0.1/31",
        "0.0.0.1/0",
        "128.0.0.0/0",
        "255.255.255.255/31",
    ] {
        let line = format!("add {prefix} A 1");
        talk.ask(line, "error bad prefix", HOST_BITS)?;
    }
    for (prefixes, likely) in PREFIXES {
        for prefix in *prefixes {
            let line = format!("add {prefix} A 1");
            talk.ask(line, "error bad prefix", likely)?;
            let line = format!("withdraw {prefix} A");
            talk.ask(line, "error bad prefix", likely)?;
        }
    }
    talk.ask("forward 10.1.2.3 64", "drop no route", NOTHING)
}

pub fn addresses(bench: &mut Bench) -> Outcome {
    let mut talk = Talk::begin(bench)?;
    talk.ask("add 0.0.0.0/0 A 1", "ok", CONTRACT)?;
    for address in [
        "10",
        "10.1",
        "10.1.2",
        "10.1.2.3.4",
        "10.1.2.",
        ".10.1.2",
        "10..1.2",
        "10.1.2.256",
        "10.1.2.1000",
        "4294967306.1.2.3",
        "10.1.2.-3",
        "10.1.2.+3",
        "10.1.2.03",
        "10.1.2.00",
        "10.1.2.0x3",
        "10.1.2.３",
        "10.1.2.3/32",
        "10,1,2,3",
        "167838211",
        "localhost",
        "::1",
        "10.1.2.3\0",
        "10.1.2.3\t",
    ] {
        let line = format!("forward {address} 64");
        talk.ask(line, "error bad address", ADDRESS)?;
    }
    for address in ["10.1.2.3.", "10.1.2.3..", ".10.1.2.3"] {
        let line = format!("forward {address} 64");
        talk.ask(line, "error bad address", DOTS)?;
    }
    talk.ask("forward  64", "error bad address", EMPTY_FIELD)?;
    talk.ask("forward 0.0.0.0 64", "send A 63", CONTRACT)
}

/// No costs.
#[rustfmt::skip]
const COSTS: &[&str] = &[
    "", "0", "65536", "65537", "4294967297", "-1", "+1", "01", "1.0", "0x1",
    "1e3", "1_0", "one", "１",
];

/// No TTLs.
#[rustfmt::skip]
const TTLS: &[&str] = &[
    "", "256", "257", "320", "4294967360", "-1", "+64", "064", "00", "6_4",
    "64.0", "0x40", "six", "６４",
];

/// What some take for the end of a line, or for nothing.
#[rustfmt::skip]
const NO_LINE_FEEDS: &[&str] = &[
    "\r", "\t", "\0", "\x0b", "\x0c", "\x1c", "\u{85}", "\u{2028}",
];

pub fn others(bench: &mut Bench) -> Outcome {
    let mut talk = Talk::begin(bench)?;
    talk.ask("add 10.0.0.0/8  1", "error bad next", EMPTY_FIELD)?;
    talk.ask("withdraw 10.0.0.0/8 ", "error bad next", EMPTY_FIELD)?;
    for next in ["B-1", "B_1", "ninechars", "é", "Ｂ"] {
        let line = format!("add 10.0.0.0/8 {next} 1");
        talk.ask(line, "error bad next", NAME)?;
        let line = format!("withdraw 10.0.0.0/8 {next}");
        talk.ask(line, "error bad next", NAME)?;
    }
    talk.ask(b"add 10.0.0.0/8 \xff\xfe 1", "error bad next", NAME)?;
    for end in NO_LINE_FEEDS {
        let line = format!("withdraw 10.0.0.0/8 B{end}");
        talk.ask(line, "error bad next", LINE_FEED)?;
        let line = format!("add 10.0.0.0/8 A 1{end}");
        talk.ask(line, "error bad cost", LINE_FEED)?;
        let line = format!("forward 10.1.2.3 64{end}");
        talk.ask(line, "error bad ttl", LINE_FEED)?;
    }
    for cost in COSTS {
        let line = format!("add 10.0.0.0/8 A {cost}");
        talk.ask(line, "error bad cost", NUMBER)?;
    }
    for ttl in TTLS {
        let line = format!("forward 10.1.2.3 {ttl}");
        talk.ask(line, "error bad ttl", NUMBER)?;
    }
    talk.all(
        &[
            ("add 10.0.0.0/8 Azaz0189 65535", "ok"),
            ("forward 10.1.2.3 255", "send Azaz0189 254"),
            ("add 255.255.255.255/32 Azaz0189 65535", "ok"),
            ("forward 255.255.255.255 255", "send Azaz0189 254"),
        ],
        LIMITS,
    )
}

pub fn lines(bench: &mut Bench) -> Outcome {
    let mut talk = Talk::begin(bench)?;
    for line in [
        "",
        " ",
        "add",
        "add 10.0.0.0/8",
        "add 10.0.0.0/8 A",
        "add 10.0.0.0/8 A 1 ",
        "add 10.0.0.0/8 A 1 1",
        " add 10.0.0.0/8 A 1",
        "add  10.0.0.0/8 A 1",
        "Add 10.0.0.0/8 A 1",
        "add\t10.0.0.0/8\tA\t1",
        "addition 10.0.0.0/8 A 1",
        "withdraw",
        "withdraw 10.0.0.0/8",
        "withdraw 10.0.0.0/8 A 1",
        "forward",
        "forward 10.1.2.3",
        "forward 10.1.2.3 64 ",
        "forward 10.1.2.3 64 64",
        "FORWARD 10.1.2.3 64",
        "route 10.1.2.3 64",
        "10.1.2.3 64",
        "ok",
    ] {
        talk.ask(line, "error bad line", BAD)?;
    }
    talk.ask("\r", "error bad line", LINE_FEED)?;
    // With its line feed 100 bytes.
    talk.ask("x".repeat(99), "error bad line", LONG)?;
    talk.ask(b"\xff\xfe", "error bad line", BAD)
}

pub fn first(bench: &mut Bench) -> Outcome {
    Talk::begin(bench)?.all(
        &[
            ("add 10.0.0.1/8 ? 0", "error bad prefix"),
            ("add 10.0.0.0/8 ? 0", "error bad next"),
            ("add 10.0.0.0/8 A 0", "error bad cost"),
            ("withdraw 10.0.0.0/33 ?", "error bad prefix"),
            ("forward 10.1.2 999", "error bad address"),
            ("forward 10.1.2.3 999", "error bad ttl"),
            ("forward 10.1.2 0", "error bad address"),
            ("add ? ? ? ?", "error bad line"),
            ("add ? ?", "error bad line"),
        ],
        FIRST,
    )
}

pub fn nothing(bench: &mut Bench) -> Outcome {
    Talk::begin(bench)?.all(
        &[
            ("add 10.0.0.0/8 A 5", "ok"),
            ("add 10.1.0.0/8 B 1", "error bad prefix"),
            ("add 10.0.0.0/8 A 0", "error bad cost"),
            ("add 10.0.0.0/8 A 65541", "error bad cost"),
            ("withdraw 10.1.0.0/8 A", "error bad prefix"),
            ("withdraw 10.0.0.0/8 A 5", "error bad line"),
            ("forward 10.1.2.3 300", "error bad ttl"),
            ("add 10.0.0.0/8 C 6", "ok"),
            ("forward 10.1.2.3 64", "send A 63"),
        ],
        NOTHING,
    )
}
