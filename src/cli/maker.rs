//! What those who write the course need: the static site, the translation,
//! and mdBook's preprocessor protocol.

use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, anyhow};

use super::Refusal;
use crate::book::{self, LANGUAGES, po};
use crate::course::Course;
use crate::export;
use crate::terminal::{Spinner, tell};

/// Writes the site into `dir`, which must be empty or not there yet.
pub(super) fn export(course: &Course, dir: &Path) -> Result<ExitCode> {
    let used = fs::read_dir(dir).is_ok_and(|mut it| it.next().is_some());
    if used {
        return Err(Refusal::usage(anyhow!(
            "{} is not empty: name a new folder, so that nothing of yours \
             is overwritten",
            dir.display()
        )));
    }
    let spinner = Spinner::new("writing the site");
    let fresh = !dir.exists();
    let files = export::export(course, dir).inspect_err(|_| {
        if fresh {
            // Half a site would be in the way of the next attempt. If it
            // cannot be removed, that attempt says so.
            let _ = fs::remove_dir_all(dir);
        }
    })?;
    drop(spinner);
    tell!("{files} files in {}: open index.html.", dir.display())?;
    Ok(ExitCode::SUCCESS)
}

/// Extracts what is to be translated and merges it into `book/po/`. With
/// `check`, changes nothing, and fails unless all is translated.
pub(super) fn po(course: &Course, check: bool) -> Result<ExitCode> {
    let mut complete = true;
    // The first language is the one the book is written in.
    for lang in &LANGUAGES[1..] {
        if check {
            let coverage = po::coverage(course, lang)?;
            complete &= coverage.is_complete();
            tell!("{coverage}")?;
        } else {
            tell!("{}", po::update(course, lang)?)?;
        }
    }
    Ok(match complete {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// `wire preprocess` as mdBook calls it.
pub(super) fn preprocess(question: &[String]) -> Result<ExitCode> {
    if let [supports, renderer] = question
        && supports == "supports"
    {
        return Ok(match book::supports(renderer) {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        });
    }
    book::preprocess(io::stdin().lock(), io::stdout().lock())?;
    Ok(ExitCode::SUCCESS)
}
