//! Lesson 11: DNS is a datagram protocol that you can write by hand.
//!
//!     cargo run --example lesson11
//!
//! A name server, asked by hand and then by a resolver from a library. At
//! the end two addresses of one name are raced, and the good one wins.
// house: allow length: both ends of DNS, a resolver, and a race.
// wire: streams, 2 bytes: behind a message's length stands a random number.

use std::error::Error;
use std::io::{
    self, ErrorKind,
    ErrorKind::{TimedOut, WouldBlock},
    Read, Write,
};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{
    NameServerConfig, ResolveHosts, ResolverConfig,
};
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::RecordType;
use socket2::{Domain, Socket, Type};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::Runtime;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

const A: u16 = 1;
const CNAME: u16 = 5;
const TXT: u16 = 16;
const AAAA: u16 = 28;
/// "This answer is cut off: ask again over TCP."
const TRUNCATED: u16 = 0x0200;
/// "There is no such name."
const NXDOMAIN: u16 = 3;
const PATIENCE: Duration = Duration::from_secs(5);

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Runtime::new()?;
    let mut server = runtime.block_on(serve())?;
    println!("by hand");
    let question = ask(0x1f2e, "alias.wire.example", A);
    dump("question", &question);
    let answer = over_udp(&server, &question)?;
    dump("answer", &answer);
    show(&answer);
    println!("a name that points at itself");
    let evil = b"\x1f\x2e\x81\x80\0\x01\0\0\0\0\0\0\x01a\xc0\x0c\0\x01\0\x01";
    show(evil);
    println!("an answer that does not fit");
    let question = ask(0x3d4c, "long.wire.example", TXT);
    show(&over_udp(&server, &question)?);
    show(&over_tcp(&server, &question)?);
    server.heard();

    runtime.block_on(by_library(&mut server))?;
    runtime.block_on(race(&mut server))?;
    for task in server.tasks {
        task.abort();
        match runtime.block_on(task) {
            Err(ended) if ended.is_cancelled() => {}
            ended => ended??,
        }
    }
    Ok(())
}

// ANCHOR: ask
/// A question, as RFC 1035 §4.1 draws it: header, name, type, class.
fn ask(id: u16, name: &str, kind: u16) -> Vec<u8> {
    // Flags: only "recursion desired". Then how much there is of what: one
    // question, no answer, no authority, nothing additional.
    let header = [id, 0x0100, 1, 0, 0, 0_u16];
    let mut message = header.map(u16::to_be_bytes).concat();
    for label in name.split('.') {
        // At most 63 bytes: the two bits above mean something else.
        message.push(label.len() as u8);
        message.extend(label.bytes());
    }
    message.push(0);
    message.extend(kind.to_be_bytes());
    message.extend(1_u16.to_be_bytes()); // IN, the Internet
    message
}
// ANCHOR_END: ask

fn over_udp(server: &Server, question: &[u8]) -> io::Result<Vec<u8>> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;
    // Connected: a datagram from any other address is not ours to read.
    socket.connect(server.address)?;
    let mut answer = [0; 512];
    for _ in 0..5 {
        socket.send(question)?;
        match socket.recv(&mut answer) {
            // The number tells the answer from what else may come.
            Ok(n) if answer[..n].starts_with(&question[..2]) => {
                return Ok(answer[..n].to_vec());
            }
            Ok(_) => {}
            // Lost, on the way there or back: ask again.
            Err(e) if matches!(e.kind(), WouldBlock | TimedOut) => {}
            Err(e) => return Err(e),
        }
    }
    Err(TimedOut.into())
}

// ANCHOR: tcp
/// The same bytes behind their length (RFC 1035 §4.2.2).
fn over_tcp(server: &Server, question: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server.address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = (question.len() as u16).to_be_bytes();
    stream.write_all(&[&length, question].concat())?;
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut answer = vec![0; u16::from_be_bytes(length).into()];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}
// ANCHOR_END: tcp

// ANCHOR: name
/// The name that stands at `at`, and where what follows it stands.
pub fn read_name(message: &[u8], at: usize) -> Result<(String, usize), String> {
    let byte = |at: usize| message.get(at).copied().ok_or("it is cut off");
    let (mut at, mut start, mut after) = (at, at, 0);
    let (mut name, mut size) = (String::new(), 0);
    loop {
        let length = usize::from(byte(at)?);
        match length {
            0 => return Ok((name, after.max(at + 1))),
            1..64 => {
                let label = message.get(at + 1..at + 1 + length);
                let label = label.ok_or("it is cut off")?;
                name += &format!("{}.", label.escape_ascii());
                at += 1 + length;
                size += 1 + length;
                if size > 254 {
                    return Err("a name has 255 bytes at most".to_owned());
                }
            }
            // Two bits and a place: the name goes on there (§4.1.4).
            0xc0.. => {
                let place = (length & 0x3f) << 8 | usize::from(byte(at + 1)?);
                after = after.max(at + 2);
                // Always further back, or it may never end.
                if place >= start {
                    return Err(format!("byte {at} points to {place}"));
                }
                (at, start) = (place, place);
            }
            _ => return Err(format!("byte {at} is no label")),
        }
    }
}
// ANCHOR_END: name

/// Prints a message's records, or why it cannot be read.
fn show(message: &[u8]) {
    match records(message) {
        Ok(lines) => lines.iter().for_each(|line| println!("  {line}")),
        Err(why) => println!("  refused: {why}"),
    }
}

fn dump(what: &str, message: &[u8]) {
    println!("  {what}, {} bytes", message.len());
    for row in message.chunks(16) {
        let hex: String = row.iter().map(|b| format!("{b:02x} ")).collect();
        let visible = |b: &u8| if b.is_ascii_graphic() { *b } else { b'.' };
        let text: Vec<u8> = row.iter().map(visible).collect();
        println!("    {hex:<48} {}", String::from_utf8_lossy(&text));
    }
}

/// A line for each record of an answer.
pub fn records(message: &[u8]) -> Result<Vec<String>, String> {
    let two = |at: usize| {
        let two = message.get(at..).and_then(|bytes| bytes.first_chunk());
        two.map(|two| u16::from_be_bytes(*two))
            .ok_or("it is cut off")
    };
    let [flags, questions, answers] = [two(2)?, two(4)?, two(6)?];
    let mut lines = Vec::new();
    if flags & TRUNCATED > 0 {
        lines.push("cut off: ask again over TCP".to_owned());
    }
    let mut at = 12;
    for _ in 0..questions {
        at = read_name(message, at)?.1 + 4;
    }
    for _ in 0..answers {
        let (name, place) = read_name(message, at)?;
        // Type, class, how long it may be kept, and the data's length.
        let [kind, _, high, low, length] =
            [0, 2, 4, 6, 8].map(|n| two(place + n));
        let (kind, length) = (kind?, length?);
        let ttl = u32::from(high?) << 16 | u32::from(low?);
        let start = place + 10;
        at = start + usize::from(length);
        let data = message.get(start..at).ok_or("it is cut off")?;
        lines.push(match (kind, data) {
            (A, &[a, b, c, d]) => {
                format!("{name} A {} ({ttl} s)", Ipv4Addr::new(a, b, c, d))
            }
            (CNAME, _) => {
                format!("{name} is {} ({ttl} s)", read_name(message, start)?.0)
            }
            _ => format!("{name} type {kind}, {length} bytes ({ttl} s)"),
        });
    }
    Ok(lines)
}

async fn by_library(server: &mut Server) -> Result<(), Box<dyn Error>> {
    let resolver = resolver(server.address)?;
    println!("by a library");
    let questions = [
        ("alias.wire.example.", RecordType::A),
        ("alias.wire.example.", RecordType::A),
        ("long.wire.example.", RecordType::TXT),
        ("alias.wire.example.", RecordType::TXT),
        ("nobody.wire.example.", RecordType::A),
    ];
    for (name, kind) in questions {
        println!("  {kind} {name}");
        match resolver.lookup(name, kind).await {
            Ok(found) => {
                for record in found.answers() {
                    let data = record.data.to_string();
                    let (kind, bytes) = (record.record_type(), data.len());
                    match bytes {
                        ..40 => println!("    {kind} {data}"),
                        _ => println!("    {kind} of {bytes} characters"),
                    }
                }
            }
            Err(error) => println!("    {}", verdict(&error)),
        }
        server.heard();
    }
    Ok(())
}

/// "There is no such name" and "it has nothing of that type" are two things.
fn verdict(error: &NetError) -> &'static str {
    if error.is_nx_domain() {
        "NXDOMAIN: no such name"
    } else if error.is_no_records_found() {
        "no error, and no record of that type"
    } else {
        "failed"
    }
}

// ANCHOR: resolver
/// A resolver that asks this server, and nobody and nothing else.
fn resolver(server: SocketAddr) -> Result<TokioResolver, NetError> {
    let mut asks = NameServerConfig::udp_and_tcp(server.ip());
    for connection in &mut asks.connections {
        connection.port = server.port();
    }
    let config = ResolverConfig::from_name_servers(vec![asks]);
    let provider = TokioRuntimeProvider::default();
    let mut builder = TokioResolver::builder_with_config(config, provider);
    builder.options_mut().use_hosts_file = ResolveHosts::Never;
    builder.build()
}
// ANCHOR_END: resolver

async fn race(server: &mut Server) -> Result<(), Box<dyn Error>> {
    let resolver = resolver(server.address)?;
    let mut ips = Vec::new();
    for name in ["www.wire.example.", "localhost."] {
        ips.clear();
        // One after the other, to have one order here. Who is in a hurry
        // does not wait for the first answer (RFC 8305 §3).
        for kind in [RecordType::AAAA, RecordType::A] {
            let found = resolver.lookup(name, kind).await?;
            let found = found.answers().iter();
            ips.extend(found.filter_map(|record| record.data.ip_addr()));
        }
        println!("{name} {ips:?}");
        server.heard();
    }
    let good = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let good = good.local_addr()?;
    let both = ips.iter().map(|ip| SocketAddr::new(*ip, good.port()));
    finish("nobody listens on the first", both.collect()).await?;
    let (silent, _queue) = silent()?;
    finish("the first does not answer", vec![silent, good]).await
}

async fn finish(
    what: &str,
    addresses: Vec<SocketAddr>,
) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    let (number, winner) = happy_eyeballs(addresses).await?;
    let ip = winner.peer_addr()?.ip();
    let soon = begun.elapsed() < Duration::from_secs(1);
    let not = if soon { "" } else { "NOT " };
    println!("{what}");
    println!("  number {number} wins: {ip}, {not}within a second");
    Ok(())
}

// ANCHOR: eyeballs
/// The first connection that succeeds, and the number of its address. Each
/// address has a head start over the next: 250 ms (RFC 8305 §5).
async fn happy_eyeballs(
    addresses: Vec<SocketAddr>,
) -> io::Result<(usize, tokio::net::TcpStream)> {
    const HEAD_START: Duration = Duration::from_millis(250);
    let mut attempts = JoinSet::new();
    let mut queue = (1..).zip(addresses);
    let mut error = io::Error::from(ErrorKind::NotFound);
    loop {
        let mut patience = PATIENCE;
        if let Some((number, address)) = queue.next() {
            patience = HEAD_START;
            attempts.spawn(async move {
                let connected = tokio::net::TcpStream::connect(address).await;
                connected.map(|stream| (number, stream))
            });
        }
        match timeout(patience, attempts.join_next()).await {
            // Dropping the set calls off all other attempts.
            Ok(Some(Ok(Ok(winner)))) => return Ok(winner),
            // A refusal is an answer too: try the next one at once.
            Ok(Some(Ok(Err(refused)))) => error = refused,
            Ok(Some(Err(panicked))) => return Err(panicked.into()),
            Ok(None) => return Err(error),
            // The time is over: the next one tries beside it.
            Err(_) if patience == HEAD_START => {}
            Err(late) => return Err(late.into()),
        }
    }
}
// ANCHOR_END: eyeballs

/// An address that neither accepts nor refuses: its queue is full (lesson
/// 18). It stays so while what is returned lives.
fn silent() -> io::Result<(SocketAddr, (Socket, Vec<TcpStream>))> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    socket.listen(1)?;
    let address = socket.local_addr()?.as_socket();
    let address = address.ok_or(ErrorKind::AddrNotAvailable)?;
    let mut queue = Vec::new();
    let moment = Duration::from_millis(200);
    while let Ok(stream) = TcpStream::connect_timeout(&address, moment) {
        queue.push(stream);
    }
    Ok((address, (socket, queue)))
}

/// The name server at work, what it was asked, and its two tasks.
struct Server {
    address: SocketAddr,
    asked: Receiver<(u16, String)>,
    known: Vec<(u16, String)>,
    tasks: [JoinHandle<io::Result<()>>; 2],
}

impl Server {
    /// Prints what it was asked since the last time.
    fn heard(&mut self) {
        for asked in self.asked.try_iter() {
            // The same number again is the same question, by somebody who
            // became impatient.
            if !self.known.contains(&asked) {
                println!("    [server] {}", asked.1);
                self.known.push(asked);
            }
        }
    }
}

async fn serve() -> io::Result<Server> {
    // A port has two sides: the one of UDP may be ours, and the same number
    // of TCP somebody else's.
    let (udp, tcp) = loop {
        let udp = tokio::net::UdpSocket::bind("127.0.0.1:0").await?;
        if let Ok(tcp) = tokio::net::TcpListener::bind(udp.local_addr()?).await
        {
            break (udp, tcp);
        }
    };
    let address = udp.local_addr()?;
    let (log, asked) = channel();
    let tasks = [
        tokio::spawn(serve_udp(udp, log.clone())),
        tokio::spawn(serve_tcp(tcp, log)),
    ];
    Ok(Server {
        address,
        asked,
        known: Vec::new(),
        tasks,
    })
}

async fn serve_udp(
    socket: tokio::net::UdpSocket,
    log: Sender<(u16, String)>,
) -> io::Result<()> {
    let mut question = [0; 512];
    loop {
        let (n, peer) = socket.recv_from(&mut question).await?;
        if let Some(answer) = answer(&question[..n], 512, "UDP", &log) {
            socket.send_to(&answer, peer).await?;
        }
    }
}

async fn serve_tcp(
    listener: tokio::net::TcpListener,
    log: Sender<(u16, String)>,
) -> io::Result<()> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        let log = log.clone();
        let serving = async move {
            let mut question = vec![0; stream.read_u16().await?.into()];
            stream.read_exact(&mut question).await?;
            if let Some(answer) = answer(&question, 65_535, "TCP", &log) {
                let length = (answer.len() as u16).to_be_bytes();
                stream.write_all(&[&length, &answer[..]].concat()).await?;
            }
            io::Result::Ok(())
        };
        // One client's error is no reason to leave the others.
        if let Err(error) = serving.await {
            eprintln!("a client was dropped: {error}");
        }
    }
}

/// The answer to a plain question; nothing else is answered.
fn answer(
    question: &[u8],
    most: usize,
    over: &str,
    log: &Sender<(u16, String)>,
) -> Option<Vec<u8>> {
    let (name, place) = read_name(question, 12).ok()?;
    let question = question.get(..place + 4)?;
    let two = |at| u16::from_be_bytes([question[at], question[at + 1]]);
    let [id, flags, kind] = [two(0), two(2), two(place)];
    // An answer is no question: two servers would talk for ever.
    if flags & 0x8000 > 0 {
        return None;
    }
    let line = format!("{over}: {} {name}", RecordType::from(kind));
    log.send((id, line)).ok()?;
    let zone = look_up(&name, kind, question.len() as u16);
    let (code, mut records) = zone.map_or((NXDOMAIN, vec![]), |it| (0, it));
    // "An answer", "with authority", "recursion desired", and how it went.
    let mut flags = 0x8500 | code;
    if question.len() + records.concat().len() > most {
        (flags, records) = (flags | TRUNCATED, vec![]);
    }
    let header = [id, flags, 1, records.len() as u16, 0, 0];
    let header = header.map(u16::to_be_bytes).concat();
    Some([&header, &question[12..], &records.concat()].concat())
}

/// The records of a name; `None` if there is no such name.
fn look_up(name: &str, kind: u16, asked: u16) -> Option<Vec<Vec<u8>>> {
    // The question's name stands at byte 12, its `wire.example` at 18, and
    // behind the question and 12 bytes of a record the name that it is for.
    let (mut found, owner, name) = match name {
        "alias.wire.example." => {
            let alias = record(12, CNAME, b"\x03www\xc0\x12");
            (vec![alias], asked + 12, "www.wire.example.")
        }
        name => (vec![], 12, name),
    };
    let text = [&[200][..], &[b'x'; 200]].concat().repeat(4);
    let (v4, v6) = (Ipv4Addr::LOCALHOST, Ipv6Addr::LOCALHOST);
    match (name, kind) {
        ("www.wire.example.", A) => found.push(record(owner, A, &v4.octets())),
        ("www.wire.example.", AAAA) => {
            found.push(record(owner, AAAA, &v6.octets()));
        }
        ("long.wire.example.", TXT) => found.push(record(owner, TXT, &text)),
        ("www.wire.example." | "long.wire.example.", _) => {}
        _ => return None,
    }
    Some(found)
}

/// Owner (a pointer), type, class, 60 s, and the data behind its length.
fn record(owner: u16, kind: u16, data: &[u8]) -> Vec<u8> {
    let fields = [0xc000 | owner, kind, 1, 0, 60, data.len() as u16];
    [&fields.map(u16::to_be_bytes).concat(), data].concat()
}
