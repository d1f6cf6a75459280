//! The questions: `tests/snapshots/faq/NAME.snap`; that the page, the list
//! and the programs name the same; and that no process is left over.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context, Result, bail};
use wire::cargo::{Built, build_faq};
use wire::course::Course;
use wire::faq::{ALL, Entry};

use crate::{Loud, compare, printed, same_every_time};

/// Twice what a learner waits, for machines that have other things to do.
const PATIENCE: Duration = Duration::from_secs(6);

/// How `wire` ends where the laboratory is not possible.
const IMPOSSIBLE: i32 = 3;

/// In the place of a transcript, where this system has nothing to show.
const NOTHING: &str = "nothing to show";

#[test]
fn every_question_is_answered_by_its_program() -> Result<()> {
    let program = program()?;
    for entry in ALL {
        let transcript = same_every_time(|| transcript(entry, &program))
            .with_context(|| entry.name)?;
        if transcript.contains(NOTHING) {
            eprintln!("skipped: {} cannot be shown here", entry.name);
        } else {
            compare("snapshots/faq", entry.name, &transcript);
        }
    }
    Ok(())
}

/// The program, the page, the recordings and the list name the same.
#[test]
fn nothing_is_left_over() -> Result<()> {
    let names: Vec<&str> = ALL.iter().map(|entry| entry.name).collect();
    let listed = Command::new(program()?).output()?;
    let listed = String::from_utf8(listed.stdout)?;
    assert_eq!(listed.lines().collect::<Vec<_>>(), names);
    let page = fs::read_to_string(root().join("book/src/faq.md"))?;
    let called = page
        .lines()
        .filter_map(|line| line.strip_prefix("{{#faq ")?.strip_suffix("}}"));
    assert_eq!(called.collect::<Vec<_>>(), names);
    for entry in ALL {
        let heading = format!("## {} {{#{}}}", entry.question, entry.name);
        assert!(page.contains(&heading), "no {heading:?}");
    }
    let modules = stems("lessons/examples/faq", &["main", "other"])?;
    let recorded = stems("tests/snapshots/faq", &[])?;
    let names: BTreeSet<_> =
        names.iter().map(|it| it.replace('-', "_")).collect();
    assert_eq!(modules, names);
    assert_eq!(recorded, names);
    Ok(())
}

/// `wire faq` lists them, and says so where there is no such name.
#[test]
fn the_companion_knows_them() -> Result<()> {
    let wire = |name: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wire"));
        command.arg("faq").args(name).current_dir(root()).output()
    };
    let list = String::from_utf8(wire(&[])?.stdout)?;
    let listed =
        |entry: &Entry| list.lines().any(|it| it.starts_with(entry.name));
    assert!(ALL.iter().all(listed), "{list}");
    let shown = wire(&["address-in-use"])?;
    assert!(shown.status.success());
    let shown = String::from_utf8(shown.stdout)?;
    assert!(
        shown.starts_with("Why is the address already in use?"),
        "{shown}"
    );
    assert!(shown.contains("faq.html#address-in-use"), "{shown}");
    let missed = wire(&["adress-in-use"])?;
    assert_eq!(missed.status.code(), Some(2));
    let said = String::from_utf8(missed.stderr)?;
    assert!(said.contains("did you mean \"address-in-use\"?"), "{said}");
    Ok(())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn program() -> Result<PathBuf> {
    match build_faq(&Course::load(root())?, &mut Loud)? {
        Built::Program(program) => Ok(program),
        Built::Failed => bail!("it does not compile"),
    }
}

/// The files' names without their ends, but for a few.
fn stems(folder: &str, without: &[&str]) -> Result<BTreeSet<String>> {
    let mut stems = BTreeSet::new();
    for file in fs::read_dir(root().join(folder))? {
        let path = file?.path();
        let stem = path.file_stem().context("a file without a name")?;
        let stem = stem.to_string_lossy().replace('-', "_");
        if !without.contains(&stem.as_str()) {
            stems.insert(stem);
        }
    }
    Ok(stems)
}

fn transcript(entry: &Entry, program: &Path) -> Result<String> {
    if entry.alone {
        return alone(entry);
    }
    let mut command = Command::new(program);
    command.arg(entry.name);
    printed(command, PATIENCE, None)?.context("it printed nothing")
}

/// In a network of its own: the companion enters it, and introduces the
/// question before.
fn alone(entry: &Entry) -> Result<String> {
    if !cfg!(target_os = "linux") {
        return Ok(NOTHING.to_owned());
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_wire"));
    command.args(["faq", entry.name]).current_dir(root());
    let required = env::var("REQUIRE_ALL").is_ok_and(|all| all == "1");
    let excused = (!required).then_some(IMPOSSIBLE);
    let Some(said) = printed(command, PATIENCE, excused)? else {
        return Ok(NOTHING.to_owned());
    };
    let (_, transcript) = said.split_once("\n\n").context("no question")?;
    Ok(transcript.to_owned())
}

/// Killed in the middle, the first process can tell the second one nothing;
/// and the second waits for a client that will never come.
#[cfg(target_os = "linux")]
#[test]
fn a_killed_program_leaves_no_process() -> Result<()> {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    use std::time::Instant;

    let mut first = Command::new(program()?)
        .arg("timeout")
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = first.stdout.take().context("no pipe")?;
    let mut lines = BufReader::new(stdout).lines();
    // "It happens", and what the second process has said.
    lines.nth(1).context("it has ended")??;
    let pid = first.id();
    let children = format!("/proc/{pid}/task/{pid}/children");
    let second = fs::read_to_string(children)?;
    let second = format!("/proc/{}", second.trim());
    assert!(Path::new(&second).exists(), "{second}");
    first.kill()?;
    first.wait()?;
    let deadline = Instant::now() + Duration::from_secs(5);
    while Path::new(&second).exists() {
        assert!(Instant::now() < deadline, "{second} runs on");
        std::thread::yield_now();
    }
    Ok(())
}
