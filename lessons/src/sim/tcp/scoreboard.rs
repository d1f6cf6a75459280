//! What selective acknowledgements tell a sender: in go transmissions, and
//! which of them arrived, out come the segments that are lost, and how many
//! are on the way.
//!
//! Transmissions are counted, and one is lost when one that was sent three or
//! more later has arrived: in the order in which they were sent, not in the
//! order of the bytes. So a segment that is sent again and lost again is
//! found, too. QUIC does it like this (RFC 9002 §6.1.1), and TCP nearly so,
//! with times in place of numbers (RACK, RFC 8985).

use std::collections::{BTreeMap, BTreeSet};

use crate::link::Nanos;

/// kPacketThreshold of RFC 9002 §6.1.1.
const THRESHOLD: u64 = 3;

/// What a transmission that has arrived says of the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    pub sent_at: Nanos,
    /// How many had arrived when it was sent, and how many have now.
    pub before: u64,
    pub now: u64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scoreboard {
    /// On the way: the transmission's number; the segment's, the time, and
    /// how many had arrived.
    flying: BTreeMap<u64, (u64, Nanos, u64)>,
    delivered: u64,
    /// The first bytes of segments to be sent again.
    lost: BTreeSet<u64>,
    /// The latest transmission that arrived.
    latest: u64,
    /// Those before this one are part of a loss that was paid for.
    paid: u64,
}

impl Scoreboard {
    pub fn sent(&mut self, now: Nanos, transmission: u64, number: u64) {
        let flying = (number, now, self.delivered);
        self.flying.insert(transmission, flying);
    }

    /// A transmission has arrived, and all bytes before `una`. `None` where
    /// it was not on the way: an ACK is believed once.
    pub fn arrived(&mut self, transmission: u64, una: u64) -> Option<Delivery> {
        self.latest = self.latest.max(transmission);
        while self.lost.first().is_some_and(|it| *it < una) {
            self.lost.pop_first();
        }
        let flying = self.flying.remove(&transmission);
        // Its bytes have arrived with another one: nobody waits for it.
        while let Some(first) = self.flying.first_entry()
            && first.get().0 < una
        {
            first.remove();
        }
        let (_, sent_at, before) = flying?;
        self.delivered += 1;
        let now = self.delivered;
        Some(Delivery {
            sent_at,
            before,
            now,
        })
    }

    /// Finds losses. Whether one of them is new: sent after the window was
    /// cut last, so that it has to be cut again. `sent` is the number of the
    /// next transmission.
    pub fn find_lost(&mut self, una: u64, sent: u64) -> bool {
        let mut cut = false;
        while let Some(first) = self.flying.first_entry()
            && first.key() + THRESHOLD <= self.latest
        {
            let (transmission, (number, ..)) = first.remove_entry();
            if number >= una {
                self.lost.insert(number);
                cut |= transmission >= self.paid;
            }
        }
        if cut {
            self.paid = sent;
        }
        cut
    }

    /// Whether this transmission was sent before the window was cut last.
    pub fn is_before_cut(&self, transmission: u64) -> bool {
        transmission < self.paid
    }

    /// A timeout: all on the way is lost.
    pub fn give_up(&mut self, sent: u64) {
        self.lost.extend(self.flying.values().map(|it| it.0));
        self.flying.clear();
        self.paid = sent;
    }

    /// The first segment to be sent again.
    pub fn take_lost(&mut self) -> Option<u64> {
        self.lost.pop_first()
    }

    /// Transmissions that have neither arrived nor been lost.
    pub fn on_the_way(&self) -> u64 {
        self.flying.len() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_later_ones_make_a_loss_of_whatever_is_sent_again_too() {
        let mut board = Scoreboard::default();
        // Transmissions 0 to 5 of segments 0, 10 … 50; 1 and 2 are lost.
        (0..6).for_each(|it| board.sent(it, it, 10 * it));
        let first = Delivery {
            sent_at: 0,
            before: 0,
            now: 1,
        };
        assert_eq!(board.arrived(0, 10), Some(first));
        assert_eq!(board.arrived(0, 10), None);
        board.arrived(3, 10);
        assert!(!board.find_lost(10, 6));
        board.arrived(4, 10);
        assert!(board.find_lost(10, 6));
        assert_eq!((board.take_lost(), board.take_lost()), (Some(10), None));
        board.sent(9, 6, 10);
        // The second one is of the same loss: not cut again.
        board.arrived(5, 10);
        assert!(!board.find_lost(10, 7));
        assert_eq!((board.take_lost(), board.on_the_way()), (Some(20), 1));
        (7..10).for_each(|it| board.sent(9, it, 10 * it));
        // The 10 that was sent again is lost again, after the cut: a loss.
        let delivery = board.arrived(9, 10).map(|it| (it.before, it.now));
        assert_eq!(delivery, Some((4, 5)));
        assert!(board.find_lost(10, 10));
        assert_eq!(board.take_lost(), Some(10));
        board.give_up(10);
        assert_eq!((board.take_lost(), board.on_the_way()), (Some(70), 0));
        board.arrived(9, 90);
        assert_eq!(board.take_lost(), None);
    }
}
