//! Lesson 8: The same bytes are another record to who reads by other rules.
//!
//!     cargo run --example lesson8
//!
//! One reading is written down four ways, sent, and read back. Then somebody
//! reads it from the wrong end, and damage meets two checksums.
// house: allow length: four ways to write a record, and two checksums.
// wire: without acks: when the kernel says it alone depends on its timers.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use fastrand::Rng;
use lessons::formulas;
use serde::{Deserialize, Serialize};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    sensor: u32,
    place: String,
    celsius: f32,
}

/// A name, how to write a record, and how to read it.
type Format = (
    &'static str,
    fn(&Reading) -> Result<Vec<u8>>,
    fn(&[u8]) -> Result<Reading>,
);

// ANCHOR: formats
pub const FORMATS: [Format; 4] = [
    ("fixed", to_fixed, |record| {
        from_fixed(record, u32::from_be_bytes)
    }),
    ("tagged", to_tagged, from_tagged),
    ("CBOR", to_cbor, |record| Ok(ciborium::from_reader(record)?)),
    (
        "JSON",
        |reading| Ok(serde_json::to_vec(reading)?),
        |record| Ok(serde_json::from_slice(record)?),
    ),
];
// ANCHOR_END: formats

fn main() -> Result<()> {
    let reading = Reading {
        sensor: 300,
        place: "Zürich".to_owned(),
        celsius: 21.5,
    };
    println!("one record, written down four ways");
    four_ways(&reading)?;
    println!("read by somebody who has agreed on something else");
    misread(&reading)?;
    println!("the sensor breaks: its number is NaN");
    no_number(&reading)?;
    println!("damage on the way, and who sees it: the sum, CRC-32");
    swap_words(&to_fixed(&reading)?)?;
    replace_all(&to_fixed(&reading)?);
    // The value that every list of checksums gives for CRC-32.
    println!("  CRC-32 of \"123456789\": {:08x}", crc32(b"123456789"));
    Ok(())
}

// ANCHOR: four_ways
fn four_ways(reading: &Reading) -> Result<()> {
    let mut line = Line::new()?;
    for (name, write, read) in FORMATS {
        let record = line.carry(&write(reading)?)?;
        let verdict = verdict(read(&record), reading);
        println!("  {name:<6} {} bytes: {verdict}", record.len());
        show(&record);
    }
    Ok(())
}
// ANCHOR_END: four_ways

// ANCHOR: misread
fn misread(reading: &Reading) -> Result<()> {
    let mut line = Line::new()?;
    let record = line.carry(&to_fixed(reading)?)?;
    let read = from_fixed(&record, u32::from_le_bytes);
    println!("  fixed, the wrong end first: {}", verdict(read, reading));
    // Latin-1: each byte is a character.
    let place: String = record[4..11].iter().copied().map(char::from).collect();
    println!("  its place, read as Latin-1: {place}");

    // Next year's sender has a fourth field.
    let record = line.carry(&[to_fixed(reading)?, vec![7]].concat())?;
    let read = from_fixed(&record, u32::from_be_bytes);
    println!("  fixed, a field more: {}", verdict(read, reading));
    let field = vec![4 << 3, 7]; // field 4, a varint
    let record = line.carry(&[to_tagged(reading)?, field].concat())?;
    let read = from_tagged(&record);
    println!("  tagged, a field more: {}", verdict(read, reading));
    Ok(())
}
// ANCHOR_END: misread

fn no_number(reading: &Reading) -> Result<()> {
    let mut line = Line::new()?;
    let reading = Reading {
        celsius: f32::NAN,
        ..reading.clone()
    };
    for (name, write, read) in FORMATS {
        match read(&line.carry(&write(&reading)?)?) {
            Ok(Reading { celsius, .. }) => {
                let copy = celsius;
                let equal = celsius == copy;
                println!("  {name:<6} {celsius}, equal to its copy: {equal}");
            }
            Err(error) => println!("  {name:<6} an error: {error}"),
        }
    }
    Ok(())
}

/// Text as text, anything else in hexadecimal.
fn show(record: &[u8]) {
    match str::from_utf8(record) {
        Ok(text) if record.starts_with(b"{") => println!("    {text}"),
        _ => {
            for row in record.chunks(18) {
                let hex = row.iter().map(|byte| format!(" {byte:02x}"));
                println!("   {}", hex.collect::<String>());
            }
        }
    }
}

// ANCHOR: fixed
/// Fixed places: the sensor, 4 bytes; the place, 8; the temperature, 4.
fn to_fixed(reading: &Reading) -> Result<Vec<u8>> {
    let mut place = [0; 8];
    let room = place.get_mut(..reading.place.len());
    let room = room.ok_or("a place has at most 8 bytes")?;
    room.copy_from_slice(reading.place.as_bytes());
    let sensor = reading.sensor.to_be_bytes();
    let celsius = reading.celsius.to_bits().to_be_bytes();
    Ok([&sensor[..], &place, &celsius].concat())
}

/// `number` knows which end of a number comes first.
pub fn from_fixed(
    record: &[u8],
    number: fn([u8; 4]) -> u32,
) -> Result<Reading> {
    let (sensor, rest) = record.split_first_chunk().ok_or(ENDS_EARLY)?;
    let (place, rest) = rest.split_first_chunk::<8>().ok_or(ENDS_EARLY)?;
    let celsius = rest.try_into().map_err(|_| "not 16 bytes")?;
    // Not every row of bytes is UTF-8: this may fail.
    let place = str::from_utf8(place)?.trim_end_matches('\0');
    Ok(Reading {
        sensor: number(*sensor),
        place: place.to_owned(),
        celsius: f32::from_bits(number(celsius)),
    })
}
// ANCHOR_END: fixed

const ENDS_EARLY: &str = "the record ends early";

// ANCHOR: tagged
/// The way of Protocol Buffers: each field says its number and its type.
fn to_tagged(reading: &Reading) -> Result<Vec<u8>> {
    let mut record = vec![1 << 3]; // field 1, type 0: a varint
    put_varint(&mut record, reading.sensor.into());
    record.push(2 << 3 | 2); // field 2, type 2: a length and so many bytes
    put_varint(&mut record, reading.place.len() as u64);
    record.extend(reading.place.as_bytes());
    record.push(3 << 3 | 5); // field 3, type 5: 4 bytes, little end first
    record.extend(reading.celsius.to_le_bytes());
    Ok(record)
}

pub fn from_tagged(mut record: &[u8]) -> Result<Reading> {
    let mut reading = Reading::default();
    while !record.is_empty() {
        let key = take_varint(&mut record)?;
        // Its type says how long a field is, also one that nobody knows.
        let (number, bytes) = match key & 7 {
            0 => (take_varint(&mut record)?, &[][..]),
            2 => {
                let length = take_varint(&mut record)?;
                (0, take(&mut record, length)?)
            }
            5 => (0, take(&mut record, 4)?),
            _ => return Err("a field of an unknown type".into()),
        };
        match (key >> 3, key & 7) {
            (1, 0) => reading.sensor = number.try_into()?,
            (2, 2) => reading.place = str::from_utf8(bytes)?.to_owned(),
            (3, 5) => reading.celsius = f32::from_le_bytes(bytes.try_into()?),
            _ => {}
        }
    }
    Ok(reading)
}
// ANCHOR_END: tagged

// ANCHOR: varint
/// Seven bits a byte, the lowest first; the eighth says that more follow.
fn put_varint(record: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        record.push(number as u8 | 0x80);
        number >>= 7;
    }
    record.push(number as u8);
}

pub fn take_varint(record: &mut &[u8]) -> Result<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(record, 1)?[0];
        let bits = u64::from(byte & 0x7f);
        number |= bits << shift;
        // The tenth byte has room for one bit: what falls off is an error.
        if number >> shift != bits {
            break;
        }
        if byte & 0x80 == 0 {
            return Ok(number);
        }
    }
    Err("a varint of more than 64 bits".into())
}
// ANCHOR_END: varint

/// The first `length` bytes: a claim, compared with what is there.
fn take<'a>(record: &mut &'a [u8], length: u64) -> Result<&'a [u8]> {
    let length = usize::try_from(length)?;
    let (taken, rest) = record.split_at_checked(length).ok_or(ENDS_EARLY)?;
    *record = rest;
    Ok(taken)
}

fn to_cbor(reading: &Reading) -> Result<Vec<u8>> {
    let mut record = Vec::new();
    ciborium::into_writer(reading, &mut record)?;
    Ok(record)
}

fn verdict(read: Result<Reading>, written: &Reading) -> String {
    match read {
        Ok(read) if read == *written => "the same record".to_owned(),
        Ok(Reading {
            sensor,
            place,
            celsius,
        }) => {
            format!("no error\n    {sensor}, {place}, {celsius:.1e}")
        }
        Err(error) => format!("an error, {error}"),
    }
}

fn swap_words(record: &[u8]) -> Result<()> {
    let words: Vec<u16> = record.chunks(2).map(word).collect();
    let (sum, crc) = (internet_checksum(record), crc32(record));
    let formula = formulas::internet_checksum(&words);
    println!("  undamaged: {sum:04x} ({formula:04x}), {crc:08x}");

    let mut line = Line::new()?;
    let (mut swaps, mut sum_sees, mut crc_sees) = (0, 0, 0);
    for (i, j) in (0..8).flat_map(|i| (0..i).map(move |j| (i, j))) {
        let mut damaged = words.clone();
        damaged.swap(i, j);
        // Two words that are equal make no damage.
        if damaged != words {
            let bytes = damaged.iter().flat_map(|word| word.to_be_bytes());
            let arrived = line.carry(&bytes.collect::<Vec<u8>>())?;
            swaps += 1;
            sum_sees += u32::from(internet_checksum(&arrived) != sum);
            crc_sees += u32::from(crc32(&arrived) != crc);
        }
    }
    println!("  two words swapped, {swaps} ways: {sum_sees}, {crc_sees}");
    Ok(())
}

/// Every byte becomes another by chance, very often.
fn replace_all(record: &[u8]) {
    const TIMES: u32 = 1 << 20;
    let mut rng = Rng::with_seed(8);
    let (mut sum_misses, mut crc_misses) = (0, 0);
    let (sum, crc) = (internet_checksum(record), crc32(record));
    let mut damaged = vec![0; record.len()];
    for _ in 0..TIMES {
        rng.fill(&mut damaged);
        if internet_checksum(&damaged) == sum {
            sum_misses += 1;
            crc_misses += u32::from(crc32(&damaged) == crc);
        }
    }
    let expected = f64::from(TIMES) * formulas::undetected(16);
    println!("  all bytes replaced, 2^20 times: {sum_misses} unseen");
    println!("    by the sum ({expected:.0}), of these {crc_misses} by CRC-32");
}

// ANCHOR: sum
/// RFC 1071: the sum of all words, each carry added at the lowest place.
pub fn internet_checksum(bytes: &[u8]) -> u16 {
    let mut sum = 0;
    for pair in bytes.chunks(2) {
        sum += u64::from(word(pair));
    }
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}
// ANCHOR_END: sum

/// Two bytes as a number; one that is left over stands before a zero.
fn word(pair: &[u8]) -> u16 {
    u16::from_be_bytes([pair[0], *pair.get(1).unwrap_or(&0)])
}

// ANCHOR: crc
/// CRC-32: all bits as one long number, and the rest of a division.
pub fn crc32(bytes: &[u8]) -> u32 {
    let mut rest = u32::MAX;
    for byte in bytes {
        rest ^= u32::from(*byte);
        for _ in 0..8 {
            let divide = rest & 1 == 1;
            rest >>= 1;
            if divide {
                rest ^= 0xedb8_8320;
            }
        }
    }
    !rest
}
// ANCHOR_END: crc

/// Both ends of one connection.
struct Line {
    client: TcpStream,
    server: TcpStream,
}

impl Line {
    fn new() -> io::Result<Line> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let client = TcpStream::connect(listener.local_addr()?)?;
        // No record waits until the one before it is acknowledged.
        client.set_nodelay(true)?;
        let (server, _) = listener.accept()?;
        Ok(Line { client, server })
    }

    /// Sends a record in a frame of lesson 7, and returns what arrives.
    fn carry(&mut self, record: &[u8]) -> io::Result<Vec<u8>> {
        let length = (record.len() as u16).to_be_bytes();
        self.client.write_all(&[&length, record].concat())?;
        let mut length = [0; 2];
        self.server.read_exact(&mut length)?;
        let mut record = vec![0; u16::from_be_bytes(length).into()];
        self.server.read_exact(&mut record)?;
        Ok(record)
    }
}
