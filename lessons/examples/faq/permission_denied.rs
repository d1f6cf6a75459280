//! Sending to everybody needs permission, and a socket has none at first.

use std::net::UdpSocket;

use super::Result;
use super::other::Other;

pub fn show() -> Result {
    let mut receiver = Other::start("permission-denied", "receiver")?;
    let port = receiver.address()?.port();
    let socket = UdpSocket::bind("127.0.0.1:0")?;

    println!("It happens:");
    let sent = socket.send_to(b"to all", ("255.255.255.255", port));
    let error = sent.err().ok_or("it was sent")?;
    println!("[sender] to 255.255.255.255: {:?}", error.kind());

    println!("The cure:");
    socket.set_broadcast(true)?;
    println!("[sender] asks for permission to broadcast: Ok");
    // Whether a broadcast gets anywhere depends on the network; to one
    // address it always does.
    socket.send_to(b"to one", ("127.0.0.1", port))?;
    receiver.shows()
}

pub fn other(_: &str) -> Result {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    println!("{}", socket.local_addr()?);
    let mut datagram = [0; 64];
    let (n, _) = socket.recv_from(&mut datagram)?;
    let text = String::from_utf8_lossy(&datagram[..n]);
    println!("[receiver] {text:?}");
    Ok(())
}
