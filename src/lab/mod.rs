//! The laboratory: in go programs and a link between them, out come their
//! real packets on a real kernel's TCP, without root.
//!
//! Linux only; elsewhere [`Blocked`] says so in one sentence.
