//! What we read in a capture is what tshark reads in it, packet by packet:
//! in captures built here, and in some that nobody here made.
//!
//! Without tshark, or without the others' captures, a test is skipped with
//! its reason, and fails if `REQUIRE_ALL=1`.

mod built;
mod compare;
mod foreign;
mod lessons;
mod mutated;
mod scapy;
mod tshark;
mod written;

use std::env;

use anyhow::{Result, bail};

/// Says why a test did not run, or fails if every one has to.
fn skip(reason: &str) -> Result<()> {
    if env::var_os("REQUIRE_ALL").is_some_and(|value| value == "1") {
        bail!("{reason}, and REQUIRE_ALL=1 wants this test");
    }
    eprintln!("skipped: {reason}");
    Ok(())
}
