//! One packet: in go a frame's bytes, out comes who sent what to whom.

use std::net::{IpAddr, SocketAddr};
use std::ops::Range;

use super::LinkType;

/// What the headers of a frame say. Whatever cannot be read is `None`, or
/// `Transport::Other`: a capture may hold anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    pub network: Option<Network>,
    pub transport: Transport,
    /// What the transport carries, as a range of the frame's bytes.
    pub payload: Range<usize>,
    /// How many bytes of payload the headers promise: more than `payload`
    /// holds, if the capture cut the frame.
    pub payload_len: usize,
}

/// The IP header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    pub source: IpAddr,
    pub destination: IpAddr,
    /// TTL, or hop limit.
    pub hops: u8,
    /// Explicit congestion notification: 0 none, 1 and 2 capable, 3 met.
    pub ecn: u8,
    /// Offset in bytes and "more fragments", of a packet that is one.
    pub fragment: Option<(u32, bool)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transport {
    Tcp(Segment),
    Udp {
        source: u16,
        destination: u16,
    },
    /// Version 4 or 6 of ICMP, its type and code.
    Icmp {
        version: u8,
        kind: u8,
        code: u8,
    },
    /// A protocol that is not taken apart, by its IP number; the later
    /// fragments of a packet; nothing that is IP at all.
    Other(Option<u8>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    pub source: u16,
    pub destination: u16,
    pub sequence: u32,
    pub acknowledgement: u32,
    pub flags: Flags,
    /// As it stands in the header, not scaled.
    pub window: u16,
    pub urgent: u16,
    pub options: Vec<TcpOption>,
}

/// The flags of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags {
    pub syn: bool,
    pub ack: bool,
    pub fin: bool,
    pub rst: bool,
    pub psh: bool,
    pub urg: bool,
    pub ece: bool,
    pub cwr: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TcpOption {
    MaximumSegmentSize(u16),
    WindowScale(u8),
    SackPermitted,
    Sack(Vec<(u32, u32)>),
    /// Value and echo.
    Timestamps(u32, u32),
    /// Any other, by its kind.
    Other(u8),
}

impl Packet {
    /// Source and destination with their ports, for TCP and UDP.
    pub fn ends(&self) -> Option<(SocketAddr, SocketAddr)> {
        let network = self.network?;
        let (source, destination) = match &self.transport {
            Transport::Tcp(tcp) => (tcp.source, tcp.destination),
            Transport::Udp {
                source,
                destination,
            } => (*source, *destination),
            _ => return None,
        };
        Some((
            SocketAddr::new(network.source, source),
            SocketAddr::new(network.destination, destination),
        ))
    }
}

// `decode(link: LinkType, frame: &[u8], len: usize) -> Packet` comes here.
#[allow(unused)]
fn decode(_: LinkType) {}
