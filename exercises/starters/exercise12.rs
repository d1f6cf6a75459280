//! Exercise 12: the server that restarts at once.
//!
//!     cargo run -- check 12
//!
//! Write a server. It is started with one argument, the address to listen
//! on: 127.0.0.1:PORT, [::1]:PORT or [::]:PORT. A line is up to 100 bytes
//! of any kind but `\n`, and `\n`; it is answered by two lines, its length
//! in decimal and itself: `hello` by `5` and `hello`, an empty line by `0`
//! and an empty line.
//!
//! * After the answer to `bye` the server closes the connection, first and
//!   in order.
//! * When the client ends the stream, the server closes too; half a line is
//!   not answered.
//! * No answer may wait for a delayed ACK.
//! * While one client says nothing, others are served.
//! * Clients that call while the program cannot accept get in, 64 of them.
//! * When the program is killed and started again at once, it listens, at
//!   the same port, whatever connections are left over.
//! * At [::] it serves IPv6 and IPv4, on every system.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::{env, thread};

use socket2::{Domain, Socket, Type};

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let address = address.parse().map_err(io::Error::other)?;
    for stream in listen(address)?.incoming() {
        let Ok(stream) = stream else { continue };
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
    // TODO: all knobs are as the system had them. Which ones must be turned
    // before `bind`, and is this queue long enough?
    socket.bind(&address.into())?;
    socket.listen(8)?;
    Ok(socket.into())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let Some(text) = line.strip_suffix(b"\n") else {
            return Ok(());
        };
        // TODO: two small writes, and `bye` is a line like any other.
        writeln!(stream, "{}", text.len())?;
        stream.write_all(&line)?;
        line.clear();
    }
    Ok(())
}
