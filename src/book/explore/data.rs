//! Points for the page's script: in goes an explorable with its words said,
//! out comes one JSON text.

use std::fmt::Display;

use super::chart::{self, Say};
use super::{Explorable, Knob, Picture, is_word, shown};

/// What the script looks up. It stands within `<script>`, so it may hold no
/// `<`.
pub(crate) fn json(it: &Explorable, say: Say) -> String {
    let knobs = it.knobs.iter().map(|knob| {
        let texts = values(knob, say);
        serde_json::json!({ "start": knob.start, "texts": texts }).to_string()
    });
    let knobs = list(knobs.collect::<Vec<_>>());
    let units = it.readings().map(|reading| {
        serde_json::Value::from(said(reading.unit, say)).to_string()
    });
    let units = list(units.collect::<Vec<_>>());
    let frames = it.frames();
    let lines = frames
        .iter()
        .map(|frame| list(frame.lines.iter().map(|it| points(it))));
    let facts = frames.iter().map(|frame| points(&frame.facts));
    let mut json = format!("{{\"knobs\":{knobs},\"units\":{units}{}", axes(it));
    if !matches!(it.picture, Picture::Ladder { .. }) {
        json.push_str(&format!(",\"lines\":{}", list(lines)));
    }
    if !it.facts.is_empty() {
        json.push_str(&format!(",\"facts\":{}", list(facts)));
    }
    json.push('}');
    json.replace('<', "\\u003c")
}

/// Where values are drawn: those of the last slider, and all others.
fn axes(it: &Explorable) -> String {
    let (x, y) = match &it.picture {
        Picture::Curves { x, y, .. } => {
            let xs = it.knobs.last().map_or(&[][..], |knob| knob.values);
            let xs = xs.iter().map(|value| chart::percent(x, *value));
            (format!(",\"x\":{}", list(xs)), y)
        }
        Picture::Bars { y, .. } => (String::new(), y),
        Picture::Ladder { .. } => return arrows(it),
    };
    format!(
        "{x},\"y\":{{\"log\":{},\"from\":{},\"to\":{}}}",
        y.log, y.from, y.to
    )
}

/// For each picture its arrows, three numbers each: the kind, with 4 added
/// if it was lost; the number; when it was sent. And for each kind how long
/// it is on the way.
fn arrows(it: &Explorable) -> String {
    let frames = it.frames();
    let all = frames.iter().map(|frame| {
        let arrows = frame.arrows.iter().map(|it| {
            let kind = it.kind + if it.lost { 4 } else { 0 };
            format!("{kind},{},{}", it.number, it.at)
        });
        list(arrows)
    });
    let took = (0..it.lines().len()).map(|kind| {
        let mut all = frames.iter().flat_map(|frame| &frame.arrows);
        let one = all.find(|it| usize::from(it.kind) == kind);
        one.map_or(0, |it| it.took)
    });
    format!(",\"arrows\":{},\"took\":{}", list(all), list(took))
}

/// A slider's values as they are told.
pub(crate) fn values(knob: &Knob, say: Say) -> Vec<String> {
    if !knob.called.is_empty() {
        return knob.called.iter().map(|name| said(name, say)).collect();
    }
    let unit = said(knob.unit, say);
    let values = knob.values.iter();
    values.map(|value| shown(Some(*value), &unit)).collect()
}

pub(crate) fn said(english: &str, say: Say) -> String {
    match is_word(english) {
        true => say(english),
        false => english.to_string(),
    }
}

fn list(items: impl IntoIterator<Item = impl Display>) -> String {
    let items: Vec<_> =
        items.into_iter().map(|item| item.to_string()).collect();
    format!("[{}]", items.join(","))
}

fn points(values: &[Option<f64>]) -> String {
    let number = |value: &Option<f64>| {
        value.map_or("null".to_string(), |value| value.to_string())
    };
    list(values.iter().map(number))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::{ALL, find};
    use super::*;

    fn data(it: &Explorable) -> Value {
        let json = json(it, &mut |english| english.to_string());
        serde_json::from_str(&json).unwrap()
    }

    /// Without the functions above, for one that can be worked by hand.
    #[test]
    fn the_points_are_those_of_the_formula() {
        let it = find("frame_efficiency").unwrap();
        let data = data(it);
        let [headers, messages] = it.knobs else {
            panic!("two sliders");
        };
        for (frame, header) in headers.values.iter().enumerate() {
            for (at, message) in messages.values.iter().enumerate() {
                let told = data["lines"][frame][0][at].as_f64().unwrap();
                let efficiency = lessons::formulas::efficiency(
                    *message as u64,
                    *header as u64,
                );
                let exact = efficiency.unwrap() * 100.0;
                let off = (told - exact).abs() / exact;
                assert!(off <= 0.005, "m {message}, h {header}: {told}");
            }
        }
    }

    #[test]
    fn the_points_are_what_is_told() {
        for it in ALL {
            let data = data(it);
            let at = it.knobs.last().unwrap().start;
            let frame = it
                .chosen()
                .iter()
                .fold(0, |frame, knob| frame * knob.values.len() + knob.start);
            let numbers = it.numbers(&it.start());
            let facts = it.facts.len();
            let lines = numbers.len() - facts;
            for (index, (_, number)) in numbers.iter().enumerate() {
                let value = match index.checked_sub(lines) {
                    None => &data["lines"][frame][index][at],
                    Some(fact) => &data["facts"][frame][fact],
                };
                assert_eq!(value.as_f64(), *number, "{}", it.name);
            }
        }
    }

    #[test]
    fn no_explorable_is_heavy() {
        for it in ALL {
            let size = json(it, &mut |english| english.to_string()).len();
            assert!(size <= 8_000, "{}: {size} bytes of points", it.name);
        }
    }
}
