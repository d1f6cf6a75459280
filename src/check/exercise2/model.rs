//! Exercise 2, the right answer: a frame goes in, the line that says what is
//! in it comes out. The headers are read by `etherparse`.

use std::net::{Ipv4Addr, Ipv6Addr};

use etherparse::checksum::Sum16BitWords;
use etherparse::err::{ipv4, ipv6, tcp};
use etherparse::{
    ArpPacketSlice, Ethernet2HeaderSlice, Ipv4HeaderSlice,
    Ipv6FragmentHeaderSlice, Ipv6HeaderSlice, Ipv6RawExtHeaderSlice,
    SingleVlanHeaderSlice, TcpHeaderSlice, UdpHeaderSlice,
};

/// The line, without its `\n`.
pub fn dissect(frame: &[u8]) -> String {
    let mut walk = Walk {
        rest: frame,
        parts: Vec::new(),
        padding: 0,
    };
    if let Err(problem) = walk.frame() {
        walk.parts.push(problem);
    } else if walk.padding > 0 {
        walk.parts.push(format!("padding {}", walk.padding));
    }
    walk.parts.join(", ")
}

/// Goes on, or stops with the last part of the line.
type Layer = Result<(), String>;

struct Walk<'a> {
    /// What the layer at work has before it: never more than the layer
    /// around it holds.
    rest: &'a [u8],
    parts: Vec<String>,
    /// Bytes of the frame that are in no layer.
    padding: usize,
}

/// What the checksums of TCP, UDP and ICMPv6 take in of the IP header.
type Pseudo = Sum16BitWords;

impl<'a> Walk<'a> {
    fn frame(&mut self) -> Layer {
        let header = Ethernet2HeaderSlice::from_slice(self.rest)
            .map_err(|_| truncated("ethernet"))?;
        let source = address(header.source());
        let destination = address(header.destination());
        self.part(format!("ethernet {source} {destination}"));
        self.take(header.slice().len());
        let mut kind = header.ether_type().0;
        while kind == 0x8100 {
            let tag = SingleVlanHeaderSlice::from_slice(self.rest)
                .map_err(|_| truncated("vlan"))?;
            self.part(format!("vlan {}", tag.vlan_identifier().value()));
            self.take(tag.slice().len());
            kind = tag.ether_type().0;
        }
        match kind {
            0x0806 => self.arp(),
            0x0800 => self.ipv4(),
            0x86dd => self.ipv6(),
            other => {
                self.part(format!("type {other:04x}"));
                self.payload()
            }
        }
    }

    fn arp(&mut self) -> Layer {
        if self.rest.len() < 28 {
            return Err(truncated("arp"));
        }
        let packet = ArpPacketSlice::from_slice(self.rest)
            .ok()
            .and_then(|it| it.to_packet().try_eth_ipv4().ok())
            .ok_or_else(|| bad("arp"))?;
        let sender = Ipv4Addr::from(packet.sender_ipv4);
        let target = Ipv4Addr::from(packet.target_ipv4);
        let operation = packet.operation.0;
        self.part(format!("arp {operation} {sender} {target}"));
        self.take(28);
        self.padding = self.rest.len();
        Ok(())
    }

    fn ipv4(&mut self) -> Layer {
        use ipv4::HeaderSliceError::{Content, Len};
        // What contradicts itself is bad, also if it is cut as well.
        if let [first, _, high, low, ..] = self.rest
            && self.rest.len() >= 20
            && u16::from_be_bytes([*high, *low]) < u16::from(first & 15) * 4
        {
            return Err(bad("ipv4"));
        }
        let header =
            Ipv4HeaderSlice::from_slice(self.rest).map_err(|e| match e {
                Len(_) => truncated("ipv4"),
                Content(_) => bad("ipv4"),
            })?;
        let total = usize::from(header.total_len());
        let own = header.slice().len();
        self.part(format!(
            "ipv4 {} {} ttl {} options {} checksum {}",
            header.source_addr(),
            header.destination_addr(),
            header.ttl(),
            header.options().len(),
            verdict(Sum16BitWords::new().add_slice(header.slice())),
        ));
        self.limit(total)?;
        self.take(own);
        if header.is_fragmenting_payload() {
            return self.fragment(header.fragments_offset().byte_offset());
        }
        let protocol = header.protocol().0;
        let pseudo = Sum16BitWords::new()
            .add_4bytes(header.source())
            .add_4bytes(header.destination())
            .add_2bytes([0, protocol]);
        match protocol {
            1 => self.icmp("icmp", Sum16BitWords::new()),
            _ => self.transport(protocol, pseudo, false),
        }
    }

    fn ipv6(&mut self) -> Layer {
        use ipv6::HeaderSliceError::{Content, Len};
        let header =
            Ipv6HeaderSlice::from_slice(self.rest).map_err(|e| match e {
                Len(_) => truncated("ipv6"),
                Content(_) => bad("ipv6"),
            })?;
        self.part(format!(
            "ipv6 {} {} hops {}",
            Ipv6Addr::from(header.source()),
            Ipv6Addr::from(header.destination()),
            header.hop_limit(),
        ));
        self.limit(40 + usize::from(header.payload_length()))?;
        self.take(40);
        let mut next = header.next_header().0;
        while let 0 | 60 = next {
            let extension = Ipv6RawExtHeaderSlice::from_slice(self.rest)
                .map_err(|_| truncated("extension"))?;
            self.part(format!("extension {next}"));
            self.take(extension.slice().len());
            next = extension.next_header().0;
        }
        if next == 44 {
            let fragment = Ipv6FragmentHeaderSlice::from_slice(self.rest)
                .map_err(|_| truncated("fragment"))?;
            self.take(8);
            return self.fragment(fragment.fragment_offset().byte_offset());
        }
        let pseudo = Sum16BitWords::new()
            .add_16bytes(header.source())
            .add_16bytes(header.destination())
            .add_2bytes([0, next]);
        match next {
            58 => self.icmp("icmpv6", pseudo.add_2bytes(self.length())),
            _ => self.transport(next, pseudo, true),
        }
    }

    fn transport(&mut self, protocol: u8, pseudo: Pseudo, six: bool) -> Layer {
        match protocol {
            6 => self.tcp(pseudo),
            17 => self.udp(pseudo, six),
            other => {
                self.part(format!("protocol {other}"));
                self.payload()
            }
        }
    }

    fn tcp(&mut self, pseudo: Pseudo) -> Layer {
        use tcp::HeaderSliceError::{Content, Len};
        let header =
            TcpHeaderSlice::from_slice(self.rest).map_err(|e| match e {
                Len(_) => truncated("tcp"),
                Content(_) => bad("tcp"),
            })?;
        let sum = pseudo.add_2bytes(self.length()).add_slice(self.rest);
        self.part(format!(
            "tcp {} {} {} options {} checksum {}",
            header.source_port(),
            header.destination_port(),
            flags(&header),
            header.options().len(),
            verdict(sum),
        ));
        self.take(header.slice().len());
        self.payload()
    }

    fn udp(&mut self, pseudo: Pseudo, six: bool) -> Layer {
        let header = UdpHeaderSlice::from_slice(self.rest)
            .map_err(|_| truncated("udp"))?;
        let length = usize::from(header.length());
        if length < 8 || length > self.rest.len() {
            return Err(bad("udp"));
        }
        self.limit(length)?;
        let sum = pseudo.add_2bytes(self.length()).add_slice(self.rest);
        let checksum = match (header.checksum(), six) {
            (0, false) => "none",
            // RFC 8200, section 8.1: over IPv6 there must be one.
            (0, true) => "wrong",
            _ => verdict(sum),
        };
        self.part(format!(
            "udp {} {} checksum {checksum}",
            header.source_port(),
            header.destination_port(),
        ));
        self.take(8);
        self.payload()
    }

    /// Of either version: type, code and checksum.
    fn icmp(&mut self, name: &str, pseudo: Pseudo) -> Layer {
        let [kind, code, _, _] = self.rest.get(..4).unwrap_or_default() else {
            return Err(truncated(name));
        };
        let checksum = verdict(pseudo.add_slice(self.rest));
        self.part(format!("{name} {kind} {code} checksum {checksum}"));
        self.take(4);
        self.payload()
    }

    /// A part of a packet is not taken apart further.
    fn fragment(&mut self, offset: u16) -> Layer {
        self.part(format!("fragment {offset}"));
        self.payload()
    }

    fn payload(&mut self) -> Layer {
        self.part(format!("payload {}", self.rest.len()));
        Ok(())
    }

    fn part(&mut self, part: String) {
        self.parts.push(part);
    }

    /// Steps over a header that has been read.
    fn take(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    /// The layer has `length` bytes, and no others.
    fn limit(&mut self, length: usize) -> Layer {
        let Some(bytes) = self.rest.get(..length) else {
            return Err(format!("short {}", length - self.rest.len()));
        };
        self.padding += self.rest.len() - length;
        self.rest = bytes;
        Ok(())
    }

    /// For a pseudo-header.
    fn length(&self) -> [u8; 2] {
        // An IP packet has at most 65,575 bytes, and this is inside it.
        (self.rest.len() as u16).to_be_bytes()
    }
}

fn truncated(what: &str) -> String {
    format!("truncated {what}")
}

fn bad(what: &str) -> String {
    format!("bad {what}")
}

/// RFC 1071: the sum of all words, the checksum among them, is all ones.
fn verdict(sum: Sum16BitWords) -> &'static str {
    match sum.ones_complement() {
        0 => "ok",
        _ => "wrong",
    }
}

fn address(bytes: [u8; 6]) -> String {
    bytes.map(|byte| format!("{byte:02x}")).join(":")
}

fn flags(header: &TcpHeaderSlice<'_>) -> String {
    let all = [
        (header.cwr(), "CWR"),
        (header.ece(), "ECE"),
        (header.urg(), "URG"),
        (header.ack(), "ACK"),
        (header.psh(), "PSH"),
        (header.rst(), "RST"),
        (header.syn(), "SYN"),
        (header.fin(), "FIN"),
    ];
    let set: Vec<&str> = all.iter().filter(|it| it.0).map(|it| it.1).collect();
    match set.is_empty() {
        true => "none".to_owned(),
        false => set.join("+"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::frames::{all, damaged, named, padded, with};
    use super::*;
    use crate::wire::{LinkType, Packet};

    #[test]
    fn what_wireshark_says_too() {
        for (name, line) in [
            ("tcp refused", "ACK+RST options 0 checksum ok, payload 0"),
            ("udp without checksum", "checksum none, payload 13"),
            (
                "vlan in vlan",
                "vlan 5, vlan 6, ipv4 10.2.6.2 10.2.6.1 ttl 64",
            ),
            ("ipv4 record route", "options 40 checksum ok, icmp 8 0"),
            (
                "ipv6 hop by hop",
                "hops 1, extension 0, icmpv6 143 0 checksum ok",
            ),
            ("ipv6 last fragment", "hops 64, fragment 1448, payload 360"),
            ("ipv4 last fragment", "fragment 1480, payload 328"),
            ("igmp", "options 4 checksum ok, protocol 2, payload 16"),
            ("spanning tree", "type 0026, payload 38"),
            ("provider vlan", ", type 88a8, payload"),
            ("arp reply", ", arp 2 10.2.1.1 10.2.1.2"),
        ] {
            let answer = dissect(named(name));
            assert!(answer.contains(line), "{name}: {answer}");
        }
    }

    #[test]
    fn the_other_decoder_finds_the_same_ends_and_payload() {
        let mut rng = fastrand::Rng::with_seed(2);
        let mut seen = 0;
        for frame in all() {
            let frame = padded(frame, &mut rng);
            let answer = dissect(&frame);
            let other = Packet::decode(LinkType::Ethernet, &frame, frame.len());
            let Some((source, destination)) = other.ends() else {
                continue;
            };
            let (from, to) = (source.port(), destination.port());
            let ips = format!("{} {} ", source.ip(), destination.ip());
            // The first part of a packet is taken apart by one of the two.
            if !answer.contains("fragment") {
                assert!(answer.contains(&ips), "{answer}");
                assert!(answer.contains(&format!(" {from} {to} ")), "{answer}");
                let payload = format!("payload {}", other.payload_len);
                assert!(answer.contains(&payload), "{answer}");
                seen += 1;
            }
        }
        assert!(seen > 12, "{seen}");
    }

    #[test]
    fn every_problem_has_its_name() {
        let hello = named("tcp hello");
        for (frame, end) in [
            (hello[..13].to_vec(), "truncated ethernet"),
            (hello[..33].to_vec(), "truncated ipv4"),
            (hello[..78].to_vec(), "checksum ok, short 1"),
            (with(hello, 14, &[0x44]), "bad ipv4"),
            (with(hello, 46, &[0x40]), "bad tcp"),
            (with(hello, 46, &[0xf0]), "truncated tcp"),
            (with(named("udp"), 38, &[0, 7]), "bad udp"),
            (with(named("arp reply"), 18, &[8]), "bad arp"),
            ([hello, &[1, 2]].concat(), "payload 13, padding 2"),
        ] {
            let answer = dissect(&frame);
            assert!(answer.ends_with(end), "{answer}, not {end}");
        }
    }

    #[test]
    fn no_bytes_make_it_panic() {
        let mut rng = fastrand::Rng::with_seed(2);
        for _ in 0..200 {
            for frame in all() {
                dissect(&damaged(frame, &mut rng));
            }
        }
    }
}
