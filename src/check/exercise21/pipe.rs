//! A connection through the proxy, both of its ends in the checker's hands:
//! what each sends goes in, whether it arrives at the other comes out.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use super::flow::{self, Flow};
use super::words::*;
use crate::check::failure::grouped;
use crate::check::{Bench, Exchange, Failure, Outcome, PATIENCE, Shown};
use crate::peer::Peer;

/// How long nothing may move where something must: a busy machine, and a
/// program that has been swapped out, included.
pub(super) const LONG: Duration = Duration::from_secs(15);

/// When nothing has moved for so long, all buffers are full. A program that
/// only was slow is spared by this, never blamed.
const QUIET: Duration = Duration::from_millis(1500);

/// The most that may be on its way through the proxy. Kernels take part:
/// four buffers, of which Linux lets one grow to 32 MiB.
pub(super) const BOUND: u64 = 64 << 20;

/// What is offered to a proxy that should not take it.
const MUCH: u64 = 256 << 20;

/// Both ends.
pub(super) struct Pipe {
    pub client: Peer,
    pub upstream: Peer,
}

impl Pipe {
    /// A client that names its upstream, in one packet with `more`.
    pub fn open(bench: &mut Bench, more: &[u8]) -> Outcome<Pipe> {
        let listener = bench.listen()?;
        let mut client = bench.connect()?;
        let line = first_line(listener.local_addr()?);
        client.send(&[&line, more].concat());
        Pipe::accepted(bench, client, &listener)
    }

    /// The proxy has been told where `listener` is.
    pub fn accepted(
        bench: &Bench,
        client: Peer,
        listener: &TcpListener,
    ) -> Outcome<Pipe> {
        match Peer::accept(listener, PATIENCE, bench.limit())? {
            Some(upstream) => Ok(Pipe { client, upstream }),
            None => Err(Failure {
                sent: Shown::words(TARGET),
                expected: Shown::words(CONNECTED),
                got: Shown::words(NOT_CONNECTED),
                likely: NO_TARGET,
                died: None,
            }
            .into()),
        }
    }

    /// `bytes` from the client must arrive at the upstream.
    pub fn up(&mut self, bytes: &[u8], likely: &'static str) -> Outcome {
        self.client.send(bytes);
        arrives(&mut self.upstream, bytes, TO_UPSTREAM, likely)
    }

    /// `bytes` from the upstream must arrive at the client.
    pub fn down(&mut self, bytes: &[u8], likely: &'static str) -> Outcome {
        self.upstream.send(bytes);
        arrives(&mut self.client, bytes, TO_CLIENT, likely)
    }

    /// Both ends for much at once: the client's, then the upstream's.
    pub fn into_streams(self) -> Outcome<(TcpStream, TcpStream)> {
        Ok((self.client.into_stream()?, self.upstream.into_stream()?))
    }
}

pub(super) fn first_line(target: SocketAddr) -> Vec<u8> {
    format!("{target}\n").into_bytes()
}

/// What was sent, as `note` says, arrives at `peer`, no more and no less.
pub(super) fn arrives(
    peer: &mut Peer,
    bytes: &[u8],
    note: &'static str,
    likely: &'static str,
) -> Outcome {
    judge(peer, bytes, false, Shown::text(bytes).note(note), likely)
}

/// The same, and then the end.
pub(super) fn arrives_and_ends(
    peer: &mut Peer,
    bytes: &[u8],
    sent: Shown,
    likely: &'static str,
) -> Outcome {
    judge(peer, bytes, true, sent, likely)
}

fn judge(
    peer: &mut Peer,
    expected: &[u8],
    close: bool,
    sent: Shown,
    likely: &'static str,
) -> Outcome {
    Exchange {
        sent,
        expected,
        close,
        likely,
        show: Shown::text,
    }
    .judge(peer)
}

/// Has the sender of the first flow send until nobody takes any more. The
/// proxy must stop taking at some point, whatever the other flows do.
pub(super) fn fill(bench: &Bench, flow: &mut Flow) -> Outcome {
    flow.total = MUCH;
    flow.reads = false;
    flow.ends = false;
    let flows = std::slice::from_mut(flow);
    let too_much = |flows: &[Flow]| flows[0].held() > BOUND;
    if flow::run(flows, &bench.limit(), QUIET, too_much) {
        return Err(Failure {
            sent: Shown::plain(bytes(MUCH)).note(NOT_READ),
            expected: Shown::plain(bytes(BOUND)).note(AT_MOST),
            got: Shown::plain(bytes(flow.held())).note(TAKEN),
            likely: UNBOUNDED,
            died: None,
        }
        .into());
    }
    Ok(())
}

/// All flows must arrive whole.
pub(super) fn arrive(
    bench: &Bench,
    flows: &mut [Flow],
    likely: &'static str,
) -> Outcome {
    let done = |flows: &[Flow]| {
        flows.iter().all(Flow::is_whole) || flows.iter().any(Flow::has_failed)
    };
    flow::run(flows, &bench.limit(), LONG, done);
    let Some(flow) = flows.iter().find(|flow| !flow.is_whole()) else {
        return Ok(());
    };
    let came = match () {
        () if flow.wrong => DIFFERENT,
        () if flow.got == flow.total => NO_END,
        () if flow.has_failed() => TOO_EARLY_AN_END,
        () => NO_MORE,
    };
    Err(Failure {
        sent: Shown::plain(bytes(flow.total)),
        expected: Shown::plain(bytes(flow.total)).note(ALL_ARRIVES),
        got: Shown::plain(bytes(flow.got)).note(came),
        likely,
        died: None,
    }
    .into())
}

/// `end` must be closed after its other side broke off, as `sent` says.
pub(super) fn must_close(
    bench: &Bench,
    end: &TcpStream,
    sent: &'static str,
) -> Outcome {
    if flow::closes(end, &bench.limit(), LONG) {
        return Ok(());
    }
    Err(Failure {
        sent: Shown::words(sent),
        expected: Shown::words(CLOSED),
        got: Shown::words(STILL_OPEN),
        likely: BROKEN_OFF,
        died: None,
    }
    .into())
}

/// `64 MiB`, or `67,159,025 B`.
fn bytes(count: u64) -> String {
    match count % (1 << 20) {
        0 if count > 0 => format!("{} MiB", count >> 20),
        _ => format!("{} B", grouped(count as usize)),
    }
}
