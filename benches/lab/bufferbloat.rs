//! Bufferbloat: in go a queue's length and an algorithm, out come the
//! round-trip time under load and the goodput.

use anyhow::Result;

use crate::report::{Measurement, Row};
use crate::stage::{Lab, probe};
use crate::stats::{CEILING, median, quantile};

pub const BUFFERBLOAT: Measurement = Measurement {
    name: "bufferbloat",
    about: "UDP round trips beside a TCP connection, 10 Mbit/s, RTT 20 ms",
    run,
};

/// Bytes on the way at 10 Mbit/s in 20 ms, and how long they take, in ms.
const PRODUCT: u64 = 25_000;
const BASE: f64 = 20.0;

fn run() -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for control in ["reno", "cubic", "bbr"] {
        for products in [1, 4, 16, 64] {
            rows.push(judged(control, products)?);
        }
    }
    Ok(rows)
}

fn judged(control: &str, products: u64) -> Result<Row> {
    let queue = products * PRODUCT;
    let link = format!("--rate 10mbit --rtt 20ms --queue {queue}");
    // Reno overshoots a long queue and repairs for seconds what it lost:
    // until then bytes arrive that the link carried before the clock ran.
    let warm_up = if products > 16 { 12_000 } else { 4000 };
    let done = Lab::new(&link)
        .option("--cc", control)
        .server(probe(&format!("serve {warm_up} 6000")))
        .client(probe(&format!("load server {warm_up} 6000")))
        .run()?;
    let millis = done.numbers("rtt")?.into_iter();
    let millis: Vec<f64> = millis.map(|micros| micros / 1000.0).collect();
    let [bytes, micros] = done.only("goodput")?;
    let goodput = 8.0 * bytes / micros;
    let row = Row::of(
        format!("{control}, queue {products} BDP"),
        format!(
            "RTT p50 {:.0} ms, p90 {:.0}; {goodput:.2} Mbit/s",
            median(&millis),
            quantile(&millis, 0.9)
        ),
    );
    let (middle, full) = (median(&millis), goodput >= 0.93 * 10.0 * CEILING);
    let longest = BASE * (products + 1) as f64;
    Ok(match (control, products) {
        // It fills any queue until it loses, then halves its window.
        ("reno", 1..=16) => {
            let bound = (BASE + 0.35 * (longest - BASE), 1.05 * longest);
            let kept = (bound.0..=bound.1).contains(&middle) && full;
            row.must(format!("p50 {:.0} to {:.0} ms", bound.0, bound.1), kept)
        }
        // It aims at a product in flight, whatever the queue would take.
        ("bbr", 4..) => row.must("p50 ≤ 60 ms", middle <= 60.0 && full),
        _ => row,
    })
}
