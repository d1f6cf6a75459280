//! Caught by: a client that does not read: bounded
//!
//! A queue between reading and writing takes whatever comes.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddrV4, TcpListener, TcpStream};
use std::sync::mpsc;
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
        thread::spawn(move || {
            if let Err(error) = serve(client) {
                eprintln!("a connection was dropped: {error}");
            }
        });
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

/// One direction, until its end.
fn pass_on(from: &TcpStream, to: &TcpStream) -> io::Result<()> {
    let (queue, work) = mpsc::channel();
    let passed = thread::scope(|scope| {
        let writing = scope.spawn(move || write_out(&work, to));
        let read = read_in(from, &queue);
        drop(queue);
        read.and(writing.join().expect("it does not panic"))
    });
    passed.inspect_err(|_| {
        let _ = from.shutdown(Shutdown::Both);
        let _ = to.shutdown(Shutdown::Both);
    })
}

fn read_in(
    mut from: &TcpStream,
    queue: &mpsc::Sender<Vec<u8>>,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        match from.read(&mut buffer)? {
            0 => return Ok(()),
            count => queue
                .send(buffer[..count].to_vec())
                .map_err(io::Error::other)?,
        }
    }
}

fn write_out(
    work: &mpsc::Receiver<Vec<u8>>,
    mut to: &TcpStream,
) -> io::Result<()> {
    for piece in work {
        to.write_all(&piece)?;
    }
    to.shutdown(Shutdown::Write)
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
