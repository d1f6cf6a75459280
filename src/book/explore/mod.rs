//! What a reader can drag: in goes the name of an explorable, out come its
//! points at every place of its sliders, its default picture, and the words
//! on it.
//!
//! The points are computed here, while the book is built, by the functions
//! of `lessons`. The page's script looks them up and draws them; it knows no
//! model.

mod chart;
mod data;
mod message;
mod number;

use super::mistakes::Place;

pub(crate) use chart::{Say, svg};
pub(crate) use data::{json, said, values};
pub(crate) use number::grouped;
use number::shown;

/// Where their words stand.
pub(crate) const FOLDER: &str = "src/book/explore";

/// Every explorable, in the order of the lessons.
pub const ALL: &[&Explorable] =
    &[&message::PACKET_OVERHEAD, &message::FRAME_EFFICIENCY];

/// A picture with sliders. All texts are English and are translated with
/// the book.
#[derive(Debug)]
pub struct Explorable {
    /// As in `{{#explore NAME}}`.
    pub name: &'static str,
    /// The lesson that it belongs to.
    pub lesson: u8,
    pub(crate) title: &'static str,
    /// How far the model is from a measurement.
    pub(crate) caption: &'static str,
    pub knobs: &'static [Knob],
    pub(crate) picture: Picture,
    /// Numbers that belong to a whole picture.
    pub(crate) facts: &'static [Reading],
    /// What is drawn when the sliders of [`Explorable::chosen`] stand at
    /// these values.
    frame: fn(&[f64]) -> Frame,
}

/// A slider, and the values that it stops at.
#[derive(Debug)]
pub struct Knob {
    pub name: &'static str,
    pub unit: &'static str,
    pub values: &'static [f64],
    /// What each value is called, where its number would say nothing.
    pub called: &'static [&'static str],
    /// Where it stands at first.
    pub start: usize,
}

/// What the points are drawn as.
#[derive(Debug)]
pub(crate) enum Picture {
    /// Lines over the values of the last slider, whose place is marked.
    Curves {
        x: Axis,
        y: Axis,
        lines: &'static [Reading],
    },
}

/// An axis with its labelled values.
#[derive(Debug)]
pub(crate) struct Axis {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) log: bool,
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) ticks: &'static [f64],
}

/// A number that is told.
#[derive(Debug)]
pub(crate) struct Reading {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    /// Whether it has a curve; else it is only told.
    pub(crate) drawn: bool,
}

/// One picture's points. `None` where a formula has no value.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Frame {
    /// For each line its values.
    pub(crate) lines: Vec<Vec<Option<f64>>>,
    pub(crate) facts: Vec<Option<f64>>,
}

/// The explorable of this name.
pub fn find(name: &str) -> Option<&'static Explorable> {
    ALL.iter().copied().find(|it| it.name == name)
}

impl Explorable {
    /// Where the sliders stand at first.
    pub fn start(&self) -> Vec<usize> {
        self.knobs.iter().map(|knob| knob.start).collect()
    }

    /// The numbers beside the picture, as the page shows them without their
    /// names, when the sliders stand at these `places`.
    pub fn told(
        &self,
        places: &[usize],
        say: &mut dyn FnMut(&str) -> String,
    ) -> Vec<String> {
        let frame = self.frame_at(places);
        let at = places.last().copied().unwrap_or_default();
        let lines = self.lines().iter().zip(&frame.lines);
        let lines = lines.map(|(line, values)| (line, values[at]));
        let facts = self.facts.iter().zip(frame.facts.iter().copied());
        lines
            .chain(facts)
            .map(|(reading, value)| shown(value, &said(reading.unit, say)))
            .collect()
    }

    pub(crate) fn lines(&self) -> &'static [Reading] {
        match self.picture {
            Picture::Curves { lines, .. } => lines,
        }
    }

    /// The sliders that choose a picture: the last one of curves only moves
    /// a mark in it.
    pub(crate) fn chosen(&self) -> &'static [Knob] {
        match self.picture {
            Picture::Curves { .. } => &self.knobs[..self.knobs.len() - 1],
        }
    }

    fn frame_at(&self, places: &[usize]) -> Frame {
        let values = self.chosen().iter().zip(places);
        let values: Vec<f64> =
            values.map(|(knob, at)| knob.values[*at]).collect();
        let mut frame = (self.frame)(&values);
        for value in frame.lines.iter_mut().flatten().chain(&mut frame.facts) {
            *value = value.map(number::rounded);
        }
        frame
    }

    /// All pictures; the last of the sliders moves fastest.
    pub(crate) fn frames(&self) -> Vec<Frame> {
        let mut places = vec![vec![]];
        for knob in self.chosen() {
            let all = places.iter().flat_map(|before: &Vec<usize>| {
                (0..knob.values.len()).map(|at| {
                    let mut places = before.clone();
                    places.push(at);
                    places
                })
            });
            places = all.collect();
        }
        places.iter().map(|it| self.frame_at(it)).collect()
    }

    fn words(&self) -> Vec<&'static str> {
        let mut words = vec![self.title, self.caption];
        for knob in self.knobs {
            words.extend([knob.name, knob.unit]);
            words.extend(knob.called);
        }
        let Picture::Curves { x, y, .. } = &self.picture;
        words.extend([x.name, x.unit, y.name, y.unit]);
        for reading in self.lines().iter().chain(self.facts) {
            words.extend([reading.name, reading.unit]);
        }
        words.retain(|word| is_word(word));
        words
    }
}

/// Symbols of units are the same in every language.
pub(crate) fn is_word(text: &str) -> bool {
    !matches!(
        text,
        "" | "%" | "B" | "kB" | "MB" | "s" | "ms" | "km" | "kbit/s" | "Mbit/s"
    )
}

/// The texts of all explorables.
pub(crate) fn messages() -> Vec<(String, Place)> {
    let words = ALL.iter().flat_map(|it| it.words());
    words
        .map(|word| (word.to_string(), Place::new(FOLDER, 0)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_there_once_and_its_sliders_start_where_they_can() {
        for it in ALL {
            let same = ALL.iter().filter(|other| other.name == it.name);
            assert_eq!(same.count(), 1, "{}", it.name);
            for knob in it.knobs {
                let name = format!("{}: {}", it.name, knob.name);
                assert!(knob.start < knob.values.len(), "{name}");
                let called = knob.called.len();
                assert!(called == 0 || called == knob.values.len(), "{name}");
                assert!(knob.values.is_sorted(), "{name}");
            }
        }
    }

    #[test]
    fn every_picture_has_all_its_numbers() {
        for it in ALL {
            let count: usize =
                it.chosen().iter().map(|knob| knob.values.len()).product();
            let frames = it.frames();
            assert_eq!(frames.len(), count, "{}", it.name);
            for frame in frames {
                assert_eq!(frame.lines.len(), it.lines().len());
                assert_eq!(frame.facts.len(), it.facts.len());
                let points = it.knobs.last().map_or(0, |k| k.values.len());
                for line in frame.lines {
                    assert_eq!(line.len(), points, "{}", it.name);
                }
            }
        }
    }
}
