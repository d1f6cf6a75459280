//! How the server of exercise 19 breaks: a message at which it does goes in,
//! and what the client makes of it comes out.

use std::time::{Duration, Instant};

use super::REFUSED_FOR;
use super::line::TICK;
use super::server::Server;
use super::words::*;
use crate::check::{Failure, Outcome, PATIENCE, Shown};
use crate::peer::Then;

/// How long a client must be patient with silence.
const LEAST_PATIENCE: Duration = Duration::from_secs(1);

/// Between two of the lines, or bytes, that are no acknowledgement. A line
/// has at most 128 bytes, and nobody listens for longer than 5 s.
const BETWEEN: Duration = Duration::from_millis(200);

/// When an acknowledgement comes that is late, and in time.
const LATE: Duration = Duration::from_millis(600);

/// What happens instead of an acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// It comes, late and in pieces.
    Late,
    End,
    Reset,
    /// An acknowledgement without its `\n`, then the end.
    Half,
    /// First one of another message.
    AnotherThenRight,
    /// The same, both in one packet.
    AnotherWithRight,
    AnotherThenEnd,
    /// A line like this one, with the message's ID, then the end.
    Almost(&'static str),
    /// Half a line of noise behind this message's acknowledgement, which
    /// spoils that of the next.
    BehindHalf,
    Silence,
    /// Acknowledgements of another message, again and again.
    Chatter,
    /// A line that takes longer than anybody may wait for it.
    Drip,
    /// The end, and nobody listens for a while.
    Refused,
    /// The end before the message is read.
    Closed,
}

impl Server {
    /// Breaks at this message.
    pub fn break_at(&mut self, number: u32, how: Break) -> Outcome {
        if how == Break::Closed {
            self.peer()?;
            self.end(Shown::words(CLOSED), false);
            return Ok(());
        }
        if self.last.as_ref().is_some_and(|last| last.0 == number) {
            return Ok(());
        }
        let id = self.takes(number)?;
        match how {
            Break::Late => self.late(number, &id),
            Break::End | Break::Closed => {
                self.end(Shown::words(THE_END), false);
            }
            Break::Reset => self.end(Shown::words(A_RESET_CAME), true),
            Break::Half => self.then_end(&format!("ack {id}"), HALF_LINE),
            Break::AnotherThenRight => {
                self.another();
                self.acknowledge(number, &id);
            }
            Break::AnotherWithRight => self.both(number, &id),
            Break::AnotherThenEnd => {
                self.another();
                self.end(self.sent.clone(), false);
            }
            Break::Almost(line) => {
                self.then_end(&line.replace("ID", &id), THEN_THE_END);
            }
            Break::BehindHalf => self.behind_half(number, &id)?,
            Break::Silence | Break::Chatter | Break::Drip => {
                self.no_answer(number, how)?;
            }
            Break::Refused => self.refused()?,
        }
        Ok(())
    }

    fn refused(&mut self) -> Outcome {
        self.peer = None;
        self.sent = Shown::words(NO_LISTENER);
        self.line.refuse(REFUSED_FOR)
    }

    fn then_end(&mut self, bytes: &str, note: &'static str) {
        self.send(bytes.as_bytes(), note);
        self.end(self.sent.clone(), false);
    }

    /// What it looks like to the client, and whether it is a reset.
    fn end(&mut self, sent: Shown, reset: bool) {
        let now = Instant::now();
        if let Some(peer) = self.peer.take()
            && reset
        {
            peer.reset();
        }
        self.sent = sent;
        self.line.broke(now, Duration::ZERO);
    }

    fn late(&mut self, number: u32, id: &str) {
        let ack = format!("ack {id}\n");
        let (first, last) = ack.split_at(3 + id.len() / 2);
        if let Some(peer) = &mut self.peer {
            peer.pause(LATE / 2);
            peer.send(first.as_bytes());
            peer.pause(LATE / 2);
        }
        self.send(last.as_bytes(), "");
        self.sent = Shown::text(ack.as_bytes());
        self.done(number, id);
    }

    /// The acknowledgement of the last message once more, and a moment in
    /// which the client may take it for that of this one.
    fn another(&mut self) {
        let ack = self.old_ack();
        self.send(ack.as_bytes(), OF_ANOTHER);
        if let Some(peer) = &self.peer {
            peer.pause(Duration::from_millis(200));
        }
    }

    /// That of another message and the right one, in one packet.
    fn both(&mut self, number: u32, id: &str) {
        let both = format!("{}ack {id}\n", self.old_ack());
        self.send(both.as_bytes(), ONE_PACKET);
        self.done(number, id);
    }

    /// The acknowledgement of the last message.
    fn old_ack(&self) -> String {
        match &self.last {
            Some((_, id)) => format!("ack {id}\n"),
            None => "ack nobody-sent-this\n".into(),
        }
    }

    /// Half a line behind this message's acknowledgement makes that of the
    /// next one another line.
    fn behind_half(&mut self, number: u32, id: &str) -> Outcome {
        let ack = format!("ack {id}\nnoise-");
        self.send(ack.as_bytes(), "");
        self.done(number, id);
        let id = self.takes(number + 1)?;
        self.then_end(&format!("ack {id}\n"), BEHIND_NOISE);
        Ok(())
    }

    /// No acknowledgement comes until the client closes.
    fn no_answer(&mut self, number: u32, how: Break) -> Outcome {
        let line = self.old_ack();
        let (bytes, sent, likely) = match how {
            Break::Chatter => {
                let sent = Shown::text(line.as_bytes()).note(OVER_AND_OVER);
                (line.as_bytes(), sent, FROM_SENDING)
            }
            Break::Drip => (&b"a"[..], Shown::words(DRIPS), FROM_SENDING),
            _ => (&b""[..], Shown::words(SILENCE), SILENT),
        };
        self.sent = sent;
        let Some(mut peer) = self.peer.take() else {
            return Ok(());
        };
        let until = Instant::now() + PATIENCE;
        let mut got = peer.read(1, BETWEEN);
        while got.then == Then::Silence && Instant::now() < until {
            peer.send(bytes);
            got = peer.read(1, BETWEEN);
        }
        let text = Shown::text(&got.bytes);
        match got.then {
            Then::Enough => Err(self.failure(number, text, ONE_AT_A_TIME)),
            Then::Silence => Err(Failure {
                sent: self.sent.clone(),
                expected: Shown::words(TO_CLOSE),
                got: Shown::words(STILL_OPEN),
                likely,
                died: None,
            }
            .into()),
            Then::End | Then::Reset => self.was_patient(),
        }
    }

    fn was_patient(&mut self) -> Outcome {
        let took = self.since.elapsed();
        if took + TICK < LEAST_PATIENCE {
            let words = |time: Duration| format!("{} ms", time.as_millis());
            return Err(Failure {
                sent: self.sent.clone(),
                expected: Shown::plain(words(LEAST_PATIENCE)).note(A_WAIT),
                got: Shown::plain(words(took)),
                likely: TOO_EARLY,
                died: None,
            }
            .into());
        }
        // It may have closed before this was seen: count from the message.
        self.line.broke(self.since, LEAST_PATIENCE);
        Ok(())
    }
}
