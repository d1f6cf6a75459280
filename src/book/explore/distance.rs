//! What distance and rate do: in go metres and bits per second, out come
//! times.

use lessons::formulas::{bdp, client_server, nodal_delay, peer_to_peer};

use super::{Explorable, Frame, Picture, axis, knob, line, told};

/// How fast a signal travels in glass or copper: two thirds of light.
const SIGNAL: f64 = 2e8;

pub(super) const DELAY_BUDGET: Explorable = Explorable {
    name: "delay_budget",
    lesson: 5,
    title: "Where a packet's time goes",
    caption: "One link, with a signal at two thirds of the speed of light. \
              The time that a machine takes to choose the way is left out: \
              it is microseconds.",
    knobs: &[
        knob("Length of the packet", "B", &[64.0, 1500.0], 1),
        knob("Rate", "Mbit/s", &[1.0, 10.0, 100.0, 1000.0], 1),
        knob("Wait behind other packets", "ms", &[0.0, 1.0, 10.0], 0),
        knob(
            "Distance",
            "km",
            &[
                0.1, 1.0, 10.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0,
                5000.0, 10_000.0, 20_000.0,
            ],
            7,
        ),
    ],
    picture: Picture::Curves {
        x: axis(
            "Distance",
            "km",
            true,
            &[0.1, 1.0, 10.0, 100.0, 1000.0, 20_000.0],
        ),
        y: axis("", "ms", true, &[0.0001, 0.01, 1.0, 100.0, 1000.0]),
        lines: &[
            line("All together", "ms"),
            line("On the way", "ms"),
            told("To send all its bits", "ms"),
        ],
    },
    facts: &[],
    frame: |given| {
        let (bits, rate) = (given[0] * 8.0, given[1] * 1e6);
        let delay = |wait: f64, bits: f64, km: f64| {
            let all = nodal_delay(0.0, wait, bits, rate, km * 1e3, SIGNAL);
            all.ok().map(|seconds| seconds * 1e3)
        };
        let distances = DELAY_BUDGET.knobs[3].values.iter();
        let all = distances.clone();
        let all = all.map(|km| delay(given[2] / 1e3, bits, *km));
        let way = distances.clone().map(|km| delay(0.0, 0.0, *km));
        let sending = distances.map(|_| delay(0.0, bits, 0.0));
        Frame {
            lines: vec![all.collect(), way.collect(), sending.collect()],
            ..Frame::default()
        }
    },
};

pub(super) const CLIENT_SERVER_VS_P2P: Explorable = Explorable {
    name: "client_server_vs_p2p",
    lesson: 6,
    title: "One server for all, or all for all",
    caption: "A file of 1 GB; the slowest receiver takes 100 Mbit/s. Both are \
              the least time that is possible: a real transfer takes longer, \
              since nobody knows at once who has what.",
    knobs: &[
        knob("The server sends", "Mbit/s", &[10.0, 100.0, 1000.0], 1),
        knob("Each receiver sends", "Mbit/s", &[0.0, 1.0, 5.0, 20.0], 2),
        knob(
            "Receivers",
            "",
            &[
                1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 50.0, 100.0, 200.0,
                300.0, 500.0, 1000.0,
            ],
            8,
        ),
    ],
    picture: Picture::Curves {
        x: axis("Receivers", "", true, &[1.0, 10.0, 100.0, 1000.0]),
        y: axis(
            "",
            "s",
            true,
            &[10.0, 100.0, 1000.0, 10_000.0, 100_000.0, 1_000_000.0],
        ),
        lines: &[line("One server", "s"), line("Peer to peer", "s")],
    },
    facts: &[],
    frame: |given| {
        const FILE: f64 = 8e9;
        const SLOWEST: f64 = 1e8;
        let (server, each) = (given[0] * 1e6, given[1] * 1e6);
        let receivers = CLIENT_SERVER_VS_P2P.knobs[2].values.iter();
        let one = receivers.clone();
        let one =
            one.map(|n| client_server(*n as u32, FILE, server, SLOWEST).ok());
        let all = receivers.map(|n| {
            let rates = vec![each; *n as usize];
            peer_to_peer(FILE, server, SLOWEST, &rates).ok()
        });
        Frame {
            lines: vec![one.collect(), all.collect()],
            ..Frame::default()
        }
    },
};

pub(super) const BDP: Explorable = Explorable {
    name: "bdp",
    lesson: 32,
    title: "What must be on the way",
    caption: "A path that is kept busy holds this much, no more and no less. \
              Queues on the way add theirs.",
    knobs: &[
        knob("Rate", "Gbit/s", &[0.01, 0.1, 1.0, 10.0, 100.0], 2),
        knob(
            "Round-trip time",
            "ms",
            &[
                0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 80.0,
                150.0, 300.0,
            ],
            9,
        ),
    ],
    picture: Picture::Curves {
        x: axis(
            "Round-trip time",
            "ms",
            true,
            &[0.05, 0.5, 5.0, 50.0, 300.0],
        ),
        y: axis(
            "",
            "kB",
            true,
            &[0.01, 1.0, 100.0, 10_000.0, 1_000_000.0, 10_000_000.0],
        ),
        lines: &[line("On the way", "kB")],
    },
    facts: &[],
    frame: |given| {
        let rtts = BDP.knobs[1].values.iter();
        let bits = rtts.map(|ms| bdp(given[0] * 1e9, ms / 1e3).ok());
        let bytes = bits.map(|bits| bits.map(|bits| bits / 8e3));
        Frame {
            lines: vec![bytes.collect()],
            ..Frame::default()
        }
    },
};
