//! Lessons at the terminal: in goes a number, out comes the program's own
//! output, or everything built beforehand.

use std::ffi::OsString;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use super::{COMMAND, Refusal};
use crate::cargo::{self, Built};
use crate::course::Course;
use crate::my::My;
use crate::terminal::Building;

/// Runs a lesson with the terminal as its own; 1 if it fails.
pub(super) fn run(
    course: &Course,
    number: u8,
    mine: bool,
    arguments: &[OsString],
) -> Result<ExitCode> {
    course.lesson(number).map_err(Refusal::usage)?;
    let mut building = Building::new(format!("lesson {number}"));
    let built = if mine {
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
    drop(building);
    let Built::Program(program) = built else {
        return Ok(ExitCode::FAILURE);
    };
    let status = Command::new(&program)
        .args(arguments)
        .status()
        .with_context(|| format!("cannot start {}", program.display()))?;
    Ok(match status.success() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
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
    println!(
        "{lessons} lessons and their exercises are built ({megabytes} MB): \
         from here on nothing needs a network."
    );
    Ok(ExitCode::SUCCESS)
}
