//! A link between two hosts: in go packets with the time at which they are
//! handed over, out come the same packets when they arrive, or the reason
//! why they never do.
//!
//! There is no socket and no clock in here. Who drives the link says what
//! time it is: the laboratory drives it with a real clock and real packets,
//! the simulator with virtual time. Same settings, same seed, same packets:
//! same fate of each.
//!
//! ```text
//! push ─▶ loss ─▶ queue ─▶ rate ─▶ delay ─▶ pop
//! ```

/// Nanoseconds since whenever the driver began to count.
pub type Nanos = u64;
