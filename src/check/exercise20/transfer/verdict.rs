//! Exercise 20, the verdict: how a run has ended goes in, what was wrong with
//! it comes out.

use std::time::Duration;

use super::super::words::*;
use super::Transfer;
use crate::check::program::Ended;
use crate::check::{Failure, Outcome, Shown};

/// How much less than it should be a wait may look.
const CLOCK: Duration = Duration::from_millis(16);

impl Transfer<'_> {
    pub fn judge(&self, ended: &Ended) -> Outcome {
        if self.program.is_none() {
            let (expected, got) = (Shown::words(A_HELLO), ended.shown());
            let note = if got.what.is_empty() {
                NO_HELLO
            } else {
                got.note
            };
            return self.fail(expected, got.note(note), HELLO_AGAIN);
        }
        if self.told.is_none() {
            let (arrived, all) =
                (self.receiver.arrived(), self.receiver.packets());
            let mut rows = vec![format!("{arrived} / {all}")];
            let shown = ended.shown().what;
            rows.extend((!shown.is_empty()).then_some(shown));
            let got = Shown::plain(rows.join("\n")).note(PACKETS_ARRIVED);
            let likely = match (self.plan.likely, ended.code()) {
                // It has not lost the last one, but left.
                (TAIL, Some(0)) => NO_END,
                (likely, _) => likely,
            };
            return self.fail(Shown::words(AFTER_ALL), got, likely);
        }
        if ended.code() != Some(0) {
            let expected = Shown::words(ENDED_0);
            return self.fail(expected, ended.shown(), NO_END);
        }
        if self.plan.together && self.at_once < 2 {
            let at_once = self.at_once.to_string();
            return self.fail(
                Shown::words(SEVERAL),
                Shown::plain(at_once).note(AT_ONCE),
                ONE_BY_ONE,
            );
        }
        self.judge_waits()
    }

    fn judge_waits(&self) -> Outcome {
        let (Some(least), Some(wait)) = (self.plan.wait, self.line.wait())
        else {
            return Ok(());
        };
        // Some clocks tick 60 times a second: a wait may look shorter.
        if wait + CLOCK >= least {
            return Ok(());
        }
        self.fail(
            Shown::plain(least.as_millis().to_string()).note(AT_LEAST),
            Shown::plain(wait.as_millis().to_string()).note(WAITED),
            self.plan.likely,
        )
    }

    pub fn fail(
        &self,
        expected: Shown,
        got: Shown,
        likely: &'static str,
    ) -> Outcome {
        Err(Failure {
            sent: Shown::plain(self.plan.size.to_string()).note(A_FILE),
            expected,
            got,
            likely,
            died: None,
        }
        .into())
    }
}
