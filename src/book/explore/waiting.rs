//! Caches and queues: in go requests, out come times.

use lessons::formulas::{cache_time, md1, mm1};
use lessons::sim::cache::{Popularity, lru_hits};
use lessons::sim::queueing::{Service, queue};

use super::message::PER_CENT;
use super::{Explorable, Frame, Knob, Picture, axis, dashed, knob, line, told};

/// So many things, of which a cache holds some.
const THINGS: u64 = 500;

pub(super) const CACHE_HIT: Explorable = Explorable {
    name: "cache_hit",
    lesson: 23,
    title: "What a cache answers",
    caption: "500 things. The best that any cache of this size can do \
              follows from how often each is asked for. LRU is simulated: \
              1,000 requests to fill it, then 2,000 that count, so it meets \
              rare things for the first time even then. A hit takes 1 ms, a \
              miss 50 ms.",
    knobs: &[
        Knob {
            name: "What is asked for",
            unit: "",
            values: &[0.0, 1.0, 2.0, 3.0],
            called: &["all alike", "some more often", "by Zipf", "nearly one"],
            start: 2,
        },
        knob(
            "Room in the cache",
            "things",
            &[5.0, 10.0, 25.0, 50.0, 100.0, 150.0, 250.0, 350.0, 500.0],
            3,
        ),
    ],
    picture: Picture::Curves {
        x: axis(
            "Room in the cache",
            "things",
            false,
            &[0.0, 100.0, 200.0, 300.0, 400.0, 500.0],
        ),
        y: PER_CENT,
        lines: &[
            line("Best possible", "%"),
            dashed("LRU, simulated", "%"),
            told("Time with LRU, on average", "ms"),
        ],
    },
    facts: &[],
    frame: |given| {
        let popularity = Popularity::new(THINGS, given[0] as u32);
        let rooms = CACHE_HIT.knobs[1].values.iter();
        let best = rooms.clone();
        let best =
            best.map(|room| Some(popularity.of_first(*room as usize) * 100.0));
        let hits: Vec<f64> = rooms
            .map(|room| lru_hits(&popularity, *room as usize, 2000, 1))
            .collect();
        let time = hits.iter();
        let time = time.map(|hits| cache_time(*hits, 1.0, 50.0).ok());
        let lru = hits.iter().map(|hits| Some(hits * 100.0));
        Frame {
            lines: vec![best.collect(), lru.collect(), time.collect()],
            ..Frame::default()
        }
    },
};

pub(super) const QUEUE_WAIT: Explorable = Explorable {
    name: "queue_wait",
    lesson: 25,
    title: "What it costs to be busy",
    caption: "Dotted: a simulation of 5,000 requests of random work. Near \
              full load they are too few to meet the mean; with enough of \
              them the simulator is within 3 % up to a load of 80 %.",
    knobs: &[
        knob(
            "Requests that the server can do",
            "1/s",
            &[10.0, 100.0, 1000.0],
            1,
        ),
        knob(
            "Load",
            "%",
            &[
                10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 85.0, 90.0,
                95.0, 97.0, 99.0,
            ],
            7,
        ),
    ],
    picture: Picture::Curves {
        x: axis("Load", "%", false, &[0.0, 20.0, 40.0, 60.0, 80.0, 100.0]),
        y: axis("", "ms", true, &[1.0, 10.0, 100.0, 1000.0, 10_000.0]),
        lines: &[
            line("Random work (M/M/1)", "ms"),
            line("Fixed work (M/D/1)", "ms"),
            dashed("Random work, simulated", "ms"),
        ],
    },
    facts: &[],
    frame: |given| {
        let mu = given[0];
        let loads = QUEUE_WAIT.knobs[1].values.iter().map(|load| load / 100.0);
        let random = loads.clone();
        let random =
            random.map(|load| mm1(load * mu, mu).ok().map(|t| t * 1e3));
        let fixed = loads.clone();
        let fixed = fixed.map(|load| md1(load * mu, mu).ok().map(|t| t * 1e3));
        let nanos = |rate: f64| (1e9 / rate) as u64;
        let simulated = loads.map(|load| {
            let work = Service::Random(nanos(mu));
            let waits = queue(nanos(load * mu), work, 5000, 1);
            Some(waits.in_system / 1e6)
        });
        Frame {
            lines: vec![random.collect(), fixed.collect(), simulated.collect()],
            ..Frame::default()
        }
    },
};
