//! The way in: in goes a plan, out comes the exit status of process 1.
//!
//! A user namespace can only be entered by a process with one thread. And
//! when process 1 of a PID namespace ends, by whatever signal, the kernel
//! kills all others in it: nothing is left behind, and with its last process
//! the network is gone too.

use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, ensure};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::{SigSet, Signal};

use super::enter::{FIRST, INSIDE, wire};
use super::event::Event;
use super::namespace::enter_user_namespace;
use super::plan::Plan;

/// The variable that tells process 1 whose child it is.
pub(super) const PARENT: &str = "WIRE_PARENT";

/// Enters new namespaces and starts process 1 there; its exit status.
///
/// The process that calls this must have one thread.
pub fn enter(plan: &Plan) -> Result<i32> {
    enter_user_namespace().inspect_err(|blocked| {
        if plan.watch.events {
            Event::Blocked(blocked.to_string()).tell();
        }
    })?;
    unshare(CloneFlags::CLONE_NEWPID).context("cannot make a PID namespace")?;
    // The terminal's Ctrl-C reaches the programs, too: they end, and process
    // 1 writes down what there was. No thread can wait for the signal: none
    // can be made any more once children belong to another PID namespace.
    interrupt().thread_block().context("cannot block SIGINT")?;
    let wire = wire()?;
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
pub fn arrive() -> Result<()> {
    // The signal that was blocked for its parent is not to be blocked for
    // the programs. Process 1 itself is immune against it, as `init` is.
    interrupt().thread_unblock()?;
    set_pdeathsig(Signal::SIGKILL)?;
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

fn interrupt() -> SigSet {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGINT);
    signals
}
