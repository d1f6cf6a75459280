//! Every formula of the course: one function, and beside it what the book
//! shows of it.
//!
//! In goes a number with a unit that the [`Formula`] names, out comes a
//! number or the reason why there is none: never NaN, never an infinity. The
//! book renders [`ALL`].

mod arq;
mod caching;
mod chance;
mod congestion;
mod connection;
mod copies;
mod damage;
mod delay;
mod domain;
mod message;
#[cfg(test)]
mod promises;
mod queues;
mod retransmission;
mod retries;
mod routes;
mod sharing;
mod time;

use std::fmt;

pub use arq::*;
pub use caching::*;
pub use chance::*;
pub use congestion::*;
pub use connection::*;
pub use copies::*;
pub use damage::*;
pub use delay::*;
pub use message::*;
pub use queues::*;
pub use retransmission::*;
pub use retries::*;
pub use routes::*;
pub use sharing::*;
pub use time::*;

/// A formula as the book shows it. Texts are English and are translated
/// with the book; LaTeX is what `math-core` reads.
#[derive(Debug)]
pub struct Formula {
    /// The name of its function, and of `{{#formula NAME}}`.
    pub name: &'static str,
    /// The lesson that derives it.
    pub lesson: u8,
    pub latex: &'static str,
    /// One sentence: what the left side is.
    pub meaning: &'static str,
    /// The unit of the left side, `"1"` where it is a plain number.
    pub unit: &'static str,
    pub symbols: &'static [Symbol],
    /// Where it comes from, as Markdown.
    pub source: &'static str,
    /// Its function for any caller: numbers in the order of
    /// [`Example::given`], a list of any length in place of the last one (or
    /// the last pair) where that one repeats.
    pub function: fn(&[f64]) -> Result<f64, OutOfDomain>,
    pub example: Example,
}

impl Formula {
    /// What the function gives for the numbers of the example.
    pub fn worked(&self) -> Result<f64, OutOfDomain> {
        let given: Vec<f64> =
            self.example.given.iter().map(|it| it.1).collect();
        (self.function)(&given)
    }

    /// The unit of one of its letters, if it has such a letter.
    pub fn unit_of(&self, latex: &str) -> Option<&'static str> {
        let symbol = self.symbols.iter().find(|it| it.latex == latex)?;
        Some(symbol.unit)
    }
}

/// One letter of a formula.
#[derive(Debug)]
pub struct Symbol {
    pub latex: &'static str,
    pub meaning: &'static str,
    /// `"1"` where it is a plain number.
    pub unit: &'static str,
}

const fn symbol(
    latex: &'static str,
    meaning: &'static str,
    unit: &'static str,
) -> Symbol {
    Symbol {
        latex,
        meaning,
        unit,
    }
}

/// A worked number. The letters have the units of the [`Formula::symbols`].
#[derive(Debug)]
pub struct Example {
    /// Letters as in the symbols, with their numbers, in the order of the
    /// function's arguments. `P_i` twice is a list of two.
    pub given: &'static [(&'static str, f64)],
    /// What [`Formula::worked`] gives, as the page prints it: rounded in its
    /// last digit, such as `10,000`, `0.818` or `1.53 × 10⁻⁵`.
    pub result: &'static str,
}

/// A number outside a formula's domain: which, and what is allowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutOfDomain {
    pub symbol: &'static str,
    pub value: f64,
    pub allowed: &'static str,
}

impl fmt::Display for OutOfDomain {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self {
            symbol,
            value,
            allowed,
        } = self;
        write!(f, "{symbol} = {value}, but it must be {allowed}")
    }
}

impl std::error::Error for OutOfDomain {}

/// All formulas, in the order of their lessons.
pub const ALL: &[&Formula] = &[
    &SENT,
    &RECEIVED,
    &PACKETS,
    &OVERHEAD,
    &HOSTS,
    &SHORTEST_PATH,
    &TOTAL_TIME,
    &NODAL_DELAY,
    &PIPELINE,
    &BDP,
    &CLIENT_SERVER,
    &PEER_TO_PEER,
    &EFFICIENCY,
    &INTERNET_CHECKSUM,
    &UNDETECTED,
    &CONNECT_TIME,
    &TIME_WAIT,
    &FRAGMENTS_ARRIVE,
    &DELAYED_ACK_STALL,
    &ROUND_TRIPS,
    &FIRST_REQUEST,
    &LONGEST_WAIT,
    &TIME_LEFT,
    &SYN_SENT_AT,
    &BACKOFF_LIMIT,
    &BACKOFF_MEAN,
    &RETRY_SUCCESS,
    &EXPECTED_ATTEMPTS,
    &LAYERED_ATTEMPTS,
    &PROPAGATION_RATIO,
    &STOP_AND_WAIT,
    &GO_BACK_N,
    &SELECTIVE_REPEAT,
    &SMOOTHED_RTT,
    &RTT_VARIATION,
    &RETRANSMISSION_TIMEOUT,
    &WINDOW_RATE,
    &CUBIC_K,
    &CUBIC_WINDOW,
    &MATHIS,
    &JAIN,
    &CACHE_TIME,
    &FANOUT_TAIL,
    &HEDGED_TAIL,
    &LITTLE,
    &LOAD,
    &MM1,
    &MD1,
    &TOKEN_BUCKET,
    &COLLISION,
    &ONE_CHOICE,
    &TWO_CHOICES,
    &AVAILABILITY,
    &MOVED_MODULO,
    &MOVED_CONSISTENT,
    &QUORUM_OVERLAP,
    &WRITE_OVERLAP,
    &GOSSIP_ROUNDS,
    &FIBRE_RTT,
];
