//! The server of exercise 19: where it breaks goes in; it takes messages,
//! knows copies by their ID, and says whether all were delivered once.

use std::collections::HashMap;
use std::time::Instant;

use super::MESSAGES;
use super::breaks::Break;
use super::line::{Line, Moment};
use super::message::{MAX_LINE, Message};
use super::words::*;
use crate::check::client::NO_CLIENT;
use crate::check::{Bench, Failure, Outcome, PATIENCE, Shown, Stop};
use crate::peer::{Peer, Then};

/// One run of several.
pub(super) struct Run {
    pub listens: Moment,
    pub breaks: Vec<(u32, Break)>,
    pub likely: &'static str,
}

impl Run {
    /// Breaks once.
    pub fn new(number: u32, how: Break, likely: &'static str) -> Run {
        Run {
            listens: Moment::FromTheStart,
            breaks: vec![(number, how)],
            likely,
        }
    }

    pub fn play(&self, bench: &Bench) -> Outcome {
        play(bench, self.listens, &self.breaks, self.likely)
    }
}

/// One run of the program. `breaks`: at which message, counted from 1, what
/// happens; several at one happen one after the other.
pub(super) fn play(
    bench: &Bench,
    listens: Moment,
    breaks: &[(u32, Break)],
    likely: &'static str,
) -> Outcome {
    let sent = match listens {
        Moment::FromTheStart => Shown::words(THE_FIRST),
        Moment::After(_) => Shown::words(NO_LISTENER),
    };
    let mut server = Server {
        line: Line::start(bench, listens)?,
        peer: None,
        ids: HashMap::new(),
        last: None,
        sent,
        likely,
        since: Instant::now(),
    };
    for number in 1..=MESSAGES {
        let here = breaks.iter().filter(|(at, _)| *at == number);
        for (_, how) in here {
            server.break_at(number, *how)?;
        }
        // One that was late, but came, is done.
        if server.last.as_ref().is_none_or(|last| last.0 < number) {
            let id = server.takes(number)?;
            server.acknowledge(number, &id);
        }
    }
    server.ends()
}

pub(super) struct Server {
    pub line: Line,
    pub peer: Option<Peer>,
    /// Each ID, and the number of the message that came with it.
    pub ids: HashMap<String, u32>,
    /// Number and ID of the last message that was acknowledged.
    pub last: Option<(u32, String)>,
    /// What the client was sent last, for the story.
    pub sent: Shown,
    pub likely: &'static str,
    /// The next message was sent after this.
    pub since: Instant,
}

impl Server {
    pub fn peer(&mut self) -> Outcome<&mut Peer> {
        let peer = match self.peer.take() {
            Some(peer) => peer,
            None => {
                self.since = Instant::now();
                let first = self.sent.note == THE_FIRST;
                let likely = if first { NO_CLIENT } else { self.likely };
                self.line.accept(&self.sent, likely)?
            }
        };
        Ok(self.peer.insert(peer))
    }

    /// Reads the next message, which must be this one; its ID.
    pub fn takes(&mut self, number: u32) -> Outcome<String> {
        let mut line = Vec::new();
        let mut then = Then::Enough;
        while then == Then::Enough
            && line.len() < MAX_LINE
            && !line.ends_with(b"\n")
        {
            let got = self.peer()?.read(1, PATIENCE);
            line.extend(got.bytes);
            then = got.then;
        }
        let Some(message) = Message::parse(&line) else {
            let nothing = line.is_empty() && then != Then::Enough;
            let note = match then {
                Then::Enough => "",
                Then::Silence => NO_MESSAGE,
                Then::End | Then::Reset => LEFT,
            };
            let likely = if nothing { self.likely } else { WRONG_LINE };
            let got = Shown::text(&line).note(note);
            return Err(self.failure(number, got, likely));
        };
        let got = Shown::text(&line);
        self.is_right(&message, number)
            .map_err(|likely| self.failure(number, got, likely))?;
        self.ids.insert(message.id.clone(), number);
        Ok(message.id)
    }

    /// Or else the likely mistake.
    fn is_right(
        &self,
        message: &Message,
        number: u32,
    ) -> Result<(), &'static str> {
        if message.number > number {
            // These steps' own words say why it was not acknowledged.
            return Err(match self.likely {
                HALF | KEPT | ANOTHER | ALMOST | LAST => self.likely,
                _ => SKIPPED,
            });
        }
        if message.number < number {
            return Err(STARTS_OVER);
        }
        if self.ids.get(&message.id).is_some_and(|one| *one != number) {
            return Err(USED_ID);
        }
        let mut before = self.ids.iter().filter(|(_, one)| **one == number);
        match before.all(|(id, _)| *id == message.id) {
            true => Ok(()),
            false => Err(NEW_ID),
        }
    }

    pub fn acknowledge(&mut self, number: u32, id: &str) {
        self.send(format!("ack {id}\n").as_bytes(), "");
        self.done(number, id);
    }

    pub fn done(&mut self, number: u32, id: &str) {
        self.line.acknowledged();
        self.last = Some((number, id.into()));
    }

    pub fn send(&mut self, bytes: &[u8], note: &'static str) {
        self.since = Instant::now();
        self.sent = Shown::text(bytes).note(note);
        if let Some(peer) = &mut self.peer {
            peer.send(bytes);
        }
    }

    /// All is acknowledged: the program exits.
    fn ends(self) -> Outcome {
        let ended = self.line.program.finish(PATIENCE);
        if ended.code() == Some(0) {
            return Ok(());
        }
        Err(Failure {
            sent: self.sent,
            expected: Shown::words(STATUS_0),
            got: ended.shown(),
            likely: STATUS,
            died: None,
        }
        .into())
    }

    /// This message was expected.
    pub fn failure(
        &self,
        number: u32,
        got: Shown,
        likely: &'static str,
    ) -> Stop {
        let mut known = self.ids.iter().filter(|(_, one)| **one == number);
        let expected = match known.next() {
            Some((id, _)) => {
                Shown::plain(format!("{id} message {number}")).note(SAME_ID)
            }
            None => Shown::plain(format!("… message {number}")).note(THE_NEXT),
        };
        Failure {
            sent: self.sent.clone(),
            expected,
            got,
            likely,
            died: None,
        }
        .into()
    }
}
