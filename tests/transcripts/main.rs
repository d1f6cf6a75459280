//! Every program prints what the book says it prints: each is run, and its
//! output compared with what was recorded below `tests/snapshots`.
//!
//! `TRANSCRIPT_REPEATS=100` runs each so many times. To accept a new output,
//! after 20 equal runs: `INSTA_UPDATE=always cargo test --test transcripts`,
//! then read the difference. `LESSON_ONLY=7` leaves the other lessons alone,
//! and `-- faq` or `-- lessons` behind all takes the questions only, or the
//! lessons.

mod faq;
mod lessons;

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use wire::cargo::Progress;
use wire::runner::{Limits, Line, start};

/// Says what the compiler says, and nothing of what goes well.
struct Loud;

impl Progress for Loud {
    fn compiled(&mut self, _: &str) {}

    fn says(&mut self, line: &str) {
        eprintln!("{line}");
    }
}

/// How often each is run. Nothing new is accepted with less than 20.
fn repeats() -> Result<u32> {
    let asked = match env::var("TRANSCRIPT_REPEATS") {
        Ok(repeats) => repeats.parse().context("TRANSCRIPT_REPEATS")?,
        Err(_) => 1,
    };
    let accepts = env::var("INSTA_UPDATE").is_ok_and(|how| how != "no");
    Ok(if accepts { asked.max(20) } else { asked })
}

/// What a program prints, if it prints the same in each run.
fn same_every_time(run: impl Fn() -> Result<String>) -> Result<String> {
    let first = run()?;
    for number in 1..repeats()? {
        let again = run()?;
        ensure!(again == first, "run {number}:\n{first}\n---\n{again}");
    }
    Ok(first)
}

/// What a program prints. It must succeed, or end with the status that is
/// excused; then there is none.
fn printed(
    command: Command,
    patience: Duration,
    excused: Option<i32>,
) -> Result<Option<String>> {
    let began = Instant::now();
    let (mut out, mut err) = (String::new(), String::new());
    let ended = start(command, Limits::default())?.finish(|line| {
        match line {
            Line::Out(text) => out += &(text + "\n"),
            Line::Err(text) => err += &(text + "\n"),
        }
        true
    })?;
    if excused.is_some() && ended.status == excused {
        return Ok(None);
    }
    ensure!(ended.success(), "it ended with {ended:?}: {err}");
    ensure!(began.elapsed() < patience, "it took {:?}", ended.elapsed);
    Ok(Some(out))
}

/// Compares with the recording, or records.
fn compare(folder: &str, name: &str, printed: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, printed));
}
