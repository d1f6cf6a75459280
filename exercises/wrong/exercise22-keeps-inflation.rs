//! Caught by: further dups inflate, an ack deflates
//!
//! The ACK that ends fast recovery leaves the inflated window.

use std::env;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Longest line, in bytes, without its ending.
const MAX_LINE: usize = 64;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        // A thread each: a silent client holds up nobody. One client's error
        // ends its conversation, not the server.
        thread::spawn(|| {
            if let Err(error) = stream.and_then(serve) {
                eprintln!("a client was dropped: {error}");
            }
        });
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let mut sender = None;
    while let Some(line) = read_line(&mut lines)? {
        let answer = match parse(&line).and_then(|it| take(it, &mut sender)) {
            Some(state) => state,
            None => "error".to_owned(),
        };
        stream.write_all(format!("{answer}\n").as_bytes())?;
    }
    Ok(())
}

/// A line without its ending; none at the end of the stream, also where it
/// comes within a line.
fn read_line(lines: &mut impl BufRead) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let most = MAX_LINE as u64 + 1;
    lines.take(most).read_until(b'\n', &mut line)?;
    match line.pop() {
        Some(b'\n') => Ok(Some(line)),
        // The byte that was popped was one too many.
        Some(_) if line.len() == MAX_LINE => Err(ErrorKind::InvalidData.into()),
        _ => Ok(None),
    }
}

pub enum Event {
    Mss(u64),
    Send(u64),
    Ack(u64),
    Dup,
    Timeout,
}

/// The event that a line tells, if it is one.
pub fn parse(line: &[u8]) -> Option<Event> {
    match *line {
        [b'm', b's', b's', b' ', ref rest @ ..] => number(rest).map(Event::Mss),
        [b's', b'e', b'n', b'd', b' ', ref rest @ ..] => {
            number(rest).map(Event::Send)
        }
        [b'a', b'c', b'k', b' ', ref rest @ ..] => number(rest).map(Event::Ack),
        _ if line == b"dup" => Some(Event::Dup),
        _ if line == b"timeout" => Some(Event::Timeout),
        _ => None,
    }
}

/// One to nine digits, and not 0: `parse` alone would take a sign.
fn number(digits: &[u8]) -> Option<u64> {
    let plain = digits.iter().all(u8::is_ascii_digit);
    if !plain || !(1..=9).contains(&digits.len()) {
        return None;
    }
    let value = |value, digit: &u8| 10 * value + u64::from(digit - b'0');
    let value = digits.iter().fold(0, value);
    (value > 0).then_some(value)
}

/// The sender's state after the event; none if it cannot happen now.
fn take(event: Event, sender: &mut Option<Sender>) -> Option<String> {
    match (event, &mut *sender) {
        (Event::Mss(mss @ ..=65_535), none @ None) => {
            *none = Some(Sender::new(mss));
        }
        (Event::Send(bytes), Some(sender)) => sender.send(bytes),
        (Event::Ack(bytes), Some(sender)) if bytes <= sender.flight => {
            sender.ack(bytes);
        }
        (Event::Dup, Some(sender)) => sender.dup(),
        (Event::Timeout, Some(sender)) if sender.flight > 0 => {
            sender.timeout();
        }
        _ => return None,
    }
    sender.as_ref().map(Sender::state)
}

/// Bytes. In 64 bits, where 65,535 squared has room.
struct Sender {
    mss: u64,
    cwnd: u64,
    ssthresh: Option<u64>,
    flight: u64,
    dups: u32,
    recovering: bool,
    /// The timer ran out, and nothing has been acknowledged since.
    timed_out: bool,
}

impl Sender {
    fn new(mss: u64) -> Sender {
        Sender {
            mss,
            // RFC 6928, section 2.
            cwnd: (10 * mss).min((2 * mss).max(14_600)),
            ssthresh: None,
            flight: 0,
            dups: 0,
            recovering: false,
            timed_out: false,
        }
    }

    fn send(&mut self, bytes: u64) {
        self.flight += bytes.min(self.cwnd.saturating_sub(self.flight));
    }

    fn ack(&mut self, bytes: u64) {
        self.flight -= bytes;
        (self.dups, self.timed_out) = (0, false);
        match self.ssthresh {
            Some(_) if self.recovering => {
                self.recovering = false;
            }
            Some(ssthresh) if self.cwnd >= ssthresh => {
                self.cwnd += (self.mss * self.mss / self.cwnd).max(1);
            }
            _ => self.cwnd += bytes.min(self.mss),
        }
    }

    fn dup(&mut self) {
        if self.flight == 0 {
            return;
        }
        self.dups += 1;
        if self.recovering {
            self.cwnd += self.mss;
        } else if self.dups == 3 {
            self.recovering = true;
            self.cwnd = self.halve() + 3 * self.mss;
        }
    }

    fn timeout(&mut self) {
        // The same loss again is not counted twice.
        if !self.timed_out {
            self.halve();
        }
        self.timed_out = true;
        self.cwnd = self.mss;
        (self.dups, self.recovering) = (0, false);
    }

    /// Sets the new threshold (RFC 5681, equation 4).
    fn halve(&mut self) -> u64 {
        let half = (self.flight / 2).max(2 * self.mss);
        self.ssthresh = Some(half);
        half
    }

    fn state(&self) -> String {
        let ssthresh = match self.ssthresh {
            Some(ssthresh) => ssthresh.to_string(),
            None => "-".to_owned(),
        };
        format!("{} {ssthresh} {}", self.cwnd, self.flight)
    }
}
