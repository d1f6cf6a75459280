//! What an explorable is made of: in go names, values and units, out come
//! sliders, axes, readings and points.

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
    /// For each of these names a bar of each series.
    Bars {
        names: &'static [&'static str],
        /// What they are names of.
        of: &'static str,
        y: Axis,
        lines: &'static [Reading],
    },
    /// Arrows between two ends, time going down.
    Ladder {
        names: &'static [&'static str; 2],
        /// The time that is drawn.
        span: u32,
        /// What each kind of arrow is.
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
    pub(crate) drawn: Drawn,
}

/// How a reading looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Drawn {
    Line,
    /// A line that is no formula's: measured, or simulated.
    Dashed,
    /// Not at all: it is only told.
    Told,
}

impl Drawn {
    pub(super) fn class(self) -> &'static str {
        match self {
            Drawn::Dashed => "dashed ",
            Drawn::Line | Drawn::Told => "",
        }
    }
}

pub(super) const fn line(name: &'static str, unit: &'static str) -> Reading {
    let drawn = Drawn::Line;
    Reading { name, unit, drawn }
}

pub(super) const fn dashed(name: &'static str, unit: &'static str) -> Reading {
    let drawn = Drawn::Dashed;
    Reading { name, unit, drawn }
}

pub(super) const fn told(name: &'static str, unit: &'static str) -> Reading {
    let drawn = Drawn::Told;
    Reading { name, unit, drawn }
}

pub(super) const fn knob(
    name: &'static str,
    unit: &'static str,
    values: &'static [f64],
    start: usize,
) -> Knob {
    Knob {
        name,
        unit,
        values,
        called: &[],
        start,
    }
}

/// An axis from its first tick to its last.
pub(super) const fn axis(
    name: &'static str,
    unit: &'static str,
    log: bool,
    ticks: &'static [f64],
) -> Axis {
    Axis {
        name,
        unit,
        log,
        from: ticks[0],
        to: ticks[ticks.len() - 1],
        ticks,
    }
}

/// One picture's points. `None` where a formula has no value.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Frame {
    /// For each line its values.
    pub(crate) lines: Vec<Vec<Option<f64>>>,
    pub(crate) facts: Vec<Option<f64>>,
    pub(crate) arrows: Vec<Arrow>,
}

/// Something that was sent, in a ladder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Arrow {
    /// [`Arrow::FRAME`], [`Arrow::AGAIN`] or [`Arrow::ACK`].
    pub(crate) kind: u8,
    pub(crate) lost: bool,
    pub(crate) number: u64,
    /// When it was sent, and how long it was on the way.
    pub(crate) at: u32,
    pub(crate) took: u32,
}

impl Arrow {
    pub(super) const FRAME: u8 = 0;
    pub(super) const AGAIN: u8 = 1;
    pub(super) const ACK: u8 = 2;
}
