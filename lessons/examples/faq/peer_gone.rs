//! The other side goes away: with a word, in a crash, or not at all visibly.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use super::Result;
use super::other::{Other, wait};

pub fn show() -> Result {
    println!("It happens:");
    let mut server = Other::start("peer-gone", "closes")?;
    let mut stream = TcpStream::connect(server.address()?)?;
    server.shows()?;
    let mut received = Vec::new();
    stream.read_to_end(&mut received)?;
    println!("[client] read {} bytes, then the end", received.len());

    let mut server = Other::start("peer-gone", "crashes")?;
    let mut stream = TcpStream::connect(server.address()?)?;
    stream.write_all(b"a question")?;
    server.shows()?;
    server.kill()?;
    println!("[server] killed, our question unread");
    let gone = match stream.read(&mut [0; 64]) {
        Ok(n) => n == 0,
        Err(error) => error.kind() == ErrorKind::ConnectionReset,
    };
    println!("[client] the end or a reset, either says it: {gone}");

    println!("The cure:");
    let mut server = Other::start("peer-gone", "falls silent")?;
    let mut stream = TcpStream::connect(server.address()?)?;
    server.shows()?;
    stream.set_read_timeout(Some(Duration::from_millis(200)))?;
    let mut beat = [0; 5];
    stream.read_exact(&mut beat)?;
    println!("[client] a heartbeat, so it is there");
    let silent = stream.read_exact(&mut beat).is_err();
    println!("[client] no heartbeat within 200 ms, so it is not: {silent}");
    Ok(())
}

pub fn other(part: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    match part {
        "closes" => {
            stream.write_all(b"bye")?;
            println!("[server] said \"bye\" and closed");
            Ok(())
        }
        "crashes" => {
            // The question has arrived, and stays unread.
            stream.peek(&mut [0; 1])?;
            println!("[server] at work");
            wait()
        }
        _ => {
            stream.write_all(b"beat\n")?;
            println!("[server] sent one heartbeat, and no more");
            wait()
        }
    }
}
