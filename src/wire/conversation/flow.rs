//! Which packets belong together: in goes a packet, out comes the pair of
//! ends it travels between, or those of the packet that an error quotes.

use std::hash::{Hash, Hasher};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::wire::{Packet, Transport};

pub(super) const TCP: u8 = 6;
pub(super) const UDP: u8 = 17;

/// Two ends and what they speak. Two flows are equal if they are the same
/// but for their direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flow {
    /// By its IP number; none if it is no IP.
    pub(super) protocol: Option<u8>,
    /// The port is 0 where there are none.
    pub(super) source: SocketAddr,
    pub(super) destination: SocketAddr,
    /// The ends are those of a packet that an ICMP error quotes.
    pub(super) quoted: bool,
}

impl Flow {
    fn ends(&self) -> (Option<u8>, SocketAddr, SocketAddr) {
        let (a, b) = (self.source, self.destination);
        (self.protocol, a.min(b), a.max(b))
    }
}

impl PartialEq for Flow {
    fn eq(&self, other: &Flow) -> bool {
        self.ends() == other.ends()
    }
}

impl Eq for Flow {}

impl Hash for Flow {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.ends().hash(state);
    }
}

/// The flow of a packet; `frame` is what it was decoded from.
pub(super) fn of(packet: &Packet, frame: &[u8]) -> Flow {
    let nowhere = IpAddr::from([0, 0, 0, 0]);
    let (source, destination) = match packet.network {
        Some(network) => (network.source, network.destination),
        None => (nowhere, nowhere),
    };
    let flow = |protocol, ports: (u16, u16)| Flow {
        protocol,
        source: SocketAddr::new(source, ports.0),
        destination: SocketAddr::new(destination, ports.1),
        quoted: false,
    };
    match &packet.transport {
        Transport::Tcp(tcp) => flow(Some(TCP), (tcp.source, tcp.destination)),
        Transport::Udp {
            source,
            destination,
        } => flow(Some(UDP), (*source, *destination)),
        Transport::Icmp { version, kind, .. } => {
            let quote = is_error(*version, *kind)
                .then(|| frame.get(packet.payload.clone()))
                .flatten()
                .and_then(quoted);
            let number = if *version == 4 { 1 } else { 58 };
            quote.unwrap_or_else(|| flow(Some(number), (0, 0)))
        }
        Transport::Other(protocol) => flow(*protocol, (0, 0)),
    }
}

/// Messages that quote the packet they are about (RFC 792; RFC 4443 §2.1).
fn is_error(version: u8, kind: u8) -> bool {
    match version {
        4 => matches!(kind, 3 | 4 | 5 | 11 | 12),
        _ => (1..=127).contains(&kind),
    }
}

/// The flow of a quoted packet. A quote may end after the first eight bytes
/// of its transport, which hold the ports (RFC 792), so no decoder of whole
/// packets will do.
fn quoted(packet: &[u8]) -> Option<Flow> {
    let (protocol, source, destination, transport) = match packet.first()? >> 4
    {
        4 => {
            let address = |at: usize| -> Option<IpAddr> {
                let bytes = packet.get(at..at + 4)?;
                Some(Ipv4Addr::from(<[u8; 4]>::try_from(bytes).ok()?).into())
            };
            let header_len = usize::from(packet[0] & 15) * 4;
            let rest = packet.get(header_len..)?;
            (*packet.get(9)?, address(12)?, address(16)?, rest)
        }
        6 => {
            let address = |at: usize| -> Option<IpAddr> {
                let bytes = packet.get(at..at + 16)?;
                Some(Ipv6Addr::from(<[u8; 16]>::try_from(bytes).ok()?).into())
            };
            let rest = packet.get(40..)?;
            (*packet.get(6)?, address(8)?, address(24)?, rest)
        }
        _ => return None,
    };
    let port = |at: usize| -> Option<u16> {
        let has_ports = protocol == TCP || protocol == UDP;
        let bytes = transport.get(at..at + 2)?;
        has_ports.then(|| u16::from_be_bytes([bytes[0], bytes[1]]))
    };
    Some(Flow {
        protocol: Some(protocol),
        source: SocketAddr::new(source, port(0).unwrap_or(0)),
        destination: SocketAddr::new(destination, port(2).unwrap_or(0)),
        quoted: true,
    })
}
