//! What a laboratory is to do: in go the learner's options, out comes a plan
//! that travels, as JSON, into the process that will be the laboratory.

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Context, Result};
use lessons::link::units::{Delay, Rate, Share, Size};
use lessons::link::{
    Direction, GilbertElliott, Nth, OutOfRange, Queue, Settings, Way,
};
use serde::{Deserialize, Serialize};

/// Everything that the process inside has to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Plan {
    pub scene: Scene,
    /// `None`: the loopback as the kernel made it.
    pub link: Option<LinkOptions>,
    /// How TCP sends, where a program does not ask for anything.
    pub congestion_control: Option<String>,
    /// What the hosts' kernels are set to, such as `net.ipv4.tcp_sack`, 0.
    pub settings: Vec<(String, String)>,
    pub watch: Watch,
}

/// Who is on the stage.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Scene {
    /// One host and one program, which holds both ends.
    Loopback {
        program: PathBuf,
        arguments: Vec<String>,
    },
    /// Two hosts, `client` and `server`, and a shell command on each.
    Net(Net),
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Net {
    pub server: Option<String>,
    /// Without a command: a shell.
    pub client: Option<String>,
    /// The host that the shell is for, where there is no command.
    pub shell: Option<String>,
    /// The names lead to IPv6 addresses.
    pub ipv6: bool,
    /// A host in between that forwards, and the MTU of its far side.
    pub router: Option<Router>,
}

/// The smallest MTU that IPv6 works with, in bytes (RFC 8200, section 5).
pub const IPV6_MTU: u32 = 1280;

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Router {
    pub mtu: u32,
}

/// What is noted while it runs.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Watch {
    /// The capture: a file, or for two hosts the stem of two.
    pub pcap: Option<PathBuf>,
    /// What `TCP_INFO` said, as CSV.
    pub samples: Option<PathBuf>,
    /// Draw the samples at the end.
    pub plot: bool,
    /// Tell everything as [`Event`](super::event::Event)s on the standard
    /// output, instead of leaving that to the program.
    pub events: bool,
    /// The program may run for so many seconds, if it is given a limit.
    pub seconds: Option<u64>,
}

impl Watch {
    /// Whether anybody wants to see packets.
    pub fn wants_packets(&self) -> bool {
        self.pcap.is_some() || self.events
    }

    pub fn wants_samples(&self) -> bool {
        self.samples.is_some() || self.plot || self.events
    }
}

/// A value for each direction: `10mbit`, or `10mbit/1mbit` for the way from
/// the client to the server and the way back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ways<T> {
    pub up: T,
    pub down: T,
}

impl<T> Ways<T> {
    pub fn map<U>(self, make: impl Fn(T) -> U) -> Ways<U> {
        Ways {
            up: make(self.up),
            down: make(self.down),
        }
    }

    fn toward(self, direction: Direction) -> T {
        match direction {
            Direction::Up => self.up,
            Direction::Down => self.down,
        }
    }
}

impl<T: FromStr> FromStr for Ways<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Ways<T>, T::Err> {
        let (up, down) = text.split_once('/').unwrap_or((text, text));
        Ok(Ways {
            up: up.parse()?,
            down: down.parse()?,
        })
    }
}

impl<T: Display> Display for Ways<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.up, self.down)
    }
}

/// How the link behaves. Every option may be left out.
#[derive(Debug, Clone, Default, Serialize, Deserialize, clap::Args)]
#[serde(default, deny_unknown_fields)]
#[command(next_help_heading = "The link (UP/DOWN: client to server/back)")]
pub struct LinkOptions {
    /// Round-trip time, half of it each way, such as 40ms
    #[arg(long, value_name = "TIME")]
    #[serde(with = "text")]
    pub rtt: Option<Delay>,
    /// Up to so much more delay, chosen anew for each packet
    #[arg(long, value_name = "TIME[/TIME]")]
    #[serde(with = "text")]
    pub jitter: Option<Ways<Delay>>,
    /// Bits per second, such as 10mbit; IP headers count
    #[arg(long, value_name = "RATE[/RATE]")]
    #[serde(with = "text")]
    pub rate: Option<Ways<Rate>>,
    /// Bytes that wait in front of the link at most, such as 32k; without
    /// it one bandwidth-delay product, but at least 24k
    #[arg(long, value_name = "SIZE[/SIZE]")]
    #[serde(with = "text")]
    pub queue: Option<Ways<Size>>,
    /// Mark packets (ECN) while more than this waits in the queue
    #[arg(long, value_name = "SIZE[/SIZE]")]
    #[serde(with = "text")]
    pub mark: Option<Ways<Size>>,
    /// The share of packets that is lost, such as 1%
    #[arg(long, value_name = "SHARE[/SHARE]")]
    #[serde(with = "text")]
    pub loss: Option<Ways<Share>>,
    /// Loss in bursts: the chance that one begins before a packet
    #[arg(long, value_name = "SHARE[/SHARE]")]
    #[serde(with = "text")]
    pub burst: Option<Ways<Share>>,
    /// … and the chance that it ends before the next one
    #[arg(long, value_name = "SHARE[/SHARE]", requires = "burst")]
    #[serde(with = "text")]
    pub burst_end: Option<Ways<Share>>,
    /// Lose the Nth packet that the client sends (from 1; several: 3,4)
    #[arg(long, value_name = "N", value_delimiter = ',', value_parser =
        clap::value_parser!(u64).range(1..))]
    pub drop: Vec<u64>,
    /// Lose the Nth packet with data that the client sends
    #[arg(long, value_name = "N", value_delimiter = ',', value_parser =
        clap::value_parser!(u64).range(1..))]
    pub drop_data: Vec<u64>,
    /// Lose the Nth packet with data that the server sends
    #[arg(long, value_name = "N", value_delimiter = ',', value_parser =
        clap::value_parser!(u64).range(1..))]
    pub drop_answer: Vec<u64>,
    /// The share of packets that is overtaken by others
    #[arg(long, value_name = "SHARE[/SHARE]")]
    #[serde(with = "text")]
    pub reorder: Option<Ways<Share>>,
    /// How much later such a packet is (default 10ms)
    #[arg(long, value_name = "TIME[/TIME]", requires = "reorder")]
    #[serde(with = "text")]
    pub reorder_by: Option<Ways<Delay>>,
    /// The share of packets that arrives twice
    #[arg(long, value_name = "SHARE[/SHARE]")]
    #[serde(with = "text")]
    pub duplicate: Option<Ways<Share>>,
    /// The largest packet, in bytes (default 1500)
    #[arg(long, value_name = "BYTES", value_parser =
        clap::value_parser!(u32).range(576..=65_535))]
    pub mtu: Option<u32>,
    /// Same seed, same packets lost
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}

/// The smallest queue that is chosen where none is asked for, in bytes:
/// sixteen full packets.
const SMALLEST_QUEUE: u64 = 24_000;

/// How likely a burst of losses ends before a packet: four lost, on average.
const BURST_END: f64 = 0.25;

/// How much later an overtaken packet is, in nanoseconds.
const REORDER_BY: u64 = 10_000_000;

impl LinkOptions {
    /// Whether anything is asked for at all.
    pub fn is_plain(&self) -> bool {
        let plain = LinkOptions {
            seed: self.seed,
            ..LinkOptions::default()
        };
        // Both have the same text exactly if both ask for the same.
        serde_json::to_string(self).ok() == serde_json::to_string(&plain).ok()
    }

    /// Half the round-trip time, in nanoseconds.
    pub fn delay(&self) -> u64 {
        self.rtt.map_or(0, |rtt| rtt.0 / 2)
    }

    /// The largest packet, in bytes.
    pub fn mtu(&self) -> u32 {
        self.mtu.unwrap_or(1500)
    }

    /// The link's own settings, or why there is no such link.
    pub fn settings(&self) -> Result<Settings, OutOfRange> {
        let mut up = self.way(Direction::Up);
        let mut down = self.way(Direction::Down);
        let any = self.drop.iter().map(|n| Nth::Packet(*n));
        let data = self.drop_data.iter().map(|n| Nth::Data(*n));
        up.drop_nth = any.chain(data).collect();
        let answers = self.drop_answer.iter();
        down.drop_nth = answers.map(|n| Nth::Data(*n)).collect();
        let settings = Settings {
            up,
            down,
            seed: self.seed,
        };
        settings.check()?;
        Ok(settings)
    }

    fn way(&self, direction: Direction) -> Way {
        let share = |ways: Option<Ways<Share>>| {
            ways.map_or(0.0, |ways| ways.toward(direction).0)
        };
        let nanos = |ways: Option<Ways<Delay>>| {
            ways.map(|ways| ways.toward(direction).0)
        };
        let bytes = |ways: Option<Ways<Size>>| {
            ways.map(|ways| ways.toward(direction).0)
        };
        let rate = self.rate.map(|ways| ways.toward(direction).0);
        let queue = match (bytes(self.queue), rate) {
            (Some(bytes), _) => Queue::Bytes(bytes),
            (None, Some(rate)) => {
                Queue::Bytes(self.product(rate).max(SMALLEST_QUEUE))
            }
            (None, None) => Queue::Unlimited,
        };
        let burst = self.burst.map(|begins| GilbertElliott {
            bad: begins.toward(direction).0,
            good: self
                .burst_end
                .map_or(BURST_END, |ends| ends.toward(direction).0),
            loss: 1.0,
        });
        Way {
            delay: self.delay(),
            jitter: nanos(self.jitter).unwrap_or(0),
            rate,
            queue,
            mark_above: bytes(self.mark),
            loss: share(self.loss),
            burst,
            reorder: share(self.reorder),
            reorder_by: nanos(self.reorder_by).unwrap_or(REORDER_BY),
            duplicate: share(self.duplicate),
            ..Way::default()
        }
    }

    /// Bandwidth-delay product at `rate`, in bytes.
    fn product(&self, rate: u64) -> u64 {
        let round_trip = u128::from(2 * self.delay());
        (u128::from(rate) * round_trip / 8_000_000_000) as u64
    }
}

impl Plan {
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string(self).context("cannot write the plan down")
    }

    pub fn from_json(text: &str) -> Result<Plan> {
        serde_json::from_str(text).context("this is no plan of a laboratory")
    }
}

/// A value in JSON as a person types it.
mod text {
    use super::*;
    use serde::de::{Deserializer, Error};
    use serde::ser::Serializer;

    pub(super) fn serialize<T: Display, S: Serializer>(
        value: &Option<T>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match value {
            Some(value) => serializer.collect_str(value),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, T, D>(d: D) -> Result<Option<T>, D::Error>
    where
        T: FromStr<Err: Display>,
        D: Deserializer<'de>,
    {
        let text = Option::<String>::deserialize(d)?;
        let parse = |text: String| text.parse().map_err(D::Error::custom);
        text.map(parse).transpose()
    }
}
