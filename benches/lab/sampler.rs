//! What asking for `TCP_INFO` costs: in goes a connection with steady
//! traffic, out comes the processor time of the thread that asks.

use std::time::Instant;

use anyhow::{Context, Result};

use crate::report::{Measurement, Row};
use crate::stage::{Lab, probe};
use crate::watch::thread_time;

pub const SAMPLER: Measurement = Measurement {
    name: "sampler",
    about: "processor time, one connection at 10 Mbit/s, RTT 20 ms",
    run,
};

fn run() -> Result<Vec<Row>> {
    let (_, link, without) = one(false)?;
    let (sampler, _, with) = one(true)?;
    let sampler = sampler.context("the sampler's thread was not seen")?;
    let change = with / without - 1.0;
    Ok(vec![
        Row::of("the sampler, every 10 ms", percent(sampler))
            .must("≤ 5 % of a core", sampler <= 0.05),
        Row::of("the link", percent(link.context("no link was seen")?)),
        Row::of("goodput with it", format!("{:+.2} %", 100.0 * change))
            .must("within 0.5 %", change.abs() <= 0.005),
    ])
}

fn percent(share: f64) -> String {
    format!("{:.1} % of a core", 100.0 * share)
}

/// What the sampler and the link took of a core, and bits per second.
fn one(sample: bool) -> Result<(Option<f64>, Option<f64>, f64)> {
    let folder = tempfile::tempdir()?;
    let mut lab = Lab::new("--rate 10mbit --rtt 20ms")
        .server(probe("serve 2000 6000"))
        .client(probe("flood server 10000"));
    if sample {
        let file = folder.path().join("it.csv");
        lab = lab.option("--samples", file.display());
    }
    let (mut sampler, mut link) = (Share::default(), Share::default());
    let done = lab.run_watched(|wire| {
        sampler.note(thread_time(wire, "sampler"));
        link.note(thread_time(wire, "link"));
    })?;
    let [bytes, micros] = done.only("goodput")?;
    Ok((sampler.of_a_core(), link.of_a_core(), 8e6 * bytes / micros))
}

/// A thread's time on a processor, first and last seen.
#[derive(Default)]
struct Share {
    seen: Option<((Instant, f64), (Instant, f64))>,
}

impl Share {
    fn note(&mut self, seconds: Option<f64>) {
        if let Some(seconds) = seconds {
            let now = (Instant::now(), seconds);
            let first = self.seen.map_or(now, |(first, _)| first);
            self.seen = Some((first, now));
        }
    }

    fn of_a_core(&self) -> Option<f64> {
        let (first, last) = self.seen?;
        let elapsed = last.0.duration_since(first.0).as_secs_f64();
        (elapsed > 1.0).then(|| (last.1 - first.1) / elapsed)
    }
}
