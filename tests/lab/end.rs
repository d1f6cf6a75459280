//! Processes and how they end: in goes a command, out come its exit code and
//! all that it printed, in bounded time.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// What any start takes at most, on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What became of a process.
#[derive(Debug)]
pub struct Finished {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Finished {
    /// What the programs on the hosts said.
    pub fn said(&self) -> Vec<&str> {
        let lines = self.out.lines();
        lines.filter_map(|line| line.strip_prefix("> ")).collect()
    }
}

/// Runs it to its end, or ends it and fails.
pub fn finish(command: &mut Command) -> Result<Finished> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    let out = collect(child.stdout.take());
    let err = collect(child.stderr.take());
    let code = wait(&mut child, PATIENCE)
        .with_context(|| format!("{command:?}"))?
        .code();
    let text = |it: thread::JoinHandle<Vec<u8>>| {
        String::from_utf8_lossy(&it.join().unwrap_or_default()).into_owned()
    };
    Ok(Finished {
        code,
        out: text(out),
        err: text(err),
    })
}

fn collect(
    pipe: Option<impl Read + Send + 'static>,
) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // A pipe that breaks has ended too.
            let _ = pipe.read_to_end(&mut bytes);
        }
        bytes
    })
}

/// Waits for its end, and no longer than this.
pub fn wait(child: &mut Child, patience: Duration) -> Result<ExitStatus> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            bail!("it did not end within {patience:?}");
        }
        thread::sleep(Duration::from_millis(2));
    }
}
