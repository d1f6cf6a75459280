//! Every message of the course: in go the summary, the pages, the quizzes,
//! the checks, the formulas and the builder's own words; out come their
//! texts in the order in which a reader meets them.

use std::collections::HashMap;

use anyhow::{Context, Result, anyhow};
use mdbook_summary::{Summary, SummaryItem, parse_summary};

use crate::book::press::read_text;
use crate::book::{directive, messages, words};
use crate::course::Course;

/// A message, and the files it stands in.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub(super) english: String,
    pub(super) files: Vec<String>,
}

#[derive(Default)]
struct List {
    found: Vec<Found>,
    index: HashMap<String, usize>,
}

impl List {
    fn add(&mut self, english: &str, file: &str) {
        let next = self.found.len();
        let at = *self.index.entry(english.to_string()).or_insert(next);
        if at == next {
            self.found.push(Found {
                english: english.to_string(),
                files: Vec::new(),
            });
        }
        let files = &mut self.found[at].files;
        if files.iter().all(|known| known != file) {
            files.push(file.to_string());
        }
    }
}

/// All messages of the course.
///
/// A message is found by its file, not by its line: a line number would
/// change with every line that is added above it.
pub(super) fn messages(course: &Course) -> Result<Vec<Found>> {
    let mut list = List::default();
    let file = "book/src/SUMMARY.md";
    let text = read_text(&course.root.join(file))
        .with_context(|| format!("cannot read {file}"))?;
    let summary =
        parse_summary(&text).with_context(|| format!("cannot read {file}"))?;
    let pages = titles(&summary, &mut list, file);
    for page in pages {
        read_page(course, &page, &mut list)?;
    }
    let calls = directive::calls_messages(course).map_err(|it| anyhow!(it))?;
    for (text, place) in calls {
        list.add(&text, &place.file);
    }
    for lesson in course.written() {
        read_quiz(course, lesson.number, &mut list)?;
    }
    let written = course.written().map(|lesson| lesson.number);
    for (text, place) in directive::check_messages(written) {
        list.add(&text, &place.file);
    }
    for (text, place) in directive::formula_messages() {
        list.add(&text, &place.file);
    }
    for (text, place) in directive::explore_messages() {
        list.add(&text, &place.file);
    }
    for (text, place) in directive::wire_messages() {
        list.add(&text, &place.file);
    }
    for word in words::all() {
        list.add(word, words::FILE);
    }
    Ok(list.found)
}

/// Lists the titles, and gives the pages in order.
fn titles(summary: &Summary, list: &mut List, file: &str) -> Vec<String> {
    let mut pages = Vec::new();
    let mut items: Vec<&SummaryItem> = summary
        .prefix_chapters
        .iter()
        .chain(&summary.numbered_chapters)
        .chain(&summary.suffix_chapters)
        .rev()
        .collect();
    while let Some(item) = items.pop() {
        match item {
            SummaryItem::PartTitle(title) => list.add(title, file),
            SummaryItem::Link(link) => {
                list.add(&link.name, file);
                if let Some(page) = &link.location {
                    pages.push(page.to_string_lossy().replace('\\', "/"));
                }
                items.extend(link.nested_items.iter().rev());
            }
            _ => {}
        }
    }
    pages
}

fn read_page(course: &Course, page: &str, list: &mut List) -> Result<()> {
    let file = format!("book/src/{page}");
    let path = course.root.join(&file);
    if !path.is_file() {
        // A page that is listed and missing is the build's to report.
        return Ok(());
    }
    let text =
        read_text(&path).with_context(|| format!("cannot read {file}"))?;
    for message in messages::messages(&text) {
        list.add(&message.text, &file);
    }
    Ok(())
}

fn read_quiz(course: &Course, number: u8, list: &mut List) -> Result<()> {
    if !course.quiz(number).is_file() {
        // The page that asks for it says so, with its line.
        return Ok(());
    }
    let quiz = directive::quiz_messages(course, number);
    for (text, place) in quiz.map_err(|error| anyhow!(error))? {
        list.add(&text, &place.file);
    }
    Ok(())
}
