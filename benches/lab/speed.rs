//! How fast the laboratory is at most: in goes a link that does nothing, out
//! comes the goodput of one TCP connection.

use anyhow::Result;

use crate::report::{Measurement, Row};
use crate::stage::{Lab, probe};
use crate::stats::{median, quantile};
use crate::watch;

pub const SPEED: Measurement = Measurement {
    name: "speed",
    about: "goodput of one TCP connection, cubic, no delay and no limit",
    run,
};

const RUNS: usize = 3;

fn run() -> Result<Vec<Row>> {
    Ok(vec![judged(false, 2.0)?, judged(true, 1.0)?])
}

fn judged(record: bool, at_least: f64) -> Result<Row> {
    let (mut gigabits, mut vanished) = (Vec::new(), 0);
    let mut memory = 0;
    for _ in 0..RUNS {
        let folder = tempfile::tempdir()?;
        let mut lab = Lab::new("")
            .option("--cc", "cubic")
            .server(probe("serve 500 2500"))
            .client(probe("flood server 6000"));
        if record {
            lab = lab.option("--pcap", folder.path().join("it").display());
        }
        let done = lab.run_watched(|wire| {
            memory = memory.max(watch::memory(wire).unwrap_or(0));
        })?;
        let [bytes, micros] = done.only("goodput")?;
        gigabits.push(8e-3 * bytes / micros);
        vanished += usize::from(done.vanished().is_some());
    }
    let set = match record {
        true => "recording every packet",
        false => "not recording",
    };
    let row = Row::of(
        set,
        format!(
            "{:.2} Gbit/s ({:.2} to {:.2}); {vanished} of {RUNS} runs \
             with unseen drops; {memory} MB of memory",
            median(&gigabits),
            quantile(&gigabits, 0.0),
            quantile(&gigabits, 1.0),
        ),
    );
    let kept = median(&gigabits) >= at_least && vanished == 0;
    Ok(row.must(format!("≥ {at_least} Gbit/s, no unseen drop"), kept))
}
