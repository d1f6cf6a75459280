//! Lesson 9: born in three segments, a connection dies in four, or in one.
//!
//!     cargo run --example lesson9
//!
//! Each end is made on purpose, and both sides' states stand below it: on
//! Linux as the kernel knows them, elsewhere as the RFC wants them.
// house: allow length: four ends, and the kernel's word on each of them.
// wire: without acks: when the kernel says it alone depends on its timers.

use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};
use std::{fs, thread};

use lessons::formulas::{connect_time, time_wait};
use socket2::{Domain, SockRef, Socket, Type};

/// Both ends of a connection, the client's first.
type Ends = [SocketAddr; 2];

fn main() -> Result<(), Box<dyn Error>> {
    println!("born in three segments, dead in four");
    four_segments()?;
    println!("dead in one: closed with bytes unread");
    unread()?;
    println!("dead in one: closed with SO_LINGER 0");
    linger()?;
    println!("never born: nobody listens");
    refused()?;
    println!("how long");
    how_long()
}

// ANCHOR: four
fn four_segments() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    let ends = [client.local_addr()?, client.peer_addr()?];
    println!("  [client] connected, and nobody has called accept");
    states(ends, ["ESTABLISHED", "ESTABLISHED"]);

    let (mut server, _) = listener.accept()?;
    client.write_all(b"2 1")?;
    // Half of the connection ends: from here on the client only reads.
    client.shutdown(Shutdown::Write)?;
    println!("  [server] read {:?}, then the end", rest(&mut server)?);
    states(ends, ["FIN-WAIT-2", "CLOSE-WAIT"]);

    server.write_all(b"1 2")?;
    drop(server);
    println!("  [client] read {:?}, then the end", rest(&mut client)?);
    states(ends, ["TIME-WAIT", "CLOSED"]);
    Ok(())
}
// ANCHOR_END: four

/// Everything up to the other side's FIN.
fn rest(stream: &mut TcpStream) -> io::Result<String> {
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

// ANCHOR: one
fn unread() -> io::Result<()> {
    let (mut client, mut server) = connected_pair()?;
    let ends = [client.local_addr()?, client.peer_addr()?];
    client.write_all(b"2 1")?;
    server.read_exact(&mut [0])?;
    // Two of three bytes are in the server's buffer still.
    drop(server);
    println!("  [client] read: {}", outcome(client.read(&mut [0])));
    states(ends, ["CLOSED", "CLOSED"]);
    Ok(())
}

fn linger() -> io::Result<()> {
    let (client, mut server) = connected_pair()?;
    let ends = [client.local_addr()?, client.peer_addr()?];
    // "Wait 0 seconds for the orderly end": that is, do without it.
    SockRef::from(&client).set_linger(Some(Duration::ZERO))?;
    drop(client);
    println!("  [server] read: {}", outcome(server.read(&mut [0])));
    states(ends, ["CLOSED", "CLOSED"]);
    Ok(())
}
// ANCHOR_END: one

fn refused() -> io::Result<()> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // Bound, but not listening: the port is ours, and nobody is there.
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    let peer = socket.local_addr()?.as_socket().ok_or(ErrorKind::Other)?;
    let connect = TcpStream::connect(peer).map(|_| 0);
    println!("  [client] connect: {}", outcome(connect));
    Ok(())
}

// ANCHOR: how_long
fn how_long() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let (mut connect, mut there_and_back) = (f64::MAX, f64::MAX);
    // The least of three: what a busy machine adds is not the network's.
    for _ in 0..3 {
        let start = Instant::now();
        let mut client = TcpStream::connect(listener.local_addr()?)?;
        connect = connect.min(start.elapsed().as_secs_f64());
        let (mut server, _) = listener.accept()?;
        let start = Instant::now();
        client.write_all(b"?")?;
        server.read_exact(&mut [0])?;
        server.write_all(b"!")?;
        client.read_exact(&mut [0])?;
        there_and_back = there_and_back.min(start.elapsed().as_secs_f64());
        drop(client);
        rest(&mut server)?;
    }
    let tens = |seconds: f64| (seconds * 100.0).round() * 10.0;
    let formula = connect_time(there_and_back)?;
    println!("  connect: {} ms ({} ms)", tens(connect), tens(formula));
    println!("  TIME-WAIT, by the RFC: {} s", time_wait(120.0)?);
    Ok(())
}
// ANCHOR_END: how_long

// ANCHOR: states
/// Prints both ends' states: the kernel's word for them, or, on a system
/// that does not tell, what they must be by RFC 9293 §3.3.2.
fn states(ends: Ends, wanted: [&'static str; 2]) {
    // The last segment may be on its way still.
    let deadline = Instant::now() + Duration::from_secs(2);
    let [client, server] = loop {
        let seen = kernel(ends).unwrap_or(wanted);
        if seen == wanted || Instant::now() > deadline {
            break seen;
        }
        thread::yield_now();
    };
    println!("    client {client}, server {server}");
}

/// Linux lists its connections in a file, and no other system has it.
fn kernel([client, server]: Ends) -> Option<[&'static str; 2]> {
    let table = fs::read_to_string("/proc/net/tcp").ok()?;
    Some([state(&table, client, server), state(&table, server, client)])
}
// ANCHOR_END: states

/// The state of one end; its row looks like this, all in hexadecimal:
/// `0: 0100007F:1F90 0100007F:C350 01 …`, with both addresses and the state.
fn state(table: &str, local: SocketAddr, peer: SocketAddr) -> &'static str {
    let both = format!("{} {} ", address(local), address(peer));
    let row = table.split_once(&both).and_then(|(_, row)| row.get(..2));
    match row {
        Some("01") => "ESTABLISHED",
        Some("02") => "SYN-SENT",
        Some("03" | "0C") => "SYN-RECEIVED",
        Some("04") => "FIN-WAIT-1",
        Some("05") => "FIN-WAIT-2",
        Some("06") => "TIME-WAIT",
        Some("08") => "CLOSE-WAIT",
        Some("09") => "LAST-ACK",
        Some("0B") => "CLOSING",
        // Not in the table, or on its way out of it.
        _ => "CLOSED",
    }
}

/// As the kernel writes it: four bytes as one number, as they lie there.
fn address(end: SocketAddr) -> String {
    match end {
        SocketAddr::V4(end) => {
            let ip = u32::from_ne_bytes(end.ip().octets());
            format!("{ip:08X}:{:04X}", end.port())
        }
        // It has a table of its own, /proc/net/tcp6, and is not used here.
        SocketAddr::V6(end) => end.to_string(),
    }
}

fn outcome(result: io::Result<usize>) -> String {
    match result {
        Ok(0) => "the end".into(),
        Ok(count) => format!("{count} bytes"),
        Err(error) => format!("{:?}", error.kind()),
    }
}

/// Both ends of one TCP connection over loopback.
fn connected_pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    Ok((client, server))
}
