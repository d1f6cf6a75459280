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
    fn padding_is_what_a_short_frame_lacks() {
        let mut rng = Rng::with_seed(2);
        assert_eq!(padded(named("arp request"), &mut rng).len(), 60);
        assert_eq!(padded(named("tcp hello"), &mut rng).len(), 79);
    }
}
