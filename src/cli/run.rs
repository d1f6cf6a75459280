//! Lessons at the terminal: in goes a number, out comes the program's own
//! output, or everything built beforehand.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use super::lab::run_over_link;
use super::{COMMAND, Refusal, RunArguments};
use crate::cargo::{self, Built};
use crate::course::Course;
use crate::my::My;
use crate::terminal::{Building, tell};

/// Runs a lesson with the terminal as its own; 1 if it fails. With link
/// options, over a link that behaves as told.
pub(super) fn run(course: &Course, asked: &RunArguments) -> Result<ExitCode> {
    let Some(program) = built(course, asked)? else {
        return Ok(ExitCode::FAILURE);
    };
    let RunArguments { watch, link, .. } = asked;
    if !watch.is_plain() || !link.is_plain() {
        return run_over_link(&program, &asked.arguments, link, watch);
    }
    here(&program, &asked.arguments)
}

/// Runs a program with the terminal as its own; 1 if it fails.
pub(super) fn here(program: &Path, arguments: &[OsString]) -> Result<ExitCode> {
    let status = Command::new(program)
        .args(arguments)
        .status()
        .with_context(|| format!("cannot start {}", program.display()))?;
    Ok(match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// The program; none if the compiler has said why not.
fn built(course: &Course, asked: &RunArguments) -> Result<Option<PathBuf>> {
    let number = asked.lesson;
    course.lesson(number).map_err(Refusal::usage)?;
    let mut building = Building::new(format!("lesson {number}"));
    let built = if asked.mine {
        let source = My::of(course).lesson(number);
        if !source.exists() {
            return Err(Refusal::usage(anyhow::anyhow!(
                "there is no {}: `{COMMAND} try {number}` makes it",
                source.display()
            )));
        }
        cargo::build_mine(course, &source, &mut building)?
    } else {
        cargo::build_lesson(course, number, &mut building)?
    };
    Ok(match built {
        Built::Program(program) => Some(program),
        Built::Failed => None,
    })
}

/// Builds all that a learner will run.
pub(super) fn prepare(course: &Course) -> Result<ExitCode> {
    let mut building = Building::new("all lessons and exercises");
    if !cargo::prepare(course, &mut building)? {
        bail!("not everything could be built: the lines above say why");
    }
    drop(building);
    let megabytes = cargo::built_size(course) >> 20;
    let lessons = course.written().count();
    tell!(
        "{lessons} lessons and their exercises are built ({megabytes} MB): \
         from here on nothing needs a network."
    )?;
    Ok(ExitCode::SUCCESS)
}
