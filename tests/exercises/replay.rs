//! A seed plays the same bytes again: a proxy stands before a solution and
//! writes down what each client sends.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use wire::check::{self, Interrupt, Program, Target};
use wire::peer::{Limit, Peer};

use crate::programs;

/// What each client has sent, in the order they came; `None` if it ended
/// with a reset: how much of it arrives is not in anybody's hands.
type Log = Arc<Mutex<Vec<Option<Vec<u8>>>>>;

#[test]
fn a_seed_plays_the_same_bytes_again() {
    for number in [3, 7] {
        let first = record(number, 4711);
        assert!(first.len() > 20, "{} clients", first.len());
        assert_eq!(differences(&first, &record(number, 4711)), 0);
        assert!(differences(&first, &record(number, 4712)) > 2);
    }
}

fn differences(one: &[Option<Vec<u8>>], other: &[Option<Vec<u8>>]) -> usize {
    assert_eq!(one.len(), other.len());
    let pairs = one.iter().zip(other);
    pairs
        .filter(|(a, b)| a.is_some() && b.is_some() && a != b)
        .count()
}

fn record(number: u8, seed: u64) -> Vec<Option<Vec<u8>>> {
    let (server, _program) = start(number);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let proxy = listener.local_addr().unwrap();
    let log = Log::default();
    let writer = Arc::clone(&log);
    thread::spawn(move || {
        for client in listener.incoming() {
            pass_on(client?, server, &writer)?;
        }
        io::Result::Ok(())
    });
    let exercise = check::exercise(number).unwrap();
    let target = Target::Address(proxy);
    let interrupt = Interrupt::default();
    let verdict =
        check::judge(exercise, &target, seed, &interrupt, &mut |_| {}).unwrap();
    assert!(verdict.passed(), "step {} of {number}", verdict.tried);
    // Each connection holds the log until all that it sent is noted down.
    let until = Instant::now() + Duration::from_secs(10);
    while Arc::strong_count(&log) > 2 && Instant::now() < until {
        thread::sleep(Duration::from_millis(10));
    }
    let log = log.lock().unwrap();
    log.clone()
}

/// Both directions in threads of their own.
fn pass_on(client: TcpStream, server: SocketAddr, log: &Log) -> io::Result<()> {
    let server = TcpStream::connect(server)?;
    let (mut to_client, mut from_server) =
        (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        // What cannot be delivered is the client's loss, as without a proxy.
        let _ = io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Write);
    });
    let index = {
        let mut log = log.lock().unwrap();
        log.push(Some(Vec::new()));
        log.len() - 1
    };
    let log = Arc::clone(log);
    thread::spawn(move || note_down(client, server, &log, index));
    Ok(())
}

fn note_down(
    mut client: TcpStream,
    mut server: TcpStream,
    log: &Log,
    index: usize,
) {
    let mut buffer = [0; 4096];
    loop {
        match client.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => {
                let sent = &buffer[..n];
                if let Some(all) = &mut log.lock().unwrap()[index] {
                    all.extend_from_slice(sent);
                }
                let _ = server.write_all(sent);
            }
            Err(_) => {
                log.lock().unwrap()[index] = None;
                break;
            }
        }
    }
    let _ = server.shutdown(Shutdown::Write);
}

/// A solution that listens.
fn start(number: u8) -> (SocketAddr, Program) {
    let limit = Limit {
        deadline: Instant::now() + Duration::from_secs(60),
        interrupt: Interrupt::default(),
    };
    // Free, and taken by somebody else once in a blue moon.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let command = [programs::solution(number)];
    let program = Program::start(&command, address, limit.clone()).unwrap();
    let second = Duration::from_secs(1);
    let found = limit.poll(Duration::from_secs(20), || {
        Peer::connect(address, second, limit.clone()).ok()
    });
    assert!(found.is_some(), "solution {number} does not listen");
    (address, program)
}
