//! Frames with wrong bytes: nothing panics, and every byte keeps a name.

use std::env;
use std::fs;

use anyhow::Result;
use wire::wire::{Capture, Packet, fields, pcapng, speech};

use crate::{built, foreign};

/// How often each frame is changed: more by hand, see `MUTATIONS`.
const TIMES: usize = 3;

/// Longer frames only take longer.
const LONGEST: usize = 600;

fn times() -> usize {
    let times = env::var("MUTATIONS").ok();
    times.and_then(|it| it.parse().ok()).unwrap_or(TIMES)
}

fn mutate(bytes: &[u8], random: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = bytes[..bytes.len().min(LONGEST)].to_vec();
    for _ in 0..random.usize(0..5) {
        if bytes.is_empty() {
            break;
        }
        // Most of what decides stands near the start.
        let near = bytes.len().min(random.usize(1..=LONGEST));
        let at = random.usize(..near);
        bytes[at] = match random.u8(..3) {
            0 => random.u8(..),
            1 => [0, 1, 0x7f, 0x80, 0xc0, 0xff][random.usize(..6)],
            _ => bytes[at] ^ 1 << random.u8(..8),
        };
    }
    if random.u8(..4) == 0 {
        bytes.truncate(random.usize(..=bytes.len()));
    }
    bytes
}

fn assert_all_is_read(capture: &Capture, bytes: &[u8], len: usize) {
    let packet = Packet::decode(capture.link, bytes, len);
    assert!(packet.payload.len() <= packet.payload_len);
    let _ = speech::of(&packet, bytes);
    let mut at = 0..0;
    for field in fields::of(capture.link, bytes) {
        if field.range != at {
            assert_eq!(field.range.start, at.end, "{field:?}: {bytes:02x?}");
            at = field.range;
        }
    }
    assert_eq!(at.end, bytes.len(), "{bytes:02x?}");
    let mut filled = bytes.to_vec();
    pcapng::fill_checksums(capture.link, &mut filled, len);
}

fn mutate_all(capture: &Capture, random: &mut fastrand::Rng) -> usize {
    for frame in &capture.frames {
        for _ in 0..times() {
            let bytes = mutate(&frame.bytes, random);
            assert_all_is_read(capture, &bytes, frame.len);
        }
    }
    capture.frames.len() * times()
}

#[test]
fn built_frames_with_wrong_bytes() {
    let mut random = fastrand::Rng::with_seed(7);
    for link in built::LINKS {
        let mut capture = built::capture(link);
        mutate_all(&capture, &mut random);
        // Files too.
        capture.frames.retain(|frame| frame.bytes.len() < 100);
        let file = pcapng::write(&capture);
        for _ in 0..10 * times() {
            let _ = pcapng::read(&mutate(&file, &mut random));
        }
    }
}

#[test]
fn foreign_frames_with_wrong_bytes() -> Result<()> {
    let Some(folder) = foreign::folder()? else {
        return Ok(());
    };
    let mut random = fastrand::Rng::with_seed(7);
    let mut count = 0;
    for file in foreign::files(&folder)? {
        let file = fs::read(file)?;
        for _ in 0..times() {
            let _ = pcapng::read(&mutate(&file, &mut random));
        }
        if let Ok(capture) = pcapng::read(&file) {
            count += mutate_all(&capture, &mut random);
        }
    }
    println!("{count} frames with wrong bytes");
    assert!(count > 1000, "only {count} frames");
    Ok(())
}
