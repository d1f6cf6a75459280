//! `{{#rfcs}}`: every RFC that a page or a formula names, with its title, the
//! sections, and the lessons that lean on them.
//!
//! The pages' own link definitions are the index: `[RFC 9293 §3.4]: …` at the
//! foot of a page is an entry. Titles stand in `book/rfcs.tsv`.

use std::collections::{BTreeMap, BTreeSet};

use lessons::formulas::ALL;

use crate::book::html::escape;
use crate::book::mistakes::Place;
use crate::book::press::{Press, read_text};
use crate::book::words;

use super::lesson_link;

const TITLES: &str = "book/rfcs.tsv";

const EDITOR: &str = "https://www.rfc-editor.org/rfc/rfc";

/// Where an RFC is named: section (empty for the whole) → lessons.
type Sections = BTreeMap<Section, BTreeSet<u8>>;

/// Sorts §3.9 before §3.10, as the RFC does.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Section(Vec<u16>, String);

impl Section {
    fn new(text: &str) -> Section {
        let numbers = text.split('.').map(|part| part.parse().unwrap_or(0));
        Section(numbers.collect(), text.to_string())
    }
}

pub(super) fn html(press: &mut Press) -> Result<String, String> {
    let titles = titles(press)?;
    let mut index: BTreeMap<u32, Sections> = BTreeMap::new();
    for (number, section, lesson) in named(press)? {
        let sections = index.entry(number).or_default();
        sections.entry(section).or_default().insert(lesson);
    }
    let place = Place::new(TITLES, 0);
    for number in titles.keys().filter(|it| !index.contains_key(it)) {
        let text = format!("RFC {number} is named on no page: delete its line");
        press.mistakes.add(&place, text);
    }
    let mut rows = String::new();
    for (number, sections) in &index {
        let Some(title) = titles.get(number) else {
            let text = format!(
                "RFC {number} is named on a page and has no title: add a line"
            );
            press.mistakes.add(&place, text);
            continue;
        };
        rows.push_str(&row(*number, title, sections, press));
    }
    let heads = [words::RFC, words::RFC_TITLE, words::RFC_WHERE];
    let heads = heads.map(|word| format!("<th>{}</th>", press.word(word)));
    Ok(format!(
        "<div class=\"table-wrapper\"><table class=\"rfcs\"><thead><tr>{}</tr>\
         </thead><tbody>{rows}</tbody></table></div>",
        heads.concat()
    ))
}

fn row(
    number: u32,
    title: &str,
    sections: &Sections,
    press: &mut Press,
) -> String {
    let places = sections.iter().map(|(section, lessons)| {
        let lessons = lessons.iter().map(|it| lesson_link(*it, press));
        let lessons =
            lessons.collect::<Vec<_>>().join(&press.word(words::COMMA));
        match section.1.as_str() {
            "" => format!("<li>{lessons}</li>"),
            it => format!(
                "<li><a href=\"{EDITOR}{number}#section-{it}\">§{it}</a>: \
                 {lessons}</li>"
            ),
        }
    });
    let places: String = places.collect();
    format!(
        "<tr id=\"rfc{number}\"><td><a href=\"{EDITOR}{number}\">{number}</a>\
         </td><td lang=\"en\">{}</td><td><ul>{places}</ul></td></tr>",
        escape(title)
    )
}

/// Number → title.
fn titles(press: &Press) -> Result<BTreeMap<u32, String>, String> {
    let text = read_text(&press.course.root.join(TITLES))
        .map_err(|_| format!("there is no list of titles {TITLES}"))?;
    let rows = text.lines().enumerate().map(|(index, line)| {
        let row = line.split_once('\t').and_then(|(number, title)| {
            Some((number.parse().ok()?, title.to_string()))
        });
        let line = index + 1;
        row.ok_or(format!("{TITLES}:{line}: not NUMBER, a tab, TITLE"))
    });
    rows.collect()
}

/// Every (RFC, section, lesson) of the pages and of the formulas.
fn named(press: &mut Press) -> Result<Vec<(u32, Section, u8)>, String> {
    let mut all = Vec::new();
    let written: Vec<u8> = press.course.written().map(|it| it.number).collect();
    for lesson in written {
        let path = press.course.page(lesson);
        let text = read_text(&path)
            .map_err(|error| format!("cannot read lesson {lesson}: {error}"))?;
        for (line, text) in text.lines().enumerate() {
            match definition(text) {
                Some(Ok((number, section))) => {
                    all.push((number, Section::new(section), lesson));
                }
                Some(Err(fault)) => {
                    let file = format!("book/src/lesson{lesson}.md");
                    press.mistakes.add(&Place::new(file, line + 1), fault);
                }
                None => {}
            }
        }
    }
    for formula in ALL {
        for (number, section) in in_prose(formula.source) {
            all.push((number, Section::new(section), formula.lesson));
        }
    }
    Ok(all)
}

/// `[RFC 9293 §3.4]: https://www.rfc-editor.org/rfc/rfc9293#section-3.4` is
/// (9293, "3.4"). Text and address must say the same; the oldest RFCs have
/// no sections to lead to.
fn definition(line: &str) -> Option<Result<(u32, &str), String>> {
    let (name, address) = line.strip_prefix("[RFC ")?.split_once("]: ")?;
    let (number, section) = name.split_once(" §").unwrap_or((name, ""));
    let whole = format!("{EDITOR}{number}");
    let place = address.trim_end().strip_prefix(&whole);
    let same = match place.map(|it| it.split_once('-').unwrap_or((it, ""))) {
        Some(("", "") | ("#appendix" | "#page", _)) => true,
        Some(("#section", it)) => it == section,
        _ => false,
    };
    Some(match number.parse() {
        Ok(number) if same => Ok((number, section)),
        _ => Err(format!("`[RFC {name}]` leads to {address}")),
    })
}

/// `RFC 6298 §2` and `RFC 1191` wherever they stand in a sentence.
fn in_prose(text: &str) -> Vec<(u32, &str)> {
    let after = text.split("RFC ").skip(1);
    let found = after.filter_map(|rest| {
        let digits = rest.len() - rest.trim_start_matches(is_digit).len();
        let (number, rest) = rest.split_at(digits);
        let section = rest.strip_prefix(" §").unwrap_or_default();
        let in_section = |c: char| is_digit(c) || c == '.';
        let end = section.len() - section.trim_start_matches(in_section).len();
        let section = section[..end].trim_end_matches('.');
        Some((number.parse().ok()?, section))
    });
    found.collect()
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_names_what_it_leads_to() {
        let good = format!("[RFC 9293 §3.4]: {EDITOR}9293#section-3.4");
        assert_eq!(definition(&good), Some(Ok((9293, "3.4"))));
        let whole = format!("[RFC 768]: {EDITOR}768");
        assert_eq!(definition(&whole), Some(Ok((768, ""))));
        let other = format!("[RFC 9293 §3.4]: {EDITOR}9293#section-3.5");
        assert!(definition(&other).is_some_and(|it| it.is_err()));
        assert_eq!(definition("[socket]: https://docs.python.org"), None);
    }

    #[test]
    fn sections_are_found_in_a_sentence() {
        let found =
            in_prose("RFC 6298 §2, and RFC 1122. Also RFC 9293 §3.7.1.");
        assert_eq!(found, [(6298, "2"), (1122, ""), (9293, "3.7.1")]);
    }

    #[test]
    fn sections_stand_as_in_the_rfc() {
        assert!(Section::new("3.9") < Section::new("3.10"));
        assert!(Section::new("") < Section::new("1"));
    }
}
