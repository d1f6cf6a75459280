//! The rate of the link: in go bits per second, out comes what TCP carries.

use anyhow::Result;

use crate::iperf;
use crate::report::{Measurement, Row, Verdict};
use crate::stage::{Lab, probe};
use crate::stats::CEILING;

pub const RATE: Measurement = Measurement {
    name: "rate",
    about: "goodput of one TCP connection, cubic, RTT 10 ms, queue 50 ms",
    run,
};

const RATES: [u64; 4] = [10, 50, 100, 500];

/// How far from the ceiling it may be.
const TOLERANCE: f64 = 0.005;

fn run() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for megabits in RATES {
        let bulk = bulk(&link(megabits), 2000, 4000)?;
        rows.push(judged(megabits, "this program", bulk));
    }
    for megabits in RATES {
        let row = match iperf::bulk(&link(megabits))? {
            Some(bulk) => judged(megabits, "iperf3", bulk),
            None => Row::of(
                format!("{megabits} Mbit/s, iperf3"),
                "iperf3 is not installed",
            )
            .bound("skipped", Verdict::Seen),
        };
        rows.push(row);
    }
    Ok(rows)
}

fn link(megabits: u64) -> String {
    // 50 ms of the rate.
    let queue = megabits * 1_000_000 / 8 / 20;
    format!("--cc cubic --rtt 10ms --rate {megabits}mbit --queue {queue}")
}

/// What one connection has carried.
pub struct Bulk {
    /// Bits per second that the receiving program has read.
    pub goodput: f64,
    /// Whether the machine was too busy, as a remark.
    pub late: String,
}

/// Measures what arrives on one connection over such a link, in
/// `span` milliseconds after `warm_up`.
pub fn bulk(options: &str, warm_up: u64, span: u64) -> Result<Bulk> {
    let done = Lab::new(options)
        .server(probe(&format!("serve {warm_up} {span}")))
        .client(probe(&format!("flood server {}", warm_up + span + 3000)))
        .run()?;
    let [bytes, micros] = done.only("goodput")?;
    Ok(Bulk {
        goodput: 8e6 * bytes / micros,
        late: done.late(),
    })
}

fn judged(megabits: u64, by: &str, bulk: Bulk) -> Row {
    let ceiling = 1e6 * megabits as f64 * CEILING;
    let Bulk { goodput, late } = bulk;
    let share = goodput / ceiling;
    let row = Row::of(
        format!("{megabits} Mbit/s, {by}"),
        format!(
            "{:.3} Mbit/s, {:.2} % of {:.3}{late}",
            goodput / 1e6,
            100.0 * share,
            ceiling / 1e6
        ),
    );
    row.must("99.5 to 100.5 %", (share - 1.0).abs() <= TOLERANCE)
}
