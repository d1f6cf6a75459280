//! One run against a name service and a server that take their time: what
//! they do goes in; how the program ended, and how long each phase must have
//! been, come out.

use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use super::{
    CONNECTION_THERE, GREETING_FIRST, NO_SECOND_CONNECTION, SILENCE, SLOW,
    THE_NAMED_ADDRESS, TOO_IMPATIENT, WHERE_FIRST, bound,
};
use crate::check::client::{Client, START};
use crate::check::failure::came;
use crate::check::program::{Ended, Program};
use crate::check::{Bench, Failure, Outcome, PATIENCE, Shown};
use crate::peer::{Limit, Peer, Then};

/// Between two pieces of a line.
const BETWEEN: Duration = Duration::from_millis(100);

/// What the two do.
pub(super) struct Script {
    /// Milliseconds before the last byte of each phase is sent; what the
    /// transfer waits for comes between `first` and `rest`.
    pub waits: [u64; 4],
    /// Whether both lines come in pieces.
    pub pieces: bool,
    pub first: Vec<u8>,
    /// In parts with a pause before each: the transfer's wait, divided.
    pub rest: Vec<Vec<u8>>,
    pub breaks: Option<Break>,
}

/// Where it ends early, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    NobodyAsked,
    NoAddress,
    ResetNotAddress,
    HalfAnAddress,
    NobodyThere,
    HalfReady,
    ResetNotReady,
    EndNotFirst,
    ResetNotFirst,
    ResetInTransfer,
}

/// How it went.
pub(super) struct Played {
    pub ended: Ended,
    /// The least and the most that each phase can have taken: those that
    /// ended.
    pub bounds: Vec<(Duration, Duration)>,
}

/// When the client's clock must have been read: between the two.
type Between = (Instant, Instant);

impl Script {
    pub fn new(waits: [u64; 4]) -> Script {
        Script {
            waits,
            pieces: false,
            first: b"a".into(),
            rest: vec![b" few words".into()],
            breaks: None,
        }
    }

    fn wait(&self, phase: usize) -> Duration {
        Duration::from_millis(self.waits[phase])
    }

    fn is(&self, one: Break) -> bool {
        self.breaks == Some(one)
    }

    /// What to say of a client that is gone in this phase.
    pub fn likely(&self, phase: usize, other: &'static str) -> &'static str {
        match self.waits[phase] >= SLOW {
            true => TOO_IMPATIENT,
            false => other,
        }
    }

    /// Sends a line after its wait; the moment before its last byte left.
    fn send_line(&self, phase: usize, line: &str, peer: &mut Peer) -> Instant {
        peer.pause(self.wait(phase));
        let mut line = line.as_bytes();
        if self.pieces {
            // The last piece is the `\n` alone.
            let cuts = [2, line.len() - 3];
            for length in cuts {
                let (piece, rest) = line.split_at(length);
                peer.send(piece);
                peer.pause(BETWEEN);
                line = rest;
            }
        }
        let before = Instant::now();
        peer.send(line);
        before
    }

    /// One run.
    pub fn play(&self, bench: &Bench) -> Outcome<Played> {
        match self.is(Break::NobodyAsked) {
            true => Script::refused(bench),
            false => self.answered(bench),
        }
    }

    /// A run with nobody at the name service's address.
    fn refused(bench: &Bench) -> Outcome<Played> {
        // Bound, but not listening, for as long as this run lasts.
        let (_bound, nobody) = bound()?;
        let program = bench.start(nobody)?;
        // It has both to start and to notice.
        let ended = program.finish(START + PATIENCE);
        Ok(Played::ended(ended, &[]))
    }

    fn answered(&self, bench: &Bench) -> Outcome<Played> {
        let server = bench.listen()?;
        // Bound, but not listening, for as long as this run lasts.
        let (_bound, nobody) = bound()?;
        let Client {
            program,
            peer: mut service,
            clock,
        } = Client::start(bench)?;
        // A language may load what it needs for a socket once it has looked
        // at its clock: all that is certain is that it had been started.
        let mut marks: Vec<Between> = vec![(program.started, clock.1)];
        reads(&mut service, b"where\n", WHERE_FIRST)?;
        let address = match self.is(Break::NobodyThere) {
            true => nobody,
            false => server.local_addr()?,
        };
        let Some(told) = self.look_up(address, &mut service) else {
            if self.is(Break::ResetNotAddress) {
                service.reset();
            } else {
                drop(service);
            }
            return Ok(Played::new(program, marks));
        };
        if self.is(Break::NobodyThere) {
            let ended = program.finish(PATIENCE);
            marks.push((told, ended.at));
            return Ok(Played::ended(ended, &marks));
        }
        let likely = self.likely(0, NO_SECOND_CONNECTION);
        let limit = bench.limit();
        let (program, peer) = connection(program, &server, limit, likely)?;
        marks.push((told, Instant::now()));
        // The first connection stays open until the end of this function.
        self.serve(program, peer, marks)
    }

    /// Answers the look-up: when, if it does so with a whole line.
    fn look_up(&self, at: SocketAddr, service: &mut Peer) -> Option<Instant> {
        match self.breaks {
            Some(Break::NoAddress | Break::ResetNotAddress) => {
                service.pause(self.wait(0));
            }
            Some(Break::HalfAnAddress) => {
                service.pause(self.wait(0));
                // All of an address too, but of another one.
                service.send(b"127.0.0.1:1");
            }
            _ => return Some(self.send_line(0, &format!("{at}\n"), service)),
        }
        None
    }

    /// The second connection, unless it ends before `ready` is complete.
    fn before_ready(&self, mut peer: Peer) -> Option<Peer> {
        match self.breaks {
            Some(Break::HalfReady) => {
                peer.pause(self.wait(1));
                // All but the `\n`.
                peer.send(b"ready");
            }
            Some(Break::ResetNotReady) => {
                peer.pause(self.wait(1));
                peer.reset();
            }
            _ => return Some(peer),
        }
        None
    }

    /// The three phases on the second connection.
    fn serve(
        &self,
        program: Program,
        peer: Peer,
        mut marks: Vec<Between>,
    ) -> Outcome<Played> {
        let Some(mut peer) = self.before_ready(peer) else {
            return Ok(Played::new(program, marks));
        };
        let greeted = self.send_line(1, "ready\n", &mut peer);
        reads(&mut peer, b"get\n", self.likely(1, GREETING_FIRST))?;
        marks.push((greeted, Instant::now()));
        peer.pause(self.wait(2));
        if self.is(Break::EndNotFirst) || self.is(Break::ResetNotFirst) {
            if self.is(Break::ResetNotFirst) {
                peer.reset();
            } else {
                drop(peer);
            }
            return Ok(Played::new(program, marks));
        }
        let before = Instant::now();
        peer.send(&self.first);
        // When it was seen, nobody says: at once, if the machine is not busy.
        marks.push((before, Instant::now()));
        let parts = self.rest.len().max(1) as u32;
        for part in &self.rest {
            peer.pause(self.wait(3) / parts);
            peer.send(part);
        }
        if self.is(Break::ResetInTransfer) {
            peer.reset();
            return Ok(Played::new(program, marks));
        }
        let last = Instant::now();
        drop(peer);
        let ended = program.finish(PATIENCE);
        marks.push((last, ended.at));
        Ok(Played::ended(ended, &marks))
    }
}

impl Played {
    /// The phase after the last mark has broken off.
    fn new(program: Program, marks: Vec<Between>) -> Played {
        Played::ended(program.finish(PATIENCE), &marks)
    }

    fn ended(ended: Ended, marks: &[Between]) -> Played {
        let phase = |pair: &[Between]| {
            let least = pair[1].0.saturating_duration_since(pair[0].1);
            (least, pair[1].1 - pair[0].0)
        };
        let bounds = marks.windows(2).map(phase).collect();
        Played { ended, bounds }
    }
}

/// The connection to the address that was named.
fn connection(
    mut program: Program,
    server: &TcpListener,
    limit: Limit,
    likely: &'static str,
) -> Outcome<(Program, Peer)> {
    let accepted = limit.poll(PATIENCE, || {
        let gone = program.exited(Duration::ZERO).is_some();
        match Peer::accept(server, Duration::ZERO, limit.clone()) {
            Ok(None) if gone => Some(Ok(None)),
            Ok(None) => None,
            other => Some(other),
        }
    });
    match accepted.transpose()?.flatten() {
        Some(peer) => Ok((program, peer)),
        None => {
            let ended = program.finish(Duration::ZERO);
            let address = server.local_addr()?.to_string();
            Err(Failure {
                sent: Shown::plain(address).note(THE_NAMED_ADDRESS),
                expected: Shown::words(CONNECTION_THERE),
                got: ended.shown(),
                likely,
                died: None,
            }
            .into())
        }
    }
}

/// Reads what the client has to say first.
fn reads(peer: &mut Peer, line: &[u8], likely: &'static str) -> Outcome {
    let got = peer.read(line.len(), PATIENCE);
    if got.then == Then::Enough && got.bytes == line {
        return Ok(());
    }
    Err(Failure {
        sent: Shown::words(SILENCE),
        expected: Shown::text(line),
        got: Shown::text(&got.bytes).note(came(&got, line, PATIENCE)),
        likely,
        died: None,
    }
    .into())
}
