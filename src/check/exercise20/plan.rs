//! What the check does to one run of the program: how many packets and what
//! is lost go in, a plan for [`play`](super::transfer::play) comes out.

use std::time::Duration;

use super::line::{Impairment, Sent};
use super::receiver::Says;
use super::stranger::Who;
use super::words::NO_END;

/// What the check does, and what it takes for right.
pub struct Plan {
    pub size: u32,
    pub window: u16,
    pub line: Impairment,
    /// DATA packets that may be sent.
    pub most: u32,
    /// How long it may take from the first DATA packet on.
    pub within: Option<Duration>,
    pub likely: &'static str,
    pub lost: fn(Sent) -> bool,
    pub lost_ack: fn(Says, u32) -> bool,
    /// Said besides when the DATA packet of this count
    /// arrives, and with 0 at HELLO; the second number is that of all packets.
    pub says: fn(u32, u32) -> Vec<Vec<u8>>,
    /// A stranger who begins, and acknowledges whatever is sent.
    pub stranger: Option<Who>,
    /// After so many DATA packets the receiver hears and says nothing.
    pub silence: Option<(u32, Duration)>,
    /// How long a packet must have waited before it is sent again.
    pub wait: Option<Duration>,
    /// Whether several packets must have been on their way at once.
    pub together: bool,
}

/// What most steps have: a line of 10 ms each way.
pub fn plan(packets: u32, window: u16) -> Plan {
    Plan {
        size: packets * 500,
        window,
        line: Impairment::default(),
        most: packets * 2 + 20,
        within: None,
        likely: NO_END,
        lost: |_| false,
        lost_ack: |_, _| false,
        says: |_, _| Vec::new(),
        stranger: None,
        silence: None,
        wait: None,
        together: false,
    }
}
