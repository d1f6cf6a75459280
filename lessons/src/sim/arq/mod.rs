//! Automatic repeat request: in go a protocol and a line that loses frames,
//! out comes how much of the line's time was useful.
//!
//! The sender always has another frame. A frame takes [`FRAME`] to leave and
//! `delay` to arrive; an ACK is so short that it takes `delay` alone. With
//! the timeout of one frame and two delays, nothing is given up that could
//! still be acknowledged.

mod go_back_n;
mod selective_repeat;
mod stop_and_wait;

use super::MILLISECOND;
use super::trace::{Trace, What};
use super::world::{Event, Numbered, World};
use crate::link::{Direction, Nanos, OutOfRange, Packet, Settings, Way};

pub use go_back_n::GoBackN;
pub use selective_repeat::{SelectiveRepeat, WindowOf};
pub use stop_and_wait::StopAndWait;

/// The time in which a frame leaves: 1,500 bytes at 12 Mbit/s.
pub const FRAME: Nanos = MILLISECOND;
const FRAME_BYTES: u32 = 1500;
const ACK_BYTES: u32 = 40;
const RATE: u64 = 12_000_000;

/// Both ends of a protocol: what they decide, without a clock or a line.
pub trait Protocol {
    /// The frame to send now; `None` while it has to wait.
    fn next_frame(&mut self) -> Option<u64>;

    /// The sender gets an ACK.
    fn acked(&mut self, ack: u64);

    /// Frame `number` was sent one timeout ago, and not again since.
    /// Whether the sender now takes it for lost.
    fn timed_out(&mut self, number: u64) -> bool;

    /// The receiver gets a frame: the ACK that it sends back.
    fn arrived(&mut self, number: u64) -> u64;

    /// Frames that the receiver has handed on, in order.
    fn delivered(&self) -> u64;
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// From the last bit's departure to its arrival, each way.
    pub delay: Nanos,
    /// Probability that a frame is lost.
    pub loss: f64,
    /// Probability that an ACK is lost. The formulas assume 0.
    pub ack_loss: f64,
    /// Frames leave no closer together than this. 0: back to back. A sender
    /// whose window is too small for the line can spread it over the round
    /// trip, as the formula of Go-Back-N assumes: [`spread`].
    pub spacing: Nanos,
    pub seed: u64,
}

/// The spacing that spreads a window over a round trip.
pub fn spread(window: u64, delay: Nanos) -> Nanos {
    (FRAME + 2 * delay) / window.max(1)
}

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Frames sent, again and again.
    pub sent: u64,
    /// Frames handed on in order.
    pub delivered: u64,
    pub took: Nanos,
    /// The share of the time in which frames left that were handed on.
    pub utilisation: f64,
    /// Packets sent, packets arrived, and alarms.
    pub events: u64,
    pub trace: Trace,
}

/// Runs a protocol until `frames` have been handed on.
pub fn run(
    protocol: impl Protocol,
    line: Line,
    frames: u64,
    trace: Trace,
) -> Result<Measured, OutOfRange> {
    let way = |loss, rate| Way {
        delay: line.delay,
        loss,
        rate,
        ..Way::default()
    };
    let link = Settings {
        up: way(line.loss, Some(RATE)),
        down: way(line.ack_loss, None),
        seed: line.seed,
    };
    let mut run = Run {
        protocol,
        world: World::new(link, trace)?,
        line,
        free_at: 0,
        sent_at: Vec::new(),
        sent: 0,
    };
    while run.protocol.delivered() < frames && run.step() {}
    Ok(run.measured())
}

struct Run<P> {
    protocol: P,
    world: World<Frame, Alarm>,
    line: Line,
    /// When the next frame may leave.
    free_at: Nanos,
    /// When each frame was sent last.
    sent_at: Vec<Nanos>,
    sent: u64,
}

enum Alarm {
    /// The transmitter is free.
    Free,
    Timeout {
        number: u64,
        sent_at: Nanos,
    },
}

impl<P: Protocol> Run<P> {
    /// Whatever happens at one moment, and then the next frame: what has
    /// arrived by now is known to who decides now.
    fn step(&mut self) -> bool {
        while let Some(event) = self.world.due() {
            self.handle(event);
        }
        self.transmit();
        let Some(event) = self.world.next_event() else {
            return false;
        };
        self.handle(event);
        true
    }

    fn handle(&mut self, event: Event<Frame, Alarm>) {
        match event {
            Event::Arrived(it) if it.direction == Direction::Up => {
                let number = self.protocol.arrived(it.packet.number);
                let bytes = ACK_BYTES;
                self.world.send(Direction::Down, Frame { number, bytes });
            }
            Event::Arrived(it) => {
                self.world.note(What::Acked, 0, it.packet.number);
                self.protocol.acked(it.packet.number);
            }
            Event::Rang(Alarm::Timeout { number, sent_at }) => {
                let last = self.sent_at[number as usize] == sent_at;
                if last && self.protocol.timed_out(number) {
                    self.world.note(What::TimedOut, 0, number);
                }
            }
            Event::Rang(Alarm::Free) => {}
        }
    }

    fn transmit(&mut self) {
        let now = self.world.now();
        if now < self.free_at {
            return;
        }
        let Some(number) = self.protocol.next_frame() else {
            return;
        };
        let bytes = FRAME_BYTES;
        self.world.send(Direction::Up, Frame { number, bytes });
        self.sent += 1;
        let index = number as usize;
        if index >= self.sent_at.len() {
            self.sent_at.resize(index + 1, 0);
        }
        self.sent_at[index] = now;
        self.free_at = now + FRAME.max(self.line.spacing);
        self.world.wake(self.free_at, Alarm::Free);
        let sent_at = now;
        let timeout = Alarm::Timeout { number, sent_at };
        self.world.wake(now + FRAME + 2 * self.line.delay, timeout);
    }

    fn measured(self) -> Measured {
        let (delivered, took) = (self.protocol.delivered(), self.world.now());
        let useful = (delivered * FRAME) as f64;
        Measured {
            sent: self.sent,
            delivered,
            took,
            utilisation: useful / took.max(1) as f64,
            events: self.world.events(),
            trace: self.world.into_trace(),
        }
    }
}

/// A frame with its number, or an ACK with what it acknowledges.
#[derive(Debug, Clone, Copy)]
struct Frame {
    number: u64,
    bytes: u32,
}

impl Packet for Frame {
    fn len(&self) -> usize {
        self.bytes as usize
    }

    fn is_data(&self) -> bool {
        self.bytes == FRAME_BYTES
    }

    fn mark_congestion(&mut self) -> bool {
        false
    }
}

impl Numbered for Frame {
    fn number(&self) -> u64 {
        self.number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(loss: f64, ack_loss: f64) -> Line {
        Line {
            delay: 3 * FRAME,
            loss,
            ack_loss,
            spacing: 0,
            seed: 1,
        }
    }

    fn check(protocol: impl Protocol, expected: f64) {
        let run = run(protocol, line(0.0, 0.0), 1000, Trace::none());
        let run = run.expect("the line is in range");
        assert_eq!((run.sent - 1000) / 10, 0, "{run:?}");
        let difference = (run.utilisation - expected).abs();
        assert!(difference < 0.006, "{} {expected}", run.utilisation);
    }

    #[test]
    fn a_window_of_seven_fills_a_line_of_seven_frames() {
        // A frame and six delays: 7 ms for 1 ms of use.
        check(StopAndWait::default(), 1.0 / 7.0);
        check(GoBackN::new(3), 3.0 / 7.0);
        check(GoBackN::new(7), 1.0);
        check(SelectiveRepeat::new(3, WindowOf::Flight), 3.0 / 7.0);
        check(SelectiveRepeat::new(7, WindowOf::Numbers), 1.0);
    }

    #[test]
    fn every_frame_is_delivered_whatever_is_lost() {
        fn all(protocol: impl Protocol) {
            let line = line(0.2, 0.2);
            let run = run(protocol, line, 2000, Trace::none());
            let run = run.expect("the line is in range");
            assert!(run.delivered >= 2000 && run.sent > 2400, "{run:?}");
        }
        all(StopAndWait::default());
        all(GoBackN::new(5));
        all(SelectiveRepeat::new(5, WindowOf::Flight));
        all(SelectiveRepeat::new(5, WindowOf::Numbers));
    }

    #[test]
    fn what_happened_is_told_frame_by_frame() {
        let line = Line {
            seed: 9,
            ..line(0.5, 0.0)
        };
        let trace = Trace::first(9);
        let run = run(StopAndWait::default(), line, 2, trace);
        let text = run.expect("the line is in range").trace.to_string();
        let expected = "       0.0 up   0 0 sent
    4000.0 up   0 0 arrived
    4000.0 down 0 0 sent
    7000.0 down 0 0 arrived
    7000.0 up   0 0 acked
    7000.0 up   0 1 sent
    7000.0 up   0 1 lost
   14000.0 up   0 1 timed out
   14000.0 up   0 1 sent
";
        assert_eq!(text, expected);
    }
}
