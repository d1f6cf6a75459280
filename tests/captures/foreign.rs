//! Captures that nobody here made: those of a folder, named by `CAPTURES`.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use wire::wire::{Capture, LinkType, pcapng};

use crate::{compare, skip, tshark};

/// What must have been among them, for this to have tested anything.
const KINDS: &[&str] = &[
    "DNS",
    "DNS response",
    "HTTP request",
    "HTTP status",
    "ICMP",
    "ICMPv6",
    "IPv4",
    "IPv6",
    "SACK",
    "TCP",
    "TLS",
    "UDP",
    "VLAN",
    "extension header",
    "fragment",
    "no transport",
    "truncated",
];

pub fn folder() -> Result<Option<PathBuf>> {
    let Some(folder) = env::var_os("CAPTURES") else {
        let fetch = "sh tests/captures/fetch.sh FOLDER";
        skip(&format!("CAPTURES names no folder; `{fetch}` fills one"))?;
        return Ok(None);
    };
    if tshark::is_missing() {
        skip("there is no tshark")?;
        return Ok(None);
    }
    Ok(Some(folder.into()))
}

pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)
        .with_context(|| format!("cannot list {}", folder.display()))?
    {
        let path = entry?.path();
        match path.is_dir() {
            true => files.extend(self::files(&path)?),
            false => files.push(path),
        }
    }
    files.sort();
    Ok(files)
}

/// The frames of all files of one link type, and where each is from.
struct Group {
    capture: Capture,
    origins: Vec<String>,
}

fn groups(folder: &Path) -> Result<Vec<Group>> {
    let mut groups = BTreeMap::<u16, Group>::new();
    for file in files(folder)? {
        // Those that cannot be read are the other test's.
        let Ok(mut capture) = pcapng::read(&fs::read(&file)?) else {
            continue;
        };
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        let frames = std::mem::take(&mut capture.frames);
        let group = groups.entry(capture.link.number()).or_insert(Group {
            capture,
            origins: Vec::new(),
        });
        let numbers = 1..=frames.len();
        group
            .origins
            .extend(numbers.map(|it| format!("{name}#{it}")));
        group.capture.frames.extend(frames);
    }
    let taken_apart =
        |group: &Group| !matches!(group.capture.link, LinkType::Other(_));
    Ok(groups.into_values().filter(taken_apart).collect())
}

#[test]
fn foreign_captures_are_read_as_tshark_reads_them() -> Result<()> {
    let Some(folder) = folder()? else {
        return Ok(());
    };
    let mut wrong = Vec::new();
    let mut seen = compare::Seen::new();
    let scratch = tempfile::tempdir()?;
    let file = scratch.path().join("all.pcapng");
    for group in groups(&folder)? {
        let bytes = pcapng::write(&group.capture);
        fs::write(&file, &bytes)?;
        let capture = pcapng::read(&bytes)?;
        let rows = tshark::read(&file, compare::FIELDS, &[])?;
        for (at, what) in compare::capture(&capture, &rows, &mut seen) {
            wrong.push(format!("{}: {what}", group.origins[at]));
        }
    }
    println!("{seen:#?}");
    ensure!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    for kind in KINDS {
        ensure!(seen.contains_key(kind), "no {kind} in {}", folder.display());
    }
    Ok(())
}

#[test]
fn foreign_files_have_as_many_frames_as_for_capinfos() -> Result<()> {
    let Some(folder) = folder()? else {
        return Ok(());
    };
    let files = files(&folder)?;
    let counts = tshark::counts(&files)?;
    let (mut whole, mut cut, mut refused) = (0, 0, 0);
    for file in &files {
        let read = pcapng::read(&fs::read(file)?);
        let name = file.display();
        match (read, counts.get(file)) {
            (Ok(capture), Some(count)) => {
                let ours = capture.frames.len();
                ensure!(ours == *count, "{name}: {ours}, not {count}");
                whole += 1;
            }
            // A link type that capinfos does not know.
            (Ok(_), None) => {}
            (Err(error), count) => {
                let error = format!("{error:#}");
                ensure!(!error.contains('\n'), "{name}: {error}");
                match error.contains("save one of them alone") {
                    true => refused += 1,
                    false => {
                        ensure!(count.is_none(), "{name}: {error}");
                        cut += 1;
                    }
                }
            }
        }
    }
    println!("{whole} read, {cut} broken, {refused} of several link types");
    ensure!(whole > 100 && cut > 0, "{whole} read and {cut} broken");
    Ok(())
}
