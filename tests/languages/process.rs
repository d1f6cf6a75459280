//! A program that runs for a limited time: in goes how to start it, out come
//! its first line and, at its end, everything else.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::tools::Program;

/// Two virtual machines may have to start, on a machine with much to do.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Running {
    child: Child,
    lines: Receiver<String>,
    stderr: Option<JoinHandle<String>>,
}

/// What became of it.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Running {
    pub fn start(program: &Program, arguments: &[&str]) -> Result<Running> {
        let mut child = program
            .command()
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {program:?}"))?;
        let stdout = child.stdout.take().context("no pipe")?;
        let mut stderr = child.stderr.take().context("no pipe")?;
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            let read = BufReader::new(stdout).lines().map_while(Result::ok);
            for line in read {
                sender.send(line).ok();
            }
        });
        let stderr = thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).ok();
            text
        });
        Ok(Running {
            child,
            lines,
            stderr: Some(stderr),
        })
    }

    /// The address that a server prints.
    pub fn first_line(&mut self) -> Result<String> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => Ok(line),
            Err(_) => bail!("it prints no address: {:?}", self.child.wait()),
        }
    }

    /// Waits for its end; one that waits for ever is ended.
    pub fn end(mut self) -> Result<Ended> {
        let start = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            if start.elapsed() > PATIENCE {
                bail!("it still runs after {PATIENCE:?}");
            }
            thread::sleep(Duration::from_millis(2));
        };
        // The pipe is closed with the process, and ends this.
        let lines = self.lines.iter().map(|line| line + "\n");
        let stdout = lines.collect();
        let stderr = self.stderr.take().map(JoinHandle::join);
        let Some(Ok(stderr)) = stderr else {
            bail!("the reader of its errors panicked");
        };
        Ok(Ended {
            code: status.code(),
            stdout,
            stderr,
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
