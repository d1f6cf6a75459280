//! A driver in virtual time: in go packets and times, out comes a run in
//! which every packet is accounted for at every moment.

use crate::link::*;

/// A packet of the tests: its size, and what ECN has to know.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sized {
    pub(super) len: usize,
    pub(super) data: bool,
    pub(super) capable: bool,
    pub(super) marked: bool,
}

impl Packet for Sized {
    fn len(&self) -> usize {
        self.len
    }

    fn is_data(&self) -> bool {
        self.data
    }

    fn mark_congestion(&mut self) -> bool {
        self.marked |= self.capable;
        self.capable
    }
}

/// What the driver did, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pushed {
    pub(super) now: Nanos,
    pub(super) packet: Sized,
    pub(super) fate: Fate,
    /// Bytes in the queue before and after.
    pub(super) before: u64,
    pub(super) after: u64,
}

#[derive(Debug, PartialEq)]
pub(super) struct Run {
    pub(super) pushed: Vec<Pushed>,
    pub(super) arrived: Vec<Arrival<Sized>>,
}

pub(super) type Step = (Nanos, Sized);

/// Drives one direction in virtual time. Whatever is done, every packet is
/// accounted for.
pub(super) fn drive(way: &Way, seed: u64, steps: &[Step]) -> Run {
    let (up, down) = (way.clone(), way.clone());
    let settings = Settings { up, down, seed };
    let mut link = Link::new(settings).expect("made up in range");
    let mut run = Run {
        pushed: Vec::new(),
        arrived: Vec::new(),
    };
    for &(now, packet) in steps {
        while let Some(arrival) = link.pop(now) {
            run.arrived.push(arrival);
            accounted_for(&link, &run);
        }
        let before = link.queued(Direction::Up, now);
        let fate = link.push(now, Direction::Up, packet);
        let after = link.queued(Direction::Up, now);
        run.pushed.push(Pushed {
            now,
            packet,
            fate,
            before,
            after,
        });
        accounted_for(&link, &run);
    }
    while let Some(next) = link.next() {
        assert!(next == 0 || link.pop(next - 1).is_none());
        let arrival = link.pop(next).expect("the link named the time");
        assert_eq!(arrival.at, next);
        run.arrived.push(arrival);
        accounted_for(&link, &run);
    }
    assert_eq!(link.tally(Direction::Up).in_flight, 0);
    run
}

/// sent + duplicated = delivered + lost + dropped + too big + in flight, and
/// each number is what the fates and the arrivals say.
fn accounted_for(link: &Link<Sized>, run: &Run) {
    let tally = link.tally(Direction::Up);
    let mut counted = Tally {
        in_flight: link.flying.len() as u64,
        delivered: run.arrived.len() as u64,
        ..Tally::default()
    };
    for arrival in &run.arrived {
        counted.delivered_bytes += arrival.packet.len as u64;
    }
    for pushed in &run.pushed {
        counted.sent += 1;
        counted.sent_bytes += pushed.packet.len as u64;
        match pushed.fate.verdict {
            Verdict::Passes {
                marked,
                copies,
                reordered,
            } => {
                counted.marked += u64::from(marked);
                counted.duplicated += u64::from(copies);
                counted.reordered += u64::from(reordered);
            }
            Verdict::Lost(_) => counted.lost += 1,
            Verdict::Dropped => counted.dropped += 1,
            Verdict::TooBig => counted.too_big += 1,
        }
    }
    assert_eq!(*tally, counted);
    let ends = tally.delivered + tally.lost + tally.dropped + tally.too_big;
    assert_eq!(tally.sent + tally.duplicated, ends + tally.in_flight);
}

impl Run {
    /// Numbers of the packets lost, and why.
    pub(super) fn lost(&self) -> Vec<(u64, Loss)> {
        let fates = self.pushed.iter().map(|it| it.fate);
        let lost = fates.filter_map(|fate| match fate.verdict {
            Verdict::Lost(loss) => Some((fate.number, loss)),
            _ => None,
        });
        lost.collect()
    }

    /// Each packet that arrived and how it was pushed; no copies.
    pub(super) fn originals(
        &self,
    ) -> impl Iterator<Item = (Pushed, &Arrival<Sized>)> {
        let originals = self.arrived.iter().filter(|it| !it.copy);
        originals.map(|it| (self.pushed[it.number as usize], it))
    }
}

/// Nanoseconds that the bits of a packet take, rounded up.
pub(super) fn transmission(way: &Way, len: usize) -> Nanos {
    let bits = len as u64 * 8_000_000_000;
    way.rate.map_or(0, |rate| bits.div_ceil(rate))
}

pub(super) fn reordered(pushed: &Pushed) -> bool {
    let verdict = pushed.fate.verdict;
    matches!(verdict, Verdict::Passes { reordered, .. } if reordered)
}
