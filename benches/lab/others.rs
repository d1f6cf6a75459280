//! Other emulators in the same sitting: in goes the same delay, out comes
//! what the same program sees of it.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::report::{Measurement, Row, Verdict};
use crate::rtt::{errors, server};
use crate::stage::{self, Lab, probe};

pub const OTHERS: Measurement = Measurement {
    name: "others",
    about: "the same 300 datagrams at RTT 20 ms through other emulators",
    run,
};

fn run() -> Result<Vec<Row>> {
    let ours = Lab::new("--rtt 20ms")
        .server(server())
        .client(probe("ping server 300 1000"))
        .run()?;
    let row = Row::of("wire lab net", told(&ours.numbers("rtt")?));
    // Built from source and measured once, with the same client, on a
    // machine of this kind (2 virtual processors, busy at times).
    let quoted = Row::of(
        "mahimahi (mm-delay 10), in November 2026",
        "p50 +490 to +730 µs, p99 +1200 µs when quiet, +5400 when busy",
    );
    let quoted = quoted.bound("quoted, not measured", Verdict::Seen);
    Ok(vec![row, rattan()?, quoted])
}

fn told(micros: &[f64]) -> String {
    let more: Vec<f64> = micros.iter().map(|it| it - 20_000.0).collect();
    errors(&more)
}

/// rattan in the mode that leads back to this machine: the echo stays here.
fn rattan() -> Result<Row> {
    let row = |text: String| Row::of("rattan link", text);
    let skipped = |why: String| row(why).bound("skipped", Verdict::Seen);
    if Command::new("rattan").arg("--version").output().is_err() {
        return Ok(skipped("rattan is not on the PATH".into()));
    }
    let _echo = Echo::start()?;
    let mut command = Command::new("rattan");
    command
        .args(["link", "--uplink-delay", "10ms", "--downlink-delay", "10ms"])
        .args(["--", "sh", "-c"])
        .arg(probe("ping $RATTAN_BASE 300 1000"));
    let done = stage::run(command, Duration::from_secs(60), |_| {});
    Ok(match done.and_then(|done| done.numbers("rtt")) {
        Ok(rtts) if !rtts.is_empty() => row(told(&rtts)),
        Ok(_) => skipped("no datagram came back".into()),
        // It needs rights over the network that not everybody has.
        Err(error) => skipped(format!("rattan fails: {error:#}")),
    })
}

/// The echo, outside of every laboratory, until it is dropped.
struct Echo(Child);

impl Echo {
    fn start() -> Result<Echo> {
        let child = Command::new("sh")
            .args(["-c", &probe("echo")])
            .stdin(Stdio::null())
            .spawn()
            .context("cannot start the echo")?;
        Ok(Echo(child))
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
