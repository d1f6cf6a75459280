//! What routers believe of each other: in goes a network whose link is cut,
//! out comes what they think the way costs, round by round.

use lessons::sim::routing::{DistanceVector, Horizon, INFINITY, Network};

use super::{Explorable, Frame, Knob, Picture, axis, line, told};

pub(super) const COUNT_TO_INFINITY: Explorable = Explorable {
    name: "count_to_infinity",
    lesson: 4,
    title: "How long a rumour lives",
    caption: "Simulated: every link costs 1, and the one to the destination \
              is cut before round 1. Everybody tells and then listens, once \
              in a round. A cost of 16 means that there is no way.",
    knobs: &[
        Knob {
            name: "Network",
            unit: "",
            values: &[0.0, 1.0],
            called: &["Three in a row", "A ring of three, and one beside it"],
            start: 0,
        },
        Knob {
            name: "To whom a way leads through, a router tells",
            unit: "",
            values: &[0.0, 1.0],
            // One place for both: who is told nothing has no way here in the
            // next round either.
            called: &["its cost", "nothing, or 16"],
            start: 0,
        },
        Knob {
            name: "Round",
            unit: "",
            values: &[
                0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0,
                12.0, 13.0, 14.0, 15.0, 16.0,
            ],
            called: &[],
            start: 4,
        },
    ],
    picture: Picture::Curves {
        x: axis("Round", "", false, &[0.0, 4.0, 8.0, 12.0, 16.0]),
        y: axis("", "", false, &[0.0, 4.0, 8.0, 12.0, 16.0]),
        lines: &[
            line("Cost, believed beside the cut", ""),
            line("Cost, believed by a neighbour", ""),
        ],
    },
    facts: &[told("Rounds until all know it", "")],
    frame: |given| {
        let (mut network, places) = match given[0] as u32 {
            0 => (chain(), [0, 1, 2]),
            _ => (ring(), [0, 2, 3]),
        };
        network.join(places[1], places[2], 1);
        let horizon = match given[1] as u32 {
            0 => Horizon::None,
            _ => Horizon::Poisoned,
        };
        watch(network, horizon, places)
    },
};

/// The costs to the router that is cut off, round by round.
fn watch(
    network: Network,
    horizon: Horizon,
    [neighbour, beside, cut]: [usize; 3],
) -> Frame {
    let mut routers = DistanceVector::new(network, horizon);
    routers.settle();
    let mut lines = vec![Vec::new(), Vec::new()];
    let mut rounds = 0;
    for round in 0..COUNT_TO_INFINITY.knobs[2].values.len() {
        if round == 1 {
            routers.network_mut().cut(beside, cut);
        }
        if round > 0 && routers.round() {
            rounds = round;
        }
        for (line, router) in lines.iter_mut().zip([beside, neighbour]) {
            let route = routers.routes(router)[cut];
            let cost = route.map_or(INFINITY, |route| route.cost);
            line.push(Some(f64::from(cost)));
        }
    }
    Frame {
        lines,
        facts: vec![Some(rounds as f64)],
        ..Frame::default()
    }
}

fn chain() -> Network {
    let mut network = Network::new(2);
    network.join(0, 1, 1);
    network
}

fn ring() -> Network {
    let mut network = chain();
    network.join(1, 2, 1);
    network.join(0, 2, 1);
    network
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn poison_cures_a_row_at_once_and_a_ring_late() {
        let rounds = |ring: f64, told: f64| {
            let frame = (COUNT_TO_INFINITY.frame)(&[ring, told]);
            frame.facts[0].unwrap()
        };
        assert_eq!(rounds(0.0, 0.0), 15.0);
        assert_eq!(rounds(0.0, 1.0), 2.0);
        assert!(rounds(1.0, 1.0) > 5.0);
        // All of them end within the picture.
        assert!(rounds(1.0, 0.0) < 16.0 && rounds(1.0, 1.0) < 16.0);
    }
    #[test]
    fn silence_and_poison_are_one_place_of_the_slider() {
        for (mut network, places) in [(chain(), [0, 1, 2]), (ring(), [0, 2, 3])]
        {
            network.join(places[1], places[2], 1);
            let frame = |horizon| watch(network.clone(), horizon, places);
            let silent = frame(Horizon::Split);
            let poisoned = frame(Horizon::Poisoned);
            assert_eq!(silent.lines, poisoned.lines);
            assert_eq!(silent.facts, poisoned.facts);
        }
    }
}
