//! What a translator sees of a page: in goes Markdown, out come its
//! paragraphs, headings, cells, items and labels, as slices of the source.
//!
//! Slices, not a rendering: what is not translated does not change by a
//! byte, and a message is the author's own Markdown.

use std::ops::Range;

use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::{markdown, seq};

/// One message and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Message {
    pub(crate) range: Range<usize>,
    /// On one line, without the marks of a quote or list around it.
    pub(crate) text: String,
}

/// The messages of a page, in order.
pub(crate) fn messages(source: &str) -> Vec<Message> {
    let mut finder = Finder {
        source,
        open: None,
        in_seq: None,
        found: Vec::new(),
    };
    for (event, range) in markdown::placed(source) {
        finder.read(event, range);
    }
    finder.close();
    finder.found
}

struct Finder<'a> {
    source: &'a str,
    open: Option<Range<usize>>,
    /// Within a fence: whether it is a diagram.
    in_seq: Option<bool>,
    found: Vec<Message>,
}

impl Finder<'_> {
    fn read(&mut self, event: Event, range: Range<usize>) {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                self.close();
                let fence = matches!(&kind, CodeBlockKind::Fenced(_));
                self.in_seq = Some(fence && language(&kind) == "seq");
            }
            Event::End(TagEnd::CodeBlock) => self.in_seq = None,
            Event::Text(_) if self.in_seq.is_some() => {
                if self.in_seq == Some(true) {
                    self.add_labels(range);
                }
            }
            Event::Start(
                Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Link { .. }
                | Tag::Image { .. },
            )
            | Event::Text(_)
            | Event::Code(_)
            | Event::InlineHtml(_)
            | Event::FootnoteReference(_)
            | Event::SoftBreak
            | Event::HardBreak => self.extend(range),
            Event::End(
                TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image,
            )
            | Event::TaskListMarker(_) => {}
            _ => self.close(),
        }
    }

    fn extend(&mut self, range: Range<usize>) {
        self.open = Some(match self.open.take() {
            None => range,
            Some(open) => open.start.min(range.start)..open.end.max(range.end),
        });
    }

    fn close(&mut self) {
        let Some(range) = self.open.take() else {
            return;
        };
        let text = normal(&self.source[range.clone()]);
        let is_words = text.chars().any(char::is_alphabetic)
            && !is_only_code(&text)
            && !text.starts_with("{{#");
        if is_words {
            self.found.push(Message { range, text });
        }
    }

    fn add_labels(&mut self, range: Range<usize>) {
        for label in seq::labels(&self.source[range.clone()]) {
            let range = range.start + label.start..range.start + label.end;
            let text = self.source[range.clone()].to_string();
            self.found.push(Message { range, text });
        }
    }
}

/// A fence's language: the first word of what stands behind its backticks.
pub(crate) fn language<'a>(kind: &'a CodeBlockKind) -> &'a str {
    match kind {
        CodeBlockKind::Fenced(info) => {
            info.split([' ', ',']).next().unwrap_or("")
        }
        CodeBlockKind::Indented => "",
    }
}

fn normal(slice: &str) -> String {
    let lines = slice.lines();
    let lines = lines.map(|l| l.trim_start_matches([' ', '\t', '>']));
    let lines: Vec<_> = lines.map(str::trim_end).collect();
    lines.join(" ")
}

fn is_only_code(text: &str) -> bool {
    let code = |t: &str| t.starts_with('`') && t.ends_with('`');
    let text = text.trim_matches('$');
    code(text) && text.matches('`').count() == 2
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        messages(source).into_iter().map(|m| m.text).collect()
    }

    #[test]
    fn every_kind_of_text_is_a_message_and_code_is_none() {
        let source = "# A *head*\n\nTwo\nlines, [x].\n\n> **Q** of\n> two.\n\n\
            * item `a`\n  more\n* `code`\n\n| h | 1 |\n|---|---|\n| `c` | d |\n\
            \n```rust\nfn not() {}\n```\n\n{{#run lesson7}}\n\n\
            ```seq\ntitle: T\na -> b: hi\n```\n\n[x]: y.md\n";
        assert_eq!(
            texts(source),
            [
                "A *head*",
                "Two lines, [x].",
                "**Q** of two.",
                "item `a` more",
                "h",
                "d",
                "T",
                "a",
                "b",
                "hi"
            ]
        );
    }

    #[test]
    fn slices_point_into_the_source() {
        let source = "a\n\n> b\n> c\n";
        let found = messages(source);
        assert_eq!(&source[found[1].range.clone()], "b\n> c");
    }
}
