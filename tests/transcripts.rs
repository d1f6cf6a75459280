//! Every lesson prints what the book says it prints: each is run, and its
//! standard output compared with `tests/snapshots/lessonN.snap`.
//!
//! `TRANSCRIPT_REPEATS=100` runs each so many times. To accept a new output,
//! after 20 equal runs: `INSTA_UPDATE=always cargo test --test transcripts`,
//! then read the difference. `LESSON_ONLY=7` leaves the others alone.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use wire::cargo::{Built, Progress, build_lesson};
use wire::course::Course;
use wire::runner::{Limits, Line, start};

/// A learner does not wait for a lesson; twice the promise of 2 s, for
/// machines that have other things to do.
const PATIENCE: Duration = Duration::from_secs(4);

struct Loud;

impl Progress for Loud {
    fn compiled(&mut self, _: &str) {}

    fn says(&mut self, line: &str) {
        eprintln!("{line}");
    }
}

#[test]
fn every_lesson_prints_what_the_book_shows() -> Result<()> {
    let course = Course::load(env!("CARGO_MANIFEST_DIR"))?;
    let repeats = repeats()?;
    let only = env::var("LESSON_ONLY").ok();
    let wanted = |number: u8| only.iter().all(|one| *one == number.to_string());
    for lesson in course.written().filter(|lesson| wanted(lesson.number)) {
        let transcript = same_every_time(&course, lesson.number, repeats)
            .with_context(|| format!("lesson {}", lesson.number))?;
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| {
            let name = format!("lesson{}", lesson.number);
            insta::assert_snapshot!(name, transcript);
        });
    }
    Ok(())
}

/// How often each lesson is run. Nothing new is accepted with less than 20.
fn repeats() -> Result<u32> {
    let asked = match env::var("TRANSCRIPT_REPEATS") {
        Ok(repeats) => repeats.parse().context("TRANSCRIPT_REPEATS")?,
        Err(_) => 1,
    };
    let accepts = env::var("INSTA_UPDATE").is_ok_and(|how| how != "no");
    Ok(if accepts { asked.max(20) } else { asked })
}

fn same_every_time(
    course: &Course,
    number: u8,
    repeats: u32,
) -> Result<String> {
    let first = transcript(course, number)?;
    for run in 1..repeats {
        let again = transcript(course, number)?;
        ensure!(again == first, "run {run} differs:\n{first}\n---\n{again}");
    }
    Ok(first)
}

fn transcript(course: &Course, number: u8) -> Result<String> {
    let Built::Program(program) = build_lesson(course, number, &mut Loud)?
    else {
        bail!("it does not compile");
    };
    let mut transcript = String::new();
    let started = Instant::now();
    let ended =
        start(Command::new(program), Limits::default())?.finish(|line| {
            match line {
                Line::Out(text) => transcript += &(text + "\n"),
                Line::Err(text) => eprintln!("lesson {number}: {text}"),
            }
            true
        })?;
    ensure!(ended.success(), "it ended with {ended:?}");
    ensure!(started.elapsed() < PATIENCE, "it took {:?}", ended.elapsed);
    Ok(transcript)
}
