//! How a link behaves: in go numbers, out comes a link or the one number
//! that no link can have.

use std::fmt;

use super::units::{Delay, Rate, Share, Size};
use super::{Direction, Nanos};

/// The longest delay, and the longest jitter: 60 s.
pub const MAX_DELAY: Nanos = 60_000_000_000;
/// Bits per second: 1 kbit/s to 100 Gbit/s.
pub const MIN_RATE: u64 = 1_000;
pub const MAX_RATE: u64 = 100_000_000_000;
/// The largest queue, in bytes: 1 GB.
pub const MAX_QUEUE: u64 = 1_000_000_000;
/// The smallest MTU, in bytes: what every IPv4 link must carry in one piece
/// (RFC 791 §3.2). The largest: what a length of 16 bits can say.
pub const MIN_MTU: usize = 68;
pub const MAX_MTU: usize = 65_535;

/// A link between a client and a server. The default one is perfect.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// From the client to the server.
    pub up: Way,
    /// From the server to the client.
    pub down: Way,
    /// Where all chance comes from: the same seed, the same packets lost.
    pub seed: u64,
}

/// One direction of a link. The default one is perfect: no delay, no limit,
/// no loss.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// From the last bit's departure to its arrival.
    pub delay: Nanos,
    /// Added to the delay: 0 to this, all equally likely. Packets keep
    /// their order all the same, so one that was delayed little may wait
    /// for one that was delayed much.
    pub jitter: Nanos,
    /// Bits per second, of IP bytes; `None`: everything leaves at once.
    pub rate: Option<u64>,
    /// Looked at only where there is a rate: else nothing ever waits.
    pub queue: Queue,
    /// A packet that finds more bytes than this in the queue is marked, if
    /// it is capable of ECN, and passes. `None`: no marks.
    pub mark_above: Option<u64>,
    /// Probability that a packet is lost, each by itself.
    pub loss: f64,
    /// Loss in bursts, on top of `loss`.
    pub burst: Option<GilbertElliott>,
    /// Packets that are lost, named in advance.
    pub drop_nth: Vec<Nth>,
    /// Probability that a packet is held back by `reorder_by`, so that
    /// those within that time behind it overtake it.
    pub reorder: f64,
    pub reorder_by: Nanos,
    /// Probability that a packet arrives twice, one right after the other.
    /// The copy is made behind the transmitter and takes none of the rate.
    pub duplicate: f64,
    /// The largest packet that fits, in bytes; `None`: any does.
    pub mtu: Option<usize>,
}

impl Default for Way {
    fn default() -> Way {
        Way {
            delay: 0,
            jitter: 0,
            rate: None,
            queue: Queue::Unlimited,
            mark_above: None,
            loss: 0.0,
            burst: None,
            drop_nth: Vec::new(),
            reorder: 0.0,
            reorder_by: 0,
            duplicate: 0.0,
            mtu: None,
        }
    }
}

/// How much may wait in front of the transmitter. What does not fit is
/// dropped when it comes (drop-tail).
///
/// A packet is in the queue until its last bit has left, so the one whose
/// bits are leaving counts, with all of its bytes: no packet is longer in
/// here than 8 × size / rate, and one larger than the queue never passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    Bytes(u64),
    Unlimited,
}

/// Loss in bursts: a chain of two states that takes a step with every
/// packet, beginning in the good state, where nothing is lost (E. N.
/// Gilbert, *Capacity of a burst-noise channel*, 1960; E. O. Elliott,
/// *Estimates of error rates for codes on burst-noise channels*, 1963).
///
/// A stay in the bad state lasts 1 / `good` packets on average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GilbertElliott {
    /// Probability of a step from the good state to the bad one.
    pub bad: f64,
    /// Probability of a step back.
    pub good: f64,
    /// Probability that a packet in the bad state is lost.
    pub loss: f64,
}

/// One packet of a direction, counted from 1 among all that were pushed,
/// whatever became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nth {
    /// Among all packets.
    Packet(u64),
    /// Among those that carry data.
    Data(u64),
}

/// A number that no link can have: which, and what is allowed.
#[derive(Debug, Clone, PartialEq)]
pub struct OutOfRange {
    pub direction: Direction,
    /// The name of the field.
    pub setting: &'static str,
    pub value: String,
    pub allowed: &'static str,
}

impl fmt::Display for OutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self {
            direction,
            setting,
            value,
            allowed,
        } = self;
        let name = format_args!("{setting} ({direction})");
        write!(f, "{name} = {value}, but it must be {allowed}")
    }
}

impl std::error::Error for OutOfRange {}

impl Settings {
    /// Whether there can be such a link; the first number that is wrong.
    pub fn check(&self) -> Result<(), OutOfRange> {
        self.up.check(Direction::Up)?;
        self.down.check(Direction::Down)
    }
}

impl Way {
    fn check(&self, direction: Direction) -> Result<(), OutOfRange> {
        let wrong = self
            .wrong_time()
            .or_else(|| self.wrong_size())
            .or_else(|| self.wrong_share())
            .or_else(|| self.wrong_number());
        let Some((setting, value, allowed)) = wrong else {
            return Ok(());
        };
        Err(OutOfRange {
            direction,
            setting,
            value,
            allowed,
        })
    }

    fn wrong_time(&self) -> Option<Wrong> {
        let times = [
            ("delay", self.delay),
            ("jitter", self.jitter),
            ("reorder_by", self.reorder_by),
        ];
        let mut times = times.into_iter();
        if let Some((setting, time)) = times.find(|it| it.1 > MAX_DELAY) {
            return Some((setting, Delay(time).to_string(), "at most 60s"));
        }
        if self.reorder > 0.0 && self.reorder_by == 0 {
            let allowed = "more than 0 where packets are reordered";
            return Some(("reorder_by", Delay(0).to_string(), allowed));
        }
        None
    }

    fn wrong_size(&self) -> Option<Wrong> {
        if let Some(rate) = self.rate
            && !(MIN_RATE..=MAX_RATE).contains(&rate)
        {
            let allowed = "1kbit to 100gbit";
            return Some(("rate", Rate(rate).to_string(), allowed));
        }
        if let Queue::Bytes(size) = self.queue
            && !(1..=MAX_QUEUE).contains(&size)
        {
            let allowed = "1 byte to 1GB";
            return Some(("queue", Size(size).to_string(), allowed));
        }
        if let Some(mtu) = self.mtu
            && !(MIN_MTU..=MAX_MTU).contains(&mtu)
        {
            let allowed = "68 to 65535 bytes";
            return Some(("mtu", mtu.to_string(), allowed));
        }
        None
    }

    fn wrong_share(&self) -> Option<Wrong> {
        let burst = self.burst.unwrap_or(GilbertElliott {
            bad: 0.0,
            good: 0.0,
            loss: 0.0,
        });
        let shares = [
            ("loss", self.loss),
            ("reorder", self.reorder),
            ("duplicate", self.duplicate),
            ("burst.bad", burst.bad),
            ("burst.good", burst.good),
            ("burst.loss", burst.loss),
        ];
        let wrong = |it: &(_, f64)| !(0.0..=1.0).contains(&it.1);
        let (setting, share) = shares.into_iter().find(wrong)?;
        Some((setting, Share(share).to_string(), "0 to 1"))
    }

    fn wrong_number(&self) -> Option<Wrong> {
        let zero = [Nth::Packet(0), Nth::Data(0)];
        let wrong = self.drop_nth.iter().any(|nth| zero.contains(nth));
        wrong.then(|| ("drop_nth", "0".into(), "1 or more: 1 is the first"))
    }
}

/// A field, its value, and what it may be.
type Wrong = (&'static str, String, &'static str);

#[cfg(test)]
mod tests {
    use super::*;

    fn says(change: impl FnOnce(&mut Way)) -> String {
        let mut settings = Settings::default();
        assert_eq!(settings.check(), Ok(()));
        change(&mut settings.down);
        match settings.check() {
            Ok(()) => "in range".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn the_first_number_out_of_range_is_named() {
        let delay = says(|way| way.delay = 61_000_000_000);
        let expected = "delay (down) = 61s, but it must be at most 60s";
        assert_eq!(delay, expected);
        let loss = says(|way| way.loss = 1.5);
        assert_eq!(loss, "loss (down) = 150%, but it must be 0 to 1");
        let rate = says(|way| way.rate = Some(0));
        let expected = "rate (down) = 0bit, but it must be 1kbit to 100gbit";
        assert_eq!(rate, expected);
    }

    #[test]
    fn every_number_has_its_bounds() {
        let wrong: [fn(&mut Way); 15] = [
            |way| way.jitter = MAX_DELAY + 1,
            |way| way.reorder_by = MAX_DELAY + 1,
            |way| way.reorder = 0.5,
            |way| way.reorder = f64::INFINITY,
            |way| way.rate = Some(MAX_RATE + 1),
            |way| way.queue = Queue::Bytes(0),
            |way| way.queue = Queue::Bytes(MAX_QUEUE + 1),
            |way| way.loss = f64::NAN,
            |way| way.loss = -0.1,
            |way| way.duplicate = 1.1,
            |way| way.mtu = Some(MIN_MTU - 1),
            |way| way.mtu = Some(MAX_MTU + 1),
            |way| way.drop_nth = vec![Nth::Packet(1), Nth::Packet(0)],
            |way| way.drop_nth = vec![Nth::Data(0)],
            |way| {
                way.burst = Some(GilbertElliott {
                    bad: 0.1,
                    good: 2.0,
                    loss: 1.0,
                })
            },
        ];
        for (index, change) in wrong.into_iter().enumerate() {
            assert_ne!(says(change), "in range", "{index}");
        }
    }
}
