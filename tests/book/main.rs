//! The book: each directive, each mistake an author can make, the
//! translation, and the real pages, also as the stock `mdbook` builds them.

mod directives;
mod mistakes;
mod translation;
mod tree;
mod whole;
