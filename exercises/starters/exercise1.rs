//! Exercise 1: a greeter that serves the next.
//!
//!     cargo run -- check 1
//!
//! Write a server. It is started with one argument, the address to listen
//! on. It reads one line of UTF-8, answers `Hello, NAME!` and a line feed,
//! closes the connection, and serves the next client.
//!
//! * The line ends with `\n` or `\r\n`, and has at most 1,024 bytes without
//!   its ending. NAME is the line as it was sent, not trimmed.
//! * An empty line is answered by `Hello, stranger!`.
//! * A longer line, bytes that are not UTF-8, or the end of the stream
//!   before `\n`: close without an answer.
//! * One client at a time is enough.

use std::env;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        if let Err(error) = greet(stream?) {
            eprintln!("a client was dropped: {error}");
        }
    }
    Ok(())
}

fn greet(mut stream: TcpStream) -> io::Result<()> {
    // TODO: this takes whatever one `read` returns for the name, line ending
    // and all. Read a line instead, and look at it before you answer.
    let mut buffer = [0; 1024];
    let count = stream.read(&mut buffer)?;
    let name = String::from_utf8_lossy(&buffer[..count]);
    stream.write_all(format!("Hello, {name}!\n").as_bytes())
}
