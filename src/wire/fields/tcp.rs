//! Fields of TCP and its options.

use super::super::bytes::be32;
use super::super::packet::TcpOption;
use super::ipv4::names_or_none;
use super::{Entry, Options, REST, Table, count, hex, hex16, number16};

pub(super) const ALL: &[Table] = &[TCP, PADDING, BROKEN];

const HEADER: &str = "RFC 9293 §3.1";
const OPTION: &str = "RFC 9293 §3.2";
pub(super) const FROM: &str = "which program's socket sent it";
pub(super) const TO: &str = "which program's socket shall get it";

pub(super) const TCP: Table = Table {
    layer: "TCP",
    entries: &[
        Entry {
            at: (0, 2),
            name: "source port",
            phrase: FROM,
            source: HEADER,
            value: |it| number16(it, 0),
        },
        Entry {
            at: (2, 4),
            name: "destination port",
            phrase: TO,
            source: HEADER,
            value: |it| number16(it, 2),
        },
        Entry {
            at: (4, 8),
            name: "sequence number",
            phrase: "the place of its first byte in the stream",
            source: HEADER,
            value: |it| be32(it, 4).to_string(),
        },
        Entry {
            at: (8, 12),
            name: "acknowledgment number",
            phrase: "the next byte it waits for, if ACK is set",
            source: HEADER,
            value: |it| be32(it, 8).to_string(),
        },
        Entry {
            at: (12, 13),
            name: "data offset",
            phrase: "where the header ends, counted in words of 4 bytes",
            source: HEADER,
            value: |it| count((u64::from(it[12]) >> 4) * 4),
        },
        Entry {
            at: (12, 13),
            name: "reserved",
            phrase: "always zero, until a new flag needs it",
            source: HEADER,
            value: |it| (it[12] & 15).to_string(),
        },
        Entry {
            at: (13, 14),
            name: "flags",
            phrase: "what the segment does besides carrying data",
            source: HEADER,
            value: |it| flags(it[13]),
        },
        Entry {
            at: (14, 16),
            name: "window",
            phrase: "room for more bytes at its sender, before scaling",
            source: HEADER,
            value: |it| number16(it, 14),
        },
        Entry {
            at: (16, 18),
            name: "checksum",
            phrase: "finds changed bits in addresses, header and data",
            source: HEADER,
            value: |it| hex16(it, 16),
        },
        Entry {
            at: (18, 20),
            name: "urgent pointer",
            phrase: "where urgent data ends, if URG is set",
            source: HEADER,
            value: |it| number16(it, 18),
        },
    ],
};

pub(super) const OPTIONS: &Options = &Options {
    layer: "TCP option",
    known: &[
        (0, option("end of options", "no option follows", OPTION)),
        (
            1,
            option(
                "no operation",
                "filler that brings the next option into line",
                OPTION,
            ),
        ),
        (
            2,
            option(
                "maximum segment size",
                "the most data its sender takes in one segment",
                "RFC 9293 §3.7.1",
            ),
        ),
        (
            3,
            option(
                "window scale",
                "by how much later windows are to be multiplied",
                "RFC 7323 §2",
            ),
        ),
        (
            4,
            option(
                "SACK permitted",
                "its sender understands selective acknowledgments",
                "RFC 2018 §2",
            ),
        ),
        (
            5,
            option(
                "selective acknowledgment",
                "what has arrived beyond a gap, end excluded",
                "RFC 2018 §3",
            ),
        ),
        (
            8,
            option(
                "timestamps",
                "measures round trips and tells old segments apart",
                "RFC 7323 §3",
            ),
        ),
        (
            34,
            option(
                "fast open cookie",
                "lets a known client send data with its SYN",
                "RFC 7413 §4.1",
            ),
        ),
    ],
    other: option(
        "another option",
        "its first byte is its kind, the second its length",
        "RFC 9293 §3.1",
    ),
};

const fn option(
    name: &'static str,
    phrase: &'static str,
    source: &'static str,
) -> Entry {
    Entry {
        at: (0, REST),
        name,
        phrase,
        source,
        value: option_value,
    }
}

fn option_value(option: &[u8]) -> String {
    match TcpOption::read(option) {
        // The single bytes.
        None | Some(TcpOption::SackPermitted) => String::new(),
        Some(TcpOption::MaximumSegmentSize(size)) => count(size),
        Some(TcpOption::WindowScale(shift)) => format!(
            "{shift} (× {})",
            // More is not allowed, and means 14 (RFC 7323, section 2.3).
            1u32 << shift.min(14)
        ),
        Some(TcpOption::Sack(blocks)) => {
            let blocks: Vec<_> = blocks
                .iter()
                .map(|(left, right)| format!("{left}–{right}"))
                .collect();
            blocks.join(", ")
        }
        Some(TcpOption::Timestamps(value, echo)) => format!("{value}, {echo}"),
        Some(TcpOption::Other(_)) => hex(option),
    }
}

pub(super) const PADDING: Table = Table {
    layer: "TCP option",
    entries: &[Entry {
        at: (0, REST),
        name: "padding",
        phrase: "fills the header up to a multiple of 4 bytes",
        source: HEADER,
        value: hex,
    }],
};

pub(super) const BROKEN: Table = Table {
    layer: "TCP option",
    entries: &[Entry {
        at: (0, REST),
        name: "unreadable options",
        phrase: "cut by the capture, or with an impossible length",
        source: "RFC 9293 §3.1",
        value: hex,
    }],
};

fn flags(bits: u8) -> String {
    let names = ["CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"];
    // As they are said: SYN before ACK.
    let order = [6, 7, 5, 4, 3, 2, 1, 0];
    let set = order.into_iter().filter(|at| bits & 0x80 >> at > 0);
    names_or_none(set.map(|at| names[at]).collect())
}
