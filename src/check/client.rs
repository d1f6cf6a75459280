//! Clients: how one has ended goes in, whether that is right comes out, and
//! what there is to show if it is not.

use std::panic::resume_unwind;
use std::process::ExitStatus;
use std::thread;
use std::time::{Duration, Instant};

use super::bench::{Bench, Outcome, Stop};
use super::failure::{Failure, Shown};
use super::program::{Ended, Program};
use crate::peer::Peer;

/// How long a client may take until it connects: a JVM is slow.
pub(super) const START: Duration = Duration::from_secs(10);

/// The most that may lie between looking at a clock and being connected: a
/// language may load what it needs for a socket, on a busy machine.
const CLOCK_TO_CONNECT: Duration = Duration::from_millis(100);

words! {
    A_LISTENER = "a place to connect to, as its argument";
    ITS_CONNECTION = "a connection";
    NO_CONNECTION = "the program ended, or did not connect within 10 s";
    STILL_RUNS = "it was still running, and was stopped";
    NO_CLIENT = "the program must connect to the address in its first \
        argument, that host and that port.";
    DIED_FIRST = "it ended with an error before it had connected: its last \
        words say why. Run it by hand with an address to see all of them.";
}

/// A program that has connected.
pub(super) struct Client {
    pub program: Program,
    pub peer: Peer,
    /// When it looked at its clock at the earliest, to give itself so much
    /// time; and a moment after it connected.
    pub clock: (Instant, Instant),
}

impl Client {
    /// Starts the program and waits for its connection.
    pub fn start(bench: &Bench) -> Outcome<Client> {
        let listener = bench.listen()?;
        let mut program = bench.start(listener.local_addr()?)?;
        let limit = bench.limit();
        let mut before = Instant::now();
        let accepted = limit.poll(START, || {
            let gone = program.exited(Duration::ZERO).is_some();
            let now = Instant::now();
            match Peer::accept(&listener, Duration::ZERO, limit.clone()) {
                Ok(None) if gone => Some(Ok(None)),
                Ok(None) => {
                    before = now;
                    None
                }
                other => Some(other),
            }
        });
        let Some(peer) = accepted.transpose()?.flatten() else {
            return Err(no_connection(program));
        };
        // What lies between the two takes longer where starting does.
        let startup = before - program.started;
        let earlier = (startup / 4).min(CLOCK_TO_CONNECT);
        Ok(Client {
            program,
            peer,
            clock: (before - earlier, Instant::now()),
        })
    }
}

/// Runs of several programs at once, for they mostly wait; the first of them
/// that has failed is told.
pub(super) fn side_by_side<R>(runs: impl IntoIterator<Item = R>) -> Outcome
where
    R: FnOnce() -> Outcome + Send,
{
    thread::scope(|scope| {
        let start = |run| scope.spawn(run);
        let running: Vec<_> = runs.into_iter().map(start).collect();
        running.into_iter().try_for_each(|run| match run.join() {
            Ok(outcome) => outcome,
            Err(panic) => resume_unwind(panic),
        })
    })
}

/// The program has ended, or done nothing for too long.
pub(super) fn no_connection(program: Program) -> Stop {
    let ended = program.finish(Duration::ZERO);
    let likely = if ended.failed() {
        DIED_FIRST
    } else {
        NO_CLIENT
    };
    Failure {
        sent: Shown::words(A_LISTENER),
        expected: Shown::words(ITS_CONNECTION),
        got: ended.shown().note(NO_CONNECTION),
        likely,
        died: None,
    }
    .into()
}

impl Ended {
    /// Its exit code; `None` after a signal, and if it had to be killed.
    pub fn code(&self) -> Option<i32> {
        self.status.and_then(|status| status.code())
    }

    /// Whether it said by itself that it has failed.
    pub fn failed(&self) -> bool {
        self.status.is_some_and(|status| !status.success())
    }

    /// Whether it printed `line`, and nothing else.
    pub fn printed(&self, line: &[u8]) -> bool {
        let stdout = self.stdout.strip_suffix(b"\n").unwrap_or(&self.stdout);
        // There a line is often ended so by the language's library.
        let stdout = match cfg!(windows) {
            true => stdout.strip_suffix(b"\r").unwrap_or(stdout),
            false => stdout,
        };
        stdout == line
    }

    /// What it printed, how it ended, and its last words.
    pub fn shown(&self) -> Shown {
        let mut rows = vec![Shown::text(&self.stdout).what];
        rows.extend(self.status.map(|status: ExitStatus| status.to_string()));
        let words = String::from_utf8_lossy(&self.stderr);
        let words: Vec<&str> = words.trim_end().lines().collect();
        rows.push(words[words.len().saturating_sub(3)..].join("\n"));
        rows.retain(|row| !row.is_empty());
        let still_runs = self.status.is_none();
        Shown::plain(rows.join("\n")).note(if still_runs {
            STILL_RUNS
        } else {
            ""
        })
    }
}
