//! Exercise 4, the conversation as a whole: cut, long, at random, ended.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::super::{Bench, Exchange, Failure, Outcome, Shown};
use super::table::{Prefix, Table, dotted};
use super::talk::Talk;
use super::words::*;
use crate::peer::cut;

/// Most routes of one connection, and datagrams in the longest step.
const MANY: usize = 20_000;

/// Lines that are sent before their answers are read.
const UNREAD: usize = 500;

/// For all of [`MANY`], as the page states.
const IN_TIME: Duration = Duration::from_secs(30);

/// Between two pieces of a line.
const PAUSE: Duration = Duration::from_millis(2);

pub fn empty(bench: &mut Bench) -> Outcome {
    let mut talk = Talk::begin(bench)?;
    talk.ask("add 10.0.0.0/8 old 1", "ok", CONTRACT)?;
    let mut talk = Talk::begin_after(bench, talk)?;
    talk.ask("forward 10.1.2.3 64", "drop no route", LEFT_OVER)?;
    talk.ask(
        "withdraw 10.0.0.0/8 old",
        "error no such route",
        NO_SUCH_ROUTE,
    )
}

pub fn cut_up(bench: &mut Bench) -> Outcome {
    let lines = "add 10.0.0.0/8 A 1\nadd 10.1.0.0/16 B 1\nhello\n\
        forward 10.1.2.3 64\nforward 10.2.2.3 64\nwithdraw 10.1.0.0/16 B\n\
        forward 10.1.2.3 1\nforward 10.1.2.3 64\n";
    let answers = "ok\nok\nerror bad line\nsend B 63\nsend A 63\nok\n\
        drop ttl\nsend A 63\n";
    for longest in [lines.len(), 1, 30] {
        let pieces = match longest {
            longest if longest == lines.len() => vec![lines.as_bytes()],
            longest => cut(lines.as_bytes(), longest, &mut bench.rng),
        };
        let mut talk = Talk::begin(bench)?;
        talk.peer.send_pieces(pieces, PAUSE);
        Exchange {
            sent: Shown::lines(lines.as_bytes()).note(IN_PIECES),
            expected: answers.as_bytes(),
            close: false,
            likely: ONE_READ,
            show: Shown::text,
        }
        .judge(&mut talk.peer)?;
    }
    Ok(())
}

pub fn at_random(bench: &mut Bench) -> Outcome {
    for _ in 0..40 {
        let mut table = Table::default();
        let places: Vec<u32> = (0..3).map(|_| bench.rng.u32(..)).collect();
        let mut talk = Talk::begin(bench)?;
        for _ in 0..60 {
            let (line, answer) =
                random_line(&mut table, &places, &mut bench.rng);
            talk.ask(line, &answer, MODEL)?;
        }
    }
    Ok(())
}

/// A line about one of few places, so that prefixes overlap, and its answer.
fn random_line(
    table: &mut Table,
    places: &[u32],
    rng: &mut Rng,
) -> (String, String) {
    let place = places[rng.usize(..places.len())];
    let prefix = Prefix::new(place, rng.u32(..=32));
    let next = ["A", "B", "a", "10", "9"][rng.usize(..5)];
    match rng.u8(..8) {
        0..3 => {
            let cost = rng.u32(1..=3);
            table.add(prefix, next, cost);
            (format!("add {prefix} {next} {cost}"), "ok".to_owned())
        }
        3 => {
            let answer = table.withdraw(prefix, next).to_owned();
            (format!("withdraw {prefix} {next}"), answer)
        }
        _ => {
            // One bit is another: all before it still match.
            let address = place ^ (1 << rng.u32(..32));
            let ttl = rng.u8(..);
            let line = format!("forward {} {ttl}", dotted(address));
            (line, table.forward(address, ttl))
        }
    }
}

pub fn many(bench: &mut Bench) -> Outcome {
    let lines = many_lines(&mut bench.rng);
    let until = Instant::now() + IN_TIME;
    let mut talk = Talk::begin(bench)?;
    for batch in lines.chunks(UNREAD) {
        let text = |part: fn(&(String, String)) -> &String| {
            let lines = batch.iter().map(|it| part(it).clone() + "\n");
            lines.collect::<String>()
        };
        let (asked, answers) = (text(|it| &it.0), text(|it| &it.1));
        let answered = talk.batch((&asked, &answers), until, SLOW);
        if Instant::now() >= until {
            return Err(Failure {
                sent: Shown::lines(asked.as_bytes()),
                expected: Shown::words(ALL_IN_TIME),
                got: Shown::words(TOO_LATE),
                likely: SLOW,
                died: None,
            }
            .into());
        }
        answered?;
    }
    Ok(())
}

/// [`MANY`] routes, then as many datagrams, and their answers.
fn many_lines(rng: &mut Rng) -> Vec<(String, String)> {
    let mut table = Table::default();
    let mut lines = Vec::with_capacity(2 * MANY);
    let mut prefixes = HashSet::new();
    while prefixes.len() < MANY {
        let prefix = Prefix::new(rng.u32(..), rng.u32(8..=28));
        if prefixes.insert(prefix) {
            let next = format!("R{}", rng.u8(..));
            table.add(prefix, &next, 1);
            lines.push((format!("add {prefix} {next} 1"), "ok".to_owned()));
        }
    }
    for _ in 0..MANY {
        let address = rng.u32(..);
        let line = format!("forward {} 64", dotted(address));
        lines.push((line, table.forward(address, 64)));
    }
    lines
}

pub fn half_a_line(bench: &mut Bench) -> Outcome {
    for (lines, answers) in [
        ("", ""),
        ("forward 10.1.2.3 64", ""),
        (
            "add 10.0.0.0/8 A 1\nforward 10.1.2.3 64\n",
            "ok\nsend A 63\n",
        ),
        ("add 10.0.0.0/8 A 1\nforward 10.1.2.3 6", "ok\n"),
        ("add 10.0.0.0/8 A 1\nhel", "ok\n"),
    ] {
        let mut peer = bench.connect()?;
        peer.send(lines.as_bytes());
        peer.half_close();
        Exchange {
            sent: Shown::lines(lines.as_bytes()).note(THEN_HALF_CLOSE),
            expected: answers.as_bytes(),
            close: true,
            likely: HALF_LINE,
            show: Shown::text,
        }
        .judge(&mut peer)?;
    }
    Ok(())
}

pub fn leaves(bench: &mut Bench) -> Outcome {
    let lines = "add 10.0.0.0/8 A 1\nforward 10.1.2.3 64\n".repeat(9);
    let lines = lines.as_bytes();
    bench.clients_leave([0, 7, lines.len()].map(|end| &lines[..end]))
}

pub fn still_serves(bench: &mut Bench) -> Outcome {
    let mut talk = Talk::begin(bench)?;
    talk.all(
        &[
            ("add 192.0.2.0/24 next 1", "ok"),
            ("forward 192.0.2.7 64", "send next 63"),
        ],
        NEXT_CLIENT,
    )
}
