//! A link between two hosts: in go packets with the time at which they are
//! handed over, out come the same packets when they arrive, or the reason
//! why they never do.
//!
//! There is no socket and no clock in here. Who drives the link says what
//! time it is: the laboratory drives it with a real clock and real packets,
//! the simulator with virtual time. Same settings, same seed, same packets:
//! same fate of each.
//!
//! ```text
//! push ─▶ loss ─▶ queue ─▶ rate ─▶ delay ─▶ pop
//! ```
//!
//! ```
//! use lessons::link::{Direction, Link, Settings, Way};
//!
//! let way = Way { delay: 20_000_000, ..Way::default() };
//! let (up, down) = (way.clone(), way);
//! let mut link = Link::new(Settings { up, down, seed: 1 })?;
//! link.push(0, Direction::Up, vec![0x45; 100]);
//! assert_eq!(link.next(), Some(20_000_000));
//! assert!(link.pop(19_999_999).is_none());
//! assert!(link.pop(20_000_000).is_some());
//! # Ok::<(), lessons::link::OutOfRange>(())
//! ```

mod fate;
mod lane;
mod packet;
#[cfg(test)]
mod promises;
pub(crate) mod random;
mod settings;
mod transmitter;
pub mod units;

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::fmt;

pub use fate::{Arrival, Fate, Loss, Tally, Verdict};
use lane::Lane;
pub use packet::Packet;
pub use settings::{
    GilbertElliott, MAX_DELAY, MAX_MTU, MAX_QUEUE, MAX_RATE, MIN_MTU, MIN_RATE,
    Nth, OutOfRange, Queue, Settings, Way,
};

/// Nanoseconds since whenever the driver began to count.
pub type Nanos = u64;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the client to the server.
    Up,
    /// From the server to the client.
    Down,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Direction::Up => "up",
            Direction::Down => "down",
        })
    }
}

/// A link, and the packets on it.
#[derive(Debug)]
pub struct Link<P> {
    lanes: [Lane; 2],
    flying: BinaryHeap<Flying<P>>,
    /// Packets and copies that ever flew: of two that arrive at the same
    /// time, the one that was pushed first is first.
    launched: u64,
}

impl<P: Packet> Link<P> {
    /// A link that is idle, or the setting that no link can have.
    pub fn new(settings: Settings) -> Result<Link<P>, OutOfRange> {
        settings.check()?;
        let Settings { up, down, seed } = settings;
        Ok(Link {
            lanes: [
                Lane::new(up, seed, Direction::Up),
                Lane::new(down, seed, Direction::Down),
            ],
            flying: BinaryHeap::new(),
            launched: 0,
        })
    }

    /// Hands a packet over at `now`; what becomes of it is known at once.
    ///
    /// A time before that of an earlier packet of its direction is taken for
    /// that packet's time.
    pub fn push(
        &mut self,
        now: Nanos,
        direction: Direction,
        packet: P,
    ) -> Fate {
        self.offer(now, direction, packet).0
    }

    /// As [`push`](Self::push), and gives a packet back that does not pass:
    /// for the ICMP message that quotes it, for a log, or for its memory.
    pub fn offer(
        &mut self,
        now: Nanos,
        direction: Direction,
        mut packet: P,
    ) -> (Fate, Option<P>) {
        let lane = &mut self.lanes[direction as usize];
        let (fate, flight) = lane.admit(now, &mut packet);
        let Some(flight) = flight else {
            return (fate, Some(packet));
        };
        let arrival = |packet, copy| Arrival {
            direction,
            number: fate.number,
            packet,
            at: flight.at,
            copy,
            queued_for: flight.queued_for,
        };
        let copy = (flight.copies > 0).then(|| packet.clone());
        self.launch(arrival(packet, false));
        if let Some(copy) = copy {
            self.launch(arrival(copy, true));
        }
        (fate, None)
    }

    fn launch(&mut self, arrival: Arrival<P>) {
        let order = self.launched;
        self.launched += 1;
        self.flying.push(Flying { order, arrival });
    }

    /// When the next packet arrives, in either direction.
    pub fn next(&self) -> Option<Nanos> {
        self.flying.peek().map(|first| first.arrival.at)
    }

    /// The next packet, if it has arrived by `now`. Asked again and again,
    /// it hands out all that have, in the order of their arrival.
    pub fn pop(&mut self, now: Nanos) -> Option<Arrival<P>> {
        if self.next()? > now {
            return None;
        }
        let arrival = self.flying.pop()?.arrival;
        let lane = &mut self.lanes[arrival.direction as usize];
        lane.tally.popped(arrival.packet.len() as u64);
        Some(arrival)
    }

    /// Bytes in the queue at `now`, those of the packet whose bits are
    /// leaving with them; 0 where there is no rate.
    pub fn queued(&self, direction: Direction, now: Nanos) -> u64 {
        self.lanes[direction as usize].queued(now)
    }

    pub fn tally(&self, direction: Direction) -> &Tally {
        &self.lanes[direction as usize].tally
    }
}

/// In the heap, where the greatest comes first: the earliest is greatest.
#[derive(Debug)]
struct Flying<P> {
    order: u64,
    arrival: Arrival<P>,
}

impl<P> Flying<P> {
    fn key(&self) -> (Nanos, u64) {
        (self.arrival.at, self.order)
    }
}

impl<P> Ord for Flying<P> {
    fn cmp(&self, other: &Self) -> Ordering {
        other.key().cmp(&self.key())
    }
}

impl<P> PartialOrd for Flying<P> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<P> PartialEq for Flying<P> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<P> Eq for Flying<P> {}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Nanos = 1_000_000;

    fn up(way: Way) -> Link<Vec<u8>> {
        let (down, seed) = (Way::default(), 1);
        let settings = Settings {
            up: way,
            down,
            seed,
        };
        Link::new(settings).expect("the settings are in range")
    }

    fn push(link: &mut Link<Vec<u8>>, now: Nanos, bytes: usize) -> Fate {
        link.push(now, Direction::Up, vec![0; bytes])
    }

    fn all(link: &mut Link<Vec<u8>>) -> Vec<Arrival<Vec<u8>>> {
        std::iter::from_fn(|| link.pop(Nanos::MAX)).collect()
    }

    /// What passes and nothing else happens to.
    const PASSES: Verdict = Verdict::Passes {
        marked: false,
        copies: 0,
        reordered: false,
    };

    #[test]
    fn ten_full_packets_at_12_mbit_and_20_ms() {
        let mut link = up(Way {
            delay: 20 * MS,
            rate: Some(12_000_000),
            queue: Queue::Bytes(15_000),
            ..Way::default()
        });
        for number in 0..10 {
            let verdict = PASSES;
            let fate = push(&mut link, 0, 1500);
            assert_eq!(fate, Fate { number, verdict });
        }
        // 15,000 bytes are in: full, for a byte. In 1 ms 1,500 have left.
        assert_eq!(push(&mut link, 999_999, 1).verdict, Verdict::Dropped);
        assert_eq!(push(&mut link, MS, 1501).verdict, Verdict::Dropped);
        assert_eq!(push(&mut link, MS, 1500).verdict, PASSES);
        for (waited, arrival) in (0..).zip(all(&mut link).iter().take(10)) {
            assert_eq!(arrival.at, (21 + waited) * MS);
            assert_eq!(arrival.queued_for, waited * MS);
        }
        let tally = link.tally(Direction::Up);
        assert_eq!((tally.sent, tally.sent_bytes), (13, 18_002));
        assert_eq!((tally.delivered, tally.delivered_bytes), (11, 16_500));
        assert_eq!((tally.dropped, tally.in_flight), (2, 0));
        assert_eq!(*link.tally(Direction::Down), Tally::default());
    }

    #[test]
    fn the_directions_do_not_meet() {
        let way = |delay| Way {
            delay,
            ..Way::default()
        };
        let (up, down, seed) = (way(30 * MS), way(10 * MS), 1);
        let settings = Settings { up, down, seed };
        let mut link = Link::new(settings).expect("in range");
        link.push(0, Direction::Up, vec![1]);
        assert_eq!(link.next(), Some(30 * MS));
        link.push(5 * MS, Direction::Down, vec![2]);
        assert_eq!(link.next(), Some(15 * MS));
        assert!(link.pop(15 * MS - 1).is_none());
        let first = link.pop(15 * MS).expect("it has arrived");
        assert_eq!((first.direction, first.packet), (Direction::Down, vec![2]));
        let second = link.pop(40 * MS).expect("it has arrived");
        assert_eq!((second.at, second.packet), (30 * MS, vec![1]));
        assert_eq!(link.next(), None);
    }

    #[test]
    fn a_link_that_loses_all_loses_all_and_gives_it_back() {
        let mut link = up(Way {
            loss: 1.0,
            ..Way::default()
        });
        let (fate, back) = link.offer(0, Direction::Up, vec![7]);
        assert_eq!(fate.verdict, Verdict::Lost(Loss::Random));
        assert_eq!(back, Some(vec![7]));
        for now in 0..1000 {
            push(&mut link, now, 100);
        }
        assert_eq!(link.tally(Direction::Up).lost, 1001);
        assert_eq!(link.next(), None);
    }

    #[test]
    fn a_packet_held_back_by_2_and_a_half_ms_is_overtaken_by_two() {
        let mut link = up(Way {
            reorder: 0.1,
            reorder_by: 5 * MS / 2,
            ..Way::default()
        });
        // Twice the time of arrival, in milliseconds, and the number.
        let mut expected = Vec::new();
        for n in 0..100 {
            let held = match push(&mut link, n * MS, 100).verdict {
                Verdict::Passes { reordered, .. } => u64::from(reordered),
                verdict => panic!("{verdict:?}"),
            };
            expected.push((2 * n + 5 * held, n));
        }
        assert!(!expected.is_sorted());
        expected.sort_unstable();
        let arrived = all(&mut link).into_iter();
        let arrived = arrived.map(|it| (it.at * 2 / MS, it.number));
        assert_eq!(arrived.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_copy_comes_right_behind_and_takes_none_of_the_rate() {
        let mut link = up(Way {
            rate: Some(12_000_000),
            duplicate: 1.0,
            ..Way::default()
        });
        for _ in 0..2 {
            push(&mut link, 0, 1500);
        }
        let arrivals = all(&mut link);
        let seen = arrivals.iter().map(|it| (it.number, it.at, it.copy));
        let seen: Vec<_> = seen.collect();
        let (one, two) = (MS, 2 * MS);
        let expected = [
            (0, one, false),
            (0, one, true),
            (1, two, false),
            (1, two, true),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn an_ecn_capable_packet_is_marked_above_the_threshold_only() {
        let mut link = up(Way {
            rate: Some(12_000_000),
            mark_above: Some(1500),
            ..Way::default()
        });
        let mut packet = vec![0; 1500];
        (packet[0], packet[1]) = (0x45, 0b10);
        let marks: Vec<bool> = (0..4)
            .map(|_| match link.push(0, Direction::Up, packet.clone()) {
                Fate {
                    verdict: Verdict::Passes { marked, .. },
                    ..
                } => marked,
                fate => panic!("{fate:?}"),
            })
            .collect();
        // They find 0, 1,500, 3,000 and 4,500 bytes.
        assert_eq!(marks, [false, false, true, true]);
        let arrived = all(&mut link).into_iter().map(|it| it.packet[1]);
        assert_eq!(arrived.collect::<Vec<_>>(), [2, 2, 3, 3]);
    }
}
