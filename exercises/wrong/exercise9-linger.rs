//! Caught by: three lines come back in order, then FIN
//!
//! An answer is out, and a reset follows it: "so no TIME-WAIT is left".

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;
use std::{env, thread};

use socket2::SockRef;

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
    stream.write_all(&sorted(&sent))?;
    SockRef::from(&stream).set_linger(Some(Duration::ZERO))
}

/// The lines of `sent` in the order of their bytes, each with its `\n`.
pub fn sorted(sent: &[u8]) -> Vec<u8> {
    // What follows the last `\n` is a line only if it is not empty.
    let ended = sent.strip_suffix(b"\n").unwrap_or(sent);
    if sent.is_empty() {
        return Vec::new();
    }
    let mut lines: Vec<&[u8]> = ended.split(|&byte| byte == b'\n').collect();
    lines.sort_unstable();
    let mut answer = lines.join(&b'\n');
    answer.push(b'\n');
    answer
}
