//! A socket that must not wait has nothing to give yet.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use super::Result;
use super::other::{Other, wait};

pub fn show() -> Result {
    let (mut server, mut stream) = Other::with_client("would-block")?;

    println!("It happens:");
    stream.set_nonblocking(true)?;
    let error = stream.read(&mut [0; 64]).err().ok_or("it is there")?;
    println!("[client] read, without waiting: {:?}", error.kind());

    println!("The cure:");
    server.go_on()?;
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut answer = [0; 6];
    stream.read_exact(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    println!("[client] read, waiting until there is something: {answer:?}");
    Ok(())
}

pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    println!("[server] accepted, and has nothing to say yet");
    wait()?;
    stream.write_all(b"answer")?;
    wait()
}
