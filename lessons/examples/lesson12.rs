//! Lesson 12: An option changes what the kernel does, and no byte you send.
//!
//!     cargo run --example lesson12
//!
//! A port that is free and not free, a queue that is full, a request that
//! takes ten times as long: each is mended by a line that moves no data.
// house: allow length: six options, each before and after.
// wire: streams: how segments and ACKs fall together is up to timers.

use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{
    IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream,
};
use std::time::{Duration, Instant};

use lessons::formulas::delayed_ack_stall;
use socket2::{Domain, SockRef, Socket, TcpKeepalive, Type};

/// What a caller waits for who may never get in.
const PATIENCE: Duration = Duration::from_millis(300);

/// So many requests are timed, after as many that are not.
const COUNTED: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    println!("a port whose last connection is in TIME-WAIT");
    let bare = listen_again(false).map_err(|error| error.kind());
    // Windows gives such a port away in any case.
    let in_use = bare == Err(ErrorKind::AddrInUse) || cfg!(windows);
    println!("  a bare socket finds it in use: {}", yes(in_use));
    let reuse = listen_again(true);
    println!("  and with SO_REUSEADDR: {}", yes(reuse.is_err()));
    println!("a queue with a backlog of 1, and nobody accepts");
    fill_the_queue()?;
    println!("a request in two small writes, and its answer");
    compare_writes()?;
    println!("what was asked for, read back");
    read_back()?;
    println!("a listener at [::]");
    if TcpListener::bind("[::1]:0").is_err() {
        println!("  not here: this machine has no IPv6");
        return Ok(());
    }
    call_both(false)?;
    Ok(call_both(true)?)
}

// ANCHOR: again
/// Serves one client, closes first, and listens again at the same port.
fn listen_again(reuse: bool) -> io::Result<()> {
    let listener = listen(0, reuse)?;
    let address = listener.local_addr()?;
    let mut client = TcpStream::connect(address)?;
    // The server's end goes first, so TIME-WAIT will be on its side.
    drop(listener.accept()?);
    client.read_to_end(&mut Vec::new())?;
    drop((client, listener));
    listen(address.port(), reuse).map(drop)
}

fn listen(port: u16, reuse: bool) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // On Windows this would take the port from whoever listens there.
    if reuse && cfg!(unix) {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)).into())?;
    socket.listen(128)?;
    Ok(socket.into())
}
// ANCHOR_END: again

// ANCHOR: queue
fn fill_the_queue() -> io::Result<()> {
    let listener = listen(0, true)?;
    // To call `listen` again changes the backlog, and nothing else.
    SockRef::from(&listener).listen(1)?;
    let address = listener.local_addr()?;
    let call = || TcpStream::connect_timeout(&address, PATIENCE);
    let callers: Vec<_> = (0..300).map_while(|_| call().ok()).collect();
    println!("  a caller finds it full: {}", yes(callers.len() < 300));
    let _first = listener.accept()?;
    println!("  after one accept there is room: {}", yes(call().is_ok()));
    Ok(())
}
// ANCHOR_END: queue

fn compare_writes() -> Result<(), Box<dyn Error>> {
    // Linux acknowledges at once while a connection is young, so the first
    // half is not counted.
    let counted = |pieces: &[&[u8]], no_delay| {
        io::Result::Ok(ask(pieces, 2 * COUNTED, no_delay)?.split_off(COUNTED))
    };
    let whole = counted(&[b"question"], false)?;
    let split = counted(&[b"quest", b"ion"], false)?;
    let at_once = counted(&[b"quest", b"ion"], true)?;
    // And two requests only, for the page: few enough to be looked at.
    ask(&[b"quest", b"ion"], 2, false)?;
    println!("  two writes: {}", against(&split, &whole));
    println!("  two writes, TCP_NODELAY: {}", against(&at_once, &whole));
    let (counted, lost) = (split.len() as u32, split.iter().sum());
    let least = Duration::from_millis(250).min(lost);
    println!("  {counted} requests of the first kind took {least:?} or more");
    let stall = delayed_ack_stall(counted, 0.04)?;
    println!("    (by the formula, with a timer of 40 ms: {stall} s)");
    Ok(())
}

// ANCHOR: ask
/// How long each of `count` requests takes, its pieces written one by one.
fn ask(
    pieces: &[&[u8]],
    count: usize,
    no_delay: bool,
) -> io::Result<Vec<Duration>> {
    let (mut client, mut server) = connected_pair()?;
    client.set_nodelay(no_delay)?;
    let mut times = Vec::new();
    for _ in 0..count {
        let start = Instant::now();
        for piece in pieces {
            client.write_all(piece)?;
        }
        // One thread has both ends: only the kernel can make it wait.
        server.read_exact(&mut [0; 8])?;
        server.write_all(b"answer")?;
        client.read_exact(&mut [0; 6])?;
        times.push(start.elapsed());
    }
    Ok(times)
}
// ANCHOR_END: ask

/// Says a ratio of medians as a bound that holds on a busy machine too.
fn against(times: &[Duration], others: &[Duration]) -> &'static str {
    let median = |times: &[Duration]| {
        let mut sorted = times.to_vec();
        sorted.sort();
        sorted[sorted.len() / 2].as_secs_f64()
    };
    match median(times) / median(others) {
        10.0.. => "at least 10 times as long as one",
        5.0.. => "at least 5 times as long as one",
        _ => "less than 5 times as long as one",
    }
}

// ANCHOR: read_back
fn read_back() -> io::Result<()> {
    let (client, _server) = connected_pair()?;
    let socket = SockRef::from(&client);
    println!("  keepalive, before: {}", yes(socket.keepalive()?));
    // After a minute of silence a probe, then one every ten seconds.
    let (time, interval) = (Duration::from_secs(60), Duration::from_secs(10));
    let probes = TcpKeepalive::new().with_time(time).with_interval(interval);
    socket.set_tcp_keepalive(&probes)?;
    println!("  keepalive, after: {}", yes(socket.keepalive()?));
    let asked = 50_000;
    socket.set_recv_buffer_size(asked)?;
    let got = socket.recv_buffer_size()?;
    println!("  {asked} bytes of buffer, or more: {}", yes(got >= asked));
    Ok(())
}
// ANCHOR_END: read_back

// ANCHOR: both
fn call_both(only_v6: bool) -> io::Result<()> {
    let socket = Socket::new(Domain::IPV6, Type::STREAM, None)?;
    socket.set_only_v6(only_v6)?;
    socket.bind(&SocketAddr::from((Ipv6Addr::UNSPECIFIED, 0)).into())?;
    socket.listen(128)?;
    let listener = TcpListener::from(socket);
    let port = listener.local_addr()?.port();
    println!("  IPV6_V6ONLY: {}", yes(only_v6));
    let callers: [IpAddr; 2] =
        [Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()];
    for ip in callers {
        match TcpStream::connect_timeout(&(ip, port).into(), PATIENCE) {
            Ok(_) => {
                let (_, peer) = listener.accept()?;
                println!("    {ip} comes in as {}", peer.ip());
            }
            Err(_) => println!("    {ip} does not get in"),
        }
    }
    Ok(())
}
// ANCHOR_END: both

/// Both ends of one TCP connection over loopback.
fn connected_pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    let (server, _) = listener.accept()?;
    Ok((client, server))
}

fn yes(answer: bool) -> &'static str {
    if answer { "yes" } else { "no" }
}
