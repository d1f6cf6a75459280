//! Lesson 5: A connection's time is a sum, and you can measure every term.
//!
//!     cargo run --example lesson5
//!
//! A server that knows how long it lets each phase wait, and a client with a
//! clock. What differs in every run, the figures, goes to standard error.
// house: allow length: both ends, and a service that knows the address.
// wire: streams: parts may leave together once the machine is busy.

use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use lessons::formulas::{OutOfDomain, total_time};

const PHASES: [&str; 4] = ["look-up", "connect", "first byte", "transfer"];
/// Round trips in each phase, and what the server adds, in milliseconds.
const ROUND_TRIPS: [u32; 4] = [1, 1, 1, 0];
const ADDED: [u64; 4] = [40, 0, 60, 30];
/// The answer, in parts that leave at equal distances.
const PARTS: u32 = 4;
const PART: [u8; 7_500] = [b'.'; 7_500];
/// A busy machine makes things late, never early: the least of a few counts.
const TIMES: u32 = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let names = UdpSocket::bind("127.0.0.1:0")?;
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let (service, server) = (names.local_addr()?, listener.local_addr()?);
    let naming = thread::spawn(move || answer_names(&names, server));
    let serving = thread::spawn(move || serve(&listener));

    let (mut rtt, mut rest, mut least) = (f64::MAX, f64::MAX, [f64::MAX; 4]);
    for _ in 0..TIMES {
        let start = Instant::now();
        ask(service, b"ping")?;
        rtt = rtt.min(start.elapsed().as_secs_f64());

        let start = Instant::now();
        let mut times = request(service)?;
        let whole = start.elapsed().as_secs_f64();
        rest = rest.min(whole - total_time(&times)?);
        // Who sees the first byte late finds the transfer short. Only the
        // two together are never too short.
        times[3] += times[2];
        (0..4).for_each(|i| least[i] = least[i].min(times[i]));
    }
    least[3] -= least[2];
    verdicts(rtt, rest, least)?;
    figures(rtt, least)?;

    // Who connects and says nothing ends the server.
    drop(TcpStream::connect(server)?);
    serving.join().expect("the server does not panic")?;
    ask(service, b"end")?;
    Ok(naming.join().expect("the service does not panic")?)
}

// ANCHOR: request
/// One request: how long each of its phases took, in seconds.
fn request(service: SocketAddr) -> io::Result<[f64; 4]> {
    let start = Instant::now();
    let server = look_up(service)?;
    let known = Instant::now();
    let mut stream = TcpStream::connect(server)?;
    let connected = Instant::now();
    stream.write_all(b"GET\n")?;
    stream.read_exact(&mut [0])?;
    let first = Instant::now();
    io::copy(&mut stream, &mut io::sink())?;
    let end = Instant::now();
    let phases = [
        known - start,
        connected - known,
        first - connected,
        end - first,
    ];
    Ok(phases.map(|phase| phase.as_secs_f64()))
}
// ANCHOR_END: request

fn look_up(service: SocketAddr) -> io::Result<SocketAddr> {
    parse_address(&ask(service, b"where")?)
}

/// An address such as `127.0.0.1:4711`; any other bytes are refused.
pub fn parse_address(answer: &[u8]) -> io::Result<SocketAddr> {
    let text = std::str::from_utf8(answer).ok();
    let address = text.and_then(|text| text.parse().ok());
    address.ok_or(ErrorKind::InvalidData.into())
}

/// Asks by datagram, and again each second: one of the two may be lost.
fn ask(service: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(service)?;
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;
    let mut answer = [0; 64];
    for _ in 0..5 {
        socket.send(question)?;
        match socket.recv(&mut answer) {
            Ok(n) => return Ok(answer[..n].into()),
            Err(e)
                if matches!(
                    e.kind(),
                    ErrorKind::WouldBlock | ErrorKind::TimedOut
                ) => {}
            Err(e) => return Err(e),
        }
    }
    Err(ErrorKind::TimedOut.into())
}

// ANCHOR: server
/// Tells who asks where the server is; a ping comes back at once.
fn answer_names(names: &UdpSocket, server: SocketAddr) -> io::Result<()> {
    let mut question = [0; 64];
    loop {
        let (n, client) = names.recv_from(&mut question)?;
        let question = &question[..n];
        if question == b"where" {
            wait_until(Instant::now() + Duration::from_millis(ADDED[0]));
            names.send_to(server.to_string().as_bytes(), client)?;
        } else {
            names.send_to(question, client)?;
        }
        if question == b"end" {
            return Ok(());
        }
    }
}

fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (mut stream, _) = listener.accept()?;
        // A part that waits for an acknowledgement would be late (lesson 12).
        stream.set_nodelay(true)?;
        if stream.read_exact(&mut [0; 4]).is_err() {
            return Ok(());
        }
        let start = Instant::now() + Duration::from_millis(ADDED[2]);
        let distance = Duration::from_millis(ADDED[3]) / (PARTS - 1);
        for part in 0..PARTS {
            wait_until(start + distance * part);
            stream.write_all(&PART)?;
        }
    }
}

/// Waits for a moment, not for a time: one late part makes no other late.
fn wait_until(moment: Instant) {
    // house: allow sleep: it is the server's known delay, no order needs it.
    thread::sleep(moment.saturating_duration_since(Instant::now()));
}
// ANCHOR_END: server

// ANCHOR: verdicts
/// The same on every machine: whether the model holds.
fn verdicts(rtt: f64, rest: f64, times: [f64; 4]) -> Result<(), OutOfDomain> {
    let not = |held| if held { "" } else { "NOT " };
    println!("the least of {TIMES} requests, against the model");
    for i in 0..4 {
        let (phase, trips, added) = (PHASES[i], ROUND_TRIPS[i], ADDED[i]);
        let model = f64::from(trips) * rtt + added as f64 / 1e3;
        let not = not((times[i] - model).abs() < 0.02);
        println!("  {phase:10} {trips} RTT + {added:2} ms: {not}within 20 ms");
    }
    let trips: u32 = ROUND_TRIPS.iter().sum();
    let added = 1e3 * total_time(&ADDED.map(|ms| ms as f64 / 1e3))?;
    println!("  together   {trips} RTT + {added:.0} ms");
    let not = not(rest < 0.001);
    println!("the sum of the four is {not}within 1 ms of the whole");
    Ok(())
}
// ANCHOR_END: verdicts

/// Different in each run: what the clock said.
fn figures(rtt: f64, times: [f64; 4]) -> Result<(), OutOfDomain> {
    let row = |name, time| format!("  {name:10} {:5.1}\n", 1e3 * time);
    let mut rows = "in milliseconds\n".to_owned() + &row("ping", rtt);
    for (phase, time) in PHASES.into_iter().zip(times) {
        rows += &row(phase, time);
    }
    rows += &row("together", total_time(&times)?);
    // At once, so that no line of standard output comes in between.
    eprint!("{rows}");
    Ok(())
}
