//! Flow control: in go a receiver's buffer and how fast its program reads,
//! out comes how fast a sender gets rid of its bytes, and how often it was
//! told to stop (RFC 9293 §3.8.6).

use super::SECOND;
use super::trace::{Trace, What};
use super::world::{Event, Numbered, World};
use crate::link::{Direction, Nanos, OutOfRange, Packet, Settings};

const HEADERS: u32 = 52;
/// A probe is one byte of new data (RFC 9293 §3.8.6.1).
const PROBE: u64 = 1;

/// A sender that always has more, and a program that reads.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    pub link: Settings,
    /// Bytes of data in a segment.
    pub segment: u64,
    /// The receiver's buffer, in bytes.
    pub buffer: u64,
    /// Bytes that the program reads at once, and the time between two reads.
    /// `None`: it reads whatever comes, at once.
    pub reads: Option<(u64, Nanos)>,
    /// The program reads nothing before.
    pub reads_from: Nanos,
    /// The first pause before a probe; it doubles (§3.8.6.1).
    pub probe_after: Nanos,
    pub duration: Nanos,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Bytes that the program has read.
    pub read: u64,
    /// The same in bits per second.
    pub rate: f64,
    /// The window, in bytes, each time that the sender learned of one.
    pub windows: Vec<(Nanos, u64)>,
    /// When a probe was sent.
    pub probes: Vec<Nanos>,
    /// The most bytes that ever lay in the buffer.
    pub most_buffered: u64,
    pub trace: Trace,
}

/// Runs it, or is the setting that no link can have.
pub fn run(setup: &Setup, trace: Trace) -> Result<Measured, OutOfRange> {
    let mut run = Run {
        setup,
        world: World::new(setup.link.clone(), trace)?,
        sender: Sender {
            acked: 0,
            next: 0,
            window: setup.buffer,
            pause: None,
        },
        receiver: Receiver {
            expected: 0,
            buffered: 0,
            read: 0,
            edge: setup.buffer,
        },
        windows: vec![(0, setup.buffer)],
        probes: Vec::new(),
        most_buffered: 0,
    };
    run.world.wake(setup.reads_from, Alarm::Read);
    run.transmit();
    while run.world.next_at().is_some_and(|at| at <= setup.duration) {
        if let Some(event) = run.world.next_event() {
            run.handle(event);
        }
    }
    Ok(run.measured())
}

struct Sender {
    /// All before this byte has arrived.
    acked: u64,
    next: u64,
    /// How many bytes beyond `acked` may be on the way.
    window: u64,
    /// The pause before the next probe, while the window is shut.
    pause: Option<Nanos>,
}

struct Receiver {
    expected: u64,
    buffered: u64,
    read: u64,
    /// The end of the window that was told last: no byte from here on.
    edge: u64,
}

enum Alarm {
    Read,
    /// The window may still be shut: it was when the sender knew that so
    /// many bytes had arrived.
    Probe {
        acked: u64,
    },
}

struct Run<'a> {
    setup: &'a Setup,
    world: World<Datum, Alarm>,
    sender: Sender,
    receiver: Receiver,
    windows: Vec<(Nanos, u64)>,
    probes: Vec<Nanos>,
    most_buffered: u64,
}

impl Run<'_> {
    fn handle(&mut self, event: Event<Datum, Alarm>) {
        match event {
            Event::Arrived(it) if it.direction == Direction::Up => {
                self.take(it.packet);
            }
            Event::Arrived(it) => self.acked(it.packet),
            Event::Rang(Alarm::Read) => self.read(),
            Event::Rang(Alarm::Probe { acked }) => self.probe(acked),
        }
    }

    /// The receiver takes what fits, and says what it has and what fits.
    fn take(&mut self, packet: Datum) {
        let receiver = &mut self.receiver;
        let fits = packet.number + packet.data <= receiver.edge;
        if packet.number == receiver.expected && fits {
            receiver.expected += packet.data;
            receiver.buffered += packet.data;
        }
        self.most_buffered = self.most_buffered.max(receiver.buffered);
        if self.setup.reads.is_none()
            && self.world.now() >= self.setup.reads_from
        {
            receiver.read += receiver.buffered;
            receiver.buffered = 0;
        }
        self.announce();
    }

    fn read(&mut self) {
        let receiver = &mut self.receiver;
        let (most, pause) = self.setup.reads.unwrap_or((u64::MAX, 0));
        let bytes = receiver.buffered.min(most);
        receiver.buffered -= bytes;
        receiver.read += bytes;
        if self.setup.reads.is_some() {
            let next = self.world.now() + pause.max(1);
            self.world.wake(next, Alarm::Read);
        }
        if self.worth_telling() {
            self.announce();
        }
    }

    /// Whether the window can grow by a segment, or half of the buffer. If it
    /// grew by less, small segments would fill it for ever: the silly window
    /// syndrome (§3.8.6.2.2).
    fn worth_telling(&self) -> bool {
        let least = self.setup.segment.min(self.setup.buffer / 2);
        self.free_edge() >= self.receiver.edge + least
    }

    /// Where the window would end if all free space were offered.
    fn free_edge(&self) -> u64 {
        let free = self.setup.buffer - self.receiver.buffered;
        self.receiver.expected + free
    }

    /// The window's end never moves back (§3.8.6): bytes that were asked for
    /// may be on the way.
    fn announce(&mut self) {
        if self.worth_telling() {
            self.receiver.edge = self.free_edge();
        }
        let Receiver { expected, edge, .. } = self.receiver;
        let ack = Datum {
            number: expected,
            data: 0,
            window: edge - expected,
        };
        self.world.send(Direction::Down, ack);
    }

    fn acked(&mut self, ack: Datum) {
        let (now, sender) = (self.world.now(), &mut self.sender);
        self.world.note(What::Acked, 0, ack.number);
        if ack.number < sender.acked {
            return;
        }
        sender.acked = ack.number;
        // A probe's byte was taken.
        sender.next = sender.next.max(ack.number);
        sender.window = ack.window;
        self.windows.push((now, ack.window));
        if ack.window >= self.setup.segment {
            sender.pause = None;
            self.transmit();
        } else if sender.pause.is_none() && sender.next == sender.acked {
            sender.pause = Some(self.setup.probe_after);
            self.set_probe();
        }
    }

    fn transmit(&mut self) {
        let (segment, sender) = (self.setup.segment, &mut self.sender);
        while sender.next + segment <= sender.acked + sender.window {
            let number = sender.next;
            sender.next += segment;
            let datum = Datum {
                number,
                data: segment,
                window: 0,
            };
            self.world.send(Direction::Up, datum);
        }
    }

    fn set_probe(&mut self) {
        if let Some(pause) = self.sender.pause {
            let acked = self.sender.acked;
            let at = self.world.now() + pause;
            self.world.wake(at, Alarm::Probe { acked });
        }
    }

    /// The ACK that opens the window may be lost, and nobody acknowledges an
    /// ACK: without a probe both would wait for ever (§3.8.6.1).
    fn probe(&mut self, acked: u64) {
        let sender = &mut self.sender;
        let Some(pause) = &mut sender.pause else {
            return;
        };
        if acked != sender.acked {
            return;
        }
        *pause *= 2;
        let datum = Datum {
            number: sender.next,
            data: PROBE,
            window: 0,
        };
        self.probes.push(self.world.now());
        self.world.send(Direction::Up, datum);
        self.set_probe();
    }

    fn measured(self) -> Measured {
        let seconds = self.setup.duration.max(1) as f64 / SECOND as f64;
        Measured {
            read: self.receiver.read,
            rate: 8.0 * self.receiver.read as f64 / seconds,
            windows: self.windows,
            probes: self.probes,
            most_buffered: self.most_buffered,
            trace: self.world.into_trace(),
        }
    }
}

/// A segment, or an ACK with a window.
#[derive(Debug, Clone, Copy)]
struct Datum {
    number: u64,
    data: u64,
    window: u64,
}

impl Packet for Datum {
    fn len(&self) -> usize {
        HEADERS as usize + self.data as usize
    }

    fn is_data(&self) -> bool {
        self.data > 0
    }

    fn mark_congestion(&mut self) -> bool {
        false
    }
}

impl Numbered for Datum {
    fn number(&self) -> u64 {
        self.number
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{Nth, Way};
    use crate::sim::MILLISECOND;

    fn setup(down: Way) -> Setup {
        let up = Way {
            delay: 20 * MILLISECOND,
            ..Way::default()
        };
        let down = Way {
            delay: 20 * MILLISECOND,
            ..down
        };
        let seed = 1;
        Setup {
            link: Settings { up, down, seed },
            segment: 1000,
            buffer: 8000,
            reads: None,
            reads_from: 0,
            probe_after: 200 * MILLISECOND,
            duration: 10 * SECOND,
        }
    }

    fn run(setup: &Setup) -> Measured {
        super::run(setup, Trace::none()).expect("the link is in range")
    }

    #[test]
    fn a_window_each_round_trip() {
        // 8,000 bytes in 40 ms: 250 windows in 10 s.
        let run = run(&setup(Way::default()));
        assert!(run.read.abs_diff(250 * 8000) <= 8000, "{}", run.read);
        assert!(run.probes.is_empty() && run.most_buffered == 1000);
    }

    #[test]
    fn a_slow_reader_slows_the_sender_down_in_bounded_memory() {
        let slow = Setup {
            reads: Some((500, 100 * MILLISECOND)),
            ..setup(Way::default())
        };
        let run = run(&slow);
        assert_eq!(run.read, 500 * 100);
        assert_eq!(run.most_buffered, 8000);
        assert!(run.windows.iter().any(|(_, window)| *window == 0));
        // No window between nothing and a segment was ever announced.
        let silly = |it: &(Nanos, u64)| (1..1000).contains(&it.1);
        assert!(!run.windows.iter().any(silly));
    }

    #[test]
    fn probes_double_their_pauses_and_find_the_window_that_was_lost() {
        // The program reads after 3 s; the ACK that says so is lost: eight
        // segments and three probes were acknowledged before.
        let lost = Way {
            drop_nth: vec![Nth::Packet(12)],
            ..Way::default()
        };
        let late = Setup {
            reads_from: 3 * SECOND,
            ..setup(lost)
        };
        let run = run(&late);
        let at: Vec<_> = run.probes.iter().map(|it| it / MILLISECOND).collect();
        // Shut since 40 ms; pauses of 200, 400, 800, 1,600, 3,200 ms.
        assert_eq!(at, [240, 640, 1440, 3040]);
        assert!(run.read > 1_000_000, "{}", run.read);
    }
}
