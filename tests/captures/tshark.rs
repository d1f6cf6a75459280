//! tshark: in goes a file and names of fields, out come their values.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

/// Each packet by itself, as our decoder sees it, and no number made
/// relative.
const PREFERENCES: &[&str] = &[
    "ip.defragment:FALSE",
    "ipv6.defragment:FALSE",
    "tcp.desegment_tcp_streams:FALSE",
    "tcp.relative_sequence_numbers:FALSE",
    "http.desegment_headers:FALSE",
    "http.desegment_body:FALSE",
    "dns.desegment_dns_messages:FALSE",
    "tls.desegment_ssl_records:FALSE",
    "tls.desegment_ssl_application_data:FALSE",
];

pub fn is_missing() -> bool {
    Command::new("tshark").arg("--version").output().is_err()
}

/// One packet's values by field. A field may occur several times.
pub struct Row(HashMap<&'static str, Vec<String>>);

impl Row {
    pub fn all(&self, field: &str) -> &[String] {
        self.0.get(field).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn first(&self, field: &str) -> Option<&str> {
        self.all(field).first().map(String::as_str)
    }

    pub fn number(&self, field: &str) -> Option<u64> {
        self.first(field).and_then(number)
    }

    pub fn numbers(&self, field: &str) -> Vec<u64> {
        self.all(field).iter().filter_map(|it| number(it)).collect()
    }
}

fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// The values of `fields` in every packet of a file that tshark can read
/// without a word of complaint.
pub fn read(
    file: &Path,
    fields: &[&'static str],
    preferences: &[&str],
) -> Result<Vec<Row>> {
    let mut command = Command::new("tshark");
    command.args(["-n", "-T", "fields"]);
    // Between fields, and between the values of one: neither is in a value.
    command.args(["-E", "separator=/t", "-E", "aggregator=\u{1f}"]);
    for preference in PREFERENCES.iter().chain(preferences) {
        command.args(["-o", preference]);
    }
    for field in fields {
        command.args(["-e", field]);
    }
    let output = command.arg("-r").arg(file).output()?;
    let complaints: Vec<_> = std::str::from_utf8(&output.stderr)?
        .lines()
        .filter(|line| !line.starts_with("Running as user \"root\""))
        .collect();
    ensure!(output.status.success(), "tshark fails: {complaints:?}");
    ensure!(complaints.is_empty(), "tshark complains: {complaints:?}");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| row(line, fields))
        .collect()
}

fn row(line: &str, fields: &[&'static str]) -> Result<Row> {
    let values: Vec<_> = line.split('\t').collect();
    ensure!(
        values.len() == fields.len(),
        "{} fields, not {}: {line:?}",
        values.len(),
        fields.len()
    );
    let values = fields.iter().zip(values);
    Ok(Row(values
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| {
            (*field, value.split('\u{1f}').map(str::to_string).collect())
        })
        .collect()))
}

/// How many packets capinfos counts in each of these files that it can read
/// to their end.
pub fn counts(files: &[PathBuf]) -> Result<HashMap<PathBuf, usize>> {
    let output = Command::new("capinfos")
        .args(["-T", "-r", "-M", "-c"])
        .args(files)
        .output()
        .context("capinfos comes with tshark")?;
    // It goes on after an error, and counts what it had.
    let complaints = String::from_utf8_lossy(&output.stderr);
    Ok(String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .filter(|(name, _)| !complaints.contains(&format!("\"{name}\"")))
        .filter_map(|(name, count)| Some((name.into(), count.parse().ok()?)))
        .collect())
}
