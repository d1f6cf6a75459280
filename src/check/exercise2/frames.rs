//! Exercise 2, what is to be taken apart: the name of a captured frame goes
//! in, its bytes come out, and so do cut, padded and damaged ones.
//!
//! `frames/capture.py` says how they were captured, and captures them again.

use std::sync::LazyLock;

use etherparse::checksum::Sum16BitWords;
use fastrand::Rng;

use crate::wire::pcapng;

/// A name, and the bytes.
type Captured = (String, Vec<u8>);

static CAPTURED: LazyLock<Vec<Captured>> = LazyLock::new(|| {
    let file = include_bytes!("frames/frames.pcapng");
    let capture = pcapng::read(file).expect("it was read by a test");
    let frames = capture.frames.into_iter();
    frames
        .map(|frame| (frame.comment.unwrap_or_default(), frame.bytes))
        .collect()
});

/// Addresses that are easily written in another way than in RFC 5952: one
/// zero alone, two rows as long as each other, the longer one last, at the
/// end, at the beginning, none, and a row at both ends.
#[rustfmt::skip]
pub const ADDRESSES: [[u16; 8]; 7] = [
    [0x2001, 0xdb8, 0, 1, 1, 1, 1, 1],
    [0x2001, 0xdb8, 0, 0, 1, 0, 0, 1],
    [0x2001, 0, 0, 1, 0, 0, 0, 1],
    [0x2001, 0xdb8, 0xab, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 1],
    [0x2001, 0xdb8, 0x00aa, 0xbb, 0xc, 0xdddd, 0xe0e0, 0xf],
    [0, 0, 1, 2, 3, 4, 0, 0],
];

/// Every frame, in the order of the file.
pub fn all() -> impl Iterator<Item = &'static [u8]> {
    CAPTURED.iter().map(|(_, frame)| &frame[..])
}

/// A frame by its name in the file.
pub fn named(name: &str) -> &'static [u8] {
    let found = CAPTURED.iter().find(|(is, _)| is == name);
    &found.expect("a step names it, and a test runs each step").1
}

/// The same with other bytes from `at` on.
pub fn with(frame: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut changed = frame.to_vec();
    if let Some(place) = changed.get_mut(at..at + bytes.len()) {
        place.copy_from_slice(bytes);
    }
    changed
}

/// Puts the right checksum into an IPv4 header behind 14 bytes of Ethernet.
pub fn right_ipv4(mut frame: Vec<u8>) -> Vec<u8> {
    let length = frame.get(14).map_or(0, |byte| usize::from(byte & 15) * 4);
    if let Some(header) = frame.get_mut(14..14 + length)
        && length >= 20
    {
        header[10..12].fill(0);
        let sum = Sum16BitWords::new().add_slice(header).ones_complement();
        // As it lies in memory: the sum was taken in the machine's order.
        header[10..12].copy_from_slice(&sum.to_ne_bytes());
    }
    frame
}

/// The same with another checksum at `at`, and the word behind it such that
/// all of them add up as before.
pub fn other_sum(frame: &[u8], at: usize, checksum: u16) -> Vec<u8> {
    let word = |at| match frame.get(at..at + 2) {
        Some(&[high, low]) => u32::from(u16::from_be_bytes([high, low])),
        _ => 0,
    };
    let sum = word(at) + word(at + 2) + u32::from(!checksum);
    let once = (sum & 0xffff) + (sum >> 16);
    let folded = (once & 0xffff) as u16 + (once >> 16) as u16;
    let changed = with(frame, at, &checksum.to_be_bytes());
    with(&changed, at + 2, &folded.to_be_bytes())
}

/// A datagram that is right, and three bytes more in its packet.
pub fn behind_udp() -> Vec<u8> {
    let mut frame = named("udp").to_vec();
    frame.extend(*b"...");
    let total = (frame.len() - 14) as u16;
    right_ipv4(with(&frame, 14 + 2, &total.to_be_bytes()))
}

/// As a card sends it: no frame has less than 60 bytes and its check
/// sequence (IEEE 802.3). What is behind the packet may be anything.
pub fn padded(frame: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut padded = frame.to_vec();
    padded.resize_with(frame.len().max(60), || rng.u8(..));
    padded
}

/// One to three bits are others; now and then it is cut, too.
pub fn damaged(frame: &[u8], rng: &mut Rng) -> Vec<u8> {
    let mut damaged = frame.to_vec();
    for _ in 0..rng.usize(1..=3) {
        // Mostly in the headers, where most is decided by each bit.
        let end = if rng.u8(..4) > 0 { 60 } else { damaged.len() };
        let at = rng.usize(12..damaged.len().min(end));
        damaged[at] ^= 1 << rng.u8(..8);
    }
    if rng.u8(..4) == 0 {
        damaged.truncate(rng.usize(..damaged.len()));
    }
    damaged
}

/// As a line of the conversation, with its `\n`.
pub fn line(frame: &[u8]) -> String {
    let mut line: String =
        frame.iter().map(|byte| format!("{byte:02x}")).collect();
    line.push('\n');
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_has_a_name_of_its_own_and_fits_into_a_line() {
        let mut names: Vec<&str> =
            CAPTURED.iter().map(|(name, _)| &name[..]).collect();
        assert!(names.len() > 30, "{names:?}");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), CAPTURED.len());
        assert!(all().all(|frame| line(frame).len() <= 4096));
    }

    #[test]
    fn a_right_checksum_is_the_one_that_was_captured() {
        let frame = named("ipv4 options tcp");
        let wrong = with(frame, 14 + 10, &[0xaa, 0xaa]);
        assert_ne!(wrong, frame);
        assert_eq!(right_ipv4(wrong), frame);
    }

    #[test]
    fn another_sum_is_as_right_as_the_one_that_was_captured() {
        use super::super::dissect;
        for (name, at) in [("udp", 40), ("ipv6 udp", 60)] {
            for checksum in [0x1234, 0xffff, 1] {
                let frame = other_sum(named(name), at, checksum);
                assert_eq!(frame[at..at + 2], checksum.to_be_bytes());
                assert!(dissect(&frame).contains("checksum ok, payload"));
            }
        }
        let more = dissect(&behind_udp());
        assert!(
            more.ends_with("checksum ok, payload 13, padding 3"),
            "{more}"
        );
    }

    #[test]
    fn padding_is_what_a_short_frame_lacks() {
        let mut rng = Rng::with_seed(2);
        assert_eq!(padded(named("arp request"), &mut rng).len(), 60);
        assert_eq!(padded(named("tcp hello"), &mut rng).len(), 79);
    }
}
