//! What the algorithms differ in: in go ACKs and losses, out come a window
//! and a threshold in bytes. What they share is the sender's.

use super::{BbrLike, Cubic, Reno};
use crate::link::Nanos;

/// A congestion control algorithm, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Reno,
    Cubic,
    BbrLike,
}

/// The same with its state.
#[derive(Debug, Clone, PartialEq)]
pub enum Algorithm {
    Reno(Reno),
    Cubic(Cubic),
    BbrLike(Box<BbrLike>),
}

impl Algorithm {
    pub fn new(kind: Kind, smss: u64) -> Algorithm {
        match kind {
            Kind::Reno => Algorithm::Reno(Reno::default()),
            Kind::Cubic => Algorithm::Cubic(Cubic::default()),
            Kind::BbrLike => Algorithm::BbrLike(Box::new(BbrLike::new(smss))),
        }
    }

    /// The window after `acked` bytes, in congestion avoidance.
    pub(super) fn avoid(
        &mut self,
        now: Nanos,
        rtt: Nanos,
        (cwnd, smss): (u64, u64),
        acked: u64,
    ) -> u64 {
        match self {
            Algorithm::Reno(reno) => reno.avoid(cwnd, smss, acked),
            Algorithm::Cubic(cubic) => {
                let segments = |bytes| bytes as f64 / smss as f64;
                let (cwnd, acked) = (segments(cwnd), segments(acked));
                let window = cubic.avoid(now, rtt, cwnd, acked);
                (window * smss as f64) as u64
            }
            Algorithm::BbrLike(model) => model.window(),
        }
    }

    /// The slow start threshold after a loss.
    pub(super) fn decrease(
        &mut self,
        (cwnd, smss): (u64, u64),
        flight: u64,
    ) -> u64 {
        match self {
            Algorithm::Reno(reno) => reno.decrease(flight, smss),
            Algorithm::Cubic(cubic) => {
                let segments = |bytes| bytes as f64 / smss as f64;
                let threshold =
                    cubic.decrease(segments(cwnd), segments(flight));
                (threshold * smss as f64) as u64
            }
            // It asks how fast the path is, not whether it loses.
            Algorithm::BbrLike(model) => model.window(),
        }
    }

    pub(super) fn timed_out(&mut self) {
        match self {
            Algorithm::Cubic(cubic) => cubic.timed_out(),
            Algorithm::Reno(_) | Algorithm::BbrLike(_) => {}
        }
    }

    pub(super) fn model(&mut self) -> Option<&mut BbrLike> {
        match self {
            Algorithm::BbrLike(model) => Some(model),
            _ => None,
        }
    }
}
