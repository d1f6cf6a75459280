//! Where each header lies: in goes a frame, out come ranges of its bytes, in
//! the order of the wire, up to the first header that is not all there.

use std::net::IpAddr;
use std::ops::Range;

use etherparse::{Ipv4HeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice};

use super::bytes::{be16, be32};
use super::{LinkType, Network};

/// What a range of bytes is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    Ethernet,
    Vlan,
    Cooked,
    Cooked2,
    Null,
    Ipv4,
    Ipv6,
    /// An extension header of IPv6, by its number; in IPv4 only 51.
    Extension(u8),
    Tcp,
    Udp,
    /// Of either version.
    Icmp(u8),
}

pub(super) struct Layers {
    pub headers: Vec<(Header, Range<usize>)>,
    pub network: Option<Network>,
    /// What IP carries, behind every extension header that could be read.
    pub protocol: Option<u8>,
    /// What the last header carries.
    pub payload: Range<usize>,
    /// As the headers promise, whatever was captured.
    pub payload_len: usize,
}

/// Finds the headers of a frame that had `len` bytes on the wire.
pub(super) fn of(link: LinkType, bytes: &[u8], len: usize) -> Layers {
    let mut walk = Walk {
        bytes,
        at: 0,
        end: len.max(bytes.len()),
        headers: Vec::new(),
        network: None,
        protocol: None,
    };
    // `None` says where the walk stopped, and that is in `walk` as well.
    let _ = walk.link(link);
    let captured = walk.limit().max(walk.at);
    Layers {
        headers: walk.headers,
        network: walk.network,
        protocol: walk.protocol,
        payload: walk.at..captured,
        payload_len: walk.end.saturating_sub(walk.at),
    }
}

struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Where the headers read so far say that the packet ends: behind the
    /// captured bytes if the frame was cut, before them if it was padded.
    end: usize,
    headers: Vec<(Header, Range<usize>)>,
    network: Option<Network>,
    protocol: Option<u8>,
}

impl<'a> Walk<'a> {
    fn limit(&self) -> usize {
        self.bytes.len().min(self.end)
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..self.limit()).unwrap_or_default()
    }

    /// A header of `size` bytes, if all of it was captured.
    fn take(&mut self, header: Header, size: usize) -> Option<&'a [u8]> {
        let taken = self.rest().get(..size)?;
        self.headers.push((header, self.at..self.at + size));
        self.at += size;
        Some(taken)
    }

    /// A header of `size` bytes whose end the capture may have cut.
    fn start_of(&mut self, header: Header, size: usize) -> Option<()> {
        let cut = (self.at + size).saturating_sub(self.bytes.len());
        self.take(header, size - cut)?;
        // What was cut is not payload.
        self.end -= cut;
        Some(())
    }

    fn link(&mut self, link: LinkType) -> Option<()> {
        match link {
            // 12 and 14 are what systems call raw IP; 228 and 229 say which
            // version it is, and so does the packet.
            LinkType::Raw | LinkType::Other(12 | 14 | 228 | 229) => self.ip(),
            LinkType::Ethernet => {
                let header = self.take(Header::Ethernet, 14)?;
                self.ether(be16(header, 12))
            }
            LinkType::Cooked => {
                let header = self.take(Header::Cooked, 16)?;
                self.ether(be16(header, 14))
            }
            LinkType::Cooked2 => {
                let header = self.take(Header::Cooked2, 20)?;
                self.ether(be16(header, 0))
            }
            LinkType::Null => {
                let header = self.take(Header::Null, 4)?;
                // In the byte order of whoever captured it: a family is
                // small, so the other order would be a huge number.
                let family = be32(header, 0);
                match family.min(family.swap_bytes()) {
                    2 | 24 | 28 | 30 => self.ip(),
                    _ => None,
                }
            }
            LinkType::Other(_) => None,
        }
    }

    fn ether(&mut self, mut ether_type: u16) -> Option<()> {
        while matches!(ether_type, 0x8100 | 0x88a8 | 0x9100) {
            ether_type = be16(self.take(Header::Vlan, 4)?, 2);
        }
        match ether_type {
            0x0800 | 0x86dd => self.ip(),
            _ => None,
        }
    }

    fn ip(&mut self) -> Option<()> {
        match self.rest().first()? >> 4 {
            4 => self.ipv4(),
            6 => self.ipv6(),
            _ => None,
        }
    }

    fn ipv4(&mut self) -> Option<()> {
        // What the capture cut of the options reads as zeros here.
        let mut whole = [0; 60];
        let captured = self.rest().len().min(whole.len());
        whole[..captured].copy_from_slice(&self.rest()[..captured]);
        let header = Ipv4HeaderSlice::from_slice(&whole).ok()?;
        let size = header.slice().len();
        if captured < 20 || self.at + size > self.end {
            return None;
        }
        let offset = u32::from(header.fragments_offset().value()) * 8;
        let more = header.more_fragments();
        self.network = Some(Network {
            source: header.source_addr().into(),
            destination: header.destination_addr().into(),
            hops: header.ttl(),
            ecn: header.ecn().value(),
            fragment: (offset > 0 || more).then_some((offset, more)),
        });
        self.protocol = Some(header.protocol().0);
        match usize::from(header.total_len()) {
            // Offloaded: filled in later, or too large for its field.
            0 => {}
            total => self.end = self.end.min(self.at + total.max(size)),
        }
        self.start_of(Header::Ipv4, size)?;
        if offset > 0 || captured < size {
            return None;
        }
        if self.protocol == Some(51) {
            self.extension(51)?;
        }
        self.transport()
    }

    fn ipv6(&mut self) -> Option<()> {
        let header = Ipv6HeaderSlice::from_slice(self.rest()).ok()?;
        self.network = Some(Network {
            source: IpAddr::V6(header.source_addr()),
            destination: IpAddr::V6(header.destination_addr()),
            hops: header.hop_limit(),
            ecn: header.traffic_class() & 3,
            fragment: None,
        });
        self.protocol = Some(header.next_header().0);
        let size = header.slice().len();
        let length = usize::from(header.payload_length());
        let behind = self.at + size;
        match (length, header.next_header().0) {
            // A jumbo payload (RFC 2675), or TCP that is offloaded.
            (0, 0 | 6) => {}
            _ => self.end = self.end.min(behind + length),
        }
        self.take(Header::Ipv6, size)?;
        while let Some(kind @ (0 | 43 | 44 | 51 | 60)) = self.protocol {
            let header = self.extension(kind)?;
            if length == 0
                && kind == 0
                && let Some(jumbo) = jumbo(header)
            {
                self.end = self.end.min(behind.checked_add(jumbo)?);
            }
        }
        self.transport()
    }

    /// One extension header (RFC 8200, section 4): what follows it, and what
    /// it says about the rest. `None` if nothing behind it can be read.
    fn extension(&mut self, kind: u8) -> Option<&'a [u8]> {
        let length = usize::from(*self.rest().get(1)?);
        let size = match kind {
            44 => 8,
            51 => (length + 2) * 4,
            _ => (length + 1) * 8,
        };
        let header = self.take(Header::Extension(kind), size)?;
        self.protocol = Some(header[0]);
        if kind == 44 {
            let fragment = Ipv6FragmentHeaderSlice::from_slice(header).ok()?;
            let offset = u32::from(fragment.fragment_offset().value()) * 8;
            let more = fragment.more_fragments();
            let network = self.network.as_mut()?;
            // Neither: a packet that could have been cut and was not
            // (RFC 6946).
            network.fragment = (offset > 0 || more).then_some((offset, more));
            if offset > 0 {
                return None;
            }
        }
        Some(header)
    }

    fn transport(&mut self) -> Option<()> {
        match self.protocol? {
            6 => self.tcp(),
            17 => self.udp(),
            1 => self.icmp(4),
            58 => self.icmp(6),
            _ => None,
        }
    }

    /// A TCP header counts when its fixed part is there; its options may be
    /// cut, as short captures do.
    fn tcp(&mut self) -> Option<()> {
        let rest = self.rest();
        let size = usize::from(rest.get(..20)?[12] >> 4) * 4;
        let end = self.at + size;
        if size < 20 || end > self.end {
            return None;
        }
        self.start_of(Header::Tcp, size)
    }

    fn udp(&mut self) -> Option<()> {
        let header = self.take(Header::Udp, 8)?;
        match usize::from(be16(header, 4)) {
            // A jumbo payload (RFC 2675, section 4).
            0 => {}
            // The first fragment has less than its header says.
            length => {
                self.end = self.end.min(self.at + length.saturating_sub(8));
            }
        }
        Some(())
    }

    fn icmp(&mut self, version: u8) -> Option<()> {
        self.take(Header::Icmp(version), 8).map(|_| ())
    }
}

/// The length that a Jumbo Payload option holds, counted from the end of the
/// IPv6 header (RFC 2675, section 2).
fn jumbo(header: &[u8]) -> Option<usize> {
    let mut at = 2;
    loop {
        match header.get(at)? {
            // Pad1 has no length (RFC 8200, section 4.2).
            0 => at += 1,
            0xc2 if header.get(at + 1)? == &4 => {
                let value = header.get(at + 2..at + 6)?;
                return usize::try_from(be32(value, 0)).ok();
            }
            _ => at += 2 + usize::from(*header.get(at + 1)?),
        }
    }
}
