//! Caught by: one byte at a time
//!
//! One `read` is taken for one frame: on a quiet machine it often is.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::{env, thread};

/// Longest message a frame may carry: a peer's claim must not size a buffer.
const MAX_MESSAGE: usize = 1024;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        // A client can be gone before it is accepted: no reason to stop.
        let Ok(stream) = stream else { continue };
        // A thread each, so that a client that says nothing holds up nobody.
        thread::spawn(move || {
            if let Err(error) = serve(stream) {
                eprintln!("a client was dropped: {error}");
            }
        });
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 2 + MAX_MESSAGE];
    loop {
        let mut received = stream.read(&mut buffer)?;
        if received == 0 {
            return Ok(());
        }
        let mut frames = &mut buffer[..];
        while received >= 2 {
            let length =
                usize::from(u16::from_be_bytes([frames[0], frames[1]]));
            if length > MAX_MESSAGE {
                return Err(ErrorKind::InvalidData.into());
            }
            if received < 2 + length {
                break;
            }
            frames[2..2 + length].make_ascii_uppercase();
            stream.write_all(&frames[..2 + length])?;
            received -= 2 + length;
            frames = &mut frames[2 + length..];
        }
    }
}
