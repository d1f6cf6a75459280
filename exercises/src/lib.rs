//! What an exercise may use is what this package depends on.
//!
//! The library is empty on purpose: building it builds exactly the crates
//! that a learner's own file in `my/` is linked against.
