//! What a capture shows: in goes a file, out come its packets, each with a
//! valid checksum.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use wire::wire::{Frame, LinkType, Packet, Transport, pcapng};

/// A packet and its frame.
pub struct Seen {
    pub frame: Frame,
    pub packet: Packet,
}

/// Reads the file, and holds every packet to its checksum.
pub fn read(path: &Path) -> Result<Vec<Seen>> {
    let bytes = fs::read(path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    let capture = pcapng::read(&bytes)?;
    ensure!(capture.link == LinkType::Raw, "{:?}", capture.link);
    let mut all = Vec::new();
    for frame in capture.frames {
        let packet = Packet::decode(capture.link, &frame.bytes, frame.len);
        let sum = transport_sum(&frame.bytes, &packet)?;
        ensure!(sum == 0xffff, "a wrong checksum: {:02x?}", frame.bytes);
        all.push(Seen { frame, packet });
    }
    Ok(all)
}

impl Seen {
    /// Whether it never arrived.
    pub fn lost(&self) -> bool {
        self.frame.comment.is_some()
    }

    /// `SYN`, `SYN ACK` …, for a segment.
    pub fn syn_ack(&self) -> Option<(bool, bool)> {
        match &self.packet.transport {
            Transport::Tcp(tcp) => Some((tcp.flags.syn, tcp.flags.ack)),
            _ => None,
        }
    }

    /// Type and code of ICMP.
    pub fn icmp(&self) -> Option<(u8, u8)> {
        match self.packet.transport {
            Transport::Icmp { kind, code, .. } => Some((kind, code)),
            _ => None,
        }
    }
}

/// From when a connection's SYN left to when its answer was there.
pub fn handshake(seen: &[Seen]) -> Result<Duration> {
    let at = |flags| {
        let found = seen.iter().find(|it| it.syn_ack() == Some(flags));
        found.map(|it| it.frame.time)
    };
    let (syn, answer) = (at((true, false)), at((true, true)));
    Ok(answer.context("no SYN ACK")? - syn.context("no SYN")?)
}

/// The ones' complement sum over the pseudo header and all that follows the
/// IP header (RFC 1071): 0xffff if the checksum is right.
fn transport_sum(bytes: &[u8], packet: &Packet) -> Result<u16> {
    let v4 = bytes.first().context("an empty packet")? >> 4 == 4;
    let (header, addresses) = match v4 {
        true => (usize::from(bytes[0] & 15) * 4, 12..20),
        false => (40, 8..40),
    };
    let protocol = match packet.transport {
        Transport::Tcp(_) => 6,
        Transport::Udp { .. } => 17,
        // Version 4's has no pseudo header.
        Transport::Icmp { version: 4, .. } => 0,
        Transport::Icmp { .. } => 58,
        Transport::Other(_) => return Ok(0xffff),
    };
    if v4 {
        ensure!(sum(&bytes[..header]) == 0xffff, "IP: {bytes:02x?}");
    }
    let payload = &bytes[header..];
    let mut whole = Vec::new();
    if protocol != 0 {
        whole.extend_from_slice(&bytes[addresses]);
        whole.extend((payload.len() as u32).to_be_bytes());
        whole.extend([0, 0, 0, protocol]);
    }
    whole.extend_from_slice(payload);
    Ok(sum(&whole))
}

fn sum(bytes: &[u8]) -> u16 {
    let words = bytes.chunks(2).map(|two| {
        let low = two.get(1).copied().unwrap_or(0);
        u32::from(u16::from_be_bytes([two[0], low]))
    });
    let mut sum: u32 = words.sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    sum as u16
}

#[test]
fn a_wrong_checksum_is_seen() {
    // RFC 1071's own example.
    assert_eq!(sum(&[0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7]), 0xddf2);
}
