//! Measures the laboratory as a learner uses it: in go names of measurements,
//! out come tables of what was set, what came out, and the bound it must keep.
//!
//! ```text
//! cargo bench --bench lab                   all (about 15 minutes)
//! cargo bench --bench lab -- --list         what there is
//! cargo bench --bench lab -- rtt rate       some
//! WIRE=target/debug/wire cargo bench …      another build of `wire`
//! ```
//!
//! Every measurement starts `wire lab net` or `wire run`, with this program
//! again, as `lab-probe`, in the place of a learner's two programs. Exit 1
//! if a bound is not kept. What a busy machine does to the figures cannot be
//! taken out of them: the load is printed with each table.

mod bufferbloat;
mod capture;
mod iperf;
mod loss;
mod mathis;
mod meter;
mod nagle;
mod others;
mod probe;
mod rate;
mod report;
mod rtt;
mod sampler;
mod setup;
mod slow_start;
mod speed;
mod stage;
mod stats;
mod timers;
mod watch;

use std::env;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};

use report::{Measurement, Row, Verdict};

const MEASUREMENTS: [Measurement; 13] = [
    rtt::RTT,
    rate::RATE,
    loss::LOSS,
    speed::SPEED,
    mathis::MATHIS,
    slow_start::SLOW_START,
    timers::SYN,
    timers::RTO,
    nagle::NAGLE,
    bufferbloat::BUFFERBLOAT,
    setup::SETUP,
    sampler::SAMPLER,
    others::OTHERS,
];

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let done = match words.split_first() {
        Some((first, rest)) if first == stage::PROBE => probe::run(rest),
        // `cargo test --all-targets` runs it so: nothing is measured then.
        None => {
            stats::check();
            meter::check();
            println!("the statistics are right; `cargo bench` measures");
            Ok(true)
        }
        _ => measure(&words),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("lab bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all bounds were kept.
fn measure(words: &[String]) -> Result<bool> {
    stats::check();
    let names: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !word.starts_with("--"))
        .collect();
    if words.iter().any(|word| word == "--list") {
        for it in &MEASUREMENTS {
            println!("{:12} {}", it.name, it.about);
        }
        return Ok(true);
    }
    let known = |name: &str| MEASUREMENTS.iter().any(|it| it.name == name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        bail!("there is no measurement {unknown}: --list tells all");
    }
    if let Some(reason) = stage::impossible()? {
        let required = env::var_os("REQUIRE_ALL").is_some_and(|it| it == "1");
        println!("nothing is measured: {reason}");
        return Ok(!required);
    }
    println!("{}", report::header());
    let mut all_kept = true;
    for it in &MEASUREMENTS {
        if names.is_empty() || names.contains(&it.name) {
            all_kept &= one(it);
        }
    }
    Ok(all_kept)
}

/// Runs and prints one measurement; whether its bounds were kept.
fn one(it: &Measurement) -> bool {
    let (began, before) = (Instant::now(), report::load());
    println!("\n## {}: {}\n", it.name, it.about);
    let rows = (it.run)().unwrap_or_else(|error| {
        let text = format!("{error:#}").replace('\n', "; ");
        let row = Row::of(it.name, text);
        vec![row.bound("can be measured", Verdict::Fail)]
    });
    print!("{}", report::table(&rows));
    println!(
        "\n{:.0} s, load before {before}, after {}",
        began.elapsed().as_secs_f64(),
        report::load()
    );
    rows.iter().all(|row| row.verdict != Verdict::Fail)
}
