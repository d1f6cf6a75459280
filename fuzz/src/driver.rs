//! Fuzzing without libFuzzer, on any toolchain: targets go in, and each is
//! given its seeds, then what becomes of them when they are damaged.
//!
//! It does not see which branches an input takes, so it finds less than
//! `cargo fuzz` does. But it is part of every `cargo test`.
//! `FUZZ_SECONDS=60` goes on for so long, with other dice each time.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use fastrand::Rng;

/// How many damaged inputs a target is given if no time is said.
const FEW: u32 = 2000;

/// Longest input, in bytes.
const LONGEST: usize = 4096;

/// A name, and the function that takes any bytes.
type Target = (&'static str, fn(&[u8]));

/// Runs each target. `folder` is `fuzz/` in the repository.
pub fn run(folder: &Path, targets: &[Target]) {
    let seconds = std::env::var("FUZZ_SECONDS").ok();
    let time = seconds.map(|it| it.parse().expect("FUZZ_SECONDS: a number"));
    let mut rng = match time {
        Some(_) => Rng::new(),
        None => Rng::with_seed(0),
    };
    for (name, target) in targets {
        let seeds = seeds(&folder.join("seeds").join(name));
        seeds.iter().for_each(|seed| try_one(name, *target, seed));
        let until = time.map(|it| Instant::now() + Duration::from_secs(it));
        let mut count = 0;
        while until.map_or(count < FEW, |until| Instant::now() < until) {
            let damaged = damaged(&seeds, &mut rng);
            try_one(name, *target, &damaged);
            count += 1;
        }
        println!("{name}: {} seeds, {count} damaged", seeds.len());
    }
}

fn seeds(folder: &Path) -> Vec<Vec<u8>> {
    let files = fs::read_dir(folder);
    let files = files.unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<_> =
        files.map(|it| it.expect("a file's name").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    let read = |path| fs::read(path).expect("a seed");
    paths.iter().map(read).collect()
}

fn try_one(name: &str, target: fn(&[u8]), bytes: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| target(bytes))).is_err() {
        let hex: String = bytes.iter().map(|it| format!("{it:02x}")).collect();
        panic!("{name} fails on this input, in hex: {hex}");
    }
}

/// One of the seeds, changed in up to eight places.
fn damaged(seeds: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = seeds[rng.usize(..seeds.len())].clone();
    for _ in 0..rng.usize(1..=8) {
        let at = rng.usize(..=bytes.len());
        let end = bytes.len().min(at + rng.usize(1..=16));
        match rng.u8(..7) {
            0 | 1 if at < bytes.len() => bytes[at] ^= 1 << rng.u8(..8),
            2 if at < bytes.len() => {
                bytes[at] = [0, 1, 0x7f, 0x80, 0xfe, 0xff][rng.usize(..6)];
            }
            3 => bytes.insert(at, rng.u8(..)),
            4 => drop(bytes.drain(at..end)),
            5 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {
                let other = &seeds[rng.usize(..seeds.len())];
                let from = rng.usize(..=other.len());
                bytes.truncate(at);
                bytes.extend(&other[from..]);
            }
        }
    }
    bytes.truncate(LONGEST);
    bytes
}
