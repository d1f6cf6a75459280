//! Senders over one link: in go flows and a duration, out comes what each
//! flow did.

use super::{Counts, Kind, Limits, Receiver, Sender};
use crate::link::{Direction, Nanos, OutOfRange, Packet, Settings};
use crate::sim::SECOND;
use crate::sim::trace::{Trace, What};
use crate::sim::world::{Event, Numbered, World};

/// IPv4 and TCP headers with the time stamps that most systems send.
const HEADERS: u64 = 52;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    pub kind: Kind,
    pub start: Nanos,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    pub link: Settings,
    pub flows: Vec<Flow>,
    /// Bytes of data in a segment.
    pub smss: u64,
    pub limits: Limits,
    /// Whether ACKs say what they answer (RFC 2018), as nearly all do.
    pub selective: bool,
    /// When the run ends.
    pub duration: Nanos,
    /// Goodput counts from here on.
    pub measure_from: Nanos,
    /// Time between two samples of the windows; 0: none.
    pub sample_every: Nanos,
}

/// A flow at one moment; sizes in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    pub at: Nanos,
    pub window: u64,
    /// `u64::MAX` before the first loss.
    pub threshold: u64,
    /// The smoothed round-trip time, once there is one.
    pub rtt: Option<Nanos>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    pub counts: Counts,
    /// Bytes that arrived in order, since `measure_from`.
    pub delivered: u64,
    /// The same in bits per second.
    pub goodput: f64,
    pub samples: Vec<Sample>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub flows: Vec<Measured>,
    /// Packets sent, packets arrived, and alarms.
    pub events: u64,
    pub trace: Trace,
}

/// Runs the flows, or is the setting that no link can have.
pub fn run(setup: &Setup, trace: Trace) -> Result<Report, OutOfRange> {
    let world = World::new(setup.link.clone(), trace)?;
    let ends = setup.flows.iter().map(|it| Ends::new(setup, it.kind));
    let mut run = Run {
        setup,
        world,
        ends: ends.collect(),
    };
    for (flow, it) in setup.flows.iter().enumerate() {
        run.world.wake(it.start, Alarm::Start(flow));
    }
    run.world.wake(setup.measure_from, Alarm::Measure);
    if setup.sample_every > 0 {
        run.world.wake(0, Alarm::Sample);
    }
    while run.world.next_at().is_some_and(|at| at <= setup.duration) {
        if let Some(event) = run.world.next_event() {
            run.handle(event);
        }
    }
    Ok(run.report())
}

/// Both ends of a flow.
struct Ends {
    started: bool,
    sender: Sender,
    receiver: Receiver,
    /// The earliest alarm that is set for the sender's deadline. One that is
    /// put off rings all the same, and is set anew then: for every ACK moves
    /// the deadline, and few deadlines come.
    armed: Option<Nanos>,
    /// When a sender that spaces its segments may send the next.
    free_at: Nanos,
    before: u64,
    samples: Vec<Sample>,
}

impl Ends {
    fn new(setup: &Setup, kind: Kind) -> Ends {
        let sender = Sender::new(kind, setup.smss, setup.limits);
        Ends {
            started: false,
            sender: match setup.selective {
                true => sender.selective(),
                false => sender,
            },
            receiver: Receiver::default(),
            armed: None,
            free_at: 0,
            before: 0,
            samples: Vec::new(),
        }
    }
}

struct Run<'a> {
    setup: &'a Setup,
    world: World<Datum, Alarm>,
    ends: Vec<Ends>,
}

enum Alarm {
    Start(usize),
    Deadline(usize),
    /// A sender that spaces its segments may send the next.
    Gap(usize),
    Measure,
    Sample,
}

impl Run<'_> {
    fn handle(&mut self, event: Event<Datum, Alarm>) {
        match event {
            Event::Arrived(it) if it.direction == Direction::Up => {
                let flow = it.packet.flow as usize;
                let receiver = &mut self.ends[flow].receiver;
                let ack = receiver.arrived(it.packet.number, self.setup.smss);
                let ack = Datum {
                    number: ack,
                    bytes: HEADERS as u32,
                    ..it.packet
                };
                self.world.send(Direction::Down, ack);
            }
            Event::Arrived(it) => {
                let Datum {
                    flow,
                    number,
                    transmission,
                    ..
                } = it.packet;
                self.world.note(What::Acked, flow, number);
                let now = self.world.now();
                let sender = &mut self.ends[flow as usize].sender;
                sender.acked_selectively(now, number, transmission);
                self.transmit(flow as usize);
            }
            Event::Rang(alarm) => self.rang(alarm),
        }
    }

    fn rang(&mut self, alarm: Alarm) {
        match alarm {
            Alarm::Start(flow) => {
                self.ends[flow].started = true;
                self.transmit(flow);
            }
            Alarm::Deadline(flow) => self.deadline(flow),
            Alarm::Gap(flow) => self.transmit(flow),
            Alarm::Measure => {
                for it in &mut self.ends {
                    it.before = it.receiver.delivered();
                }
            }
            Alarm::Sample => {
                let at = self.world.now();
                self.ends.iter_mut().for_each(|it| it.sample(at));
                self.world.wake(at + self.setup.sample_every, alarm);
            }
        }
    }

    fn deadline(&mut self, flow: usize) {
        let (now, ends) = (self.world.now(), &mut self.ends[flow]);
        if ends.armed == Some(now) {
            ends.armed = None;
        }
        if ends.sender.deadline().is_some_and(|it| it <= now) {
            let oldest = ends.receiver.delivered();
            ends.sender.timed_out(now);
            self.world.note(What::TimedOut, flow as u32, oldest);
        }
        self.transmit(flow);
    }

    /// Sends what the window lets out, and sees that the deadline rings.
    fn transmit(&mut self, flow: usize) {
        let (now, ends) = (self.world.now(), &mut self.ends[flow]);
        while ends.started && ends.free_at <= now {
            let Some(segment) = ends.sender.next_segment(now) else {
                break;
            };
            let bytes = (self.setup.smss + HEADERS) as u32;
            let number = segment.number;
            let flow = flow as u32;
            let datum = Datum {
                flow,
                number,
                transmission: segment.transmission,
                bytes,
            };
            self.world.send(Direction::Up, datum);
            if let Some(gap) = ends.sender.gap() {
                ends.free_at = now + gap;
                self.world.wake(ends.free_at, Alarm::Gap(flow as usize));
            }
        }
        if let Some(at) = ends.sender.deadline()
            && ends.armed.is_none_or(|armed| at < armed)
        {
            ends.armed = Some(at);
            self.world.wake(at, Alarm::Deadline(flow));
        }
    }

    fn report(self) -> Report {
        let time = self.setup.duration.saturating_sub(self.setup.measure_from);
        let flows = self.ends.into_iter().map(|it| {
            let delivered = it.receiver.delivered() - it.before;
            let seconds = time.max(1) as f64 / SECOND as f64;
            Measured {
                counts: it.sender.counts(),
                delivered,
                goodput: 8.0 * delivered as f64 / seconds,
                samples: it.samples,
            }
        });
        Report {
            flows: flows.collect(),
            events: self.world.events(),
            trace: self.world.into_trace(),
        }
    }
}

impl Ends {
    fn sample(&mut self, at: Nanos) {
        self.samples.push(Sample {
            at,
            window: self.sender.window(),
            threshold: self.sender.threshold(),
            rtt: self.sender.rto().smoothed(),
        });
    }
}

/// A segment with its first byte, or an ACK with the byte it asks for.
#[derive(Debug, Clone, Copy)]
struct Datum {
    flow: u32,
    number: u64,
    /// Which transmission it is, and an ACK: which it answers.
    transmission: u64,
    bytes: u32,
}

impl Packet for Datum {
    fn len(&self) -> usize {
        self.bytes as usize
    }

    fn is_data(&self) -> bool {
        u64::from(self.bytes) > HEADERS
    }

    fn mark_congestion(&mut self) -> bool {
        false
    }
}

impl Numbered for Datum {
    fn number(&self) -> u64 {
        self.number
    }

    fn flow(&self) -> u32 {
        self.flow
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link::{Queue, Way};
    use crate::sim::MILLISECOND;

    /// 10 Mbit/s, 40 ms, and a queue of one bandwidth-delay product.
    fn goodput(kind: Kind, loss: f64) -> f64 {
        let way = Way {
            delay: 20 * MILLISECOND,
            ..Way::default()
        };
        let up = Way {
            rate: Some(10_000_000),
            queue: Queue::Bytes(50_000),
            loss,
            ..way.clone()
        };
        let setup = Setup {
            link: Settings {
                up,
                down: way,
                seed: 1,
            },
            flows: vec![Flow { kind, start: 0 }],
            smss: 1448,
            limits: Limits::LINUX,
            selective: true,
            duration: 30 * SECOND,
            measure_from: 5 * SECOND,
            sample_every: SECOND,
        };
        let report = run(&setup, Trace::none()).expect("in range");
        assert_eq!(report.flows[0].samples.len(), 31);
        report.flows[0].goodput / 1e6
    }

    #[test]
    fn who_takes_loss_for_congestion_is_slow_where_it_is_none() {
        for kind in [Kind::Reno, Kind::Cubic, Kind::BbrLike] {
            let quiet = goodput(kind, 0.0);
            // 9.65 is all that headers leave.
            assert!((9.0..9.66).contains(&quiet), "{kind:?}: {quiet}");
        }
        let lossy = |kind| goodput(kind, 0.02);
        let (reno, model) = (lossy(Kind::Reno), lossy(Kind::BbrLike));
        assert!(reno < 3.0 && model > 8.5, "{reno} {model}");
    }

    #[test]
    fn a_lost_segment_is_followed_through_the_trace() {
        let way = Way {
            delay: 20 * MILLISECOND,
            drop_nth: vec![crate::link::Nth::Data(5)],
            ..Way::default()
        };
        let (kind, start) = (Kind::Reno, 0);
        let flow = Flow { kind, start };
        let setup = Setup {
            link: Settings {
                up: way.clone(),
                down: Way {
                    drop_nth: Vec::new(),
                    ..way
                },
                seed: 1,
            },
            flows: vec![flow],
            smss: 1000,
            limits: Limits::RFC,
            selective: false,
            duration: 90 * MILLISECOND,
            measure_from: 0,
            sample_every: 0,
        };
        let report = run(&setup, Trace::first(1000)).expect("in range");
        let of = |what| {
            let steps = report.trace.steps().iter().filter(move |step| {
                let up = step.direction == Direction::Up;
                up && step.number == 4000 && step.what == what
            });
            steps.map(|it| it.at / MILLISECOND).collect::<Vec<_>>()
        };
        // Three duplicates come within one round trip: no timer ran out.
        assert_eq!(of(What::Sent), [0, 40]);
        assert_eq!(of(What::Lost), [0]);
        assert_eq!(of(What::Arrived), [60]);
        assert_eq!(of(What::TimedOut), [0; 0]);
        assert_eq!(report.flows[0].counts.loss_events, 1);
    }
}
