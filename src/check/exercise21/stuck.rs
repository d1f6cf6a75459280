//! Exercise 21, what is stuck: one side of a connection reads nothing, and
//! the proxy must neither keep what it is sent nor let anything else wait.

use std::net::TcpStream;
use std::slice;

use super::flow::Flow;
use super::pipe::{Pipe, arrive, arrives, fill, first_line};
use super::words::*;
use super::{LARGE, likely, patterns, word};
use crate::check::{Bench, Outcome};

/// Others that are served while one is stuck.
const OTHERS: usize = 50;

pub fn slow_client(bench: &mut Bench) -> Outcome {
    let (client, upstream) = Pipe::open(bench, b"")?.into_streams()?;
    stops_and_goes_on(bench, &upstream, &client)
}

pub fn slow_upstream(bench: &mut Bench) -> Outcome {
    let (client, upstream) = Pipe::open(bench, b"")?.into_streams()?;
    stops_and_goes_on(bench, &client, &upstream)
}

/// `from` is stopped while `to` does not read; then everything comes.
fn stops_and_goes_on(
    bench: &mut Bench,
    from: &TcpStream,
    to: &TcpStream,
) -> Outcome {
    let (pattern, _) = patterns(&mut bench.rng);
    let mut flow = Flow::new(from, to, &pattern, 0);
    fill(bench, &mut flow)?;
    released(&mut flow);
    arrive(bench, &mut [flow], DOES_NOT_GO_ON)
}

/// Its other end reads from now on: what is held back, a little more, and
/// the end.
fn released(flow: &mut Flow) {
    flow.total = flow.sent + LARGE / 4;
    flow.reads = true;
    flow.ends = true;
}

pub fn other_direction(bench: &mut Bench) -> Outcome {
    let (up, down) = patterns(&mut bench.rng);
    let (client, upstream) = Pipe::open(bench, b"")?.into_streams()?;
    let mut stuck = Flow::new(&upstream, &client, &down, 0);
    fill(bench, &mut stuck)?;
    let mut other = Flow::new(&client, &upstream, &up, LARGE);
    other.ends = true;
    arrive(bench, &mut [other], STUCK_TOGETHER)?;
    released(&mut stuck);
    arrive(bench, &mut [stuck], DOES_NOT_GO_ON)
}

pub fn both_stuck(bench: &mut Bench) -> Outcome {
    let (up, down) = patterns(&mut bench.rng);
    let (client, upstream) = Pipe::open(bench, b"")?.into_streams()?;
    let mut flows = [
        Flow::new(&client, &upstream, &up, 0),
        Flow::new(&upstream, &client, &down, 0),
    ];
    for flow in &mut flows {
        fill(bench, flow)?;
    }
    // One after the other: each way must come free by itself.
    for flow in &mut flows {
        released(flow);
        arrive(bench, slice::from_mut(flow), STUCK_TOGETHER)?;
    }
    Ok(())
}

pub fn others(bench: &mut Bench) -> Outcome {
    let (_, down) = patterns(&mut bench.rng);
    let (client, upstream) = Pipe::open(bench, b"")?.into_streams()?;
    let mut stuck = Flow::new(&upstream, &client, &down, 0);
    fill(bench, &mut stuck)?;
    // Another has not said yet where to, and stays until all are served.
    let mut silent = bench.connect()?;
    silent.send(b"127.0.0.");
    let mut pipes = Vec::new();
    for _ in 0..OTHERS {
        let ask = word(&mut bench.rng);
        let listener = bench.listen()?;
        let mut peer = bench.connect()?;
        peer.send(&[first_line(listener.local_addr()?), ask.clone()].concat());
        let opened = Pipe::accepted(bench, peer, &listener);
        let mut pipe = opened.map_err(|stop| likely(stop, ONE_AT_A_TIME))?;
        arrives(&mut pipe.upstream, &ask, FOR_ONE_OF_50, ONE_AT_A_TIME)?;
        pipes.push(pipe);
    }
    for pipe in &mut pipes {
        pipe.down(&word(&mut bench.rng), ONE_AT_A_TIME)?;
    }
    Ok(())
}
