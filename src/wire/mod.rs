//! What was on the wire: in go captured frames, out come conversations, their
//! normal form, and the ladder that a page shows.
//!
//! ```text
//! pcapng ⇄ Capture → packet (etherparse) → conversation → normal form
//!                                                       → ladder (HTML)
//!                  → fields (every byte has a name)
//! ```
//!
//! Nothing in here opens a socket or needs Linux: the book is built anywhere
//! from what was recorded.

mod bytes;
pub mod conversation;
pub mod fields;
pub mod ladder;
mod layers;
pub mod normal;
mod packet;
pub mod pcapng;
pub mod speech;

use std::time::Duration;

pub use packet::{Flags, Network, Packet, Segment, TcpOption, Transport};

/// What the first byte of a frame belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkType {
    /// An IP packet without anything around it (`LINKTYPE_RAW`).
    Raw,
    Ethernet,
    /// Linux's "any" device, first and second form.
    Cooked,
    Cooked2,
    /// The loopback of BSD and macOS: a family of four bytes.
    Null,
    /// Any other, by its number in a capture file.
    Other(u16),
}

/// One frame as it was captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Since 1970, in UTC.
    pub time: Duration,
    pub bytes: Vec<u8>,
    /// How many bytes there were on the wire: more than `bytes` holds, if
    /// the capture cut the frame.
    pub len: usize,
    /// What whoever captured it has to say, such as "lost: …".
    pub comment: Option<String>,
}

/// The frames of one interface, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capture {
    pub link: LinkType,
    /// The interface's name, such as `lo`.
    pub interface: String,
    pub frames: Vec<Frame>,
}
