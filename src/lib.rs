//! The companion `wire`: it builds the book, serves it, runs the lessons and
//! judges the exercises.
//!
//! Calls go one way only:
//!
//! ```text
//! main → cli → { serve, run, check, lab, export }
//! serve → book (course + sources → HTML)   → course
//!       → runner (program → lines, an exit)
//!       → check (exercise + program → steps) → peer (hostile bytes)
//! lab   → namespaces, link, capture → wire (packets → conversation → page)
//! ```

// They panic where nobody reads any more: `terminal` prints.
#![deny(clippy::print_stdout, clippy::print_stderr)]

pub mod book;
pub mod cargo;
pub mod check;
pub mod cli;
pub mod course;
pub mod export;
pub mod faq;
pub mod group;
pub mod lab;
pub mod languages;
pub mod my;
pub mod peer;
pub mod runner;
pub mod serve;
pub mod terminal;
pub mod wire;
