//! The learner's own things: in goes a number, out comes a file to work on,
//! a hint, a solution, or the list of what is done.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};

use super::{COMMAND, Refusal, exercise};
use crate::check;
use crate::course::Course;
use crate::my::My;
use crate::terminal::{print, tell};

pub(super) fn try_lesson(course: &Course, number: u8) -> Result<ExitCode> {
    course.lesson(number).map_err(Refusal::usage)?;
    let begun = My::of(course).try_lesson(course, number)?;
    let path = begun.path.strip_prefix(&course.root).unwrap_or(&begun.path);
    let what = match begun.fresh {
        true => "is yours to change",
        false => "is there already, and stays as it is",
    };
    tell!("{} {what}.", path.display())?;
    tell!("Run it: {COMMAND} run {number} --mine")?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn list(course: &Course) -> Result<ExitCode> {
    let my = My::of(course);
    let progress = my.progress();
    let mut part = "";
    for lesson in &course.lessons {
        if lesson.part != part {
            part = &lesson.part;
            tell!("\n{part}")?;
        }
        let number = lesson.number;
        let state = if progress.solved.contains_key(&number) {
            "exercise solved"
        } else if my.exercise(number).exists() {
            "exercise begun"
        } else if check::exercise(number).is_some() {
            "exercise open"
        } else if lesson.written {
            ""
        } else {
            "not written yet"
        };
        tell!(
            "{}",
            format!("  {number:>2}  {:<32}{state}", lesson.title).trim_end()
        )?;
    }
    tell!("\nRun one: {COMMAND} run 7   Check one: {COMMAND} check 7")?;
    Ok(ExitCode::SUCCESS)
}

/// One more hint each time; at the end, all of them again.
pub(super) fn hint(course: &Course, number: u8) -> Result<ExitCode> {
    let hints = exercise(course, number)?.hint;
    let my = My::of(course);
    let seen = my.progress().hints.get(&number).copied().unwrap_or(0);
    let shown = (seen + 1).min(hints.len());
    for (index, hint) in hints.iter().take(shown).enumerate() {
        tell!("{}. {hint}", index + 1)?;
    }
    let left = hints.len() - shown;
    match left {
        0 => tell!("\nThat was the last hint.")?,
        _ => tell!("\n{left} more: {COMMAND} hint {number}")?,
    }
    my.record(|progress| {
        progress.hints.insert(number, shown);
    })?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn reset(course: &Course, number: u8) -> Result<ExitCode> {
    exercise(course, number)?;
    let my = My::of(course);
    let kept = my.back_up(&my.exercise(number))?;
    let begun = my.begin(course, number)?;
    my.record(|progress| {
        progress.solved.remove(&number);
        progress.hints.remove(&number);
    })?;
    let short = |path: &std::path::Path| {
        let path = path.strip_prefix(&course.root).unwrap_or(path);
        path.display().to_string()
    };
    if let Some(kept) = kept {
        tell!("What you had is in {}.", short(&kept))?;
    }
    tell!("{} is the starter again.", short(&begun.path))?;
    Ok(ExitCode::SUCCESS)
}

/// Shown to who has solved it, or insists.
pub(super) fn solution(
    course: &Course,
    number: u8,
    spoil: bool,
) -> Result<ExitCode> {
    exercise(course, number)?;
    let solved = My::of(course).progress().solved.contains_key(&number);
    if !solved && !spoil {
        return Err(anyhow!(
            "exercise {number} is not solved yet: `{COMMAND} hint {number}` \
             helps, `{COMMAND} solution {number} --spoil` shows it all the \
             same"
        ));
    }
    let path = course.solution(number);
    let text = fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    print(format_args!("{text}"))?;
    Ok(ExitCode::SUCCESS)
}
