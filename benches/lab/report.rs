//! What is printed: in go rows, out come tables that can be pasted into a
//! page as they are.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use anyhow::Result;

use crate::stage;

/// One thing that can be measured.
pub struct Measurement {
    pub name: &'static str,
    /// What it does, in a line.
    pub about: &'static str,
    pub run: fn() -> Result<Vec<Row>>,
}

/// What was set, what came out, what it must be.
pub struct Row {
    set: String,
    measured: String,
    bound: String,
    pub verdict: Verdict,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Pass,
    Fail,
    /// Reported, not judged.
    Seen,
}

impl Row {
    /// A row that nothing is asked of.
    pub fn of(set: impl Into<String>, measured: impl Into<String>) -> Row {
        Row {
            set: set.into(),
            measured: measured.into(),
            bound: String::new(),
            verdict: Verdict::Seen,
        }
    }

    pub fn bound(self, bound: impl Into<String>, verdict: Verdict) -> Row {
        Row {
            bound: bound.into(),
            verdict,
            ..self
        }
    }

    /// A row with something that must be so.
    pub fn must(self, bound: impl Into<String>, kept: bool) -> Row {
        let verdict = if kept { Verdict::Pass } else { Verdict::Fail };
        self.bound(bound, verdict)
    }
}

/// The rows as a Markdown table, in columns.
pub fn table(rows: &[Row]) -> String {
    let titles = ["set", "measured", "must be", ""].map(str::to_owned);
    let mut lines = vec![titles];
    for row in rows {
        let verdict = match row.verdict {
            Verdict::Pass => "PASS",
            Verdict::Fail => "FAIL",
            Verdict::Seen => "",
        };
        lines.push([
            row.set.clone(),
            row.measured.clone(),
            row.bound.clone(),
            verdict.to_owned(),
        ]);
    }
    let width = |column: usize| {
        let widths = lines.iter().map(|line| line[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let widths = [0, 1, 2, 3].map(width);
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        for (cell, width) in line.iter().zip(widths) {
            // Writing to a string cannot fail.
            let _ = write!(text, "| {cell:width$} ");
        }
        text += "|\n";
        if number == 0 {
            for width in widths {
                let _ = write!(text, "|{}", "-".repeat(width + 2));
            }
            text += "|\n";
        }
    }
    text
}

/// The machine and the day.
pub fn header() -> String {
    let kernel = read("/proc/sys/kernel/osrelease");
    let processors = read("/proc/cpuinfo");
    let model = processors.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == "model name").then(|| value.trim().to_owned())
    });
    let count = std::thread::available_parallelism().map_or(0, usize::from);
    let wire = stage::wire();
    format!(
        "# The laboratory, measured\n\n\
         {}; Linux {}; {count} × {}; load {}\n\
         {} ({}); iperf3: {}; rattan: {}",
        said("date", &["-u", "+%Y-%m-%d %H:%M UTC"]),
        kernel.trim(),
        model.unwrap_or_else(|| "?".into()),
        load(),
        said(&wire, &["--version"]),
        wire,
        said("iperf3", &["--version"]),
        said("rattan", &["--version"]),
    )
}

/// The machine's load of the last minute.
pub fn load() -> String {
    let text = read("/proc/loadavg");
    text.split(' ').next().unwrap_or("?").to_owned()
}

/// A file, or nothing where there is none.
fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The first line that a program prints.
fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let Ok(output) = output else {
        return "not installed".into();
    };
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().next().unwrap_or("?").to_owned()
}
