//! Reno's law: in goes a loss rate, out comes how near the goodput is to the
//! formula.

use anyhow::Result;

use crate::rate::bulk;
use crate::report::{Measurement, Row};
use crate::stats::{mathis, median};

pub const MATHIS: Measurement = Measurement {
    name: "mathis",
    about: "goodput of reno, loss one way, three seeds each",
    run,
};

/// Round-trip time in milliseconds and loss in per cent; a law for rare
/// losses is not held to them where timeouts take over.
const POINTS: [(f64, f64); 9] = [
    (40.0, 0.05),
    (40.0, 0.1),
    (40.0, 0.2),
    (40.0, 0.5),
    (40.0, 1.0),
    (40.0, 2.0),
    (40.0, 5.0),
    (20.0, 0.5),
    (80.0, 0.5),
];

fn run() -> Result<Vec<Row>> {
    POINTS.map(judged).into_iter().collect()
}

fn judged((rtt, percent): (f64, f64)) -> Result<Row> {
    // The fewer losses there are, the longer it takes to see a mean.
    let span = if percent < 0.5 { 20_000 } else { 16_000 };
    let formula = mathis(rtt / 1000.0, percent / 100.0);
    let mut ratios = Vec::new();
    for seed in 1..=3 {
        let link = format!("--cc reno --rtt {rtt}ms --seed {seed}");
        let link = format!("{link} --loss {percent}%/0%");
        ratios.push(bulk(&link, 2000, span)?.goodput / formula);
    }
    let all: Vec<_> = ratios.iter().map(|it| format!("{it:.2}")).collect();
    let middle = median(&ratios);
    let row = Row::of(
        format!("RTT {rtt} ms, loss {percent} %"),
        format!(
            "{:.2} Mbit/s, {middle:.2} of the formula's {:.2} (runs {})",
            middle * formula / 1e6,
            formula / 1e6,
            all.join(", ")
        ),
    );
    if percent > 2.0 {
        return Ok(row);
    }
    let near = |it: &f64| (1.0 / 1.5..=1.5).contains(it);
    let kept = (0.8..=1.2).contains(&middle) && ratios.iter().all(near);
    Ok(row.must("median 0.8 to 1.2, each 0.67 to 1.5", kept))
}
