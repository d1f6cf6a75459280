//! Go-Back-N: in go cumulative ACKs and timeouts, out come up to N frames;
//! after a loss all of them again.

use super::Protocol;

#[derive(Debug, Clone)]
pub struct GoBackN {
    window: u64,
    /// The oldest frame that is not acknowledged.
    oldest: u64,
    /// The next one to send.
    next: u64,
    /// The receiver's: it takes this frame and no other.
    expected: u64,
}

impl GoBackN {
    /// At most `window` frames unacknowledged, at least 1.
    pub fn new(window: u64) -> GoBackN {
        GoBackN {
            window: window.max(1),
            oldest: 0,
            next: 0,
            expected: 0,
        }
    }
}

impl Protocol for GoBackN {
    fn next_frame(&mut self) -> Option<u64> {
        if self.next >= self.oldest + self.window {
            return None;
        }
        let number = self.next;
        self.next += 1;
        Some(number)
    }

    /// The ACK names the frame that the receiver waits for: all before it
    /// have arrived, even if their own ACKs are lost.
    fn acked(&mut self, ack: u64) {
        self.oldest = self.oldest.max(ack);
        self.next = self.next.max(self.oldest);
    }

    /// Only the oldest frame's timer counts. The receiver kept none of those
    /// behind it.
    fn timed_out(&mut self, number: u64) -> bool {
        let lost = number == self.oldest;
        if lost {
            self.next = number;
        }
        lost
    }

    fn arrived(&mut self, number: u64) -> u64 {
        if number == self.expected {
            self.expected += 1;
        }
        self.expected
    }

    fn delivered(&self) -> u64 {
        self.expected
    }
}
