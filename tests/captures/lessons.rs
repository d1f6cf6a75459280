//! The recordings of the lessons, as tshark sees them.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use wire::course::Course;
use wire::wire::pcapng;

use crate::{compare, skip, tshark};

const CHECK: &[&str] = &[
    "ip.check_checksum:TRUE",
    "tcp.check_checksum:TRUE",
    "udp.check_checksum:TRUE",
];

#[test]
fn every_recording_reads_as_for_tshark() -> Result<()> {
    if tshark::is_missing() {
        return skip("there is no tshark");
    }
    let course = Course::load(env!("CARGO_MANIFEST_DIR"))?;
    for lesson in course.written() {
        let path = course.capture(lesson.number);
        same(&path).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Every packet agrees, and none has a bad checksum.
fn same(path: &Path) -> Result<()> {
    let capture = pcapng::read(&fs::read(path)?)?;
    ensure!(!capture.frames.is_empty(), "it holds no packet");
    let rows = tshark::read(path, compare::FIELDS, &[])?;
    let wrong = compare::capture(&capture, &rows, &mut compare::Seen::new());
    ensure!(wrong.is_empty(), "{wrong:?}");
    let fields = [
        "ip.checksum.status",
        "tcp.checksum.status",
        "udp.checksum.status",
    ];
    let asked = [&fields[..], &["icmp.type"]].concat();
    let rows = tshark::read(path, &asked, CHECK)?;
    ensure!(rows.len() == capture.frames.len(), "{} rows", rows.len());
    // ICMP quotes the packet that failed as its kernel had it: on loopback
    // with a checksum that was left to a card there is none of.
    let quotes = |row: &tshark::Row| row.first("icmp.type").is_some();
    let whole = rows.iter().enumerate().filter(|(_, row)| !quotes(row));
    for (number, row) in whole {
        for field in fields {
            ensure!(row.first(field) != Some("0"), "{field} of {number}");
        }
    }
    Ok(())
}
