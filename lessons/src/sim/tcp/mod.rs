//! TCP's way of sending, as far as it is about time and loss: in go a link
//! and flows, out come each flow's window over time and its goodput.
//!
//! [`Sender`] can be used alone: ACKs and timeouts go in, segments and a
//! window come out. [`run`] drives one or more of them over one link.

mod algorithm;
mod bbr_like;
mod cubic;
mod flows;
mod receiver;
mod reno;
mod rto;
mod scoreboard;
mod segment;
mod sender;

pub use algorithm::{Algorithm, Kind};
pub use bbr_like::BbrLike;
pub use cubic::{ALPHA, BETA, C, Cubic, cube_root};
pub use flows::{Flow, Measured, Report, Sample, Setup, run};
pub use receiver::Receiver;
pub use reno::Reno;
pub use rto::{Limits, Rto};
pub use scoreboard::{Delivery, Scoreboard};
pub use segment::{Counts, Segment};
pub use sender::{INITIAL_SEGMENTS, Sender};
