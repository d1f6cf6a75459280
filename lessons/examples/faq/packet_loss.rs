//! A datagram is lost: nobody is told, and whoever waits waits in vain.

use std::io::{self, ErrorKind};
use std::net::UdpSocket;
use std::time::Duration;

use super::Result;
use super::other::Other;

/// How many datagrams this network loses before one comes through.
const LOST: u32 = 2;

pub fn show() -> Result {
    println!("It happens:");
    let (mut network, socket) = start()?;
    println!("[client] a question, sent once: {}", ask(&socket, 1)?);
    network.shows()?;

    println!("The cure:");
    let (mut network, socket) = start()?;
    println!("[client] a question, sent again: {}", ask(&socket, 5)?);
    for _ in 0..=LOST {
        network.shows()?;
    }
    Ok(())
}

fn start() -> Result<(Other, UdpSocket)> {
    let mut network = Other::start("packet-loss", "network")?;
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(network.address()?)?;
    Ok((network, socket))
}

/// Asks so many times at most, and waits longer each time.
fn ask(socket: &UdpSocket, times: u32) -> io::Result<String> {
    let mut patience = Duration::from_millis(100);
    for time in 1..=times {
        socket.send(b"question")?;
        socket.set_read_timeout(Some(patience))?;
        match socket.recv(&mut [0; 64]) {
            Ok(_) => return Ok(format!("answered, at attempt {time}")),
            Err(e) if timed_out(&e) => patience *= 2,
            Err(e) => return Err(e),
        }
    }
    Ok("no answer".into())
}

fn timed_out(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Loses the first datagrams, then answers each.
pub fn other(_: &str) -> Result {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    println!("{}", socket.local_addr()?);
    let mut datagram = [0; 64];
    for number in 1.. {
        let (_, from) = socket.recv_from(&mut datagram)?;
        if number <= LOST {
            println!("[network] lost datagram {number}");
        } else {
            println!("[server] received datagram {number}");
            socket.send_to(b"answer", from)?;
        }
    }
    Ok(())
}
