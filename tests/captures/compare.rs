//! The comparison: in go frames and what tshark says of them, out come the
//! differences, and what kinds of packets were compared.

mod speech;
mod transport;

use std::collections::BTreeMap;

use wire::wire::{Capture, Frame, Network, Packet, fields};

use crate::tshark::Row;

pub const FIELDS: &[&str] = &[
    "frame.protocols",
    "frame.time_epoch",
    "frame.len",
    "frame.cap_len",
    "vlan.id",
    "ieee8021ad.id",
    "ip.src",
    "ip.dst",
    "ip.ttl",
    "ip.proto",
    "ip.len",
    "ip.hdr_len",
    "ip.dsfield.ecn",
    "ip.frag_offset",
    "ip.flags.mf",
    "ipv6.src",
    "ipv6.dst",
    "ipv6.plen",
    "ipv6.hlim",
    "ipv6.tclass.ecn",
    "ipv6.fraghdr.offset",
    "ipv6.fraghdr.more",
    "tcp.srcport",
    "tcp.dstport",
    "tcp.seq_raw",
    "tcp.ack_raw",
    "tcp.flags",
    "tcp.window_size_value",
    "tcp.urgent_pointer",
    "tcp.hdr_len",
    "tcp.len",
    "tcp.options.mss_val",
    "tcp.options.wscale.shift",
    "tcp.options.timestamp.tsval",
    "tcp.options.timestamp.tsecr",
    "tcp.options.sack_le",
    "tcp.options.sack_re",
    "tcp.option_kind",
    "udp.srcport",
    "udp.dstport",
    "udp.length",
    "udp.checksum",
    "icmp.type",
    "icmp.code",
    "icmpv6.type",
    "icmpv6.code",
    "dns.qry.name",
    "dns.qry.type",
    "dns.flags.response",
    "dns.flags.rcode",
    "dns.count.answers",
    "dns.resp.type",
    "dns.a",
    "http.request.method",
    "http.request.uri",
    "http.response.code",
    "tls.record.content_type",
    "tls.handshake.extensions_server_name",
    "_ws.malformed",
];

/// What stands around IP and is taken apart, as tshark calls it.
const LINK: [&str; 7] = [
    "eth",
    "ethertype",
    "vlan",
    "ieee8021ad",
    "sll",
    "null",
    "raw",
];

/// What stands between IP and the transport.
const EXTENSIONS: [&str; 5] = [
    "ipv6.hopopts",
    "ipv6.routing",
    "ipv6.fraghdr",
    "ipv6.dstopts",
    "ah",
];

/// What was compared, and how often.
pub type Seen = BTreeMap<&'static str, usize>;

/// The differences, each with its frame, counted from 0.
pub fn capture(
    capture: &Capture,
    rows: &[Row],
    seen: &mut Seen,
) -> Vec<(usize, String)> {
    let mut wrong = Vec::new();
    let (ours, theirs) = (capture.frames.len(), rows.len());
    if ours != theirs {
        wrong.push((0, format!("{ours} frames, and tshark has {theirs}")));
    }
    for (at, (frame, row)) in capture.frames.iter().zip(rows).enumerate() {
        let packet = Packet::decode(capture.link, &frame.bytes, frame.len);
        let mut one = Comparison {
            frame,
            packet: &packet,
            row,
            seen,
            wrong: Vec::new(),
        };
        one.frame();
        one.vlan(&fields::of(capture.link, &frame.bytes));
        one.network();
        let protocols = row.first("frame.protocols").unwrap_or_default();
        let found = one.wrong.into_iter();
        wrong.extend(found.map(|what| (at, format!("{protocols}: {what}"))));
    }
    wrong
}

struct Comparison<'a> {
    frame: &'a Frame,
    packet: &'a Packet,
    row: &'a Row,
    seen: &'a mut Seen,
    wrong: Vec<String>,
}

impl Comparison<'_> {
    fn saw(&mut self, what: &'static str) {
        *self.seen.entry(what).or_default() += 1;
    }

    fn same<T: PartialEq + std::fmt::Debug>(
        &mut self,
        what: &str,
        ours: T,
        tshark: T,
    ) {
        if ours != tshark {
            self.wrong
                .push(format!("{what}: ours {ours:?}, tshark {tshark:?}"));
        }
    }

    fn frame(&mut self) {
        let frame = self.frame;
        let time = frame.time;
        let time = format!("{}.{:09}", time.as_secs(), time.subsec_nanos());
        let len = self.row.number("frame.len");
        let captured = self.row.number("frame.cap_len");
        self.same("time", Some(&*time), self.row.first("frame.time_epoch"));
        self.same("length", Some(frame.len as u64), len);
        self.same("captured", Some(frame.bytes.len() as u64), captured);
        if frame.bytes.len() < frame.len {
            self.saw("truncated");
        }
    }

    /// The tags that stand first. What else may stand before a tag (AVSP,
    /// MPLS, 802.1ah) is not taken apart.
    fn vlan(&mut self, fields: &[fields::Field]) {
        let ours: Vec<_> = fields
            .iter()
            .filter(|it| it.name == "VLAN identifier")
            .filter_map(|it| it.value.parse::<u64>().ok())
            .collect();
        let row = self.row;
        let protocols = row.first("frame.protocols").unwrap_or_default();
        let tags = protocols
            .split(':')
            .take_while(|layer| LINK.contains(layer))
            .filter(|layer| ["vlan", "ieee8021ad"].contains(layer))
            .count();
        let mut expected: Vec<_> = ["ieee8021ad.id", "vlan.id"]
            .iter()
            .flat_map(|field| row.numbers(field))
            .collect();
        expected.truncate(tags);
        if !expected.is_empty() {
            self.saw("VLAN");
        }
        self.same("VLAN", ours, expected);
    }

    /// What tshark found, without the layers around IP.
    fn network(&mut self) {
        let row = self.row;
        let protocols = row.first("frame.protocols").unwrap_or_default();
        let mut layers = protocols
            .split(':')
            .skip_while(|layer| LINK.contains(layer));
        let mut network = layers.next().unwrap_or_default();
        // An EtherType that says IPv4 before an IPv6 packet.
        if network == "ip" && row.first("ip.src").is_none() {
            network = layers.next().unwrap_or_default();
        }
        let layers: Vec<_> = layers.collect();
        let extensions: Vec<_> = layers
            .iter()
            .copied()
            .take_while(|layer| EXTENSIONS.contains(layer))
            .collect();
        let cut = extensions.contains(&"ipv6.fraghdr");
        let Some(expected) = network_of(network, cut, row) else {
            // A header of which tshark shows less than both addresses.
            let unread = network != "ip" && network != "ipv6";
            if unread {
                self.saw("no IP");
            }
            self.same("network", self.packet.network, None);
            return;
        };
        self.saw(if network == "ip" { "IPv4" } else { "IPv6" });
        if expected.fragment.is_some() {
            self.saw("fragment");
        }
        if !extensions.is_empty() {
            self.saw("extension header");
        }
        self.same("network", self.packet.network, Some(expected));
        let transport = layers.get(extensions.len()).copied();
        self.transport(transport.unwrap_or_default());
        self.speech();
    }
}

/// `cut` if a fragment header stands in this packet, and not in one that it
/// quotes.
fn network_of(layer: &str, cut: bool, row: &Row) -> Option<Network> {
    let (prefix, hops, ecn) = match layer {
        "ip" => ("ip", "ip.ttl", "ip.dsfield.ecn"),
        "ipv6" => ("ipv6", "ipv6.hlim", "ipv6.tclass.ecn"),
        _ => return None,
    };
    let fragment = match layer {
        "ip" => (
            row.number("ip.frag_offset")?,
            row.first("ip.flags.mf")? == "1",
        ),
        _ if !cut => (0, false),
        _ => (
            row.number("ipv6.fraghdr.offset").unwrap_or(0),
            row.first("ipv6.fraghdr.more") == Some("1"),
        ),
    };
    Some(Network {
        source: row.first(&format!("{prefix}.src"))?.parse().ok()?,
        destination: row.first(&format!("{prefix}.dst"))?.parse().ok()?,
        hops: row.number(hops)?.try_into().ok()?,
        ecn: row.number(ecn)?.try_into().ok()?,
        fragment: (fragment != (0, false))
            // In units of 8 bytes.
            .then_some((u32::try_from(fragment.0 * 8).ok()?, fragment.1)),
    })
}
