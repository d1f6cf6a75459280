//! Fields of what stands around an IP packet.

use super::super::bytes::{be16, be32};
use super::{Entry, Table, hex16, number16};

pub(super) const ALL: &[Table] = &[ETHERNET, VLAN, COOKED, COOKED2, NULL];

const CARRIED: &str = "the protocol of what follows";
const ETHERNET_SOURCE: &str = "IEEE 802.3, RFC 894";
const TAG_SOURCE: &str = "IEEE 802.1Q";
const COOKED_SOURCE: &str = "LINKTYPE_LINUX_SLL";
const COOKED2_SOURCE: &str = "LINKTYPE_LINUX_SLL2";

pub(super) const ETHERNET: Table = Table {
    layer: "Ethernet",
    entries: &[
        Entry {
            at: (0, 6),
            name: "destination address",
            phrase: "the card on this link that shall take the frame",
            source: ETHERNET_SOURCE,
            value: |it| address(&it[..6]),
        },
        Entry {
            at: (6, 12),
            name: "source address",
            phrase: "the card on this link that sent the frame",
            source: ETHERNET_SOURCE,
            value: |it| address(&it[6..12]),
        },
        Entry {
            at: (12, 14),
            name: "EtherType",
            phrase: CARRIED,
            source: ETHERNET_SOURCE,
            value: |it| ether_type(it, 12),
        },
    ],
};

pub(super) const VLAN: Table = Table {
    layer: "VLAN",
    entries: &[
        Entry {
            at: (0, 2),
            name: "priority",
            phrase: "which frames a switch prefers, 0 to 7",
            source: TAG_SOURCE,
            value: |it| (it[0] >> 5).to_string(),
        },
        Entry {
            at: (0, 2),
            name: "drop eligible",
            phrase: "whether a full switch may drop this frame first",
            source: TAG_SOURCE,
            value: |it| (it[0] >> 4 & 1).to_string(),
        },
        Entry {
            at: (0, 2),
            name: "VLAN identifier",
            phrase: "which virtual network on this link it belongs to",
            source: TAG_SOURCE,
            value: |it| (be16(it, 0) & 0xfff).to_string(),
        },
        Entry {
            at: (2, 4),
            name: "EtherType",
            phrase: CARRIED,
            source: TAG_SOURCE,
            value: |it| ether_type(it, 2),
        },
    ],
};

const DIRECTION: &str = "whether it came, was sent, or passed by";
const DEVICE: &str = "the kind of device, as Linux counts them";
const ADDRESS_LENGTH: &str = "how many bytes of the address count";
const SENDER: &str = "the sender's address on the link";

pub(super) const COOKED: Table = Table {
    layer: "Linux cooked",
    entries: &[
        Entry {
            at: (0, 2),
            name: "packet type",
            phrase: DIRECTION,
            source: COOKED_SOURCE,
            value: |it| number16(it, 0),
        },
        Entry {
            at: (2, 4),
            name: "device type",
            phrase: DEVICE,
            source: COOKED_SOURCE,
            value: |it| number16(it, 2),
        },
        Entry {
            at: (4, 6),
            name: "address length",
            phrase: ADDRESS_LENGTH,
            source: COOKED_SOURCE,
            value: |it| number16(it, 4),
        },
        Entry {
            at: (6, 14),
            name: "source address",
            phrase: SENDER,
            source: COOKED_SOURCE,
            value: |it| address(&it[6..14]),
        },
        Entry {
            at: (14, 16),
            name: "EtherType",
            phrase: CARRIED,
            source: COOKED_SOURCE,
            value: |it| ether_type(it, 14),
        },
    ],
};

pub(super) const COOKED2: Table = Table {
    layer: "Linux cooked",
    entries: &[
        Entry {
            at: (0, 2),
            name: "EtherType",
            phrase: CARRIED,
            source: COOKED2_SOURCE,
            value: |it| ether_type(it, 0),
        },
        Entry {
            at: (2, 4),
            name: "reserved",
            phrase: "always zero",
            source: COOKED2_SOURCE,
            value: |it| number16(it, 2),
        },
        Entry {
            at: (4, 8),
            name: "interface",
            phrase: "the number of the interface it was seen on",
            source: COOKED2_SOURCE,
            value: |it| be32(it, 4).to_string(),
        },
        Entry {
            at: (8, 10),
            name: "device type",
            phrase: DEVICE,
            source: COOKED2_SOURCE,
            value: |it| number16(it, 8),
        },
        Entry {
            at: (10, 11),
            name: "packet type",
            phrase: DIRECTION,
            source: COOKED2_SOURCE,
            value: |it| it[10].to_string(),
        },
        Entry {
            at: (11, 12),
            name: "address length",
            phrase: ADDRESS_LENGTH,
            source: COOKED2_SOURCE,
            value: |it| it[11].to_string(),
        },
        Entry {
            at: (12, 20),
            name: "source address",
            phrase: SENDER,
            source: COOKED2_SOURCE,
            value: |it| address(&it[12..20]),
        },
    ],
};

pub(super) const NULL: Table = Table {
    layer: "Null",
    entries: &[Entry {
        at: (0, 4),
        name: "family",
        phrase: "which protocol follows, as the system counts them",
        source: "LINKTYPE_NULL",
        value: |it| {
            let family = be32(it, 0);
            family.min(family.swap_bytes()).to_string()
        },
    }],
};

fn address(bytes: &[u8]) -> String {
    let pairs: Vec<_> = bytes.iter().map(|it| format!("{it:02x}")).collect();
    pairs.join(":")
}

fn ether_type(header: &[u8], at: usize) -> String {
    let name = match be16(header, at) {
        0x0800 => " (IPv4)",
        0x0806 => " (ARP)",
        0x8100 | 0x88a8 | 0x9100 => " (VLAN)",
        0x86dd => " (IPv6)",
        _ => "",
    };
    hex16(header, at) + name
}
