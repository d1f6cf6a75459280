//! Lesson 19: the other side goes away, and only who asks finds out.
//!
//!     cargo run --example lesson19
//!
//! Five ways to go away, and what tells you; then the way back: a heartbeat,
//! pauses drawn by lot, and a request that may be sent twice.
// house: allow length: each ending, and all that leads back from it.
// house: allow sleep: a heartbeat's pace and a pause; no order depends on it.
// wire: streams: a late ACK may be overtaken by the FIN that follows it.

use std::collections::HashMap;
use std::error::Error;
use std::io::{self, BufRead, BufReader, ErrorKind::*, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};
use std::{panic, thread};

use fastrand::Rng;
use lessons::formulas::{
    OutOfDomain, backoff_limit, expected_attempts, layered_attempts,
    retry_success,
};
use socket2::SockRef;

/// How often the peer says that it is there, and how long we believe it.
const EVERY: Duration = Duration::from_millis(100);
const LIMIT: Duration = Duration::from_millis(500);

fn main() -> Result<(), Box<dyn Error>> {
    println!("five ways to go away");
    endings()?;
    println!("a heartbeat every {EVERY:?}, believed for {LIMIT:?}");
    heartbeat()?;
    println!("three answers are lost, and the request has no ID");
    retry("deposit 100")?;
    println!("three answers are lost, and the request has an ID");
    retry("deposit 100 b71c")?;
    println!("1,000 clients, and a server that is back after 10 s");
    herd("the pause is its limit", |limit, _| limit)?;
    herd("full jitter", |limit, rng| limit * rng.f64())?;
    println!("counted, and by the formula");
    Ok(count()?)
}

// ANCHOR: endings
fn endings() -> io::Result<()> {
    let (mut client, server) = pair()?;
    drop(server);
    tell("read after the end", client.read(&mut [0]));

    let (mut client, mut server) = pair()?;
    server.write_all(b"hel")?;
    drop(server);
    let word = client.read_exact(&mut [0; 5]).map(|()| 5);
    tell("read_exact, and the end is in the middle", word);

    let (mut client, server) = pair()?;
    SockRef::from(&server).set_linger(Some(Duration::ZERO))?;
    drop(server);
    tell("read after a reset", client.read(&mut [0]));

    let (mut client, server) = pair()?;
    drop(server);
    tell("write to one who has closed", client.write(b"you?"));
    tell("write again", write_on(&mut client));

    let (mut client, _server) = pair()?;
    tell("read from one who is silent", client.read(&mut [0]));
    Ok(())
}

/// Three errors to act upon, whatever the system calls them.
fn tell(what: &str, result: io::Result<usize>) {
    let meaning = match result {
        Ok(0) => "Ok(0): the end",
        Ok(_) => "Ok: no news",
        Err(error) if error.kind() == UnexpectedEof => {
            "UnexpectedEof: an end too early"
        }
        Err(error) if is_gone(&error) => {
            "ConnectionReset, ConnectionAborted or BrokenPipe: gone"
        }
        Err(error) if is_silence(&error) => "WouldBlock or TimedOut: who knows",
        Err(_) => "another error",
    };
    println!("  {what}: {meaning}");
}

fn is_gone(error: &io::Error) -> bool {
    let kind = error.kind();
    matches!(kind, ConnectionReset | ConnectionAborted | BrokenPipe)
}

fn is_silence(error: &io::Error) -> bool {
    matches!(error.kind(), WouldBlock | TimedOut)
}
// ANCHOR_END: endings

/// The first write gets a reset for an answer; one after that must fail.
fn write_on(stream: &mut TcpStream) -> io::Result<usize> {
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut written = Ok(0);
    while written.is_ok() && Instant::now() < deadline {
        thread::yield_now();
        written = stream.write(b"you?");
    }
    written
}

// ANCHOR: heartbeat
fn heartbeat() -> io::Result<()> {
    let (mut client, mut server) = pair()?;
    let server = thread::spawn(move || {
        server.set_read_timeout(Some(4 * LIMIT))?;
        for _ in 0..3 {
            server.write_all(b".")?;
            thread::sleep(EVERY);
        }
        // It hangs from here on: open, and silent, until the client leaves.
        server.read(&mut [0])
    });
    let (mut beats, mut last) = (0, Instant::now());
    // Each beat starts the clock anew, which here is what we want.
    let end = loop {
        match client.read_exact(&mut [0]) {
            Ok(()) => (beats, last) = (beats + 1, Instant::now()),
            Err(error) => break error,
        }
    };
    let late = last.elapsed() > LIMIT + Duration::from_secs(1);
    let bound = if late { "too late" } else { "in time" };
    println!("  {beats} beats, then none: noticed {bound}");
    tell("the next read", Err(end));
    drop(client);
    match join(server) {
        // Declared dead too soon, it finds that *we* went away.
        Err(error) if is_gone(&error) || is_silence(&error) => Ok(()),
        other => other.map(drop),
    }
}
// ANCHOR_END: heartbeat

// ANCHOR: retry
fn retry(request: &str) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || serve(&listener, 3));
    let mut rng = Rng::with_seed(19);
    let mut failures = 0;
    let answer = loop {
        match ask(address, request) {
            Ok(answer) => break answer,
            Err(error) if failures == 9 => return Err(error.into()),
            Err(error) => println!("  {:?}", error.kind()),
        }
        let limit = backoff_limit(0.04, 0.01, failures)?;
        let pause = Duration::from_secs_f64(limit * rng.f64());
        let ms = pause.as_secs_f64() * 1e3;
        println!("  pause: {ms:.1} ms of up to {} ms", limit * 1e3);
        thread::sleep(pause);
        failures += 1;
    };
    println!("  answer: {}", answer.trim());
    Ok(join(server)?)
}

fn ask(address: SocketAddr, request: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    // Silence is a failure as well.
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    stream.write_all(format!("{request}\n").as_bytes())?;
    // One line, then the end; without the line, only the end.
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    match answer.ends_with('\n') {
        true => Ok(answer),
        false => Err(UnexpectedEof.into()),
    }
}
// ANCHOR_END: retry

// ANCHOR: serve
/// Carries out what is asked; its first answers, so many, are lost.
fn serve(listener: &TcpListener, lost: u32) -> io::Result<()> {
    let mut balance = 0;
    let mut answers: HashMap<String, String> = HashMap::new();
    for arrival in 0..=lost {
        let (mut stream, _) = listener.accept()?;
        let mut request = String::new();
        BufReader::new(&stream).read_line(&mut request)?;
        let mut words = request.split_whitespace().skip(1);
        let amount = words.next().and_then(|word| word.parse().ok());
        let id = words.next().map(String::from);
        // What was done before is not done again: only said again.
        let known = id.as_ref().and_then(|id| answers.get(id).cloned());
        let answer = known.unwrap_or_else(|| {
            balance += amount.unwrap_or(0);
            format!("the balance is {balance}\n")
        });
        if arrival == lost {
            stream.write_all(answer.as_bytes())?;
        }
        answers.extend(id.map(|id| (id, answer)));
    }
    Ok(())
}
// ANCHOR_END: serve

// ANCHOR: herd
/// All lose the connection at once; each tries until the server is back.
fn herd(
    what: &str,
    pause: impl Fn(f64, &mut Rng) -> f64,
) -> Result<(), OutOfDomain> {
    let mut rng = Rng::with_seed(19);
    // Attempts once it is back, in each tenth of a second. No time passes
    // here: it is only added up.
    let mut slots = [0; 300];
    let mut attempts = 0;
    for _client in 0..1_000 {
        let (mut now, mut retry) = (0.0, 0);
        while now < 10.0 {
            now += pause(backoff_limit(10.0, 0.1, retry)?, &mut rng);
            retry += 1;
        }
        slots[(now * 10.0) as usize] += 1;
        attempts += retry;
    }
    let most = slots.iter().max().unwrap_or(&0);
    println!("  {what}: up to {most} in 100 ms, {attempts} attempts in all");
    Ok(())
}
// ANCHOR_END: herd

fn count() -> Result<(), OutOfDomain> {
    let mut rng = Rng::with_seed(19);
    let (requests, p, most) = (100_000, 0.1, 3);
    let (mut succeeded, mut made) = (0, 0);
    for _ in 0..requests {
        let failures = (0..most).take_while(|_| rng.f64() < p).count() as u32;
        succeeded += u32::from(failures < most);
        made += most.min(failures + 1);
    }
    let each = |count: u32| f64::from(count) / f64::from(requests);
    let (share, mean) = (retry_success(p, most)?, expected_attempts(p, most)?);
    println!("  succeeded: {:.3} ({share:.3})", each(succeeded));
    println!("  attempts for each: {:.2} ({mean:.2})", each(made));
    let (called, formula) = (call(4, 3), layered_attempts(4, 3)?);
    println!("  4 attempts in each of 3 layers: {called} ({formula})");
    Ok(())
}

/// A layer asks the one below, again and again; the lowest one is broken.
fn call(attempts: u32, layers: u32) -> u64 {
    match layers {
        0 => 1,
        _ => (0..attempts).map(|_| call(attempts, layers - 1)).sum(),
    }
}

/// Both ends of one TCP connection over loopback.
fn pair() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let client = TcpStream::connect(listener.local_addr()?)?;
    // Without it, a reset that is lost on the way is waited for, for ever.
    client.set_read_timeout(Some(LIMIT))?;
    let (server, _) = listener.accept()?;
    Ok((client, server))
}

fn join<T>(thread: thread::JoinHandle<io::Result<T>>) -> io::Result<T> {
    thread
        .join()
        .unwrap_or_else(|panic| panic::resume_unwind(panic))
}
