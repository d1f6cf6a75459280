//! The companion `wire`: it builds the book, serves it, runs the lessons and
//! judges the exercises.
//!
//! Calls go one way only:
//!
//! ```text
//! main → cli → { serve, run, check, export }
//! serve → book (course + sources → HTML)   → course
//!       → runner (program → lines, an exit)
//!       → check (exercise + program → steps) → peer (hostile bytes)
//! ```

pub mod book;
pub mod cargo;
pub mod check;
pub mod cli;
pub mod course;
pub mod export;
pub mod group;
pub mod my;
pub mod peer;
pub mod runner;
pub mod serve;
pub mod terminal;
