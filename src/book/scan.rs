//! One reading of a page: in goes its Markdown, out come the replacements
//! that leave nothing in it but Markdown and HTML, and the mistakes in it.

use std::ops::Range;

use mdbook_markdown::pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::directive::{self, Call};
use super::edits::{Edits, Text};
use super::messages::language;
use super::mistakes::Place;
use super::page::Page;
use super::press::{Press, number_of};
use super::{highlight, markdown, math, seq};

/// What to replace in a page, and by what.
pub(crate) fn scan(page: &Page, text: &Text, press: &mut Press) -> Edits {
    let mut scan = Scan {
        page,
        text,
        press,
        edits: Edits::new(),
        code: Vec::new(),
        fence: None,
        bracket: None,
    };
    for (event, range) in markdown::placed(&text.text) {
        scan.event(event, range);
    }
    scan.directives();
    scan.edits
}

struct Scan<'s, 'p, 'c> {
    page: &'s Page<'s>,
    text: &'s Text,
    press: &'p mut Press<'c>,
    edits: Edits,
    /// Where code stands: no directive is looked for there.
    code: Vec<Range<usize>>,
    /// An open fence, and what stands in it so far.
    fence: Option<Fence>,
    /// A `[` that opened no link, and what stands behind it so far.
    bracket: Option<(usize, String)>,
}

struct Fence {
    language: String,
    code: String,
    range: Range<usize>,
}

impl Scan<'_, '_, '_> {
    fn mistake(&mut self, offset: usize, text: impl Into<String>) {
        let place = self.page.place(self.text, offset);
        self.press.mistakes.add(&place, text);
    }

    fn event(&mut self, event: Event, range: Range<usize>) {
        match (event, &mut self.fence) {
            (Event::Text(part), Some(fence)) => fence.code.push_str(&part),
            (Event::End(TagEnd::CodeBlock), _) => self.close_fence(),
            (_, Some(_)) => {}
            (Event::Start(Tag::CodeBlock(kind)), None) => {
                self.open_fence(&kind, range);
            }
            (Event::Code(code), None) => self.code(&code, range),
            (Event::Text(part), None) => self.words(&part, range),
            (Event::Html(tags), None) => self.raw(&tags, range.start),
            (Event::Start(Tag::Link { dest_url, .. }), None) => {
                self.bracket = None;
                self.link(&dest_url, range.start);
            }
            (Event::SoftBreak, None) => {}
            _ => self.bracket = None,
        }
    }

    fn open_fence(&mut self, kind: &CodeBlockKind, range: Range<usize>) {
        let language = language(kind).to_string();
        if matches!(kind, CodeBlockKind::Fenced(_)) && language.is_empty() {
            self.mistake(range.start, no_language(""));
        }
        self.code.push(range.clone());
        self.fence = Some(Fence {
            language,
            code: String::new(),
            range,
        });
    }

    fn close_fence(&mut self) {
        let Some(fence) = self.fence.take() else {
            return;
        };
        let html = self.fence(&fence);
        // The block's range ends behind its last line's break, which stays.
        let range = fence.range;
        let block = self.text.text[range.clone()].trim_end_matches('\n');
        let end = range.start + block.len();
        self.edits.push((range.start..end, html + "\n"));
    }

    fn fence(&mut self, fence: &Fence) -> String {
        let (code, offset) = (&fence.code, fence.range.start);
        match fence.language.as_str() {
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
            name => {
                let known = highlight::LANGUAGES.contains(&name);
                if !known && !name.is_empty() {
                    self.mistake(offset, no_language(name));
                }
                let name = if known { name } else { "text" };
                highlight::block(name, &highlight::lines(name, code))
            }
        }
    }

    /// Text, in which nothing may be left that was meant as Markdown.
    fn words(&mut self, part: &str, range: Range<usize>) {
        // The parser gives a star or bracket that opens nothing on its own.
        let source = &self.text.text[range.start..];
        if part.starts_with('*') && source.starts_with("**") {
            self.mistake(range.start, LEFT);
        }
        if part.ends_with('[') {
            self.bracket = Some((range.end - 1, String::new()));
        } else if part.starts_with(']') {
            // `[lesson 3]` without its definition is printed as it is.
            if let Some((at, name)) = self.bracket.take() {
                let text = format!(
                    "`[{name}]` is no link: define it at the end of the page, \
                     or leave out the brackets"
                );
                self.mistake(at, text);
            }
        } else if let Some((_, name)) = &mut self.bracket {
            name.push_str(part);
        }
    }

    /// `` $`…`$ `` is maths, all other code is code.
    fn code(&mut self, code: &str, range: Range<usize>) {
        if let Some((_, name)) = &mut self.bracket {
            name.push_str(code);
        }
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
        if outside || !file.ends_with(".md") || self.page.may_link(file) {
            return;
        }
        self.mistake(
            offset,
            format!(
                "there is no page {file} yet: write its name without a link"
            ),
        );
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

const LEFT: &str = "`**` is left as text: next to Chinese punctuation Markdown \
    does not take it for emphasis; move it, or write <strong>…</strong>";

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
