//! The world of a model: in go packets to send and times to wake up at, out
//! come arrivals and alarms, in the order of their times.
//!
//! ```text
//!  sender ──send──▶ link ──▶ Arrived ──▶ receiver
//!     ╰──wake──▶ agenda ──▶ Rang
//! ```
//!
//! The link is the laboratory's: one link, two drivers. Here the clock jumps
//! to the next event, so an hour takes as long as its packets do.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::trace::{Step, Trace, What};
use crate::link::{
    Arrival, Direction, Fate, Link, Nanos, OutOfRange, Packet, Settings,
    Verdict,
};

/// A packet of a model: the link asks how long it is, the trace whose it is.
pub trait Numbered: Packet {
    /// What the protocol numbers it.
    fn number(&self) -> u64;

    /// Which of several senders it belongs to.
    fn flow(&self) -> u32 {
        0
    }
}

/// What happens next.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<P, A> {
    /// A packet comes out of the link.
    Arrived(Arrival<P>),
    /// A time has come for which somebody asked to be woken.
    Rang(A),
}

/// A link, alarms, and the one clock of both.
#[derive(Debug)]
pub struct World<P, A> {
    now: Nanos,
    link: Link<P>,
    agenda: Agenda<A>,
    events: u64,
    trace: Trace,
}

impl<P: Numbered, A> World<P, A> {
    /// A world at time 0, or the setting that no link can have.
    pub fn new(link: Settings, trace: Trace) -> Result<Self, OutOfRange> {
        Ok(World {
            now: 0,
            link: Link::new(link)?,
            agenda: Agenda::default(),
            events: 0,
            trace,
        })
    }

    pub fn now(&self) -> Nanos {
        self.now
    }

    /// Packets that were sent, that arrived, and alarms that rang, so far.
    pub fn events(&self) -> u64 {
        self.events
    }

    pub fn link(&self) -> &Link<P> {
        &self.link
    }

    pub fn into_trace(self) -> Trace {
        self.trace
    }

    /// Hands a packet to the link, now.
    pub fn send(&mut self, direction: Direction, packet: P) -> Fate {
        let (flow, number) = (packet.flow(), packet.number());
        let fate = self.link.push(self.now, direction, packet);
        self.events += 1;
        let mut step = Step {
            at: self.now,
            what: What::Sent,
            direction,
            flow,
            number,
            packet: Some(fate.number),
        };
        self.trace.record(step);
        step.what = match fate.verdict {
            Verdict::Passes { .. } => return fate,
            Verdict::Lost(_) => What::Lost,
            Verdict::Dropped | Verdict::TooBig => What::Dropped,
        };
        self.trace.record(step);
        fate
    }

    /// Asks to be woken at a time. An alarm cannot be taken back: whoever is
    /// woken looks whether it still matters.
    pub fn wake(&mut self, at: Nanos, alarm: A) {
        self.agenda.add(at.max(self.now), alarm);
    }

    /// Notes in the trace what a sender learns or decides about a packet.
    pub fn note(&mut self, what: What, flow: u32, number: u64) {
        self.trace.record(Step {
            at: self.now,
            what,
            direction: Direction::Up,
            flow,
            number,
            packet: None,
        });
    }

    /// When something happens next.
    pub fn next_at(&self) -> Option<Nanos> {
        let times = [self.link.next(), self.agenda.next_at()];
        times.into_iter().flatten().min()
    }

    /// Moves the clock to the next event, and is it. Of two at the same
    /// time, an arrival is first: an ACK that comes as the timer runs out is
    /// not too late.
    pub fn next_event(&mut self) -> Option<Event<P, A>> {
        self.now = self.next_at()?;
        self.events += 1;
        if let Some(arrival) = self.link.pop(self.now) {
            self.trace.record(Step {
                at: self.now,
                what: What::Arrived,
                direction: arrival.direction,
                flow: arrival.packet.flow(),
                number: arrival.packet.number(),
                packet: Some(arrival.number),
            });
            return Some(Event::Arrived(arrival));
        }
        let (_, alarm) = self.agenda.pop()?;
        Some(Event::Rang(alarm))
    }

    /// The next event, if it happens at the time that it is already.
    pub fn due(&mut self) -> Option<Event<P, A>> {
        if self.next_at()? > self.now {
            return None;
        }
        self.next_event()
    }
}

/// Things that happen at a time. Of two at the same time, the one that was
/// added first is first: a run must not depend on how a heap breaks ties.
#[derive(Debug)]
pub struct Agenda<T> {
    entries: BinaryHeap<Reverse<Entry<T>>>,
    added: u64,
}

impl<T> Default for Agenda<T> {
    fn default() -> Agenda<T> {
        Agenda {
            entries: BinaryHeap::new(),
            added: 0,
        }
    }
}

impl<T> Agenda<T> {
    pub fn add(&mut self, at: Nanos, what: T) {
        let order = self.added;
        self.added += 1;
        self.entries.push(Reverse(Entry { at, order, what }));
    }

    pub fn next_at(&self) -> Option<Nanos> {
        self.entries.peek().map(|Reverse(first)| first.at)
    }

    /// The first thing, and its time.
    pub fn pop(&mut self) -> Option<(Nanos, T)> {
        let Reverse(first) = self.entries.pop()?;
        Some((first.at, first.what))
    }
}

#[derive(Debug)]
struct Entry<T> {
    at: Nanos,
    order: u64,
    what: T,
}

impl<T> Ord for Entry<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

impl<T> PartialOrd for Entry<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Entry<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.order) == (other.at, other.order)
    }
}

impl<T> Eq for Entry<T> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::Way;
    use crate::sim::MILLISECOND;

    #[derive(Debug, Clone, PartialEq)]
    struct Letter(u64);

    impl Packet for Letter {
        fn len(&self) -> usize {
            100
        }

        fn is_data(&self) -> bool {
            true
        }

        fn mark_congestion(&mut self) -> bool {
            false
        }
    }

    impl Numbered for Letter {
        fn number(&self) -> u64 {
            self.0
        }
    }

    #[test]
    fn an_arrival_is_before_an_alarm_of_the_same_time() {
        let up = Way {
            delay: 5 * MILLISECOND,
            drop_nth: vec![crate::link::Nth::Packet(2)],
            ..Way::default()
        };
        let settings = Settings {
            up,
            ..Settings::default()
        };
        let trace = Trace::first(10);
        let mut world = World::new(settings, trace).expect("in range");
        world.wake(5 * MILLISECOND, "late");
        world.wake(5 * MILLISECOND, "later");
        world.wake(MILLISECOND, "early");
        world.send(Direction::Up, Letter(7));
        world.send(Direction::Up, Letter(8));
        assert!(world.due().is_none());
        assert_eq!(world.next_event(), Some(Event::Rang("early")));
        let arrived = |it: &Event<Letter, _>| matches!(it, Event::Arrived(_));
        assert!(world.next_event().as_ref().is_some_and(arrived));
        assert_eq!(world.due(), Some(Event::Rang("late")));
        assert_eq!(world.due(), Some(Event::Rang("later")));
        assert_eq!((world.now(), world.events()), (5 * MILLISECOND, 6));
        assert_eq!(world.next_event(), None);
        let text = world.into_trace().to_string();
        let expected = "       0.0 up   0 7 sent\n       \
                        0.0 up   0 8 sent\n       \
                        0.0 up   0 8 lost\n    \
                        5000.0 up   0 7 arrived\n";
        assert_eq!(text, expected);
    }
}
