//! Stop and wait: in go ACKs and timeouts, out comes the one frame that may
//! be on the way.

use super::Protocol;

#[derive(Debug, Clone, Default)]
pub struct StopAndWait {
    /// The frame that is being sent, again until it is acknowledged.
    current: u64,
    waiting: bool,
    /// The receiver's: the frame that it has not seen yet.
    expected: u64,
}

impl Protocol for StopAndWait {
    fn next_frame(&mut self) -> Option<u64> {
        if self.waiting {
            return None;
        }
        self.waiting = true;
        Some(self.current)
    }

    fn acked(&mut self, ack: u64) {
        if ack == self.current {
            self.current += 1;
            self.waiting = false;
        }
    }

    fn timed_out(&mut self, number: u64) -> bool {
        let lost = number == self.current;
        self.waiting &= !lost;
        lost
    }

    /// A frame that comes again is acknowledged again: its first ACK was
    /// lost, and the sender would never stop.
    fn arrived(&mut self, number: u64) -> u64 {
        if number == self.expected {
            self.expected += 1;
        }
        number
    }

    fn delivered(&self) -> u64 {
        self.expected
    }
}
