//! A peer that never answers: a call without a limit waits for ever.

use std::io::{ErrorKind, Read};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::Result;
use super::other::{Other, wait};

const LIMIT: Duration = Duration::from_millis(300);

pub fn show() -> Result {
    let mut server = Other::start("timeout", "server")?;
    let address = server.address()?;

    println!("It happens:");
    let mut stream = TcpStream::connect(address)?;
    server.shows()?;
    let (finished, waiting) = mpsc::channel();
    let mut waiter = stream.try_clone()?;
    let reader = thread::spawn(move || {
        let read = waiter.read(&mut [0; 64]);
        finished.send(read.is_ok()).ok();
    });
    let still = waiting.recv_timeout(LIMIT).is_err();
    println!("[client] after {LIMIT:?}, `read` still waits: {still}");
    stream.shutdown(std::net::Shutdown::Both)?;
    reader.join().map_err(|_| "the reader panicked")?;

    println!("The cure:");
    stream = TcpStream::connect(address)?;
    server.shows()?;
    stream.set_read_timeout(Some(LIMIT))?;
    let error = stream.read(&mut [0; 64]).err().ok_or("an answer came")?;
    // Unix has one name for it, Windows the other.
    let timed_out =
        matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
    println!("[client] after {LIMIT:?}, `read` timed out: {timed_out}");
    Ok(())
}

/// A server that accepts and never says a word.
pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let mut clients = Vec::new();
    for _ in 0..2 {
        clients.push(listener.accept()?);
        println!("[server] accepted a client, and says nothing");
    }
    wait()
}
