//! The hostile peer: one end of a TCP connection that sends its bytes in
//! whatever pieces hurt, and tells exactly what came back.
//!
//! In go bytes, cuts and patience; out comes [`Got`]: the bytes that were
//! read, and what followed them. The peer knows no exercise, and judges
//! nothing.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use socket2::SockRef;

/// How long one blocking call may last before the peer looks up: nobody who
/// interrupts a check waits longer than this.
const SLICE: Duration = Duration::from_millis(50);

/// How often a call that cannot block in slices is tried again.
const TICK: Duration = Duration::from_millis(2);

/// Ends every wait early, from another thread.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Ends all waits that hold a clone of this, now and from now on.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// When a wait is over, whatever happens: at an instant, or on interrupt.
#[derive(Debug, Clone)]
pub struct Limit {
    pub deadline: Instant,
    pub interrupt: Interrupt,
}

impl Limit {
    /// The time left, at most one slice of it; `None` when it is over.
    pub(crate) fn slice(&self, until: Instant) -> Option<Duration> {
        let left = until
            .min(self.deadline)
            .saturating_duration_since(Instant::now());
        (!left.is_zero() && !self.interrupt.is_set()).then(|| left.min(SLICE))
    }

    /// Asks `ready` until it has an answer or `patience` is used up.
    pub fn poll<T>(
        &self,
        patience: Duration,
        mut ready: impl FnMut() -> Option<T>,
    ) -> Option<T> {
        let until = Instant::now() + patience;
        loop {
            let answer = ready();
            if answer.is_some() || self.slice(until).is_none() {
                return answer;
            }
            thread::sleep(TICK);
        }
    }

    /// Sleeps, unless the limit comes first.
    pub fn pause(&self, duration: Duration) {
        let until = Instant::now() + duration;
        while let Some(slice) = self.slice(until) {
            thread::sleep(slice);
        }
    }
}

/// What a peer has read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Got {
    pub bytes: Vec<u8>,
    pub then: Then,
}

/// What followed the bytes that were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// As many bytes came as were asked for; the connection is open.
    Enough,
    /// No further byte came for as long as the peer was ready to wait.
    Silence,
    /// The other side ended the stream.
    End,
    /// The other side reset the connection.
    Reset,
}

impl Then {
    /// An orderly end and a reset both close a connection.
    pub fn is_closed(self) -> bool {
        matches!(self, Then::End | Then::Reset)
    }
}

/// One end of a connection, without Nagle's delay.
#[derive(Debug)]
pub struct Peer {
    stream: TcpStream,
    limit: Limit,
    /// Set once a write has failed. What that means is for the reader to
    /// say: a server may well close while the peer is still sending.
    refuses: bool,
}

impl Peer {
    /// Connects within `patience`.
    pub fn connect(
        address: SocketAddr,
        patience: Duration,
        limit: Limit,
    ) -> io::Result<Peer> {
        let stream = TcpStream::connect_timeout(&address, patience)?;
        // A port that nobody listens on can be the very one the system
        // picks for this end, and then TCP connects to itself.
        if stream.local_addr()? == address {
            return Err(ErrorKind::ConnectionRefused.into());
        }
        Peer::new(stream, limit)
    }

    /// Waits for a client of `listener`, which must be non-blocking; `None`
    /// if none comes within `patience`.
    pub fn accept(
        listener: &TcpListener,
        patience: Duration,
        limit: Limit,
    ) -> io::Result<Option<Peer>> {
        let accepted = limit.poll(patience, || match listener.accept() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => None,
            other => Some(other),
        });
        let Some(accepted) = accepted else {
            return Ok(None);
        };
        let (stream, _) = accepted?;
        // Some systems hand the listener's mode on to what it accepts.
        stream.set_nonblocking(false)?;
        Peer::new(stream, limit).map(Some)
    }

    fn new(stream: TcpStream, limit: Limit) -> io::Result<Peer> {
        stream.set_nodelay(true)?;
        stream.set_write_timeout(Some(SLICE))?;
        Ok(Peer {
            stream,
            limit,
            refuses: false,
        })
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.stream.local_addr()
    }

    /// Sends `bytes` in one piece, as far as the other side takes them.
    pub fn send(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && !self.refuses {
            match self.stream.write(bytes) {
                Ok(0) => self.refuses = true,
                Ok(n) => bytes = &bytes[n..],
                Err(error) if is_timeout(&error) => {
                    self.refuses =
                        self.limit.slice(self.limit.deadline).is_none();
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => self.refuses = true,
            }
        }
    }

    /// Sends each piece by itself, with a pause after it, so that pieces
    /// rarely travel or arrive together.
    pub fn send_pieces<P: AsRef<[u8]>>(
        &mut self,
        pieces: impl IntoIterator<Item = P>,
        pause: Duration,
    ) {
        for piece in pieces {
            self.send(piece.as_ref());
            self.limit.pause(pause);
        }
    }

    /// Says that nothing more will be sent, and goes on reading.
    pub fn half_close(&mut self) {
        // An error means that the connection is gone: the reader finds out.
        let _ = self.stream.shutdown(Shutdown::Write);
        self.refuses = true;
    }

    /// Ends the connection with a reset, as a crashed client's system does.
    pub fn reset(self) {
        // Without the option the connection closes in order, which is what
        // most clients that leave do.
        let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
    }

    /// The socket itself, for who sends and reads at once: it never blocks.
    pub fn into_stream(self) -> io::Result<TcpStream> {
        self.stream.set_nonblocking(true)?;
        Ok(self.stream)
    }

    /// Waits without reading.
    pub fn pause(&self, duration: Duration) {
        self.limit.pause(duration);
    }

    /// Reads `count` bytes, or what comes before the end, or before no byte
    /// has come for `patience`.
    pub fn read(&mut self, count: usize, patience: Duration) -> Got {
        self.read_while(count, |_| patience)
    }

    /// The same with a patience that depends on what has come so far.
    pub fn read_while(
        &mut self,
        count: usize,
        patience: impl Fn(&[u8]) -> Duration,
    ) -> Got {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        let mut until = Instant::now() + patience(&bytes);
        while bytes.len() < count {
            let Some(slice) = self.limit.slice(until) else {
                return Got::new(bytes, Then::Silence);
            };
            let room = (count - bytes.len()).min(buffer.len());
            // Only a zero timeout is refused, and a slice is never zero.
            let _ = self.stream.set_read_timeout(Some(slice));
            match self.stream.read(&mut buffer[..room]) {
                Ok(0) => return Got::new(bytes, Then::End),
                Ok(n) => {
                    bytes.extend_from_slice(&buffer[..n]);
                    until = Instant::now() + patience(&bytes);
                }
                Err(error) if is_timeout(&error) => {}
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Got::new(bytes, Then::Reset),
            }
        }
        Got::new(bytes, Then::Enough)
    }
}

impl Got {
    fn new(bytes: Vec<u8>, then: Then) -> Got {
        Got { bytes, then }
    }
}

/// What a read or write that ran into its timeout says: Unix would block,
/// Windows timed out.
pub(crate) fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// Cuts `bytes` at random into pieces of 1 to `longest` bytes.
pub fn cut<'a>(
    mut bytes: &'a [u8],
    longest: usize,
    rng: &mut Rng,
) -> Vec<&'a [u8]> {
    let mut pieces = Vec::new();
    while !bytes.is_empty() {
        let (piece, rest) =
            bytes.split_at(rng.usize(1..=longest.min(bytes.len())));
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (Peer, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let limit = Limit {
            deadline: Instant::now() + Duration::from_secs(30),
            interrupt: Interrupt::default(),
        };
        let patience = Duration::from_secs(5);
        let peer = Peer::connect(address, patience, limit).unwrap();
        (peer, listener.accept().unwrap().0)
    }

    #[test]
    fn what_follows_the_bytes_is_told() {
        let (mut peer, mut other) = pair();
        other.write_all(b"abc").unwrap();
        let quick = Duration::from_millis(60);
        assert_eq!(peer.read(2, quick), Got::new(b"ab".into(), Then::Enough));
        assert_eq!(peer.read(2, quick), Got::new(b"c".into(), Then::Silence));
        drop(other);
        assert_eq!(peer.read(2, quick), Got::new(vec![], Then::End));
    }

    #[test]
    fn a_reset_is_a_reset_at_both_ends() {
        let (mut peer, other) = pair();
        peer.send(b"never read");
        // Closing with unread bytes makes the system send a reset.
        while other.peek(&mut [0; 1]).unwrap() == 0 {}
        drop(other);
        let got = peer.read(1, Duration::from_secs(5));
        assert_eq!(got, Got::new(vec![], Then::Reset));

        let (peer, mut other) = pair();
        peer.reset();
        let error = other.read(&mut [0; 1]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    }

    #[test]
    fn an_interrupt_ends_a_wait() {
        let (mut peer, _other) = pair();
        peer.limit.interrupt.set();
        let begun = Instant::now();
        let got = peer.read(1, Duration::from_secs(20));
        assert_eq!(got.then, Then::Silence);
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn cuts_lose_nothing_and_come_again_from_the_seed() {
        let bytes: Vec<u8> = (0..200).collect();
        let pieces = cut(&bytes, 7, &mut Rng::with_seed(1));
        assert!(pieces.iter().all(|p| (1..=7).contains(&p.len())));
        assert_eq!(pieces.concat(), bytes);
        assert_eq!(pieces, cut(&bytes, 7, &mut Rng::with_seed(1)));
    }
}
