//! What the search looks through: in goes a page's Markdown, out come its
//! sections as plain text. The page's script looks for substrings, which
//! needs no word breaking and so works for Chinese.
//!
//! Programs are left out: their names stand in the prose, and the index is
//! loaded by a reader who only wants to search.

use std::ops::Range;

use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};

use super::{markdown, math};

/// Address, chapter, heading, text: an array keeps the file small.
pub(crate) type Section = (String, String, String, String);

/// The sections of a page whose headings' ids are pinned.
pub(crate) fn sections(url: &str, chapter: &str, source: &str) -> Vec<Section> {
    let mut reader = Reader {
        source,
        url,
        chapter,
        found: Vec::new(),
        id: String::new(),
        heading: String::new(),
        body: String::new(),
        in_heading: false,
        in_block: false,
        in_maths: false,
    };
    for (event, range) in markdown::placed(source) {
        reader.event(event, range);
    }
    reader.close();
    reader.found
}

struct Reader<'a> {
    source: &'a str,
    url: &'a str,
    chapter: &'a str,
    found: Vec<Section>,
    id: String,
    heading: String,
    body: String,
    in_heading: bool,
    /// In a block of code.
    in_block: bool,
    /// Behind `` $`…` ``: a dollar follows.
    in_maths: bool,
}

impl Reader<'_> {
    fn event(&mut self, event: Event, range: Range<usize>) {
        match event {
            Event::Start(Tag::Heading { id, .. }) => {
                self.close();
                self.id = id.map(|id| id.to_string()).unwrap_or_default();
                self.in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => self.in_heading = false,
            Event::Start(Tag::CodeBlock(_)) => self.in_block = true,
            Event::End(TagEnd::CodeBlock) => self.in_block = false,
            Event::Text(_) | Event::Code(_) if self.in_block => {}
            Event::Text(text) if text.starts_with("{{#") => {}
            Event::Text(text) => {
                let maths = std::mem::take(&mut self.in_maths);
                let rest = text.strip_prefix('$').filter(|_| maths);
                self.part().push_str(rest.unwrap_or(&text));
            }
            Event::Code(code) => {
                if math::dollars(self.source, &range).is_some() {
                    self.part().pop();
                    self.in_maths = true;
                }
                self.part().push_str(&code);
            }
            Event::SoftBreak | Event::HardBreak => self.body.push(' '),
            Event::End(end) if is_block(&end) => self.body.push(' '),
            _ => {}
        }
    }

    /// What the text that comes now is part of.
    fn part(&mut self) -> &mut String {
        match self.in_heading {
            true => &mut self.heading,
            false => &mut self.body,
        }
    }

    fn close(&mut self) {
        let heading = std::mem::take(&mut self.heading);
        let body = std::mem::take(&mut self.body);
        let body = body.split_whitespace().collect::<Vec<_>>().join(" ");
        if heading.is_empty() && body.is_empty() {
            return;
        }
        let url = match self.id.as_str() {
            "" => self.url.to_string(),
            id => format!("{}#{id}", self.url),
        };
        let chapter = self.chapter.to_string();
        self.found.push((url, chapter, heading, body));
    }
}

/// Between two blocks there is a space, within a word there is none.
fn is_block(end: &TagEnd) -> bool {
    !matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Heading(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_plain_text_without_code() {
        let text = "# 握手 {#handshake}\n\n三次**握手**。\n\n```rust\nx\n```\n\n\
                    {{#run lesson7}}\n\n## B {#b}\n\n* `c`\n* d $`m`$ e\n";
        let found = sections("a.html", "A", text);
        let expected = [
            ("a.html#handshake", "A", "握手", "三次握手。"),
            ("a.html#b", "A", "B", "c d m e"),
        ];
        let expected = expected
            .map(|(a, b, c, d)| (a.into(), b.into(), c.into(), d.into()));
        assert_eq!(found, expected);
    }
}
