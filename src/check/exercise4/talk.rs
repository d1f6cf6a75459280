//! Exercise 4, one conversation: lines go in, and each must bring its
//! answer.

use std::time::Instant;

use super::super::{Bench, Exchange, Outcome, Shown};
use crate::peer::Peer;

/// A connection, and what was said on it.
pub struct Talk {
    pub peer: Peer,
    said: Vec<u8>,
}

impl Talk {
    pub fn begin(bench: &mut Bench) -> Outcome<Talk> {
        let peer = bench.connect()?;
        let said = Vec::new();
        Ok(Talk { peer, said })
    }

    /// The same once the one before has ended: the server need not serve two
    /// at a time.
    pub fn begin_after(bench: &mut Bench, before: Talk) -> Outcome<Talk> {
        drop(before);
        Talk::begin(bench)
    }

    /// Sends a line and waits for its answer.
    pub fn ask(
        &mut self,
        line: impl AsRef<[u8]>,
        answer: &str,
        likely: &'static str,
    ) -> Outcome {
        let line = [line.as_ref(), b"\n"].concat();
        self.peer.send(&line);
        self.said.extend(&line);
        self.answer(answer, likely)
    }

    /// Line after line, each with its answer.
    pub fn all(
        &mut self,
        lines: &[(&str, &str)],
        likely: &'static str,
    ) -> Outcome {
        for (line, answer) in lines {
            self.ask(line, answer, likely)?;
        }
        Ok(())
    }

    /// Sends many lines at once and waits for all answers, which a slow
    /// program may take its time for until then.
    pub fn batch(
        &mut self,
        (lines, answers): (&str, &str),
        then: Instant,
        likely: &'static str,
    ) -> Outcome {
        self.peer.send(lines.as_bytes());
        Exchange {
            sent: Shown::lines(lines.as_bytes()),
            expected: answers.as_bytes(),
            close: false,
            likely,
            show: Shown::text,
        }
        .judge_until(then, &mut self.peer)
    }

    fn answer(&mut self, answer: &str, likely: &'static str) -> Outcome {
        Exchange {
            sent: Shown::lines(&self.said),
            expected: format!("{answer}\n").as_bytes(),
            close: false,
            likely,
            show: Shown::text,
        }
        .judge(&mut self.peer)
    }
}
