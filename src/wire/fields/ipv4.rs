//! Fields of IPv4, and what IPv6 says in the same way.

use std::net::Ipv4Addr;

use super::super::bytes::{be16, be32};
use super::{Entry, Options, REST, Table, UNITS, count, hex, hex16};

pub(super) const ALL: &[Table] = &[IPV4, PADDING, BROKEN];

const FOUR: &str = "RFC 791 §3.1";

/// What congestion notification can say (RFC 3168, section 5).
pub(super) const ECN: [&str; 3] = ["none", "capable", "congestion met"];

pub(super) const IPV4: Table = Table {
    layer: "IPv4",
    entries: &[
        Entry {
            at: (0, 1),
            name: "version",
            phrase: "which form of header this is",
            source: FOUR,
            value: |it| (it[0] >> 4).to_string(),
        },
        Entry {
            at: (0, 1),
            name: "header length",
            phrase: "where the header ends, counted in words of 4 bytes",
            source: FOUR,
            value: |it| count((it[0] & 15) * 4),
        },
        Entry {
            at: (1, 2),
            name: "differentiated services",
            phrase: "which treatment routers are asked for",
            source: "RFC 2474 §3",
            value: |it| (it[1] >> 2).to_string(),
        },
        Entry {
            at: (1, 2),
            name: "congestion notification",
            phrase: "how a router reports congestion without dropping",
            source: "RFC 3168 §5",
            value: |it| ecn(it[1]),
        },
        Entry {
            at: (2, 4),
            name: "total length",
            phrase: "header and payload together",
            source: FOUR,
            value: |it| count(be16(it, 2)),
        },
        Entry {
            at: (4, 6),
            name: "identification",
            phrase: "the same in all fragments of one packet",
            source: "RFC 6864 §4",
            value: |it| hex16(it, 4),
        },
        Entry {
            at: (6, 8),
            name: "flags",
            phrase: "DF forbids fragments, MF says that more follow",
            source: FOUR,
            value: |it| {
                let names = [(0x40, "DF"), (0x20, "MF")];
                let set = names.iter().filter(|(bit, _)| it[6] & bit > 0);
                names_or_none(set.map(|(_, name)| *name).collect())
            },
        },
        Entry {
            at: (6, 8),
            name: "fragment offset",
            phrase: "where this fragment belongs in the packet",
            source: FOUR,
            value: |it| count(u64::from(be16(it, 6) & 0x1fff) * 8),
        },
        Entry {
            at: (8, 9),
            name: "time to live",
            phrase: "each router takes one; at zero the packet dies",
            source: FOUR,
            value: |it| format!("{} {}", it[8], UNITS[2]),
        },
        Entry {
            at: (9, 10),
            name: "protocol",
            phrase: "which protocol the payload is",
            source: FOUR,
            value: |it| protocol(it[9]),
        },
        Entry {
            at: (10, 12),
            name: "header checksum",
            phrase: "finds bits of the header that changed on the way",
            source: FOUR,
            value: |it| hex16(it, 10),
        },
        Entry {
            at: (12, 16),
            name: "source address",
            phrase: "the host that sent the packet",
            source: FOUR,
            value: |it| four(it, 12),
        },
        Entry {
            at: (16, 20),
            name: "destination address",
            phrase: "the host that shall get the packet",
            source: FOUR,
            value: |it| four(it, 16),
        },
    ],
};

pub(super) const OPTIONS: &Options = &Options {
    layer: "IPv4 option",
    known: &[
        (
            0,
            Entry {
                at: (0, REST),
                name: "end of options",
                phrase: "no option follows",
                source: FOUR,
                value: |_| String::new(),
            },
        ),
        (
            1,
            Entry {
                at: (0, REST),
                name: "no operation",
                phrase: "filler that brings the next option into line",
                source: FOUR,
                value: |_| String::new(),
            },
        ),
        (
            7,
            Entry {
                at: (0, REST),
                name: "record route",
                phrase: "room for routers to write their addresses",
                source: FOUR,
                value: |it| hex(&it[2..]),
            },
        ),
        (
            148,
            Entry {
                at: (0, REST),
                name: "router alert",
                phrase: "asks each router on the way to look inside",
                source: "RFC 2113",
                value: |it| hex(&it[2..]),
            },
        ),
    ],
    other: Entry {
        at: (0, REST),
        name: "another option",
        phrase: "its first byte is its kind, the second its length",
        source: FOUR,
        value: hex,
    },
};

pub(super) const PADDING: Table = Table {
    layer: "IPv4 option",
    entries: &[Entry {
        at: (0, REST),
        name: "padding",
        phrase: "fills the header up to a multiple of 4 bytes",
        source: FOUR,
        value: hex,
    }],
};

pub(super) const BROKEN: Table = Table {
    layer: "IPv4 option",
    entries: &[Entry {
        at: (0, REST),
        name: "unreadable options",
        phrase: "cut by the capture, or with an impossible length",
        source: FOUR,
        value: hex,
    }],
};

pub(super) fn ecn(bits: u8) -> String {
    match bits & 3 {
        0 => ECN[0].to_string(),
        // ECT(1) and ECT(0), in this order.
        bits @ (1 | 2) => format!("{}, ECT({})", ECN[1], bits & 1),
        _ => ECN[2].to_string(),
    }
}

pub(super) fn names_or_none(names: Vec<&str>) -> String {
    match names.is_empty() {
        true => ECN[0].to_string(),
        false => names.join(", "),
    }
}

/// Extension headers of IPv6, by their number.
pub(super) const HEADERS: [(u8, &str); 4] = [
    (0, "hop-by-hop"),
    (43, "routing"),
    (44, "fragment"),
    (60, "destination"),
];

pub(super) fn protocol(number: u8) -> String {
    const PROTOCOLS: [(u8, &str); 10] = [
        (1, "ICMP"),
        (2, "IGMP"),
        (4, "IPv4"),
        (6, "TCP"),
        (17, "UDP"),
        (41, "IPv6"),
        (47, "GRE"),
        (50, "ESP"),
        (51, "AH"),
        (58, "ICMPv6"),
    ];
    match HEADERS.iter().chain(&PROTOCOLS).find(|it| it.0 == number) {
        Some((_, name)) => format!("{number} ({name})"),
        None => number.to_string(),
    }
}

fn four(header: &[u8], at: usize) -> String {
    Ipv4Addr::from_bits(be32(header, at)).to_string()
}
