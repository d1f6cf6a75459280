//! Lesson 20: reliability is acknowledgement, a timer and patience.
//!
//!     cargo run --example lesson20
//!
//! Three protocols carry the same frames over the same bad line: see what
//! each of them sends again. `x` marks a frame that the line loses.
// house: allow length: three protocols, the line between, and their timer.

use std::collections::{BTreeSet, VecDeque};
use std::error::Error;
use std::io::{self, ErrorKind};
use std::net::UdpSocket;
use std::time::Duration;

use fastrand::Rng;
use lessons::formulas;

const FRAMES: u8 = 40;
const WINDOW: u8 = 7;
const LOSS: f64 = 0.2;
/// Ticks from the last bit of a frame to its arrival. A tick is the time in
/// which a frame leaves, so this is also how many are on the way.
const DELAY: u32 = 3;
/// When its ACK must be here, in ticks after a frame has left.
const TIMEOUT: u32 = 2 * DELAY;

/// Another seed is another line.
const SEED: u64 = 1_800_000;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let (p, a, w) = (LOSS, f64::from(DELAY), u32::from(WINDOW));
    println!("sent once, and no look back");
    let mut line = Line::new(10, false)?;
    hope(&mut line)?;
    println!("  sent {}", line.first_sent(10));
    println!("  in order: {} of 10", line.receiver.delivered);

    println!("{FRAMES} frames, one in five is lost, 3 fit on the line");
    let mut line = Line::new(FRAMES, false)?;
    stop_and_wait(&mut line)?;
    report("stop-and-wait", &line, formulas::stop_and_wait(p, a)?);
    let mut line = Line::new(FRAMES, false)?;
    go_back_n(&mut line)?;
    report("Go-Back-N", &line, formulas::go_back_n(p, a, w)?);
    let mut line = Line::new(FRAMES, true)?;
    selective_repeat(&mut line)?;
    report(
        "selective repeat",
        &line,
        formulas::selective_repeat(p, a, w)?,
    );
    timer()
}

fn hope(line: &mut Line) -> io::Result<()> {
    (0..line.frames).try_for_each(|number| line.send(number))?;
    while line.ack(2 * TIMEOUT)?.is_some() {}
    Ok(())
}

// ANCHOR: stop_and_wait
fn stop_and_wait(line: &mut Line) -> io::Result<()> {
    for number in 0..line.frames {
        loop {
            line.send(number)?;
            // An ACK names the frame that the receiver waits for now.
            if line.ack(TIMEOUT)? == Some(number + 1) {
                break;
            }
        }
    }
    Ok(())
}
// ANCHOR_END: stop_and_wait

// ANCHOR: go_back_n
fn go_back_n(line: &mut Line) -> io::Result<()> {
    let (mut oldest, mut next, mut deadline) = (0, 0, 0);
    while oldest < line.frames {
        let open = next < line.frames.min(oldest + WINDOW);
        if open {
            line.send(next)?;
            if next == oldest {
                deadline = line.now + TIMEOUT;
            }
            next += 1;
        }
        let wait = deadline.saturating_sub(line.now);
        match line.ack(if open { 0 } else { wait })? {
            Some(ack) if ack > oldest => {
                // The frame behind it left so many ticks later.
                deadline += u32::from(ack - oldest);
                oldest = ack;
            }
            // All of them again: the receiver has kept none.
            None if line.now >= deadline => next = oldest,
            _ => {}
        }
    }
    Ok(())
}
// ANCHOR_END: go_back_n

// ANCHOR: selective_repeat
fn selective_repeat(line: &mut Line) -> io::Result<()> {
    // To be sent, for the first time or again: the lowest number first.
    let mut waiting: BTreeSet<u8> = (0..line.frames).collect();
    let mut flying = VecDeque::new();
    while !(waiting.is_empty() && flying.is_empty()) {
        let open = flying.len() < usize::from(WINDOW) && !waiting.is_empty();
        if open && let Some(number) = waiting.pop_first() {
            line.send(number)?;
            flying.push_back((number, line.now + TIMEOUT));
        }
        let deadline = flying.front().map_or(0, |(_, deadline)| *deadline);
        let wait = deadline.saturating_sub(line.now);
        match line.ack(if open { 0 } else { wait })? {
            Some(ack) => flying.retain(|(number, _)| *number != ack),
            // This one again, and no other.
            None if line.now >= deadline => {
                waiting.extend(flying.pop_front().map(|(number, _)| number));
            }
            None => {}
        }
    }
    Ok(())
}
// ANCHOR_END: selective_repeat

/// Takes frames, and says in an ACK what it has.
struct Receiver {
    /// Whether it keeps frames that come before their turn.
    keeps: bool,
    kept: BTreeSet<u8>,
    /// Handed on in order: the number of the frame it waits for.
    delivered: u8,
}

// ANCHOR: receiver
impl Receiver {
    fn take(&mut self, number: u8) -> u8 {
        // What comes again is acknowledged again: its ACK may be lost.
        let new = number >= self.delivered;
        if new && (self.keeps || number == self.delivered) {
            self.kept.insert(number);
        }
        while self.kept.remove(&self.delivered) {
            self.delivered += 1;
        }
        if self.keeps { number } else { self.delivered }
    }
}
// ANCHOR_END: receiver

/// A sender's socket, a receiver's, and a relay between them, which loses
/// frames and holds the clock: no machine is too slow for its timers.
struct Line {
    to_relay: UdpSocket,
    from_sender: UdpSocket,
    to_receiver: UdpSocket,
    from_relay: UdpSocket,
    receiver: Receiver,
    frames: u8,
    now: u32,
    /// When the last frame had left.
    left_at: u32,
    sent: Vec<(u8, bool)>,
    /// On the way, each with its time of arrival.
    coming: VecDeque<(u32, u8)>,
    acks: VecDeque<(u32, u8)>,
}

impl Line {
    fn new(frames: u8, keeps: bool) -> io::Result<Line> {
        let (to_relay, from_sender) = connected_pair()?;
        let (to_receiver, from_relay) = connected_pair()?;
        let (kept, delivered) = (BTreeSet::new(), 0);
        Ok(Line {
            to_relay,
            from_sender,
            to_receiver,
            from_relay,
            receiver: Receiver {
                keeps,
                kept,
                delivered,
            },
            frames,
            now: 0,
            left_at: 0,
            sent: Vec::new(),
            coming: VecDeque::new(),
            acks: VecDeque::new(),
        })
    }

    /// A frame leaves, which takes a tick; the relay may lose it.
    fn send(&mut self, number: u8) -> io::Result<()> {
        let number = carry(&self.to_relay, &self.from_sender, "frame", number)?;
        let before = self.sent.iter().filter(|(n, _)| *n == number).count();
        // By number and attempt, so that all protocols meet the same luck.
        let seed = SEED + before as u64 * 256 + u64::from(number);
        let lost = Rng::with_seed(seed).f64() < LOSS;
        self.sent.push((number, lost));
        self.now += 1;
        self.left_at = self.now;
        if !lost {
            self.coming.push_back((self.now + DELAY, number));
        }
        Ok(())
    }

    /// The next ACK, if it arrives within `wait` ticks.
    fn ack(&mut self, wait: u32) -> io::Result<Option<u8>> {
        let until = self.now + wait;
        loop {
            let frame = self.coming.front().map_or(u32::MAX, |it| it.0);
            let ack = self.acks.front().map_or(u32::MAX, |it| it.0);
            if frame.min(ack) > until {
                self.now = until;
                return Ok(None);
            }
            if ack < frame
                && let Some((at, ack)) = self.acks.pop_front()
            {
                self.now = self.now.max(at);
                return carry(&self.from_sender, &self.to_relay, "ACK", ack)
                    .map(Some);
            }
            if let Some((at, frame)) = self.coming.pop_front() {
                let frame =
                    carry(&self.to_receiver, &self.from_relay, "frame", frame)?;
                let ack = self.receiver.take(frame);
                let ack =
                    carry(&self.from_relay, &self.to_receiver, "ACK", ack)?;
                self.acks.push_back((at + DELAY, ack));
            }
        }
    }

    fn first_sent(&self, count: usize) -> String {
        let sent = self.sent.iter().take(count);
        let sent = sent.map(|(n, lost)| match lost {
            true => format!("{n}x"),
            false => n.to_string(),
        });
        sent.collect::<Vec<_>>().join(" ")
    }
}

/// Both ends of a connection: each takes datagrams from the other alone.
fn connected_pair() -> io::Result<(UdpSocket, UdpSocket)> {
    let one = UdpSocket::bind("127.0.0.1:0")?;
    let other = UdpSocket::bind("127.0.0.1:0")?;
    one.connect(other.local_addr()?)?;
    other.connect(one.local_addr()?)?;
    // Only the relay is to lose anything; else this is an error, not a wait.
    one.set_read_timeout(Some(Duration::from_secs(5)))?;
    other.set_read_timeout(Some(Duration::from_secs(5)))?;
    Ok((one, other))
}

/// One datagram, such as `frame 7`, from socket to socket.
fn carry(
    from: &UdpSocket,
    to: &UdpSocket,
    what: &str,
    number: u8,
) -> io::Result<u8> {
    from.send(format!("{what} {number}").as_bytes())?;
    let mut datagram = [0; 16];
    let count = to.recv(&mut datagram)?;
    parse(what, &datagram[..count]).ok_or(ErrorKind::InvalidData.into())
}

pub fn parse(what: &str, datagram: &[u8]) -> Option<u8> {
    let number = datagram.strip_prefix(what.as_bytes())?.strip_prefix(b" ")?;
    str::from_utf8(number).ok()?.parse().ok()
}

fn report(name: &str, line: &Line, formula: f64) {
    let Receiver { delivered, .. } = line.receiver;
    let used = f64::from(delivered) / f64::from(line.left_at);
    let near = (used / formula - 1.0).abs() < 0.1;
    println!("{name}");
    println!("  sent {} …", line.first_sent(20));
    println!("  {} frames sent, {delivered} delivered", line.sent.len());
    println!(
        "  used {:.1} % of the line, by the formula {:.1} %: {}within a tenth",
        100.0 * used,
        100.0 * formula,
        if near { "" } else { "NOT " }
    );
}

// ANCHOR: timer
fn timer() -> Outcome<()> {
    println!("the timer, in ms: a round trip, and the timeout after it");
    // `None`: the timer ran out, and the frame was sent again.
    let round_trips = [
        Some(0.1),
        Some(0.1),
        Some(0.1),
        Some(0.4),
        None,
        None,
        Some(0.1),
    ];
    let (mut srtt, mut rttvar, mut rto) = (0.0, 0.0, 1.0);
    for (index, measured) in round_trips.into_iter().enumerate() {
        let Some(r) = measured else {
            // The ACK may be the first one's: it measures nothing (Karn).
            rto *= 2.0;
            println!("   -  sent twice: not measured, RTO {:.0}", rto * 1e3);
            continue;
        };
        if index == 0 {
            (srtt, rttvar) = (r, r / 2.0);
        } else {
            rttvar = formulas::rtt_variation(rttvar, srtt, r)?;
            srtt = formulas::smoothed_rtt(srtt, r)?;
        }
        rto = formulas::retransmission_timeout(srtt, rttvar, 0.001, 1.0)?;
        // Linux has no floor for the timeout, but 200 ms for the margin.
        let linux = formulas::retransmission_timeout(srtt, rttvar, 0.2, 0.0)?;
        let [r, srtt, rttvar, rto, linux] =
            [r, srtt, rttvar, rto, linux].map(|seconds| seconds * 1e3);
        println!(
            " {r:.0}  SRTT {srtt:.1}, RTTVAR {rttvar:.1}: RTO {rto:.0}, \
             with Linux's floor {linux:.0}"
        );
    }
    Ok(())
}
// ANCHOR_END: timer
