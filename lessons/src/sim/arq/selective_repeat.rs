//! Selective repeat: in go an ACK for each frame and timeouts, out come new
//! frames, and again those that were lost, and no others.

use std::collections::BTreeSet;

use super::Protocol;

/// What the window limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowOf {
    /// Frames on the way: sent, and neither acknowledged nor given up. The
    /// receiver has to keep any number of frames. So the formula has it.
    Flight,
    /// Numbers: none is sent that is `window` or more beyond the oldest
    /// unacknowledged frame, so the receiver keeps less than a window. One
    /// frame lost, and soon the sender stands still.
    Numbers,
}

#[derive(Debug, Clone)]
pub struct SelectiveRepeat {
    window: u64,
    of: WindowOf,
    /// On the way.
    flying: BTreeSet<u64>,
    /// Timed out, to be sent again.
    given_up: BTreeSet<u64>,
    /// The next one that was never sent.
    next: u64,
    /// The receiver's: the first frame it misses, and those it has behind.
    expected: u64,
    kept: BTreeSet<u64>,
}

impl SelectiveRepeat {
    /// A window of at least 1.
    pub fn new(window: u64, of: WindowOf) -> SelectiveRepeat {
        SelectiveRepeat {
            window: window.max(1),
            of,
            flying: BTreeSet::new(),
            given_up: BTreeSet::new(),
            next: 0,
            expected: 0,
            kept: BTreeSet::new(),
        }
    }

    fn oldest(&self) -> u64 {
        let first = self.flying.first().into_iter();
        let oldest = first.chain(self.given_up.first()).min();
        oldest.copied().unwrap_or(self.next)
    }

    fn new_frame(&mut self) -> Option<u64> {
        let far = self.next >= self.oldest() + self.window;
        if self.of == WindowOf::Numbers && far {
            return None;
        }
        self.next += 1;
        Some(self.next - 1)
    }
}

impl Protocol for SelectiveRepeat {
    fn next_frame(&mut self) -> Option<u64> {
        if self.flying.len() as u64 >= self.window {
            return None;
        }
        let again = self.given_up.pop_first();
        let number = again.or_else(|| self.new_frame())?;
        self.flying.insert(number);
        Some(number)
    }

    fn acked(&mut self, ack: u64) {
        self.flying.remove(&ack);
        self.given_up.remove(&ack);
    }

    fn timed_out(&mut self, number: u64) -> bool {
        let lost = self.flying.remove(&number);
        if lost {
            self.given_up.insert(number);
        }
        lost
    }

    fn arrived(&mut self, number: u64) -> u64 {
        if number >= self.expected {
            self.kept.insert(number);
        }
        while self.kept.remove(&self.expected) {
            self.expected += 1;
        }
        number
    }

    fn delivered(&self) -> u64 {
        self.expected
    }
}
