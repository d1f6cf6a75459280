//! Reno's law: in goes a loss rate, out comes how near the goodput is to the
//! formula.

use anyhow::Result;

use crate::rate::bulk;
use crate::report::{Measurement, Row};
use crate::stats::{mathis, median};

pub const MATHIS: Measurement = Measurement {
    name: "mathis",
    about: "goodput of reno, RTT 40 ms, loss one way, three seeds each",
    run,
};

fn run() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for percent in [0.1, 0.2, 0.5, 1.0, 2.0] {
        // The fewer losses there are, the longer it takes to see a mean.
        let span = if percent < 0.5 { 20_000 } else { 16_000 };
        let formula = mathis(0.04, percent / 100.0);
        let mut ratios = Vec::new();
        for seed in 1..=3 {
            let link = format!("--cc reno --rtt 40ms --seed {seed}");
            let link = format!("{link} --loss {percent}%/0%");
            ratios.push(bulk(&link, 2000, span)?.goodput / formula);
        }
        let all: Vec<_> = ratios.iter().map(|it| format!("{it:.2}")).collect();
        let middle = median(&ratios);
        let row = Row::of(
            format!("loss {percent} %"),
            format!(
                "{:.2} Mbit/s, {middle:.2} of the formula's {:.2} (runs {})",
                middle * formula / 1e6,
                formula / 1e6,
                all.join(", ")
            ),
        );
        let near = |it: &f64| (1.0 / 1.5..=1.5).contains(it);
        let kept = (0.8..=1.2).contains(&middle) && ratios.iter().all(near);
        rows.push(row.must("median 0.8 to 1.2, each 0.67 to 1.5", kept));
    }
    Ok(rows)
}
