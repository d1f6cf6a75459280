//! Waiting for a client: what the peer sends and when goes in, with what the
//! client must print and when; whether it did comes out.

use std::time::{Duration, Instant};

use super::{
    BETWEEN, EARLY, LATE, REQUEST, SILENCE, STATUS_0, STATUS_1, TOO_EARLY,
    WRONG_REQUEST,
};
use crate::check::client::Client;
use crate::check::failure::came;
use crate::check::program::Ended;
use crate::check::{Bench, Failure, Outcome, PATIENCE, Shown};
use crate::peer::{Peer, Then};

/// When a `timeout` may come, from the accepted connection on.
pub(super) const EARLIEST: Duration = Duration::from_millis(450);
const LATEST: Duration = Duration::from_millis(1500);

/// When the last byte of an answer must have left, for the answer to count
/// as one in time: later than that, this machine is to blame.
const SENT_BY: Duration = Duration::from_millis(400);

/// A program that gives up sooner than this was let run, and meant it.
const TOO_SOON: Duration = Duration::from_millis(350);

/// How often something is tried that a busy machine can spoil.
const TRIES: usize = 10;

/// What the peer does once it has read the request.
pub(super) struct Script {
    /// Each after a pause.
    pub pieces: Vec<Vec<u8>>,
    pub pause: Duration,
    pub then: After,
}

pub(super) enum After {
    Silence,
    Drip,
    End,
    Reset,
}

/// What the client must do then.
pub(super) struct Wanted {
    pub print: Vec<u8>,
    pub code: i32,
    /// The client's patience has to be used up, and not more.
    pub timeout: bool,
    pub sent: Shown,
    pub likely: &'static str,
}

/// One run of the program against `script`; again if this machine may be to
/// blame for a `timeout` that came at the wrong time.
pub(super) fn play(
    bench: &mut Bench,
    script: &Script,
    wanted: &Wanted,
) -> Outcome {
    for _ in 1..TRIES {
        let (ended, clock, late) = run(bench, script)?;
        let outcome = wanted.judge(&ended, clock);
        // A program that was not let run when it wanted to gives up without
        // need, or at another time; a wrong one does so each time.
        let starved = ended.printed(b"timeout")
            && ended.at - clock.0 >= TOO_SOON
            && ended.at - clock.1 < 2 * LATEST;
        if outcome.is_ok() || !(late || starved) {
            return outcome;
        }
    }
    let (ended, clock, _) = run(bench, script)?;
    wanted.judge(&ended, clock)
}

/// How it ended, its clock as in [`Client`], and whether the peer was late.
fn run(
    bench: &mut Bench,
    script: &Script,
) -> Outcome<(Ended, (Instant, Instant), bool)> {
    let mut client = Client::start(bench)?;
    reads_request(&mut client.peer)?;
    for piece in &script.pieces {
        client.peer.pause(script.pause);
        client.peer.send(piece);
    }
    let late = client.clock.0.elapsed() > SENT_BY;
    let Client {
        mut program,
        mut peer,
        clock,
    } = client;
    let _open = match script.then {
        After::End => {
            drop(peer);
            None
        }
        After::Reset => {
            peer.reset();
            None
        }
        After::Drip => {
            let until = Instant::now() + PATIENCE;
            while Instant::now() < until
                && program.exited(Duration::from_millis(100)).is_none()
            {
                peer.send(b".");
            }
            Some(peer)
        }
        After::Silence => Some(peer),
    };
    Ok((program.finish(PATIENCE), clock, late))
}

fn reads_request(peer: &mut Peer) -> Outcome {
    let got = peer.read(4, PATIENCE);
    if got.then == Then::Enough && got.bytes == b"GET\n" {
        return Ok(());
    }
    Err(Failure {
        sent: Shown::words(SILENCE),
        expected: Shown::text(b"GET\n").note(REQUEST),
        got: Shown::text(&got.bytes).note(came(&got, b"GET\n", PATIENCE)),
        likely: WRONG_REQUEST,
        died: None,
    }
    .into())
}

impl Script {
    pub fn half(half: &[u8], then: After) -> Script {
        let pieces = if half.is_empty() {
            vec![]
        } else {
            vec![half.into()]
        };
        Script {
            pieces,
            pause: Duration::ZERO,
            then,
        }
    }
}

impl Wanted {
    pub fn word(word: &str, sent: Shown, likely: &'static str) -> Wanted {
        Wanted {
            print: word.into(),
            code: 1,
            timeout: false,
            sent,
            likely,
        }
    }

    /// `clock`: as in [`Client`].
    pub fn judge(&self, ended: &Ended, clock: (Instant, Instant)) -> Outcome {
        if !ended.printed(&self.print) || ended.code() != Some(self.code) {
            return self.fail(ended, "", self.likely);
        }
        if self.timeout && ended.at - clock.0 < EARLIEST {
            return self.fail(ended, EARLY, TOO_EARLY);
        }
        if self.timeout && ended.at - clock.1 > LATEST {
            return self.fail(ended, LATE, self.likely);
        }
        Ok(())
    }

    pub fn fail(
        &self,
        ended: &Ended,
        note: &'static str,
        likely: &'static str,
    ) -> Outcome {
        let how = match (self.timeout, self.code) {
            (true, _) => BETWEEN,
            (false, 0) => STATUS_0,
            (false, _) => STATUS_1,
        };
        let shown = ended.shown();
        let note = if note.is_empty() { shown.note } else { note };
        Err(Failure {
            sent: self.sent.clone(),
            expected: Shown::text(&self.print).note(how),
            got: shown.note(note),
            likely,
            died: None,
        }
        .into())
    }
}
