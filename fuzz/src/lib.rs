//! What is fuzzed: one function per target, which takes any bytes.
//!
//! The same functions, with the same seeds, run in `cargo test`: see
//! `tests/fuzz.rs` and `exercises/tests/fuzz.rs`.

pub mod companion;
pub mod models;
pub mod programs;
