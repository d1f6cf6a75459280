//! The default picture: in goes an explorable with its words said, out comes
//! an SVG that is as wide as its place and takes its colours from the page.

use super::data::said;
use super::number::grouped;
use super::{Axis, Drawn, Explorable, Frame, Picture, Reading, bars, ladder};
use crate::book::html::escape;
use crate::book::words;

/// Says an English text in the language of the page.
pub(crate) type Say<'a> = &'a mut dyn FnMut(&str) -> String;

/// Above the lines, and their height, in pixels: `explore.js` draws there
/// too and knows the same two numbers.
pub(super) const TOP: f64 = 24.0;
pub(super) const HEIGHT: f64 = 200.0;

/// The picture where the sliders stand at these `places`; `told` is the id
/// of what tells its numbers.
pub(crate) fn svg(
    it: &Explorable,
    places: &[usize],
    told: &str,
    say: Say,
) -> String {
    let title = escape(&say(it.title));
    let frame = it.frame_at(places);
    let mut height = TOP + HEIGHT + 40.0;
    let plot = match &it.picture {
        Picture::Curves { x, y, .. } => {
            let at = places.last().copied().unwrap_or_default();
            plot(it, frame, at, (x, y), say)
        }
        Picture::Bars {
            names,
            of,
            y,
            lines,
        } => {
            let bars = bars::svg(frame, lines, y);
            let below = bars::below(names, &said(of, say));
            across(y) + &bars + &labels(y, say) + &below
        }
        Picture::Ladder { names, span, .. } => {
            height = f64::from(ladder::height(*span));
            ladder::svg(&frame.arrows, names, *span, say)
        }
    };
    format!(
        "<svg role=\"img\" aria-label=\"{title}\" aria-describedby=\"{told}\" \
         width=\"100%\" height=\"{height}\">{plot}</svg>",
    )
}

/// Curves between their axes, marked where the last slider stands.
fn plot(
    it: &Explorable,
    frame: &Frame,
    at: usize,
    (x, y): (&Axis, &Axis),
    say: Say,
) -> String {
    let xs = it.knobs.last().map_or(&[][..], |knob| knob.values);
    let (curves, marks) = curves(it.lines(), xs, at, &frame.lines, x, y);
    let place = percent(x, xs.get(at).copied().unwrap_or(x.from));
    let bottom = TOP + HEIGHT;
    format!(
        "{}{}\
         <line class=\"place\" x1=\"{place}%\" x2=\"{place}%\" y1=\"{TOP}\" \
         y2=\"{bottom}\"/>\
         <svg y=\"{TOP}\" width=\"100%\" height=\"{HEIGHT}\" \
         viewBox=\"0 0 100 100\" preserveAspectRatio=\"none\" \
         overflow=\"visible\">{curves}</svg>{}{marks}",
        across(y),
        along(x, say),
        labels(y, say),
    )
}

/// The lines, and the marks on them where the last slider stands.
fn curves(
    lines: &[Reading],
    xs: &[f64],
    at: usize,
    values: &[Vec<Option<f64>>],
    x: &Axis,
    y: &Axis,
) -> (String, String) {
    let (mut curves, mut marks) = (String::new(), String::new());
    for (index, (line, values)) in lines.iter().zip(values).enumerate() {
        if line.drawn == Drawn::Told {
            continue;
        }
        let points = xs.iter().zip(values).filter_map(|(along, value)| {
            let up = 100.0 * (1.0 - share(y, (*value)?)?);
            Some(format!("{},{}", percent(x, *along), tenth(up)))
        });
        let points: Vec<_> = points.collect();
        let points = points.join(" ");
        curves.push_str(&format!(
            "<polyline class=\"{}line{index}\" points=\"{points}\"/>",
            line.drawn.class()
        ));
        let here = values.get(at).copied().flatten();
        let up = here.and_then(|value| share(y, value));
        let hidden = if up.is_none() { " hidden" } else { "" };
        let down = tenth(TOP + HEIGHT * (1.0 - up.unwrap_or(0.0)));
        let along = percent(x, xs.get(at).copied().unwrap_or(x.from));
        marks.push_str(&format!(
            "<circle class=\"line{index}\" cx=\"{along}%\" cy=\"{down}\" \
             r=\"5\"{hidden}/>"
        ));
    }
    (curves, marks)
}

/// The lines across the picture, to lie below what is drawn.
fn across(y: &Axis) -> String {
    let line = |tick: &f64| {
        let down = tenth(height_of(y, *tick));
        format!("<line x2=\"100%\" y1=\"{down}\" y2=\"{down}\"/>")
    };
    y.ticks.iter().map(line).collect()
}

/// The value of each of these lines, above it; to lie above what is drawn.
fn labels(y: &Axis, say: Say) -> String {
    let unit = said(y.unit, say);
    let last = y.ticks.len().saturating_sub(1);
    let label = |(index, tick): (usize, &f64)| {
        let unit = if index == last { unit.as_str() } else { "" };
        let text = format!("{} {unit}", grouped(*tick));
        format!(
            "<text x=\"0\" y=\"{}\">{}</text>",
            tenth(height_of(y, *tick) - 5.0),
            escape(text.trim_end())
        )
    };
    y.ticks.iter().enumerate().map(label).collect()
}

/// Where a value lies, in pixels from above.
fn height_of(y: &Axis, value: f64) -> f64 {
    TOP + HEIGHT * (1.0 - share(y, value).unwrap_or(0.0))
}

/// The values below the picture, and what they are values of.
fn along(x: &Axis, say: Say) -> String {
    let ticks = x.ticks.iter().map(|tick| {
        let at = percent(x, *tick);
        let end = match at {
            0.0 => "",
            100.0 => " class=\"end\"",
            _ => " class=\"middle\"",
        };
        let y = TOP + HEIGHT + 16.0;
        format!("<text x=\"{at}%\" y=\"{y}\"{end}>{}</text>", grouped(*tick))
    });
    let ticks: String = ticks.collect();
    let name = name(x, say);
    let y = TOP + HEIGHT + 35.0;
    let name = escape(&name);
    format!(
        "{ticks}<text class=\"end name\" x=\"100%\" y=\"{y}\">{name}</text>"
    )
}

/// What an axis is an axis of, and in what.
fn name(axis: &Axis, say: Say) -> String {
    let (name, unit) = (said(axis.name, say), said(axis.unit, say));
    if unit.is_empty() {
        return name;
    }
    let text = say(words::UNIT);
    text.replace("{meaning}", &name).replace("{unit}", &unit)
}

/// How far along an axis a value is, 0 to 1, if it is on it.
pub(super) fn share(axis: &Axis, value: f64) -> Option<f64> {
    let share = match axis.log {
        true => (value / axis.from).ln() / (axis.to / axis.from).ln(),
        false => (value - axis.from) / (axis.to - axis.from),
    };
    // A rounded value may be a trifle outside.
    (-0.001..=1.001)
        .contains(&share)
        .then(|| share.clamp(0.0, 1.0))
}

/// The same in per cent, to a tenth.
pub(super) fn percent(axis: &Axis, value: f64) -> f64 {
    tenth(100.0 * share(axis, value).unwrap_or(0.0))
}

pub(super) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::super::{ALL, find};
    use super::*;

    #[test]
    fn the_mark_is_where_the_sliders_stand() {
        let it = find("frame_efficiency").unwrap();
        let svg =
            svg(it, &it.start(), "told", &mut |english| english.to_string());
        // 9 / 11 of 200 pixels above the bottom, which is at 224.
        let expected = "cy=\"60.4\" r=\"5\"/>";
        assert!(svg.contains(expected), "{svg}");
        assert!(svg.contains("aria-describedby=\"told\""));
        assert!(!svg.contains('\n'));
    }

    #[test]
    fn axes_hold_their_ticks_and_every_drawn_point() {
        for it in ALL {
            let y = match &it.picture {
                Picture::Curves { x, y, .. } => {
                    for value in it.knobs.last().unwrap().values {
                        let on = share(x, *value).is_some();
                        assert!(on, "{} {value}", it.name);
                    }
                    y
                }
                Picture::Bars { y, .. } => y,
                Picture::Ladder { .. } => continue,
            };
            for frame in it.frames() {
                let lines = it.lines().iter().zip(&frame.lines);
                let drawn = lines.filter(|(line, _)| line.drawn != Drawn::Told);
                for value in drawn.flat_map(|(_, values)| values).flatten() {
                    assert!(share(y, *value).is_some(), "{} {value}", it.name);
                }
            }
        }
    }
}
