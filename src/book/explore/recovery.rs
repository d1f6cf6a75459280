//! What waiting and repeating cost: in go losses and windows, out come waits
//! and shares of a link.

use lessons::formulas::{
    backoff_limit, backoff_mean, go_back_n, selective_repeat, stop_and_wait,
    window_rate,
};

use super::message::PER_CENT;
use super::{Explorable, Frame, Picture, axis, knob, line};

pub(super) const RETRY_BACKOFF: Explorable = Explorable {
    name: "retry_backoff",
    lesson: 19,
    title: "How long to wait before the next try",
    caption: "The wait is drawn evenly between 0 and its limit (full jitter), \
              so one client waits half of it on average, and many do not \
              come back in the same moment.",
    knobs: &[
        knob("First limit", "ms", &[10.0, 50.0, 100.0, 500.0], 2),
        knob("Limit of all", "s", &[1.0, 5.0, 20.0, 60.0], 2),
        knob(
            "Retry",
            "",
            &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0],
            3,
        ),
    ],
    picture: Picture::Curves {
        x: axis("Retry", "", false, &[0.0, 2.0, 4.0, 6.0, 8.0, 10.0]),
        y: axis("", "s", true, &[0.001, 0.01, 0.1, 1.0, 10.0, 100.0]),
        lines: &[line("Longest wait", "s"), line("Wait on average", "s")],
    },
    facts: &[],
    frame: |given| {
        let (first, cap) = (given[0] / 1e3, given[1]);
        let retries = RETRY_BACKOFF.knobs[2].values.iter();
        let limit = retries.clone();
        let limit = limit.map(|i| backoff_limit(cap, first, *i as u32).ok());
        let mean = retries.map(|i| backoff_mean(cap, first, *i as u32).ok());
        Frame {
            lines: vec![limit.collect(), mean.collect()],
            ..Frame::default()
        }
    },
};

pub(super) const ARQ_WINDOW: Explorable = Explorable {
    name: "arq_window",
    lesson: 20,
    title: "How much of a link each protocol uses",
    caption: "By the formulas, which assume that acknowledgements are never \
              lost and that a frame is repeated after exactly one round \
              trip: TCP knows neither. The simulator, which sends each \
              frame, is within 2 % of them.",
    knobs: &[
        knob("Loss", "%", &[0.0, 0.1, 1.0, 5.0, 20.0], 2),
        knob(
            "Frames on the link, one way",
            "",
            &[0.5, 2.0, 10.0, 50.0],
            2,
        ),
        knob(
            "Window",
            "frames",
            &[
                1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 21.0, 32.0, 64.0,
                101.0, 128.0,
            ],
            5,
        ),
    ],
    picture: Picture::Curves {
        x: axis("Window", "frames", true, &[1.0, 4.0, 16.0, 64.0, 128.0]),
        y: PER_CENT,
        lines: &[
            line("Stop-and-wait", "%"),
            line("Go-Back-N", "%"),
            line("Selective repeat", "%"),
        ],
    },
    facts: &[],
    frame: |given| {
        let (p, a) = (given[0] / 100.0, given[1]);
        let share = |share: f64| share * 100.0;
        let windows = ARQ_WINDOW.knobs[2].values.iter().map(|w| *w as u32);
        let one = windows.clone();
        let one = one.map(|_| stop_and_wait(p, a).ok().map(share));
        let back = windows.clone();
        let back = back.map(|w| go_back_n(p, a, w).ok().map(share));
        let only = windows;
        let only = only.map(|w| selective_repeat(p, a, w).ok().map(share));
        Frame {
            lines: vec![one.collect(), back.collect(), only.collect()],
            ..Frame::default()
        }
    },
};

pub(super) const RECEIVE_WINDOW: Explorable = Explorable {
    name: "receive_window",
    lesson: 21,
    title: "What a window allows",
    caption: "The most that a window lets through in one round trip after \
              the other; the simulator is within 2 % of it. A slower link, a \
              loss or a program that does not read makes it less.",
    knobs: &[
        knob("Round-trip time", "ms", &[1.0, 10.0, 40.0, 100.0, 300.0], 2),
        knob(
            "Window",
            "kB",
            &[
                1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 65.535, 128.0, 256.0, 512.0,
                1024.0, 2048.0, 4096.0, 6291.0,
            ],
            6,
        ),
    ],
    picture: Picture::Curves {
        x: axis("Window", "kB", true, &[1.0, 10.0, 100.0, 1000.0, 6291.0]),
        y: axis("", "Mbit/s", true, &[0.01, 1.0, 100.0, 10_000.0, 100_000.0]),
        lines: &[line("Highest rate", "Mbit/s")],
    },
    facts: &[],
    frame: |given| {
        let windows = RECEIVE_WINDOW.knobs[1].values.iter();
        let rates = windows.map(|kb| window_rate(kb * 1e3, given[0] / 1e3));
        // Bytes per second.
        let rates = rates.map(|rate| rate.ok().map(|rate| rate * 8.0 / 1e6));
        Frame {
            lines: vec![rates.collect()],
            ..Frame::default()
        }
    },
};
