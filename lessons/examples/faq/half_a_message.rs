//! One `read` brings half a message.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::Result;
use super::other::{Other, wait};

pub fn show() -> Result {
    println!("It happens:");
    let (mut server, mut stream) = Other::with_client("half-a-message")?;
    let mut buffer = [0; 64];
    let n = stream.read(&mut buffer)?;
    let text = String::from_utf8_lossy(&buffer[..n]);
    println!("[client] one read: {text:?}");
    server.go_on()?;

    println!("The cure:");
    let (mut server, stream) = Other::with_client("half-a-message")?;
    server.go_on()?;
    // The message ends with a line feed: read until it is there.
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(stream));
    let line = lines.next().ok_or("no line")??;
    println!("[client] read to the end of the line: {line:?}");
    Ok(())
}

pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    stream.write_all(b"the answer ")?;
    println!("[server] sends \"the answer is 42\" and a line feed, in pieces");
    wait()?;
    stream.write_all(b"is 42\n")?;
    wait()
}
