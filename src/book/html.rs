//! HTML as the directives write it: in goes text, out comes what may stand
//! in a Markdown page without being taken for Markdown.

use mdbook_markdown::pulldown_cmark::{Event, Tag, TagEnd};

use super::markdown;

/// Text for a place between tags or within a quoted attribute.
///
/// `{{#` is taken apart because mdBook would look for an include there, even
/// in the middle of a program.
pub(crate) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '#' if html.ends_with("{{") => html.push_str("&#35;"),
            c => html.push(c),
        }
    }
    html
}

/// All on one line: a blank line ends a block of HTML in CommonMark, and a
/// line break needs the indentation of the list around it.
pub(crate) fn one_line(html: &str) -> String {
    html.replace('\n', "&#10;")
}

/// The inline Markdown of one message (code, emphasis, links, maths already
/// turned into HTML) as HTML.
pub(crate) fn inline(text: &str) -> String {
    let mut html = String::new();
    for event in markdown::events(text) {
        match event {
            Event::Text(text) => html.push_str(&escape(&text)),
            Event::Code(code) => {
                html.push_str("<code>");
                html.push_str(&escape(&code));
                html.push_str("</code>");
            }
            Event::InlineHtml(tag) | Event::Html(tag) => html.push_str(&tag),
            Event::SoftBreak => html.push(' '),
            Event::HardBreak => html.push_str("<br>"),
            Event::Start(Tag::Emphasis) => html.push_str("<em>"),
            Event::End(TagEnd::Emphasis) => html.push_str("</em>"),
            Event::Start(Tag::Strong) => html.push_str("<strong>"),
            Event::End(TagEnd::Strong) => html.push_str("</strong>"),
            Event::Start(Tag::Link { dest_url, .. }) => {
                html.push_str(&format!("<a href=\"{}\">", escape(&dest_url)));
            }
            Event::End(TagEnd::Link) => html.push_str("</a>"),
            _ => {}
        }
    }
    html
}

/// The pairs as a JSON object in a quoted attribute, where the page's script
/// finds its words.
pub(crate) fn json_attribute(pairs: &[(&str, String)]) -> String {
    let object: serde_json::Map<_, _> = pairs
        .iter()
        .map(|(key, value)| (key.to_string(), value.as_str().into()))
        .collect();
    escape(&serde_json::Value::Object(object).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directive_in_a_program_is_not_one() {
        assert_eq!(escape("{{#include x}}"), "{{&#35;include x}}");
        assert_eq!(escape("# {#"), "# {#");
    }

    #[test]
    fn inline_markdown_is_rendered_and_text_is_escaped() {
        assert_eq!(
            inline("a `Vec<u8>` is *not* **empty** & <b>"),
            "a <code>Vec&lt;u8&gt;</code> is <em>not</em> \
             <strong>empty</strong> &amp; <b>"
        );
    }
}
