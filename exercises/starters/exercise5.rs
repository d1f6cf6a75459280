//! Exercise 5: a stopwatch for four phases.
//!
//!     cargo run -- check 5
//!
//! Write a client. It is started with one argument, the address of a name
//! service, and makes one request, in four phases:
//!
//! 1. lookup: connect to the name service, send `where\n`, read one line. It
//!    is the server's address, such as `127.0.0.1:4711`.
//! 2. connect: connect to that address, read the line `ready`.
//! 3. first: send `get\n`, read the first byte of the answer.
//! 4. transfer: read the rest, to the end of the stream.
//!
//! Then it prints how long each of them took, in whole milliseconds, and the
//! sum of these numbers, in one line; and exits with status 0:
//!
//!     lookup=12 connect=3 first=405 transfer=80 total=500
//!
//! If a phase fails, it prints those that ended, then the one that did not,
//! and exits with status 1:
//!
//!     lookup=12 failed=connect
//!
//! Lines end with `\n`, and have at most 64 bytes. There is no time limit.

use std::env;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Instant;

fn main() -> io::Result<()> {
    let service = env::args().nth(1).expect("the first argument: an address");
    let start = Instant::now();
    let mut service = TcpStream::connect(service)?;
    service.write_all(b"where\n")?;

    // TODO: this takes whatever one `read` returns for the line, and knows
    // one phase only.
    let mut buffer = [0; 64];
    let count = service.read(&mut buffer)?;
    let server = String::from_utf8_lossy(&buffer[..count]);
    let lookup = start.elapsed().as_millis();
    let _stream = TcpStream::connect(server.trim_end())?;
    println!("lookup={lookup} failed=connect");
    Ok(())
}
