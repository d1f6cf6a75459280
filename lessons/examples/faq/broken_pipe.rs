//! Writing to somebody who no longer reads.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use super::Result;
use super::other::Other;

pub fn show() -> Result {
    println!("It happens:");
    let (_server, mut stream) = Other::with_client("broken-pipe")?;
    stream.write_all(b"first")?;
    println!("[client] the first write after that: Ok");
    let error = write_on(&mut stream)?;
    // Windows says that the connection was aborted or reset.
    let broken = matches!(
        error.kind(),
        ErrorKind::BrokenPipe
            | ErrorKind::ConnectionAborted
            | ErrorKind::ConnectionReset
    );
    println!("[client] a later write: the pipe is broken: {broken}");

    println!("The cure:");
    let (_server, mut stream) = Other::with_client("broken-pipe")?;
    let n = stream.read(&mut [0; 64])?;
    println!("[client] read: {n} bytes, so nobody will answer: write no more");
    Ok(())
}

/// Writes until the system has heard that nobody reads.
fn write_on(stream: &mut TcpStream) -> Result<io::Error> {
    let deadline = Instant::now() + Duration::from_secs(5);
    while Instant::now() < deadline {
        if let Err(error) = stream.write_all(b"more") {
            return Ok(error);
        }
        thread::yield_now();
    }
    Err("every write succeeded for 5 s".into())
}

pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    drop(listener.accept()?);
    println!("[server] accepted, and closed");
    Ok(())
}
