//! Caught by: killed, and started again at once
//!
//! `socket2` sets nothing that it was not told to, as std does.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::{env, thread};

use socket2::{Domain, Socket, Type};

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let address = address.parse().map_err(io::Error::other)?;
    for stream in listen(address)?.incoming() {
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

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    if address.is_ipv6() {
        // Off by default on Linux and macOS, on on Windows.
        socket.set_only_v6(false)?;
    }
    socket.bind(&address.into())?;
    socket.listen(128)?;
    Ok(socket.into())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    // The answer is one write, and still: who adds a second one later will
    // not have to find the stall.
    stream.set_nodelay(true)?;
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        // Without its end it is half a line: the client has left.
        let Some(text) = line.strip_suffix(b"\n") else {
            return Ok(());
        };
        let length = text.len().to_string();
        stream.write_all(&[length.as_bytes(), b"\n", &line].concat())?;
        if text == b"bye" {
            return Ok(());
        }
        line.clear();
    }
    Ok(())
}
