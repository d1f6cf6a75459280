//! One direction of a link: in goes a packet and its time, out comes what
//! becomes of it and when it arrives.

use super::random::{Draws, Purpose};
use super::transmitter::Transmitter;
use super::{
    Direction, Fate, GilbertElliott, Loss, Nanos, Nth, Packet, Queue, Tally,
    Verdict, Way,
};

#[derive(Debug)]
pub(super) struct Lane {
    way: Way,
    draws: Draws,
    transmitter: Option<Transmitter>,
    pub(super) tally: Tally,
    /// The latest time that was named: time does not run backwards.
    now: Nanos,
    /// When the last packet arrives that keeps its order.
    last_arrival: Nanos,
    /// The Gilbert-Elliott chain is in its bad state.
    bad: bool,
    /// Packets to drop, from 1, the next one last.
    named: Vec<u64>,
    /// The same among packets with data, of which so many have come.
    named_data: Vec<u64>,
    data: u64,
}

/// When a packet arrives.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flight {
    pub(super) at: Nanos,
    pub(super) queued_for: Nanos,
    pub(super) copies: u32,
}

/// When a packet's bits leave.
struct Departure {
    first_bit: Nanos,
    last_bit: Nanos,
    marked: bool,
}

impl Lane {
    /// Settings must have been checked.
    pub(super) fn new(way: Way, seed: u64, direction: Direction) -> Lane {
        let numbers = |of: fn(&Nth) -> Option<u64>| {
            let mut numbers: Vec<_> =
                way.drop_nth.iter().filter_map(of).collect();
            numbers.sort_unstable_by(|left, right| right.cmp(left));
            numbers.dedup();
            numbers
        };
        let named = numbers(|nth| match nth {
            Nth::Packet(number) => Some(*number),
            Nth::Data(_) => None,
        });
        let named_data = numbers(|nth| match nth {
            Nth::Data(number) => Some(*number),
            Nth::Packet(_) => None,
        });
        Lane {
            draws: Draws::new(seed, direction),
            transmitter: way.rate.map(Transmitter::new),
            tally: Tally::default(),
            now: 0,
            last_arrival: 0,
            bad: false,
            named,
            named_data,
            data: 0,
            way,
        }
    }

    /// Bytes in the queue; what had left when the last packet was pushed is
    /// not counted at an earlier time either.
    pub(super) fn queued(&self, now: Nanos) -> u64 {
        let transmitter = self.transmitter.as_ref();
        transmitter.map_or(0, |it| it.backlog(now))
    }

    /// The fate of a packet, and its flight if it passes.
    pub(super) fn admit<P: Packet>(
        &mut self,
        now: Nanos,
        packet: &mut P,
    ) -> (Fate, Option<Flight>) {
        let (number, bytes) = (self.tally.sent, packet.len() as u64);
        self.now = self.now.max(now);
        // Asked of every packet, even of one that is too big: whether a
        // packet is lost depends on its number alone.
        let loss = self.loss(number, packet);
        let too_big = self.way.mtu.is_some_and(|mtu| packet.len() > mtu);
        let (verdict, flight) = match loss {
            _ if too_big => (Verdict::TooBig, None),
            Some(loss) => (Verdict::Lost(loss), None),
            None => match self.enqueue(packet) {
                None => (Verdict::Dropped, None),
                Some(departure) => self.fly(number, departure),
            },
        };
        self.tally.pushed(bytes, verdict);
        (Fate { number, verdict }, flight)
    }

    fn loss(&mut self, number: u64, packet: &impl Packet) -> Option<Loss> {
        let named = self.is_named(number, packet);
        let burst = self.way.burst.is_some_and(|it| self.step(number, it));
        let lost = self.way.loss;
        if named {
            Some(Loss::Named)
        } else if burst {
            Some(Loss::Burst)
        } else if self.draws.happens(Purpose::Loss, number, lost) {
            Some(Loss::Random)
        } else {
            None
        }
    }

    fn is_named(&mut self, number: u64, packet: &impl Packet) -> bool {
        let named = self.named.pop_if(|next| *next == number + 1).is_some();
        // Looking into the packet costs time: only while it matters.
        if self.named_data.is_empty() || !packet.is_data() {
            return named;
        }
        self.data += 1;
        let data = self.data;
        self.named_data.pop_if(|next| *next == data).is_some() || named
    }

    /// One step of the chain, and whether it loses the packet.
    fn step(&mut self, number: u64, chain: GilbertElliott) -> bool {
        let turn = if self.bad { chain.good } else { chain.bad };
        self.bad ^= self.draws.happens(Purpose::Turn, number, turn);
        let lost = self.draws.happens(Purpose::BurstLoss, number, chain.loss);
        self.bad && lost
    }

    /// Puts a packet into the queue, if it fits: when its bits leave.
    fn enqueue(&mut self, packet: &mut impl Packet) -> Option<Departure> {
        let Some(transmitter) = &mut self.transmitter else {
            return Some(Departure {
                first_bit: self.now,
                last_bit: self.now,
                marked: false,
            });
        };
        let bytes = packet.len() as u64;
        let backlog = transmitter.forget(self.now);
        // The rule of Linux' `bfifo`: the packet itself counts.
        if let Queue::Bytes(size) = self.way.queue
            && backlog.saturating_add(bytes) > size
        {
            return None;
        }
        let long = self.way.mark_above.is_some_and(|most| backlog > most);
        let marked = long && packet.mark_congestion();
        let (first_bit, last_bit) = transmitter.send(self.now, bytes);
        Some(Departure {
            first_bit,
            last_bit,
            marked,
        })
    }

    /// What happens behind the transmitter.
    fn fly(
        &mut self,
        number: u64,
        departure: Departure,
    ) -> (Verdict, Option<Flight>) {
        let (way, draws) = (&self.way, &self.draws);
        let jitter = draws.up_to(Purpose::Jitter, number, way.jitter);
        let reordered = draws.happens(Purpose::Reorder, number, way.reorder);
        let copy = draws.happens(Purpose::Duplicate, number, way.duplicate);
        let at = departure.last_bit.saturating_add(way.delay + jitter);
        let mut at = at.max(self.last_arrival);
        if reordered {
            // Not what the next ones have to wait for: they overtake it.
            at = at.saturating_add(way.reorder_by);
        } else {
            self.last_arrival = at;
        }
        let copies = u32::from(copy);
        let verdict = Verdict::Passes {
            marked: departure.marked,
            copies,
            reordered,
        };
        let queued_for = departure.first_bit - self.now;
        let flight = Flight {
            at,
            queued_for,
            copies,
        };
        (verdict, Some(flight))
    }
}
