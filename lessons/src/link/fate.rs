//! What becomes of a packet: out of the link comes a fate for each that was
//! pushed, an arrival for each that was popped, and a tally of all.

use super::{Direction, Nanos};

/// What the link decided about a packet, the moment it was pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate {
    /// The packet's number among all pushed in its direction, from 0.
    pub number: u64,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It will arrive.
    Passes {
        /// It found the queue longer than `mark_above` and bears CE.
        marked: bool,
        /// How many copies arrive with it: 0 or 1.
        copies: u32,
        /// It was held back by `reorder_by`.
        reordered: bool,
    },
    /// It was lost before the queue and took none of the rate.
    Lost(Loss),
    /// The queue was full.
    Dropped,
    /// It is larger than the MTU. What a router answers, the driver knows.
    TooBig,
}

/// Why a packet was lost; the first that applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// `drop_nth` names it.
    Named,
    /// The Gilbert-Elliott chain was in its bad state.
    Burst,
    /// By itself, with the probability `loss`.
    Random,
}

/// A packet that has come through the link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival<P> {
    pub direction: Direction,
    /// As in its [`Fate`]; a copy has the number of its original.
    pub number: u64,
    pub packet: P,
    /// The time of arrival as computed. The driver may be later.
    pub at: Nanos,
    /// Whether it is the second of two.
    pub copy: bool,
    /// How long it waited until its first bit left, in nanoseconds.
    pub queued_for: Nanos,
}

/// Counters of one direction. At every moment
/// `sent + duplicated == delivered + lost + dropped + too_big + in_flight`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Packets pushed, and their bytes, whatever became of them.
    pub sent: u64,
    pub sent_bytes: u64,
    pub lost: u64,
    /// Packets that found the queue full.
    pub dropped: u64,
    pub too_big: u64,
    /// Packets that got CE because of the queue, or had it already then.
    pub marked: u64,
    /// Copies made.
    pub duplicated: u64,
    /// Packets held back.
    pub reordered: u64,
    /// Packets popped, copies too, and their bytes.
    pub delivered: u64,
    pub delivered_bytes: u64,
    /// Packets in the queue and on the way, copies too.
    pub in_flight: u64,
}

impl Tally {
    pub(super) fn pushed(&mut self, bytes: u64, verdict: Verdict) {
        self.sent += 1;
        self.sent_bytes += bytes;
        match verdict {
            Verdict::Passes {
                marked,
                copies,
                reordered,
            } => {
                self.marked += u64::from(marked);
                self.duplicated += u64::from(copies);
                self.reordered += u64::from(reordered);
                self.in_flight += 1 + u64::from(copies);
            }
            Verdict::Lost(_) => self.lost += 1,
            Verdict::Dropped => self.dropped += 1,
            Verdict::TooBig => self.too_big += 1,
        }
    }

    pub(super) fn popped(&mut self, bytes: u64) {
        self.in_flight -= 1;
        self.delivered += 1;
        self.delivered_bytes += bytes;
    }
}
