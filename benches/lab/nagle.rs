//! Nagle's algorithm against delayed acknowledgements: in go requests of two
//! writes, out comes the time of each answer.

use anyhow::Result;

use crate::report::{Measurement, Row};
use crate::rtt::server;
use crate::stage::{Lab, probe};
use crate::stats::{median, quantile};

pub const NAGLE: Measurement = Measurement {
    name: "nagle",
    about: "50 requests of two small writes each, RTT 10 ms",
    run,
};

fn run() -> Result<Vec<Row>> {
    // The first write goes at once; the second waits for its ACK, which the
    // receiver holds back for 40 ms: it too hopes for data to send along.
    let waits = judged(0, "Nagle and delayed ACK", (55.0, 70.0))?;
    Ok(vec![waits, judged(1, "TCP_NODELAY", (10.0, 11.0))?])
}

fn judged(no_delay: u8, set: &str, bound: (f64, f64)) -> Result<Row> {
    let done = Lab::new("--rtt 10ms")
        .server(server())
        .client(probe(&format!("ask server 50 {no_delay}")))
        .run()?;
    let millis = done.numbers("answered")?;
    let row = Row::of(
        set,
        format!(
            "p50 {:.1} ms a request ({:.1} to {:.1})",
            median(&millis),
            quantile(&millis, 0.0),
            quantile(&millis, 1.0)
        ),
    );
    let kept = (bound.0..=bound.1).contains(&median(&millis));
    Ok(row.must(format!("p50 {} to {} ms", bound.0, bound.1), kept))
}
