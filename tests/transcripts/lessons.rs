//! The lessons: `tests/snapshots/lessonN.snap`.

use std::env;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use wire::cargo::{Built, build_lesson};
use wire::course::Course;

use crate::{Loud, compare, printed, same_every_time};

/// A learner does not wait for a lesson; twice the promise of 2 s, for
/// machines that have other things to do.
const PATIENCE: Duration = Duration::from_secs(4);

#[test]
fn every_lesson_prints_what_the_book_shows() -> Result<()> {
    let course = Course::load(env!("CARGO_MANIFEST_DIR"))?;
    let only = env::var("LESSON_ONLY").ok();
    let wanted = |number: u8| only.iter().all(|one| *one == number.to_string());
    for lesson in course.written().filter(|lesson| wanted(lesson.number)) {
        let name = format!("lesson{}", lesson.number);
        let transcript = same_every_time(|| transcript(&course, lesson.number))
            .with_context(|| name.clone())?;
        compare("snapshots", &name, &transcript);
    }
    Ok(())
}

fn transcript(course: &Course, number: u8) -> Result<String> {
    let Built::Program(program) = build_lesson(course, number, &mut Loud)?
    else {
        bail!("it does not compile");
    };
    let printed = printed(Command::new(program), PATIENCE, None)?;
    printed.context("it printed nothing")
}
