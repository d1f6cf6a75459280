//! The check: an exercise and a program go in, steps and a verdict come out.
//!
//! A program is started with one argument, an address: a *server* listens
//! there, a *client* connects there. The check plays the other side, first
//! friendly, then hostile ([`peer`](crate::peer)), and stops at the first
//! step that fails.
//!
//! # To add an exercise
//!
//! Write `exerciseN.rs` beside this file and add it to [`ALL`]:
//!
//! ```text
//! pub static EXERCISE: Exercise = Exercise {
//!     number: 7,
//!     title: "an echo that survives its clients",
//!     role: Role::Server,
//!     steps: &[Step::hostile("one byte at a time", one_byte_at_a_time)],
//!     after: Some(still_serves), // tried after each hostile step
//!     words: WORDS,
//!     hint: &["Read until the frame is whole."],
//! };
//!
//! words! { // every `likely` and every `note` that its steps use
//!     ONE_READ = "one `read` per message: read on until it is whole.";
//! }
//!
//! fn one_byte_at_a_time(bench: &mut Bench) -> Outcome {
//!     let mut peer = bench.connect()?; // starts the server if need be
//!     peer.send_pieces(b"\x00\x02hi".chunks(1), Duration::from_millis(2));
//!     Exchange {
//!         sent: Shown::hex(b"\x00\x02hi"),
//!         expected: b"\x00\x02HI",
//!         close: false,
//!         likely: ONE_READ,
//!         show: Shown::hex,
//!     }
//!     .judge(&mut peer)
//! }
//! ```
//!
//! A *client* is started anew in each step:
//!
//! ```text
//! fn prompt(bench: &mut Bench) -> Outcome {
//!     let listener = bench.listen()?;
//!     let program = bench.start(listener.local_addr()?)?;
//!     let accepted = Peer::accept(&listener, PATIENCE, bench.limit())?;
//!     // … talk; Err(Failure { … }.into()) if it talks nonsense …
//!     let ended = program.finish(PATIENCE); // status, stdout, stderr
//!     …
//! }
//! ```
//!
//! A server that speaks *UDP* is asked from sockets instead, each a client
//! of its own; a question that shows that it is there is given each time:
//!
//! ```text
//! let asker = bench.asker(b"hello")?; // starts the server if need be
//! asker.send(b"hi")?;
//! let sent = Shown::hex(b"hi");
//! let answer = asker.answer(&sent, &Shown::hex(b"HI"), NOT_UPPER)?;
//! ```
//!
//! A step that this machine cannot try ends with `Stop::Skipped(WHY)`: it
//! is told as skipped, and does not count.
//!
//! Rules: whatever is random comes from `bench.rng`. After the bytes that
//! end an exchange the peer sends nothing: a server that closes with bytes
//! unread resets the connection, and its own answer may be lost. That
//! something does *not* happen is judged by something else that must, never
//! by a short wait. Where the protocol is silent, so is the check.

/// Names strings, and lists them all in `WORDS` for translators.
macro_rules! words {
    ($($name:ident = $text:literal;)*) => {
        $(pub(super) const $name: &str = $text;)*
        /// Every string above, for translators.
        pub(super) const WORDS: &[&str] = &[$($name),*];
    };
}

mod bench;
mod client;
mod datagrams;
mod exchange;
mod exercise1;
mod exercise10;
mod exercise11;
mod exercise12;
mod exercise14;
mod exercise18;
mod exercise19;
mod exercise2;
mod exercise20;
mod exercise21;
mod exercise22;
mod exercise23;
mod exercise3;
mod exercise4;
mod exercise5;
mod exercise6;
mod exercise7;
mod exercise8;
mod exercise9;
mod failure;
mod judge;
mod program;
pub mod story;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::net::SocketAddr;

pub use bench::{Bench, Outcome, PATIENCE, Stop};
pub use datagrams::{Asker, Datagram};
pub use exchange::Exchange;
pub use failure::{Failure, Show, Shown};
pub use judge::judge;
pub use program::{Ended, Program};

pub use crate::peer::Interrupt;

/// What reads bytes that a program or a network sent. For those who feed it
/// anything: the fuzz targets.
#[doc(hidden)]
pub mod parsers {
    pub use super::exercise2::dissect;
    pub use super::exercise4::{Prefix, Table};
    pub use super::exercise5::{End, PHASES, Report};
    pub use super::exercise6::requested_piece;
    pub use super::exercise8::{answer as encoded, crc32, record, refusal};
    pub use super::exercise9::sorted;
    pub use super::exercise10::Question;
    pub use super::exercise11::{Reply, shown as message, zone_says};
    pub use super::exercise14::requested_path;
}

/// All exercises, in the order of their numbers.
pub static ALL: &[&Exercise] = &[
    &exercise1::EXERCISE,
    &exercise2::EXERCISE,
    &exercise3::EXERCISE,
    &exercise4::EXERCISE,
    &exercise5::EXERCISE,
    &exercise6::EXERCISE,
    &exercise7::EXERCISE,
    &exercise8::EXERCISE,
    &exercise9::EXERCISE,
    &exercise10::EXERCISE,
    &exercise11::EXERCISE,
    &exercise12::EXERCISE,
    &exercise14::EXERCISE,
    &exercise18::EXERCISE,
    &exercise19::EXERCISE,
    &exercise20::EXERCISE,
    &exercise21::EXERCISE,
    &exercise22::EXERCISE,
    &exercise23::EXERCISE,
];

/// What is to be solved, and how it is judged.
#[derive(Debug)]
pub struct Exercise {
    /// Its lesson's number.
    pub number: u8,
    /// Goes on after `Exercise 7: `, in lower case.
    pub title: &'static str,
    pub role: Role,
    pub steps: &'static [Step],
    /// Tried at the end of each hostile step that passed: whether a friendly
    /// client is served still.
    pub after: Option<fn(&mut Bench) -> Outcome>,
    /// All hints on a likely mistake and all remarks that its steps use.
    pub words: &'static [&'static str],
    /// What to tell who is stuck, one at a time, from gentle to plain.
    pub hint: &'static [&'static str],
}

/// Which end of the connection the program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Server,
    Client,
}

/// One thing that a right program does.
#[derive(Debug)]
pub struct Step {
    pub name: &'static str,
    run: fn(&mut Bench) -> Outcome,
    hostile: bool,
}

impl Step {
    /// What any client does.
    const fn new(name: &'static str, run: fn(&mut Bench) -> Outcome) -> Step {
        Step {
            name,
            run,
            hostile: false,
        }
    }

    /// What a server must survive: [`Exercise::after`] is tried afterwards.
    const fn hostile(
        name: &'static str,
        run: fn(&mut Bench) -> Outcome,
    ) -> Step {
        Step {
            name,
            run,
            hostile: true,
        }
    }
}

/// What is judged.
#[derive(Debug, Clone)]
pub enum Target {
    /// A program and its first arguments; the address is added.
    Command(Vec<OsString>),
    /// A server that runs already. It is neither started nor killed.
    Address(SocketAddr),
}

/// What happens during a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A step begins; its report follows.
    Trying { number: usize, name: &'static str },
    /// A step has ended, or will not be tried.
    Step(StepReport),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepReport {
    /// Counted from 1.
    pub number: usize,
    pub name: &'static str,
    pub state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Passed,
    Failed(Box<Failure>),
    /// This machine lacks what it needs: why, one of [`messages`].
    Skipped(&'static str),
    /// An earlier step has failed.
    NotReached,
}

/// How a check has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// How many steps there are, without those that were skipped.
    pub of: usize,
    pub tried: usize,
    pub ok: usize,
    /// Plays the same bytes again.
    pub seed: u64,
}

impl Verdict {
    pub fn passed(&self) -> bool {
        self.ok == self.of
    }

    /// The exit code that says it: 0 or 1.
    pub fn exit_code(&self) -> u8 {
        u8::from(!self.passed())
    }
}

/// Why there is no verdict.
#[derive(Debug)]
pub enum Error {
    /// Wrong usage: there is no such program, or it must not be started.
    CannotStart { command: String, error: io::Error },
    /// Wrong usage: a client connects, it has no address to be judged at.
    ClientAtAddress,
    /// Wrong usage: what runs already is not ours to start again.
    RestartAtAddress,
    /// This machine refuses what the check itself needs.
    Machine(io::Error),
    /// A program that the check itself starts could not be built: why.
    Helper(String),
    /// The interrupt was set.
    Interrupted,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::CannotStart { command, error } => write!(
                f,
                "cannot start `{command}`: {error}; give a program and its \
                 first arguments after `--`, the address is added"
            ),
            Error::ClientAtAddress => write!(
                f,
                "this exercise is a client, and a client does not run at an \
                 address: give its command after `--`"
            ),
            Error::RestartAtAddress => write!(
                f,
                "this exercise is about starting a program again, and what \
                 runs at an address was started by you: give its command \
                 after `--`"
            ),
            Error::Machine(error) => write!(
                f,
                "the check cannot use a socket on this machine: {error}"
            ),
            Error::Helper(why) => write!(
                f,
                "the check starts a program of its own, and it could not be \
                 built: {why}; `cargo run -- prepare` builds it while there \
                 is a network"
            ),
            Error::Interrupted => write!(f, "the check was interrupted"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::CannotStart { error, .. } | Error::Machine(error) => {
                Some(error)
            }
            Error::ClientAtAddress
            | Error::RestartAtAddress
            | Error::Helper(_)
            | Error::Interrupted => None,
        }
    }
}

/// The exercise of lesson `number`, if it has one.
pub fn exercise(number: u8) -> Option<&'static Exercise> {
    ALL.iter().copied().find(|one| one.number == number)
}

/// Every English string that a check may show, for translators: titles,
/// step names, likely mistakes, remarks and hints. None comes twice.
pub fn messages() -> Vec<&'static str> {
    let mut messages = [
        bench::WORDS,
        client::WORDS,
        datagrams::WORDS,
        failure::WORDS,
    ]
    .concat();
    for exercise in ALL {
        messages.push(exercise.title);
        messages.extend(exercise.steps.iter().map(|step| step.name));
        messages.extend(exercise.words);
        messages.extend(exercise.hint);
    }
    let mut seen = std::collections::HashSet::new();
    messages.retain(|message| seen.insert(*message));
    messages
}

/// A seed that is short enough to be typed.
pub fn fresh_seed() -> u64 {
    fastrand::u64(1..1_000_000)
}
