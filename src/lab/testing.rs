//! For tests: in goes the body of one, and it is run in a process that has
//! entered a user namespace, which one with threads cannot do.

#![allow(clippy::print_stderr)] // A test that is skipped says so.

use std::env;
use std::io;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::namespace::enter_user_namespace;
use super::sys;

const INSIDE: &str = "WIRE_TEST_INSIDE";

/// Whether this process is one that [`inside`] has started.
pub fn is_inside() -> bool {
    env::var_os(INSIDE).is_some()
}

/// Runs `body` in a process that has entered a user namespace: this very
/// test, started again. `name` is its path, or begins it.
pub fn inside(name: &str, body: impl FnOnce() -> Result<()>) -> Result<()> {
    if is_inside() {
        return body();
    }
    match command(name)?.output() {
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stdout);
            let errors = String::from_utf8_lossy(&output.stderr);
            let passed = text.contains("test result: ok. 1 passed");
            ensure!(passed, "inside: {text}{errors}");
            Ok(())
        }
        Err(error)
            if env::var_os("REQUIRE_ALL").is_some_and(|it| it == "1") =>
        {
            Err(error).context("the laboratory is required here")
        }
        Err(_) => {
            eprintln!("skipped: no user namespace, see `wire lab doctor`");
            Ok(())
        }
    }
}

/// The test called `name`, to be started in a user namespace of its own.
pub fn command(name: &str) -> Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.args([name, "--nocapture"]).env(INSIDE, "1");
    sys::begin_with(&mut command, || {
        // Only a number comes back from here.
        enter_user_namespace()
            .map_err(|_| io::Error::from_raw_os_error(libc::EPERM))
    });
    Ok(command)
}
