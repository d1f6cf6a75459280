//! Lesson 10: UDP keeps your borders and forgets the rest.
//!
//!     cargo run --example lesson10
//!
//! Datagrams arrive whole, empty, cut, refused, or not at all, and no sender
//! ever hears of a loss.
// house: allow length: seven things that a stream does not do.

use std::error::Error;
use std::io::{self, ErrorKind::*};
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use fastrand::Rng;
use lessons::formulas::{OutOfDomain, fragments_arrive, packets};
use socket2::{Domain, SockRef, Socket, Type};

/// Of the local scope: no boundary router passes it on (RFC 2365, 6.1).
const GROUP: Ipv4Addr = Ipv4Addr::new(239, 255, 10, 10);

fn main() -> Result<(), Box<dyn Error>> {
    borders()?;
    sizes()?;
    connected()?;
    refused()?;
    overflow()?;
    group()?;
    println!("10,000 datagrams over a link that loses 1 % of its packets");
    chance(65_507, 0.01)?;
    Ok(chance(1472, 0.01)?)
}

// ANCHOR: receive
/// A port of its own, where nobody is waited for longer than 300 ms.
fn open() -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(Duration::from_millis(300)))?;
    Ok(socket)
}

/// What of the next datagram fits into `room` bytes; `None` if none comes.
fn receive(socket: &UdpSocket, room: usize) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = vec![0; room];
    let count = match socket.recv(&mut buffer) {
        Ok(count) => count,
        // Linux and macOS cut in silence. Windows cuts too, and says so:
        // WSAEMSGSIZE, for which std has no name.
        Err(e) if cfg!(windows) && e.raw_os_error() == Some(10_040) => room,
        Err(e) if matches!(e.kind(), WouldBlock | TimedOut) => return Ok(None),
        Err(e) => return Err(e),
    };
    buffer.truncate(count);
    Ok(Some(buffer))
}
// ANCHOR_END: receive

// ANCHOR: borders
fn borders() -> io::Result<()> {
    let (sender, receiver) = (open()?, open()?);
    sender.connect(receiver.local_addr()?)?;
    println!("three sends, three receives");
    for message in ["one", "", "two"] {
        sender.send(message.as_bytes())?;
    }
    let mut came = Vec::new();
    for _ in 0..3 {
        came.push(receive(&receiver, 100)?);
    }
    show(&came);
    println!("the same, into a buffer of 4 bytes");
    for message in ["cut me short", "next"] {
        sender.send(message.as_bytes())?;
    }
    show(&[receive(&receiver, 4)?, receive(&receiver, 4)?]);
    Ok(())
}
// ANCHOR_END: borders

// ANCHOR: sizes
fn sizes() -> io::Result<()> {
    let (sender, receiver) = (open()?, open()?);
    sender.connect(receiver.local_addr()?)?;
    // macOS starts with 9,216 bytes, and refuses what is longer.
    SockRef::from(&sender).set_send_buffer_size(128 * 1024)?;
    println!("how long a datagram may be");
    sender.send(&[7; 65_507])?;
    match receive(&receiver, 65_536)? {
        Some(bytes) => println!("  65507 bytes sent, {} came", bytes.len()),
        None => println!("  65507 bytes sent, none came"),
    }
    match sender.send(&[7; 65_508]) {
        Ok(_) => println!("  65508 bytes sent"),
        Err(_) => println!("  65508 bytes are refused at once"),
    }
    Ok(())
}
// ANCHOR_END: sizes

// ANCHOR: connected
fn connected() -> io::Result<()> {
    let (peer, stranger, socket) = (open()?, open()?, open()?);
    socket.connect(peer.local_addr()?)?;
    println!("connected to a peer: a stranger and the peer send");
    stranger.send_to(b"I am a stranger", socket.local_addr()?)?;
    peer.send_to(b"I am your peer", socket.local_addr()?)?;
    show(&[receive(&socket, 100)?]);
    Ok(())
}

fn refused() -> io::Result<()> {
    let (peer, socket) = (open()?, open()?);
    let nobody = open()?.local_addr()?; // Closed again at once.
    println!("connected to a port that nobody has");
    socket.connect(nobody)?;
    println!("  send: {} bytes", socket.send(b"anybody?")?);
    match receive(&socket, 100) {
        // What Linux and macOS call refused is a reset on Windows.
        Err(e) if matches!(e.kind(), ConnectionRefused | ConnectionReset) => {
            println!("  the next call: refused");
        }
        other => show(&[other?]),
    }
    println!("the same socket, connected to the peer");
    socket.connect(peer.local_addr()?)?;
    socket.send(b"still here")?;
    show(&[receive(&peer, 100)?]);
    Ok(())
}
// ANCHOR_END: connected

// ANCHOR: overflow
fn overflow() -> io::Result<()> {
    let (sender, busy, bell) = (open()?, open()?, open()?);
    SockRef::from(&busy).set_recv_buffer_size(4096)?;
    println!("40 datagrams of 1000 bytes to somebody who is busy");
    for _ in 0..40 {
        sender.send_to(&[7; 1000], busy.local_addr()?)?;
    }
    // What was sent last comes last, so when it rings all others are there.
    while receive(&bell, 1)?.is_none() {
        sender.send_to(b"!", bell.local_addr()?)?;
    }
    let mut arrived = 0;
    while receive(&busy, 1000)?.is_some() {
        arrived += 1;
    }
    // How many fit is each system's own affair.
    let verdict = if arrived < 40 { "fewer" } else { "all" };
    println!("  sent without an error: 40, arrived: {verdict}");
    Ok(())
}
// ANCHOR_END: overflow

// ANCHOR: group
fn group() -> io::Result<()> {
    let one = join(0)?;
    let port = one.local_addr()?.port();
    let other = join(port)?;
    let sender = open()?;
    SockRef::from(&sender).set_multicast_if_v4(&Ipv4Addr::LOCALHOST)?;
    println!("one send to a group of two");
    sender.send_to(b"to all of you", (GROUP, port))?;
    show(&[receive(&one, 100)?, receive(&other, 100)?]);
    Ok(())
}

/// A member of the group, on the loopback interface: no network is needed.
fn join(port: u16) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    // Both members share one port.
    socket.set_reuse_address(true)?;
    // Windows does not bind to a group.
    let ip = if cfg!(windows) {
        Ipv4Addr::UNSPECIFIED
    } else {
        GROUP
    };
    socket.bind(&SocketAddr::from((ip, port)).into())?;
    socket.join_multicast_v4(&GROUP, &Ipv4Addr::LOCALHOST)?;
    socket.set_read_timeout(Some(Duration::from_millis(300)))?;
    Ok(socket.into())
}
// ANCHOR_END: group

// ANCHOR: chance
/// Counts how many of 10,000 datagrams lose no fragment.
fn chance(bytes: u64, p: f64) -> Result<(), OutOfDomain> {
    // 8 bytes of UDP's header; 1,500 of an Ethernet less 20 of IP's.
    let fragments = packets(bytes + 8, 1500 - 20)? as u32;
    let mut rng = Rng::with_seed(10);
    let whole = (0..10_000)
        .filter(|_| (0..fragments).all(|_| rng.f64() >= p))
        .count();
    println!(
        "  {bytes} bytes in {fragments}: {:.1} % arrive ({:.1} %)",
        whole as f64 / 100.0,
        100.0 * fragments_arrive(p, fragments)?,
    );
    Ok(())
}
// ANCHOR_END: chance

fn show(datagrams: &[Option<Vec<u8>>]) {
    for datagram in datagrams {
        match datagram {
            Some(bytes) => print!("  {:?}", String::from_utf8_lossy(bytes)),
            None => print!("  (nothing came)"),
        }
    }
    println!();
}
