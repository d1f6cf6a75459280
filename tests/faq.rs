//! Every question's program shows what the page says it shows: each is run,
//! and its output compared with `tests/snapshots/faq/NAME.snap`.
//!
//! `TRANSCRIPT_REPEATS=100` runs each so many times. To accept a new output,
//! after 20 equal runs: `INSTA_UPDATE=always cargo test --test faq`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};
use wire::cargo::{Built, Progress, build_faq};
use wire::course::Course;
use wire::faq::{ALL, Entry};
use wire::runner::{Limits, Line, start};

/// Twice what a learner waits, for machines that have other things to do.
const PATIENCE: Duration = Duration::from_secs(6);

/// How `wire` ends where the laboratory is not possible.
const IMPOSSIBLE: i32 = 3;

struct Loud;

impl Progress for Loud {
    fn compiled(&mut self, _: &str) {}

    fn says(&mut self, line: &str) {
        eprintln!("{line}");
    }
}

#[test]
fn every_question_is_answered_by_its_program() -> Result<()> {
    let program = program()?;
    let repeats = repeats()?;
    for entry in ALL {
        let Some(transcript) = same_every_time(entry, &program, repeats)
            .with_context(|| entry.name)?
        else {
            continue;
        };
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path("snapshots/faq");
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!(entry.name, transcript));
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

/// How often each is run. Nothing new is accepted with less than 20.
fn repeats() -> Result<u32> {
    let asked = match env::var("TRANSCRIPT_REPEATS") {
        Ok(repeats) => repeats.parse().context("TRANSCRIPT_REPEATS")?,
        Err(_) => 1,
    };
    let accepts = env::var("INSTA_UPDATE").is_ok_and(|how| how != "no");
    Ok(if accepts { asked.max(20) } else { asked })
}

/// None where this machine cannot show it, and that has been said.
fn same_every_time(
    entry: &Entry,
    program: &Path,
    repeats: u32,
) -> Result<Option<String>> {
    let Some(first) = transcript(entry, program)? else {
        eprintln!("skipped: {} cannot be shown here", entry.name);
        return Ok(None);
    };
    for run in 1..repeats {
        let again = transcript(entry, program)?.unwrap_or_default();
        ensure!(again == first, "run {run} differs:\n{first}\n---\n{again}");
    }
    Ok(Some(first))
}

fn transcript(entry: &Entry, program: &Path) -> Result<Option<String>> {
    if entry.alone {
        return alone(entry);
    }
    let mut command = Command::new(program);
    command.arg(entry.name);
    let transcript = output(command)?.0;
    Ok((!transcript.contains("nothing to show")).then_some(transcript))
}

/// In a network of its own: the companion enters it, and introduces the
/// question before.
fn alone(entry: &Entry) -> Result<Option<String>> {
    if !cfg!(target_os = "linux") {
        return Ok(None);
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_wire"));
    command.args(["faq", entry.name]).current_dir(root());
    let (said, ended) = output(command)?;
    if ended == Some(IMPOSSIBLE) {
        return Ok(None);
    }
    let (_, transcript) = said.split_once("\n\n").context("no question")?;
    Ok(Some(transcript.to_owned()))
}

/// What it prints and its exit status; anything but success is an error, and
/// so is no laboratory where there must be one.
fn output(command: Command) -> Result<(String, Option<i32>)> {
    let began = Instant::now();
    let (mut out, mut err) = (String::new(), String::new());
    let ended = start(command, Limits::default())?.finish(|line| {
        match line {
            Line::Out(text) => out += &(text + "\n"),
            Line::Err(text) => err += &(text + "\n"),
        }
        true
    })?;
    let required = env::var("REQUIRE_ALL").is_ok_and(|all| all == "1");
    let excused = ended.status == Some(IMPOSSIBLE) && !required;
    ensure!(ended.success() || excused, "it ended with {ended:?}: {err}");
    ensure!(began.elapsed() < PATIENCE, "it took {:?}", ended.elapsed);
    Ok((out, ended.status))
}
