//! What happened to each packet: in go the events of a world as they happen,
//! out comes a list that a ladder diagram is drawn from.

use std::fmt;

use crate::link::{Direction, Nanos};

/// One thing that happened to one packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub at: Nanos,
    pub what: What,
    pub direction: Direction,
    /// Which of several senders it belongs to, from 0.
    pub flow: u32,
    /// What the protocol numbers it: a frame, a segment's first byte, or
    /// for an ACK what it acknowledges.
    pub number: u64,
    /// The link's number of the packet in this direction, from 0: the
    /// same where it is sent and where it arrives. `None` for what happens
    /// at a sender, without a packet.
    pub packet: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Sent,
    /// It will never arrive: lost at random, in a burst, or named.
    Lost,
    /// It found the queue full.
    Dropped,
    Arrived,
    /// The sender learns that it arrived.
    Acked,
    /// The sender gives it up.
    TimedOut,
}

/// The first steps of a run, up to a limit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    limit: usize,
    steps: Vec<Step>,
}

impl Trace {
    /// Records nothing.
    pub fn none() -> Trace {
        Trace::default()
    }

    /// Records the first `limit` steps.
    pub fn first(limit: usize) -> Trace {
        let steps = Vec::new();
        Trace { limit, steps }
    }

    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    pub(super) fn record(&mut self, step: Step) {
        if self.steps.len() < self.limit {
            self.steps.push(step);
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            What::Sent => "sent",
            What::Lost => "lost",
            What::Dropped => "dropped",
            What::Arrived => "arrived",
            What::Acked => "acked",
            What::TimedOut => "timed out",
        })
    }
}

/// One line for each step: the time in microseconds, and what happened.
impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for step in &self.steps {
            let direction = step.direction.to_string();
            let at = step.at as f64 / 1000.0;
            let (flow, number, what) = (step.flow, step.number, step.what);
            writeln!(f, "{at:>10.1} {direction:4} {flow} {number} {what}")?;
        }
        Ok(())
    }
}
