//! A network at its least helpful: in goes a server's address, out comes
//! another one, behind which every byte travels alone.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// Between two bytes: a reader that waits takes the first one alone.
const PAUSE: Duration = Duration::from_millis(5);

/// The address of a relay for one client.
pub fn to(server: &str) -> io::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let server = server.to_owned();
    // Both threads end with their two peers, whose time is limited.
    thread::spawn(move || -> io::Result<()> {
        let (client, _) = listener.accept()?;
        let server = TcpStream::connect(server)?;
        let (from, to) = (server.try_clone()?, client.try_clone()?);
        thread::spawn(move || carry(from, to));
        carry(client, server)
    });
    Ok(address)
}

fn carry(mut from: TcpStream, mut to: TcpStream) -> io::Result<()> {
    to.set_nodelay(true)?;
    let mut byte = [0];
    while from.read(&mut byte)? > 0 {
        to.write_all(&byte)?;
        thread::sleep(PAUSE);
    }
    to.shutdown(Shutdown::Write)
}
