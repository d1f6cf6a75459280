//! Caught by: nothing is answered before end
//!
//! A problem is answered as soon as it is found, while the client still
//! sends.

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Longest message, in bytes: a stranger's claim must not size a buffer.
const MAX_TOTAL: u64 = 1_048_576;

/// Longest line, in bytes, with its ending.
const MAX_LINE: u64 = 4096;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        // One client's error ends its conversation, not the server.
        if let Err(error) = stream.and_then(serve) {
            eprintln!("a client was dropped: {error}");
        }
    }
    Ok(())
}

/// Reads up to `end`, then answers; the connection closes on return.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut message = None;
    let mut problem = None;
    loop {
        let line = read_line(&mut lines)?;
        if line == b"end" {
            break;
        }
        problem = take(&line, &mut message).err();
        if problem.is_some() {
            break;
        }
    }
    let answer = match (problem, message) {
        (Some(problem), _) => problem,
        (None, Some(message)) => message.state(),
        (None, None) => BAD_LINE.to_owned(),
    };
    stream.write_all(format!("{answer}\n").as_bytes())
}

fn read_line(lines: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    lines.take(MAX_LINE).read_until(b'\n', &mut line)?;
    match line.pop() {
        Some(b'\n') => Ok(line),
        _ => Err(ErrorKind::UnexpectedEof.into()),
    }
}

const BAD_LINE: &str = "error bad line";
const TOO_LARGE: &str = "error too large";
const OUT_OF_RANGE: &str = "error out of range";

/// Takes in one line, or says what is wrong with it.
fn take(line: &[u8], message: &mut Option<Message>) -> Result<(), String> {
    let line = str::from_utf8(line).map_err(|_| BAD_LINE)?;
    let fields: Vec<&str> = line.split(' ').collect();
    match (fields.as_slice(), message) {
        (["message", total], none @ None) => {
            *none = Some(Message::new(number(total)?)?);
            Ok(())
        }
        (["packet", offset, hex], Some(message)) => {
            message.put(number(offset)?, &bytes(hex)?)
        }
        _ => Err(BAD_LINE.to_owned()),
    }
}

/// Digits and nothing else: `parse` alone would take a sign.
fn number(text: &str) -> Result<u64, String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse().ok().filter(|_| digits);
    number.ok_or_else(|| BAD_LINE.to_owned())
}

fn bytes(hex: &str) -> Result<Vec<u8>, String> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |pair: &[u8]| match *pair {
        [high, low] => Some((digit(high)? * 16 + digit(low)?) as u8),
        _ => None,
    };
    let bytes: Option<Vec<u8>> = hex.as_bytes().chunks(2).map(byte).collect();
    bytes
        .filter(|bytes| !bytes.is_empty())
        .ok_or_else(|| BAD_LINE.to_owned())
}

/// A message with holes.
struct Message(Vec<Option<u8>>);

impl Message {
    fn new(total: u64) -> Result<Message, String> {
        if total > MAX_TOTAL {
            return Err(TOO_LARGE.to_owned());
        }
        Ok(Message(vec![None; total as usize]))
    }

    fn put(&mut self, offset: u64, bytes: &[u8]) -> Result<(), String> {
        // `get_mut` with a sum that cannot overflow: both are checked.
        let start = usize::try_from(offset).map_err(|_| OUT_OF_RANGE)?;
        let end = start.checked_add(bytes.len()).ok_or(OUT_OF_RANGE)?;
        let places = self.0.get_mut(start..end).ok_or(OUT_OF_RANGE)?;
        for (index, (place, &byte)) in places.iter_mut().zip(bytes).enumerate()
        {
            if *place.get_or_insert(byte) != byte {
                return Err(format!("conflict {}", start + index));
            }
        }
        Ok(())
    }

    /// The whole message, or its first gap.
    fn state(&self) -> String {
        if let Some(start) = self.0.iter().position(Option::is_none) {
            let gap = &self.0[start..];
            let length = gap.iter().take_while(|place| place.is_none()).count();
            return format!("missing {start} {length}");
        }
        let hex = |byte: &u8| format!("{byte:02x}");
        let hex: String = self.0.iter().flatten().map(hex).collect();
        format!("complete {hex}")
    }
}
