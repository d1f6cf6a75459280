//! Slow start: in goes a fresh connection, out come the data segments of
//! each round trip.

use anyhow::Result;

use crate::capture::{Sent, sent_by_client};
use crate::report::{Measurement, Row};
use crate::stage::{Lab, probe};

pub const SLOW_START: Measurement = Measurement {
    name: "slow-start",
    about: "data segments a round trip, 100 Mbit/s, RTT 100 ms, 20 runs",
    run,
};

const RUNS: usize = 20;
const DOUBLING: [usize; 7] = [10, 20, 40, 80, 160, 320, 640];

/// So early the first segment of a round may leave before a full round trip
/// since the handshake began, in seconds.
const EARLY: f64 = 0.002;

fn run() -> Result<Vec<Row>> {
    Ok(vec![judged("reno")?, judged("cubic")?])
}

fn judged(control: &str) -> Result<Row> {
    let mut others = Vec::new();
    for _ in 0..RUNS {
        let rounds = rounds(&one(control)?);
        if rounds != DOUBLING {
            let text: Vec<_> = rounds.iter().map(usize::to_string).collect();
            others.push(text.join(" "));
        }
    }
    let doubling = RUNS - others.len();
    let mut measured = format!("so in {doubling} of {RUNS} runs");
    if let Some(other) = others.first() {
        measured += &format!("; else such as {other}");
    }
    let row = Row::of(control, measured);
    Ok(row.must("10 20 40 80 160 320 640 in all", others.is_empty()))
}

fn one(control: &str) -> Result<Vec<Sent>> {
    let folder = tempfile::tempdir()?;
    let stem = folder.path().join("it");
    // With the usual receive buffer the receiver's window is what limits.
    Lab::new("--rtt 100ms --rate 100mbit")
        .option("--cc", control)
        .option("--set", "net.ipv4.tcp_rmem=4096 6000000 33554432")
        .option("--pcap", stem.display())
        .server(probe("serve 0 900"))
        .client(probe("flood server 900"))
        .run()?;
    sent_by_client(&stem)
}

fn rounds(sent: &[Sent]) -> [usize; 7] {
    let mut rounds = [0; 7];
    for segment in sent.iter().filter(|it| it.payload > 0) {
        // The handshake is a round trip without data.
        let round = ((segment.at + EARLY) / 0.1) as usize;
        if let Some(count) = rounds.get_mut(round.wrapping_sub(1)) {
            *count += 1;
        }
    }
    rounds
}
