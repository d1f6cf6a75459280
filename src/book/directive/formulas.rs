//! `{{#formulas I}}`: every formula of a part of the course, each with a
//! worked number, its function and its lesson.

use lessons::formulas::{ALL, Example, Formula};

use crate::book::explore::grouped;
use crate::book::mistakes::Place;
use crate::book::press::Press;
use crate::book::words;

use super::{Call, agreement, formula, lesson_link};

pub(super) fn html(
    part: &str,
    call: &Call,
    press: &mut Press,
) -> Result<String, String> {
    let title = format!("Part {part} ·");
    let lessons = press.course.lessons.iter();
    let lessons = lessons.filter(|lesson| lesson.part.starts_with(&title));
    let numbers: Vec<u8> = lessons.map(|lesson| lesson.number).collect();
    if numbers.is_empty() {
        return Err(format!("book/src/SUMMARY.md has no {title:?}"));
    }
    let formulas = ALL.iter().filter(|it| numbers.contains(&it.lesson));
    formulas
        .map(|formula| {
            let more = more(formula, call, press)?;
            formula::figure(formula, &more, call, press)
        })
        .collect()
}

/// What a page about the formula says in its own words.
fn more(
    formula: &Formula,
    call: &Call,
    press: &mut Press,
) -> Result<String, String> {
    let example = example(formula, call, press);
    let name = format!("<code>formulas::{}</code>", formula.name);
    let lesson = lesson_link(formula.lesson, press);
    let fill = [("function", name), ("lesson", lesson)];
    let home = press.word_html(words::HOME, &fill);
    let mut more = format!("<p>{example}</p><p class=\"source\">{home}</p>");
    if let Some(agreement) = agreement::of(formula, press)? {
        more.push_str(&format!("<p class=\"source\">{agreement}</p>"));
    }
    Ok(more)
}

/// The letters with their numbers, and what comes out.
fn example(formula: &Formula, call: &Call, press: &mut Press) -> String {
    let Example { given, result } = &formula.example;
    let given = given.iter().map(|(latex, number)| {
        let math = press.math.inline(latex).unwrap_or_else(|error| {
            press.mistakes.add(&call.place, error);
            String::new()
        });
        let unit = formula.unit_of(latex).unwrap_or("1");
        let number = with_unit(&grouped(*number), unit, press);
        format!("{math}\u{a0}=\u{a0}{number}")
    });
    let given: Vec<_> = given.collect();
    let comma = press.word(words::COMMA);
    let result = with_unit(result, formula.unit, press);
    let fill = [("given", given.join(&comma)), ("result", result)];
    press.word_html(words::EXAMPLE, &fill)
}

fn with_unit(number: &str, unit: &str, press: &mut Press) -> String {
    if unit == "1" {
        return number.to_string();
    }
    let place = Place::new(formula::FILE, 0);
    format!("{number}\u{a0}{}", press.inline(unit, &place))
}
