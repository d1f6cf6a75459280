//! Caught by: a second client beside a silent one
//!
//! Connections are served one after the other.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddrV4, TcpListener, TcpStream};
use std::{env, thread};

/// Longest first line, its `\n` included.
const MAX_LINE: usize = 64;

/// All that a direction keeps in memory.
const BUFFER: usize = 16 * 1024;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for client in listener.incoming() {
        // A client can be gone before it is accepted: no reason to stop.
        let Ok(client) = client else { continue };
        if let Err(error) = serve(client) {
            eprintln!("a connection was dropped: {error}");
        }
    }
    Ok(())
}

fn serve(mut client: TcpStream) -> io::Result<()> {
    let line = read_line(&mut client)?;
    let target = target(&line).ok_or(ErrorKind::InvalidData)?;
    let upstream = TcpStream::connect(target)?;
    thread::scope(|scope| {
        let up = scope.spawn(|| pass_on(&client, &upstream));
        let down = pass_on(&upstream, &client);
        let up = up
            .join()
            .map_err(|_| io::Error::other("a thread panicked"))?;
        up.and(down)
    })
}

/// One direction, until its end. The write waits for as long as the other
/// side is slow, and meanwhile nothing is read: TCP tells the sender.
fn pass_on(mut from: &TcpStream, mut to: &TcpStream) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    let mut copy = || -> io::Result<()> {
        loop {
            let count = match from.read(&mut buffer) {
                // An end is passed on, and is the end of this half only.
                Ok(0) => return to.shutdown(Shutdown::Write),
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::Interrupted => {
                    continue;
                }
                Err(error) => return Err(error),
            };
            to.write_all(&buffer[..count])?;
        }
    };
    copy().inspect_err(|_| {
        // Both ends, so that the other direction does not wait for ever.
        // Whichever is gone already needs no shutdown.
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    })
}

/// Byte by byte: what follows the line is not ours.
fn read_line(client: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    while line.len() < MAX_LINE && line.last() != Some(&b'\n') {
        let mut byte = [0];
        client.read_exact(&mut byte)?;
        line.push(byte[0]);
    }
    Ok(line)
}

/// The address in a first line; `None` if there is none.
pub fn target(line: &[u8]) -> Option<SocketAddrV4> {
    let line = line.strip_suffix(b"\n")?;
    std::str::from_utf8(line).ok()?.parse().ok()
}
