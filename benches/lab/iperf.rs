//! The same question to a program that is not ours: in goes a link, out
//! comes the goodput that iperf3 measures.

use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::rate::Bulk;
use crate::stage::Lab;

/// What the server has received; none where iperf3 is not installed.
pub fn bulk(options: &str) -> Result<Option<Bulk>> {
    let installed = Command::new("iperf3")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if installed.is_err() {
        return Ok(None);
    }
    // It may or may not count what waits in the queue at the end, which is 1 %
    // of what 5 s carry.
    let done = Lab::new(options)
        .server("exec iperf3 -s -1 > /dev/null".to_owned())
        .client("exec iperf3 -c server -t 15 -O 2 -J".to_owned())
        .run()?;
    let report: Value = serde_json::from_str(done.text())
        .with_context(|| format!("iperf3 says: {}", done.text()))?;
    let rate = &report["end"]["sum_received"]["bits_per_second"];
    Ok(Some(Bulk {
        goodput: rate.as_f64().context("iperf3 tells no rate")?,
        late: done.late(),
    }))
}
