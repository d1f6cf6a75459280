//! What the laboratory tells whoever watches it: in go lines, packets and
//! samples, out come lines of JSON, and back again.

use std::fmt::Write as _;
use std::io::{self, Write};
use std::time::Duration;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::sample::Sample;
use crate::wire::Frame;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// A line that the program printed.
    Out(String),
    /// A line on its standard error.
    Err(String),
    Packet(Seen),
    /// There are more packets than are told.
    More,
    Sample(Sample),
    End(End),
    /// The laboratory is not possible here.
    Blocked(String),
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Its exit status; none if a signal ended it.
    pub status: Option<i32>,
    /// The limit that was the reason, if one was.
    pub why: Option<Stopped>,
    /// How long it ran, in milliseconds, without what was set up around it.
    pub ms: u64,
}

/// Why a program was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Stopped {
    /// It ran for too long.
    Time,
    /// It printed too much.
    Output,
}

/// A frame, as JSON can carry it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Nanoseconds since 1970.
    time: u64,
    /// In hexadecimal.
    bytes: String,
    len: usize,
    comment: Option<String>,
}

impl From<&Frame> for Seen {
    fn from(frame: &Frame) -> Seen {
        let mut bytes = String::with_capacity(2 * frame.bytes.len());
        for byte in &frame.bytes {
            // Writing to a string cannot fail.
            let _ = write!(bytes, "{byte:02x}");
        }
        Seen {
            time: frame.time.as_nanos() as u64,
            bytes,
            len: frame.len,
            comment: frame.comment.clone(),
        }
    }
}

impl Seen {
    pub fn frame(&self) -> Result<Frame> {
        let digits = self.bytes.as_bytes().chunks(2);
        let byte = |two: &[u8]| {
            let two = std::str::from_utf8(two).ok()?;
            u8::from_str_radix(two, 16).ok()
        };
        let bytes: Option<Vec<u8>> = digits.map(byte).collect();
        Ok(Frame {
            time: Duration::from_nanos(self.time),
            bytes: bytes.context("a packet's bytes are not hexadecimal")?,
            len: self.len,
            comment: self.comment.clone(),
        })
    }
}

impl Event {
    /// Writes the event as one line. Whoever watched may be gone: then the
    /// next signal ends this process, and nothing is lost.
    pub fn tell(&self) {
        if let Ok(mut line) = serde_json::to_string(self) {
            line.push('\n');
            let mut out = io::stdout().lock();
            let _ = out.write_all(line.as_bytes());
            let _ = out.flush();
        }
    }

    /// The event in a line; none if it is not one.
    pub fn read(line: &str) -> Option<Event> {
        serde_json::from_str(line).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_survives_the_journey() -> Result<()> {
        let frame = Frame {
            time: Duration::from_nanos(1_700_000_000_123_456_789),
            bytes: vec![0x45, 0, 0xff],
            len: 40,
            comment: Some("lost: by chance".into()),
        };
        let line = serde_json::to_string(&Event::Packet((&frame).into()))?;
        let Some(Event::Packet(seen)) = Event::read(&line) else {
            panic!("{line}");
        };
        assert_eq!(seen.frame()?, frame);
        assert_eq!(Event::read("no JSON"), None);
        let broken = line.replace("4500ff", "45zz");
        let Some(Event::Packet(seen)) = Event::read(&broken) else {
            panic!("{broken}");
        };
        assert!(seen.frame().is_err());
        Ok(())
    }
}
