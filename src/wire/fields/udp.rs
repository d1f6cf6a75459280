//! Fields of UDP.

use super::super::bytes::be16;
use super::tcp::{FROM, TO};
use super::{Entry, Table, count, hex16, number16};

pub(super) const ALL: &[Table] = &[UDP];

const UDP_SOURCE: &str = "RFC 768";

pub(super) const UDP: Table = Table {
    layer: "UDP",
    entries: &[
        Entry {
            at: (0, 2),
            name: "source port",
            phrase: FROM,
            source: UDP_SOURCE,
            value: |it| number16(it, 0),
        },
        Entry {
            at: (2, 4),
            name: "destination port",
            phrase: TO,
            source: UDP_SOURCE,
            value: |it| number16(it, 2),
        },
        Entry {
            at: (4, 6),
            name: "length",
            phrase: "header and payload together",
            source: UDP_SOURCE,
            value: |it| count(be16(it, 4)),
        },
        Entry {
            at: (6, 8),
            name: "checksum",
            phrase: "finds changed bits in addresses, header and data",
            source: UDP_SOURCE,
            value: |it| hex16(it, 6),
        },
    ],
};
