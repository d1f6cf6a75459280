//! One exchange with a server: what it was told and what must come back go
//! in, an [`Outcome`] comes out.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::bench::{Outcome, PATIENCE};
use super::failure::{self, Failure, Show, Shown};
use crate::peer::Peer;

/// Bytes read beyond those expected, to show what a chatty server adds.
const SURPLUS: usize = 64;

/// Where a shown part begins is a multiple of this.
const ROW: usize = 16;

/// How long the rest of an answer is waited for that is wrong already.
const WRONG_PATIENCE: Duration = Duration::from_millis(300);

/// Up to this many bytes an answer is shown from its beginning; of a longer
/// one, the part where it goes wrong.
const SHORT: usize = 128;

/// What must come back after something was sent.
#[derive(Debug, Clone)]
pub struct Exchange<'a> {
    /// What was sent, for the story.
    pub sent: Shown,
    /// The bytes that must come back, and no others.
    pub expected: &'a [u8],
    /// Whether the server must close the connection after them.
    pub close: bool,
    /// The likely mistake if it goes wrong.
    pub likely: &'static str,
    pub show: Show,
}

impl Exchange<'_> {
    /// Reads from `peer` what comes, and compares.
    pub fn judge(self, peer: &mut Peer) -> Outcome {
        self.judge_within(PATIENCE, peer)
    }

    /// The same with another patience for each silence.
    pub fn judge_within(self, patience: Duration, peer: &mut Peer) -> Outcome {
        self.judge_with(&|| patience, peer)
    }

    /// The same, all of it until then.
    pub fn judge_until(self, then: Instant, peer: &mut Peer) -> Outcome {
        let left = || then.saturating_duration_since(Instant::now());
        self.judge_with(&left, peer)
    }

    fn judge_with(
        self,
        patience: &dyn Fn() -> Duration,
        peer: &mut Peer,
    ) -> Outcome {
        let surplus = if self.close { SURPLUS } else { 0 };
        // What was right once is not compared again: answers may be long.
        let right = Cell::new(0);
        let got = peer.read_while(self.expected.len() + surplus, |bytes| {
            let new = right.get()..bytes.len();
            if self.expected.get(new.clone()) == bytes.get(new) {
                right.set(bytes.len());
                patience()
            } else {
                WRONG_PATIENCE
            }
        });
        if got.bytes == self.expected && got.then.is_closed() == self.close {
            return Ok(());
        }
        let from = window(self.expected, &got.bytes);
        let part = |bytes: &[u8]| show_from(from, bytes, self.show);
        let wanted = failure::wanted(self.expected, self.close);
        let came = failure::came(&got, self.expected, patience());
        Err(Failure {
            expected: part(self.expected).note(wanted),
            got: part(&got.bytes).note(came),
            sent: self.sent,
            likely: self.likely,
            died: None,
        }
        .into())
    }
}

/// Where to begin to show two things, so that their first difference is
/// seen: a little before it, or at the beginning.
fn window(one: &[u8], other: &[u8]) -> usize {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    if one.len().max(other.len()) <= SHORT {
        return 0;
    }
    // Whole rows, so that rows of both stand side by side.
    (same.saturating_sub(ROW) / ROW) * ROW
}

fn show_from(from: usize, bytes: &[u8], show: Show) -> Shown {
    let mut shown = show(bytes.get(from..).unwrap_or_default());
    if from > 0 {
        shown.what = format!("[{from} B …]\n{}", shown.what);
    }
    shown
}
