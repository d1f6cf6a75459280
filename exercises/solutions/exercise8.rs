//! Solution 8: a codec that takes no byte on trust.

use std::collections::BTreeMap;
use std::io::{self, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::{env, thread};

/// Longest body: a stranger's claim must not size a buffer.
const MAX_BODY: u64 = 4096;

/// What is wrong, as it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Problem {
    TooLong = 1,
    BadChecksum = 2,
    BadVarint = 3,
    CutShort = 4,
    LeftOver = 5,
    Twice = 6,
    NoText = 7,
    NoNumber = 8,
    NoId = 9,
}

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        // A client can be gone before it is accepted: no reason to stop.
        let Ok(stream) = stream else { continue };
        thread::spawn(move || {
            if let Err(error) = serve(stream) {
                eprintln!("a client was dropped: {error}");
            }
        });
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut records = BufReader::new(stream.try_clone()?);
    loop {
        let answer = match read_length(&mut records)? {
            None => return Ok(()),
            // Where the next record begins is not known now.
            Some(Err(problem)) => {
                return stream.write_all(&refusal(problem));
            }
            Some(Ok(length)) => {
                let mut body = vec![0; length];
                records.read_exact(&mut body)?;
                let mut checksum = [0; 4];
                records.read_exact(&mut checksum)?;
                judge(&body, u32::from_be_bytes(checksum))
            }
        };
        stream.write_all(&answer.unwrap_or_else(refusal))?;
    }
}

/// `None` if the client has closed between two records.
pub fn read_length(
    records: &mut impl Read,
) -> io::Result<Option<Result<usize, Problem>>> {
    let mut read = Vec::new();
    loop {
        let mut byte = [0];
        match records.read(&mut byte)? {
            0 if read.is_empty() => return Ok(None),
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            _ => read.push(byte[0]),
        }
        match take_varint(&mut &read[..]) {
            Err(Problem::CutShort) => continue,
            Ok(length) if length > MAX_BODY => {
                return Ok(Some(Err(Problem::TooLong)));
            }
            other => return Ok(Some(other.map(|length| length as usize))),
        }
    }
}

/// The answer to a body, if it is a right one.
pub fn judge(body: &[u8], checksum: u32) -> Result<Vec<u8>, Problem> {
    if crc32(body) != checksum {
        return Err(Problem::BadChecksum);
    }
    let mut answer = Vec::new();
    for (tag, value) in fields(body)? {
        put_field(&mut answer, tag, &value);
    }
    Ok(record(&answer))
}

/// The known fields by tag, each value as it is answered.
pub fn fields(mut body: &[u8]) -> Result<BTreeMap<u64, Vec<u8>>, Problem> {
    let mut fields = BTreeMap::new();
    while !body.is_empty() {
        let tag = take_varint(&mut body)?;
        let length = take_varint(&mut body)?;
        let length = usize::try_from(length).map_err(|_| Problem::CutShort)?;
        let split = body.split_at_checked(length);
        let (value, rest) = split.ok_or(Problem::CutShort)?;
        body = rest;
        // Only known tags are in the map.
        if fields.contains_key(&tag) {
            return Err(Problem::Twice);
        }
        let value = match tag {
            1 => id(value)?,
            2 => text(value)?,
            3 => numbers(value)?,
            4 => celsius(value)?,
            _ => continue,
        };
        fields.insert(tag, value);
    }
    if !fields.contains_key(&1) {
        return Err(Problem::NoId);
    }
    Ok(fields)
}

fn id(value: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut rest = value;
    take_varint(&mut rest)?;
    if !rest.is_empty() {
        return Err(Problem::LeftOver);
    }
    Ok(value.to_vec())
}

fn text(value: &[u8]) -> Result<Vec<u8>, Problem> {
    let text = str::from_utf8(value).map_err(|_| Problem::NoText)?;
    Ok(text.as_bytes().to_vec())
}

fn numbers(mut value: &[u8]) -> Result<Vec<u8>, Problem> {
    let mut numbers = Vec::new();
    while !value.is_empty() {
        numbers.push(take_varint(&mut value)?);
    }
    numbers.sort_unstable();
    let mut sorted = Vec::new();
    for number in numbers {
        put_varint(&mut sorted, number);
    }
    Ok(sorted)
}

fn celsius(value: &[u8]) -> Result<Vec<u8>, Problem> {
    let (bits, rest) = value.split_first_chunk().ok_or(Problem::CutShort)?;
    if !rest.is_empty() {
        return Err(Problem::LeftOver);
    }
    if f32::from_be_bytes(*bits).is_nan() {
        return Err(Problem::NoNumber);
    }
    Ok(value.to_vec())
}

pub fn take_varint(bytes: &mut &[u8]) -> Result<u64, Problem> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first().ok_or(Problem::CutShort)?;
        *bytes = rest;
        // Nine bytes hold 63 bits: the tenth has room for one.
        if shift == 63 && *byte > 1 {
            break;
        }
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            // A last byte of 0 adds nothing: it need not be there.
            if *byte == 0 && shift > 0 {
                break;
            }
            return Ok(number);
        }
    }
    Err(Problem::BadVarint)
}

fn put_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn put_field(body: &mut Vec<u8>, tag: u64, value: &[u8]) {
    put_varint(body, tag);
    put_varint(body, value.len() as u64);
    body.extend(value);
}

/// A body between its length and its checksum.
fn record(body: &[u8]) -> Vec<u8> {
    let mut record = Vec::new();
    put_varint(&mut record, body.len() as u64);
    record.extend(body);
    record.extend(crc32(body).to_be_bytes());
    record
}

fn refusal(problem: Problem) -> Vec<u8> {
    let mut body = Vec::new();
    put_field(&mut body, 15, &[problem as u8]);
    record(&body)
}

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
