//! Checksums that the kernel left to a network card: in goes a frame, out
//! comes the frame as it would have been on a wire.

use std::net::IpAddr;

use etherparse::checksum::Sum16BitWords;

use super::super::LinkType;
use super::super::layers::{self, Header};

/// Computes and writes the checksum of a TCP segment or a UDP datagram.
///
/// On `lo` the kernel leaves them unfilled, for no card is there to do it.
/// Fragments, cut frames and all other protocols stay as they are.
pub fn fill_checksums(link: LinkType, bytes: &mut [u8]) {
    let layers = layers::of(link, bytes, bytes.len());
    let Some(network) = layers.network.filter(|it| it.fragment.is_none())
    else {
        return;
    };
    let (at, protocol, start) = match layers.headers.last() {
        Some((Header::Tcp, range)) => (range.start + 16, 6, range.start),
        Some((Header::Udp, range)) => (range.start + 6, 17, range.start),
        _ => return,
    };
    if layers.payload.len() < layers.payload_len {
        return;
    }
    // A sender over IPv4 may do without (RFC 768), and says so with a zero.
    let without = protocol == 17 && network.source.is_ipv4();
    if without && bytes[at..at + 2] == [0, 0] {
        return;
    }
    bytes[at..at + 2].fill(0);
    let carried = &bytes[start..layers.payload.end];
    let Ok(length) = u32::try_from(carried.len()) else {
        return;
    };
    // The pseudo header (RFC 9293, section 3.1; RFC 8200, section 8.1).
    let addresses = match (network.source, network.destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => Sum16BitWords::new()
            .add_4bytes(source.octets())
            .add_4bytes(destination.octets()),
        (IpAddr::V6(source), IpAddr::V6(destination)) => Sum16BitWords::new()
            .add_16bytes(source.octets())
            .add_16bytes(destination.octets()),
        _ => return,
    };
    let sum = addresses
        .add_2bytes([0, protocol])
        .add_4bytes(length.to_be_bytes())
        .add_slice(carried);
    // Zero would say "not computed" in UDP (RFC 768).
    let sum = match protocol {
        17 => sum.to_ones_complement_with_no_zero(),
        _ => sum.ones_complement(),
    };
    // The sum was taken over words in the order of this machine.
    bytes[at..at + 2].copy_from_slice(&sum.to_ne_bytes());
}
