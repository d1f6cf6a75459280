//! What TCP thinks at one moment, and many of them as a table.

use std::fmt::Write as _;
use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

/// The state of one socket at one moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// Milliseconds since the sampling began.
    pub ms: f64,
    /// The socket's own address and its peer's.
    pub local: SocketAddr,
    pub peer: SocketAddr,
    /// Congestion window and slow start threshold, in segments; without a
    /// threshold yet, none.
    pub cwnd: u32,
    pub ssthresh: Option<u32>,
    /// Smoothed round-trip time, in milliseconds.
    pub srtt: f64,
    /// Retransmission timeout, in milliseconds.
    pub rto: f64,
    /// Segments sent again so far.
    pub retransmissions: u32,
    /// Bytes that the peer has acknowledged so far.
    pub acked: u64,
    /// Segments on their way.
    pub unacked: u32,
    /// Bytes that wait before the link, from the client and to it.
    pub queued: [u64; 2],
    /// The algorithm that sends, such as `cubic`.
    pub control: String,
}

/// The samples as a table for a spreadsheet.
pub fn csv(samples: &[Sample]) -> String {
    let mut text = String::from(
        "ms,local,peer,cwnd,ssthresh,srtt_ms,rto_ms,retransmissions,acked,\
         unacked,queued_up,queued_down,control\n",
    );
    for it in samples {
        let threshold = it.ssthresh.map(|it| it.to_string());
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:.3},{},{},{},{},{:.3},{:.3},{},{},{},{},{},{}",
            it.ms,
            it.local,
            it.peer,
            it.cwnd,
            threshold.unwrap_or_default(),
            it.srtt,
            it.rto,
            it.retransmissions,
            it.acked,
            it.unacked,
            it.queued[0],
            it.queued[1],
            it.control,
        );
    }
    text
}
