//! A small synchronous netlink: in go requests of fixed parts and attributes,
//! out come the kernel's answers.
//!
//! Layout: `struct nlmsghdr`, `struct nlattr` and `struct nlmsgerr` of
//! linux/netlink.h. Numbers are in the machine's own order.

use std::io::{self, Read};

use socket2::{Domain, Protocol, Socket, Type};

use super::sys;

/// Flags of a request, beside those that every request has.
pub const ACK: u16 = libc::NLM_F_ACK as u16;
pub const DUMP: u16 = libc::NLM_F_DUMP as u16;
pub const CREATE: u16 = (libc::NLM_F_CREATE | libc::NLM_F_EXCL) as u16;

const HEADER: usize = 16;
/// `NLMSGERR_ATTR_MSG`: the kernel's reason, in words.
const REASON: u16 = 1;
/// `NETLINK_CAP_ACK` and `NETLINK_EXT_ACK`
const SHORT_ACK: i32 = 10;
const LONG_ACK: i32 = 11;

/// A request that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message(Vec<u8>);

impl Message {
    pub fn new(kind: u16, flags: u16) -> Message {
        let mut bytes = vec![0; HEADER];
        let flags = flags | libc::NLM_F_REQUEST as u16;
        bytes[4..6].copy_from_slice(&kind.to_ne_bytes());
        bytes[6..8].copy_from_slice(&flags.to_ne_bytes());
        Message(bytes)
    }

    /// A fixed part, filled up to four bytes.
    pub fn put(&mut self, bytes: &[u8]) -> &mut Message {
        self.0.extend_from_slice(bytes);
        self.0.resize(self.0.len().next_multiple_of(4), 0);
        self
    }

    pub fn attribute(&mut self, kind: u16, value: &[u8]) -> &mut Message {
        self.nest(kind, |message| {
            message.0.extend_from_slice(value);
        })
    }

    pub fn number(&mut self, kind: u16, value: u32) -> &mut Message {
        self.attribute(kind, &value.to_ne_bytes())
    }

    /// A C string.
    pub fn text(&mut self, kind: u16, value: &str) -> &mut Message {
        self.nest(kind, |message| {
            message.0.extend_from_slice(value.as_bytes());
            message.0.push(0);
        })
    }

    /// An attribute that is made of what `inside` adds.
    pub fn nest(
        &mut self,
        kind: u16,
        inside: impl FnOnce(&mut Message),
    ) -> &mut Message {
        let start = self.0.len();
        self.0.extend_from_slice(&[0, 0]);
        self.0.extend_from_slice(&kind.to_ne_bytes());
        inside(self);
        // Without what fills it up to four bytes.
        let length = (self.0.len() - start) as u16;
        self.0[start..start + 2].copy_from_slice(&length.to_ne_bytes());
        self.put(&[])
    }

    fn finish(mut self, sequence: u32) -> Vec<u8> {
        let length = self.0.len() as u32;
        self.0[0..4].copy_from_slice(&length.to_ne_bytes());
        self.0[8..12].copy_from_slice(&sequence.to_ne_bytes());
        self.0
    }
}

/// The attributes in `bytes`, up to the first that is broken.
pub fn attributes(mut bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let length = usize::from(u16_at(bytes, 0)?);
        let kind = u16_at(bytes, 2)? & libc::NLA_TYPE_MASK as u16;
        let value = bytes.get(4..length)?;
        let next = length.next_multiple_of(4).min(bytes.len());
        bytes = &bytes[next..];
        Some((kind, value))
    })
}

/// The number at `offset`, if there are so many bytes.
pub fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    let (chunk, _) = bytes.get(offset..)?.split_first_chunk()?;
    Some(u16::from_ne_bytes(*chunk))
}

/// The number at `offset`, if there are so many bytes.
pub fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    let (chunk, _) = bytes.get(offset..)?.split_first_chunk()?;
    Some(u32::from_ne_bytes(*chunk))
}

/// The number at `offset`, if there are so many bytes.
pub fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    let (chunk, _) = bytes.get(offset..)?.split_first_chunk()?;
    Some(u64::from_ne_bytes(*chunk))
}

/// A socket to the kernel, in the network namespace of whoever opened it.
#[derive(Debug)]
pub struct Netlink {
    socket: Socket,
    sequence: u32,
    buffer: Vec<u8>,
}

impl Netlink {
    /// `protocol` is one of `NETLINK_…`.
    pub fn open(protocol: i32) -> io::Result<Netlink> {
        let socket = Socket::new(
            Domain::from(libc::AF_NETLINK),
            Type::RAW,
            Some(Protocol::from(protocol)),
        )?;
        // Without them an error is a number only (Linux before 4.12).
        for option in [SHORT_ACK, LONG_ACK] {
            let _ = sys::set_option(&socket, libc::SOL_NETLINK, option, 1);
        }
        Ok(Netlink {
            socket,
            sequence: 0,
            buffer: vec![0; 1 << 16],
        })
    }

    /// Sends `message` and hands every answer's payload to `each`, until the
    /// kernel says that it has done it, or why not.
    ///
    /// A message without [`ACK`] or [`DUMP`] has one answer.
    pub fn ask(
        &mut self,
        message: Message,
        mut each: impl FnMut(&[u8]),
    ) -> io::Result<()> {
        self.sequence += 1;
        let flags = u16_at(&message.0, 6).unwrap_or_default();
        let single = flags & (ACK | DUMP) == 0;
        self.socket.send(&message.finish(self.sequence))?;
        loop {
            let count = (&self.socket).read(&mut self.buffer)?;
            let mut rest = &self.buffer[..count];
            while let Some(length) = u32_at(rest, 0) {
                let length = length as usize;
                let payload = rest.get(HEADER..length).ok_or_else(broken)?;
                // An answer to an earlier question that was given up.
                let mine = u32_at(rest, 8) == Some(self.sequence);
                let kind = i32::from(u16_at(rest, 4).ok_or_else(broken)?);
                let next = length.next_multiple_of(4).min(rest.len());
                rest = &rest[next..];
                match kind {
                    _ if !mine => {}
                    libc::NLMSG_DONE => return Ok(()),
                    libc::NLMSG_ERROR => return refusal(payload),
                    _ => {
                        each(payload);
                        if single {
                            return Ok(());
                        }
                    }
                }
            }
        }
    }
}

fn broken() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "netlink: a cut message")
}

/// What `struct nlmsgerr` says: an acknowledgement is error 0.
fn refusal(payload: &[u8]) -> io::Result<()> {
    let code = u32_at(payload, 0).ok_or_else(broken)? as i32;
    if code == 0 {
        return Ok(());
    }
    let error = io::Error::from_raw_os_error(-code);
    // After the header of the request, whose payload was not asked for.
    let details = payload.get(4 + HEADER..).unwrap_or_default();
    let reason = attributes(details).find(|(kind, _)| *kind == REASON);
    match reason {
        // The number goes on telling its kind.
        Some((_, text)) => {
            let text = String::from_utf8_lossy(text);
            let text = text.trim_end_matches('\0');
            let kind = error.kind();
            Err(io::Error::new(kind, format!("{error}: {text}")))
        }
        None => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_laid_out_as_the_kernel_wants() {
        let mut message = Message::new(20, ACK);
        message.put(&[2, 24, 0, 0]).text(3, "lo").nest(18, |inner| {
            inner.number(4, 7);
        });
        let bytes = message.finish(9);
        #[rustfmt::skip]
        let expected: [&[u8]; 6] = [
            &[40, 0, 0, 0, 20, 0, 5, 0, 9, 0, 0, 0, 0, 0, 0, 0],
            &[2, 24, 0, 0],
            &[7, 0, 3, 0], b"lo\0\0",
            &[12, 0, 18, 0, 8, 0, 4, 0], &[7, 0, 0, 0],
        ];
        if cfg!(target_endian = "little") {
            assert_eq!(bytes, expected.concat());
        }
    }

    #[test]
    fn attributes_are_read_back_and_broken_ones_end_it() {
        let mut message = Message(Vec::new());
        message.text(1, "cubic").number(2, 5).attribute(3, &[]);
        let mut bytes = message.0.clone();
        let read: Vec<_> = attributes(&bytes).collect();
        let five = 5u32.to_ne_bytes();
        assert_eq!(read, [(1, &b"cubic\0"[..]), (2, &five), (3, &[])]);
        // A length that is too short would never end, one too long reads on.
        for length in [0u16, 3, 200] {
            bytes[0..2].copy_from_slice(&length.to_ne_bytes());
            assert_eq!(attributes(&bytes).count(), 0);
        }
        assert_eq!(attributes(&message.0[..17]).count(), 1);
    }

    #[test]
    fn the_kernels_reason_is_kept() {
        let mut payload = (-libc::EEXIST).to_ne_bytes().to_vec();
        payload.extend([0; HEADER]);
        let plain = refusal(&payload).map_err(|error| error.raw_os_error());
        assert_eq!(plain, Err(Some(libc::EEXIST)));
        let mut message = Message(payload);
        message.text(REASON, "it is there");
        let error = refusal(&message.0).expect_err("EEXIST is an error");
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert!(error.to_string().ends_with(": it is there"), "{error}");
        assert!(refusal(&0i32.to_ne_bytes()).is_ok());
        assert!(refusal(&[]).is_err());
    }
}
