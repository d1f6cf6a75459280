//! Exercise 12, small answers: a server goes in, and how long each of its
//! answers takes is compared with a server of our own.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use super::super::{Bench, Failure, Outcome, PATIENCE, Shown};
use super::words::*;
use super::{answer, answers, word};
use crate::peer::Peer;

/// So many lines are asked on one connection.
const LINES: usize = 60;

/// The first of them are not timed: Linux acknowledges the first segments of
/// a connection at once, up to 16 of them, and so hides the stall.
const YOUNG: usize = 20;

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
        let (theirs, ours) = measure(bench)?;
        if theirs < STALL.max(4 * ours) {
            return Ok(());
        }
        if ours < BUSY || tries == TRIES {
            let shown = |time: Duration| {
                Shown::plain(format!("{:.1} ms", time.as_secs_f64() * 1e3))
            };
            return Err(Failure {
                sent: Shown::words(MANY_LINES),
                expected: shown(ours).note(AS_FAST),
                got: shown(theirs).note(MEDIAN),
                likely: TWO_WRITES,
                died: None,
            }
            .into());
        }
    }
}

/// The median of the program's times and of our own server's. They take
/// turns, so that what else goes on in this machine is the same for both.
fn measure(bench: &mut Bench) -> Outcome<(Duration, Duration)> {
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    let mut peer = bench.connect()?;
    let mut other = Peer::connect(yardstick()?, PATIENCE, bench.limit())?;
    for _ in 0..LINES {
        let line = word(bench);
        for (peer, times) in [(&mut peer, &mut theirs), (&mut other, &mut ours)]
        {
            let start = Instant::now();
            answers(peer, &line, CONTRACT)?;
            times.push(start.elapsed());
        }
    }
    Ok((median(&mut theirs[YOUNG..]), median(&mut ours[YOUNG..])))
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
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
