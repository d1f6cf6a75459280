//! Reno: in go ACKs and losses, out come a window and a threshold in bytes
//! (RFC 5681 §3.1).

/// Additive increase, multiplicative decrease.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reno {
    /// Bytes acknowledged since the window grew last.
    acked: u64,
}

impl Reno {
    /// The window after `acked` bytes in congestion avoidance: one segment
    /// more for each window that is acknowledged (§3.1, counted in bytes as
    /// RFC 3465 §2.1 does).
    pub fn avoid(&mut self, cwnd: u64, smss: u64, acked: u64) -> u64 {
        self.acked += acked;
        if self.acked < cwnd {
            return cwnd;
        }
        // What counted towards a larger window, before a loss, is not more
        // than one segment now: Linux does it so.
        self.acked = (self.acked - cwnd).min(cwnd - 1);
        cwnd + smss
    }

    /// The slow start threshold after a loss: half of what was on the way
    /// (§3.1, equation 4).
    pub fn decrease(&self, flight: u64, smss: u64) -> u64 {
        (flight / 2).max(2 * smss)
    }
}
