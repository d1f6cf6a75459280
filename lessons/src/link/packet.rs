//! What the link must know of a packet: in go the bytes of an IPv4 or IPv6
//! packet, out comes its size, whether it carries data, and its mark.

/// A packet, real or simulated. A link that duplicates clones it.
#[expect(
    clippy::len_without_is_empty,
    reason = "a packet has a header, so none is empty"
)]
pub trait Packet: Clone {
    /// Bytes from the IP header on: what the link's rate counts.
    fn len(&self) -> usize;

    /// Whether it brings the application something: any UDP, and TCP with
    /// at least one byte of payload.
    fn is_data(&self) -> bool;

    /// Tells the receiver of congestion, as ECN does (RFC 3168 §5): sets CE
    /// and is true if the sender said that it understands, with ECT(0) or
    /// ECT(1), or if CE stands there already. False, and unchanged,
    /// otherwise.
    fn mark_congestion(&mut self) -> bool;
}

impl Packet for Vec<u8> {
    fn len(&self) -> usize {
        Vec::len(self)
    }

    fn is_data(&self) -> bool {
        match version(self) {
            4 => is_data_ipv4(self),
            6 => is_data_ipv6(self),
            _ => None,
        }
        .unwrap_or(false)
    }

    fn mark_congestion(&mut self) -> bool {
        match version(self) {
            4 if Vec::len(self) >= 20 => mark_ipv4(self),
            6 if Vec::len(self) >= 40 => mark_ipv6(self),
            _ => false,
        }
    }
}

fn version(packet: &[u8]) -> u8 {
    packet.first().map_or(0, |byte| byte >> 4)
}

const TCP: u8 = 6;
const UDP: u8 = 17;

/// `None` where the packet ends before it should.
fn is_data_ipv4(packet: &[u8]) -> Option<bool> {
    let header = usize::from(packet.first()? & 0x0f) * 4;
    let total = usize::from(word(packet, 2)?);
    let offset = word(packet, 6)? & 0x1fff;
    let protocol = *packet.get(9)?;
    carries(protocol, offset, packet.get(header..total)?)
}

fn is_data_ipv6(packet: &[u8]) -> Option<bool> {
    let end = 40 + usize::from(word(packet, 4)?);
    let (mut next, mut at, mut offset) = (*packet.get(6)?, 40, 0);
    // Extension headers stand between (RFC 8200 §4): hop-by-hop options,
    // routing and destination options say their length, a fragment's is 8.
    while let 0 | 43 | 44 | 60 = next {
        let mut length = 8;
        if next == 44 {
            offset = word(packet, at + 2)? >> 3;
        } else {
            length += 8 * usize::from(*packet.get(at + 1)?);
        }
        next = *packet.get(at)?;
        at += length;
        if offset > 0 {
            break;
        }
    }
    carries(next, offset, packet.get(at..end)?)
}

/// Whether the transport's part of a packet has payload. A later fragment
/// has no header any more: all of it is payload.
fn carries(protocol: u8, offset: u16, transport: &[u8]) -> Option<bool> {
    match protocol {
        TCP | UDP if offset > 0 => Some(!transport.is_empty()),
        TCP => {
            let header = usize::from(transport.get(12)? >> 4) * 4;
            Some(transport.len() > header)
        }
        UDP => Some(true),
        _ => Some(false),
    }
}

/// The four codepoints of the two ECN bits (RFC 3168 §5).
const NOT_ECT: u8 = 0b00;
const CE: u8 = 0b11;

fn mark_ipv4(packet: &mut [u8]) -> bool {
    let old = u16::from_be_bytes([packet[0], packet[1]]);
    match packet[1] & CE {
        NOT_ECT => return false,
        CE => return true,
        _ => packet[1] |= CE,
    }
    let new = u16::from_be_bytes([packet[0], packet[1]]);
    let sum = u16::from_be_bytes([packet[10], packet[11]]);
    packet[10..12].copy_from_slice(&updated(sum, old, new).to_be_bytes());
    true
}

/// The traffic class lies across two bytes (RFC 8200 §3), its ECN bits in
/// the upper half of the second. No checksum covers them.
fn mark_ipv6(packet: &mut [u8]) -> bool {
    if (packet[1] >> 4) & CE == NOT_ECT {
        return false;
    }
    packet[1] |= CE << 4;
    true
}

/// The header checksum after one 16-bit word of the header has changed:
/// HC' = ~(~HC + ~m + m') in one's complement (RFC 1624 §3, equation 3).
fn updated(checksum: u16, old: u16, new: u16) -> u16 {
    let sum = u32::from(!checksum) + u32::from(!old) + u32::from(new);
    let sum = (sum & 0xffff) + (sum >> 16);
    !(((sum & 0xffff) + (sum >> 16)) as u16)
}

fn word(packet: &[u8], at: usize) -> Option<u16> {
    let bytes = packet.get(at..at + 2)?;
    Some(u16::from_be_bytes([bytes[0], bytes[1]]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ICMP: u8 = 1;

    /// One's complement sum of a header; 0xffff where its checksum is right
    /// (RFC 1071 §1).
    fn sum(header: &[u8]) -> u16 {
        let words = header.chunks(2);
        let words = words.map(|it| u32::from(it[0]) << 8 | u32::from(it[1]));
        let sum: u32 = words.sum();
        let sum = (sum & 0xffff) + (sum >> 16);
        ((sum & 0xffff) + (sum >> 16)) as u16
    }

    fn ipv4(tos: u8, protocol: u8, rest: [u8; 10], data: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x45, tos];
        packet.extend((20 + data.len() as u16).to_be_bytes());
        packet.extend([rest[0], rest[1], 0x40, 0, 64, protocol, 0, 0]);
        packet.extend(&rest[2..]);
        let checksum = !sum(&packet);
        packet[10..12].copy_from_slice(&checksum.to_be_bytes());
        packet.extend(data);
        packet
    }

    fn ipv6(class: u8, next: u8, data: &[u8]) -> Vec<u8> {
        let mut packet = vec![0x60 | class >> 4, class << 4 | 0x0a, 1, 2];
        packet.extend((data.len() as u16).to_be_bytes());
        packet.extend([next, 64]);
        packet.extend([0xfd; 32]);
        packet.extend(data);
        packet
    }

    fn tcp(payload: &[u8]) -> Vec<u8> {
        let mut segment = vec![0; 32];
        segment[12] = 8 << 4;
        segment.extend(payload);
        segment
    }

    #[test]
    fn the_rfcs_own_example_comes_out_right() {
        // RFC 1624 §4: a checksum that the older equation 2 gets wrong.
        assert_eq!(updated(0xdd2f, 0x5555, 0x3285), 0x0000);
    }

    #[test]
    fn a_bare_ack_is_no_data() {
        let data = |protocol, data: &[u8]| {
            (
                ipv4(0, protocol, [1; 10], data).is_data(),
                ipv6(0, protocol, data).is_data(),
            )
        };
        assert_eq!(data(TCP, &tcp(b"")), (false, false));
        assert_eq!(data(TCP, &tcp(b"x")), (true, true));
        assert_eq!(data(UDP, &[0; 8]), (true, true));
        assert_eq!(data(ICMP, &[0; 64]), (false, false));
        assert_eq!(data(TCP, &[0; 5]), (false, false));
    }

    #[test]
    fn a_fragment_and_what_stands_before_tcp_are_seen_through() {
        let mut later = ipv4(0, TCP, [1; 10], &[0; 8]);
        later[7] = 185;
        assert!(later.is_data());
        let options = |payload: &[u8]| {
            let mut data = vec![TCP, 1];
            data.extend([0; 14]);
            data.extend(tcp(payload));
            ipv6(0, 60, &data).is_data()
        };
        assert_eq!((options(b""), options(b"x")), (false, true));
        // Fragment header: next header, reserved, offset 185 and a flag.
        let fragment = [UDP, 0, 0x05, 0xc9, 0, 0, 0, 1, b'x'];
        assert!(ipv6(0, 44, &fragment).is_data());
    }

    #[test]
    fn in_ipv6_the_mark_touches_two_bits() {
        let mut packet = ipv6(0xb8 | 0b01, UDP, b"x");
        let mut expected = packet.clone();
        expected[1] |= 0x30;
        assert!(packet.mark_congestion());
        assert_eq!(packet, expected);
        assert_eq!(packet[..2], [0x6b, 0xba]);
        let mut packet = ipv6(0xb8, UDP, b"x");
        assert!(!packet.mark_congestion());
        assert_eq!(packet, ipv6(0xb8, UDP, b"x"));
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn in_ipv4_the_checksum_stays_right(
            tos: u8,
            rest: [u8; 10],
        ) {
            let before = ipv4(tos, UDP, rest, b"data");
            let mut packet = before.clone();
            prop_assert_eq!(sum(&packet[..20]), 0xffff);
            prop_assert_eq!(packet.mark_congestion(), tos & CE != NOT_ECT);
            prop_assert_eq!(sum(&packet[..20]), 0xffff);
            let mark = if tos & CE == NOT_ECT { 0 } else { CE };
            prop_assert_eq!(packet[1], tos | mark);
            packet[1] = before[1];
            packet[10..12].copy_from_slice(&before[10..12]);
            prop_assert_eq!(packet, before);
        }

        #[test]
        fn any_bytes_are_read_without_a_panic(
            start in prop::sample::select(&[0u8, 0x40, 0x45, 0x4f, 0x60][..]),
            mut bytes in prop::collection::vec(any::<u8>(), 0..80),
        ) {
            if let Some(first) = bytes.first_mut() {
                *first = start;
            }
            let length = Packet::len(&bytes);
            bytes.is_data();
            bytes.mark_congestion();
            prop_assert_eq!(Packet::len(&bytes), length);
        }
    }
}
