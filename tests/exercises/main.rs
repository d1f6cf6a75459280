//! The exercises and their checks: starters fail, solutions pass, and each
//! wrong answer fails at the step that names its mistake.
//!
//! `EXERCISE_REPEATS=20` judges each solution so often. Without python3 the
//! Python programs are skipped, and without IPv6 the steps that need it,
//! unless `REQUIRE_ALL=1`.

mod bench;
mod dig;
mod programs;
mod replay;

use std::collections::{HashSet, VecDeque};
use std::path::Path;
use std::sync::Mutex;
use std::{env, thread};

use programs::{Case, Wanted};
use wire::check::story::Story;
use wire::check::{self, Event, Interrupt, State, Target};

/// How many programs are judged at once: most of the time they wait.
const WORKERS: usize = 6;

#[test]
fn starters_fail_solutions_pass_and_mistakes_are_named() {
    let cases = programs::cases();
    assert!(cases.len() >= 10, "only {} programs found", cases.len());
    programs::build_binaries();
    let queue = Mutex::new(VecDeque::from(cases));
    let wrong = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(case) = pop(&queue) {
                    if let Err(story) = judge(&case) {
                        let file = case.file.display();
                        wrong.lock().unwrap().push(format!("{file}: {story}"));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn pop(queue: &Mutex<VecDeque<Case>>) -> Option<Case> {
    queue.lock().unwrap().pop_front()
}

/// `Err` with the story if it ends in another way than it must.
fn judge(case: &Case) -> Result<(), String> {
    let repeats = match case.wanted {
        Wanted::Pass => repeats(),
        Wanted::Fail | Wanted::FailAt(_) => 1,
    };
    for _ in 0..repeats {
        let (failed_at, story, skipped) = run(case);
        match (&case.wanted, &failed_at) {
            // Its mistake cannot be seen on this machine.
            (Wanted::FailAt(step), None)
                if skipped.contains(&step.as_str()) => {}
            (Wanted::Pass, None) | (Wanted::Fail, Some(_)) => {}
            (Wanted::FailAt(step), Some(at)) if step == at => {}
            (Wanted::Pass, Some(_)) => {
                return Err(format!("must pass, but\n{story}"));
            }
            (Wanted::Fail, None) => {
                return Err(format!("must fail, but\n{story}"));
            }
            (Wanted::FailAt(step), _) => {
                return Err(format!("must fail at {step:?}, but\n{story}"));
            }
        }
    }
    Ok(())
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

fn repeats() -> usize {
    env::var("EXERCISE_REPEATS").map_or(1, |n| n.parse().unwrap())
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
