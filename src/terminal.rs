//! What a person at the terminal sees while something takes long: a spinner
//! with words, or plain lines where there is no terminal. And what is printed
//! at all: `println!` would panic where nobody reads any more.

use std::env;
use std::fmt;
use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cargo::Progress;

/// What takes less time than this needs no spinner.
const SOON: Duration = Duration::from_millis(400);

/// Nobody reads standard output any more, as behind `| head`: no mistake of
/// anybody's, and there is nobody to tell.
#[derive(Debug)]
pub struct Unread;

impl fmt::Display for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody reads what is printed")
    }
}

impl std::error::Error for Unread {}

/// Prints to standard output: an error is [`Unread`], or a full disk.
pub fn print(text: fmt::Arguments) -> Result<()> {
    printed(&mut stdout().lock(), text)
}

fn printed(out: &mut dyn Write, text: fmt::Arguments) -> Result<()> {
    match out.write_fmt(text).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            Err(Unread.into())
        }
        printed => printed.context("cannot print"),
    }
}

/// Remarks on standard error. Where they cannot be read, they are lost, and
/// the work goes on.
pub fn remark(text: fmt::Arguments) {
    let _ = stderr().lock().write_fmt(text);
}

/// A line on standard output, or why there is none.
macro_rules! tell {
    ($($text:tt)*) => {
        $crate::terminal::print(format_args!(
            "{}\n",
            format_args!($($text)*)
        ))
    };
}

/// A line on standard error, if somebody reads it.
macro_rules! note {
    ($($text:tt)*) => {
        $crate::terminal::remark(format_args!(
            "{}\n",
            format_args!($($text)*)
        ))
    };
}

pub(crate) use {note, tell};

/// Whether standard error may carry colours and moving parts.
pub fn is_lively() -> bool {
    // https://no-color.org: set and not empty.
    let plain = env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
    stderr().is_terminal() && !plain
}

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

/// Says what is being done until it is dropped: moving, in a terminal that
/// may move; as one line, elsewhere; not at all, if it is done soon.
#[derive(Debug)]
pub struct Spinner {
    bar: ProgressBar,
    /// Dropped with the spinner, which tells the one that waits to show it.
    _done: Sender<()>,
}

impl Spinner {
    pub fn new(words: impl Into<String>) -> Spinner {
        let words = words.into();
        let template = "{spinner:.cyan} {msg} {elapsed}";
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let hidden = ProgressDrawTarget::hidden();
        let bar = ProgressBar::with_draw_target(None, hidden).with_style(style);
        bar.set_message(words.clone());
        let (_done, done) = channel::<()>();
        let shown = bar.clone();
        thread::spawn(move || {
            if done.recv_timeout(SOON) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            if is_lively() {
                shown.set_draw_target(ProgressDrawTarget::stderr());
                shown.enable_steady_tick(Duration::from_millis(100));
            } else {
                note!("{words} …");
            }
        });
        Spinner { bar, _done }
    }

    /// Prints a line above the spinner.
    fn print(&self, line: &str) {
        self.bar.suspend(|| note!("{line}"));
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A build as seen from the terminal.
#[derive(Debug)]
pub struct Building {
    words: String,
    crates: usize,
    spinner: Spinner,
}

impl Building {
    pub fn new(what: impl AsRef<str>) -> Building {
        let words = format!("building {}", what.as_ref());
        let spinner = Spinner::new(&words);
        Building {
            words,
            crates: 0,
            spinner,
        }
    }
}

impl Progress for Building {
    fn compiled(&mut self, name: &str) {
        self.crates += 1;
        let (words, count) = (&self.words, self.crates);
        let message = format!("{words}: {name} ({count})");
        self.spinner.bar.set_message(message);
    }

    fn says(&mut self, line: &str) {
        self.spinner.print(line);
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// An output that fails.
    struct Broken(ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn only_a_reader_that_left_is_no_mistake() {
        let print = |kind| {
            let printed = printed(&mut Broken(kind), format_args!("x"));
            printed.unwrap_err()
        };
        assert!(print(ErrorKind::BrokenPipe).is::<Unread>());
        let full = print(ErrorKind::StorageFull);
        assert!(!full.is::<Unread>());
        assert!(format!("{full:#}").starts_with("cannot print: "));
        assert!(printed(&mut Vec::new(), format_args!("x")).is_ok());
    }
}
