//! Caught by: only \n ends a line
//!
//! `lines` takes a `\r` away, and wants UTF-8.

use std::io::{self, BufRead, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::{env, thread};

/// Most bytes of one client: memory is ours, and the peer is a stranger.
const MOST: usize = 8 * 1024 * 1024;

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
    let mut sent = Vec::new();
    // One byte more than allowed is enough to know.
    let most = MOST as u64 + 1;
    (&stream).take(most).read_to_end(&mut sent)?;
    if sent.len() > MOST {
        return Err(ErrorKind::InvalidData.into());
    }
    stream.write_all(&sorted(&sent))
    // Everything has been read, so that the drop is an orderly end.
}

/// The lines of `sent` in the order of their bytes, each with its `\n`.
pub fn sorted(sent: &[u8]) -> Vec<u8> {
    if sent.is_empty() {
        return Vec::new();
    }
    let mut lines: Vec<String> = sent.lines().map_while(Result::ok).collect();
    lines.sort_unstable();
    let mut answer = lines.join("\n").into_bytes();
    answer.push(b'\n');
    answer
}
