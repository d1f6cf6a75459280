//! Caught by: a name of 1,025 bytes is refused
//!
//! `?` in the loop of `main`: the first bad line ends the server.

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Longest name, in bytes, without the line's ending.
const MAX_NAME: usize = 1024;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        greet(stream?)?;
    }
    Ok(())
}

/// Reads one line and answers it; the connection closes on return.
fn greet(mut stream: TcpStream) -> io::Result<()> {
    let name = read_name(&stream)?;
    let name = if name.is_empty() { "stranger" } else { &name };
    stream.write_all(format!("Hello, {name}!\n").as_bytes())
}

/// Reads one line, without its ending.
fn read_name(stream: impl Read) -> io::Result<String> {
    let mut line = Vec::new();
    // `take`, so that a line without an end cannot fill the memory.
    let most = MAX_NAME + "\r\n".len();
    BufReader::new(stream.take(most as u64)).read_until(b'\n', &mut line)?;
    if line.pop() != Some(b'\n') {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    if line.len() > MAX_NAME {
        return Err(ErrorKind::InvalidData.into());
    }
    // Only now: half a line may end inside a character.
    String::from_utf8(line)
        .map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}
