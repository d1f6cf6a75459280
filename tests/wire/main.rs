//! Every lesson puts on the wire what the book shows: each is run in a
//! network of its own, its packets are captured, brought into their normal
//! form and compared with `tests/snapshots/lessonN.wire.snap`. The capture
//! that the ladder on the page is drawn from lies beside it.
//!
//! `WIRE_REPEATS=50` runs each so many times. To accept a new exchange,
//! after 50 equal runs: `INSTA_UPDATE=always cargo test --test wire` (Linux),
//! then read the difference. `LESSON_ONLY=7` leaves the others alone.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use wire::course::Course;
use wire::wire::normal::{Level, normal};
use wire::wire::{Capture, pcapng};

/// Nothing new is accepted with less equal runs.
const SURE: u32 = 50;

/// What a run takes at most, its packets written.
const PATIENCE: Duration = Duration::from_secs(10);

/// How `wire` ends where the laboratory is not possible.
const IMPOSSIBLE: i32 = 3;

#[test]
fn every_recording_has_the_form_that_was_recorded() -> Result<()> {
    if accepts() {
        // They are being written by the other test.
        return Ok(());
    }
    let course = Course::load(env!("CARGO_MANIFEST_DIR"))?;
    for lesson in course.written() {
        let path = course.capture(lesson.number);
        let bytes = fs::read(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let capture = pcapng::read(&bytes)?;
        let level = level(&course, lesson.number)?;
        snapshot(lesson.number, &normal(&capture, level));
    }
    Ok(())
}

#[test]
fn every_lesson_puts_on_the_wire_what_the_book_shows() -> Result<()> {
    let course = Course::load(env!("CARGO_MANIFEST_DIR"))?;
    let folder = tempfile::tempdir()?;
    let only = env::var("LESSON_ONLY").ok();
    let wanted = |number: u8| only.iter().all(|one| *one == number.to_string());
    for lesson in course.written().filter(|lesson| wanted(lesson.number)) {
        let number = lesson.number;
        let file = folder.path().join(format!("lesson{number}.pcapng"));
        let what = || format!("lesson {number}");
        let Some(form) =
            same_every_time(&course, number, &file).with_context(what)?
        else {
            return Ok(());
        };
        if accepts() && is_new(&course, number, &form) {
            fs::copy(&file, course.capture(number)).with_context(what)?;
        }
        snapshot(number, &form);
    }
    Ok(())
}

/// Whether new exchanges are accepted.
fn accepts() -> bool {
    env::var("INSTA_UPDATE").is_ok_and(|how| how != "no")
}

fn repeats() -> Result<u32> {
    let asked = match env::var("WIRE_REPEATS") {
        Ok(repeats) => repeats.parse().context("WIRE_REPEATS")?,
        Err(_) => 1,
    };
    Ok(if accepts() { asked.max(SURE) } else { asked })
}

/// Whether there is no such recording yet: one that still holds is kept, so
/// that the book does not change with every run.
fn is_new(course: &Course, number: u8, form: &str) -> bool {
    let kept = || {
        let bytes = fs::read(course.capture(number)).ok()?;
        let capture = pcapng::read(&bytes).ok()?;
        Some(normal(&capture, level(course, number).ok()?))
    };
    kept().is_none_or(|kept| kept != form)
}

fn level(course: &Course, number: u8) -> Result<Level> {
    Level::of_program(&fs::read_to_string(course.program(number))?)
}

/// The normal form of a lesson's packets; none where there can be no
/// laboratory.
fn same_every_time(
    course: &Course,
    number: u8,
    file: &Path,
) -> Result<Option<String>> {
    let level = level(course, number)?;
    let Some(first) = captured(course, number, file)? else {
        return Ok(None);
    };
    let first = normal(&first, level);
    for run in 1..repeats()? {
        let again = captured(course, number, file)?.context("a capture")?;
        let again = normal(&again, level);
        ensure!(again == first, "run {run}: {}", difference(&first, &again));
    }
    Ok(Some(first))
}

/// The first line that is another one, with its connection.
fn difference(one: &str, other: &str) -> String {
    let mut lines = other.lines();
    let mut place = "";
    for line in one.lines() {
        if !line.starts_with(' ') {
            place = line;
        }
        let now = lines.next();
        if now != Some(line) {
            let now = now.unwrap_or("the end");
            return format!("{place}:\n{line}\nis now\n{now}");
        }
    }
    format!("after {place} comes {:?}", lines.next())
}

fn captured(
    course: &Course,
    number: u8,
    file: &Path,
) -> Result<Option<Capture>> {
    let began = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_wire"))
        .args(["run", &number.to_string(), "--pcap"])
        .arg(file)
        .current_dir(&course.root)
        .output()
        .context("cannot start wire")?;
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(IMPOSSIBLE) {
        if env::var("REQUIRE_ALL").is_ok_and(|all| all == "1") {
            bail!("{errors}");
        }
        eprintln!("skipped: {errors}");
        return Ok(None);
    }
    ensure!(output.status.success(), "it failed: {errors}");
    ensure!(!errors.contains("missed"), "incomplete: {errors}");
    let took = began.elapsed();
    ensure!(took < PATIENCE, "it took {took:?}");
    Ok(Some(pcapng::read(&fs::read(file)?)?))
}

fn snapshot(number: u8, form: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::assert_snapshot!(format!("lesson{number}.wire"), form);
    });
}
