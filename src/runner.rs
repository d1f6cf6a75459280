//! Runs a program: in goes a command and its limits, out come its lines as
//! they are written, then how it ended.
//!
//! The program gets a process group of its own (a job on Windows), and at
//! the end, whatever the end is, nothing of that group is left.

use std::io::{self, BufRead, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use process_wrap::std::ChildWrapper;

use crate::group;

/// What a program may use up before it is stopped.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub time: Duration,
    /// Bytes of both outputs together.
    pub output: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            time: Duration::from_secs(60),
            output: 1 << 20,
        }
    }
}

/// A line without its ending, and which output it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    Out(String),
    Err(String),
}

/// Why a program was ended from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    Stopped,
    Time,
    Output,
}

#[derive(Debug)]
pub struct Ended {
    /// `None` if a signal or a limit ended it.
    pub status: Option<i32>,
    pub elapsed: Duration,
    pub why: Option<Why>,
}

impl Ended {
    pub fn success(&self) -> bool {
        self.why.is_none() && self.status == Some(0)
    }
}

/// A program that has been started.
pub struct Running {
    child: Box<dyn ChildWrapper>,
    events: Receiver<Event>,
    stopper: Stopper,
    limits: Limits,
    started: Instant,
}

/// Stops a running program from another thread. A send that fails means
/// that it has ended already.
#[derive(Debug, Clone)]
pub struct Stopper(SyncSender<Event>);

impl Stopper {
    pub fn stop(&self) {
        // Not `send`: the queue may be full of lines that nobody reads any
        // more, and the reader of a full queue finds out by its own means.
        let stopper = self.0.clone();
        if stopper.try_send(Event::Stop).is_err() {
            thread::spawn(move || stopper.send(Event::Stop));
        }
    }
}

#[derive(Debug)]
enum Event {
    Line(Line, usize),
    End,
    Stop,
}

/// Starts `command` without standard input and with both outputs read.
pub fn start(mut command: Command, limits: Limits) -> Result<Running> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let name = command.get_program().to_string_lossy().into_owned();
    let started = Instant::now();
    let mut child = group::spawn(command)
        .with_context(|| format!("cannot start {name}"))?;
    // Short on purpose: who reads slowly slows the program down, and does
    // not fill the memory.
    let (sender, events) = sync_channel(64);
    if let Some(stdout) = child.stdout().take() {
        forward(stdout, Line::Out, sender.clone());
    }
    if let Some(stderr) = child.stderr().take() {
        forward(stderr, Line::Err, sender.clone());
    }
    Ok(Running {
        child,
        events,
        stopper: Stopper(sender),
        limits,
        started,
    })
}

impl Running {
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Hands every line to `sink` until the program has ended, by itself or
    /// because it was stopped. `sink` says `false` to stop it.
    pub fn finish(
        mut self,
        mut sink: impl FnMut(Line) -> bool,
    ) -> Result<Ended> {
        let why = self.pump(&mut sink);
        let status = match why {
            // Both outputs are closed; a program that goes on without them
            // has the rest of its time, and no more.
            None => self.wait()?,
            Some(_) => Err(why),
        };
        let elapsed = self.started.elapsed();
        self.kill();
        Ok(match status {
            Ok(status) => Ended {
                status: status.code(),
                elapsed,
                why: None,
            },
            Err(why) => Ended {
                status: None,
                elapsed,
                why,
            },
        })
    }

    fn pump(&self, sink: &mut impl FnMut(Line) -> bool) -> Option<Why> {
        let (mut open, mut bytes) = (2, 0);
        while open > 0 {
            match self.events.recv_timeout(self.left()) {
                Ok(Event::Line(line, len)) => {
                    bytes += len;
                    if bytes > self.limits.output {
                        return Some(Why::Output);
                    }
                    if !sink(line) {
                        return Some(Why::Stopped);
                    }
                }
                Ok(Event::End) => open -= 1,
                Ok(Event::Stop) => return Some(Why::Stopped),
                Err(RecvTimeoutError::Timeout) => return Some(Why::Time),
                // Cannot happen while `self.stopper` holds a sender.
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
        None
    }

    fn wait(&mut self) -> Result<Result<ExitStatus, Option<Why>>> {
        const LOOK: Duration = Duration::from_millis(5);
        loop {
            let status = self.child.try_wait().context("cannot wait")?;
            if let Some(status) = status {
                return Ok(Ok(status));
            }
            let left = self.left();
            if left.is_zero() {
                return Ok(Err(Some(Why::Time)));
            }
            if let Ok(Event::Stop) = self.events.recv_timeout(LOOK.min(left)) {
                return Ok(Err(Some(Why::Stopped)));
            }
        }
    }

    fn left(&self) -> Duration {
        self.limits.time.saturating_sub(self.started.elapsed())
    }

    /// Ends the whole group: also what the program started and left behind.
    fn kill(&mut self) {
        let _ = self.child.start_kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Sends every line of `output` on; one without an end is cut at 64 KiB.
fn forward(
    output: impl Read + Send + 'static,
    line: fn(String) -> Line,
    events: SyncSender<Event>,
) {
    const LONGEST: u64 = 64 << 10;
    let mut output = BufReader::new(output);
    let mut next = move || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        (&mut output).take(LONGEST).read_until(b'\n', &mut bytes)?;
        Ok(bytes)
    };
    thread::spawn(move || {
        // A pipe that breaks has ended too: there is nothing more to read.
        while let Ok(bytes) = next()
            && !bytes.is_empty()
        {
            let text = String::from_utf8_lossy(&bytes);
            let text = text.trim_end_matches(['\n', '\r']).to_owned();
            if events.send(Event::Line(line(text), bytes.len())).is_err() {
                return;
            }
        }
        let _ = events.send(Event::End);
    });
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn limits(millis: u64, output: usize) -> Limits {
        let time = Duration::from_millis(millis);
        Limits { time, output }
    }

    #[test]
    fn both_outputs_arrive_and_the_status() -> Result<()> {
        let mut lines = Vec::new();
        let ended =
            start(shell("echo a; echo b >&2; exit 3"), Limits::default())?
                .finish(|line| {
                    lines.push(line);
                    true
                })?;
        lines.sort_by_key(|line| matches!(line, Line::Err(_)));
        assert_eq!(lines, [Line::Out("a".into()), Line::Err("b".into())]);
        assert_eq!((ended.status, ended.why), (Some(3), None));
        Ok(())
    }

    #[test]
    fn time_output_and_stop_are_told_apart() -> Result<()> {
        let ended =
            start(shell("sleep 60"), limits(50, 1000))?.finish(|_| true)?;
        assert_eq!(ended.why, Some(Why::Time));

        let endless = "while :; do echo 0123456789; done";
        let ended =
            start(shell(endless), limits(60_000, 1000))?.finish(|_| true)?;
        assert_eq!(ended.why, Some(Why::Output));

        let running = start(shell("echo a; sleep 60"), Limits::default())?;
        let stopper = running.stopper();
        let ended = running.finish(|_| {
            stopper.stop();
            true
        })?;
        assert_eq!(ended.why, Some(Why::Stopped));
        assert!(ended.elapsed < Duration::from_secs(30));
        Ok(())
    }

    #[test]
    fn without_its_outputs_a_program_still_has_a_deadline() -> Result<()> {
        let silent = "exec >&- 2>&-; sleep 60";
        let ended =
            start(shell(silent), limits(200, 1000))?.finish(|_| true)?;
        assert_eq!(ended.why, Some(Why::Time));
        Ok(())
    }

    #[test]
    fn a_grandchild_does_not_outlive_the_program() -> Result<()> {
        let mut pid = String::new();
        let script = "sleep 600 >/dev/null 2>&1 & echo $!";
        start(shell(script), Limits::default())?.finish(|line| {
            if let Line::Out(text) = line {
                pid = text;
            }
            true
        })?;
        // Killed, it may be a zombie for a moment, until init collects it.
        for _ in 0..200 {
            let ps = shell(&format!("ps -o stat= -p {pid}")).output()?;
            let state = String::from_utf8_lossy(&ps.stdout).into_owned();
            if state.trim().is_empty() || state.starts_with('Z') {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("process {pid} is still there");
    }
}
