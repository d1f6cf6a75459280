//! What a person at the terminal sees while something takes long: a spinner
//! with words, or plain lines where there is no terminal.

use std::env;
use std::io::{IsTerminal, stderr};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cargo::Progress;

/// Has Ctrl-C do `what`, instead of ending this process at once: programs in
/// groups of their own would be left behind.
pub fn on_interrupt(what: impl FnOnce() + Send + 'static) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .context("cannot listen for Ctrl-C")?;
    thread::spawn(move || {
        // An error means that it cannot be heard: then nothing is done.
        if runtime.block_on(tokio::signal::ctrl_c()).is_ok() {
            what();
        }
    });
    Ok(())
}

/// Whether standard error may carry colours and moving parts.
pub fn is_lively() -> bool {
    // https://no-color.org: set and not empty.
    let plain = env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
    stderr().is_terminal() && !plain
}

/// A spinner that says `words` until it is dropped.
#[derive(Debug)]
pub struct Spinner(Option<ProgressBar>);

pub fn spinner(words: &str) -> Spinner {
    if !is_lively() {
        return Spinner(None);
    }
    let style = ProgressStyle::with_template("{spinner:.cyan} {msg} {elapsed}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner());
    let bar = ProgressBar::new_spinner().with_style(style);
    bar.set_draw_target(ProgressDrawTarget::stderr());
    bar.set_message(words.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    Spinner(Some(bar))
}

impl Spinner {
    /// Prints a line above the spinner.
    fn print(&self, line: &str) {
        match &self.0 {
            Some(bar) => bar.suspend(|| eprintln!("{line}")),
            None => eprintln!("{line}"),
        }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// A build as seen from the terminal.
#[derive(Debug)]
pub struct Building {
    what: String,
    crates: usize,
    spinner: Option<Spinner>,
}

impl Building {
    pub fn new(what: impl Into<String>) -> Building {
        Building {
            what: what.into(),
            crates: 0,
            spinner: None,
        }
    }
}

impl Progress for Building {
    fn compiled(&mut self, name: &str) {
        self.crates += 1;
        let what = &self.what;
        let spinner = self.spinner.get_or_insert_with(|| {
            if !is_lively() {
                eprintln!("building {what}");
            }
            spinner(what)
        });
        if let Some(bar) = &spinner.0 {
            let count = self.crates;
            bar.set_message(format!("building {what}: {name} ({count})"));
        }
    }

    fn says(&mut self, line: &str) {
        match &self.spinner {
            Some(spinner) => spinner.print(line),
            None => eprintln!("{line}"),
        }
    }
}
