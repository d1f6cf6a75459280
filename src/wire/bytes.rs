//! Reading bytes: in go those of a header, out come numbers and options.

use std::ops::Range;

/// The options of an IPv4 or TCP header that starts at `start`: the kind and
/// the range of each, up to the end of the list or to one that is broken.
pub(super) fn options(bytes: &[u8], start: usize) -> Vec<(u8, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(&kind) = bytes.get(at) {
        // The end of the list and the filler are single bytes (RFC 9293,
        // section 3.2; RFC 791, section 3.1).
        let size = match (kind, bytes.get(at + 1)) {
            (0 | 1, _) => 1,
            (_, Some(&size)) if size >= 2 => usize::from(size),
            _ => break,
        };
        if at + size > bytes.len() {
            break;
        }
        found.push((kind, start + at..start + at + size));
        if kind == 0 {
            break;
        }
        at += size;
    }
    found
}

/// Two bytes that are there.
pub(super) fn be16(bytes: &[u8], at: usize) -> u16 {
    let mut value = [0; 2];
    value.copy_from_slice(&bytes[at..at + 2]);
    u16::from_be_bytes(value)
}

/// Four bytes that are there.
pub(super) fn be32(bytes: &[u8], at: usize) -> u32 {
    let mut value = [0; 4];
    value.copy_from_slice(&bytes[at..at + 4]);
    u32::from_be_bytes(value)
}
