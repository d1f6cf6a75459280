//! What a reader can drag: in goes the name of an explorable, out come its
//! points at every place of its sliders, its default picture, and the words
//! on it.
//!
//! The points are computed here, while the book is built, by the functions
//! of `lessons`. The page's script looks them up and draws them; it knows no
//! model.

mod arq;
mod bars;
mod chart;
mod congestion;
mod data;
mod distance;
mod kernel;
mod ladder;
mod many;
mod message;
mod number;
mod parts;
mod recovery;
mod rumour;
mod waiting;

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use super::mistakes::Place;

pub(crate) use chart::{Say, svg};
pub(crate) use data::{json, said, values};
pub(crate) use number::grouped;
use number::shown;
pub use parts::Knob;
pub(crate) use parts::{Arrow, Drawn, Reading};
use parts::{Axis, Frame, Picture, axis, dashed, knob, line, told};

/// Where their words stand.
pub(crate) const FOLDER: &str = "src/book/explore";

/// Every explorable, in the order of the lessons.
pub const ALL: &[&Explorable] = &[
    &message::PACKET_OVERHEAD,
    &rumour::COUNT_TO_INFINITY,
    &distance::DELAY_BUDGET,
    &distance::CLIENT_SERVER_VS_P2P,
    &message::FRAME_EFFICIENCY,
    &message::DATAGRAM_ARRIVES,
    &recovery::RETRY_BACKOFF,
    &recovery::ARQ_WINDOW,
    &arq::ARQ_LADDER,
    &recovery::RECEIVE_WINDOW,
    &congestion::CONGESTION_WINDOW,
    &kernel::KERNEL_WINDOWS,
    &congestion::MATHIS,
    &kernel::BUFFERBLOAT,
    &waiting::CACHE_HIT,
    &waiting::QUEUE_WAIT,
    &many::TWO_CHOICES,
    &many::HASH_RING,
    &many::GOSSIP_ROUNDS,
    &distance::BDP,
];

/// What was computed: the same in both languages and in every build.
static FRAMES: LazyLock<HashMap<&str, OnceLock<Vec<Frame>>>> =
    LazyLock::new(|| ALL.iter().map(|it| (it.name, OnceLock::new())).collect());

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
        let numbers = self.numbers(places);
        let numbers = numbers.into_iter();
        numbers
            .map(|(it, value)| shown(value, &said(it.unit, say)))
            .collect()
    }

    /// The picture at these places, as SVG.
    pub fn picture(
        &self,
        places: &[usize],
        say: &mut dyn FnMut(&str) -> String,
    ) -> String {
        chart::svg(self, places, "", say)
    }

    /// What is told at these places, in order.
    fn numbers(&self, places: &[usize]) -> Vec<(&Reading, Option<f64>)> {
        let frame = self.frame_at(places);
        let facts = self.facts.iter().zip(frame.facts.iter().copied());
        let at = places.last().copied().unwrap_or_default();
        let lines = match self.picture {
            Picture::Curves { lines, .. } => lines,
            // Bars and arrows stand in the picture only.
            Picture::Bars { .. } | Picture::Ladder { .. } => &[],
        };
        let lines = lines.iter().zip(&frame.lines);
        let lines = lines.map(|(line, values)| (line, values[at]));
        lines.chain(facts).collect()
    }

    /// Everything that has a number or a colour to be named.
    pub(crate) fn readings(&self) -> impl Iterator<Item = &'static Reading> {
        self.lines().iter().chain(self.facts)
    }

    pub(crate) fn lines(&self) -> &'static [Reading] {
        match self.picture {
            Picture::Curves { lines, .. }
            | Picture::Bars { lines, .. }
            | Picture::Ladder { lines, .. } => lines,
        }
    }

    /// The sliders that choose a picture: the last one of curves only moves
    /// a mark in it.
    pub(crate) fn chosen(&self) -> &'static [Knob] {
        match self.picture {
            Picture::Curves { .. } => &self.knobs[..self.knobs.len() - 1],
            Picture::Bars { .. } | Picture::Ladder { .. } => self.knobs,
        }
    }

    fn frame_at(&self, places: &[usize]) -> &'static Frame {
        let places = self.chosen().iter().zip(places);
        let index =
            places.fold(0, |index, (knob, at)| index * knob.values.len() + at);
        &self.frames()[index]
    }

    /// All pictures; the last of the sliders moves fastest.
    pub(crate) fn frames(&self) -> &'static [Frame] {
        FRAMES[self.name].get_or_init(|| self.compute())
    }

    fn compute(&self) -> Vec<Frame> {
        let mut all = vec![vec![]];
        for knob in self.chosen() {
            let longer = all.iter().flat_map(|before: &Vec<f64>| {
                let with = |value: &f64| [before, &[*value][..]].concat();
                knob.values.iter().map(with)
            });
            all = longer.collect();
        }
        let mut frames: Vec<_> =
            all.iter().map(|values| (self.frame)(values)).collect();
        for frame in &mut frames {
            let values = frame.lines.iter_mut().flatten();
            for value in values.chain(&mut frame.facts) {
                *value = value.map(number::rounded);
            }
        }
        frames
    }

    fn words(&self) -> Vec<&'static str> {
        let mut words = vec![self.title, self.caption];
        for knob in self.knobs {
            words.extend([knob.name, knob.unit]);
            words.extend(knob.called);
        }
        match &self.picture {
            Picture::Curves { x, y, .. } => {
                words.extend([x.name, x.unit, y.unit]);
            }
            Picture::Bars { of, y, .. } => words.extend([*of, y.unit]),
            Picture::Ladder { names, .. } => words.extend(*names),
        }
        for reading in self.readings() {
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
        "" | "%" | "B" | "kB" | "s" | "ms" | "km" | "Mbit/s" | "Gbit/s" | "1/s"
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
    fn they_stand_in_the_order_of_the_lessons() {
        assert!(ALL.is_sorted_by_key(|it| it.lesson));
        let last = ALL.last().map(|it| it.lesson);
        assert_eq!(last, Some(32));
    }

    #[test]
    fn every_picture_has_all_its_numbers() {
        for it in ALL {
            let count: usize =
                it.chosen().iter().map(|knob| knob.values.len()).product();
            let frames = it.frames();
            assert_eq!(frames.len(), count, "{}", it.name);
            for frame in frames {
                if let Picture::Ladder { .. } = it.picture {
                    assert!(!frame.arrows.is_empty(), "{}", it.name);
                    continue;
                }
                assert_eq!(frame.lines.len(), it.lines().len());
                assert_eq!(frame.facts.len(), it.facts.len());
                let points = match it.picture {
                    Picture::Curves { .. } => {
                        it.knobs.last().map_or(0, |knob| knob.values.len())
                    }
                    Picture::Bars { names, .. } => names.len(),
                    Picture::Ladder { .. } => 0,
                };
                for line in &frame.lines {
                    assert_eq!(line.len(), points, "{}", it.name);
                }
            }
        }
    }
}
