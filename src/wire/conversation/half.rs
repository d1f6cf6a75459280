//! One direction of a TCP connection: in go the ranges of sequence numbers
//! that were sent, out comes whether a range is new.

use std::ops::Range;

/// What one side has sent so far. All numbers but `first` are counted from
/// the initial sequence number.
#[derive(Debug, Default)]
pub(super) struct Half {
    /// The initial sequence number.
    first: Option<u32>,
    /// One past the highest number that was sent.
    pub(super) next: i64,
    /// What was sent: ranges that neither touch nor overlap, in order.
    sent: Vec<Range<i64>>,
    /// Its own SYN was seen, and not only concluded.
    pub(super) syn: bool,
    /// One past its FIN.
    pub(super) fin: Option<i64>,
    /// The last acknowledgement it sent that arrived, and that window.
    pub(super) acknowledged: Option<i64>,
    pub(super) window: Option<u16>,
}

/// How a range relates to what was sent before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Novelty {
    /// It goes on where the last one ended.
    Next,
    /// Something is missing in front of it.
    Ahead,
    /// It was missing.
    Filling,
    /// It was sent before, as a whole or in part.
    Again,
}

impl Half {
    /// Whether `sequence` is another initial number than the one known.
    pub(super) fn begins_anew(&self, sequence: u32) -> bool {
        self.first != Some(sequence)
    }

    /// Sets the initial sequence number.
    pub(super) fn begin(&mut self, sequence: u32) {
        self.first = Some(sequence);
        self.next = 0;
        self.sent.clear();
    }

    /// As [`begin`](Half::begin), if the beginning was not seen: then what
    /// is seen first counts as 1, as if a SYN had been before it.
    pub(super) fn conclude(&mut self, sequence: u32) {
        if self.first.is_none() {
            self.begin(sequence.wrapping_sub(1));
            self.next = 1;
            // One range it is, as it would be had the SYN been seen.
            self.sent.push(0..1);
        }
    }

    /// A number of the header, counted from the initial one. They are 32
    /// bits wide and begin again at 0, so the one nearest to what was sent
    /// last is meant (RFC 9293 §3.4).
    pub(super) fn relative(&self, number: u32) -> i64 {
        let first = self.first.unwrap_or(number);
        let here = first.wrapping_add(self.next as u32);
        self.next + i64::from(number.wrapping_sub(here) as i32)
    }

    /// Notes that this range, of at least one number, was sent.
    pub(super) fn send(&mut self, range: Range<i64>) -> Novelty {
        let known =
            |it: &Range<i64>| it.start < range.end && range.start < it.end;
        let novelty = if self.sent.iter().any(known) {
            Novelty::Again
        } else if range.start > self.next {
            Novelty::Ahead
        } else if range.start < self.next {
            Novelty::Filling
        } else {
            Novelty::Next
        };
        self.next = self.next.max(range.end);
        self.insert(range);
        novelty
    }

    fn insert(&mut self, mut range: Range<i64>) {
        self.sent.retain(|it| {
            let apart = it.end < range.start || range.end < it.start;
            if !apart {
                range.start = range.start.min(it.start);
                range.end = range.end.max(it.end);
            }
            apart
        });
        let at = self.sent.partition_point(|it| it.start < range.start);
        self.sent.insert(at, range);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missing_is_told_from_what_was_there() {
        let mut half = Half::default();
        half.begin(7);
        assert_eq!(half.send(0..1), Novelty::Next);
        assert_eq!(half.send(1..5), Novelty::Next);
        assert_eq!(half.send(9..12), Novelty::Ahead);
        assert_eq!(half.send(5..9), Novelty::Filling);
        assert_eq!(half.sent.len(), 1);
        assert_eq!(half.sent[0], 0..12);
        assert_eq!(half.send(4..6), Novelty::Again);
        assert_eq!(half.send(10..20), Novelty::Again);
        assert_eq!(half.send(20..21), Novelty::Next);
    }

    #[test]
    fn numbers_go_on_behind_the_largest() {
        let mut half = Half::default();
        half.begin(u32::MAX - 1);
        assert_eq!(half.relative(u32::MAX), 1);
        assert_eq!(half.relative(3), 5);
        half.send(0..5);
        assert_eq!(half.relative(u32::MAX - 1), 0);
        half.next = 1 << 33;
        assert_eq!(half.relative(u32::MAX), (1 << 33) + 1);
    }
}
