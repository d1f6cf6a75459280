//! From the learner's command into the laboratory: in goes a plan, out comes
//! its exit code.
//!
//! ```text
//! wire run 7 --rtt 40ms      any process, with threads
//!   └ wire inside PLAN       one thread: makes the namespaces
//!       └ wire inside --first PLAN   process 1 of its own namespace
//!           └ the program(s)
//! ```
//!
//! A user namespace can only be entered by a process with one thread, so
//! `wire` starts itself again. And when process 1 of a PID namespace ends,
//! by whatever signal, the kernel kills all others in it: nothing is left
//! behind, and with its last process the network is gone too.

use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, ensure};

#[cfg(not(target_os = "linux"))]
use super::Blocked;
use super::plan::Plan;

/// The hidden command of `wire` that is a laboratory, and its flag.
pub const INSIDE: &str = "inside";
pub const FIRST: &str = "--first";

/// The hidden command that tries what a laboratory needs.
pub const EXAMINE: &str = "examine";

/// The variable that tells process 1 whose child it is.
const PARENT: &str = "WIRE_PARENT";

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

/// Enters new namespaces and starts process 1 there; its exit status.
///
/// The process that calls this must have one thread.
#[cfg(target_os = "linux")]
pub fn enter(plan: &Plan) -> Result<i32> {
    use super::namespace::enter_user_namespace;

    enter_user_namespace().inspect_err(|blocked| {
        if plan.watch.events {
            super::event::Event::Blocked(blocked.to_string()).tell();
        }
    })?;
    nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWPID)
        .context("cannot make a PID namespace")?;
    // The terminal's Ctrl-C reaches the programs, too: they end, and process
    // 1 writes down what there was. No thread can wait for the signal: none
    // can be made any more once children belong to another PID namespace.
    interrupt().thread_block().context("cannot block SIGINT")?;
    let wire = env::current_exe().context("cannot tell where wire is")?;
    let mut first = Command::new(wire);
    let own = fs::read_link("/proc/self").context("cannot read /proc")?;
    first
        .arg(INSIDE)
        .arg(FIRST)
        .arg(plan.to_json()?)
        .env(PARENT, own);
    let status = first.status().context("cannot start process 1")?;
    Ok(status.code().unwrap_or(1))
}

/// What process 1 does before anything else.
#[cfg(target_os = "linux")]
pub fn arrive() -> Result<()> {
    // The signal that was blocked for its parent is not to be blocked for
    // the programs. Process 1 itself is immune against it, as `init` is.
    interrupt().thread_unblock()?;
    nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGKILL)?;
    // The parent may have died before it could be watched. It has no number
    // in here (`getppid` says 0), but /proc is that of outside.
    let status = fs::read_to_string("/proc/self/status")?;
    let parent = status.lines().find_map(|line| line.strip_prefix("PPid:"));
    let expected = env::var(PARENT).context("the laboratory has no parent")?;
    ensure!(
        parent.map(str::trim) == Some(&*expected),
        "it has lost its parent"
    );
    Ok(())
}

#[cfg(target_os = "linux")]
fn interrupt() -> nix::sys::signal::SigSet {
    let mut signals = nix::sys::signal::SigSet::empty();
    signals.add(nix::sys::signal::Signal::SIGINT);
    signals
}

#[cfg(not(target_os = "linux"))]
pub fn enter(_: &Plan) -> Result<i32> {
    Err(Blocked::NotLinux.into())
}
