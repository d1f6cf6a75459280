//! Exercise 21: a proxy in bounded memory.
//!
//!     cargo run -- check 21
//!
//! Write a server. It is started with one argument, the address to listen
//! on. The first line of each connection is the address of its upstream, an
//! IPv4 address and a port such as `127.0.0.1:4711`, then `\n`: at most 64
//! bytes in all. Connect there; then pass on, in both directions at any time,
//! every byte that follows, until both directions have ended.
//!
//! * The end of one direction is passed on as the end of that direction
//!   only: the other one goes on.
//! * When one of the two connections breaks off, close the other.
//! * When the first line is no address, or the upstream cannot be reached,
//!   close the connection.
//! * When one side does not read, stop reading from the other: at most
//!   64 MiB may be taken from one and not read by the other, kernels
//!   included.
//! * Whatever one connection does, all others are served.

use std::io::{self, BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::{env, thread};

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || {
            if let Err(error) = serve(stream) {
                eprintln!("a connection was dropped: {error}");
            }
        });
    }
    Ok(())
}

fn serve(mut client: TcpStream) -> io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut upstream = TcpStream::connect(line.trim_end())?;

    // TODO: this first passes on all that the client sends, until its end,
    // and only then what the upstream sends.
    io::copy(&mut reader, &mut upstream)?;
    io::copy(&mut upstream, &mut client)?;
    Ok(())
}
