//! Exercise 19, 100 messages over a line that keeps breaking: what happens
//! to the line at which message goes in; whether each message was delivered
//! once, in order, with pauses between the attempts, comes out.

use std::time::Duration;

mod breaks;
mod line;
mod message;
mod server;
mod words;

use self::breaks::Break;
use self::line::Moment;
use self::server::{Run, play};
use self::words::*;
use super::client::side_by_side;
use super::{Bench, Exercise, Outcome, Role, Step};

/// How many messages there are.
const MESSAGES: u32 = 100;

/// How often in a row the line is closed before a message could be read.
const ROW: usize = 6;

/// Lines that acknowledge nothing: instead of `ID` the message's own.
const ALMOST_RIGHT: [&str; 7] = [
    "ack ID\r\n",
    "ack  ID\n",
    "ack ID \n",
    "ack ID0\n",
    "ack ID ID\n",
    "Ack ID\n",
    "ID\n",
];

/// How long nobody listens.
const REFUSED_FOR: Duration = Duration::from_millis(1200);

pub static EXERCISE: Exercise = Exercise {
    number: 19,
    title: "100 messages, each exactly once",
    role: Role::Client,
    steps: &[
        Step::new("100 messages, each acknowledged", friendly),
        Step::new("an acknowledgement in pieces, after 600 ms", late),
        Step::new("the end instead of an acknowledgement", ends),
        Step::new("a reset instead of an acknowledgement", resets),
        Step::new("an acknowledgement without its end is none", half),
        Step::new("one for another message is ignored", another),
        Step::new("a line that is almost right is ignored", almost),
        Step::new("half a line before an acknowledgement", behind_half),
        Step::new("silence, or other lines: gone after 1 to 3 s", silence),
        Step::new("nobody listens yet, or for a while", refused),
        Step::new("closed at once, six times: longer pauses", closed_at_once),
        Step::new("the last acknowledgement is lost", last_is_lost),
        Step::new("a line that breaks in every way", every_way),
    ],
    after: None,
    words: WORDS,
    hint: &[
        "Make the ID before the first attempt, outside of the loop that \
         tries. Every attempt of that message uses it.",
        "One function tries once: connect if there is no connection, send, \
         read one line before a deadline. Whatever fails there is handled in \
         one place: drop the connection, pause, try again.",
        "Count the failures since the last acknowledgement. The pause before \
         the next attempt is 50 ms, doubled for each failure after the \
         first, 400 ms at most; add as much again, times a random number.",
        "An acknowledgement is the whole line `ack`, a space, your ID and \
         `\\n`. Any other whole line: read on, until the deadline.",
    ],
};

fn friendly(bench: &mut Bench) -> Outcome {
    play(bench, Moment::FromTheStart, &[], WAIT_FOR_ACK)
}

fn late(bench: &mut Bench) -> Outcome {
    let early = Run::new(at(bench, 2..9), Break::Late, IN_TIME);
    at_once(bench, &[early, Run::new(MESSAGES, Break::Late, IN_TIME)])
}

fn ends(bench: &mut Bench) -> Outcome {
    thrice(bench, Break::End, AGAIN)
}

fn resets(bench: &mut Bench) -> Outcome {
    thrice(bench, Break::Reset, A_RESET)
}

fn half(bench: &mut Bench) -> Outcome {
    thrice(bench, Break::Half, HALF)
}

fn another(bench: &mut Bench) -> Outcome {
    let breaks = [
        (at(bench, 2..25), Break::AnotherThenRight),
        (at(bench, 25..50), Break::AnotherWithRight),
        (at(bench, 50..90), Break::AnotherThenEnd),
    ];
    play(bench, Moment::FromTheStart, &breaks, ANOTHER)
}

fn almost(bench: &mut Bench) -> Outcome {
    let first = at(bench, 1..20);
    let breaks = std::array::from_fn::<_, { ALMOST_RIGHT.len() }, _>(|n| {
        (first + 10 * n as u32, Break::Almost(ALMOST_RIGHT[n]))
    });
    play(bench, Moment::FromTheStart, &breaks, ALMOST)
}

fn behind_half(bench: &mut Bench) -> Outcome {
    thrice(bench, Break::BehindHalf, KEPT)
}

/// The limit of 1 to 3 s ends each of them.
fn silence(bench: &mut Bench) -> Outcome {
    let silence = Run::new(at(bench, 2..50), Break::Silence, SILENT);
    let chatter = Run::new(at(bench, 2..50), Break::Chatter, FROM_SENDING);
    let drip = Run::new(at(bench, 2..50), Break::Drip, FROM_SENDING);
    at_once(bench, &[silence, chatter, drip])
}

fn refused(bench: &mut Bench) -> Outcome {
    let for_a_while = Run::new(at(bench, 2..50), Break::Refused, REFUSED);
    let not_yet = Run {
        listens: Moment::After(REFUSED_FOR),
        breaks: vec![],
        likely: REFUSED,
    };
    at_once(bench, &[not_yet, for_a_while])
}

fn closed_at_once(bench: &mut Bench) -> Outcome {
    let first = at(bench, 2..50);
    let breaks = [(first, Break::Closed); ROW];
    play(bench, Moment::FromTheStart, &breaks, LONGER)
}

fn last_is_lost(bench: &mut Bench) -> Outcome {
    let breaks = [(MESSAGES, Break::End); 2];
    play(bench, Moment::FromTheStart, &breaks, LAST)
}

fn every_way(bench: &mut Bench) -> Outcome {
    let mut ways = [
        Break::End,
        Break::Reset,
        Break::Half,
        Break::AnotherThenRight,
        Break::AnotherThenEnd,
        Break::Refused,
        Break::Closed,
        Break::Silence,
        Break::Late,
        Break::End,
    ];
    bench.rng.shuffle(&mut ways);
    let breaks: Vec<_> = ways
        .into_iter()
        .map(|way| (bench.rng.u32(2..=MESSAGES), way))
        .collect();
    play(bench, Moment::FromTheStart, &breaks, EVERY_WAY)
}

fn thrice(bench: &mut Bench, how: Break, likely: &'static str) -> Outcome {
    let breaks = [
        (at(bench, 1..30), how),
        (at(bench, 30..60), how),
        (at(bench, 60..90), how),
    ];
    play(bench, Moment::FromTheStart, &breaks, likely)
}

fn at_once(bench: &Bench, runs: &[Run]) -> Outcome {
    side_by_side(runs.iter().map(|run| move || run.play(bench)))
}

fn at(bench: &mut Bench, numbers: std::ops::Range<u32>) -> u32 {
    bench.rng.u32(numbers)
}
