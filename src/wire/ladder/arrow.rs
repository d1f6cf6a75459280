//! One arrow: in goes a packet's label, out comes an SVG of one height and
//! any width.
//!
//! Places across are per cent of the width and places down are pixels, so
//! the letters keep their size on a phone, and the page need not scroll.

use super::html::escape;
use super::label::Label;
use super::{Say, direction};
use crate::wire::conversation::{Side, Step};

/// Where the two lines of life stand, in per cent, and the texts beside
/// them. The page's style draws the lines there.
const CLIENT: f32 = 8.0;
const SERVER: f32 = 92.0;
const INDENT: f32 = 1.5;

pub(super) fn svg(step: &Step, label: &Label, say: &mut Say) -> String {
    let (from, to, into) = match step.side {
        Side::Client => (CLIENT, SERVER, 1.0),
        Side::Server => (SERVER, CLIENT, -1.0),
    };
    // What is lost ends on the way, where the line has come down so far.
    let (end, down) = match step.lost {
        true => (from + (to - from) * 2.0 / 3.0, 26),
        false => (to, 28),
    };
    let tip = match (step.lost, step.side) {
        (true, _) => "M-6-6L6 6M6-6L-6 6",
        (false, Side::Client) => "M-10-5L-1 0L-10 5z",
        (false, Side::Server) => "M10-5L1 0L10 5z",
    };
    let side = match step.side {
        Side::Client => "from-client",
        Side::Server => "from-server",
    };
    let numbers = match label.numbers.as_str() {
        "" => String::new(),
        numbers => format!(
            " <text class=\"numbers\" x=\"{}%\" y=\"15\">{}</text>",
            // What was lost on the way says nothing at its end.
            end - into * INDENT * if step.lost { 2.0 } else { 1.0 },
            numbers
        ),
    };
    format!(
        "<span class=\"unseen\">{}</span> <svg class=\"{side}\">\
         <line x1=\"{from}%\" y1=\"22\" x2=\"{end}%\" y2=\"{down}\"/>\
         <svg x=\"{end}%\" y=\"{down}\"><path d=\"{tip}\"/></svg>\
         <text x=\"{}%\" y=\"15\">{}</text>{numbers}</svg>",
        escape(&direction(step, say)),
        from + into * INDENT,
        label.says,
    )
}
