//! Exercise 12, time: a server goes in, and how long each of its answers takes
//! is compared with a server of our own; then nothing is said for a while.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::RangeInclusive;
use std::thread;
use std::time::{Duration, Instant};

use super::super::{Bench, Failure, Outcome, PATIENCE, Shown};
use super::words::*;
use super::{answer, answers, exchange, letters, word};
use crate::peer::Peer;

/// So many lines of a kind are asked, all kinds on one connection.
const LINES: usize = 20;

/// Who writes short answers in one piece may write long ones in two.
const SHORT: RangeInclusive<usize> = 5..=20;
const LONG: RangeInclusive<usize> = 80..=100;

/// How long a client says nothing: less than the 6 s that it may, so that a
/// busy machine does not make it more.
const SILENCE: Duration = Duration::from_secs(4);

/// Below every delayed-ACK timer that we know of (Linux has the shortest,
/// 40 ms), and far above what an answer takes.
const STALL: Duration = Duration::from_millis(25);

/// Where a right server needs so long, the machine is too busy to tell.
const BUSY: Duration = Duration::from_millis(5);

/// How often it is measured on a busy machine.
const TRIES: usize = 4;

pub fn no_answer_waits(bench: &mut Bench) -> Outcome {
    let mut tries = 0;
    loop {
        tries += 1;
        let Times { kind, theirs, ours } = measure(bench)?;
        if theirs < STALL.max(4 * ours) {
            return Ok(());
        }
        if ours < BUSY || tries == TRIES {
            let shown = |time: Duration| {
                Shown::plain(format!("{:.1} ms", time.as_secs_f64() * 1e3))
            };
            return Err(Failure {
                sent: Shown::words(kind),
                expected: shown(ours).note(AS_FAST),
                got: shown(theirs).note(MEDIAN),
                likely: TWO_WRITES,
                died: None,
            }
            .into());
        }
    }
}

/// The medians for lines of one kind: the program's, and our own server's.
struct Times {
    kind: &'static str,
    theirs: Duration,
    ours: Duration,
}

/// The kind of lines that takes longer than the other.
fn measure(bench: &mut Bench) -> Outcome<Times> {
    let ours = Peer::connect(yardstick()?, PATIENCE, bench.limit())?;
    let mut pair = [bench.connect()?, ours];
    // The first are not timed: Linux acknowledges the first segments of a
    // connection at once, up to 16 of them, and so hides the stall.
    ask(&mut pair, SHORT_LINES, SHORT, bench)?;
    let short = ask(&mut pair, SHORT_LINES, SHORT, bench)?;
    let long = ask(&mut pair, LONG_LINES, LONG, bench)?;
    Ok(if short.theirs > long.theirs {
        short
    } else {
        long
    })
}

/// They take turns, so that what else goes on in this machine is the same
/// for both.
fn ask(
    peers: &mut [Peer; 2],
    kind: &'static str,
    length: RangeInclusive<usize>,
    bench: &mut Bench,
) -> Outcome<Times> {
    let mut times = [vec![], vec![]];
    for _ in 0..LINES {
        let line = letters(length.clone(), bench);
        for (peer, times) in peers.iter_mut().zip(&mut times) {
            let start = Instant::now();
            answers(peer, &line, CONTRACT)?;
            times.push(start.elapsed());
        }
    }
    let [theirs, ours] = times.map(|mut times| median(&mut times));
    Ok(Times { kind, theirs, ours })
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Before a line, within one, and after an answer: at the same time.
pub fn idle(bench: &mut Bench) -> Outcome {
    let mut mute = bench.connect()?;
    let mut begun = bench.connect()?;
    let slow = word(bench);
    begun.send(&slow[..1]);
    let mut asked = bench.connect()?;
    answers(&mut asked, &word(bench), CONTRACT)?;
    mute.pause(SILENCE);
    begun.send(&[&slow[1..], b"\n"].concat());
    exchange(&mut begun, &slow, IDLE)?;
    answers(&mut mute, &word(bench), IDLE)?;
    answers(&mut asked, &word(bench), IDLE)
}

/// A server for one client, as the page wants it.
fn yardstick() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    // It ends with its client. Its errors are seen there: no answer comes.
    thread::spawn(move || -> io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        stream.set_nodelay(true)?;
        for line in BufReader::new(stream.try_clone()?).lines() {
            stream.write_all(&answer(line?.as_bytes()))?;
        }
        Ok(())
    });
    Ok(address)
}
