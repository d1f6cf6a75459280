//! Files that we write, as tshark sees them.

use std::fs;

use anyhow::{Result, ensure};
use wire::wire::{Capture, Frame, LinkType, Packet, fields, pcapng};

use crate::{built, skip, tshark};

const FIELDS: &[&str] = &[
    "frame.protocols",
    "frame.comment",
    "frame.interface_name",
    "ip.checksum.status",
    "tcp.checksum.status",
    "udp.checksum.status",
];
const CHECK: &[&str] = &[
    "ip.check_checksum:TRUE",
    "tcp.check_checksum:TRUE",
    "udp.check_checksum:TRUE",
];

/// Every whole packet, with its checksum as a kernel leaves it on `lo`.
fn unfilled(link: LinkType) -> Capture {
    let packets = built::packets().into_iter();
    let mut frames: Vec<Frame> = packets
        .map(|packet| built::frame(link, &packet))
        .map(|bytes| Frame {
            time: std::time::Duration::from_secs(1),
            len: bytes.len(),
            bytes,
            comment: None,
        })
        .collect();
    for frame in &mut frames {
        let packet = Packet::decode(link, &frame.bytes, frame.len);
        if packet.network.is_some_and(|it| it.fragment.is_some()) {
            continue;
        }
        let checksum = fields::of(link, &frame.bytes).into_iter().find(|it| {
            ["TCP", "UDP"].contains(&it.layer) && it.name == "checksum"
        });
        if let Some(checksum) = checksum {
            frame.bytes[checksum.range].copy_from_slice(&[0xab, 0xcd]);
        }
    }
    Capture {
        link,
        interface: "lo".to_string(),
        frames,
    }
}

/// How many are good, and how many bad.
fn statuses(rows: &[tshark::Row]) -> (usize, usize) {
    let count = |status: &str| {
        let fields = ["tcp.checksum.status", "udp.checksum.status"];
        rows.iter()
            // Of a packet quoted by ICMP only the start is there.
            .filter(|row| {
                let protocols = row.first("frame.protocols");
                !protocols.is_some_and(|it| it.contains("icmp"))
            })
            .filter(|row| fields.iter().any(|it| row.first(it) == Some(status)))
            .count()
    };
    (count("1"), count("0"))
}

#[test]
fn filled_checksums_are_good() -> Result<()> {
    if tshark::is_missing() {
        return skip("there is no tshark");
    }
    let scratch = tempfile::tempdir()?;
    for link in built::LINKS {
        let mut capture = unfilled(link);
        let file = scratch.path().join("checksums.pcapng");
        fs::write(&file, pcapng::write(&capture))?;
        let before = statuses(&tshark::read(&file, FIELDS, CHECK)?);
        for frame in &mut capture.frames {
            pcapng::fill_checksums(link, &mut frame.bytes, frame.len);
        }
        fs::write(&file, pcapng::write(&capture))?;
        let rows = tshark::read(&file, FIELDS, CHECK)?;
        let after = statuses(&rows);
        ensure!(
            before.1 >= 20 && after == (before.0 + before.1, 0),
            "{link:?}: good and bad {before:?}, then {after:?}"
        );
        for row in &rows {
            ensure!(row.first("ip.checksum.status") != Some("0"), "{link:?}");
        }
    }
    Ok(())
}

#[test]
fn comments_and_the_interface_are_shown() -> Result<()> {
    if tshark::is_missing() {
        return skip("there is no tshark");
    }
    let mut capture = built::capture(LinkType::Ethernet);
    for (at, frame) in capture.frames.iter_mut().enumerate().skip(1) {
        frame.comment = Some(format!("lost: 丢了 {at}"));
    }
    let scratch = tempfile::tempdir()?;
    let file = scratch.path().join("comments.pcapng");
    fs::write(&file, pcapng::write(&capture))?;
    let rows = tshark::read(&file, FIELDS, &[])?;
    ensure!(rows.len() == capture.frames.len(), "{} rows", rows.len());
    for (frame, row) in capture.frames.iter().zip(&rows) {
        let comment = row.first("frame.comment");
        ensure!(comment == frame.comment.as_deref(), "{comment:?}");
        ensure!(row.first("frame.interface_name") == Some("lo"));
    }
    Ok(())
}
