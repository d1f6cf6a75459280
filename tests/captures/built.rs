//! Captures built here, one for each kind of link, and compared.

mod packets;

use std::fs;
use std::time::Duration;

use anyhow::{Result, ensure};
use wire::wire::{Capture, Frame, LinkType, pcapng};

use crate::{compare, skip, tshark};

pub use packets::packets;

pub const LINKS: [LinkType; 5] = [
    LinkType::Raw,
    LinkType::Ethernet,
    LinkType::Cooked,
    LinkType::Cooked2,
    LinkType::Null,
];

/// The packet as a frame of this link.
pub fn frame(link: LinkType, packet: &[u8]) -> Vec<u8> {
    let ether_type: [u8; 2] = match packet[0] >> 4 {
        4 => [8, 0],
        _ => [0x86, 0xdd],
    };
    let family = if ether_type == [8, 0] { 2 } else { 30 };
    let around = match link {
        LinkType::Ethernet => [&[2; 12][..], &ether_type].concat(),
        LinkType::Cooked => {
            let start = [0, 0, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0];
            [&start[..], &ether_type].concat()
        }
        LinkType::Cooked2 => {
            let rest = [0, 0, 0, 0, 0, 1, 0, 1, 4, 6, 2, 2, 2, 2, 2, 2, 0, 0];
            [&ether_type[..], &rest].concat()
        }
        LinkType::Null => vec![family, 0, 0, 0],
        _ => Vec::new(),
    };
    [&around[..], packet].concat()
}

/// Every packet, whole and cut, and on Ethernet with tags and padding too.
pub fn capture(link: LinkType) -> Capture {
    let mut frames: Vec<(Vec<u8>, usize)> = Vec::new();
    for packet in packets() {
        let whole = frame(link, &packet);
        frames.push((whole.clone(), whole.len()));
        for cut in [96, 64, 60, 40, 30, 17, 3] {
            let size = whole.len().min(cut);
            frames.push((whole[..size].to_vec(), whole.len()));
        }
        if link == LinkType::Ethernet {
            let tags: [&[u8]; 2] = [
                &[0x81, 0, 0x60, 7],
                &[0x88, 0xa8, 0, 9, 0x81, 0, 0x0f, 0xff],
            ];
            for tag in tags {
                let tagged = [&whole[..12], tag, &whole[12..]].concat();
                let len = tagged.len();
                frames.push((tagged, len));
            }
            let mut padded = whole.clone();
            padded.resize(whole.len().max(60), 0);
            let len = padded.len();
            frames.push((padded, len));
        }
    }
    let frames = frames.into_iter().enumerate();
    Capture {
        link,
        interface: "lo".to_string(),
        frames: frames
            .map(|(at, (bytes, len))| Frame {
                time: Duration::new(1_700_000_000, at as u32),
                bytes,
                len,
                comment: None,
            })
            .collect(),
    }
}

#[test]
fn built_captures_are_read_as_tshark_reads_them() -> Result<()> {
    if tshark::is_missing() {
        return skip("there is no tshark");
    }
    let scratch = tempfile::tempdir()?;
    for link in LINKS {
        let capture = capture(link);
        let file = scratch.path().join(format!("{link:?}.pcapng"));
        fs::write(&file, pcapng::write(&capture))?;
        let rows = tshark::read(&file, compare::FIELDS, &[])?;
        let mut seen = compare::Seen::new();
        let wrong = compare::capture(&capture, &rows, &mut seen);
        ensure!(wrong.is_empty(), "{link:?}: {wrong:#?}");
        for kind in [
            "DNS address",
            "HTTP request",
            "HTTP status",
            "ICMP",
            "ICMPv6",
            "SACK",
            "TLS server name",
            "UDP length",
            "cut transport",
            "extension header",
            "fragment",
            "truncated",
        ] {
            ensure!(seen.contains_key(kind), "{link:?}: no {kind}");
        }
    }
    Ok(())
}
