//! Exercise 3, messages cut into packets: bytes and dice go in, packets,
//! the lines that carry them and the right answer come out.

use std::collections::HashMap;
use std::fmt::Write as _;

use fastrand::Rng;

/// An offset, and the bytes from there on.
pub type Packet = (usize, Vec<u8>);

pub fn random_bytes(count: usize, rng: &mut Rng) -> Vec<u8> {
    (0..count).map(|_| rng.u8(..)).collect()
}

/// Packets of equal length, but for the last.
pub fn pieces(message: &[u8], length: usize) -> Vec<Packet> {
    message
        .chunks(length)
        .enumerate()
        .map(|(index, chunk)| (index * length, chunk.to_vec()))
        .collect()
}

/// Packets of 1 to `longest` bytes, in order.
pub fn split(message: &[u8], longest: usize, rng: &mut Rng) -> Vec<Packet> {
    let mut offset = 0;
    let mut packets = Vec::new();
    for piece in crate::peer::cut(message, longest, rng) {
        packets.push((offset, piece.to_vec()));
        offset += piece.len();
    }
    packets
}

/// Mostly a part of `message`. Now and then a bit has flipped, or it begins
/// somewhere else and may reach past the end.
pub fn random_packet(message: &[u8], rng: &mut Rng) -> Packet {
    let from = rng.usize(..message.len());
    let to = rng.usize(from + 1..=message.len());
    let mut bytes = message[from..to].to_vec();
    match rng.u8(..16) {
        0 => {
            let index = rng.usize(..bytes.len());
            bytes[index] ^= 1 << rng.u8(..8);
            (from, bytes)
        }
        1 => (rng.usize(..message.len() + 2), bytes),
        _ => (from, bytes),
    }
}

/// All lines of a conversation.
pub fn conversation(total: usize, packets: &[Packet]) -> String {
    let mut lines = format!("message {total}\n");
    for (offset, bytes) in packets {
        writeln!(lines, "packet {offset} {}", to_hex(bytes)).ok();
    }
    lines.push_str("end\n");
    lines
}

/// The right answer, found in the plainest way.
pub fn model(total: usize, packets: &[Packet]) -> String {
    let mut known = HashMap::new();
    for (offset, bytes) in packets {
        if offset + bytes.len() > total {
            return "error out of range".to_owned();
        }
        for (place, byte) in (*offset..).zip(bytes) {
            if known.insert(place, *byte).is_some_and(|old| old != *byte) {
                return format!("conflict {place}");
            }
        }
    }
    let gap = |place: &usize| !known.contains_key(place);
    if let Some(start) = (0..total).find(gap) {
        let length = (start..total).take_while(gap).count();
        return format!("missing {start} {length}");
    }
    let bytes: Vec<u8> = (0..total).map(|place| known[&place]).collect();
    format!("complete {}", to_hex(&bytes))
}

/// Lower case.
pub fn to_hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a string cannot fail.
        write!(hex, "{byte:02x}").ok();
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_keeps_the_rules() {
        let packets = |list: &[(usize, &[u8])]| -> Vec<Packet> {
            list.iter()
                .map(|(at, bytes)| (*at, bytes.to_vec()))
                .collect()
        };
        let whole = packets(&[(1, b"\xbb\xcc"), (0, b"\xaa\xbb")]);
        assert_eq!(model(3, &whole), "complete aabbcc");
        assert_eq!(model(6, &whole), "missing 3 3");
        assert_eq!(model(2, &whole), "error out of range");
        let torn = packets(&[(1, b"\xbb"), (0, b"\xaa\x00")]);
        assert_eq!(model(9, &torn), "conflict 1");
    }

    #[test]
    fn a_split_message_is_still_whole() {
        let mut rng = Rng::with_seed(3);
        let message = random_bytes(99, &mut rng);
        let packets = split(&message, 7, &mut rng);
        let answer = model(99, &packets);
        assert_eq!(answer, format!("complete {}", to_hex(&message)));
    }
}
