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
use crate::terminal::{self, Building, print, tell};

pub(super) fn check(
    course: &Course,
    arguments: &CheckArguments,
) -> Result<ExitCode> {
    let exercise = exercise(course, arguments.exercise)?;
    let interrupt = Interrupt::default();
    let judging = Judging {
        course,
        exercise,
        seed: arguments.seed,
        interrupt: interrupt.clone(),
    };
    if arguments.watch {
        return watch(&judging);
    }
    terminal::on_interrupt(move || interrupt.set())?;
    let passed = if let Some(address) = arguments.at {
        let target = Target::Address(address);
        judging.tell(&target)?
    } else if arguments.command.is_empty() {
        judging.mine()?
    } else {
        let target = Target::Command(arguments.command.clone());
        judging.tell(&target)?
    };
    Ok(match passed {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// What is judged, and how.
struct Judging<'a> {
    course: &'a Course,
    exercise: &'a Exercise,
    seed: Option<u64>,
    interrupt: Interrupt,
}

impl Judging<'_> {
    /// Judges `my/exerciseN.rs`, which is begun here if it is not there yet.
    fn mine(&self) -> Result<bool> {
        let (course, number) = (self.course, self.exercise.number);
        let begun = My::of(course).begin(course, number)?;
        let path = &begun.path;
        let short = path.strip_prefix(&course.root).unwrap_or(path).display();
        if begun.fresh {
            tell!("{short} is yours now: write it there.\n")?;
        }
        let mut building = Building::new(format!("exercise {number}"));
        let built = cargo::build_mine(course, path, &mut building)?;
        drop(building);
        let Built::Program(program) = built else {
            tell!("{short} does not compile yet.")?;
            return Ok(false);
        };
        self.tell(&Target::Command(vec![OsString::from(program)]))
    }

    /// Judges, prints the story as it happens, and remembers a success.
    fn tell(&self, target: &Target) -> Result<bool> {
        let (exercise, number) = (self.exercise, self.exercise.number);
        let seed = self.seed.unwrap_or_else(judge::fresh_seed);
        let mut story = Story::new(exercise, COMMAND, terminal::is_lively());
        print(format_args!("{}", story.begin()))?;
        let mut told = Ok(());
        let mut see = |event| {
            if let Event::Step(report) = event
                && told.is_ok()
            {
                told = print(format_args!("{}", story.step(&report)));
                if told.is_err() {
                    self.interrupt.set();
                }
            }
        };
        let verdict =
            judge::judge(exercise, target, seed, &self.interrupt, &mut see);
        told?;
        let verdict = verdict.map_err(refusal)?;
        print(format_args!("{}", story.end(&verdict)))?;
        if verdict.passed() {
            My::of(self.course).record(|progress| {
                progress.solved.insert(number, seed);
            })?;
            tell!("Compare: {COMMAND} solution {number}")?;
        }
        Ok(verdict.passed())
    }
}

fn refusal(error: judge::Error) -> anyhow::Error {
    match error {
        judge::Error::CannotStart { .. }
        | judge::Error::ClientAtAddress
        | judge::Error::RestartAtAddress => Refusal::usage(anyhow!("{error}")),
        judge::Error::Machine(_) | judge::Error::Helper(_) => {
            Refusal::impossible(anyhow!("{error}"))
        }
        judge::Error::Interrupted => anyhow!("{error}"),
    }
}

/// Checks now and after every save, until it is interrupted.
fn watch(judging: &Judging) -> Result<ExitCode> {
    let (course, number) = (judging.course, judging.exercise.number);
    let my = My::of(course);
    let path = my.begin(course, number)?.path;
    let (sender, saves) = channel();
    let (interrupt, wake) = (judging.interrupt.clone(), sender.clone());
    terminal::on_interrupt(move || {
        interrupt.set();
        // Fails if nobody waits any more.
        let _ = wake.send(());
    })?;
    let changed = move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|it| !matches!(it.kind, EventKind::Access(_))) {
            let _ = sender.send(());
        }
    };
    let mut watcher = notify::recommended_watcher(changed)
        .context("cannot watch for changes")?;
    watcher
        .watch(my.dir(), RecursiveMode::NonRecursive)
        .with_context(|| format!("cannot watch {}", my.dir().display()))?;
    let mut before = None;
    while !judging.interrupt.is_set() {
        let now = fs::read(&path).ok();
        if now.is_some() && now != before {
            judging.mine()?;
            before = now;
            tell!("\nWaiting for {} to be saved …", name(&path))?;
        }
        saves.recv().context("the file watcher has ended")?;
        // An editor saves in several steps: wait until it is quiet.
        while saves.recv_timeout(Duration::from_millis(100))
            != Err(RecvTimeoutError::Timeout)
        {}
    }
    Ok(ExitCode::SUCCESS)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
