//! Caught by: a new connection has an empty table
//!
//! The table belongs to the server, not to the connection.

use std::collections::{BTreeMap, HashMap};
use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Longest line, in bytes, with its ending.
const MAX_LINE: u64 = 100;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    let mut table = Table::default();
    for stream in listener.incoming() {
        // One client's error ends its conversation, not the server.
        let served = stream.and_then(|stream| serve(stream, &mut table));
        if let Err(error) = served {
            eprintln!("a client was dropped: {error}");
        }
    }
    Ok(())
}

/// Answers each line, until the stream or a whole line ends.
fn serve(mut stream: TcpStream, table: &mut Table) -> io::Result<()> {
    // Answers are short, and each of them is waited for.
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?);
    loop {
        let mut line = Vec::new();
        lines.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
        let Some(line) = line.strip_suffix(b"\n") else {
            return Ok(());
        };
        let answer = answer(line, table);
        let answer = answer.unwrap_or_else(|what| format!("error {what}"));
        stream.write_all(format!("{answer}\n").as_bytes())?;
    }
}

/// What one line does to the table, and its answer, or what is wrong.
pub fn answer(line: &[u8], table: &mut Table) -> Result<String, &'static str> {
    let fields: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
    match fields.as_slice() {
        [b"add", prefix, next, cost] => {
            let (prefix, next) = (read_prefix(prefix)?, name(next)?);
            let cost = number(cost).filter(|cost| (1..=65_535).contains(cost));
            let cost = cost.ok_or("bad cost")?;
            table.entry(prefix).or_default().insert(next, cost);
            Ok("ok".to_owned())
        }
        [b"withdraw", prefix, next] => {
            let (prefix, next) = (read_prefix(prefix)?, name(next)?);
            let routes = table.get_mut(&prefix).ok_or("no such route")?;
            routes.remove(&next).ok_or("no such route")?;
            Ok("ok".to_owned())
        }
        [b"forward", address, ttl] => {
            let address = read_address(address).ok_or("bad address")?;
            let ttl = number(ttl).filter(|ttl| *ttl <= 255);
            Ok(forward(table, address, ttl.ok_or("bad ttl")?))
        }
        _ => Err("bad line"),
    }
}

/// For each prefix, its length first, the cost of each next step.
pub type Table = HashMap<(u32, u32), BTreeMap<String, u32>>;

fn forward(table: &Table, address: u32, ttl: u32) -> String {
    if ttl <= 1 {
        return "drop ttl".to_owned();
    }
    // One look for each length, however many routes there are.
    for length in (0..=32).rev() {
        let routes = table.get(&(length, address & mask(length)));
        let routes = routes.into_iter().flatten();
        // Of several least the first, and a BTreeMap is in order.
        if let Some((next, _)) = routes.min_by_key(|(_, cost)| **cost) {
            return format!("send {next} {}", ttl - 1);
        }
    }
    "drop no route".to_owned()
}

/// The first `length` bits. A shift by 32 does not fit into 32 bits.
fn mask(length: u32) -> u32 {
    u32::MAX.checked_shl(32 - length).unwrap_or(0)
}

/// Length and first address.
fn read_prefix(text: &[u8]) -> Result<(u32, u32), &'static str> {
    let read = || {
        let slash = text.iter().position(|byte| *byte == b'/')?;
        let address = read_address(&text[..slash])?;
        let length = number(&text[slash + 1..]).filter(|it| *it <= 32)?;
        (address & !mask(length) == 0).then_some((length, address))
    };
    read().ok_or("bad prefix")
}

fn read_address(text: &[u8]) -> Option<u32> {
    let parts = text.split(|byte| *byte == b'.');
    let bytes: Option<Vec<u8>> =
        parts.map(|part| number(part)?.try_into().ok()).collect();
    let bytes: [u8; 4] = bytes?.try_into().ok()?;
    Some(u32::from_be_bytes(bytes))
}

fn name(text: &[u8]) -> Result<String, &'static str> {
    let right = (1..=8).contains(&text.len())
        && text.iter().all(u8::is_ascii_alphanumeric);
    let name = String::from_utf8(text.to_vec());
    name.ok().filter(|_| right).ok_or("bad next")
}

/// Digits and nothing else, without a leading zero: `parse` alone would take
/// a sign.
fn number(text: &[u8]) -> Option<u32> {
    let digits = text.iter().all(u8::is_ascii_digit);
    let leading = text.len() > 1 && text.starts_with(b"0");
    let number = str::from_utf8(text).ok()?.parse().ok();
    number.filter(|_| digits && !leading)
}
