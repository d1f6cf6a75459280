//! A datagram that is longer than a datagram can be.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};

use super::Result;
use super::other::Other;

/// One more than an IPv4 packet has room for: 65,535 − 20 − 8 = 65,507.
const LENGTH: usize = 65_508;

/// EMSGSIZE on Linux, on macOS, and WSAEMSGSIZE on Windows.
const TOO_LONG: [i32; 3] = [90, 40, 10_040];

pub fn show() -> Result {
    println!("It happens:");
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    let sent = socket.send_to(&[0; LENGTH], socket.local_addr()?);
    let error = sent.err().ok_or("it was sent")?;
    let number = error.raw_os_error().unwrap_or_default();
    let too_long = TOO_LONG.contains(&number);
    println!("[sender] {LENGTH} bytes in a datagram: too long: {too_long}");

    println!("The cure:");
    let mut receiver = Other::start("message-too-long", "receiver")?;
    let mut stream = TcpStream::connect(receiver.address()?)?;
    stream.write_all(&[0; LENGTH])?;
    drop(stream);
    println!("[sender] {LENGTH} bytes in a stream: Ok");
    receiver.shows()
}

pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let mut received = Vec::new();
    listener.accept()?.0.read_to_end(&mut received)?;
    println!("[receiver] {} bytes", received.len());
    Ok(())
}
