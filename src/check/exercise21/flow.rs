//! Much at once: directions between two ends of a proxy go in, how many
//! bytes each end gave and got comes out. One loop serves all of them, and
//! no call in it blocks.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::peer::Limit;

/// Bytes that one read takes at most.
const PIECE: usize = 64 * 1024;

/// Between two looks at ends that have nothing to do.
const TICK: Duration = Duration::from_millis(1);

/// One direction: bytes from a pattern that repeats, so that each byte's
/// right value is known and none has to be kept.
#[derive(Debug)]
pub(super) struct Flow<'a> {
    from: &'a TcpStream,
    to: &'a TcpStream,
    /// Its length is odd, so that no buffer's size is a multiple of it.
    pattern: &'a [u8],
    /// Bytes to be sent; then comes the half-close, if it `ends`.
    pub total: u64,
    pub ends: bool,
    /// Whether the other end reads.
    pub reads: bool,
    pub sent: u64,
    pub got: u64,
    /// A byte came that was not the next one.
    pub wrong: bool,
    /// The reader has met the end, or a reset.
    pub ended: bool,
    /// The sender has met an error, or has ended its half.
    shut: bool,
}

impl<'a> Flow<'a> {
    pub fn new(
        from: &'a TcpStream,
        to: &'a TcpStream,
        pattern: &'a [u8],
        total: u64,
    ) -> Self {
        Flow {
            from,
            to,
            pattern,
            total,
            ends: false,
            reads: true,
            sent: 0,
            got: 0,
            wrong: false,
            ended: false,
            shut: false,
        }
    }

    /// Bytes that somebody between the two ends has taken and not handed on.
    pub fn held(&self) -> u64 {
        self.sent - self.got
    }

    /// Whether nothing is left to do.
    pub fn is_whole(&self) -> bool {
        self.got == self.total && (self.ended || !self.ends) && !self.wrong
    }

    /// Whether it can no longer become whole.
    pub fn has_failed(&self) -> bool {
        self.wrong
            || (self.ended && (self.got < self.total || !self.ends))
            || (self.shut && self.sent < self.total)
    }

    /// Sends and reads what can be without waiting; whether it could.
    fn step(&mut self) -> bool {
        let sent = self.send();
        let got = self.reads && self.read();
        sent || got
    }

    fn send(&mut self) -> bool {
        if self.shut {
            return false;
        }
        if self.sent == self.total {
            self.shut = self.ends;
            // An error means that the connection is gone: the reader sees.
            if self.ends {
                let _ = self.from.shutdown(Shutdown::Write);
            }
            return self.ends;
        }
        let left = usize::try_from(self.total - self.sent);
        let next = self.expected(self.sent);
        let next = &next[..next.len().min(left.unwrap_or(usize::MAX))];
        match self.from.write(next) {
            Ok(n) => {
                self.sent += n as u64;
                n > 0
            }
            Err(error) if is_nothing_yet(&error) => false,
            Err(_) => {
                self.shut = true;
                true
            }
        }
    }

    fn read(&mut self) -> bool {
        if self.ended || self.wrong {
            return false;
        }
        let mut buffer = [0; PIECE];
        match self.to.read(&mut buffer) {
            Ok(0) => self.ended = true,
            Ok(n) => self.compare(&buffer[..n]),
            Err(error) if is_nothing_yet(&error) => return false,
            Err(_) => self.ended = true,
        }
        true
    }

    fn compare(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let expected = self.expected(self.got);
            let count = expected.len().min(bytes.len());
            if bytes[..count] != expected[..count]
                || self.got + count as u64 > self.sent
            {
                self.wrong = true;
                return;
            }
            self.got += count as u64;
            bytes = &bytes[count..];
        }
    }

    /// What follows the first `count` bytes, up to the pattern's end.
    fn expected(&self, count: u64) -> &'a [u8] {
        &self.pattern[(count % self.pattern.len() as u64) as usize..]
    }
}

/// Serves all `flows` until `enough`, or until none has moved for
/// `patience`, or until the limit. Whether it was enough.
pub(super) fn run(
    flows: &mut [Flow],
    limit: &Limit,
    patience: Duration,
    enough: impl Fn(&[Flow]) -> bool,
) -> bool {
    let mut moved = Instant::now();
    while !enough(flows) {
        let mut moves = false;
        for flow in flows.iter_mut() {
            moves |= flow.step();
        }
        if moves {
            moved = Instant::now();
        } else {
            thread::sleep(TICK);
        }
        if limit.slice(moved + patience).is_none() {
            return enough(flows);
        }
    }
    true
}

/// Whether `end` meets the end or an error within `patience`, whatever comes
/// before it.
pub(super) fn closes(
    mut end: &TcpStream,
    limit: &Limit,
    patience: Duration,
) -> bool {
    let mut buffer = [0; PIECE];
    let closed = limit.poll(patience, || {
        loop {
            match end.read(&mut buffer) {
                Ok(0) => return Some(()),
                Ok(_) => {}
                Err(error) if is_nothing_yet(&error) => return None,
                Err(_) => return Some(()),
            }
        }
    });
    closed.is_some()
}

fn is_nothing_yet(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::peer::Interrupt;

    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let one = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (other, _) = listener.accept().unwrap();
        for end in [&one, &other] {
            end.set_nonblocking(true).unwrap();
        }
        (one, other)
    }

    fn limit() -> Limit {
        Limit {
            deadline: Instant::now() + Duration::from_secs(30),
            interrupt: Interrupt::default(),
        }
    }

    const QUICK: Duration = Duration::from_millis(200);

    #[test]
    fn both_ways_arrive_whole_and_end() {
        let (one, other) = pair();
        let letters = b"abcde".repeat(999);
        let mut flows = [
            Flow::new(&one, &other, &letters, 9_999_999),
            Flow::new(&other, &one, b"xyz", 0),
        ];
        for flow in &mut flows {
            flow.ends = true;
        }
        let all = |flows: &[Flow]| flows.iter().all(Flow::is_whole);
        assert!(run(&mut flows, &limit(), 10 * QUICK, all), "{flows:?}");
        assert!(!flows.iter().any(Flow::has_failed));
    }

    #[test]
    fn who_does_not_read_stops_the_sender() {
        let (one, other) = pair();
        let letters = b"abc".repeat(999);
        let mut flows = [Flow::new(&one, &other, &letters, 1 << 28)];
        flows[0].reads = false;
        let never = |_: &[Flow]| false;
        assert!(!run(&mut flows, &limit(), QUICK, never));
        assert!(flows[0].held() > 0 && flows[0].held() < 1 << 28);
        assert!(!closes(&one, &limit(), QUICK));
        drop(other);
        assert!(closes(&one, &limit(), 10 * QUICK));
    }

    #[test]
    fn a_byte_out_of_order_is_seen() {
        let (mut one, other) = pair();
        one.write_all(b"abd").unwrap();
        let mut flow = Flow::new(&one, &other, b"abcde", 5);
        flow.sent = 5;
        let failed = |flows: &[Flow]| flows[0].has_failed();
        let mut flows = [flow];
        assert!(run(&mut flows, &limit(), 10 * QUICK, failed));
        assert!(flows[0].wrong);
    }
}
