//! The book: in go the course and its sources, out comes the HTML of one
//! language.
//!
//! ```text
//! build ──▶ mdBook, in process ──▶ Pages (the preprocessor)
//! mdbook build book ──▶ wire preprocess ──▶ Pages
//! Pages: page → translate (po) → expand (directive, fence, maths)
//! ```

mod directive;
mod edits;
pub mod explore;
mod highlight;
mod html;
mod links;
mod markdown;
mod math;
mod messages;
mod mistakes;
mod page;
mod pages;
pub mod po;
mod press;
mod program;
mod prune;
mod scan;
mod search;
mod seq;
mod words;

use std::fs;
use std::io::{Read, Write};
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::{Context, Result};
use mdbook_driver::MDBook;
use mdbook_driver::config::Config;
use mdbook_preprocessor::{Preprocessor, parse_input};

use crate::course::Course;

pub use links::check_links;
pub use mistakes::{Mistake, Mistakes, Place};
use pages::{Pages, Strictness};

/// The languages of the book, the one it is written in first.
pub const LANGUAGES: &[&str] = &["en", "zh-CN"];

/// What a build has to say when it went well.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// What is shown in English because it has no translation.
    pub untranslated: Vec<Mistake>,
    /// How many messages were looked up in the translation.
    pub messages: usize,
}

/// Builds the book in `lang` into the fresh folder `dest`. Anything missing,
/// a translation too, is an error that lists all that is missing.
pub fn build(course: &Course, lang: &str, dest: &Path) -> Result<Report> {
    build_with(course, lang, dest, Strictness::Strict)
}

/// As [`build`], but shows in English what is not translated yet, and
/// reports it: for a writer who watches the page.
pub fn build_draft(course: &Course, lang: &str, dest: &Path) -> Result<Report> {
    build_with(course, lang, dest, Strictness::Draft)
}

/// As [`build`], for all [`LANGUAGES`] at once, each into the folder of its
/// name below `dest`.
pub fn build_all(course: &Course, dest: &Path) -> Result<()> {
    thread::scope(|scope| {
        let builds: Vec<_> = LANGUAGES
            .iter()
            .map(|lang| {
                let dest = dest.join(lang);
                scope.spawn(move || {
                    build(course, lang, &dest).with_context(|| {
                        format!("cannot build the book in {lang}")
                    })
                })
            })
            .collect();
        for build in builds {
            build.join().unwrap_or_else(|panic| resume_unwind(panic))?;
        }
        Ok(())
    })
}

fn build_with(
    course: &Course,
    lang: &str,
    dest: &Path,
    strictness: Strictness,
) -> Result<Report> {
    let root = course.root.join("book");
    let path = root.join("book.toml");
    let mut config = Config::from_disk(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    config.set("book.language", lang)?;
    config.set("build.build-dir", dest)?;
    let mut book = MDBook::load_with_config(&root, config)?;
    let found = Arc::new(Mutex::new(pages::Found::default()));
    book.with_preprocessor(Pages {
        strictness,
        found: found.clone(),
    });
    book.build()?;
    let found = std::mem::take(&mut *found.lock().expect("no panic holds it"));
    let search = serde_json::to_vec(&found.sections)?;
    fs::write(dest.join("search.json"), search)
        .with_context(|| format!("cannot write to {}", dest.display()))?;
    prune::prune(dest)?;
    Ok(found.report)
}

/// mdBook's protocol for a preprocessor: in goes its JSON, out comes the
/// book with everything expanded, so that the stock program builds the same
/// pages.
pub fn preprocess(input: impl Read, output: impl Write) -> Result<()> {
    let (context, book) = parse_input(input)?;
    let pages = Pages {
        strictness: Strictness::Strict,
        found: Arc::default(),
    };
    let book = pages.run(&context, book)?;
    serde_json::to_writer(output, &book).context("cannot answer mdBook")
}

/// Whether [`preprocess`] can serve this renderer of mdBook.
pub fn supports(renderer: &str) -> bool {
    renderer == "html"
}
