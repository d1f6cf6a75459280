//! Caught by: silence, or other lines: gone after 1 to 3 s
//!
//! A read without a limit waits for ever for a server that says nothing.

use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use std::{env, process, thread};

const MESSAGES: u32 = 100;

/// How long an acknowledgement may take, the whole line.
const PATIENCE: Duration = Duration::from_secs(2);

/// Longest line that is read, in bytes.
const MAX_LINE: usize = 1024;

fn main() {
    let address = env::args().nth(1).expect("the first argument: an address");
    let address = address.parse().expect("an address such as 127.0.0.1:4711");
    let mut line = Line::new(address);
    // Nobody else has this process at this moment.
    let run = format!("{}-{}", process::id(), fastrand::u64(..));
    for number in 1..=MESSAGES {
        // Once for each message, whatever number of attempts it takes.
        let id = format!("{run}-{number}");
        line.deliver(&id, &format!("message {number}"));
    }
}

/// A way to the server that mends itself.
struct Line {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
    /// Since the last acknowledgement.
    failures: u32,
}

impl Line {
    fn new(address: SocketAddr) -> Line {
        Line {
            address,
            stream: None,
            failures: 0,
        }
    }

    /// Tries until the message is acknowledged.
    fn deliver(&mut self, id: &str, text: &str) {
        while let Err(error) = self.try_once(id, text) {
            eprintln!("{text}: {error}");
            self.stream = None;
            self.failures += 1;
            thread::sleep(pause(self.failures));
        }
        self.failures = 0;
    }

    fn try_once(&mut self, id: &str, text: &str) -> io::Result<()> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            None => {
                let stream =
                    TcpStream::connect_timeout(&self.address, PATIENCE)?;
                stream.set_nodelay(true)?;
                stream.set_write_timeout(Some(PATIENCE))?;
                self.stream.insert(BufReader::new(stream))
            }
        };
        let message = format!("{id} {text}\n");
        stream.get_mut().write_all(message.as_bytes())?;
        while !acknowledges(&read_line(stream)?, id) {}
        Ok(())
    }
}

/// At least 50, 100, 200, 400, 400 … ms; at most twice that.
fn pause(failures: u32) -> Duration {
    let least = 0.05 * 2f64.powi(failures.clamp(1, 4) as i32 - 1);
    Duration::from_secs_f64(least * (1.0 + fastrand::f64()))
}

/// Whether a line says that the message with this ID has arrived.
pub fn acknowledges(line: &[u8], id: &str) -> bool {
    line.strip_prefix(b"ack ") == Some(id.as_bytes())
}

/// A line without its `\n`; half a line is an error.
fn read_line(stream: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut line = Vec::new();
    while line.len() < MAX_LINE {
        let bytes = stream.fill_buf()?;
        if bytes.is_empty() {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        let end = bytes.iter().position(|&byte| byte == b'\n');
        let taken = end.unwrap_or(bytes.len());
        line.extend_from_slice(&bytes[..taken]);
        stream.consume(taken + usize::from(end.is_some()));
        if end.is_some() {
            return Ok(line);
        }
    }
    Err(ErrorKind::InvalidData.into())
}
