//! What comes out of a sender: segments, and counts of them.

/// One segment to send, always a full one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Its first byte, from 0.
    pub number: u64,
    pub again: bool,
    /// How many were sent before it.
    pub transmission: u64,
}

/// What a sender has seen so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Segments, those sent again too.
    pub sent: u64,
    pub sent_again: u64,
    /// Fast retransmits, and timeouts that were the first of their loss:
    /// how often the window was cut.
    pub loss_events: u64,
    pub timeouts: u64,
}
