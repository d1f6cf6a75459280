//! Lesson 7's server: gives every message back, each in its frame.
//!
//!     cargo run --example lesson7_server        (prints its address)

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpListener;
use std::process::ExitCode;

/// Longest message a frame may carry: a peer's claim must not size a buffer.
const MAX_MESSAGE: usize = 1024;

fn main() -> ExitCode {
    match serve_one() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve_one() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);

    let (mut stream, _) = listener.accept()?;
    while let Some(message) = read_frame(&mut stream)? {
        println!("[server] read \"{}\"", String::from_utf8_lossy(&message));
        // `read_frame` has seen to it that the length fits into 16 bits.
        let length = (message.len() as u16).to_be_bytes();
        stream.write_all(&[&length[..], &message].concat())?;
    }
    println!("[server] read the end");
    Ok(())
}

/// Reads one frame; `None` if the peer closed between two frames.
fn read_frame(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 2];
    // The first byte alone may be missing: there the stream may end.
    if stream.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    stream.read_exact(&mut length[1..])?;
    let length = usize::from(u16::from_be_bytes(length));
    if length > MAX_MESSAGE {
        let why = format!("a message of {length} bytes is too long");
        return Err(io::Error::new(ErrorKind::InvalidData, why));
    }
    let mut message = vec![0; length];
    // Reads on until it is full; an end before that is `UnexpectedEof`.
    stream.read_exact(&mut message)?;
    Ok(Some(message))
}
