//! The story of a check, for a terminal: reports go in, lines come out.

use std::fmt::Write as _;

use super::{Exercise, Failure, Shown, State, StepReport, Verdict};

/// The column after the label of what is shown.
const INDENT: usize = 21;

/// Of a name that has room for a remark beside it.
const NAME: usize = 45;

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
            State::Skipped(_) => ("skip", "33"),
            State::NotReached => ("-   ", "2"),
        };
        let mark = self.paint(mark, colour);
        let mut told = format!("  {mark} {number:>2}  {name}");
        match &report.state {
            State::NotReached if !self.left && name.len() <= NAME => {
                self.left = true;
                let gap = NAME - name.len();
                write!(told, "{:gap$}   (not reached)", "").ok();
            }
            State::Skipped(why) => {
                writeln!(told, "\n{:11}{why}", "").ok();
                return told;
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
        let again = format!("Seed {seed}: --seed {seed} plays it again.");
        if verdict.passed() {
            let passed = self.paint(&format!("All {of} steps passed."), "32");
            return format!("{passed}   {again}\n");
        }
        let tried = format!("{tried} of {of} steps tried, {ok} passed.");
        let hint = format!("Hint: {command} hint {number}");
        let page = format!("Page: lesson{number}.html#exercise");
        format!("{tried}   {hint}\n{again}   {page}\n")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::exercise;

    fn report(number: usize, state: State) -> StepReport {
        let steps = exercise(7).unwrap().steps;
        let name = steps[number - 1].name;
        StepReport {
            number,
            name,
            state,
        }
    }

    #[test]
    fn a_story_reads_like_the_one_in_the_book() {
        let failure = Failure {
            sent: Shown::hex(b"\0\x05hello").note("each byte a packet"),
            expected: Shown::hex(b"\0\x05HELLO"),
            got: Shown::hex(b"\0\x05H").note("then nothing for 5 s"),
            likely: "one `read` per message: it returns what has arrived, \
                not what you asked for. Read on until it is whole.",
            died: None,
        };
        let mut story = Story::new(exercise(7).unwrap(), "wire", false);
        let mut told = story.begin();
        let failed = State::Failed(Box::new(failure));
        for (index, state) in [State::Passed, failed, State::NotReached]
            .into_iter()
            .enumerate()
        {
            told += &story.step(&report(index + 5, state));
        }
        told += &story.step(&report(8, State::NotReached));
        told += &story.end(&Verdict {
            of: 4,
            tried: 2,
            ok: 1,
            seed: 9,
        });
        assert_eq!(told, STORY);
    }

    const STORY: &str = "\
Exercise 7: an echo that survives its clients
  ok    5  three frames in one packet
  FAIL  6  one byte at a time
           sent      00 05 68 65 6c 6c 6f      each byte a packet
           expected  00 05 48 45 4c 4c 4f
           got       00 05 48                  then nothing for 5 s
           likely    one `read` per message: it returns what has arrived, not
                     what you asked for. Read on until it is whole.
  -     7  many frames, cut anywhere                       (not reached)
  -     8  a message of 1,024 bytes, the longest
2 of 4 steps tried, 1 passed.   Hint: wire hint 7
Seed 9: --seed 9 plays it again.   Page: lesson7.html#exercise
";

    #[test]
    fn a_step_that_was_skipped_says_why() {
        let mut story = Story::new(exercise(7).unwrap(), "wire", false);
        let told = story.step(&report(6, State::Skipped("no IPv6")));
        let lines = "  skip  6  one byte at a time\n           no IPv6\n";
        assert_eq!(told, lines);
    }

    #[test]
    fn no_line_is_too_wide_and_colour_is_optional() {
        let failure = Failure {
            sent: Shown::text(&[b'x'; 3000]).note("then a half-close"),
            likely: "a",
            died: Some("word ".repeat(40)),
            ..Failure::default()
        };
        let state = State::Failed(Box::new(failure));
        for steps in [1, 2] {
            let exercise = exercise(7).unwrap();
            let colour = steps == 2;
            let mut story = Story::new(exercise, "cargo run --", colour);
            let told = story.step(&report(13, state.clone()));
            assert_eq!(told.contains('\x1b'), colour);
            let wide = told.lines().find(|line| line.chars().count() > 80);
            assert!(colour || wide.is_none(), "{wide:?}");
        }
    }
}
