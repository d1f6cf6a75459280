//! `wire check`: in goes an exercise and a program, out comes the story of
//! its check.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use notify::{EventKind, RecursiveMode, Watcher};

use super::{COMMAND, CheckArguments, Refusal, exercise};
use crate::cargo::{self, Built};
use crate::check::story::Story;
use crate::check::{self as judge, Event, Exercise, Interrupt, Target};
use crate::course::Course;
use crate::my::My;
use crate::terminal::{self, Building};

pub(super) fn check(
    course: &Course,
    arguments: &CheckArguments,
) -> Result<ExitCode> {
    let exercise = exercise(course, arguments.exercise)?;
    if arguments.watch {
        return watch(course, exercise, arguments.seed);
    }
    let passed = if let Some(address) = arguments.at {
        let target = Target::Address(address);
        tell(course, exercise, &target, arguments.seed)?
    } else if arguments.command.is_empty() {
        check_mine(course, exercise, arguments.seed)?
    } else {
        let target = Target::Command(arguments.command.clone());
        tell(course, exercise, &target, arguments.seed)?
    };
    Ok(match passed {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Judges `my/exerciseN.rs`, which is started here if it is not there yet.
fn check_mine(
    course: &Course,
    exercise: &Exercise,
    seed: Option<u64>,
) -> Result<bool> {
    let (my, number) = (My::of(course), exercise.number);
    let begun = my.begin(course, number)?;
    let short = begun.path.strip_prefix(&course.root).unwrap_or(&begun.path);
    if begun.fresh {
        println!("{} is yours now: write it there.\n", short.display());
    }
    let mut building = Building::new(format!("exercise {number}"));
    let built = cargo::build_mine(course, &begun.path, &mut building)?;
    drop(building);
    let Built::Program(program) = built else {
        println!("{} does not compile yet.", short.display());
        return Ok(false);
    };
    let target = Target::Command(vec![OsString::from(program)]);
    tell(course, exercise, &target, seed)
}

/// Judges, prints the story as it happens, and remembers a success.
fn tell(
    course: &Course,
    exercise: &Exercise,
    target: &Target,
    seed: Option<u64>,
) -> Result<bool> {
    let seed = seed.unwrap_or_else(judge::fresh_seed);
    let mut story = Story::new(exercise, COMMAND, terminal::is_lively());
    print!("{}", story.begin());
    let mut see = |event| {
        if let Event::Step(report) = event {
            print!("{}", story.step(&report));
        }
    };
    let interrupt = Interrupt::default();
    let verdict = judge::judge(exercise, target, seed, &interrupt, &mut see)
        .map_err(refusal)?;
    print!("{}", story.end(&verdict));
    if verdict.passed() {
        let number = exercise.number;
        My::of(course).record(|progress| {
            progress.solved.insert(number, seed);
        })?;
        println!("Compare: {COMMAND} solution {number}");
    }
    Ok(verdict.passed())
}

fn refusal(error: judge::Error) -> anyhow::Error {
    match error {
        judge::Error::CannotStart { .. } | judge::Error::ClientAtAddress => {
            Refusal::usage(anyhow!("{error}"))
        }
        judge::Error::Machine(_) => Refusal::impossible(anyhow!("{error}")),
        judge::Error::Interrupted => anyhow!("{error}"),
    }
}

/// Checks now and after every save, until it is interrupted.
fn watch(
    course: &Course,
    exercise: &Exercise,
    seed: Option<u64>,
) -> Result<ExitCode> {
    let my = My::of(course);
    let path = my.begin(course, exercise.number)?.path;
    let (sender, saves) = channel();
    let mut watcher = notify::recommended_watcher(
        move |event: notify::Result<notify::Event>| {
            let changed = |event: notify::Event| {
                !matches!(event.kind, EventKind::Access(_))
            };
            if event.is_ok_and(changed) {
                // Fails when the check has been interrupted: nobody waits.
                let _ = sender.send(());
            }
        },
    )
    .context("cannot watch for changes")?;
    watcher
        .watch(my.dir(), RecursiveMode::NonRecursive)
        .with_context(|| format!("cannot watch {}", my.dir().display()))?;
    let mut before = None;
    loop {
        let now = fs::read(&path).ok();
        if now.is_some() && now != before {
            check_mine(course, exercise, seed)?;
            before = now;
            println!("\nWaiting for {} to be saved …", name(&path));
        }
        saves.recv().context("the file watcher has ended")?;
        // An editor saves in several steps: wait until it is quiet.
        while saves.recv_timeout(Duration::from_millis(100))
            != Err(RecvTimeoutError::Timeout)
        {}
    }
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
