//! The story of a check, for a terminal: reports go in, lines come out.

use std::fmt::Write as _;

use super::{Exercise, Failure, Shown, State, StepReport, Verdict};

/// The column after the label of what is shown.
const INDENT: usize = 21;

/// No line is longer.
const WIDTH: usize = 80;

/// Tells one check. Each part ends with a newline.
#[derive(Debug)]
pub struct Story<'a> {
    exercise: &'a Exercise,
    /// How this companion is called, such as `wire` or `cargo run --`.
    command: &'a str,
    colour: bool,
    /// Whether a step that was not reached has been told.
    left: bool,
}

impl<'a> Story<'a> {
    pub fn new(
        exercise: &'a Exercise,
        command: &'a str,
        colour: bool,
    ) -> Story<'a> {
        Story {
            exercise,
            command,
            colour,
            left: false,
        }
    }

    /// The first line.
    pub fn begin(&self) -> String {
        let Exercise { number, title, .. } = self.exercise;
        format!("Exercise {number}: {title}\n")
    }

    /// A step, with what went wrong.
    pub fn step(&mut self, report: &StepReport) -> String {
        let StepReport { number, name, .. } = report;
        let (mark, colour) = match report.state {
            State::Passed => ("ok  ", "32"),
            State::Failed(_) => ("FAIL", "1;31"),
            State::NotReached => ("-   ", "2"),
        };
        let mark = self.paint(mark, colour);
        let mut told = format!("  {mark} {number:>2}  {name}");
        match &report.state {
            State::NotReached if !self.left => {
                self.left = true;
                let gap = 49_usize.saturating_sub(11 + name.chars().count());
                write!(told, "{:gap$}   (not reached)", "").ok();
            }
            State::Failed(failure) => {
                told.push('\n');
                told.push_str(&self.failure(failure));
                return told;
            }
            _ => {}
        }
        told.push('\n');
        told
    }

    /// The last lines.
    pub fn end(&self, verdict: &Verdict) -> String {
        let Verdict {
            of,
            tried,
            ok,
            seed,
        } = verdict;
        let (number, command) = (self.exercise.number, self.command);
        let again = format!("Seed {seed}; --seed {seed} plays it again.\n");
        if verdict.passed() {
            let passed = format!("All {of} steps passed.");
            return format!("{}   {again}", self.paint(&passed, "32"));
        }
        format!(
            "{tried} of {of} steps tried, {ok} passed.   \
             Hint: {command} hint {number}    \
             Page: lesson{number}.html#exercise\n{again}"
        )
    }

    fn failure(&self, failure: &Failure) -> String {
        let died = failure.died.as_deref().unwrap_or_default();
        let rows = [
            ("sent", rows(&failure.sent)),
            ("expected", rows(&failure.expected)),
            ("got", rows(&failure.got)),
            ("died", died.lines().flat_map(wrap).collect()),
            ("likely", wrap(failure.likely)),
        ];
        let mut told = String::new();
        for (label, rows) in rows {
            for (index, row) in rows.iter().enumerate() {
                let label = if index == 0 { label } else { "" };
                let label = self.paint(&format!("{label:<8}"), "2");
                writeln!(told, "{:11}{label}  {row}", "").ok();
            }
        }
        told
    }

    fn paint(&self, text: &str, colour: &str) -> String {
        if self.colour {
            format!("\x1b[{colour}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// What is shown with its remark: beside it if there is room, else below.
fn rows(shown: &Shown) -> Vec<String> {
    let mut rows: Vec<String> = shown.what.lines().map(str::to_owned).collect();
    if shown.note.is_empty() {
        return rows;
    }
    if let [row] = rows.as_mut_slice() {
        let beside = format!("{row:<24}  {}", shown.note);
        if beside.chars().count() <= WIDTH - INDENT {
            *row = beside;
            return rows;
        }
    }
    rows.extend(wrap(shown.note));
    rows
}

/// Breaks between words.
fn wrap(text: &str) -> Vec<String> {
    let mut rows: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match rows.last_mut() {
            Some(row)
                if row.chars().count() + 1 + word.chars().count()
                    <= WIDTH - INDENT =>
            {
                row.push(' ');
                row.push_str(word);
            }
            _ => rows.push(word.to_owned()),
        }
    }
    rows
}
