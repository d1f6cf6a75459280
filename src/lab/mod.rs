//! The laboratory: in go programs and a link between them, out come their
//! real packets on a real kernel's TCP, without root.
//!
//! Linux only; elsewhere [`Blocked`] says so in one sentence.
//!
//! ```text
//! plan ─▶ enter ─▶ stage ─▶ loopback (one host) ─┐
//!                        └▶ net (two hosts) ─────┴▶ driver ⇄ port
//!         namespace, route, diag: the kernel         └▶ record, sampler
//! ```

pub mod blocked;
#[cfg(target_os = "linux")]
mod cable;
#[cfg(target_os = "linux")]
mod capture;
#[cfg(target_os = "linux")]
mod diag;
#[cfg(target_os = "linux")]
pub mod doctor;
#[cfg(target_os = "linux")]
mod driver;
#[cfg(target_os = "linux")]
mod ends;
pub mod enter;
#[cfg(target_os = "linux")]
pub mod entry;
pub mod event;
#[cfg(target_os = "linux")]
mod guide;
#[cfg(target_os = "linux")]
mod hands;
#[cfg(target_os = "linux")]
mod hosts;
#[cfg(target_os = "linux")]
mod lateness;
#[cfg(target_os = "linux")]
mod loopback;
#[cfg(target_os = "linux")]
pub mod namespace;
#[cfg(target_os = "linux")]
mod net;
#[cfg(target_os = "linux")]
mod netlink;
pub mod plan;
#[cfg(target_os = "linux")]
mod plot;
#[cfg(target_os = "linux")]
mod plug;
#[cfg(target_os = "linux")]
mod port;
#[cfg(target_os = "linux")]
mod program;
#[cfg(target_os = "linux")]
mod record;
#[cfg(target_os = "linux")]
pub mod report;
#[cfg(target_os = "linux")]
mod route;
#[cfg(target_os = "linux")]
pub mod running;
pub mod sample;
#[cfg(target_os = "linux")]
mod sampler;
#[cfg(target_os = "linux")]
pub mod stage;
#[cfg(target_os = "linux")]
mod sys;
#[cfg(all(test, target_os = "linux"))]
mod testing;
#[cfg(target_os = "linux")]
mod tune;
#[cfg(target_os = "linux")]
mod wait;

pub use blocked::Blocked;
