//! Caught by: any byte but \n may stand in a line
//!
//! `lines` takes a `\r` away, wants UTF-8, and hands out the rest as well.

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
    // Windows gives a port in TIME-WAIT away in any case; there the option
    // would let two programs have it.
    if cfg!(unix) {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())?;
    socket.listen(128)?;
    Ok(socket.into())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    for line in BufReader::new(stream.try_clone()?).lines() {
        let line = line?;
        stream.write_all(format!("{}\n{line}\n", line.len()).as_bytes())?;
        if line == "bye" {
            return Ok(());
        }
    }
    Ok(())
}
