//! The receiving end: in go segments, out comes for each the ACK that it is
//! answered with.

use std::collections::BTreeSet;

/// Keeps what arrives out of order, and acknowledges every segment at once:
/// one out of order, because the sender learns of the loss by the duplicate
/// (RFC 5681 §4.2); all others, so that b is 1.
#[derive(Debug, Clone, Default)]
pub struct Receiver {
    /// The first byte that is missing.
    expected: u64,
    /// First bytes of segments beyond it.
    beyond: BTreeSet<u64>,
}

impl Receiver {
    /// A segment of `bytes` from `number` on: the byte to acknowledge.
    pub fn arrived(&mut self, number: u64, bytes: u64) -> u64 {
        if number == self.expected {
            self.expected += bytes;
            while self.beyond.remove(&self.expected) {
                self.expected += bytes;
            }
        } else if number > self.expected {
            self.beyond.insert(number);
        }
        self.expected
    }

    /// Bytes handed on, in order.
    pub fn delivered(&self) -> u64 {
        self.expected
    }
}
