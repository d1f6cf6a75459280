//! Lesson 7's client: sends three messages, and reads three back.
//!
//!     cargo run --example lesson7_client 127.0.0.1:PORT

use std::env;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::ExitCode;

/// Longest message a frame may carry: a peer's claim must not size a buffer.
const MAX_MESSAGE: usize = 1024;

fn main() -> ExitCode {
    let Some(address) = env::args().nth(1) else {
        eprintln!("client: give it the address that the server printed");
        return ExitCode::FAILURE;
    };
    match talk(&address) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("client: {error}");
            ExitCode::FAILURE
        }
    }
}

fn talk(address: &str) -> io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    let messages = ["to", "be", "continued"];
    for message in messages {
        let length = (message.len() as u16).to_be_bytes();
        // One write, or the length may travel as a packet of its own.
        stream.write_all(&[&length[..], message.as_bytes()].concat())?;
        println!("[client] wrote \"{message}\"");
    }
    stream.shutdown(Shutdown::Write)?;
    for _ in messages {
        let message = read_frame(&mut stream)?;
        println!("[client] read \"{}\"", String::from_utf8_lossy(&message));
    }
    Ok(())
}

/// Reads one frame. We know how many there are: any end is too early.
fn read_frame(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let length = usize::from(u16::from_be_bytes(length));
    if length > MAX_MESSAGE {
        let why = format!("a message of {length} bytes is too long");
        return Err(io::Error::new(ErrorKind::InvalidData, why));
    }
    let mut message = vec![0; length];
    // Reads on until it is full; an end before that is `UnexpectedEof`.
    stream.read_exact(&mut message)?;
    Ok(message)
}
