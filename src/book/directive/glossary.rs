//! `{{#glossary}}`: the terms of `book/glossary.tsv` in both languages, each
//! with the lesson that introduces it, found in the pages themselves.

use crate::book::html::escape;
use crate::book::mistakes::Place;
use crate::book::press::{Press, read_text};
use crate::book::words;

use super::lesson_link;

const FILE: &str = "book/glossary.tsv";

/// A line of the file: English, a tab, 中文, and perhaps a tab and a remark
/// for translators.
#[derive(Debug, PartialEq)]
struct Term<'a> {
    english: &'a str,
    chinese: &'a str,
}

pub(super) fn html(press: &mut Press) -> Result<String, String> {
    let text = read_text(&press.course.root.join(FILE))
        .map_err(|_| format!("there is no glossary {FILE}"))?;
    let pages = pages(press)?;
    let mut rows = String::new();
    for (index, line) in text.lines().enumerate() {
        let place = Place::new(FILE, index + 1);
        let Some(term) = Term::parse(line) else {
            let fault = "not a term, a tab and its translation";
            press.mistakes.add(&place, fault);
            continue;
        };
        match introduced(&term, &pages) {
            Some(lesson) => rows.push_str(&row(&term, lesson, press)),
            None => press.mistakes.add(
                &place,
                format!("no lesson has the term {:?}: delete it", term.english),
            ),
        }
    }
    let heads = [("en", "English"), ("zh-CN", "中文")];
    let heads =
        heads.map(|(lang, text)| format!("<th lang=\"{lang}\">{text}</th>"));
    let last = press.word(words::INTRODUCED);
    Ok(format!(
        "<div class=\"table-wrapper\"><table class=\"glossary\"><thead><tr>{}\
         <th>{last}</th></tr></thead><tbody>{rows}</tbody></table></div>",
        heads.concat()
    ))
}

impl Term<'_> {
    fn parse(line: &str) -> Option<Term<'_>> {
        let mut fields = line.split('\t');
        let (english, chinese) = (fields.next()?, fields.next()?);
        let whole = !english.is_empty() && !chinese.is_empty();
        whole.then_some(Term { english, chinese })
    }

    /// Every way a page may write it, in lower case: `big-endian / network
    /// byte order` is two, `round-trip time (RTT)` too.
    fn names(&self) -> Vec<String> {
        let parts = self.english.split([';', '/', '(', ')']);
        let names = parts.map(|part| part.trim().to_lowercase());
        names.filter(|name| !name.is_empty()).collect()
    }
}

fn row(term: &Term, lesson: u8, press: &mut Press) -> String {
    format!(
        "<tr><td lang=\"en\">{}</td><td lang=\"zh-CN\">{}</td><td>{}</td></tr>",
        escape(term.english),
        escape(term.chinese),
        lesson_link(lesson, press)
    )
}

/// The written lessons and their text in lower case.
fn pages(press: &Press) -> Result<Vec<(u8, String)>, String> {
    let pages = press.course.written().map(|lesson| {
        let text = read_text(&press.course.page(lesson.number));
        let text = text.map_err(|error| {
            format!("cannot read lesson {}: {error}", lesson.number)
        })?;
        Ok((lesson.number, flat(&text)))
    });
    pages.collect()
}

/// One line, one space between words, lower case.
fn flat(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// The lesson that sets the term in bold type, as pages do where they define
/// one; else the first that uses it.
fn introduced(term: &Term, pages: &[(u8, String)]) -> Option<u8> {
    let names = term.names();
    let bold = |text: &str| {
        let mut marked = text.split("**").skip(1).step_by(2);
        marked.any(|it| names.iter().any(|name| is_form_of(it, name)))
    };
    let used = |text: &str| names.iter().any(|name| has_word(text, name));
    let find = |found: &dyn Fn(&str) -> bool| {
        let mut pages = pages.iter();
        pages
            .find(|(_, text)| found(text))
            .map(|(lesson, _)| *lesson)
    };
    find(&bold).or_else(|| find(&used))
}

/// The name itself, or its plural, with or without a full stop.
fn is_form_of(text: &str, name: &str) -> bool {
    let text = text.trim_end_matches(['.', ',', ':', ';']);
    text.strip_prefix(name)
        .is_some_and(|end| matches!(end, "" | "s" | "es"))
}

fn has_word(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        let inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        !inside(before) && (!inside(after) || after == Some('s'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_has_all_its_names() {
        let line = "round-trip time (RTT)\t往返时间（RTT）\t";
        let term = Term::parse(line).unwrap();
        assert_eq!(term.names(), ["round-trip time", "rtt"]);
        assert_eq!(Term::parse("cache"), None);
    }

    #[test]
    fn the_lesson_that_defines_a_term_goes_before_one_that_uses_it() {
        let page = |text: &str| flat(text);
        let pages = [
            (1, page("A packet, and framing. The subport.")),
            (3, page("So **Packets** travel\nin **byte\nstreams**.")),
        ];
        let lesson =
            |line: &str| introduced(&Term::parse(line).unwrap(), &pages);
        assert_eq!(lesson("packet\t数据包"), Some(3));
        assert_eq!(lesson("byte stream\t字节流"), Some(3));
        assert_eq!(lesson("framing\t分帧"), Some(1));
        assert_eq!(lesson("port\t端口"), None);
    }
}
