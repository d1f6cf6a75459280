//! One run of the program against a swarm: the report that it must send goes
//! in, whether it sent that comes out.

use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::swarm::{Odd, Swarm};
use super::{
    A_CONNECTION, A_REQUEST, ITS_END, NO_REPORT, NOT_A_REQUEST, ONE_REPORT,
    TOO_LONG,
};
use crate::check::client::Client;
use crate::check::{Bench, Failure, Outcome, Shown};
use crate::peer::{Got, Interrupt, Then, cut};

/// How long the whole may take, from the tracker's `end` to the report.
const BOUND: Duration = Duration::from_secs(20);

/// Bytes of the list in one part of it, at most.
const LONGEST: usize = 50;

/// After each part.
const PAUSE: Duration = Duration::from_millis(5);

/// A report and more than that, in bytes.
const TOO_MUCH: usize = 128;

/// How often who waits for a report looks whether another case has failed.
const LOOK_UP: Duration = Duration::from_millis(50);

pub(super) struct Case {
    pub swarm: Swarm,
    pub report: String,
    pub situation: &'static str,
    pub likely: &'static str,
}

impl Case {
    pub fn judge(&self, bench: &Bench) -> Outcome {
        self.play(bench, &Interrupt::default())
    }

    /// `cancelled`: another case has failed, and this one has no verdict.
    fn play(&self, bench: &Bench, cancelled: &Interrupt) -> Outcome {
        let places = self.swarm.places(bench)?;
        let list = self.swarm.list(&places)?;
        let parts = match self.swarm.parts {
            true => cut(list.as_bytes(), LONGEST, &mut bench.rng.clone()),
            false => vec![list.as_bytes()],
        };
        let odd = Odd::default();
        let reported = || reported(bench, &parts, cancelled);
        let seeded = self.swarm.seed(bench, &places, &odd, reported);
        let (got, client) = seeded?;
        let odd = odd.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = odd {
            return Err(not_a_request(&line).into());
        }
        if got.bytes == self.report.as_bytes() {
            return Ok(());
        }
        Err(Failure {
            sent: Shown::lines(list.as_bytes()).note(self.situation),
            expected: Shown::text(self.report.as_bytes()).note(ONE_REPORT),
            got: shown(&got, client),
            likely: self.likely,
            died: None,
        }
        .into())
    }
}

/// Judges all at once, each with a program of its own: they only wait. The
/// first that fails ends the others, which might wait for long.
pub(super) fn side_by_side(bench: &Bench, cases: &[Case]) -> Outcome {
    let cancelled = Interrupt::default();
    let first = Mutex::new(Ok(()));
    thread::scope(|scope| {
        for case in cases {
            let (first, cancelled) = (&first, &cancelled);
            scope.spawn(move || {
                let outcome = case.play(bench, cancelled);
                let first = first.lock();
                let mut first = first.unwrap_or_else(PoisonError::into_inner);
                if outcome.is_err() && first.is_ok() {
                    *first = outcome;
                    cancelled.set();
                }
            });
        }
    });
    first.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Starts the program, gives it the list, and reads its report.
fn reported(
    bench: &Bench,
    list: &[&[u8]],
    cancelled: &Interrupt,
) -> Outcome<(Got, Client)> {
    let mut client = Client::start(bench)?;
    client.peer.send_pieces(list, PAUSE);
    let until = Instant::now() + BOUND;
    let mut bytes = Vec::new();
    loop {
        let room = TOO_MUCH - bytes.len();
        let got = client.peer.read_while(room, |bytes| {
            match bytes.ends_with(b"\n") {
                true => Duration::ZERO,
                false => LOOK_UP,
            }
        });
        bytes.extend(got.bytes);
        let over = Instant::now() >= until || cancelled.is_set();
        if got.then != Then::Silence || bytes.ends_with(b"\n") || over {
            let then = got.then;
            return Ok((Got { bytes, then }, client));
        }
    }
}

fn not_a_request(line: &[u8]) -> Failure {
    Failure {
        sent: Shown::words(A_CONNECTION),
        expected: Shown::text(b"get 0\n").note(A_REQUEST),
        got: Shown::text(line),
        likely: NOT_A_REQUEST,
        died: None,
    }
}

/// What came instead of the report, and the program's last words if nothing
/// did.
fn shown(got: &Got, client: Client) -> Shown {
    let note = match got.then {
        Then::Enough => TOO_LONG,
        Then::End | Then::Reset => ITS_END,
        Then::Silence if got.bytes.ends_with(b"\n") => "",
        Then::Silence => NO_REPORT,
    };
    if !got.bytes.is_empty() {
        return Shown::text(&got.bytes).note(note);
    }
    // A program that has failed ends at once.
    let ended = client.program.finish(Duration::from_millis(500));
    ended.shown().note(note)
}
