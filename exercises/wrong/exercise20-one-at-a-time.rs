//! Caught by: 100 packets, and the last one is short
//!
//! Each packet waits for the ACK of the one before: stop-and-wait.

use std::env;
use std::error::Error;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// Bytes of the file in one packet.
const PIECE: u32 = 500;
const HELLO_AGAIN: Duration = Duration::from_millis(200);
/// The first timeout, the least and the greatest.
const FIRST: f64 = 0.3;
const LEAST: f64 = 0.1;
const MOST: f64 = 1.0;

fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let address: SocketAddr = address.parse()?;
    let here: SocketAddr = match address {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(here)?;
    // From now on the system throws away what strangers send.
    socket.connect(address)?;
    let (size, window) = hello(&socket)?;
    Sender::new(&socket, size, window).run()?;
    Ok(())
}

/// What the receiver says.
pub enum Answer {
    Start { size: u32, window: u16 },
    Ack { next: u32, mask: u32 },
}

/// `None` for bytes that are no answer.
pub fn parse(datagram: &[u8]) -> Option<Answer> {
    let (kind, rest) = datagram.split_first()?;
    let (first, rest) = rest.split_first_chunk()?;
    let first = u32::from_be_bytes(*first);
    match kind {
        b'S' => Some(Answer::Start {
            size: first,
            window: u16::from_be_bytes(rest.try_into().ok()?),
        }),
        b'A' => Some(Answer::Ack {
            next: first,
            mask: u32::from_be_bytes(rest.try_into().ok()?),
        }),
        _ => None,
    }
}

fn hello(socket: &UdpSocket) -> io::Result<(u32, u16)> {
    loop {
        send(socket, b"H")?;
        let until = Instant::now() + HELLO_AGAIN;
        while let Some(answer) = receive(socket, until)? {
            if let Some(Answer::Start { size, window }) = parse(&answer) {
                return Ok((size, window));
            }
        }
    }
}

struct Packet {
    times: u32,
    /// How often it was sent again without a word from the receiver.
    unheard: u32,
    sent_at: Instant,
    acknowledged: bool,
}

struct Sender<'a> {
    socket: &'a UdpSocket,
    size: u32,
    packets: u32,
    window: u32,
    /// The first packet that is not acknowledged.
    next: u32,
    /// Those from the first one on that were ever sent.
    sent: Vec<Packet>,
    /// When an ACK came last.
    heard_at: Instant,
    /// SRTT and RTTVAR, in seconds, once something was measured.
    round_trip: Option<(f64, f64)>,
}

impl Sender<'_> {
    fn new(socket: &UdpSocket, size: u32, window: u16) -> Sender<'_> {
        Sender {
            socket,
            size,
            packets: size.div_ceil(PIECE),
            window: u32::from(window).min(1),
            next: 0,
            sent: Vec::new(),
            heard_at: Instant::now(),
            round_trip: None,
        }
    }

    fn run(&mut self) -> io::Result<()> {
        while self.next < self.packets {
            let soon = self.send_again()?;
            let end = self.packets.min(self.next.saturating_add(self.window));
            while (self.sent.len() as u32) < end {
                self.send(self.sent.len() as u32)?;
            }
            // Nothing old is waited for: then for the first of the new ones.
            let mut until = soon.unwrap_or_else(|| self.deadline(self.next));
            while let Some(answer) = receive(self.socket, until)? {
                if let Some(Answer::Ack { next, mask }) = parse(&answer) {
                    self.acknowledge(next, mask);
                }
                // What else has arrived, before the timers are looked at.
                until = Instant::now();
            }
        }
        Ok(())
    }

    /// Sends what has waited too long, and tells when to look again.
    fn send_again(&mut self) -> io::Result<Option<Instant>> {
        let mut soonest: Option<Instant> = None;
        for number in self.next..self.sent.len() as u32 {
            if self.sent[number as usize].acknowledged {
                continue;
            }
            if self.deadline(number) <= Instant::now() {
                self.send(number)?;
            }
            let deadline = self.deadline(number);
            soonest = Some(soonest.map_or(deadline, |it| it.min(deadline)));
        }
        Ok(soonest)
    }

    /// When the timer of a packet that was sent runs out.
    fn deadline(&self, number: u32) -> Instant {
        let timeout = self
            .round_trip
            .map_or(FIRST, |(srtt, rttvar)| (srtt + 4.0 * rttvar).max(LEAST));
        let packet = &self.sent[number as usize];
        // Twice as long each time that nothing was heard.
        let doubled = timeout * 2_f64.powi(packet.unheard as i32);
        packet.sent_at + Duration::from_secs_f64(doubled.min(MOST))
    }

    fn send(&mut self, number: u32) -> io::Result<()> {
        let from = number * PIECE;
        let to = self.size.min(from.saturating_add(PIECE));
        let piece: Vec<u8> = (from..to).map(|at| (at % 251) as u8).collect();
        let datagram = [b"D", &number.to_be_bytes()[..], &piece].concat();
        send(self.socket, &datagram)?;
        let sent_at = Instant::now();
        match self.sent.get_mut(number as usize) {
            Some(packet) => {
                packet.times += 1;
                let silence = self.heard_at < packet.sent_at;
                packet.unheard = if silence { packet.unheard + 1 } else { 0 };
                packet.sent_at = sent_at;
            }
            None => self.sent.push(Packet {
                times: 1,
                unheard: 0,
                sent_at,
                acknowledged: false,
            }),
        }
        Ok(())
    }

    fn acknowledge(&mut self, next: u32, mask: u32) {
        let sent = self.sent.len() as u32;
        let highest = u64::from(next) + u64::from(32 - mask.leading_zeros());
        let true_mask = mask == 0 || highest < u64::from(sent);
        if next > sent || !true_mask {
            // It names what was never sent.
            return;
        }
        self.heard_at = Instant::now();
        for number in self.next..next {
            self.arrived(number);
        }
        self.next = self.next.max(next);
        for bit in (0..32).filter(|bit| mask >> bit & 1 == 1) {
            self.arrived(next + 1 + bit);
        }
    }

    fn arrived(&mut self, number: u32) {
        let packet = &mut self.sent[number as usize];
        let measures = packet.times == 1 && !packet.acknowledged;
        packet.acknowledged = true;
        // Karn: sent twice, and nobody knows which one was acknowledged.
        if measures {
            let r = packet.sent_at.elapsed().as_secs_f64();
            self.round_trip = Some(match self.round_trip {
                None => (r, r / 2.0),
                Some((srtt, rttvar)) => (
                    7.0 / 8.0 * srtt + r / 8.0,
                    3.0 / 4.0 * rttvar + (srtt - r).abs() / 4.0,
                ),
            });
        }
    }
}

/// An ICMP error about an earlier datagram is a loss like any other.
fn is_loss(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::Interrupted
    )
}

fn send(socket: &UdpSocket, datagram: &[u8]) -> io::Result<()> {
    match socket.send(datagram) {
        Err(error) if !is_loss(&error) => Err(error),
        _ => Ok(()),
    }
}

/// The next datagram before `until`; one that is there already in any case.
fn receive(socket: &UdpSocket, until: Instant) -> io::Result<Option<Vec<u8>>> {
    let mut buffer = [0; 2048];
    loop {
        let left = until.saturating_duration_since(Instant::now());
        socket.set_nonblocking(left.is_zero())?;
        if !left.is_zero() {
            socket.set_read_timeout(Some(left))?;
        }
        match socket.recv(&mut buffer) {
            Ok(count) => return Ok(Some(buffer[..count].into())),
            Err(error) if is_loss(&error) => {}
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::WouldBlock | ErrorKind::TimedOut
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(error),
        }
    }
}
