//! Checksums that the kernel left to a network card: in goes a frame, out
//! comes the frame as it would have been on a wire.

use std::net::IpAddr;

use etherparse::checksum::Sum16BitWords;

use super::super::layers::{self, Header};
use super::super::{LinkType, Network};

/// Computes and writes the checksum of the TCP segment or UDP datagram in a
/// frame that had `len` bytes on the wire.
///
/// On `lo` the kernel leaves them unfilled, for no card is there to do it.
/// Fragments, cut frames and all other protocols stay as they are.
pub fn fill_checksums(link: LinkType, bytes: &mut [u8], len: usize) {
    let layers = layers::of(link, bytes, len);
    let whole = layers.payload.len() == layers.payload_len;
    let Some(network) = layers.network.filter(|it| it.fragment.is_none())
    else {
        return;
    };
    let (protocol, start, field) = match layers.headers.last() {
        Some((Header::Tcp, range)) => (6, range.start, 16),
        Some((Header::Udp, range)) => (17, range.start, 6),
        _ => return,
    };
    let at = start + field..start + field + 2;
    // A sender over IPv4 may do without (RFC 768), and says so with a zero.
    let without = protocol == 17
        && network.source.is_ipv4()
        && bytes[at.clone()] == [0, 0];
    if !whole || without {
        return;
    }
    bytes[at.clone()].fill(0);
    let carried = &bytes[start..layers.payload.end];
    if let Some(sum) = checksum(&network, protocol, carried) {
        bytes[at].copy_from_slice(&sum);
    }
}

/// Over the pseudo header (RFC 9293, section 3.1; RFC 8200, section 8.1) and
/// what IP carries.
fn checksum(
    network: &Network,
    protocol: u8,
    carried: &[u8],
) -> Option<[u8; 2]> {
    let length = u32::try_from(carried.len()).ok()?;
    let addresses = match (network.source, network.destination) {
        (IpAddr::V4(source), IpAddr::V4(destination)) => Sum16BitWords::new()
            .add_4bytes(source.octets())
            .add_4bytes(destination.octets()),
        (IpAddr::V6(source), IpAddr::V6(destination)) => Sum16BitWords::new()
            .add_16bytes(source.octets())
            .add_16bytes(destination.octets()),
        _ => return None,
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
    Some(sum.to_ne_bytes())
}
