//! The preprocessor: in goes mdBook's book as its authors wrote it, out comes
//! the book in one language with every directive expanded.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use mdbook_preprocessor::book::{Book, BookItem, Chapter};
use mdbook_preprocessor::{Preprocessor, PreprocessorContext};

use crate::course::Course;

use super::mistakes::Place;
use super::page::Page;
use super::po::Catalogue;
use super::press::{Press, read_text};
use super::search::{self, Section};
use super::{LANGUAGES, Report, supports};

/// What a missing translation is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Strictness {
    /// A mistake, like everything else that is missing.
    Strict,
    /// English, and a line in the report.
    Draft,
}

/// What a run leaves behind, beside the book.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) sections: Vec<Section>,
    pub(crate) report: Report,
}

/// The preprocessor `wire`.
pub(crate) struct Pages {
    pub(crate) strictness: Strictness,
    pub(crate) found: Arc<Mutex<Found>>,
}

impl Preprocessor for Pages {
    fn name(&self) -> &str {
        "wire"
    }

    fn supports_renderer(&self, renderer: &str) -> Result<bool> {
        Ok(supports(renderer))
    }

    fn run(&self, context: &PreprocessorContext, book: Book) -> Result<Book> {
        let root = context.root.parent().context("the book has no folder")?;
        let course = Course::load(root)?;
        let language = context.config.book.language.as_deref();
        let catalogue = catalogue(&course, language.unwrap_or(LANGUAGES[0]))?;
        let lint = catalogue.as_ref().map(Catalogue::lint).unwrap_or_default();
        let mut press = Press::new(&course, catalogue.as_ref());
        let mut found = Found::default();
        let book = expand(book, &mut press, &mut found.sections);
        press.report_unused_anchors();
        press.mistakes.0.extend(lint.0);
        let mut mistakes = press.mistakes;
        let mut untranslated = press.untranslated;
        // A word of the machinery stands on many pages.
        untranslated.sort();
        untranslated.dedup();
        match self.strictness {
            Strictness::Strict => mistakes.0.extend(untranslated),
            Strictness::Draft => found.report.untranslated = untranslated,
        }
        found.report.messages = press.messages;
        mistakes.0.sort();
        mistakes.into_result()?;
        *self.found.lock().expect("no panic holds it") = found;
        Ok(book)
    }
}

/// The translation into `language`; none for the book's own.
fn catalogue(course: &Course, language: &str) -> Result<Option<Catalogue>> {
    anyhow::ensure!(
        LANGUAGES.contains(&language),
        "there is no book in {language:?}: there are {}",
        LANGUAGES.join(" and ")
    );
    if language == LANGUAGES[0] {
        return Ok(None);
    }
    Catalogue::read(course, language).map(Some)
}

fn expand(
    mut book: Book,
    press: &mut Press,
    sections: &mut Vec<Section>,
) -> Book {
    let pages: HashSet<String> = book
        .chapters()
        .filter_map(|chapter| chapter.path.as_deref().map(slashed))
        .collect();
    // mdBook has read it already; here it only serves to name lines.
    let summary = read_text(&press.course.root.join(SUMMARY));
    let summary = summary.unwrap_or_default();
    book.for_each_mut(|item| match item {
        BookItem::PartTitle(title) => *title = said(title, &summary, press),
        BookItem::Chapter(chapter) => {
            chapter.name = said(&chapter.name, &summary, press);
            for parent in &mut chapter.parent_names {
                *parent = said(parent, &summary, press);
            }
            sections.extend(chapter_sections(chapter, &pages, press));
        }
        BookItem::Separator => {}
    });
    book
}

const SUMMARY: &str = "book/src/SUMMARY.md";

/// A title of the summary.
fn said(title: &str, summary: &str, press: &mut Press) -> String {
    let line = summary.lines().position(|line| line.contains(title));
    press.say(title, &Place::new(SUMMARY, line.map_or(0, |line| line + 1)))
}

/// Expands a chapter, and gives what the search finds in it.
fn chapter_sections(
    chapter: &mut Chapter,
    pages: &HashSet<String>,
    press: &mut Press,
) -> Vec<Section> {
    let Some(path) = chapter.source_path.as_deref() else {
        return Vec::new();
    };
    let file = format!("book/src/{}", slashed(path));
    let url = slashed(&path.with_extension("html"));
    let page = Page::new(file, pages);
    let source = chapter.content.replace("\r\n", "\n");
    let text = page.translate(source, press);
    let sections = search::sections(&url, &chapter.name, &text.text);
    chapter.content = page.expand(&text, press);
    sections
}

fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
