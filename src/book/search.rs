//! What the search looks through: in goes a page's Markdown, out come its
//! sections as plain text. The page's script looks for substrings, which
//! needs no word breaking and so works for Chinese.
//!
//! Programs are left out: their names stand in the prose, and the index is
//! loaded by a reader who only wants to search.

use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};

use super::markdown;

/// Address, chapter, heading, text: an array keeps the file small.
pub(crate) type Section = (String, String, String, String);

/// The sections of a page whose headings' ids are pinned.
pub(crate) fn sections(url: &str, chapter: &str, text: &str) -> Vec<Section> {
    let mut reader = Reader {
        url,
        chapter,
        found: Vec::new(),
        id: String::new(),
        heading: String::new(),
        body: String::new(),
    };
    let mut in_heading = false;
    let mut in_code = false;
    for event in markdown::events(text) {
        match event {
            Event::Start(Tag::Heading { id, .. }) => {
                reader.close();
                reader.id = id.map(|id| id.to_string()).unwrap_or_default();
                in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(text) | Event::Code(text)
                if !in_code && !text.starts_with("{{#") =>
            {
                let part = match in_heading {
                    true => &mut reader.heading,
                    false => &mut reader.body,
                };
                part.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => reader.body.push(' '),
            Event::End(end) if is_block(&end) => reader.body.push(' '),
            _ => {}
        }
    }
    reader.close();
    reader.found
}

/// Between two blocks there is a space, within a word there is none.
fn is_block(end: &TagEnd) -> bool {
    !matches!(
        end,
        TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Heading(_)
    )
}

struct Reader<'a> {
    url: &'a str,
    chapter: &'a str,
    found: Vec<Section>,
    id: String,
    heading: String,
    body: String,
}

impl Reader<'_> {
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
        self.found
            .push((url, self.chapter.to_string(), heading, body));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_plain_text_without_code() {
        let text = "# 握手 {#handshake}\n\n三次**握手**。\n\n```rust\nx\n```\n\n\
                    {{#run lesson7}}\n\n## B {#b}\n\n* `c`\n* d\n";
        let found = sections("a.html", "A", text);
        let expected = [
            ("a.html#handshake", "A", "握手", "三次握手。"),
            ("a.html#b", "A", "B", "c d"),
        ];
        let expected = expected
            .map(|(a, b, c, d)| (a.into(), b.into(), c.into(), d.into()));
        assert_eq!(found, expected);
    }
}
