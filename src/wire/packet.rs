//! One packet: in go a frame's bytes, out comes who sent what to whom.

use std::net::{IpAddr, SocketAddr};
use std::ops::Range;

use etherparse::TcpHeaderSlice;

use super::LinkType;
use super::bytes::{be16, be32, options};
use super::layers::{self, Header};

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
    /// Reads the headers of a frame that had `len` bytes on the wire, of
    /// which `bytes` were captured.
    ///
    /// Headers that the capture cut are read as far as they are whole; of a
    /// TCP header the fixed part is enough. The first fragment of a packet
    /// shows its transport; the later ones have none. Tunnels are not
    /// entered.
    pub fn decode(link: LinkType, bytes: &[u8], len: usize) -> Packet {
        let layers = layers::of(link, bytes, len);
        let transport = layers
            .headers
            .last()
            .and_then(|(kind, range)| {
                transport(*kind, bytes.get(range.clone())?)
            })
            .unwrap_or(Transport::Other(layers.protocol));
        Packet {
            network: layers.network,
            transport,
            payload: layers.payload,
            payload_len: layers.payload_len,
        }
    }

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

fn transport(kind: Header, header: &[u8]) -> Option<Transport> {
    Some(match kind {
        Header::Tcp => Transport::Tcp(segment(header)?),
        Header::Udp => Transport::Udp {
            source: be16(header, 0),
            destination: be16(header, 2),
        },
        Header::Icmp(version) => Transport::Icmp {
            version,
            kind: header[0],
            code: header[1],
        },
        _ => return None,
    })
}

/// A TCP header whose fixed part is all there.
fn segment(header: &[u8]) -> Option<Segment> {
    // What the capture cut of the options reads as zeros here.
    let mut whole = [0; 60];
    whole.get_mut(..header.len())?.copy_from_slice(header);
    let tcp = TcpHeaderSlice::from_slice(&whole).ok()?;
    Some(Segment {
        source: tcp.source_port(),
        destination: tcp.destination_port(),
        sequence: tcp.sequence_number(),
        acknowledgement: tcp.acknowledgment_number(),
        flags: Flags {
            syn: tcp.syn(),
            ack: tcp.ack(),
            fin: tcp.fin(),
            rst: tcp.rst(),
            psh: tcp.psh(),
            urg: tcp.urg(),
            ece: tcp.ece(),
            cwr: tcp.cwr(),
        },
        window: tcp.window_size(),
        urgent: tcp.urgent_pointer(),
        options: options(header.get(20..)?, 20)
            .into_iter()
            // The end of the list and the filler say nothing.
            .filter(|(kind, _)| *kind > 1)
            .filter_map(|(_, range)| TcpOption::read(header.get(range)?))
            .collect(),
    })
}

impl TcpOption {
    /// One option with its kind and length. Known kinds of a wrong length
    /// are others.
    pub(super) fn read(option: &[u8]) -> Option<TcpOption> {
        let value = option.get(2..)?;
        Some(match (*option.first()?, value.len()) {
            (2, 2) => TcpOption::MaximumSegmentSize(be16(value, 0)),
            (3, 1) => TcpOption::WindowScale(value[0]),
            (4, 0) => TcpOption::SackPermitted,
            (5, 8 | 16 | 24 | 32) => TcpOption::Sack(
                value
                    .chunks_exact(8)
                    .map(|edges| (be32(edges, 0), be32(edges, 4)))
                    .collect(),
            ),
            (8, 8) => TcpOption::Timestamps(be32(value, 0), be32(value, 4)),
            (kind, _) => TcpOption::Other(kind),
        })
    }
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

    fn frame() -> Vec<u8> {
        let mut frame = Vec::new();
        PacketBuilder::ethernet2([1; 6], [2; 6])
            .single_vlan(etherparse::VlanId::try_new(7).unwrap())
            .ipv4([192, 0, 2, 1], [192, 0, 2, 2], 9)
            .tcp(40000, 80, 0xffff_fffe, 500)
            .syn()
            .ack(1)
            .ece()
            .options(&[
                TcpOptionElement::Noop,
                TcpOptionElement::SelectiveAcknowledgement(
                    (1, 2),
                    [Some((3, u32::MAX)), None, None],
                ),
                TcpOptionElement::WindowScale(7),
            ])
            .unwrap()
            .write(&mut frame, b"hello")
            .unwrap();
        frame
    }

    fn decode(frame: &[u8]) -> Packet {
        Packet::decode(LinkType::Ethernet, frame, frame.len())
    }

    #[test]
    fn a_segment_behind_a_vlan_tag() {
        // Shorter frames are filled up, and that is not payload.
        let mut padded = frame();
        padded.resize(90, 0);
        let packet = decode(&padded);
        let (source, destination) = packet.ends().unwrap();
        assert_eq!(source.to_string(), "192.0.2.1:40000");
        assert_eq!(destination.to_string(), "192.0.2.2:80");
        assert_eq!(&padded[packet.payload.clone()], b"hello");
        let Transport::Tcp(tcp) = packet.transport else {
            panic!("it is TCP: {packet:?}");
        };
        assert_eq!(tcp.sequence, 0xffff_fffe);
        let flags = Flags {
            syn: true,
            ack: true,
            ece: true,
            ..Flags::default()
        };
        assert_eq!(tcp.flags, flags);
        let sack = TcpOption::Sack(vec![(1, 2), (3, u32::MAX)]);
        assert_eq!(tcp.options, [sack, TcpOption::WindowScale(7)]);
    }

    #[test]
    fn what_the_capture_cut_is_promised_and_not_invented() {
        let whole = frame();
        // 14 + 4 + 20 of headers, 20 + 24 of TCP, 5 of payload.
        let cut = |size: usize| {
            Packet::decode(LinkType::Ethernet, &whole[..size], whole.len())
        };
        assert_eq!((cut(84).payload.len(), cut(84).payload_len), (2, 5));
        let Transport::Tcp(tcp) = cut(60).transport else {
            panic!("its fixed part is there");
        };
        assert_eq!(tcp.options, []);
        assert_eq!((cut(60).payload.len(), cut(60).payload_len), (0, 5));
        assert_eq!(cut(57).transport, Transport::Other(Some(6)));
        assert!(cut(57).network.is_some());
        assert_eq!(cut(37).network, None);
    }

    #[test]
    fn only_the_first_fragment_has_ports() {
        let mut packet = frame()[18..].to_vec();
        let at = |packet: &[u8]| Packet::decode(LinkType::Raw, packet, 0);
        packet[6] = 0x20;
        let first = at(&packet);
        assert_eq!(first.network.unwrap().fragment, Some((0, true)));
        assert!(first.ends().is_some());
        packet[7] = 2;
        packet[6] = 0;
        let last = at(&packet);
        assert_eq!(last.network.unwrap().fragment, Some((16, false)));
        assert_eq!(last.transport, Transport::Other(Some(6)));
        assert_eq!(last.payload, 20..packet.len());
    }

    #[test]
    fn an_offloaded_packet_has_the_length_of_its_frame() {
        let mut packet = frame()[18..].to_vec();
        packet[2..4].fill(0);
        packet.resize(200_000, 7);
        let read = Packet::decode(LinkType::Raw, &packet, packet.len());
        assert_eq!(read.payload_len, 200_000 - 64);
        let cut = Packet::decode(LinkType::Raw, &packet[..100], 200_000);
        assert_eq!((cut.payload, cut.payload_len), (64..100, 200_000 - 64));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(
            bytes in vec(any::<u8>(), 0..120),
            at in 0usize..100,
            value: u8,
            size in 0usize..100,
            len: u16,
        ) {
            let mut mutated = frame();
            if let Some(byte) = mutated.get_mut(at) {
                *byte = value;
            }
            mutated.truncate(size);
            for link in LINKS {
                for bytes in [&bytes, &mutated] {
                    let packet = Packet::decode(link, bytes, len.into());
                    prop_assert!(packet.payload.start <= packet.payload.end);
                    prop_assert!(packet.payload.end <= bytes.len());
                    prop_assert!(packet.payload.len() <= packet.payload_len);
                }
            }
        }
    }
}
