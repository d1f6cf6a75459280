//! The mathematics of the lessons: no sockets, no clock, virtual time only.

pub mod formulas;
pub mod link;
pub mod sim;
