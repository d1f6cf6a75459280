//! The programs below `exercises/`: found, built, and what each of them must
//! come to.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Once;
use std::{env, fs};

use wire::check::{self, Exercise};

/// A program, and what must become of it.
pub struct Case {
    pub file: PathBuf,
    pub exercise: &'static Exercise,
    pub command: Vec<OsString>,
    pub wanted: Wanted,
}

#[derive(PartialEq)]
pub enum Wanted {
    Pass,
    Fail,
    FailAt(String),
}

/// All programs below `exercises/`, in any language we have.
pub fn cases() -> Vec<Case> {
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

pub fn files() -> Vec<PathBuf> {
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

pub fn folder(file: &Path) -> String {
    file_name(file.parent().unwrap())
}

/// `exercise7-one-read.rs` is of exercise 7, and its rest is `7-one-read`.
pub fn name_parts(file: &Path) -> (&'static Exercise, String) {
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
pub fn caught_by(file: &Path) -> String {
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

pub fn binary(file: &Path) -> PathBuf {
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

/// The solution in Rust, built.
pub fn solution(number: u8) -> OsString {
    build_binaries();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = format!("exercises/solutions/exercise{number}.rs");
    binary(&root.join(file)).into()
}

/// Builds what is to be judged, once. Cargo builds the binaries of a test's
/// own package only, and those of another may be old.
pub fn build_binaries() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let output = output();
        let mut cargo = Command::new(env!("CARGO"));
        // The test itself is named too, so that features are unified as for
        // it, and nothing is built twice.
        cargo
            .args(["build", "--quiet", "--bins", "--test", "exercises"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("CARGO_TARGET_DIR", output.parent().unwrap());
        if output.ends_with("release") {
            cargo.arg("--release");
        }
        let built = cargo.status().unwrap().success();
        assert!(built, "the exercises must compile");
    });
}

/// The interpreter itself: what is called `python3` may be a script that
/// looks for it, and costs more than to start it.
pub fn python() -> Option<String> {
    let found = ["python3", "python"].into_iter().find_map(|name| {
        let asked = "import sys; print(sys.version_info[0], sys.executable)";
        let told = Command::new(name).args(["-c", asked]).output().ok()?;
        let told = String::from_utf8(told.stdout).ok()?;
        Some(told.strip_prefix("3 ")?.trim_end().to_owned())
    });
    if found.is_none() {
        let required = env::var_os("REQUIRE_ALL").is_some_and(|v| v == "1");
        assert!(!required, "there is no python3, and REQUIRE_ALL=1 wants it");
        eprintln!("skipped: the Python programs, for there is no python3");
    }
    found
}
