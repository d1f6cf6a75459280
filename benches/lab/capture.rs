//! Captures as a list of what one host sent: in goes a file, out come times,
//! flags and lengths.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wire::wire::{Packet, Transport, pcapng};

/// A TCP segment of the client's.
pub struct Sent {
    /// Seconds since the first packet of the capture.
    pub at: f64,
    pub syn: bool,
    /// Bytes of data.
    pub payload: usize,
}

/// The client's segments in its own capture, `STEM-client.pcapng`.
pub fn sent_by_client(stem: &Path) -> Result<Vec<Sent>> {
    let file = format!("{}-client.pcapng", stem.display());
    let bytes = fs::read(&file).with_context(|| format!("no {file}"))?;
    let capture = pcapng::read(&bytes)?;
    let first = capture.frames.first().map(|frame| frame.time);
    let first = first.context("the capture is empty")?;
    let mut sent = Vec::new();
    for frame in &capture.frames {
        let packet = Packet::decode(capture.link, &frame.bytes, frame.len);
        let from = packet.network.map(|network| network.source.to_string());
        let Transport::Tcp(segment) = &packet.transport else {
            continue;
        };
        if from.as_deref() == Some("10.0.0.1") {
            sent.push(Sent {
                at: frame.time.saturating_sub(first).as_secs_f64(),
                syn: segment.flags.syn,
                payload: packet.payload_len,
            });
        }
    }
    Ok(sent)
}
