//! Fields of both versions of ICMP.

use super::{Entry, Table, hex, hex16, number16};

pub(super) const ALL: &[Table] = &[ICMP, ECHO, ICMP6, ECHO6];

const ICMP_SOURCE: &str = "RFC 792";
const ICMP6_SOURCE: &str = "RFC 4443 §2.1";

const fn kind(source: &'static str, value: fn(&[u8]) -> String) -> Entry {
    Entry {
        at: (0, 1),
        name: "type",
        phrase: "what the message reports or asks",
        source,
        value,
    }
}

const fn code(source: &'static str, value: fn(&[u8]) -> String) -> Entry {
    Entry {
        at: (1, 2),
        name: "code",
        phrase: "which case of that type",
        source,
        value,
    }
}

const fn checksum(source: &'static str, phrase: &'static str) -> Entry {
    Entry {
        at: (2, 4),
        name: "checksum",
        phrase,
        source,
        value: |it| hex16(it, 2),
    }
}

const OWN: &str = "finds bits of the message that changed on the way";
const WITH_ADDRESSES: &str = "finds changed bits in addresses, header and data";

const fn rest(source: &'static str) -> Entry {
    Entry {
        at: (4, 8),
        name: "rest of header",
        phrase: "what it means depends on type and code",
        source,
        value: |it| hex(&it[4..8]),
    }
}

const fn identifier(source: &'static str) -> Entry {
    Entry {
        at: (4, 6),
        name: "identifier",
        phrase: "which program asked; the reply repeats it",
        source,
        value: |it| number16(it, 4),
    }
}

const fn number(source: &'static str) -> Entry {
    Entry {
        at: (6, 8),
        name: "echo number",
        phrase: "which of its requests; the reply repeats it",
        source,
        value: |it| number16(it, 6),
    }
}

pub(super) const ICMP: Table = Table {
    layer: "ICMP",
    entries: &[
        kind(ICMP_SOURCE, |it| word(4, it[0], None)),
        code(ICMP_SOURCE, |it| word(4, it[0], Some(it[1]))),
        checksum(ICMP_SOURCE, OWN),
        rest(ICMP_SOURCE),
    ],
};

pub(super) const ECHO: Table = Table {
    layer: "ICMP",
    entries: &[
        kind(ICMP_SOURCE, |it| word(4, it[0], None)),
        code(ICMP_SOURCE, |it| word(4, it[0], Some(it[1]))),
        checksum(ICMP_SOURCE, OWN),
        identifier(ICMP_SOURCE),
        number(ICMP_SOURCE),
    ],
};

pub(super) const ICMP6: Table = Table {
    layer: "ICMPv6",
    entries: &[
        kind(ICMP6_SOURCE, |it| word(6, it[0], None)),
        code(ICMP6_SOURCE, |it| word(6, it[0], Some(it[1]))),
        checksum("RFC 4443 §2.3", WITH_ADDRESSES),
        rest(ICMP6_SOURCE),
    ],
};

pub(super) const ECHO6: Table = Table {
    layer: "ICMPv6",
    entries: &[
        kind("RFC 4443 §4", |it| word(6, it[0], None)),
        code("RFC 4443 §4", |it| word(6, it[0], Some(it[1]))),
        checksum("RFC 4443 §2.3", WITH_ADDRESSES),
        identifier("RFC 4443 §4"),
        number("RFC 4443 §4"),
    ],
};

/// What types and codes are called, by version and type; by its code too
/// where a code has a name.
pub(super) const WORDS: &[((u8, u8), Option<u8>, &str)] = &[
    ((4, 0), None, "echo reply"),
    ((4, 3), None, "destination unreachable"),
    ((4, 3), Some(0), "network unreachable"),
    ((4, 3), Some(1), "host unreachable"),
    ((4, 3), Some(2), "protocol unreachable"),
    ((4, 3), Some(3), "port unreachable"),
    ((4, 3), Some(4), "fragmentation needed"),
    ((4, 5), None, "redirect"),
    ((4, 8), None, "echo request"),
    ((4, 11), None, "time exceeded"),
    ((4, 11), Some(0), "no hops left"),
    ((4, 11), Some(1), "fragments missing"),
    ((4, 12), None, "parameter problem"),
    ((6, 1), None, "destination unreachable"),
    ((6, 1), Some(0), "no route"),
    ((6, 1), Some(1), "forbidden"),
    ((6, 1), Some(3), "address unreachable"),
    ((6, 1), Some(4), "port unreachable"),
    ((6, 2), None, "packet too big"),
    ((6, 3), None, "time exceeded"),
    ((6, 3), Some(0), "no hops left"),
    ((6, 3), Some(1), "fragments missing"),
    ((6, 4), None, "parameter problem"),
    ((6, 128), None, "echo request"),
    ((6, 129), None, "echo reply"),
    ((6, 133), None, "router solicitation"),
    ((6, 134), None, "router advertisement"),
    ((6, 135), None, "neighbor solicitation"),
    ((6, 136), None, "neighbor advertisement"),
];

fn word(version: u8, kind: u8, code: Option<u8>) -> String {
    let number = code.unwrap_or(kind);
    let known = WORDS
        .iter()
        .find(|(of, with, _)| *of == (version, kind) && *with == code);
    match known {
        Some((_, _, word)) => format!("{number} ({word})"),
        None => number.to_string(),
    }
}
