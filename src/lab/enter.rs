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
use std::process::Command;

use anyhow::{Context, Result};

#[cfg(not(target_os = "linux"))]
use super::Blocked;
use super::plan::Plan;

/// The hidden command of `wire` that is a laboratory, and its flag.
pub const INSIDE: &str = "inside";
pub const FIRST: &str = "--first";

/// The hidden command that tries what a laboratory needs.
pub const EXAMINE: &str = "examine";

/// The command that is the laboratory of `plan`.
pub fn command(plan: &Plan) -> Result<Command> {
    let wire = env::current_exe().context("cannot tell where wire is")?;
    let mut command = Command::new(wire);
    command.arg(INSIDE).arg(plan.to_json()?);
    Ok(command)
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
