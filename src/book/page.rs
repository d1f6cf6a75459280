//! One page: in goes an author's Markdown, out comes the Markdown that
//! mdBook renders, translated, with every directive, fence and formula
//! already HTML.

use std::collections::HashSet;
use std::ops::Range;

use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::directive::{self, Call};
use super::edits::Text;
use super::messages::{language, messages};
use super::mistakes::Place;
use super::press::{Press, number_of};
use super::{highlight, markdown, math, seq};

/// A page on its way.
pub(crate) struct Page<'a> {
    /// From the root of the tree.
    file: String,
    /// The pages that may be linked to.
    pages: &'a HashSet<String>,
}

type Edits = Vec<(Range<usize>, String)>;

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
        let mut scan = Scan {
            page: self,
            text,
            press,
            edits: Edits::new(),
            code: Vec::new(),
        };
        scan.events();
        scan.directives();
        let edits = scan.edits;
        text.edit(edits).text
    }

    fn place(&self, text: &Text, offset: usize) -> Place {
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

/// One reading of a page, collecting what to replace.
struct Scan<'s, 'p, 'c> {
    page: &'s Page<'s>,
    text: &'s Text,
    press: &'p mut Press<'c>,
    edits: Edits,
    /// Where code stands: no directive is looked for there.
    code: Vec<Range<usize>>,
}

impl Scan<'_, '_, '_> {
    fn mistake(&mut self, offset: usize, text: impl Into<String>) {
        let place = self.page.place(self.text, offset);
        self.press.mistakes.add(&place, text);
    }

    fn events(&mut self) {
        let source = &self.text.text;
        let mut fence: Option<(String, String, Range<usize>)> = None;
        for (event, range) in markdown::placed(source) {
            match (event, &mut fence) {
                (Event::Start(Tag::CodeBlock(kind)), _) => {
                    let language = language(&kind).to_string();
                    self.code.push(range.clone());
                    let fenced = matches!(kind, CodeBlockKind::Fenced(_));
                    if fenced && language.is_empty() {
                        self.mistake(range.start, no_language(""));
                    }
                    fence = Some((language, String::new(), range));
                }
                (Event::Text(part), Some((_, code, _))) => code.push_str(&part),
                (Event::End(TagEnd::CodeBlock), Some(_)) => {
                    if let Some((language, code, range)) = fence.take() {
                        let html = self.fence(&language, &code, range.start);
                        let end = self.block_end(&range);
                        self.edits.push((range.start..end, html + "\n"));
                    }
                }
                (Event::Code(code), None) => self.code(&code, range),
                // The parser gives a star that opens nothing on its own.
                (Event::Text(part), None)
                    if part.starts_with('*')
                        && source[range.start..].starts_with("**") =>
                {
                    self.mistake(
                        range.start,
                        "`**` is left as text: next to Chinese punctuation \
                         Markdown does not take it for emphasis; move it, or \
                         write <strong>…</strong>",
                    );
                }
                (Event::Html(tags), None) => self.raw(&tags, range.start),
                (Event::Start(Tag::Link { dest_url, .. }), None) => {
                    self.link(&dest_url, range.start);
                }
                _ => {}
            }
        }
        self.brackets();
    }

    /// A code block's range ends behind its last line's break; it stays.
    fn block_end(&self, range: &Range<usize>) -> usize {
        let block = &self.text.text[range.clone()];
        range.start + block.trim_end_matches('\n').len()
    }

    fn fence(&mut self, name: &str, code: &str, offset: usize) -> String {
        match name {
            "math" => self.press.math.block(code).map_or_else(
                |error| {
                    self.mistake(offset, error);
                    String::new()
                },
                |math| format!("<div class=\"math\">{math}</div>"),
            ),
            "seq" => seq::svg(code).unwrap_or_else(|(line, error)| {
                let place = self.page.place(self.text, offset);
                let place = Place::new(place.file, place.line + 1 + line);
                self.press.mistakes.add(&place, error);
                String::new()
            }),
            _ => {
                let known = highlight::LANGUAGES.contains(&name);
                if !known && !name.is_empty() {
                    self.mistake(offset, no_language(name));
                }
                let name = if known { name } else { "text" };
                let lines = highlight::lines(name, code);
                highlight::block(name, &lines)
            }
        }
    }

    /// `` $`…`$ `` is maths, all other code is code.
    fn code(&mut self, code: &str, range: Range<usize>) {
        self.code.push(range.clone());
        let Some(whole) = math::dollars(&self.text.text, &range) else {
            return;
        };
        match self.press.math.inline(code) {
            Ok(math) => self.edits.push((whole, math)),
            Err(error) => self.mistake(range.start, error),
        }
    }

    /// Words within raw HTML escape the translator.
    fn raw(&mut self, tags: &str, offset: usize) {
        let mut in_tag = false;
        let mut letters = 0;
        let mut words = false;
        for c in tags.chars() {
            match c {
                '<' => in_tag = true,
                '>' => in_tag = false,
                _ => {}
            }
            let letter = !in_tag && c.is_alphabetic();
            letters = if letter { letters + 1 } else { 0 };
            words |= letters > 1;
        }
        if words && !tags.trim_start().starts_with("<!--") {
            self.mistake(
                offset,
                "words in raw HTML are not translated: put them on lines of \
                 their own, with a blank line before and after",
            );
        }
    }

    fn link(&mut self, target: &str, offset: usize) {
        let file = target.split('#').next().unwrap_or("");
        let outside = target.contains("://") || target.starts_with("mailto:");
        if outside || !file.ends_with(".md") || self.page.pages.contains(file) {
            return;
        }
        self.mistake(
            offset,
            format!(
                "there is no page {file} yet: write its name without a link"
            ),
        );
    }

    /// `[lesson 3]` without its definition is printed with its brackets.
    fn brackets(&mut self) {
        let source = &self.text.text;
        let mut open: Option<(usize, String)> = None;
        let mut depth = 0;
        for (event, range) in markdown::placed(source) {
            match event {
                Event::Start(Tag::CodeBlock(_)) => depth += 1,
                Event::End(TagEnd::CodeBlock) => depth -= 1,
                Event::Text(text) if depth == 0 => {
                    if text.ends_with('[') {
                        open = Some((range.end - 1, String::new()));
                    } else if text.starts_with(']') {
                        if let Some((at, name)) = open.take() {
                            let text = format!(
                                "`[{name}]` is no link: define it at the end \
                                 of the page, or leave out the brackets"
                            );
                            self.mistake(at, text);
                        }
                    } else if let Some((_, name)) = &mut open {
                        name.push_str(&text);
                    }
                }
                Event::SoftBreak => {}
                Event::Code(code) => {
                    if let Some((_, name)) = &mut open {
                        name.push_str(&code);
                    }
                }
                _ => open = None,
            }
        }
    }

    fn directives(&mut self) {
        let source = self.text.text.clone();
        let runs = lines(&source).find_map(|(_, line)| {
            let (name, arguments) = directive::parse(bare(line))?;
            let lesson = arguments.first().filter(|_| name == "run")?;
            number_of("lesson", lesson)
        });
        let lines: Vec<_> = lines(&source).collect();
        for (index, (at, line)) in lines.iter().enumerate() {
            let Some(found) = line.find("{{#") else {
                continue;
            };
            let start = at + found;
            if self.code.iter().any(|code| code.contains(&start)) {
                continue;
            }
            let around = [index.wrapping_sub(1), index + 1];
            let alone = around.iter().all(|other| {
                lines.get(*other).is_none_or(|(_, l)| bare(l).is_empty())
            });
            let Some((name, arguments)) = directive::parse(bare(line)) else {
                self.mistake(start, NOT_ALONE);
                continue;
            };
            if !alone {
                self.mistake(start, NOT_ALONE);
            }
            let call = Call {
                name,
                arguments,
                place: self.page.place(self.text, start),
                page_runs: runs,
            };
            let html = directive::expand(&call, self.press);
            let end = start + line[found..].trim_end().len();
            self.edits.push((start..end, html));
        }
    }
}

const NOT_ALONE: &str = "a directive stands alone on its line, written \
    {{#name …}}, with a blank line before and after";

fn no_language(name: &str) -> String {
    let known = highlight::LANGUAGES.join(", ");
    let what = match name {
        "" => "this fence names no language".to_string(),
        name => format!("this fence names the unknown language {name:?}"),
    };
    format!("{what}: there are {known}, math and seq")
}

/// The lines of a text, each with its offset.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        at += line.len();
        (at - line.len(), line)
    })
}

/// A line without the marks of a quote around it.
fn bare(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>']).trim_end()
}
