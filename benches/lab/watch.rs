//! What a running laboratory costs: in goes the number of `wire`'s process,
//! out come memory and processor time of what it has started, as /proc says.

use std::fs;
use std::path::{Path, PathBuf};

/// The process and all that descend from it, as directories of /proc.
fn family(ancestor: u32) -> Vec<PathBuf> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let name = entry.file_name();
        let Some(number) = name.to_str().and_then(|it| it.parse::<u32>().ok())
        else {
            continue;
        };
        if let Some(parent) = parent(&entry.path()) {
            parents.push((number, parent));
        }
    }
    let mut family = vec![ancestor];
    let mut next = 0;
    while let Some(&one) = family.get(next) {
        let children = parents.iter().filter(|(_, parent)| *parent == one);
        family.extend(children.map(|(child, _)| *child));
        next += 1;
    }
    let path = |number| Path::new("/proc").join(u32::to_string(&number));
    family.into_iter().map(path).collect()
}

fn parent(process: &Path) -> Option<u32> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    // The name, in brackets, may hold spaces and brackets.
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

/// The most memory that a process of the family has held, in MB.
pub fn memory(wire: u32) -> Option<u64> {
    let peak = |process: &PathBuf| {
        let status = fs::read_to_string(process.join("status")).ok()?;
        let line = status.lines().find_map(|it| it.strip_prefix("VmHWM:"))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok()
    };
    family(wire)
        .iter()
        .filter_map(peak)
        .max()
        .map(|it| it / 1000)
}

/// Seconds of processor time that the threads of this name have had.
pub fn thread_time(wire: u32, name: &str) -> Option<f64> {
    let mut sum = None;
    for process in family(wire) {
        let threads = fs::read_dir(process.join("task"));
        for thread in threads.into_iter().flatten().flatten() {
            let read = |file| fs::read_to_string(thread.path().join(file));
            let (Ok(comm), Ok(times)) = (read("comm"), read("schedstat"))
            else {
                continue;
            };
            if comm.trim() == name {
                // Its first number: nanoseconds spent on a processor.
                let first = times.split(' ').next();
                let nanos = first.and_then(|it| it.parse::<f64>().ok())?;
                sum = Some(sum.unwrap_or(0.0) + nanos / 1e9);
            }
        }
    }
    sum
}
