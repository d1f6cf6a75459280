//! The other process: this very program once more, with a part to play. Lines
//! go both ways, so that each waits for the other and never for a clock.

use std::env;
use std::io::{self, BufRead, BufReader, Lines, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{self, Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use super::Result;

/// A process that is killed when it is dropped.
pub struct Other {
    child: Child,
    says: Lines<BufReader<ChildStdout>>,
    hears: ChildStdin,
}

impl Other {
    /// Starts it with a part of an entry.
    pub fn start(entry: &str, part: &str) -> Result<Other> {
        let mut command = Command::new(env::current_exe()?);
        Other::of(command.args([entry, part]))
    }

    /// Starts it, and connects to the address that it prints first; what it
    /// prints then is shown.
    pub fn with_client(entry: &str) -> Result<(Other, TcpStream)> {
        let mut server = Other::start(entry, "server")?;
        let stream = TcpStream::connect(server.address()?)?;
        server.shows()?;
        Ok((server, stream))
    }

    /// Starts it by a command of another kind.
    pub fn of(command: &mut Command) -> Result<Other> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (stdout, stdin) = (child.stdout.take(), child.stdin.take());
        let stdout = stdout.ok_or("the other process has no output")?;
        Ok(Other {
            child,
            says: BufReader::new(stdout).lines(),
            hears: stdin.ok_or("the other process has no input")?,
        })
    }

    /// The next line it prints.
    pub fn says(&mut self) -> Result<String> {
        let line = self.says.next();
        Ok(line.ok_or("the other process has ended too early")??)
    }

    /// The address that it prints first.
    pub fn address(&mut self) -> Result<SocketAddr> {
        Ok(self.says()?.parse()?)
    }

    /// Shows the next line it prints.
    pub fn shows(&mut self) -> Result {
        println!("{}", self.says()?);
        Ok(())
    }

    /// Lets it go on after a [`wait`].
    pub fn go_on(&mut self) -> Result {
        Ok(self.hears.write_all(b"\n")?)
    }

    /// Ends it as a crash would: it is not asked.
    pub fn kill(&mut self) -> Result {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        // It may have ended by itself; there is nobody to tell.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What the first process says to this one.
static HEARD: OnceLock<Mutex<Receiver<()>>> = OnceLock::new();

/// In the other process: plays its part. Whatever it is doing, it ends when
/// the first one does, killed or not: then its input ends.
pub fn play(part: &str, other: fn(&str) -> Result) -> Result {
    let (heard, go_on) = mpsc::channel();
    HEARD.get_or_init(|| Mutex::new(go_on));
    thread::spawn(move || {
        for line in io::stdin().lines() {
            if line.is_err() || heard.send(()).is_err() {
                break;
            }
        }
        process::exit(1);
    });
    other(part)
}

/// In the other process: waits until it may go on.
pub fn wait() -> Result {
    let heard = HEARD.get().ok_or("this is the first process")?;
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(heard.recv()?)
}
