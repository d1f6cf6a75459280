//! The queue and the transmitter behind it: in goes the size of a packet
//! and the time at which it comes, out comes when its last bit has left.
//!
//! Nothing is waited for. Departures are computed, so a driver that is late
//! does not make the link slower than its rate.

use std::collections::VecDeque;

use super::Nanos;

/// Bits that leave at one bit per second, in a nanosecond: 10⁻⁹; so a byte
/// takes 8 × 10⁹ / rate.
const NANOS_PER_BYTE_AT_ONE_BIT: u128 = 8_000_000_000;

/// Everything that has not left, oldest first.
#[derive(Debug)]
pub(super) struct Transmitter {
    /// Bits per second.
    rate: u64,
    /// When all that was taken has left: this, plus `rest / rate` of a
    /// nanosecond. The rest is carried on, so no rounding adds up.
    free_at: Nanos,
    rest: u64,
    waiting: VecDeque<Departure>,
    /// Bytes that were ever taken, and that had left at the last `forget`.
    taken: u64,
    left: u64,
}

/// From `at` on, `sum` bytes have left since the beginning.
#[derive(Debug)]
struct Departure {
    at: Nanos,
    sum: u64,
}

impl Transmitter {
    pub(super) fn new(rate: u64) -> Transmitter {
        Transmitter {
            rate,
            free_at: 0,
            rest: 0,
            waiting: VecDeque::new(),
            taken: 0,
            left: 0,
        }
    }

    /// Bytes of the packets that have not left by `now`: those that wait,
    /// and the whole of the one whose bits are leaving.
    pub(super) fn backlog(&self, now: Nanos) -> u64 {
        let gone = self.waiting.partition_point(|it| it.at <= now);
        let last = gone.checked_sub(1).map(|last| self.waiting[last].sum);
        self.taken - last.unwrap_or(self.left)
    }

    /// Lets go of what has left by `now`, and is the backlog.
    pub(super) fn forget(&mut self, now: Nanos) -> u64 {
        while let Some(first) = self.waiting.front()
            && first.at <= now
        {
            self.left = first.sum;
            self.waiting.pop_front();
        }
        self.taken - self.left
    }

    /// Takes a packet that comes at `now`: when its first bit leaves, and
    /// when its last one has, both rounded up to a nanosecond.
    pub(super) fn send(&mut self, now: Nanos, bytes: u64) -> (Nanos, Nanos) {
        if now > self.free_at {
            (self.free_at, self.rest) = (now, 0);
        }
        let start = self.rounded_up();
        let length = u128::from(bytes) * NANOS_PER_BYTE_AT_ONE_BIT;
        let length = length + u128::from(self.rest);
        let rate = u128::from(self.rate);
        let whole = u64::try_from(length / rate).unwrap_or(Nanos::MAX);
        self.free_at = self.free_at.saturating_add(whole);
        self.rest = (length % rate) as u64;
        self.taken += bytes;
        let at = self.rounded_up();
        let sum = self.taken;
        self.waiting.push_back(Departure { at, sum });
        (start, at)
    }

    fn rounded_up(&self) -> Nanos {
        self.free_at.saturating_add(u64::from(self.rest > 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_full_packets_at_12_mbit_leave_a_millisecond_apart() {
        // 1,500 bytes are 12,000 bits.
        let mut transmitter = Transmitter::new(12_000_000);
        for number in 0..10 {
            let (start, end) = transmitter.send(5_000_000, 1500);
            assert_eq!(start, 5_000_000 + number * 1_000_000);
            assert_eq!(end, start + 1_000_000);
        }
        assert_eq!(transmitter.backlog(5_000_000), 15_000);
        assert_eq!(transmitter.backlog(5_999_999), 15_000);
        assert_eq!(transmitter.backlog(6_000_000), 13_500);
        assert_eq!(transmitter.forget(8_500_000), 10_500);
        assert_eq!(transmitter.backlog(14_999_999), 1500);
        assert_eq!(transmitter.backlog(15_000_000), 0);
        // Idle since 15 ms: the time that nobody used is not saved up.
        assert_eq!(transmitter.send(20_000_000, 750).1, 20_500_000);
    }

    #[test]
    fn a_million_odd_packets_do_not_drift() {
        // 41 bytes at 7 Mbit/s take 46,857 ns and one seventh.
        let mut transmitter = Transmitter::new(7_000_000);
        let mut last = 0;
        for _ in 0..1_000_000 {
            last = transmitter.send(0, 41).1;
        }
        assert_eq!(last, 41_000_000u64 * 8_000 / 7 + 1);
        assert_eq!(transmitter.send(0, 0).0, last);
        assert_eq!(transmitter.forget(last), 0);
    }

    #[test]
    fn the_end_of_time_is_no_panic() {
        let mut transmitter = Transmitter::new(1000);
        assert_eq!(transmitter.send(Nanos::MAX, 1500).1, Nanos::MAX);
        assert_eq!(transmitter.send(Nanos::MAX, 1500).1, Nanos::MAX);
        assert_eq!(transmitter.forget(Nanos::MAX), 0);
    }
}
