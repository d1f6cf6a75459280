//! `wire faq`: in goes the name of a question, out comes the error, made to
//! happen and cured; without a name, the questions.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, anyhow};

use super::lab::{WatchArguments, run_over_link};
use super::run::here;
use super::{COMMAND, Refusal};
use crate::cargo::{self, Built};
use crate::course::Course;
use crate::faq::{self, Entry, System};
use crate::lab::plan::LinkOptions;
use crate::terminal::{Building, tell};

pub(super) fn faq(course: &Course, name: Option<&str>) -> Result<ExitCode> {
    let Some(name) = name else {
        list()?;
        return Ok(ExitCode::SUCCESS);
    };
    let entry = faq::entry(name).ok_or_else(|| unknown(name))?;
    let mut building = Building::new("the questions");
    let built = cargo::build_faq(course, &mut building)?;
    drop(building);
    let Built::Program(program) = built else {
        return Ok(ExitCode::FAILURE);
    };
    introduce(entry)?;
    run(&program, entry)
}

/// The question, what its error is called here, and where the answer is.
fn introduce(entry: &Entry) -> Result<()> {
    tell!("{}", plain(entry.question))?;
    for fault in entry.errors {
        if System::here() == Some(fault.system) {
            let kind = fault.kind.unwrap_or("no stable ErrorKind");
            tell!(
                "On {}: {} ({}); Rust: {kind}; Python: {}",
                fault.system.name(),
                fault.name,
                fault.number,
                fault.python
            )?;
        }
    }
    tell!("Why, and what to do: faq.html#{}\n", entry.name)
}

fn run(program: &Path, entry: &Entry) -> Result<ExitCode> {
    let arguments = [entry.name.into()];
    if entry.alone && cfg!(target_os = "linux") {
        // In a network of its own the machine has no other route.
        let link = LinkOptions::default();
        let alone = WatchArguments::default();
        return run_over_link(program, &arguments, &link, &alone);
    }
    here(program, &arguments)
}

fn list() -> Result<()> {
    let width = faq::ALL.iter().map(|entry| entry.name.len()).max();
    let width = width.unwrap_or_default();
    for Entry { name, question, .. } in faq::ALL {
        tell!("{name:width$}  {}", plain(question))?;
    }
    tell!("\n`{COMMAND} faq NAME` makes it happen, and cures it.")
}

/// A question without the marks of the page's own language.
fn plain(question: &str) -> String {
    question.replace('`', "")
}

fn unknown(name: &str) -> anyhow::Error {
    let near = faq::ALL.iter().map(|entry| entry.name);
    let near = near.max_by(|a, b| {
        let like = |it: &str| strsim::jaro_winkler(it, name);
        like(a).total_cmp(&like(b))
    });
    let near = near.unwrap_or_default();
    Refusal::usage(anyhow!(
        "there is no question {name:?}; did you mean {near:?}? \
         `{COMMAND} faq` lists them"
    ))
}
