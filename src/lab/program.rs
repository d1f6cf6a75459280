//! The programs on the stage: in goes a command, out comes its exit status,
//! and its lines if somebody watches.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::entry;
use super::event::{Event, Stopped};
use super::plan::Watch;

/// The longest line that is told in one piece, in bytes.
const LONGEST: u64 = 64 << 10;

/// What a program may print while somebody watches, in bytes.
const OUTPUT: u64 = 1 << 20;

/// How often a program is looked after.
const LOOK: Duration = Duration::from_millis(2);

/// A program that has been started.
pub(super) struct Program {
    child: Child,
    started: Instant,
    ran: Duration,
    limit: Option<Duration>,
    printed: Arc<AtomicU64>,
    readers: Vec<JoinHandle<()>>,
}

impl Program {
    /// Starts it, with this terminal for its own, or with its lines told.
    pub(super) fn start(
        mut command: Command,
        watch: &Watch,
    ) -> Result<Program> {
        if watch.events {
            command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
        }
        command.env_remove(entry::PARENT);
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let mut readers = Vec::new();
        let printed = Arc::new(AtomicU64::new(0));
        if let Some(out) = child.stdout.take() {
            readers.push(forward(out, Event::Out, printed.clone()));
        }
        if let Some(err) = child.stderr.take() {
            readers.push(forward(err, Event::Err, printed.clone()));
        }
        Ok(Program {
            child,
            started: Instant::now(),
            ran: Duration::ZERO,
            limit: watch.seconds.map(Duration::from_secs),
            printed,
            readers,
        })
    }

    pub(super) fn has_ended(&mut self) -> Result<bool> {
        let status = self.child.try_wait().context("cannot wait")?;
        Ok(status.is_some())
    }

    /// Waits for its end, or ends it when it has used up what it may.
    pub(super) fn wait(&mut self) -> Result<(ExitStatus, Option<Stopped>)> {
        let ended = self.wait_for_end()?;
        self.ran = self.started.elapsed();
        Ok(ended)
    }

    /// How long it ran, as [`wait`](Self::wait) saw it.
    pub(super) fn ran(&self) -> Duration {
        self.ran
    }

    fn wait_for_end(&mut self) -> Result<(ExitStatus, Option<Stopped>)> {
        let Some(limit) = self.limit else {
            let status = self.child.wait().context("cannot wait")?;
            return Ok((status, None));
        };
        let deadline = self.started + limit;
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok((status, None));
            }
            let why = if Instant::now() >= deadline {
                Stopped::Time
            } else if self.printed.load(Ordering::Relaxed) > OUTPUT {
                Stopped::Output
            } else {
                thread::sleep(LOOK);
                continue;
            };
            return Ok((self.kill()?, Some(why)));
        }
    }

    /// Waits until then, and no longer.
    pub(super) fn wait_until(&mut self, deadline: Instant) -> Result<()> {
        while self.child.try_wait()?.is_none() {
            if Instant::now() >= deadline {
                self.kill()?;
                break;
            }
            thread::sleep(LOOK);
        }
        Ok(())
    }

    fn kill(&mut self) -> Result<ExitStatus> {
        self.child.kill().context("cannot end the program")?;
        self.child.wait().context("cannot wait for the program")
    }

    /// Waits until all it printed has been told.
    pub(super) fn drain(&mut self) {
        for reader in self.readers.drain(..) {
            // A reader that panicked has told what it could.
            let _ = reader.join();
        }
    }
}

fn forward(
    out: impl Read + Send + 'static,
    event: fn(String) -> Event,
    printed: Arc<AtomicU64>,
) -> JoinHandle<()> {
    let mut out = BufReader::new(out);
    thread::spawn(move || {
        loop {
            let mut bytes = Vec::new();
            let read = (&mut out).take(LONGEST).read_until(b'\n', &mut bytes);
            // A pipe that breaks has ended too.
            if !matches!(read, Ok(1..)) {
                return;
            }
            let len = bytes.len() as u64;
            let before = printed.fetch_add(len, Ordering::Relaxed);
            // It is read on, so that the program does not hang, and ends.
            if before + len > OUTPUT {
                continue;
            }
            let text = String::from_utf8_lossy(&bytes);
            event(text.trim_end_matches(['\n', '\r']).to_owned()).tell();
        }
    })
}
