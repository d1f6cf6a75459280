//! The retransmission timeout: in go round-trip times that were measured and
//! timeouts that happened, out comes how long to wait for an ACK (RFC 6298).
//!
//! What is measured must be a round trip: the time from a segment to its ACK
//! is none if the segment was sent twice, for nobody knows which of the two
//! is acknowledged (Karn's algorithm, RFC 6298 §3). Whoever measures leaves
//! those out: [`Sender`](super::Sender) does.

use crate::link::Nanos;
use crate::sim::SECOND;

/// How a system chooses what the RFC leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Clock granularity, G: the least margin over SRTT.
    pub granularity: Nanos,
    /// The least timeout: 1 s (§2.4).
    pub least: Nanos,
    /// The greatest: 60 s or more (§2.5).
    pub most: Nanos,
}

impl Limits {
    /// As the RFC has it.
    pub const RFC: Limits = Limits {
        granularity: 0,
        least: SECOND,
        most: 60 * SECOND,
    };
    /// As Linux has it: 200 ms are the least margin, and 120 s the most.
    pub const LINUX: Limits = Limits {
        granularity: SECOND / 5,
        least: SECOND / 5,
        most: 120 * SECOND,
    };
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rto {
    limits: Limits,
    /// The smoothed round-trip time and its variation, once one is known.
    smoothed: Option<(Nanos, Nanos)>,
    timeout: Nanos,
}

impl Rto {
    /// 1 s before anything is measured (§2.1).
    pub fn new(limits: Limits) -> Rto {
        Rto {
            limits,
            smoothed: None,
            timeout: SECOND.clamp(limits.least, limits.most),
        }
    }

    /// How long to wait for an ACK.
    pub fn timeout(&self) -> Nanos {
        self.timeout
    }

    /// SRTT.
    pub fn smoothed(&self) -> Option<Nanos> {
        self.smoothed.map(|(srtt, _)| srtt)
    }

    /// RTTVAR.
    pub fn variation(&self) -> Option<Nanos> {
        self.smoothed.map(|(_, rttvar)| rttvar)
    }

    /// A segment that was sent once is acknowledged after `rtt`.
    pub fn measured(&mut self, rtt: Nanos) {
        let (srtt, rttvar) = match self.smoothed {
            // §2.2.
            None => (rtt, rtt / 2),
            // §2.3, alpha 1/8 and beta 1/4; RTTVAR first, with the old SRTT.
            Some((srtt, rttvar)) => {
                let off = srtt.abs_diff(rtt);
                ((7 * srtt + rtt) / 8, (3 * rttvar + off) / 4)
            }
        };
        self.smoothed = Some((srtt, rttvar));
        let margin = (4 * rttvar).max(self.limits.granularity);
        let Limits { least, most, .. } = self.limits;
        // This also ends a back-off (§5, last paragraph but one).
        self.timeout = (srtt + margin).clamp(least, most);
    }

    /// The timer ran out: the next one is twice as long (§5.5).
    pub fn back_off(&mut self) {
        self.timeout = (2 * self.timeout).min(self.limits.most);
    }
}
