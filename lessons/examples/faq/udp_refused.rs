//! UDP has no connections, and yet one is refused.

use std::io::ErrorKind;
use std::net::UdpSocket;
use std::time::Duration;

use super::Result;
use super::other::Other;

pub fn show() -> Result {
    println!("It happens:");
    // A port that was free a moment ago: nobody has it now.
    let nobody = UdpSocket::bind("127.0.0.1:0")?.local_addr()?;
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    socket.connect(nobody)?;
    socket.send(b"question")?;
    println!("[client] send: Ok");
    let error = socket.recv(&mut [0; 64]).err().ok_or("an answer")?;
    // Windows has another name for the same message.
    let refused = matches!(
        error.kind(),
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset
    );
    println!("[client] receive: nobody has that port: {refused}");

    println!("The cure:");
    let mut server = Other::start("udp-refused", "server")?;
    socket.connect(server.address()?)?;
    socket.send(b"question")?;
    let n = socket.recv(&mut [0; 64])?;
    println!("[client] receive, once a server is there: {n} bytes");
    Ok(())
}

pub fn other(_: &str) -> Result {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    println!("{}", socket.local_addr()?);
    let (_, from) = socket.recv_from(&mut [0; 64])?;
    socket.send_to(b"answer", from)?;
    Ok(())
}
