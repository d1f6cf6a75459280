//! Bars: in go values by name, out come rectangles that are as wide as their
//! place allows.

use super::chart::{HEIGHT, TOP, share, tenth};
use super::{Axis, Frame, Reading};
use crate::book::html::escape;

/// The values of the lines stand left of the bars, in per cent of all.
const LEFT: f64 = 8.0;

/// How much of its place a group of bars takes.
const FULL: f64 = 0.8;

/// The bars; `explore.js` only changes their `y` and `height`.
pub(super) fn svg(frame: &Frame, lines: &[Reading], y: &Axis) -> String {
    let mut svg = String::new();
    for (index, values) in frame.lines.iter().enumerate() {
        let place = (100.0 - LEFT) / values.len() as f64;
        let width = place * FULL / lines.len() as f64;
        for (at, value) in values.iter().enumerate() {
            let left = place * (at as f64 + (1.0 - FULL) / 2.0);
            let left = tenth(LEFT + left + width * index as f64);
            let up = value.and_then(|value| share(y, value));
            let height = tenth(HEIGHT * up.unwrap_or(0.0));
            svg.push_str(&format!(
                "<rect class=\"line{index}\" x=\"{left}%\" width=\"{}%\" \
                 y=\"{}\" height=\"{height}\"/>",
                tenth(width),
                tenth(TOP + HEIGHT - height),
            ));
        }
    }
    svg
}

/// The names below the bars, and what they are names of.
pub(super) fn below(names: &[&str], of: &str) -> String {
    let place = (100.0 - LEFT) / names.len() as f64;
    let name = |(at, name): (usize, &&str)| {
        let middle = tenth(LEFT + place * (at as f64 + 0.5));
        format!(
            "<text class=\"middle\" x=\"{middle}%\" y=\"{}\">{}</text>",
            TOP + HEIGHT + 16.0,
            escape(name)
        )
    };
    let names: String = names.iter().enumerate().map(name).collect();
    format!(
        "{names}<text class=\"end name\" x=\"100%\" y=\"{}\">{}</text>",
        TOP + HEIGHT + 35.0,
        escape(of)
    )
}
