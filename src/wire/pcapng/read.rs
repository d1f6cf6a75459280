//! Reading: in go a file's bytes, out comes its [`Capture`], or one sentence.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::super::{Capture, Frame, LinkType};
use super::{
    COMMENT, ENHANCED, INTERFACE, INTERFACE_NAME, INTERFACE_OFFSET,
    INTERFACE_RESOLUTION, MAGIC, SECTION, SIMPLE, classic,
};

/// Packet blocks of old files (draft, appendix A).
const OLD: u32 = 2;

/// Reads a pcapng or a classic pcap, in either byte order.
///
/// Interfaces of one link type are merged: the capture has the name of the
/// first. Blocks that are not known are skipped.
///
/// # Errors
/// The file is neither, is cut or broken, or has interfaces of several link
/// types.
pub fn read(file: &[u8]) -> Result<Capture> {
    if let Some(capture) = classic::read(file)? {
        return Ok(capture);
    }
    ensure!(
        file.get(..4) == Some(&SECTION.to_le_bytes()),
        "this is not a capture: it starts neither like a pcapng nor like a \
         pcap; save it as one of them"
    );
    let mut reader = Reader::default();
    let mut at = 0;
    while at < file.len() {
        let size = reader
            .block(&file[at..])
            .with_context(|| format!("the block at byte {at} is broken"))?;
        at += size;
    }
    let first = reader.first.context(
        "the capture describes no interface, so nobody knows what its \
         frames are",
    )?;
    Ok(Capture {
        link: first.link,
        interface: first.name,
        frames: reader.frames,
    })
}

/// Numbers in the byte order of a file.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Order {
    pub big: bool,
}

impl Order {
    pub fn u16(self, bytes: &[u8], at: usize) -> Result<u16> {
        let value = array(bytes, at)?;
        Ok(match self.big {
            true => u16::from_be_bytes(value),
            false => u16::from_le_bytes(value),
        })
    }

    pub fn u32(self, bytes: &[u8], at: usize) -> Result<u32> {
        let value = array(bytes, at)?;
        Ok(match self.big {
            true => u32::from_be_bytes(value),
            false => u32::from_le_bytes(value),
        })
    }

    /// A length, a count or a number of seconds.
    pub fn size(self, bytes: &[u8], at: usize) -> Result<usize> {
        Ok(usize::try_from(self.u32(bytes, at)?)?)
    }
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Result<[u8; N]> {
    piece(bytes, at, N)?
        .try_into()
        .context("a piece has its length")
}

/// `size` bytes from `at`, which the file may only claim to have.
pub(super) fn piece(bytes: &[u8], at: usize, size: usize) -> Result<&[u8]> {
    at.checked_add(size)
        .and_then(|end| bytes.get(at..end))
        .with_context(|| {
            format!(
                "{size} bytes are claimed from byte {at} on, but there are \
                 only {}; was the file copied whole?",
                bytes.len()
            )
        })
}

#[derive(Debug, Clone)]
struct Interface {
    link: LinkType,
    name: String,
    snap: usize,
    /// As the file says it: 10⁻ⁿ s, or 2⁻ⁿ s with the highest bit set.
    resolution: u8,
    /// Seconds to add to every time.
    offset: i64,
}

#[derive(Default)]
struct Reader {
    order: Order,
    /// Those of this section.
    interfaces: Vec<Interface>,
    first: Option<Interface>,
    frames: Vec<Frame>,
}

impl Reader {
    /// Reads the first block of `rest` and returns its size.
    fn block(&mut self, rest: &[u8]) -> Result<usize> {
        let section = rest.get(..4) == Some(&SECTION.to_le_bytes());
        if section {
            let magic = array(rest, 8)?;
            self.order.big = magic == MAGIC.to_be_bytes();
            ensure!(
                self.order.big || magic == MAGIC.to_le_bytes(),
                "its section has no byte order"
            );
            self.interfaces.clear();
        }
        let size = self.order.size(rest, 4)?;
        ensure!(
            size >= 12 && size.is_multiple_of(4),
            "it claims a length of {size} bytes"
        );
        let block = piece(rest, 0, size)?;
        ensure!(
            self.order.size(block, size - 4)? == size,
            "its length stands in it twice, and differs"
        );
        let kind = self.order.u32(block, 0)?;
        self.body(kind, &block[8..size - 4])?;
        Ok(size)
    }

    fn body(&mut self, kind: u32, body: &[u8]) -> Result<()> {
        match kind {
            SECTION => {
                let major = self.order.u16(body, 4)?;
                ensure!(major == 1, "its version is {major}, not 1");
            }
            INTERFACE => self.interface(body)?,
            ENHANCED => {
                let interface = self.order.size(body, 0)?;
                self.timed(body, interface)?;
            }
            OLD => {
                let interface = self.order.u16(body, 0)?;
                self.timed(body, usize::from(interface))?;
            }
            SIMPLE => self.simple(body)?,
            _ => {}
        }
        Ok(())
    }

    fn interface(&mut self, body: &[u8]) -> Result<()> {
        let mut interface = Interface {
            link: LinkType::from_number(self.order.u16(body, 0)?),
            name: String::new(),
            snap: self.order.size(body, 4)?,
            resolution: 6,
            offset: 0,
        };
        for (code, value) in self.options(body, 8)? {
            match (code, value) {
                (INTERFACE_NAME, name) => interface.name = text(name),
                (INTERFACE_RESOLUTION, [value]) => {
                    interface.resolution = *value
                }
                (INTERFACE_OFFSET, value) => {
                    let value: [u8; 8] = array(value, 0)?;
                    interface.offset = match self.order.big {
                        true => i64::from_be_bytes(value),
                        false => i64::from_le_bytes(value),
                    };
                }
                _ => {}
            }
        }
        let first = self.first.get_or_insert_with(|| interface.clone());
        ensure!(
            first.link == interface.link,
            "its interfaces {:?} and {:?} have the link types {:?} and {:?}; \
             save one of them alone",
            first.name,
            interface.name,
            first.link,
            interface.link
        );
        self.interfaces.push(interface);
        Ok(())
    }

    /// A packet with its time: the enhanced form, and the old one, which
    /// differs in how it names the interface.
    fn timed(&mut self, body: &[u8], interface: usize) -> Result<()> {
        let interface = self.known(interface)?;
        let high = u64::from(self.order.u32(body, 4)?);
        let low = u64::from(self.order.u32(body, 8)?);
        let captured = self.order.size(body, 12)?;
        let len = self.order.size(body, 16)?;
        let bytes = piece(body, 20, captured)?;
        let options = 20 + captured.next_multiple_of(4);
        let comment = self
            .options(body, options)?
            .into_iter()
            .find(|(code, _)| *code == COMMENT)
            .map(|(_, value)| text(value));
        let frame = Frame {
            time: time(high << 32 | low, interface)?,
            bytes: bytes.to_vec(),
            len,
            comment,
        };
        self.frames.push(frame);
        Ok(())
    }

    /// A packet without time or interface: that is the first.
    fn simple(&mut self, body: &[u8]) -> Result<()> {
        let interface = self.known(0)?;
        let len = self.order.size(body, 0)?;
        let captured = match interface.snap {
            0 => len,
            snap => len.min(snap),
        };
        self.frames.push(Frame {
            time: Duration::ZERO,
            bytes: piece(body, 4, captured)?.to_vec(),
            len,
            comment: None,
        });
        Ok(())
    }

    fn known(&self, interface: usize) -> Result<&Interface> {
        self.interfaces.get(interface).with_context(|| {
            format!("its interface {interface} was not described before it")
        })
    }

    fn options<'a>(
        &self,
        body: &'a [u8],
        mut at: usize,
    ) -> Result<Vec<(u16, &'a [u8])>> {
        let mut found = Vec::new();
        while at < body.len() {
            let code = self.order.u16(body, at)?;
            let size = usize::from(self.order.u16(body, at + 2)?);
            if code == 0 {
                break;
            }
            found.push((code, piece(body, at + 4, size)?));
            at += 4 + size.next_multiple_of(4);
        }
        Ok(found)
    }
}

fn text(bytes: &[u8]) -> String {
    // Some writers end their strings with a zero.
    String::from_utf8_lossy(bytes)
        .trim_end_matches('\0')
        .to_string()
}

fn time(units: u64, interface: &Interface) -> Result<Duration> {
    let units = u128::from(units);
    let exponent = u32::from(interface.resolution & 0x7f);
    let power = if interface.resolution & 0x80 == 0 {
        10u128.checked_pow(exponent)
    } else {
        2u128.checked_pow(exponent)
    };
    // So fine a unit that every time is less than a nanosecond.
    let power = power.unwrap_or(u128::MAX);
    let seconds = i128::try_from(units / power)?;
    let rest = units % power;
    let nanoseconds = rest * 1_000_000_000 / power;
    let seconds = seconds + i128::from(interface.offset);
    let Ok(seconds) = u64::try_from(seconds) else {
        bail!("its time lies before 1970, or past the end of time");
    };
    Ok(Duration::new(seconds, u32::try_from(nanoseconds)?))
}
