//! Congestion control: in go losses and round-trip times, out come windows
//! over time and rates, simulated and by the formula.

use lessons::formulas::mathis;
use lessons::link::{Queue, Settings, Way};
use lessons::sim::tcp::{self, Flow, Kind, Limits, Setup};
use lessons::sim::trace::Trace;

use super::{Explorable, Frame, Picture, axis, dashed, knob, line};

/// Bytes of the message in a segment, with time stamps in its header.
const MSS: u64 = 1448;
const MILLISECOND: u64 = 1_000_000;

pub(super) const CONGESTION_WINDOW: Explorable = Explorable {
    name: "congestion_window",
    lesson: 22,
    title: "How a window grows and is cut",
    caption: "One simulated sender at a time, on a link of 2 Mbit/s and \
              80 ms with a queue of 20 kB. It is a simulation: a kernel's \
              window has its own details. BBR-like is a model that can be \
              read, not BBR.",
    knobs: &[
        knob("Loss", "%", &[0.0, 0.1, 1.0, 3.0], 0),
        knob("Time", "s", SECONDS, 20),
    ],
    picture: Picture::Curves {
        x: axis("Time", "s", false, &[0.0, 5.0, 10.0, 15.0, 20.0]),
        y: axis("", "segments", false, &[0.0, 20.0, 40.0, 60.0, 80.0]),
        lines: &[
            line("Reno", "segments"),
            line("CUBIC", "segments"),
            line("BBR-like", "segments"),
        ],
    },
    facts: &[],
    frame: |given| {
        let kinds = [Kind::Reno, Kind::Cubic, Kind::BbrLike];
        let lines = kinds.map(|kind| windows(kind, given[0] / 100.0));
        Frame {
            lines: lines.to_vec(),
            ..Frame::default()
        }
    },
};

const SECONDS: &[f64] = &[
    0.4, 0.8, 1.2, 1.6, 2.0, 2.4, 2.8, 3.2, 3.6, 4.0, 4.4, 4.8, 5.2, 5.6, 6.0,
    6.4, 6.8, 7.2, 7.6, 8.0, 8.4, 8.8, 9.2, 9.6, 10.0, 10.4, 10.8, 11.2, 11.6,
    12.0, 12.4, 12.8, 13.2, 13.6, 14.0, 14.4, 14.8, 15.2, 15.6, 16.0, 16.4,
    16.8, 17.2, 17.6, 18.0, 18.4, 18.8, 19.2, 19.6, 20.0,
];

/// A sender's window, in segments, at each of [`SECONDS`].
fn windows(kind: Kind, loss: f64) -> Vec<Option<f64>> {
    let way = Way {
        delay: 40 * MILLISECOND,
        ..Way::default()
    };
    let up = Way {
        rate: Some(2_000_000),
        queue: Queue::Bytes(20_000),
        loss,
        ..way.clone()
    };
    let setup = Setup {
        link: Settings {
            up,
            down: way,
            seed: 1,
        },
        flows: vec![Flow { kind, start: 0 }],
        smss: MSS,
        limits: Limits::LINUX,
        selective: true,
        duration: 20_100 * MILLISECOND,
        measure_from: 0,
        sample_every: 100 * MILLISECOND,
    };
    let samples = tcp::run(&setup, Trace::none())
        .map(|report| report.flows.into_iter().next())
        .ok()
        .flatten()
        .map_or_else(Vec::new, |flow| flow.samples);
    let at = |seconds: &f64| {
        let at = (seconds * 1e9).round() as u64;
        let sample = samples.iter().rev().find(|sample| sample.at <= at)?;
        Some((sample.window as f64 / MSS as f64).round())
    };
    SECONDS.iter().map(at).collect()
}

pub(super) const MATHIS: Explorable = Explorable {
    name: "mathis",
    lesson: 22,
    title: "What loss leaves of a rate",
    caption: "Dotted: Reno of Linux 6.18 over the laboratory's link (2 CPUs, \
              November 2026), the median of three runs of 16 s or more. It is \
              within 11 % of the formula up to a loss of 2 %; at 5 % timeouts \
              take over, which the formula does not know.",
    knobs: &[
        knob("Round-trip time", "ms", &[10.0, 20.0, 40.0, 80.0, 160.0], 2),
        knob(
            "Loss",
            "%",
            &[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0],
            6,
        ),
    ],
    picture: Picture::Curves {
        x: axis("Loss", "%", true, &[0.01, 0.1, 1.0, 10.0]),
        y: axis("", "Mbit/s", true, &[0.1, 1.0, 10.0, 100.0, 1000.0]),
        lines: &[
            line("By the formula", "Mbit/s"),
            dashed("Measured", "Mbit/s"),
        ],
    },
    facts: &[],
    frame: |given| {
        let losses = MATHIS.knobs[1].values.iter();
        let rate = |loss: &f64| {
            let rate = mathis(MSS as f64, given[0] / 1e3, 1.0, loss / 100.0);
            rate.ok().map(|rate| rate * 8.0 / 1e6)
        };
        let measured = |loss: &f64| {
            let of = |point: &&(f64, f64, f64)| {
                point.0 == given[0] && point.1 == *loss
            };
            KERNEL.iter().find(of).map(|point| point.2)
        };
        Frame {
            lines: vec![
                losses.clone().map(rate).collect(),
                losses.map(measured).collect(),
            ],
            ..Frame::default()
        }
    },
};

/// What a Linux kernel's Reno did, without a limit of rate: milliseconds of
/// round-trip time, per cent of loss, Mbit/s of goodput. Measured on 25
/// November 2026, Linux 6.18, by `cargo bench --bench lab -- mathis`.
const KERNEL: &[(f64, f64, f64)] = &[
    (40.0, 0.05, 16.37),
    (40.0, 0.1, 11.61),
    (40.0, 0.2, 8.79),
    (40.0, 0.5, 5.30),
    (40.0, 1.0, 3.56),
    (40.0, 2.0, 2.32),
    (40.0, 5.0, 1.40),
    (20.0, 0.5, 11.05),
    (80.0, 0.5, 2.49),
];
