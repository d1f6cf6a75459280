//! What reads a peer's bytes in programs that use more than the standard
//! library: any bytes go in, and nothing may panic or hang.

use std::net::SocketAddr;

// Programs are no libraries: there is no other way to call what is in them.
#[allow(dead_code)]
#[path = "../../lessons/examples/lesson11.rs"]
mod lesson11;
#[allow(dead_code)]
#[path = "../../lessons/examples/lesson2.rs"]
mod lesson2;
#[allow(dead_code)]
#[path = "../../lessons/examples/lesson5.rs"]
mod lesson5;
#[allow(dead_code)]
#[path = "../../lessons/examples/lesson8.rs"]
mod lesson8;
#[allow(dead_code)]
#[path = "../../exercises/solutions/exercise11.rs"]
mod solution11;
#[allow(dead_code)]
#[path = "../../exercises/solutions/exercise5.rs"]
mod solution5;
#[allow(dead_code)]
#[path = "../../exercises/solutions/exercise6.rs"]
mod solution6;

/// A name, and the function that takes any bytes.
pub type Target = (&'static str, fn(&[u8]));

pub const ALL: &[Target] = &[
    ("envelopes", envelopes),
    ("addresses", addresses),
    ("readings", readings),
    ("names", names),
];

/// Lesson 2: a capture file, and every frame in it; then as one frame.
pub fn envelopes(bytes: &[u8]) {
    if let Some((link, frames)) = lesson2::greetings(bytes) {
        for frame in frames {
            lesson2::open(link, frame).ok();
        }
    }
    for link in [1, 101] {
        lesson2::open(link, bytes).ok();
    }
}

/// Lesson 5, and exercises 5 and 6: a line with the address of somebody.
pub fn addresses(line: &[u8]) {
    let address = lesson5::parse_address(line).ok();
    assert_eq!(solution5::parse_address(line).ok(), address);
    if let Some(solution6::Line::Peer(peer)) = solution6::parse_line(line) {
        let line = line.strip_prefix(b"peer ").unwrap_or_default();
        assert_eq!(lesson5::parse_address(line).ok(), Some(peer));
        let again: Option<SocketAddr> = peer.to_string().parse().ok();
        assert_eq!(again, Some(peer));
    }
}

/// Lesson 8: a record in four formats. What one of them reads, it writes so
/// that it reads the same.
pub fn readings(record: &[u8]) {
    for (name, write, read) in lesson8::FORMATS {
        let Ok(reading) = read(record) else { continue };
        // By its digits: NaN is not equal to itself.
        let digits = format!("{reading:?}");
        // Numbers that JSON has no word for are the lesson's own surprise.
        if name == "JSON" && (digits.contains("inf") || digits.contains("NaN"))
        {
            continue;
        }
        let again = read(&write(&reading).expect("it was read"));
        let again = again.expect("it was written by us");
        assert_eq!(format!("{again:?}"), digits, "{name}");
    }
    let mut rest = record;
    while lesson8::take_varint(&mut rest).is_ok() {}
    // A receiver of RFC 1071 adds the sum itself, and has nothing left.
    let even = &record[..record.len() & !1];
    let sum = lesson8::internet_checksum(even).to_be_bytes();
    let whole = [even, &sum].concat();
    assert_eq!(lesson8::internet_checksum(&whole), 0);
    // So has one of CRC-32, but for what it is turned over with.
    let crc = lesson8::crc32(record).to_le_bytes();
    let whole = [record, &crc].concat();
    assert_eq!(lesson8::crc32(&whole), 0x2144_df1c);
}

/// Lesson 11: an answer; then as a question, whose answer by the solution is
/// one that the lesson understands.
pub fn names(message: &[u8]) {
    lesson11::records(message).ok();
    for at in 0..message.len() {
        if let Ok((name, place)) = lesson11::read_name(message, at) {
            assert!(at < place && place <= message.len());
            // Each byte of 254 as four characters at most.
            assert!(name.len() <= 4 * 254, "{name}");
        }
    }
    if let Some(answer) = solution11::answer(message, 512) {
        lesson11::records(&answer).expect("it was written by us");
    }
}
