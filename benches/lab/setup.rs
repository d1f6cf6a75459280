//! What the laboratory costs before and after: in go programs that do nearly
//! nothing, out comes how long a learner waits.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::report::{Measurement, Row};
use crate::rtt::server;
use crate::stage::{Lab, wire};
use crate::stats::{median, quantile};

pub const SETUP: Measurement = Measurement {
    name: "setup",
    about: "how long a learner waits for the laboratory",
    run,
};

const RUNS: usize = 20;

fn run() -> Result<Vec<Row>> {
    let mut rows = vec![hosts()?];
    rows.extend(first_line()?);
    Ok(rows)
}

fn hosts() -> Result<Row> {
    let mut alone = Vec::new();
    let mut both = Vec::new();
    for _ in 0..RUNS {
        alone.push(1e3 * Lab::new("").run()?.took.as_secs_f64());
        let lab = Lab::new("--rtt 20ms").server(server());
        both.push(1e3 * lab.run()?.took.as_secs_f64());
    }
    let measured = format!(
        "`true`: {}; with a server that is ended: {}",
        told(&alone),
        told(&both)
    );
    let row = Row::of("wire lab net, start to end", measured);
    Ok(row.must("`true` p50 ≤ 100 ms", median(&alone) <= 100.0))
}

fn told(millis: &[f64]) -> String {
    format!(
        "p50 {:.0} ms, p90 {:.0}",
        median(millis),
        quantile(millis, 0.9)
    )
}

/// In turn, so that all meet the same machine.
fn first_line() -> Result<Vec<Row>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir()?;
    let capture = folder.path().join("it.pcapng");
    let capture = capture.display().to_string();
    let wire = wire();
    let program = root.join("target/debug/examples/lesson1");
    let program = program.display().to_string();
    let ways: [&[&str]; 4] = [
        &[&program],
        &[&wire, "run", "1"],
        &[&wire, "run", "1", "--pcap", &capture],
        &[&wire, "run", "1", "--rtt", "0ms", "--pcap", &capture],
    ];
    // The first builds the lesson.
    millis_to_first_line(root, ways[1])?;
    let mut millis = [const { Vec::new() }; 4];
    for _ in 0..RUNS {
        for (way, millis) in ways.iter().zip(&mut millis) {
            millis.push(millis_to_first_line(root, way)?);
        }
    }
    let [by_hand, plain, recorded, link] = &millis;
    let judged = |set: &str, millis: &[f64]| {
        let more = median(millis) - median(by_hand);
        Row::of(set, told(millis))
            .must("p50 ≤ 50 ms more than by hand", more <= 50.0)
    };
    Ok(vec![
        Row::of("lesson 1 by hand, to its first line", told(by_hand)),
        judged("wire run 1", plain),
        judged("wire run 1 --pcap", recorded),
        judged("wire run 1 --rtt 0ms --pcap", link),
    ])
}

fn millis_to_first_line(root: &Path, words: &[&str]) -> Result<f64> {
    let began = Instant::now();
    let mut child = Command::new(words[0])
        .args(&words[1..])
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .with_context(|| format!("cannot start {}", words[0]))?;
    let mut out = BufReader::new(child.stdout.take().context("was piped")?);
    let mut line = String::new();
    out.read_line(&mut line)?;
    let millis = began.elapsed().as_secs_f64() * 1e3;
    std::io::copy(&mut out, &mut std::io::sink())?;
    let status = child.wait()?;
    ensure!(status.success() && !line.is_empty(), "{words:?} fails");
    Ok(millis)
}
