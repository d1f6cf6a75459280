//! Exercise 21, silence: a connection on which nobody speaks goes in; others
//! must be served meanwhile, and it must still be there afterwards.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::flow::Flow;
use super::pipe::{Pipe, arrive};
use super::words::*;
use super::{likely, patterns, word};
use crate::check::{Bench, Outcome, Stop};

/// A little more than the timeouts that are left on a socket most often.
const SILENCE: Duration = Duration::from_secs(11);

/// What is sent after it, in bytes.
const LITTLE: u64 = 1000;

/// It has been used, and stays open for [`speaks_again`]: the steps between
/// the two take most of that time.
pub fn beside(bench: &mut Bench) -> Outcome {
    leave_one(bench)?;
    let mut other = Pipe::open(bench, b"")
        .map_err(|stop| likely(stop, BESIDE_A_SILENT_ONE))?;
    let (ask, answer) = (word(&mut bench.rng), word(&mut bench.rng));
    other.up(&ask, BESIDE_A_SILENT_ONE)?;
    other.down(&answer, BESIDE_A_SILENT_ONE)
}

fn leave_one(bench: &mut Bench) -> Outcome {
    let mut pipe = Pipe::open(bench, b"")?;
    let (ask, answer) = (word(&mut bench.rng), word(&mut bench.rng));
    pipe.up(&ask, BOTH_WAYS)?;
    pipe.down(&answer, BOTH_WAYS)?;
    let (client, upstream) = pipe.into_streams()?;
    bench.silent = Some((Instant::now(), [client, upstream]));
    Ok(())
}

pub fn speaks_again(bench: &mut Bench) -> Outcome {
    if bench.silent.is_none() {
        leave_one(bench)?;
    }
    let Some((since, ends)) = bench.silent.take() else {
        return Ok(());
    };
    let left = SILENCE.saturating_sub(since.elapsed());
    bench.limit().pause(left);
    both_ways(bench, &ends).map_err(|stop| match stop {
        Stop::Failed(mut failure) => {
            failure.sent.note = AFTER_SILENCE;
            Stop::Failed(failure)
        }
        error => error,
    })
}

fn both_ways(bench: &mut Bench, ends: &[TcpStream; 2]) -> Outcome {
    let (up, down) = patterns(&mut bench.rng);
    let [client, upstream] = ends;
    let mut flows = [
        Flow::new(client, upstream, &up, LITTLE),
        Flow::new(upstream, client, &down, LITTLE),
    ];
    for flow in &mut flows {
        flow.ends = true;
    }
    arrive(bench, &mut flows, NO_TIMEOUT)
}
