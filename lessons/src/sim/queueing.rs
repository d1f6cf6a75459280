//! A queue with one server, and a bucket of tokens: in go arrivals at random,
//! out comes how long they wait.

use super::chance::Chance;
use crate::link::Nanos;

/// How long a request keeps the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// At random, exponentially distributed with this mean: M/M/1.
    Random(Nanos),
    /// Always this long: M/D/1.
    Fixed(Nanos),
}

/// Averages over all requests, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Waits {
    /// From the arrival to the beginning of the service.
    pub waiting: f64,
    /// From the arrival to the end of the service.
    pub in_system: f64,
    /// The share of the time in which the server was busy.
    pub busy: f64,
}

/// `requests` that arrive at random, one in `gap` nanoseconds on average, at
/// a server that serves one after the other in their order.
pub fn queue(gap: Nanos, service: Service, requests: u64, seed: u64) -> Waits {
    let mut chance = Chance::new(seed);
    let (mut now, mut free_at) = (0u64, 0u64);
    let (mut waiting, mut working) = (0u128, 0u128);
    for _ in 0..requests {
        now += chance.exponential(gap);
        let begin = free_at.max(now);
        let work = match service {
            Service::Random(mean) => chance.exponential(mean),
            Service::Fixed(time) => time,
        };
        free_at = begin + work;
        waiting += u128::from(begin - now);
        working += u128::from(work);
    }
    let each = |sum: u128| sum as f64 / requests.max(1) as f64;
    Waits {
        waiting: each(waiting),
        in_system: each(waiting + working),
        busy: working as f64 / free_at.max(1) as f64,
    }
}

/// A bucket that fills with tokens, one for each byte (or request) that may
/// pass (RFC 2215).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenBucket {
    /// Tokens per second, r.
    rate: u64,
    /// The most that the bucket holds, b.
    burst: u64,
    /// Tokens times 10⁹: one nanosecond brings `rate` of these, and nothing
    /// is lost to rounding.
    filled: u128,
    last: Nanos,
}

const SCALE: u128 = 1_000_000_000;

impl TokenBucket {
    /// A full bucket.
    pub fn new(rate: u64, burst: u64) -> TokenBucket {
        TokenBucket {
            rate,
            burst,
            filled: u128::from(burst) * SCALE,
            last: 0,
        }
    }

    /// Whether `size` tokens are there at `now`; if so they are gone.
    pub fn take(&mut self, now: Nanos, size: u64) -> bool {
        let time = now.saturating_sub(self.last);
        self.last = self.last.max(now);
        self.filled += u128::from(time) * u128::from(self.rate);
        self.filled = self.filled.min(u128::from(self.burst) * SCALE);
        let price = u128::from(size) * SCALE;
        let enough = price <= self.filled;
        if enough {
            self.filled -= price;
        }
        enough
    }

    /// Whole tokens in the bucket, as of the last `take`.
    pub fn tokens(&self) -> u64 {
        (self.filled / SCALE) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::{MILLISECOND, SECOND};

    #[test]
    fn nobody_waits_at_a_server_that_is_quick_and_work_is_shared_out() {
        let waits = queue(SECOND, Service::Fixed(MILLISECOND), 10_000, 1);
        assert!(waits.waiting < 1000.0, "{waits:?}");
        let half =
            queue(2 * MILLISECOND, Service::Random(MILLISECOND), 100_000, 1);
        assert!((half.busy - 0.5).abs() < 0.01, "{half:?}");
        let work = half.in_system - half.waiting;
        assert!((work / MILLISECOND as f64 - 1.0).abs() < 0.01, "{half:?}");
    }

    #[test]
    fn never_more_than_the_burst_and_the_rate() {
        // 100 tokens a second, ten at once.
        let mut bucket = TokenBucket::new(100, 10);
        let mut chance = Chance::new(1);
        let (mut now, mut passed) = (0, Vec::new());
        for _ in 0..5000 {
            now += chance.exponential(4 * MILLISECOND);
            let size = 1 + chance.below(3);
            if bucket.take(now, size) {
                passed.push((now, size));
            }
        }
        for (first, (begin, _)) in passed.iter().enumerate().step_by(7) {
            let mut sum = 0;
            for (end, size) in &passed[first..] {
                sum += size;
                let most = 10 * SECOND + 100 * (end - begin);
                assert!(sum * SECOND <= most, "{begin} {end}: {sum}");
            }
        }
        let sum: u64 = passed.iter().map(|(_, size)| size).sum();
        // And what the rate allows is used.
        assert!(sum * SECOND > 99 * now, "{sum} in {now} ns");
        assert!(bucket.take(now + SECOND, 10) && bucket.tokens() == 0);
        assert!(!bucket.take(now, 1), "time does not run backwards");
    }
}
