//! Exercise 18: an impatient client.
//!
//!     cargo run -- check 18
//!
//! Write a client. It is started with one argument, the address to connect
//! to. It sends the four bytes `GET\n`, and prints the one line that comes
//! back, without its `\n` or `\r\n`; then it exits with status 0. It has
//! 500 ms for everything, connecting included.
//!
//! Otherwise it prints one word, and exits with status 1:
//!
//! * `timeout`: the 500 ms are over before the line is complete.
//! * `refused`: nobody listens.
//! * `closed`: the peer ends or resets the connection before the line is
//!   complete.
//!
//! A line has at most 1,024 bytes before its ending.

use std::env;
use std::io::{self, Read, Write};
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(b"GET\n")?;

    // TODO: this waits for as long as the server likes, and takes whatever
    // one `read` returns for the line.
    let mut buffer = [0; 1024];
    let count = stream.read(&mut buffer)?;
    print!("{}", String::from_utf8_lossy(&buffer[..count]));
    Ok(())
}
