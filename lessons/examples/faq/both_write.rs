//! Both sides write first and read later: the buffers fill, and both wait.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use super::Result;
use super::other::Other;

/// More than all the buffers between two programs hold.
const MUCH: usize = 64 << 20;

pub fn show() -> Result {
    println!("It happens:");
    let (mut server, mut stream) = Other::with_client("both-write")?;
    stream.set_write_timeout(Some(Duration::from_millis(300)))?;
    let stuck = match stream.write_all(&vec![0; MUCH]) {
        Ok(()) => false,
        Err(error) => is_timeout(&error),
    };
    println!("[client] writes too, and both are stuck: {stuck}");
    server.kill()?;

    println!("The cure:");
    let (_server, stream) = Other::with_client("both-write")?;
    let mut reader = stream.try_clone()?;
    let reading = thread::spawn(move || {
        io::copy(&mut (&mut reader).take(MUCH as u64), &mut io::sink())
    });
    (&stream).write_all(&vec![0; MUCH])?;
    let read = reading.join().map_err(|_| "the reader panicked")??;
    println!(
        "[client] reads while it writes: {} MiB each way",
        read >> 20
    );
    Ok(())
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Writes everything before it reads anything.
pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    println!("[server] writes {} MiB before it reads", MUCH >> 20);
    stream.write_all(&vec![0; MUCH])?;
    io::copy(&mut (&mut stream).take(MUCH as u64), &mut io::sink())?;
    Ok(())
}
