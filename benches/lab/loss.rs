//! Loss: in go a probability and a seed, out comes which datagrams arrived.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};

use crate::report::{Measurement, Row};
use crate::stage::{Lab, probe};
use crate::stats::standard_errors;

pub const LOSS: Measurement = Measurement {
    name: "loss",
    about: "20,000 numbered datagrams from the client to the server",
    run,
};

const SENT: usize = 20_000;

fn run() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for percent in [0.1, 1.0, 5.0, 20.0] {
        let lost = SENT - received(percent, 1)?.len();
        let errors = standard_errors(lost, SENT, percent / 100.0);
        let measured = 100.0 * lost as f64 / SENT as f64;
        let row = Row::of(
            format!("loss {percent} %, seed 1"),
            format!("{measured:.3} %, {errors:+.1} standard errors"),
        );
        rows.push(row.must("within 3", errors.abs() <= 3.0));
    }
    let again = [received(1.0, 1)?, received(1.0, 1)?];
    let other = received(1.0, 2)?;
    let different = again[0].symmetric_difference(&again[1]).count();
    let row = Row::of("loss 1 %, seed 1 twice", told(different));
    rows.push(row.must("0", different == 0));
    let different = again[0].symmetric_difference(&other).count();
    let row = Row::of("loss 1 %, seeds 1 and 2", told(different));
    rows.push(row.must("more than 100", different > 100));
    Ok(rows)
}

fn told(different: usize) -> String {
    format!("{different} datagrams fared differently")
}

/// The numbers of those that arrived.
fn received(percent: f64, seed: u64) -> Result<BTreeSet<u64>> {
    let done = Lab::new(&format!("--loss {percent}%/0% --seed {seed}"))
        .server(probe("count"))
        .client(probe(&format!("spray server {SENT}")))
        .run()?;
    let [overflow] = done.only("overflow")?;
    ensure!(
        overflow == 0.0 && done.vanished().is_none(),
        "{overflow} datagrams found the socket full; {}",
        done.said
    );
    let numbers = done.numbers("received")?.into_iter();
    Ok(numbers.map(|number| number as u64).collect())
}
