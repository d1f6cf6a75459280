//! The laboratory from outside: the real `wire` is started with link
//! options, programs run on its hosts, and its captures, samples, exit codes
//! and remains are what a learner would find.
//!
//! Everything is done as the user who runs the tests and, if that is root,
//! as `nobody` too. Where `wire lab doctor` says that it is not possible, the
//! tests are skipped with its reason; `REQUIRE_ALL=1` makes that a failure.
#![cfg(target_os = "linux")]

mod blocked;
mod capture;
mod end;
mod hosts;
mod kernel;
mod lessons;
mod mistakes;
mod program;
mod remains;
mod room;
mod router;
mod shell;
