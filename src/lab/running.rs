//! Finds a laboratory that is running: in goes a host's name, out comes the
//! process that has such a host.
//!
//! A laboratory leaves no file behind by which it could be found: it is the
//! process that was started with the hidden command, and each of its hosts
//! has a thread of the host's name.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::geteuid;

use super::enter::{FIRST, INSIDE};

/// The process of this user whose laboratory has a host of this name; of
/// several, the one that was started last.
pub fn find(host: &str) -> Option<u32> {
    let entries = fs::read_dir("/proc").ok()?;
    let processes = entries.flatten().filter_map(|entry| {
        let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
        let dir = entry.path();
        // Somebody else's could not be entered.
        let mine = entry.metadata().ok()?.uid() == geteuid().as_raw();
        let found = mine && is_laboratory(&dir) && has_thread(&dir, host);
        found.then_some(pid)
    });
    processes.max()
}

fn is_laboratory(process: &Path) -> bool {
    let words = fs::read(process.join("cmdline")).unwrap_or_default();
    let mut words = words.split(|byte| *byte == 0).skip(1);
    words.next() == Some(INSIDE.as_bytes())
        && words.next() == Some(FIRST.as_bytes())
}

fn has_thread(process: &Path, name: &str) -> bool {
    let threads = fs::read_dir(process.join("task"));
    threads.is_ok_and(|threads| {
        threads.flatten().any(|thread| {
            let called = fs::read_to_string(thread.path().join("comm"));
            called.is_ok_and(|called| called.trim_end() == name)
        })
    })
}
