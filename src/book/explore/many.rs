//! Many machines: in go requests, keys and rumours, out comes how they are
//! shared out.

use lessons::formulas::{gossip_rounds, moved_consistent, moved_modulo};
use lessons::formulas::{one_choice, two_choices};
use lessons::sim::balancing::{Balancer, Choice};
use lessons::sim::chance::Chance;
use lessons::sim::gossip::push;
use lessons::sim::hashing::{Ring, Sharding, imbalance, moved};

use super::message::PER_CENT;
use super::{Axis, Explorable, Frame, Picture, axis, knob, line, told};

pub(super) const TWO_CHOICES: Explorable = Explorable {
    name: "two_choices",
    lesson: 29,
    title: "One random server, or the emptier of two",
    caption: "As many requests as servers, simulated once. The terms of the \
              formulas tell how the fullest grows, not how full it is: with \
              one choice they hold up to a constant factor, with two up to \
              a constant.",
    knobs: &[knob(
        "Servers",
        "",
        &[10.0, 100.0, 1000.0, 10_000.0, 30_000.0],
        2,
    )],
    picture: Picture::Bars {
        names: &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        of: "Requests of a server",
        y: SERVERS,
        lines: &[line("One choice", ""), line("Two choices", "")],
    },
    facts: &[
        told("Fullest with one choice", ""),
        told("Term of the formula for one", ""),
        told("Fullest with two", ""),
        told("Term of the formula for two", ""),
    ],
    frame: |given| {
        let n = given[0] as usize;
        let loads = |choice| {
            let (mut balancer, mut chance) =
                (Balancer::new(choice, n), Chance::new(1));
            for _ in 0..n {
                balancer.assign(&mut chance);
            }
            balancer
        };
        let one = loads(Choice::Random);
        let two = loads(Choice::TwoChoices);
        let full = |balancer: &Balancer| Some(f64::from(balancer.greatest()));
        let (first, second) = (one_choice(n as u64), two_choices(n as u64));
        Frame {
            lines: vec![shares(one.loads()), shares(two.loads())],
            facts: vec![full(&one), first.ok(), full(&two), second.ok()],
            ..Frame::default()
        }
    },
};

const SERVERS: Axis = axis(
    "",
    "% of the servers",
    false,
    &[0.0, 20.0, 40.0, 60.0, 80.0],
);

/// The share of the servers with 0, 1, 2 … requests, in per cent.
fn shares(loads: &[u32]) -> Vec<Option<f64>> {
    let share = |load: u32| {
        let with = loads.iter().filter(|it| **it == load).count();
        Some(100.0 * with as f64 / loads.len() as f64)
    };
    (0..10).map(share).collect()
}

/// Keys whose place is looked up.
const KEYS: u64 = 4000;

pub(super) const HASH_RING: Explorable = Explorable {
    name: "hash_ring",
    lesson: 30,
    title: "Who gets which keys",
    caption: "A ring of eight machines and 4,000 keys, simulated once. Which \
              share moves when a ninth comes is chance; the mean over many \
              rings is within 5 % of the formula's.",
    knobs: &[knob(
        "Points of each machine",
        "",
        &[1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0],
        0,
    )],
    picture: Picture::Bars {
        names: &["1", "2", "3", "4", "5", "6", "7", "8"],
        of: "Machine",
        y: axis("", "% of the keys", false, &[0.0, 10.0, 20.0, 30.0, 40.0]),
        lines: &[line("Keys", "")],
    },
    facts: &[
        told("The fullest has, times its fair share", ""),
        told("Moved when a ninth comes", "%"),
        told("By the formula", "%"),
        told("With the hash modulo the number", "%"),
    ],
    frame: |given| {
        const MACHINES: u64 = 8;
        let points = given[0] as u64;
        let ring = Ring::new(MACHINES, points, RING);
        let more = Ring::new(MACHINES + 1, points, RING);
        let mut keys = [0u64; MACHINES as usize];
        for key in 0..KEYS {
            keys[ring.machine(key) as usize] += 1;
        }
        let per_cent = |share: f64| share * 100.0;
        let share = |count: u64| Some(per_cent(count as f64 / KEYS as f64));
        let formula = moved_consistent(MACHINES as u32).ok();
        let modulo = moved_modulo(MACHINES as u32).ok();
        Frame {
            lines: vec![keys.map(share).to_vec()],
            facts: vec![
                Some(imbalance(&ring, MACHINES, KEYS)),
                Some(per_cent(moved(&ring, &more, KEYS))),
                formula.map(per_cent),
                modulo.map(per_cent),
            ],
            ..Frame::default()
        }
    },
};

/// Where the points of the ring fall.
const RING: u64 = 1;

pub(super) const GOSSIP_ROUNDS: Explorable = Explorable {
    name: "gossip_rounds",
    lesson: 31,
    title: "How fast a rumour spreads",
    caption: "Simulated once: everybody who knows tells one at random in \
              each round. The formula leaves out a constant; the mean of \
              many runs is within two rounds of it.",
    knobs: &[
        knob("Who are there", "", &[10.0, 100.0, 1000.0, 10_000.0], 2),
        knob(
            "Round",
            "",
            &[
                0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0,
                12.0, 13.0, 14.0, 15.0, 16.0, 17.0, 18.0, 19.0, 20.0, 21.0,
                22.0, 23.0, 24.0, 25.0, 26.0, 27.0, 28.0,
            ],
            12,
        ),
    ],
    picture: Picture::Curves {
        x: axis("Round", "", false, &[0.0, 7.0, 14.0, 21.0, 28.0]),
        y: PER_CENT,
        lines: &[line("Who know", "%")],
    },
    facts: &[
        told("Rounds until all know", ""),
        told("By the formula", ""),
    ],
    frame: |given| {
        let n = given[0];
        let known = push(n as usize, 1);
        let rounds = GOSSIP_ROUNDS.knobs[1].values.iter();
        let share = rounds.map(|round| {
            // Before the first round one knows, after the last one all do.
            let after = match *round as usize {
                0 => 1,
                round => known.get(round - 1).copied().unwrap_or(n as usize),
            };
            Some(100.0 * after as f64 / n)
        });
        Frame {
            lines: vec![share.collect()],
            facts: vec![Some(known.len() as f64), gossip_rounds(n as u64).ok()],
            ..Frame::default()
        }
    },
};
