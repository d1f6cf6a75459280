//! Caught by: the end before \n is refused
//!
//! `lines` hands out the last line even if its end never came.

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Longest name, in bytes, without the line's ending.
const MAX_NAME: usize = 1024;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        // One client's error ends its conversation, not the server.
        if let Err(error) = stream.and_then(greet) {
            eprintln!("a client was dropped: {error}");
        }
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
    // `take`, so that a line without an end cannot fill the memory.
    let most = MAX_NAME + "\r\n".len();
    let mut lines = BufReader::new(stream.take(most as u64)).lines();
    let line = lines.next().ok_or(ErrorKind::UnexpectedEof)??;
    if line.len() > MAX_NAME {
        return Err(ErrorKind::InvalidData.into());
    }
    Ok(line)
}
