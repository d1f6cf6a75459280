//! From the learner's command into the laboratory: in goes a plan, out comes
//! its exit code.
//!
//! ```text
//! wire run 7 --rtt 40ms      any process, with threads
//!   └ wire inside PLAN       one thread: makes the namespaces
//!       └ wire inside --first PLAN   process 1 of its own namespace
//!           └ the program(s)
//! ```

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::Blocked;
use super::plan::Plan;

/// The hidden command of `wire` that is a laboratory, and its flag.
pub const INSIDE: &str = "inside";
pub const FIRST: &str = "--first";

/// The hidden command that tries what a laboratory needs.
pub const EXAMINE: &str = "examine";

/// The command that is the laboratory of `plan`.
pub fn command(plan: &Plan) -> Result<Command> {
    let wire = wire()?;
    let mut command = Command::new(wire);
    command.arg(INSIDE).arg(plan.to_json()?);
    Ok(command)
}

/// This program, to be started again.
pub fn wire() -> Result<PathBuf> {
    match env::current_exe() {
        Ok(wire) => Ok(wire),
        // Linux tells it there.
        Err(_) if cfg!(target_os = "linux") && !has_proc() => {
            Err(Blocked::NoProc.into())
        }
        Err(error) => Err(error).context("cannot tell where wire is"),
    }
}

fn has_proc() -> bool {
    Path::new("/proc/self").exists()
}

/// Becomes the laboratory: returns only if it cannot.
#[cfg(target_os = "linux")]
pub fn become_laboratory(plan: &Plan) -> Result<std::convert::Infallible> {
    use std::os::unix::process::CommandExt;

    let error = command(plan)?.exec();
    Err(error).context("cannot start the laboratory")
}

#[cfg(not(target_os = "linux"))]
pub fn become_laboratory(_: &Plan) -> Result<std::convert::Infallible> {
    Err(Blocked::NotLinux.into())
}
