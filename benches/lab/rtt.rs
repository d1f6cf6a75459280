//! The delay of the link: in goes a round-trip time, out comes what programs
//! and the kernel's TCP see of it.

use std::fs;

use anyhow::{Context, Result};

use crate::probe::NO_WARM_UP;
use crate::report::{Measurement, Row};
use crate::stage::{Lab, probe};
use crate::stats::{median, quantile};

pub const RTT: Measurement = Measurement {
    name: "rtt",
    about: "300 datagrams there and back, one after another",
    run,
};

/// A pause between datagrams, so that both programs sleep when one comes, in
/// microseconds.
const GAP: u64 = 1000;

fn run() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for millis in [0.0, 1.0, 20.0, 100.0] {
        rows.push(datagrams(millis)?);
    }
    for millis in [1.0, 20.0, 100.0] {
        rows.push(by_tcp(millis)?);
    }
    Ok(rows)
}

/// The server's end, for as long as the client's runs.
pub fn server() -> String {
    probe(&format!("serve {NO_WARM_UP} 60000"))
}

fn datagrams(millis: f64) -> Result<Row> {
    let done = Lab::new(&format!("--rtt {millis}ms"))
        .server(server())
        .client(probe(&format!("ping server 300 {GAP}")))
        .run()?;
    let more = done.numbers("rtt")?.into_iter();
    let more: Vec<f64> = more.map(|micros| micros - 1000.0 * millis).collect();
    let measured = errors(&more) + &done.late();
    let row = Row::of(format!("RTT {millis} ms, UDP"), measured);
    Ok(match millis == 20.0 {
        true => row.must(
            "p50 within 0.2 ms, none lost",
            median(&more).abs() <= 200.0 && more.len() == 300,
        ),
        false => row.must("none lost", more.len() == 300),
    })
}

/// What the values, in microseconds, are more than they should be.
pub fn errors(more: &[f64]) -> String {
    format!(
        "p50 {:+.0} µs, p90 {:+.0}, p99 {:+.0}, max {:+.0}",
        quantile(more, 0.5),
        quantile(more, 0.9),
        quantile(more, 0.99),
        quantile(more, 1.0),
    )
}

/// Short requests over TCP; what `TCP_INFO` says of the time they take.
fn by_tcp(millis: f64) -> Result<Row> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("samples.csv");
    let requests = (1500.0 / (millis + 2.0)).clamp(15.0, 300.0) as u64;
    Lab::new(&format!("--rtt {millis}ms"))
        .option("--samples", file.display())
        .server(server())
        .client(probe(&format!("ask server {requests} 1")))
        .run()?;
    let srtt = smoothed(&fs::read_to_string(&file)?)?;
    let measured = median(&srtt);
    let row = Row::of(
        format!("RTT {millis} ms, TCP"),
        format!("srtt {measured:.2} ms, median of {} samples", srtt.len()),
    );
    let more = measured - millis;
    Ok(row.must("0 to 1 ms more", (0.0..=1.0).contains(&more)))
}

/// The column `srtt_ms`, from when there is a value.
fn smoothed(csv: &str) -> Result<Vec<f64>> {
    let mut lines = csv.lines();
    let names = lines.next().context("there are no samples")?;
    let at = names.split(',').position(|name| name == "srtt_ms");
    let at = at.context("there is no column srtt_ms")?;
    let mut values = Vec::new();
    for line in lines {
        let value = line.split(',').nth(at).context("a short line")?;
        values.push(value.parse()?);
    }
    values.retain(|value| *value > 0.0);
    Ok(values)
}
