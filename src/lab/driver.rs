//! Drives the link with a real clock and real packets: in go the ports of
//! its ends, out come the same packets at the other end, later or never.
//!
//! The thread sleeps until the next packet is due and spins for the last
//! part of the way: a sleep alone is late by 50 to 150 µs.

use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use lessons::link::{
    Arrival, Direction, Loss, Nanos, OutOfRange, Settings, Tally, Verdict,
};
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;

use super::ends::{Ends, Place};
use super::guide::Guide;
use super::hands::Hands;
use super::lateness::Lateness;
use super::record::Log;
use crate::wire::Frame;

type Link = lessons::link::Link<Vec<u8>>;

/// How long before a packet is due the thread stops sleeping.
const SPIN: Nanos = 300_000;

/// How many packets are taken from a port before due ones are looked after.
const BATCH: usize = 64;

/// So many sightings are worth waking whoever writes them down.
const SIGHTINGS: usize = 256;

/// A packet, seen at one end of the link.
#[derive(Debug)]
pub struct Sighting {
    pub place: Place,
    pub frame: Frame,
}

/// A link at work, until it is stopped or dropped.
pub struct Driver {
    /// Dropped, it ends the thread.
    stop: Option<PipeWriter>,
    queued: Arc<[AtomicU64; 2]>,
    thread: Option<JoinHandle<io::Result<Outcome>>>,
}

/// What a link has done.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub up: Tally,
    pub down: Tally,
    /// Packets that vanished outside the link: an overflowing device, or one
    /// that would not take them. It must be 0 for a figure to count.
    pub unseen: u64,
    /// How late packets were handed over, in nanoseconds: half of them by
    /// less than the first, 99 % by less than the second.
    pub late: (u64, u64),
}

impl Driver {
    /// Starts the link. Whatever is seen at its ends goes to `log`.
    pub fn start(
        ends: Ends,
        settings: &Settings,
        log: Option<Log>,
    ) -> Result<Driver> {
        let link = Link::new(settings.clone())
            .map_err(|error: OutOfRange| anyhow!("{error}"))?;
        let (stopped, stop) = io::pipe().context("cannot make a pipe")?;
        let queued = Arc::new([AtomicU64::new(0), AtomicU64::new(0)]);
        let hands = ends.outlets().into_iter().map(Hands::new);
        let hands = hands.collect::<io::Result<_>>();
        let hands = hands.context("cannot start the link's threads")?;
        let engine = Engine {
            link,
            ends,
            guide: Guide::default(),
            log,
            began: Instant::now(),
            epoch: SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default(),
            queued: queued.clone(),
            hands,
            late: Lateness::default(),
        };
        let thread = thread::Builder::new()
            .name("link".into())
            .spawn(move || engine.run(&stopped))
            .context("cannot start the link's thread")?;
        Ok(Driver {
            stop: Some(stop),
            queued,
            thread: Some(thread),
        })
    }

    /// Bytes that wait in front of the link, up and down, for who samples.
    pub fn queued(&self) -> Arc<[AtomicU64; 2]> {
        self.queued.clone()
    }

    /// Stops at once; what is on its way never arrives.
    pub fn stop(mut self) -> Result<Outcome> {
        self.halt().unwrap_or_else(|| Ok(Outcome::default()))
    }

    fn halt(&mut self) -> Option<Result<Outcome>> {
        let thread = self.thread.take()?;
        self.stop = None;
        let ended = thread.join().map_err(|_| anyhow!("the link panicked"));
        Some(ended.and_then(|it| it.context("the link's device failed")))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Who drops it instead of stopping it does not want the outcome.
        let _ = self.halt();
    }
}

/// Who has something to say.
struct Ready {
    stop: bool,
    ports: [bool; 2],
}

struct Engine {
    link: Link,
    ends: Ends,
    guide: Guide,
    log: Option<Log>,
    began: Instant,
    /// What the calendar's clock said when `began` was taken.
    epoch: Duration,
    queued: Arc<[AtomicU64; 2]>,
    /// Who hands packets over at each port.
    hands: Vec<Hands>,
    late: Lateness,
}

impl Engine {
    fn run(mut self, stop: &PipeReader) -> io::Result<Outcome> {
        // Or the kernel would bundle this thread's timers with others', up
        // to 50 µs later.
        nix::sys::prctl::set_timerslack(1)?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            self.deliver()?;
            let ready = self.wait(stop)?;
            if ready.stop {
                return self.outcome();
            }
            for (port, readable) in ready.ports.into_iter().enumerate() {
                if readable {
                    self.take_in(port, &mut buffer)?;
                }
            }
            self.publish();
        }
    }

    fn now(&self) -> Nanos {
        self.began.elapsed().as_nanos() as u64
    }

    /// Hands over what is due.
    fn deliver(&mut self) -> io::Result<()> {
        for count in 1.. {
            let Some(due) = self.link.next() else {
                break;
            };
            let now = self.now();
            if due > now {
                break;
            }
            let Some(arrival) = self.link.pop(now) else {
                break;
            };
            self.late.note(now - due.min(now));
            let port = self.ends.target(arrival.direction);
            self.hands[port].send(&arrival.packet, count);
            self.note_arrival(now, arrival);
        }
        Ok(())
    }

    /// Waits for a packet, from outside or due, or for the sign to stop.
    fn wait(&mut self, stop: &PipeReader) -> io::Result<Ready> {
        let left = self
            .link
            .next()
            .map(|due| due.saturating_sub(self.now()).saturating_sub(SPIN));
        if let Some(log) = &mut self.log
            && (left != Some(0) || log.pending() >= SIGHTINGS)
        {
            log.flush();
        }
        let readable = PollFlags::POLLIN;
        let [one, other] = self.ends.descriptors();
        let mut polled = [stop.as_fd(), one, other]
            .map(|descriptor| PollFd::new(descriptor, readable));
        let left = left
            .map(|left| TimeSpec::from_duration(Duration::from_nanos(left)));
        // The only port of a bent loopback is there once.
        let count = 1 + self.ends.count();
        match ppoll(&mut polled[..count], left, None) {
            Ok(_) | Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(error.into()),
        }
        let [stop, one, other] =
            polled.map(|polled| polled.any().unwrap_or(false));
        Ok(Ready {
            stop,
            ports: [one, other],
        })
    }

    /// Takes what a port has, but not for ever.
    fn take_in(&mut self, port: usize, buffer: &mut [u8]) -> io::Result<()> {
        for _ in 0..BATCH {
            let Some(len) = self.ends.port(port).receive(buffer)? else {
                break;
            };
            let packet = buffer[..len].to_vec();
            let now = self.now();
            let direction = match (&self.ends, port) {
                (Ends::Bent(_), _) => self.guide.direction(&packet),
                (Ends::Two(..), 0) => Direction::Up,
                (Ends::Two(..), _) => Direction::Down,
            };
            // The link owns the packet from here on.
            let copy = self.log.is_some().then(|| packet.clone());
            let fate = self.link.push(now, direction, packet);
            if let Some(bytes) = copy {
                let comment = obituary(fate.verdict);
                self.see(Place::origin(direction), now, bytes, comment);
            }
        }
        Ok(())
    }

    fn note_arrival(&mut self, now: Nanos, arrival: Arrival<Vec<u8>>) {
        if self.log.is_some() {
            let place = Place::origin(arrival.direction).other();
            self.see(place, now, arrival.packet, None);
        }
    }

    fn see(
        &mut self,
        place: Place,
        now: Nanos,
        bytes: Vec<u8>,
        comment: Option<String>,
    ) {
        let frame = Frame {
            time: self.epoch + Duration::from_nanos(now),
            len: bytes.len(),
            bytes,
            comment,
        };
        if let Some(log) = &mut self.log {
            log.note(Sighting { place, frame });
        }
    }

    fn publish(&self) {
        let now = self.now();
        for (at, direction) in
            [Direction::Up, Direction::Down].into_iter().enumerate()
        {
            let bytes = self.link.queued(direction, now);
            self.queued[at].store(bytes, Ordering::Relaxed);
        }
    }

    fn outcome(mut self) -> io::Result<Outcome> {
        let mut unseen = self.hands.iter_mut().map(Hands::finish).sum();
        for port in 0..self.ends.count() {
            unseen += self.ends.port(port).unseen_drops()?;
        }
        Ok(Outcome {
            up: *self.link.tally(Direction::Up),
            down: *self.link.tally(Direction::Down),
            unseen,
            late: self.late.quantiles(),
        })
    }
}

/// What the capture says of a packet that never arrives.
fn obituary(verdict: Verdict) -> Option<String> {
    let why = match verdict {
        Verdict::Passes { .. } => return None,
        Verdict::Lost(Loss::Random) => "lost: by chance, as --loss asked",
        Verdict::Lost(Loss::Burst) => "lost: in a burst, as --burst asked",
        Verdict::Lost(Loss::Named) => "lost: by its number, as --drop asked",
        Verdict::Dropped => "dropped: the queue before the link was full",
        Verdict::TooBig => "dropped: larger than the link can carry",
    };
    Some(why.to_owned())
}
