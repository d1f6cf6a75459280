//! The exercises and their checks: starters fail, solutions pass, and each
//! wrong answer fails at the step that names its mistake.
//!
//! `EXERCISE_REPEATS=20` judges each solution so often. `EXERCISE_TIMES=10`,
//! with `-- --nocapture` behind all, prints the ten slowest. Without python3
//! the Python programs are skipped, and without IPv6 or 127.0.0.2 the steps
//! that need it, unless `REQUIRE_ALL=1`.

mod bench;
mod dig;
mod programs;
mod replay;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use std::{env, thread};

use programs::{Case, Wanted};
use wire::check::story::Story;
use wire::check::{self, Event, Interrupt, Role, State, Target};

/// How many programs are judged at once: most of the time they wait.
const WORKERS: usize = 14;

/// How many of them may be clients, which are judged by the clock too: of
/// eight, one that reads once now and then gets all pieces in that read.
const CLIENTS: usize = 6;

#[test]
fn starters_fail_solutions_pass_and_mistakes_are_named() {
    let cases = programs::cases();
    assert!(!cases.is_empty(), "no program found");
    programs::build_binaries();
    let queue = Mutex::new(queue(&cases));
    let wrong = Mutex::new(Vec::new());
    let times = Times::default();
    thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (queue, wrong, times) = (&queue, &wrong, &times);
            scope.spawn(move || {
                while let Some(case) = next(queue, worker < CLIENTS) {
                    let begun = Instant::now();
                    if let Err(story) = judge(case) {
                        let file = case.file.display();
                        wrong.lock().unwrap().push(format!("{file}: {story}"));
                    }
                    times.note(case, begun.elapsed());
                }
            });
        }
    });
    times.print();
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Each case, a solution as often as it is to be judged.
fn queue(cases: &[Case]) -> Vec<&Case> {
    let repeats = env::var("EXERCISE_REPEATS");
    let repeats = repeats.map_or(1, |n| n.parse().unwrap());
    let mut queue = Vec::new();
    for round in 0..repeats {
        let again = |case: &&Case| round == 0 || case.wanted == Wanted::Pass;
        queue.extend(cases.iter().filter(again));
    }
    // What takes longest comes first, or all wait for it in the end: it is
    // mostly what is wrong, and found late.
    queue.sort_by_key(|case| match &case.wanted {
        Wanted::Pass => (true, 0),
        Wanted::Fail => (false, 0),
        Wanted::FailAt(step) => {
            let steps = case.exercise.steps.iter();
            (false, steps.rev().position(|one| one.name == step).unwrap())
        }
    });
    queue
}

/// The next one that this worker may judge.
fn next<'a>(queue: &Mutex<Vec<&'a Case>>, clients: bool) -> Option<&'a Case> {
    let mut queue = queue.lock().unwrap();
    let is_client = |case: &&Case| case.exercise.role == Role::Client;
    // Who judges clients judges servers too in the end, and nobody the other
    // way round: there are never more than so many clients.
    let fits = |case: &&Case| is_client(case) == clients;
    let found = queue.iter().position(fits);
    let found = found.or_else(|| (clients && !queue.is_empty()).then_some(0));
    found.map(|index| queue.remove(index))
}

/// `Err` with the story if it ends in another way than it must.
fn judge(case: &Case) -> Result<(), String> {
    let (failed_at, story, skipped) = run(case);
    let must = match (&case.wanted, failed_at) {
        // Its mistake cannot be seen on this machine.
        (Wanted::FailAt(step), None) if skipped.contains(&step.as_str()) => {
            return Ok(());
        }
        (Wanted::Pass, None) | (Wanted::Fail, Some(_)) => return Ok(()),
        (Wanted::FailAt(step), Some(at)) if step == at => return Ok(()),
        (Wanted::Pass, Some(_)) => "pass".to_owned(),
        (Wanted::Fail, None) => "fail".to_owned(),
        (Wanted::FailAt(step), _) => format!("fail at {step:?}"),
    };
    Err(format!("must {must}, but\n{story}"))
}

/// Where the time goes.
#[derive(Default)]
struct Times(Mutex<Vec<(Duration, PathBuf)>>);

impl Times {
    fn note(&self, case: &Case, time: Duration) {
        self.0.lock().unwrap().push((time, case.file.clone()));
    }

    /// The slowest, as many as `EXERCISE_TIMES` says.
    fn print(self) {
        let Ok(count) = env::var("EXERCISE_TIMES") else {
            return;
        };
        let mut times = self.0.into_inner().unwrap();
        times.sort();
        let sum: Duration = times.iter().map(|(time, _)| time).sum();
        println!("{sum:7.1?} for all, one after the other");
        for (time, file) in times.iter().rev().take(count.parse().unwrap()) {
            println!("{time:7.1?} {}", file.display());
        }
    }
}

/// The step it failed at, the story, and the steps that were skipped.
fn run(case: &Case) -> (Option<&'static str>, String, Vec<&'static str>) {
    let mut story = Story::new(case.exercise, "wire", false);
    let mut told = story.begin();
    let (mut failed_at, mut skipped) = (None, Vec::new());
    let known = check::messages();
    let verdict = check::judge(
        case.exercise,
        &Target::Command(case.command.clone()),
        check::fresh_seed(),
        &Interrupt::default(),
        &mut |event| {
            let Event::Step(report) = event else { return };
            told.push_str(&story.step(&report));
            if let State::Skipped(why) = report.state {
                let required = env::var("REQUIRE_ALL").is_ok_and(|v| v == "1");
                assert!(!required, "{why}, and REQUIRE_ALL=1 wants all steps");
                assert!(known.contains(&why), "{why}");
                skipped.push(report.name);
            }
            if let State::Failed(failure) = report.state {
                failed_at = Some(report.name);
                let notes = [&failure.sent, &failure.expected, &failure.got];
                for words in notes.map(|shown| shown.note) {
                    assert!(words.is_empty() || known.contains(&words));
                }
                assert!(known.contains(&failure.likely), "{failure:?}");
            }
        },
    )
    .unwrap_or_else(|error| panic!("{}: {error}", case.file.display()));
    told.push_str(&story.end(&verdict));
    assert_eq!(verdict.passed(), failed_at.is_none());
    if env::var_os("EXERCISE_STORIES").is_some() {
        println!("{}\n{told}", case.file.display());
    }
    (failed_at, told, skipped)
}

#[test]
fn each_exercise_has_its_programs_and_each_mistake_its_step() {
    for exercise in check::ALL {
        let mut mistakes = [0, 0];
        for file in programs::files() {
            if programs::name_parts(&file).0.number != exercise.number {
                continue;
            }
            let python = file.extension().is_some_and(|e| e == "py");
            if programs::folder(&file) == "wrong" {
                mistakes[usize::from(python)] += 1;
                let step = programs::caught_by(&file);
                assert!(
                    exercise.steps.iter().any(|one| one.name == step),
                    "{}: there is no step {step:?}",
                    file.display()
                );
            }
        }
        assert!(mistakes.iter().all(|&n| n >= 3), "{}", exercise.number);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("exercises");
        for program in ["starters/.rs", "solutions/.rs", "solutions/.py"] {
            let name = format!("/exercise{}.", exercise.number);
            let path = root.join(program.replace("/.", &name));
            assert!(path.is_file(), "{} is missing", path.display());
        }
    }
}

#[test]
fn steps_and_words_are_told_apart() {
    let messages = check::messages();
    assert!(messages.iter().all(|message| !message.is_empty()));
    for exercise in check::ALL {
        let names: HashSet<_> =
            exercise.steps.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), exercise.steps.len(), "{}", exercise.number);
        assert!(!exercise.hint.is_empty());
        for name in names {
            assert!(name.len() <= 64 && messages.contains(&name), "{name}");
        }
    }
}
