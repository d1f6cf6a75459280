//! Caught by: half a line, then the end: closed
//!
//! The end of the stream is taken for the end of the line.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fmt};

/// For everything, from before `connect` to the end of the line.
const PATIENCE: Duration = Duration::from_millis(500);

/// Longest line, in bytes, with its ending.
const MAX_LINE: usize = 1026;

fn main() -> ExitCode {
    let deadline = Instant::now() + PATIENCE;
    let address = env::args().nth(1).expect("the first argument: an address");
    let address = address.parse().expect("an address such as 127.0.0.1:4711");
    let (text, code) = match ask(address, deadline) {
        Ok(line) => (line, ExitCode::SUCCESS),
        Err(error) => {
            eprintln!("{error}");
            (word(&error).into(), ExitCode::FAILURE)
        }
    };
    let mut stdout = io::stdout();
    match stdout.write_all(&[&text[..], b"\n"].concat()) {
        Ok(()) => code,
        Err(_) => ExitCode::FAILURE,
    }
}

/// What was going on when an error came.
#[derive(Debug)]
struct Failed(&'static str, io::Error);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "cannot {}: {}", self.0, self.1)
    }
}

fn word(Failed(what, error): &Failed) -> &'static str {
    match error.kind() {
        // Unix calls an expired read timeout `WouldBlock`.
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "timeout",
        _ if *what == "connect" => "refused",
        _ => "closed",
    }
}

/// Asks for a line and reads it, without its ending, before `deadline`.
fn ask(address: SocketAddr, deadline: Instant) -> Result<Vec<u8>, Failed> {
    let mut stream = time_left(deadline)
        .and_then(|left| TcpStream::connect_timeout(&address, left))
        .map_err(|error| Failed("connect", error))?;
    read_line(&mut stream, deadline).map_err(|error| Failed("read", error))
}

fn read_line(stream: &mut TcpStream, deadline: Instant) -> io::Result<Vec<u8>> {
    stream.set_write_timeout(Some(time_left(deadline)?))?;
    stream.write_all(b"GET\n")?;
    let mut line = Vec::new();
    let mut buffer = [0; 1024];
    loop {
        // Before every read: each one starts the clock anew.
        stream.set_read_timeout(Some(time_left(deadline)?))?;
        let count = match stream.read(&mut buffer) {
            Ok(0) if line.is_empty() => {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            Ok(0) => return Ok(line),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        line.extend_from_slice(&buffer[..count]);
        if let Some(end) = line.iter().position(|&byte| byte == b'\n') {
            line.truncate(end);
            line.pop_if(|last| *last == b'\r');
            return Ok(line);
        }
        if line.len() > MAX_LINE {
            return Err(ErrorKind::InvalidData.into());
        }
    }
}

/// What is left until `deadline`; an error once it has passed, for a
/// timeout of zero cannot be set.
fn time_left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(ErrorKind::TimedOut.into());
    }
    Ok(left)
}
