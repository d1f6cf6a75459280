//! Programs that are ended together: in goes a command, out comes a child
//! whose `kill` reaches everything that it has started.

use std::io;
use std::process::Command;

use process_wrap::std::{ChildWrapper, CommandWrap};

/// Starts `command` in a process group of its own (a job on Windows).
///
/// The child also ends when this process is killed before it can clean up:
/// with the job on Windows, by the death of the thread that called this on
/// Linux. Elsewhere it goes on until its output breaks.
pub fn spawn(mut command: Command) -> io::Result<Box<dyn ChildWrapper>> {
    die_with_parent(&mut command);
    let mut command = CommandWrap::from(command);
    #[cfg(unix)]
    command.wrap(process_wrap::std::ProcessGroup::leader());
    #[cfg(windows)]
    command.wrap(process_wrap::std::JobObject);
    command.spawn()
}

#[cfg(target_os = "linux")]
fn die_with_parent(command: &mut Command) {
    use std::os::unix::process::CommandExt;

    use rustix::process::{
        Signal, getpid, getppid, set_parent_process_death_signal,
    };

    let parent = Some(getpid());
    let ask = move || {
        set_parent_process_death_signal(Some(Signal::KILL))?;
        // It may have died before it could be watched.
        match getppid() == parent {
            true => Ok(()),
            false => Err(io::ErrorKind::BrokenPipe.into()),
        }
    };
    // SAFETY: between fork and exec only calls that are async-signal-safe
    // are allowed: `ask` makes two system calls and allocates nothing.
    unsafe {
        command.pre_exec(ask);
    }
}

#[cfg(not(target_os = "linux"))]
fn die_with_parent(_: &mut Command) {}
