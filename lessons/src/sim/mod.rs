//! Models of the network in virtual time: in go a setup and a seed, out comes
//! what was measured, and if wanted what became of every packet.
//!
//! Nothing in here knows a formula: what a model measures is compared with
//! what a formula says by the tests `agree_…`, and the table of both is in
//! `lessons/tests/agreement.txt`.
//!
//! Same setup, same seed, same bytes, on every system. Time is whole
//! nanoseconds. Where a float takes part in a decision, it comes from
//! `+ - * /` and `sqrt` alone, which IEEE 754 defines to the last bit; what
//! would need a logarithm or a cube root is done in another way, and says so.

pub mod arq;
pub mod balancing;
pub mod cache;
pub mod chance;
pub mod flow_control;
pub mod gossip;
pub mod hashing;
pub mod queueing;
pub mod routing;
pub mod tcp;
pub mod trace;
pub mod world;

/// A millisecond and a second, in the nanoseconds of the virtual clock.
pub const MILLISECOND: crate::link::Nanos = 1_000_000;
pub const SECOND: crate::link::Nanos = 1_000_000_000;
