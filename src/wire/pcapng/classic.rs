//! The older format, pcap: in go a file's bytes, out comes its [`Capture`].
//!
//! Layout as in `draft-ietf-opsawg-pcap`, sections 4 and 5.

use std::time::Duration;

use anyhow::{Context, Result};

use super::super::{Capture, Frame, LinkType};
use super::read::{Order, piece};

/// Time in microseconds, and in nanoseconds.
const MICRO: u32 = 0xa1b2_c3d4;
const NANO: u32 = 0xa1b2_3c4d;

/// `None` if the file does not start like one.
pub(super) fn read(file: &[u8]) -> Result<Option<Capture>> {
    let Some(start) = file.get(..4) else {
        return Ok(None);
    };
    let unit = |order: Order| match order.u32(start, 0) {
        Ok(MICRO) => Some((order, 1000)),
        Ok(NANO) => Some((order, 1)),
        _ => None,
    };
    let little = unit(Order { big: false });
    let Some((order, unit)) = little.or(unit(Order { big: true })) else {
        return Ok(None);
    };
    piece(file, 0, 24).context("the header of the pcap is cut")?;
    // Its upper half may hold the length of a frame check sequence.
    let link = order.u32(file, 20)? as u16;
    let mut frames = Vec::new();
    let mut at = 24;
    while at < file.len() {
        let number = frames.len() + 1;
        let frame = record(order, unit, &file[at..])
            .with_context(|| format!("frame {number} is broken"))?;
        at += 16 + frame.bytes.len();
        frames.push(frame);
    }
    Ok(Some(Capture {
        link: LinkType::from_number(link),
        interface: String::new(),
        frames,
    }))
}

fn record(order: Order, unit: u64, rest: &[u8]) -> Result<Frame> {
    let seconds = u64::from(order.u32(rest, 0)?);
    // Some files have more than a second of it.
    let fraction = u64::from(order.u32(rest, 4)?) * unit;
    let captured = order.size(rest, 8)?;
    let len = order.size(rest, 12)?;
    Ok(Frame {
        time: Duration::from_secs(seconds) + Duration::from_nanos(fraction),
        bytes: piece(rest, 16, captured)?.to_vec(),
        len,
        comment: None,
    })
}
