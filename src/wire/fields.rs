//! What every byte is: in goes a frame, out come fields in the order of the
//! wire, each with a name, its value and what it is for.

mod icmp;
mod ipv4;
mod ipv6;
mod link;
mod tcp;
mod udp;

use std::ops::Range;

use super::bytes::{self as reading, be16};
use super::layers::{self, Header, Layers};
use super::{LinkType, Packet, speech};

/// A piece of a frame. The ranges of a frame's fields follow one another and
/// cover all of its bytes; fields that share a byte share their range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub range: Range<usize>,
    /// The protocol, such as `TCP`, or the part of it: `TCP option`.
    pub layer: &'static str,
    /// As the protocol calls it.
    pub name: &'static str,
    /// For a person: `20 bytes`, `SYN, ACK`. Words are those of
    /// [`messages`].
    pub value: String,
    /// What it is for.
    pub phrase: &'static str,
    /// Where that is written.
    pub source: &'static str,
}

/// One field of a kind of header.
struct Entry {
    /// Its bytes, counted from the header's first; up to the header's end
    /// for [`REST`].
    at: (usize, usize),
    name: &'static str,
    phrase: &'static str,
    source: &'static str,
    /// What the header's bytes say. All of the field's are there.
    value: fn(&[u8]) -> String,
}

const REST: usize = usize::MAX;

/// A kind of header, and what it consists of.
struct Table {
    layer: &'static str,
    entries: &'static [Entry],
}

/// Where a length is counted, or a lifetime: what follows a value's number.
const UNITS: [&str; 3] = ["byte", "bytes", "hops left"];

const BEHIND: &[Table] = &[PAYLOAD, TRAILER];

const PAYLOAD: Table = Table {
    layer: "payload",
    entries: &[Entry {
        at: (0, REST),
        name: "data",
        phrase: "what the header before it carries",
        source: "",
        value: preview,
    }],
};

const TRAILER: Table = Table {
    layer: "trailer",
    entries: &[Entry {
        at: (0, REST),
        name: "trailer",
        phrase: "behind the packet's end, such as what fills a short frame",
        source: "RFC 894",
        value: preview,
    }],
};

/// Names every byte of a frame.
pub fn of(link: LinkType, bytes: &[u8]) -> Vec<Field> {
    let layers = layers::of(link, bytes, bytes.len());
    let mut fields = Vec::new();
    for (header, range) in &layers.headers {
        let header_bytes = &bytes[range.clone()];
        header_fields(*header, range.start, header_bytes, &mut fields);
    }
    behind(link, bytes, &layers, &mut fields);
    fields
}

fn header_fields(
    header: Header,
    start: usize,
    bytes: &[u8],
    fields: &mut Vec<Field>,
) {
    let fixed = table(header, bytes);
    fixed.read(start, bytes, fields);
    let (size, options) = match header {
        Header::Ipv4 => (20, ipv4::OPTIONS),
        Header::Tcp => (20, tcp::OPTIONS),
        _ => return,
    };
    let end = start + bytes.len();
    let mut at = start + size;
    for (kind, range) in reading::options(&bytes[size..], at) {
        at = range.end;
        let option = &bytes[range.start - start..range.end - start];
        options.read(kind, range.start, option, fields);
    }
    if at < end {
        let rest = &bytes[at - start..];
        let table = match (header, rest[0]) {
            // Behind the end of the list.
            (Header::Ipv4, 0) => ipv4::PADDING,
            (_, 0) => tcp::PADDING,
            (Header::Ipv4, _) => ipv4::BROKEN,
            _ => tcp::BROKEN,
        };
        table.read(at, rest, fields);
    }
}

/// The payload, named by what it says, and what no header counts.
fn behind(
    link: LinkType,
    bytes: &[u8],
    layers: &Layers,
    fields: &mut Vec<Field>,
) {
    let payload = layers.payload.clone();
    if !payload.is_empty() {
        PAYLOAD.read(payload.start, &bytes[payload.clone()], fields);
        let packet = Packet::decode(link, bytes, bytes.len());
        if let Some(field) = fields.last_mut()
            && let Some(speech) = speech::of(&packet, bytes)
        {
            field.layer = speech.protocol;
        }
    }
    TRAILER.read(payload.end, &bytes[payload.end..], fields);
}

fn table(header: Header, bytes: &[u8]) -> &'static Table {
    match header {
        Header::Ethernet => &link::ETHERNET,
        Header::Vlan => &link::VLAN,
        Header::Cooked => &link::COOKED,
        Header::Cooked2 => &link::COOKED2,
        Header::Null => &link::NULL,
        Header::Ipv4 => &ipv4::IPV4,
        Header::Ipv6 => &ipv6::IPV6,
        Header::Extension(44) => &ipv6::FRAGMENT,
        Header::Extension(43) => &ipv6::ROUTING,
        Header::Extension(51) => &ipv6::AUTHENTICATION,
        Header::Extension(60) => &ipv6::DESTINATION,
        Header::Extension(_) => &ipv6::HOP_BY_HOP,
        Header::Tcp => &tcp::TCP,
        Header::Udp => &udp::UDP,
        Header::Icmp(4) if matches!(bytes[0], 0 | 8) => &icmp::ECHO,
        Header::Icmp(4) => &icmp::ICMP,
        Header::Icmp(_) if matches!(bytes[0], 128 | 129) => &icmp::ECHO6,
        Header::Icmp(_) => &icmp::ICMP6,
    }
}

impl Table {
    /// The fields of a header that starts at `start`, as far as it goes.
    fn read(&self, start: usize, bytes: &[u8], fields: &mut Vec<Field>) {
        for entry in self.entries {
            let (from, to) = (entry.at.0, entry.at.1.min(bytes.len()));
            let cut = entry.at.1 != REST && entry.at.1 > bytes.len();
            if from >= to {
                continue;
            }
            fields.push(Field {
                range: start + from..start + to,
                layer: self.layer,
                name: entry.name,
                value: match cut {
                    true => hex(&bytes[from..to]),
                    false => (entry.value)(bytes),
                },
                phrase: entry.phrase,
                source: entry.source,
            });
        }
    }
}

/// Options of a header, by their kind; the last stands for all others.
struct Options {
    layer: &'static str,
    known: &'static [(u8, Entry)],
    other: Entry,
}

impl Options {
    fn read(
        &self,
        kind: u8,
        start: usize,
        bytes: &[u8],
        fields: &mut Vec<Field>,
    ) {
        let entry = self
            .known
            .iter()
            .find(|(known, _)| *known == kind)
            .map_or(&self.other, |(_, entry)| entry);
        fields.push(Field {
            range: start..start + bytes.len(),
            layer: self.layer,
            name: entry.name,
            value: (entry.value)(bytes),
            phrase: entry.phrase,
            source: entry.source,
        });
    }
}

/// Names of protocols, the same in every language.
const PROPER: [&str; 9] = [
    "Ethernet", "VLAN", "Null", "IPv4", "IPv6", "TCP", "UDP", "ICMP", "ICMPv6",
];

/// Every layer, name, phrase and word of a value, once: what a translation
/// needs. A value's words stand behind its number, in brackets behind it, or
/// for themselves. Names of protocols, of flags and of RFCs are not among
/// them.
pub fn messages() -> Vec<&'static str> {
    let tables = [
        link::ALL,
        ipv4::ALL,
        ipv6::ALL,
        tcp::ALL,
        udp::ALL,
        icmp::ALL,
        BEHIND,
    ];
    let layers = tables.into_iter().flatten().map(|table| table.layer);
    let mut all: Vec<_> =
        layers.filter(|layer| !PROPER.contains(layer)).collect();
    for entry in tables.into_iter().flatten().flat_map(|it| it.entries) {
        all.extend([entry.name, entry.phrase]);
    }
    for options in [ipv4::OPTIONS, tcp::OPTIONS] {
        let known = options.known.iter().map(|(_, entry)| entry);
        for entry in known.chain([&options.other]) {
            all.extend([entry.name, entry.phrase]);
        }
    }
    all.extend(UNITS);
    all.extend(icmp::WORDS.iter().map(|(_, _, word)| *word));
    all.extend(ipv4::ECN);
    all.extend(ipv4::HEADERS.iter().map(|(_, word)| *word));
    let mut seen = std::collections::HashSet::new();
    all.retain(|message| seen.insert(*message));
    all
}

/// The start of what is carried, as text if most of it is.
fn preview(bytes: &[u8]) -> String {
    const LONGEST: usize = 60;
    let start = &bytes[..bytes.len().min(LONGEST)];
    let more = if bytes.len() > LONGEST { "…" } else { "" };
    let text = |byte: &u8| matches!(byte, b' '..=b'~' | b'\r' | b'\n' | b'\t');
    if start.iter().all(text) {
        return start.escape_ascii().to_string() + more;
    }
    match bytes.len() {
        0..=24 => hex(bytes),
        _ => hex(&bytes[..24]) + "…",
    }
}

fn hex(bytes: &[u8]) -> String {
    let pairs: Vec<_> = bytes.iter().map(|it| format!("{it:02x}")).collect();
    pairs.join(" ")
}

fn count(number: impl Into<u64>) -> String {
    match number.into() {
        1 => format!("1 {}", UNITS[0]),
        number => format!("{number} {}", UNITS[1]),
    }
}

fn hex16(bytes: &[u8], at: usize) -> String {
    format!("0x{:04x}", be16(bytes, at))
}

fn number16(bytes: &[u8], at: usize) -> String {
    be16(bytes, at).to_string()
}

#[cfg(test)]
mod tests {
    use etherparse::{PacketBuilder, TcpOptionElement};
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const LINKS: [LinkType; 6] = [
        LinkType::Raw,
        LinkType::Ethernet,
        LinkType::Cooked,
        LinkType::Cooked2,
        LinkType::Null,
        LinkType::Other(147),
    ];

    /// A SYN with options behind Ethernet, with padding behind it; and an
    /// echo request in IPv6 with two extension headers.
    fn frames() -> [(LinkType, Vec<u8>); 2] {
        let mut syn = Vec::new();
        let options = [
            TcpOptionElement::MaximumSegmentSize(1460),
            TcpOptionElement::SelectiveAcknowledgementPermitted,
            TcpOptionElement::Timestamp(9, 0),
            TcpOptionElement::Noop,
            TcpOptionElement::WindowScale(7),
        ];
        PacketBuilder::ethernet2([1; 6], [2; 6])
            .ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64)
            .tcp(40000, 80, 7, 64240)
            .syn()
            .options(&options)
            .unwrap()
            .write(&mut syn, b"")
            .unwrap();
        syn.extend([0; 6]);
        let mut echo = Vec::new();
        PacketBuilder::ipv6([1; 16], [2; 16], 9)
            .icmpv6_echo_request(5, 6)
            .write(&mut echo, b"hello")
            .unwrap();
        // Hop-by-hop with padding, and a fragment that is all of it.
        echo[6] = 0;
        echo[5] += 16;
        let more = [44, 0, 1, 4, 0, 0, 0, 0, 58, 0, 0, 0, 0, 0, 0, 1];
        echo.splice(40..40, more);
        [(LinkType::Ethernet, syn), (LinkType::Raw, echo)]
    }

    /// That every byte is named, in order.
    fn assert_covered(link: LinkType, bytes: &[u8]) {
        let fields = of(link, bytes);
        let mut at = 0..0;
        for field in &fields {
            if field.range != at {
                assert_eq!(field.range.start, at.end, "{field:?}");
                assert!(field.range.end > field.range.start, "{field:?}");
            }
            at = field.range.clone();
        }
        assert_eq!(at.end, bytes.len());
    }

    #[test]
    fn a_syn_reads_as_a_person_would_say_it() {
        let (link, frame) = &frames()[0];
        let fields = of(*link, frame);
        let said: Vec<_> = fields
            .iter()
            .map(|it| (it.layer, it.name, it.value.as_str()))
            .collect();
        for expected in [
            ("Ethernet", "EtherType", "0x0800 (IPv4)"),
            ("IPv4", "version", "4"),
            ("IPv4", "header length", "20 bytes"),
            ("IPv4", "time to live", "64 hops left"),
            ("IPv4", "source address", "192.0.2.1"),
            ("TCP", "data offset", "40 bytes"),
            ("TCP", "flags", "SYN"),
            ("TCP", "window", "64240"),
            ("TCP option", "maximum segment size", "1460 bytes"),
            ("TCP option", "SACK permitted", ""),
            ("TCP option", "timestamps", "9, 0"),
            ("TCP option", "window scale", "7 (× 128)"),
            ("trailer", "trailer", "00 00 00 00 00 00"),
        ] {
            assert!(said.contains(&expected), "{expected:?} in {said:#?}");
        }
    }

    #[test]
    fn extension_headers_are_named() {
        let (link, frame) = &frames()[1];
        let said: Vec<_> = of(*link, frame)
            .into_iter()
            .map(|it| (it.layer, it.name, it.value))
            .collect();
        for (layer, name, value) in [
            ("IPv6 hop-by-hop", "next header", "44 (fragment)"),
            ("IPv6 fragment", "fragment offset", "0 bytes"),
            ("ICMPv6", "type", "128 (echo request)"),
            ("payload", "data", "hello"),
        ] {
            let expected = (layer, name, value.to_string());
            assert!(said.contains(&expected), "{expected:?} in {said:#?}");
        }
    }

    #[test]
    fn messages_are_short_and_hold_all_that_is_said() {
        let messages = messages();
        for message in &messages {
            assert!(message.split(' ').count() <= 12, "{message}");
        }
        for (link, frame) in frames() {
            for field in of(link, &frame) {
                assert!(messages.contains(&field.name), "{field:?}");
                assert!(messages.contains(&field.phrase), "{field:?}");
                let proper = PROPER.contains(&field.layer);
                let known = proper || messages.contains(&field.layer);
                assert!(known, "{field:?}");
            }
        }
        let once: std::collections::HashSet<_> = messages.iter().collect();
        assert_eq!(once.len(), messages.len());
    }

    proptest! {
        #[test]
        fn every_byte_of_anything_is_named(
            bytes in vec(any::<u8>(), 0..120),
            version in prop_oneof![Just(0x45u8), Just(0x60), any::<u8>()],
            mutations in vec((0usize..90, any::<u8>()), 0..4),
            size in 0usize..90,
            which in 0usize..2,
        ) {
            let mut ip = bytes.clone();
            if let Some(first) = ip.first_mut() {
                *first = version;
            }
            let (_, mut mutated) = frames()[which].clone();
            for (at, value) in mutations {
                if let Some(byte) = mutated.get_mut(at) {
                    *byte = value;
                }
            }
            for link in LINKS {
                assert_covered(link, &bytes);
                assert_covered(link, &ip);
                assert_covered(link, &mutated);
                assert_covered(link, &mutated[..size.min(mutated.len())]);
            }
        }
    }
}
