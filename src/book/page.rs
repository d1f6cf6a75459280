//! One page: in goes an author's Markdown, out comes the Markdown that
//! mdBook renders, translated, with every directive, fence and formula
//! already HTML.

use std::collections::HashSet;

use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};

use super::edits::{Edits, Text};
use super::markdown;
use super::messages::messages;
use super::mistakes::Place;
use super::press::Press;
use super::scan;

/// A page on its way.
pub(crate) struct Page<'a> {
    /// From the root of the tree.
    file: String,
    /// The pages that may be linked to.
    pages: &'a HashSet<String>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(file: String, pages: &'a HashSet<String>) -> Page<'a> {
        Page { file, pages }
    }

    /// The page in the press's language, its headings' ids pinned to those
    /// of the English text: links and anchors are the same everywhere.
    pub(crate) fn translate(&self, source: String, press: &mut Press) -> Text {
        let source = Text::new(source);
        let mut edits = pins(&source.text);
        for message in messages(&source.text) {
            let place = self.place(&source, message.range.start);
            let text = press.say(&message.text, &place);
            if text != message.text {
                edits.push((message.range, text));
            }
        }
        source.edit(edits)
    }

    /// The page with nothing left in it but Markdown and HTML.
    pub(crate) fn expand(&self, text: &Text, press: &mut Press) -> String {
        text.edit(scan::scan(self, text, press)).text
    }

    /// Whether a link may lead to this page.
    pub(crate) fn may_link(&self, file: &str) -> bool {
        self.pages.contains(file)
    }

    /// Where the line stands that `offset` came from.
    pub(crate) fn place(&self, text: &Text, offset: usize) -> Place {
        Place::new(&self.file, text.line(offset))
    }
}

/// For each heading without an id of its own, the id that mdBook would make.
fn pins(source: &str) -> Edits {
    let mut edits = Edits::new();
    let mut heading: Option<(usize, String)> = None;
    let mut used = HashSet::new();
    for (event, range) in markdown::placed(source) {
        match event {
            Event::Start(Tag::Heading { id: None, .. }) => {
                heading = Some((range.start, String::new()));
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((end, text)) = heading.take() {
                    let id = unique(markdown::id_of(&text), &mut used);
                    edits.push((end..end, format!(" {{#{id}}}")));
                }
            }
            event => {
                if let Some((end, text)) = &mut heading {
                    *end = range.end.max(*end);
                    if let Event::Text(part) | Event::Code(part) = event {
                        text.push_str(&part);
                    }
                }
            }
        }
    }
    edits
}

fn unique(id: String, used: &mut HashSet<String>) -> String {
    let numbered = (1..).map(|n| format!("{id}-{n}"));
    let free = std::iter::once(id.clone())
        .chain(numbered)
        .find(|id| !used.contains(id))
        .unwrap_or(id);
    used.insert(free.clone());
    free
}
