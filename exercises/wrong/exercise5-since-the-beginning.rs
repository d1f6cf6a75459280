//! Caught by: four phases, each of its own length
//!
//! Every number counts from the beginning, as those of `curl` do.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fmt};

const PHASES: [&str; 4] = ["lookup", "connect", "first", "transfer"];

/// Longest line, in bytes, with its ending.
const MAX_LINE: usize = 65;

fn main() -> ExitCode {
    let service = env::args().nth(1).expect("the first argument: an address");
    let mut watch = Stopwatch::start();
    let outcome = request(&service, &mut watch);
    if let Err(error) = &outcome {
        eprintln!("{error}");
    }
    match writeln!(io::stdout(), "{watch}") {
        Ok(()) if outcome.is_ok() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn request(service: &str, watch: &mut Stopwatch) -> io::Result<()> {
    let mut service = TcpStream::connect(service)?;
    service.write_all(b"where\n")?;
    let server = parse_address(&read_line(&mut service)?)?;
    watch.phase_ends();

    let mut stream = TcpStream::connect(server)?;
    if read_line(&mut stream)? != b"ready" {
        return Err(ErrorKind::InvalidData.into());
    }
    watch.phase_ends();

    stream.write_all(b"get\n")?;
    // One byte and no more: whatever follows belongs to the next phase.
    stream.read_exact(&mut [0])?;
    watch.phase_ends();

    io::copy(&mut stream, &mut io::sink())?;
    watch.phase_ends();
    Ok(())
}

/// Reads a byte at a time, so as to take nothing that follows the line.
fn read_line(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    while line.len() < MAX_LINE {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        if byte == *b"\n" {
            return Ok(line);
        }
        line.extend(byte);
    }
    Err(ErrorKind::InvalidData.into())
}

/// An address such as `127.0.0.1:4711`.
pub fn parse_address(line: &[u8]) -> io::Result<SocketAddr> {
    let text = std::str::from_utf8(line).map_err(io::Error::other)?;
    text.parse().map_err(io::Error::other)
}

/// A clock that goes on running, and the phases that ended.
struct Stopwatch {
    last: Instant,
    phases: Vec<Duration>,
}

impl Stopwatch {
    fn start() -> Stopwatch {
        Stopwatch {
            last: Instant::now(),
            phases: Vec::new(),
        }
    }

    /// The end of one phase is the beginning of the next: nothing is lost
    /// between them.
    fn phase_ends(&mut self) {
        let now = Instant::now();
        self.phases.push(now - self.last);
    }
}

impl fmt::Display for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut total = 0;
        for (name, phase) in PHASES.iter().zip(&self.phases) {
            let phase = phase.as_millis();
            total += phase;
            write!(f, "{name}={phase} ")?;
        }
        match PHASES.get(self.phases.len()) {
            Some(name) => write!(f, "failed={name}"),
            None => write!(f, "total={total}"),
        }
    }
}
