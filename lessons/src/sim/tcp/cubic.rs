//! CUBIC: in go ACKs with their time, and losses, out come a window and a
//! threshold in segments (RFC 9438).
//!
//! The window follows the time since the last loss and not the round trips,
//! so a long path is not slower than a short one:
//! W(t) = C (t - K)³ + W_max.

use crate::link::Nanos;
use crate::sim::SECOND;

/// §5.1, in segments per s³.
pub const C: f64 = 0.4;
/// The multiplicative decrease (§4.6).
pub const BETA: f64 = 0.7;
/// What Reno's increase must be for the same average as Reno, where the
/// decrease is BETA and not a half (§4.3).
pub const ALPHA: f64 = 3.0 * (1.0 - BETA) / (1.0 + BETA);

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cubic {
    /// The window at the last loss, less if somebody else wants a share.
    w_max: f64,
    /// The window at the last loss.
    prior: f64,
    epoch: Option<Epoch>,
}

/// Congestion avoidance since the last loss.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Epoch {
    start: Nanos,
    /// When the window is w_max again, in seconds after the start.
    k: f64,
    w_max: f64,
    /// What Reno's window would be.
    w_est: f64,
}

impl Epoch {
    /// W_cubic (§4.2), `t` seconds after the start.
    fn window(&self, t: f64) -> f64 {
        let x = t - self.k;
        C * x * x * x + self.w_max
    }
}

impl Cubic {
    /// The window after `acked` segments in congestion avoidance.
    pub fn avoid(
        &mut self,
        now: Nanos,
        rtt: Nanos,
        cwnd: f64,
        acked: f64,
    ) -> f64 {
        let mut epoch = self.epoch.unwrap_or_else(|| self.begin(now, cwnd));
        let t = (now - epoch.start) as f64 / SECOND as f64;
        let rtt = rtt as f64 / SECOND as f64;
        // Where Reno would be: with its own slope once it is back where
        // the loss was (§4.3).
        let alpha = if epoch.w_est < self.prior { ALPHA } else { 1.0 };
        epoch.w_est += alpha * acked / cwnd;
        self.epoch = Some(epoch);
        if epoch.window(t) < epoch.w_est {
            return epoch.w_est.max(cwnd);
        }
        // One round trip ahead, but no more than half as much again (§4.2).
        let target = epoch.window(t + rtt).clamp(cwnd, 1.5 * cwnd);
        // §4.4 and §4.5: there in one round trip, ACK by ACK.
        cwnd + (target - cwnd) / cwnd * acked
    }

    /// The first ACK in congestion avoidance. Where no loss has led here,
    /// or a timeout, the window is at the plateau already: K = 0 (§4.10, §4.8).
    fn begin(&self, now: Nanos, cwnd: f64) -> Epoch {
        let w_max = self.w_max.max(cwnd);
        Epoch {
            start: now,
            k: cube_root((w_max - cwnd) / C),
            w_max,
            w_est: cwnd,
        }
    }

    /// The slow start threshold after a loss (§4.6), at least 2.
    pub fn decrease(&mut self, cwnd: f64, flight: f64) -> f64 {
        // Fast convergence (§4.7): who had more before and lost already
        // makes room for a newcomer.
        self.w_max = if cwnd < self.w_max {
            cwnd * (1.0 + BETA) / 2.0
        } else {
            cwnd
        };
        self.prior = cwnd;
        self.epoch = None;
        (flight * BETA).max(2.0)
    }

    /// The timer ran out: what was known of the path is forgotten (§4.8).
    pub fn timed_out(&mut self) {
        self.w_max = 0.0;
        self.epoch = None;
    }
}

/// By Newton's method. `f64::cbrt` may differ in the last digit from system
/// to system; `+ - * /` may not.
pub fn cube_root(x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let mut root = x.max(1.0);
    loop {
        let next = (2.0 * root + x / (root * root)) / 3.0;
        // From above it falls until the digits are used up.
        if next >= root {
            return root;
        }
        root = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cube_roots_are_as_good_as_the_systems() {
        for x in [1e-9, 0.5, 1.0, 8.0, 27.0, 75.0, 1000.0, 1e9] {
            let root = cube_root(x);
            assert!((root / f64::cbrt(x) - 1.0).abs() < 1e-14, "{x}: {root}");
        }
        assert_eq!(cube_root(0.0), 0.0);
    }
}
