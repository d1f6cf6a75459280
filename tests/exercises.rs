//! The exercises and their checks: starters fail, solutions pass, and each
//! wrong answer fails at the step that names its mistake.
//!
//! `EXERCISE_REPEATS=20` judges each solution so often. Without python3 the
//! Python programs are skipped, unless `REQUIRE_ALL=1`.

use std::collections::{HashSet, VecDeque};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::{env, fs, thread};

use wire::check::story::Story;
use wire::check::{self, Event, Exercise, Interrupt, State, Target};

/// How many programs are judged at once: most of the time they wait.
const WORKERS: usize = 4;

/// A program, and what must become of it.
struct Case {
    file: PathBuf,
    exercise: &'static Exercise,
    command: Vec<OsString>,
    wanted: Wanted,
}

enum Wanted {
    Pass,
    Fail,
    FailAt(String),
}

#[test]
fn starters_fail_solutions_pass_and_mistakes_are_named() {
    let cases = cases();
    assert!(cases.len() >= 10, "only {} programs found", cases.len());
    build_binaries();
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
        let (failed_at, story) = run(case);
        match (&case.wanted, &failed_at) {
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

/// The step it failed at, and the story.
fn run(case: &Case) -> (Option<&'static str>, String) {
    let mut story = Story::new(case.exercise, "wire", false);
    let mut told = story.begin();
    let mut failed_at = None;
    let known = check::messages();
    let verdict = check::judge(
        case.exercise,
        &Target::Command(case.command.clone()),
        check::fresh_seed(),
        &Interrupt::default(),
        &mut |event| {
            let Event::Step(report) = event else { return };
            told.push_str(&story.step(&report));
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
    (failed_at, told)
}

fn repeats() -> usize {
    env::var("EXERCISE_REPEATS").map_or(1, |n| n.parse().unwrap())
}

/// All programs below `exercises/`, in any language we have.
fn cases() -> Vec<Case> {
    let python = python();
    let only = env::var("EXERCISE_ONLY").unwrap_or_default();
    let mut cases = Vec::new();
    for file in files() {
        let name = file_name(&file);
        let (exercise, _) = name_parts(&file);
        let command = match file.extension().and_then(|e| e.to_str()) {
            Some("rs") => vec![binary(&file).into()],
            Some("py") => match &python {
                Some(python) => vec![python.into(), file.clone().into()],
                None => continue,
            },
            _ => panic!("{}: what is this?", file.display()),
        };
        let wanted = match folder(&file).as_str() {
            "starters" => Wanted::Fail,
            "solutions" => Wanted::Pass,
            _ => Wanted::FailAt(caught_by(&file)),
        };
        if name.contains(&only) {
            cases.push(Case {
                file,
                exercise,
                command,
                wanted,
            });
        }
    }
    cases
}

fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("exercises");
    let mut files: Vec<PathBuf> = ["starters", "solutions", "wrong"]
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

fn file_name(file: &Path) -> String {
    file.file_name().unwrap().to_str().unwrap().to_owned()
}

fn folder(file: &Path) -> String {
    file_name(file.parent().unwrap())
}

/// `exercise7-one-read.rs` is of exercise 7, and its rest is `7-one-read`.
fn name_parts(file: &Path) -> (&'static Exercise, String) {
    let stem = file.file_stem().unwrap().to_str().unwrap();
    let rest = stem.strip_prefix("exercise").unwrap_or_else(|| {
        panic!("{}: must be called exerciseN", file.display())
    });
    let number = rest.split('-').next().unwrap().parse().unwrap();
    let exercise = check::exercise(number).unwrap_or_else(|| {
        panic!("{}: there is no check for it", file.display())
    });
    (exercise, rest.to_owned())
}

/// The step that the first line of a wrong answer names.
fn caught_by(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    let first = text.lines().next().unwrap_or_default();
    let step = first
        .trim_start_matches(['/', '!', '#'])
        .trim_start()
        .strip_prefix("Caught by: ");
    step.unwrap_or_else(|| {
        panic!("{}: begin it with `Caught by: STEP`", file.display())
    })
    .to_owned()
}

fn binary(file: &Path) -> PathBuf {
    let kind = folder(file);
    let kind = kind.strip_suffix('s').unwrap_or(&kind);
    let (_, rest) = name_parts(file);
    let name = format!("{kind}{rest}{}", env::consts::EXE_SUFFIX);
    output().join(name)
}

/// Where this test's own binaries are: it is in `deps` below it.
fn output() -> PathBuf {
    let here = env::current_exe().unwrap();
    here.parent().unwrap().parent().unwrap().to_owned()
}

/// Builds what is to be judged. Cargo tests build the binaries of their own
/// package only, and those of another may be old.
fn build_binaries() {
    let output = output();
    let mut cargo = Command::new(env!("CARGO"));
    // The test itself is named too, so that features are unified as for it,
    // and nothing is built twice.
    cargo
        .args(["build", "--quiet", "--bins", "--test", "exercises"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CARGO_TARGET_DIR", output.parent().unwrap());
    if output.ends_with("release") {
        cargo.arg("--release");
    }
    assert!(
        cargo.status().unwrap().success(),
        "the exercises must compile"
    );
}

fn python() -> Option<&'static str> {
    let found = ["python3", "python"].into_iter().find(|name| {
        let version = Command::new(name).arg("--version").output();
        version.is_ok_and(|v| v.stdout.starts_with(b"Python 3"))
    });
    if found.is_none() {
        assert!(env::var_os("REQUIRE_ALL").is_none(), "python3 is missing");
        eprintln!("skipped: the Python programs, for there is no python3");
    }
    found
}

#[test]
fn each_exercise_has_its_programs_and_each_mistake_its_step() {
    for exercise in check::ALL {
        let mut mistakes = [0, 0];
        for file in files() {
            if name_parts(&file).0.number != exercise.number {
                continue;
            }
            let python = file.extension().is_some_and(|e| e == "py");
            if folder(&file) == "wrong" {
                mistakes[usize::from(python)] += 1;
                let step = caught_by(&file);
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
