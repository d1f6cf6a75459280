//! Markdown, read exactly as mdBook's renderer reads it.

use std::ops::Range;

use mdbook_markdown::pulldown_cmark::Event;
use mdbook_markdown::{MarkdownOptions, new_cmark_parser};

fn options() -> MarkdownOptions {
    let mut options = MarkdownOptions::default();
    // As in book.toml: quotes in code-like prose stay what they are.
    options.smart_punctuation = false;
    options
}

/// The events of a text.
pub(crate) fn events(text: &str) -> impl Iterator<Item = Event<'_>> {
    new_cmark_parser(text, &options())
}

/// The events of a text, each with its place in it.
pub(crate) fn placed(
    text: &str,
) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    new_cmark_parser(text, &options()).into_offset_iter()
}

/// A heading's id as mdBook makes it from the heading's text.
pub(crate) fn id_of(text: &str) -> String {
    let kept = text.trim().to_lowercase();
    let kept = kept.chars().filter_map(|c| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    });
    kept.collect()
}
