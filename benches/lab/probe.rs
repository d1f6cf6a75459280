//! The programs on the two hosts: in go a name and numbers, out come lines
//! of a word and numbers.
//!
//! The server's end is always `serve`: it measures what arrives on one TCP
//! connection, and answers and counts datagrams meanwhile.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream, ToSocketAddrs, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use socket2::SockRef;

use crate::meter::Meter;

/// Where `serve` takes a stream of bytes, answers requests, sends datagrams
/// back, and counts them.
pub const SINK: u16 = 5000;
pub const ANSWER: u16 = 5001;
pub const ECHO: u16 = 7000;
pub const COUNT: u16 = 7001;

/// A datagram that says: that was all.
const END: u32 = u32::MAX;

/// The two parts of a request, and its answer, in bytes.
const REQUEST: (usize, usize) = (4, 60);
const REPLY: usize = 100;

/// What `serve` waits for before it counts bytes: nothing, here.
pub const NO_WARM_UP: u64 = 0;

/// Runs the probe that the words name.
pub fn run(words: &[String]) -> Result<bool> {
    let (name, rest) = words.split_first().context("which probe?")?;
    let number = |at: usize| -> Result<u64> {
        let word = rest.get(at).with_context(|| format!("{name}: {at}?"))?;
        Ok(word.parse()?)
    };
    let host = rest.first().map_or("", String::as_str);
    match name.as_str() {
        "serve" => serve(millis(number(0)?), millis(number(1)?))?,
        "echo" => echo(&UdpSocket::bind(("0.0.0.0", ECHO))?)?,
        "ping" => {
            let gap = Duration::from_micros(number(2)?);
            ping((host, ECHO), number(1)?, gap)?;
        }
        "flood" => flood((host, SINK), millis(number(1)?))?,
        "load" => load(host, millis(number(1)?), millis(number(2)?))?,
        "spray" => spray((host, COUNT), number(1)? as u32)?,
        "count" => count(&UdpSocket::bind(("0.0.0.0", COUNT))?)?,
        "ask" => ask((host, ANSWER), number(1)?, number(2)? == 1)?,
        "connect" => connect((host, SINK), millis(number(1)?))?,
        "say" => say((host, SINK), number(1)? as usize, millis(number(2)?))?,
        other => bail!("there is no probe {other}"),
    }
    Ok(true)
}

fn millis(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// Measures one connection for `span` after `warm_up`, then ends; answers
/// requests and echoes datagrams until then.
fn serve(warm_up: Duration, span: Duration) -> Result<()> {
    let sink = TcpListener::bind(("0.0.0.0", SINK))?;
    let answers = TcpListener::bind(("0.0.0.0", ANSWER))?;
    let echoed = UdpSocket::bind(("0.0.0.0", ECHO))?;
    // Both end with this process.
    thread::spawn(move || echo(&echoed));
    thread::spawn(move || answer(&answers));
    let (mut stream, _) = sink.accept()?;
    let began = Instant::now();
    let mut buffer = vec![0; 1 << 18];
    let mut meter = Meter::new(warm_up, span);
    loop {
        let read = match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => read as u64,
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {
                break;
            }
            Err(error) => return Err(error.into()),
        };
        if let Some((bytes, time)) = meter.note(began.elapsed(), read) {
            println!("goodput {bytes} {}", time.as_micros());
            break;
        }
    }
    Ok(())
}

/// Sends every datagram back, for ever.
fn echo(socket: &UdpSocket) -> Result<()> {
    let mut buffer = [0; 2048];
    loop {
        let (len, from) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..len], from)?;
    }
}

/// Answers each request when it is whole.
fn answer(listener: &TcpListener) -> Result<()> {
    loop {
        let (mut stream, _) = listener.accept()?;
        let mut request = [0; REQUEST.0 + REQUEST.1];
        while stream.read_exact(&mut request).is_ok() {
            stream.write_all(&[7; REPLY])?;
        }
    }
}

/// Prints the round-trip time of each datagram, in microseconds.
fn ping(to: impl ToSocketAddrs, count: u64, gap: Duration) -> Result<()> {
    let socket = pinger(to)?;
    for number in 0..count {
        if let Some(micros) = ping_once(&socket, number)? {
            println!("rtt {micros:.1}");
        }
        thread::sleep(gap);
    }
    Ok(())
}

fn pinger(to: impl ToSocketAddrs) -> Result<UdpSocket> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket.connect(to)?;
    socket.set_read_timeout(Some(Duration::from_secs(3)))?;
    Ok(socket)
}

/// Microseconds until the echo was there; none if it was lost.
fn ping_once(socket: &UdpSocket, number: u64) -> Result<Option<f64>> {
    let mut buffer = [0; 64];
    let sent = Instant::now();
    socket.send(&number.to_be_bytes())?;
    loop {
        match socket.recv(&mut buffer) {
            // An earlier one was not lost but late.
            Ok(len) if buffer[..len] != number.to_be_bytes() => {}
            Ok(_) => return Ok(Some(sent.elapsed().as_secs_f64() * 1e6)),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Sends bytes as fast as they are taken, until the time is over or the
/// other end has seen enough.
fn flood(to: impl ToSocketAddrs, time: Duration) -> Result<()> {
    let mut stream = TcpStream::connect(to)?;
    stream.set_write_timeout(Some(Duration::from_secs(5)))?;
    let block = vec![7; 1 << 16];
    let began = Instant::now();
    while began.elapsed() < time && stream.write_all(&block).is_ok() {}
    Ok(())
}

/// Floods, and pings meanwhile, when `warm_up` is over.
fn load(host: &str, warm_up: Duration, span: Duration) -> Result<()> {
    let server = host.to_owned();
    let all = warm_up + span + Duration::from_secs(3);
    let flooding = thread::spawn(move || flood((&*server, SINK), all));
    thread::sleep(warm_up);
    let (began, socket) = (Instant::now(), pinger((host, ECHO))?);
    // Its last part is left out: the echo ends with the measurement.
    while began.elapsed() < span.mul_f64(0.9) {
        let number = began.elapsed().as_nanos() as u64;
        if let Some(micros) = ping_once(&socket, number)? {
            println!("rtt {micros:.1}");
        }
        thread::sleep(Duration::from_millis(50));
    }
    flooding.join().expect("it does not panic")
}

/// Sends numbered datagrams, not faster than a busy receiver can read.
fn spray(to: impl ToSocketAddrs, count: u32) -> Result<()> {
    let socket = UdpSocket::bind("0.0.0.0:0")?;
    socket.connect(to)?;
    let mut datagram = [0; 200];
    for number in 0..count {
        datagram[..4].copy_from_slice(&number.to_be_bytes());
        socket.send(&datagram)?;
        if number % 20 == 19 {
            thread::sleep(Duration::from_millis(1));
        }
    }
    // One of these arrives, at any loss that is measured.
    for _ in 0..20 {
        thread::sleep(Duration::from_millis(10));
        if socket.send(&END.to_be_bytes()).is_err() {
            // The other end has closed its port: it knows.
            break;
        }
    }
    Ok(())
}

/// Prints which datagrams arrived, and how many the socket had no room for.
fn count(socket: &UdpSocket) -> Result<()> {
    // Cut down to net.core.rmem_max.
    SockRef::from(socket).set_recv_buffer_size(4 << 20)?;
    let (mut buffer, mut seen) = ([0; 2048], HashSet::new());
    let mut text = String::from("received");
    loop {
        socket.recv(&mut buffer)?;
        let number = u32::from_be_bytes([0, 1, 2, 3].map(|at| buffer[at]));
        if number == END {
            break;
        }
        if seen.insert(number) {
            text += &format!(" {number}");
        }
    }
    println!("{text}\noverflow {}", overflow()?);
    Ok(())
}

/// Datagrams that sockets of this host had no room for.
fn overflow() -> Result<u64> {
    let table = fs::read_to_string("/proc/thread-self/net/udp")?;
    let drops = table.lines().skip(1);
    let drops = drops.filter_map(|line| line.split_whitespace().last());
    Ok(drops.filter_map(|it| it.parse::<u64>().ok()).sum())
}

/// Sends requests in two writes each, and prints the milliseconds that the
/// answer took.
fn ask(to: impl ToSocketAddrs, count: u64, no_delay: bool) -> Result<()> {
    let mut stream = TcpStream::connect(to)?;
    stream.set_nodelay(no_delay)?;
    let mut reply = [0; REPLY];
    for _ in 0..count {
        let sent = Instant::now();
        stream.write_all(&[1; REQUEST.0])?;
        stream.write_all(&[2; REQUEST.1])?;
        stream.read_exact(&mut reply)?;
        println!("answered {:.3}", sent.elapsed().as_secs_f64() * 1e3);
    }
    Ok(())
}

/// Tries to connect, and prints how long that took.
fn connect(to: impl ToSocketAddrs, limit: Duration) -> Result<()> {
    let address = to.to_socket_addrs()?.next().context("no address")?;
    let began = Instant::now();
    let connected = TcpStream::connect_timeout(&address, limit).is_ok();
    let millis = began.elapsed().as_secs_f64() * 1e3;
    println!("connected {} {millis:.1}", u8::from(connected));
    Ok(())
}

/// Sends so many bytes at once, and then nothing.
fn say(to: impl ToSocketAddrs, len: usize, wait: Duration) -> Result<()> {
    let mut stream = TcpStream::connect(to)?;
    stream.write_all(&vec![7; len])?;
    thread::sleep(wait);
    Ok(())
}
