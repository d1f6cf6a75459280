//! The program under judgement: a command goes in, a running process group
//! comes out, with what it prints, and its end.
//!
//! The group is killed when the [`Program`] is dropped, so a check that
//! fails, is cancelled or panics leaves nothing running.

use std::collections::VecDeque;
use std::env;
use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use process_wrap::std::ChildWrapper;

use crate::group;
use crate::peer::Limit;

/// How much of each stream is kept: its end, where the reason stands.
const KEPT: usize = 64 * 1024;

/// How long after its exit a program's output may still be on its way.
const OUTPUT_PATIENCE: Duration = Duration::from_secs(2);

/// A started program.
#[derive(Debug)]
pub struct Program {
    child: Box<dyn ChildWrapper>,
    stdout: Captured,
    stderr: Captured,
    pub started: Instant,
    limit: Limit,
}

/// How a program that was waited for has ended.
#[derive(Debug, Clone)]
pub struct Ended {
    /// `None` if it was still running, and had to be killed.
    pub status: Option<ExitStatus>,
    /// When the end was noticed.
    pub at: Instant,
    /// The last 64 KiB.
    pub stdout: Vec<u8>,
    /// The last 64 KiB.
    pub stderr: Vec<u8>,
}

impl Program {
    /// Starts `command` with `address` as its last argument.
    pub fn start(
        command: &[OsString],
        address: impl fmt::Display,
        limit: Limit,
    ) -> io::Result<Program> {
        let (name, arguments) = command.split_first().ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "no command")
        })?;
        let mut inner = Command::new(name);
        inner
            .args(arguments)
            .arg(address.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        for (variable, _) in env::vars_os() {
            if is_proxy(&variable) {
                inner.env_remove(variable);
            }
        }
        let mut child = group::spawn(inner)?;
        let stdout = child.stdout().take();
        let stderr = child.stderr().take();
        Ok(Program {
            child,
            stdout: Captured::drain(stdout),
            stderr: Captured::drain(stderr),
            started: Instant::now(),
            limit,
        })
    }

    /// Its exit status, if it has ended within `patience`.
    pub fn exited(&mut self, patience: Duration) -> Option<ExitStatus> {
        let child = &mut self.child;
        self.limit
            .poll(patience, || child.try_wait().ok().flatten())
    }

    /// Waits for its end, at most for `patience`; then it is killed.
    pub fn finish(mut self, patience: Duration) -> Ended {
        let status = self.exited(patience);
        let at = Instant::now();
        if status.is_none() {
            self.kill();
        }
        self.stdout.wait(OUTPUT_PATIENCE);
        self.stderr.wait(OUTPUT_PATIENCE);
        Ended {
            status,
            at,
            stdout: self.stdout.bytes(),
            stderr: self.stderr.bytes(),
        }
    }

    /// Stops it and all that it has started, until [`Program::thaw`]; false
    /// if this system has no way to.
    pub fn freeze(&self) -> bool {
        #[cfg(unix)]
        return self.child.signal(libc::SIGSTOP).is_ok();
        #[cfg(not(unix))]
        false
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        // One that has ended does not go on: whoever waits for it finds out.
        #[cfg(unix)]
        let _ = self.child.signal(libc::SIGCONT);
    }

    /// The end of what it wrote to standard error or, if that is empty, to
    /// standard output: at most `lines` lines.
    pub fn last_words(&self, lines: usize) -> String {
        self.stderr.wait(Duration::from_millis(200));
        [&self.stderr, &self.stdout]
            .iter()
            .map(|stream| last_lines(&stream.bytes(), lines))
            .find(|text| !text.is_empty())
            .unwrap_or_default()
    }

    fn kill(&mut self) {
        // Whoever is gone already cannot be killed: nothing to report.
        let _ = self.child.start_kill();
        let _ = self.child.wait();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// `http_proxy` and its kin: the peer is on this machine, and a client that
/// asks a proxy for it would be judged for its surroundings.
fn is_proxy(variable: &OsString) -> bool {
    variable
        .to_str()
        .is_some_and(|name| name.to_ascii_lowercase().ends_with("_proxy"))
}

fn last_lines(bytes: &[u8], count: usize) -> String {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}

/// The end of a stream that a thread of its own reads, so that a program
/// never waits for somebody to read what it prints.
#[derive(Debug, Clone)]
struct Captured(Arc<(Mutex<Tail>, Condvar)>);

#[derive(Debug, Default)]
struct Tail {
    bytes: VecDeque<u8>,
    ended: bool,
}

impl Captured {
    fn drain(stream: Option<impl Read + Send + 'static>) -> Captured {
        let captured = Captured(Arc::default());
        let writer = captured.clone();
        // Not joined: a process that has left its group may hold the pipe
        // open for as long as it likes.
        thread::spawn(move || {
            if let Some(stream) = stream {
                writer.fill(stream);
            }
            writer.tail().ended = true;
            writer.0.1.notify_all();
        });
        captured
    }

    fn fill(&self, mut stream: impl Read) {
        let mut buffer = [0; 4096];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => return,
                Ok(n) => {
                    let tail = &mut self.tail().bytes;
                    tail.extend(&buffer[..n]);
                    let surplus = tail.len().saturating_sub(KEPT);
                    tail.drain(..surplus);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    }

    /// Waits for the stream's end, at most for `patience`.
    fn wait(&self, patience: Duration) {
        let tail = self.tail();
        // The time being over is no error: what came until then counts.
        drop(self.0.1.wait_timeout_while(tail, patience, |t| !t.ended));
    }

    fn bytes(&self) -> Vec<u8> {
        self.tail().bytes.iter().copied().collect()
    }

    fn tail(&self) -> MutexGuard<'_, Tail> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
