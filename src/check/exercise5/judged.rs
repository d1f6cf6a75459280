//! Whether a stopwatch is right: a run goes in, and the one mistake to name
//! comes out, if there is one.

use std::time::Duration;

use super::played::{Break, Played, Script};
use super::report::{End, PHASES, Report};
use super::{
    A_RESET, CONNECT, EARLY_END, FIRST, LOOKUP, NOBODY_LISTENS, NOBODY_TO_ASK,
    NOT_THE_SUM, ONE_LINE, ONLY_WHAT_ENDED, SINCE_THE_BEGINNING, STATUS,
    STATUS_0, STATUS_1, TRANSFER, WAITS,
};
use crate::check::{Bench, Failure, Outcome, Shown};

/// How far a number may be from what the check's own clock allows.
const TOLERANCE: Duration = Duration::from_millis(150);

/// How often a run is tried that a busy machine can spoil.
const TRIES: usize = 6;

/// One run; again if only a number is wrong, for a program that was not let
/// run measures that. A wrong one is wrong each time.
pub(super) fn judge(bench: &Bench, script: &Script) -> Outcome {
    for _ in 1..TRIES {
        let played = script.play(bench)?;
        match played.mistake(script) {
            None => return Ok(()),
            Some(mistake) if mistake.is_of_time => {}
            Some(mistake) => return played.fail(script, mistake.likely),
        }
    }
    let played = script.play(bench)?;
    match played.mistake(script) {
        None => Ok(()),
        Some(mistake) => played.fail(script, mistake.likely),
    }
}

struct Mistake {
    likely: &'static str,
    /// Another run may turn out better.
    is_of_time: bool,
}

impl Mistake {
    fn of_form(likely: &'static str) -> Option<Mistake> {
        let is_of_time = false;
        Some(Mistake { likely, is_of_time })
    }

    fn of_time(likely: &'static str) -> Option<Mistake> {
        let is_of_time = true;
        Some(Mistake { likely, is_of_time })
    }
}

/// What to say of a number, or of a failure, of each phase.
const OF_PHASE: [&str; 4] = [LOOKUP, CONNECT, FIRST, TRANSFER];

impl Played {
    fn mistake(&self, script: &Script) -> Option<Mistake> {
        let Some(Report { times, end }) = self.report() else {
            return Mistake::of_form(match script.breaks {
                Some(_) => ONLY_WHAT_ENDED,
                None => ONE_LINE,
            });
        };
        let failed = end == End::Failed;
        if failed && script.breaks.is_none() {
            let phase = times.len();
            return Mistake::of_form(script.likely(phase, OF_PHASE[phase]));
        }
        if times.len() != self.bounds.len() {
            return match script.breaks {
                // A reset may overtake the first byte.
                Some(Break::ResetInTransfer) => {
                    Mistake::of_time(ONLY_WHAT_ENDED)
                }
                _ => Mistake::of_form(ONLY_WHAT_ENDED),
            };
        }
        if self.ended.code() != Some(self.code(script)) {
            return Mistake::of_form(STATUS);
        }
        let sum = times.iter().try_fold(0_u64, |sum, n| sum.checked_add(*n));
        match end {
            End::Total(total) if sum != Some(total) => {
                Mistake::of_form(NOT_THE_SUM)
            }
            _ => self.wrong_time(&times),
        }
    }

    fn wrong_time(&self, times: &[u64]) -> Option<Mistake> {
        let wrong = self.first_wrong(times)?;
        Mistake::of_time(match self.first_wrong(&differences(times)) {
            None => SINCE_THE_BEGINNING,
            Some(_) => OF_PHASE[wrong],
        })
    }

    /// What it printed, if that is one line of the right form.
    fn report(&self) -> Option<Report> {
        let stdout = &self.ended.stdout;
        let line = stdout.strip_suffix(b"\n").unwrap_or(stdout);
        // There a line is often ended so by the language's library.
        let line = match cfg!(windows) {
            true => line.strip_suffix(b"\r").unwrap_or(line),
            false => line,
        };
        Report::parse(line).filter(|_| self.ended.printed(line))
    }

    fn first_wrong(&self, times: &[u64]) -> Option<usize> {
        let within = |(time, bounds): (&u64, &(Duration, Duration))| {
            let time = Duration::from_millis(*time);
            let least = bounds.0.saturating_sub(TOLERANCE);
            (least..=bounds.1 + TOLERANCE).contains(&time)
        };
        times.iter().zip(&self.bounds).position(|it| !within(it))
    }

    fn code(&self, script: &Script) -> i32 {
        i32::from(script.breaks.is_some())
    }

    fn fail(&self, script: &Script, likely: &'static str) -> Outcome {
        let ms = |time: Duration| time.as_millis().to_string();
        let mut wanted: Vec<String> = PHASES
            .iter()
            .zip(&self.bounds)
            .map(|(phase, (least, most))| {
                let least = ms(least.saturating_sub(TOLERANCE));
                format!("{phase}={least}…{}", ms(*most + TOLERANCE))
            })
            .collect();
        wanted.push(match PHASES.get(self.bounds.len()) {
            Some(phase) => format!("failed={phase}"),
            None => "total=…".to_owned(),
        });
        // Two rows, or they would be cut anywhere.
        let wanted: Vec<_> = wanted.chunks(3).map(|it| it.join(" ")).collect();
        let waits = PHASES.iter().zip(script.waits);
        let waits = waits.map(|(phase, ms)| format!("{phase}={ms}"));
        let reached = self.bounds.len() + 1;
        let waits = waits.take(reached).collect::<Vec<_>>().join(" ");
        Err(Failure {
            sent: Shown::plain(waits).note(what_happened(script)),
            expected: Shown::plain(wanted.join("\n")).note(
                match self.code(script) {
                    0 => STATUS_0,
                    _ => STATUS_1,
                },
            ),
            got: self.ended.shown(),
            likely,
            died: None,
        }
        .into())
    }
}

/// After the waits.
fn what_happened(script: &Script) -> &'static str {
    match script.breaks {
        None => WAITS,
        Some(Break::NobodyAsked) => NOBODY_TO_ASK,
        Some(Break::NobodyThere) => NOBODY_LISTENS,
        Some(
            Break::ResetNotAddress
            | Break::ResetNotReady
            | Break::ResetNotFirst
            | Break::ResetInTransfer,
        ) => A_RESET,
        Some(_) => EARLY_END,
    }
}

/// What each phase took, if `times` were counted from the beginning.
fn differences(times: &[u64]) -> Vec<u64> {
    let before = std::iter::once(&0).chain(times);
    let pairs = times.iter().zip(before);
    pairs
        .map(|(end, start)| end.saturating_sub(*start))
        .collect()
}
