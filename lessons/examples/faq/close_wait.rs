//! Clients that have left, and sockets that nobody gives back.

use std::io::Read;
use std::net::{TcpListener, TcpStream};

use super::Result;
use super::other::Other;

const CLIENTS: usize = 5;

pub fn show() -> Result {
    println!("It happens:");
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let mut clients = Other::start("close-wait", &address)?;
    let mut kept = Vec::new();
    for _ in 0..CLIENTS {
        kept.push(listener.accept()?.0);
    }
    clients.go_on()?;
    clients.shows()?;
    let mut ended = 0;
    for stream in &mut kept {
        // The end of the stream, and this program does nothing about it.
        ended += usize::from(stream.read(&mut [0; 64])? == 0);
    }
    println!("[server] read 0 bytes, the end, from {ended} of {CLIENTS}");
    println!("[server] holds {} sockets all the same", kept.len());

    println!("The cure:");
    kept.retain(|stream| stream.peek(&mut [0; 1]).is_ok_and(|n| n > 0));
    println!("[server] drops a stream at its end: holds {}", kept.len());
    Ok(())
}

/// Clients that connect and leave.
pub fn other(address: &str) -> Result {
    let mut streams = Vec::new();
    for _ in 0..CLIENTS {
        streams.push(TcpStream::connect(address)?);
    }
    super::other::wait()?;
    drop(streams);
    println!("[clients] all {CLIENTS} have closed");
    super::other::wait()
}
