//! Fields of IPv6 and its extension headers.

use std::net::Ipv6Addr;

use super::super::bytes::{be16, be32};
use super::ipv4::{ECN, ecn, protocol};
use super::{Entry, REST, Table, UNITS, count, hex, hex16, preview};

pub(super) const ALL: &[Table] = &[
    IPV6,
    HOP_BY_HOP,
    ROUTING,
    FRAGMENT,
    DESTINATION,
    AUTHENTICATION,
];

const SIX: &str = "RFC 8200 §3";

pub(super) const IPV6: Table = Table {
    layer: "IPv6",
    entries: &[
        Entry {
            at: (0, 4),
            name: "version",
            phrase: "which form of header this is",
            source: SIX,
            value: |it| (it[0] >> 4).to_string(),
        },
        Entry {
            at: (0, 4),
            name: "differentiated services",
            phrase: "which treatment routers are asked for",
            source: "RFC 2474 §3",
            value: |it| (be16(it, 0) >> 6 & 63).to_string(),
        },
        Entry {
            at: (0, 4),
            name: "congestion notification",
            phrase: "how a router reports congestion without dropping",
            source: "RFC 3168 §5",
            value: |it| ecn(it[1] >> 4),
        },
        Entry {
            at: (0, 4),
            name: "flow label",
            phrase: "the same in all packets of one flow",
            source: "RFC 6437",
            value: |it| format!("0x{:05x}", be32(it, 0) & 0xf_ffff),
        },
        Entry {
            at: (4, 6),
            name: "payload length",
            phrase: "everything behind this header",
            source: SIX,
            value: |it| count(be16(it, 4)),
        },
        next_header(6, SIX),
        Entry {
            at: (7, 8),
            name: "hop limit",
            phrase: "each router takes one; at zero the packet dies",
            source: SIX,
            value: |it| format!("{} {}", it[7], UNITS[2]),
        },
        Entry {
            at: (8, 24),
            name: "source address",
            phrase: "the host that sent the packet",
            source: SIX,
            value: |it| six(it, 8),
        },
        Entry {
            at: (24, 40),
            name: "destination address",
            phrase: "the host that shall get the packet",
            source: SIX,
            value: |it| six(it, 24),
        },
    ],
};

const fn next_header(at: usize, source: &'static str) -> Entry {
    Entry {
        at: (at, at + 1),
        name: "next header",
        phrase: "which header or protocol follows",
        source,
        value: match at {
            0 => |it| protocol(it[0]),
            _ => |it| protocol(it[6]),
        },
    }
}

const fn extension_length(source: &'static str) -> Entry {
    Entry {
        at: (1, 2),
        name: "extension length",
        phrase: "counted in 8 bytes, the first 8 not counted",
        source,
        value: |it| count((u64::from(it[1]) + 1) * 8),
    }
}

const fn extension_options(source: &'static str) -> Entry {
    Entry {
        at: (2, REST),
        name: "options",
        phrase: "each with its kind and, but for Pad1, its length",
        source,
        value: |it| hex(&it[2..]),
    }
}

pub(super) const HOP_BY_HOP: Table = Table {
    layer: "IPv6 hop-by-hop",
    entries: &[
        next_header(0, "RFC 8200 §4.3"),
        extension_length("RFC 8200 §4.3"),
        extension_options("RFC 8200 §4.2"),
    ],
};

pub(super) const DESTINATION: Table = Table {
    layer: "IPv6 destination",
    entries: &[
        next_header(0, "RFC 8200 §4.6"),
        extension_length("RFC 8200 §4.6"),
        extension_options("RFC 8200 §4.2"),
    ],
};

pub(super) const ROUTING: Table = Table {
    layer: "IPv6 routing",
    entries: &[
        next_header(0, "RFC 8200 §4.4"),
        extension_length("RFC 8200 §4.4"),
        Entry {
            at: (2, 3),
            name: "routing type",
            phrase: "how the list of nodes is to be read",
            source: "RFC 8200 §4.4",
            value: |it| it[2].to_string(),
        },
        Entry {
            at: (3, 4),
            name: "segments left",
            phrase: "how many listed nodes are still to be visited",
            source: "RFC 8200 §4.4",
            value: |it| it[3].to_string(),
        },
        Entry {
            at: (4, REST),
            name: "routing data",
            phrase: "the nodes to visit, as its type says",
            source: "RFC 8200 §4.4",
            value: |it| preview(&it[4..]),
        },
    ],
};

pub(super) const FRAGMENT: Table = Table {
    layer: "IPv6 fragment",
    entries: &[
        next_header(0, "RFC 8200 §4.5"),
        Entry {
            at: (1, 2),
            name: "reserved",
            phrase: "always zero",
            source: "RFC 8200 §4.5",
            value: |it| it[1].to_string(),
        },
        Entry {
            at: (2, 4),
            name: "fragment offset",
            phrase: "where this fragment belongs in the packet",
            source: "RFC 8200 §4.5",
            value: |it| count(u64::from(be16(it, 2) & 0xfff8)),
        },
        Entry {
            at: (2, 4),
            name: "flags",
            phrase: "MF says that more fragments follow",
            source: "RFC 8200 §4.5",
            value: |it| match it[3] & 1 {
                0 => ECN[0].to_string(),
                _ => "MF".to_string(),
            },
        },
        Entry {
            at: (4, 8),
            name: "identification",
            phrase: "the same in all fragments of one packet",
            source: "RFC 8200 §4.5",
            value: |it| format!("0x{:08x}", be32(it, 4)),
        },
    ],
};

pub(super) const AUTHENTICATION: Table = Table {
    layer: "Authentication Header",
    entries: &[
        next_header(0, "RFC 4302 §2.1"),
        Entry {
            at: (1, 2),
            name: "extension length",
            phrase: "counted in words of 4 bytes, less 2",
            source: "RFC 4302 §2.2",
            value: |it| count((u64::from(it[1]) + 2) * 4),
        },
        Entry {
            at: (2, 4),
            name: "reserved",
            phrase: "always zero",
            source: "RFC 4302 §2.3",
            value: |it| hex16(it, 2),
        },
        Entry {
            at: (4, 8),
            name: "security parameters index",
            phrase: "which agreement between both ends applies",
            source: "RFC 4302 §2.4",
            value: |it| format!("0x{:08x}", be32(it, 4)),
        },
        Entry {
            at: (8, 12),
            name: "sequence number",
            phrase: "tells a packet from a copy of it",
            source: "RFC 4302 §2.5",
            value: |it| be32(it, 8).to_string(),
        },
        Entry {
            at: (12, REST),
            name: "integrity check value",
            phrase: "proves that nobody changed the packet",
            source: "RFC 4302 §2.6",
            value: |it| preview(&it[12..]),
        },
    ],
};

fn six(header: &[u8], at: usize) -> String {
    let mut octets = [0; 16];
    octets.copy_from_slice(&header[at..at + 16]);
    Ipv6Addr::from_octets(octets).to_string()
}
