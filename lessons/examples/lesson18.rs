//! Lesson 18: without a deadline, "slow" is "for ever".
//!
//!     cargo run --example lesson18
//!
//! Four kinds of peer that do not answer, and what frees you from each.
//! Times are printed as bounds, which hold on a busy machine too.
// house: allow length: four peers, and four ways to be free of them.
// wire: streams, 1 byte: the drip and a deadline may cross at any byte.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use lessons::formulas::longest_wait;
use socket2::{Domain, Socket, Type};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const LIMIT: Duration = Duration::from_millis(200);
const BYTES: u32 = 10;
/// How long the drip waits before each byte: far below the limit.
// house: allow sleep: it is the drip's pace; no order depends on it.
const PACE: Duration = Duration::from_millis(40);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    nobody_answers()?;
    println!("a peer that sends a byte every {PACE:?}, for ever");
    let tokio = tokio::runtime::Runtime::new()?;
    let listener = tokio.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let peer = listener.local_addr()?;
    let server = tokio.spawn(drip(listener));
    report("a limit for each read", PACE * BYTES, || read_each(peer));
    let most = longest_wait(BYTES, LIMIT.as_secs_f64())?;
    println!("    (by the formula, {BYTES} reads may take {most} s)");
    report("a deadline for all", LIMIT, || read_by_deadline(peer));
    report("tokio timeout", LIMIT, || tokio.block_on(read_async(peer)));
    report("reqwest timeout", LIMIT, || tokio.block_on(get(peer)));
    server.abort();
    match tokio.block_on(server) {
        Err(ended) if ended.is_cancelled() => Ok(()),
        ended => Ok(ended??),
    }
}

// ANCHOR: nobody
fn nobody_answers() -> io::Result<()> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // Bound, but not listening: the port is ours, and nobody is there.
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    let peer = socket.local_addr()?.as_socket().ok_or(ErrorKind::Other)?;
    let connect = || TcpStream::connect_timeout(&peer, LIMIT);
    println!("a port where nobody listens");
    report("connect", Duration::ZERO, connect);
    println!("a listener that never calls accept");
    socket.listen(1)?;
    report("read", LIMIT, || read_each(peer));
    // The kernel shakes hands for a queue that nobody empties.
    let mut queue = Vec::new();
    let fill = || (0..512).try_for_each(|_| connect().map(|s| queue.push(s)));
    report("connect until the queue is full", Duration::ZERO, fill);
    Ok(())
}
// ANCHOR_END: nobody

// ANCHOR: read
fn read_each(peer: SocketAddr) -> io::Result<()> {
    let mut stream = TcpStream::connect_timeout(&peer, LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.write_all(b"GET\n")?;
    // A byte in time is enough: each read starts the clock anew.
    (0..BYTES).try_for_each(|_| stream.read_exact(&mut [0]))
}

fn read_by_deadline(peer: SocketAddr) -> io::Result<()> {
    let deadline = Instant::now() + LIMIT;
    // A budget that is spent becomes an error below: std refuses a timeout
    // of zero, which the kernel would take for "no limit".
    let left = || deadline.saturating_duration_since(Instant::now());
    let mut stream = TcpStream::connect_timeout(&peer, left())?;
    stream.write_all(b"GET\n")?;
    (0..BYTES).try_for_each(|_| {
        stream.set_read_timeout(Some(left()))?;
        stream.read_exact(&mut [0])
    })
}
// ANCHOR_END: read

// ANCHOR: futures
async fn read_async(peer: SocketAddr) -> io::Result<()> {
    let whole = async {
        let mut stream = tokio::net::TcpStream::connect(peer).await?;
        stream.write_all(b"GET\n").await?;
        stream.read_exact(&mut [0; BYTES as usize]).await.map(drop)
    };
    tokio::time::timeout(LIMIT, whole).await?
}

async fn get(peer: SocketAddr) -> reqwest::Result<()> {
    let client = reqwest::Client::builder().no_proxy().timeout(LIMIT);
    let response = client.build()?.get(format!("http://{peer}")).send();
    response.await?.bytes().await.map(drop)
}
// ANCHOR_END: futures

/// Serves a status line without end, until the client hangs up.
async fn drip(listener: TcpListener) -> io::Result<()> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        let mut heard = stream.read_exact(&mut [0; 4]).await.map(drop);
        for byte in b"HTTP/1.1 200 slow".iter().cycle() {
            if heard.is_err() {
                break;
            }
            tokio::time::sleep(PACE).await;
            heard = stream.write_all(&[*byte]).await;
        }
    }
}

fn report<T, E>(what: &str, least: Duration, f: impl FnOnce() -> Result<T, E>) {
    let start = Instant::now();
    let outcome = if f().is_ok() { "done" } else { "gave up" };
    // A timer may be early by one tick of the system's clock, 16 ms at most.
    let took = start.elapsed() + Duration::from_millis(16);
    let most = Duration::from_secs(1);
    let held = (least..most).contains(&took);
    let not = if held { "" } else { "NOT " };
    println!("  {what}: {outcome}, {not}between {least:?} and {most:?}");
}
