//! A model of the path instead of a reaction to loss: in go deliveries with
//! their times, out come a rate to send at and a window.
//!
//! This is **not** BBR but what one can read of its first version in an
//! evening: the greatest delivery rate of ten round trips, the least
//! round-trip time of ten seconds, and the four states that look for both.
//! It has none of the later versions' bounds for loss and ECN
//! (draft-ietf-ccwg-bbr), and its numbers are not the kernel's.

use std::collections::VecDeque;

use super::scoreboard::Delivery;
use crate::link::Nanos;
use crate::sim::SECOND;

/// Doubles the rate in each round trip: 2/ln 2, in thousandths.
const STARTUP_GAIN: u64 = 2885;
const DRAIN_GAIN: u64 = 347;
/// Probes for more, gives back what it queued, cruises: a round trip each.
const CYCLE: [u64; 8] = [1250, 750, 1000, 1000, 1000, 1000, 1000, 1000];
const ROUNDS_OF_RATE: u64 = 10;
const LIFE_OF_RTT: Nanos = 10 * SECOND;
const PROBE_RTT_LASTS: Nanos = SECOND / 5;
const INITIAL_WINDOW: u64 = 10;
const LEAST_WINDOW: u64 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Faster and faster, until three rounds bring no quarter more.
    Startup {
        best: u64,
        flat: u32,
    },
    /// What startup has queued leaves.
    Drain,
    Probe {
        phase: usize,
        since: Nanos,
    },
    /// Nearly nothing on the way: now the round trip is what it is.
    ProbeRtt {
        until: Nanos,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BbrLike {
    smss: u64,
    state: State,
    /// Round trips so far, and how many segments will have been delivered
    /// when this one ends.
    round: u64,
    round_ends: u64,
    /// The best rates so far, in bytes per second, each with its round: the
    /// greatest first.
    rates: VecDeque<(u64, u64)>,
    least_rtt: Option<(Nanos, Nanos)>,
}

impl BbrLike {
    pub fn new(smss: u64) -> BbrLike {
        BbrLike {
            smss,
            state: State::Startup { best: 0, flat: 0 },
            round: 0,
            round_ends: 0,
            rates: VecDeque::new(),
            least_rtt: None,
        }
    }

    pub fn state(&self) -> State {
        self.state
    }

    /// The path's rate, in bytes per second.
    pub fn rate(&self) -> Option<u64> {
        self.rates.front().map(|(_, rate)| *rate)
    }

    /// Bytes on the way when the path is full and no queue is.
    fn bdp(&self) -> Option<u64> {
        let (rtt, _) = self.least_rtt?;
        let bytes = u128::from(self.rate()?) * u128::from(rtt);
        Some((bytes / u128::from(SECOND)) as u64)
    }

    /// Bytes that may be on the way.
    pub fn window(&self) -> u64 {
        let gain = match self.state {
            State::ProbeRtt { .. } => return LEAST_WINDOW * self.smss,
            State::Startup { .. } | State::Drain => STARTUP_GAIN,
            State::Probe { .. } => 2000,
        };
        let Some(bdp) = self.bdp() else {
            return INITIAL_WINDOW * self.smss;
        };
        (bdp * gain / 1000).max(LEAST_WINDOW * self.smss)
    }

    /// The time between two segments.
    pub fn gap(&self) -> Option<Nanos> {
        let gain = match self.state {
            State::Startup { .. } => STARTUP_GAIN,
            State::Drain => DRAIN_GAIN,
            State::Probe { phase, .. } => CYCLE[phase],
            State::ProbeRtt { .. } => 1000,
        };
        let rate = (self.rate()? * gain / 1000).max(1);
        Some(self.smss * SECOND / rate)
    }

    /// A segment has arrived; `flight` bytes are still on the way.
    pub fn delivered(&mut self, now: Nanos, it: Delivery, flight: u64) {
        let rtt = (now - it.sent_at).max(1);
        if self.least_rtt.is_none_or(|(least, _)| rtt <= least) {
            self.least_rtt = Some((rtt, now));
        }
        // What arrived while it was under way.
        let rate = (it.now - it.before) * self.smss * SECOND / rtt;
        if it.before >= self.round_ends {
            self.round += 1;
            self.round_ends = it.now;
            self.count_flat_round();
        }
        // A rate that is less than a later one will never be the greatest.
        while self.rates.back().is_some_and(|(_, it)| *it <= rate) {
            self.rates.pop_back();
        }
        self.rates.push_back((self.round, rate));
        let oldest = self.round.saturating_sub(ROUNDS_OF_RATE);
        while self.rates.front().is_some_and(|(it, _)| *it < oldest) {
            self.rates.pop_front();
        }
        self.turn(now, flight);
    }

    fn count_flat_round(&mut self) {
        let rate = self.rate().unwrap_or(0);
        if let State::Startup { best, flat } = &mut self.state {
            if rate * 4 >= *best * 5 {
                (*best, *flat) = (rate, 0);
            } else {
                *flat += 1;
            }
        }
    }

    /// From one state to the next.
    fn turn(&mut self, now: Nanos, flight: u64) {
        let Some((rtt, measured)) = self.least_rtt else {
            return;
        };
        let drained = flight <= self.bdp().unwrap_or(0);
        match self.state {
            State::Startup { flat: 3.., .. } => self.state = State::Drain,
            State::Drain if drained => self.probe(now),
            State::Probe { phase, since } if now >= since + rtt => {
                let phase = (phase + 1) % CYCLE.len();
                self.state = State::Probe { phase, since: now };
            }
            State::ProbeRtt { until } if now >= until => self.probe(now),
            _ => {}
        }
        let old = now >= measured + LIFE_OF_RTT;
        if old && !matches!(self.state, State::ProbeRtt { .. }) {
            let until = now + PROBE_RTT_LASTS.max(rtt);
            self.state = State::ProbeRtt { until };
            // Measured anew: the path may have become longer.
            self.least_rtt = None;
        }
    }

    fn probe(&mut self, since: Nanos) {
        self.state = State::Probe { phase: 2, since };
    }
}
