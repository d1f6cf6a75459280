//! Directives: in goes a page's line such as `{{#listing lesson7 frame}}`,
//! out comes HTML.

mod agreement;
mod calls;
mod check;
mod explore;
mod faq;
mod formula;
mod formulas;
mod glossary;
mod languages;
mod listing;
mod quiz;
mod rfcs;
mod run;
mod wire;

pub(crate) use calls::messages as calls_messages;
pub(crate) use check::messages as check_messages;
pub(crate) use explore::messages as explore_messages;
pub(crate) use formula::messages as formula_messages;
pub(crate) use quiz::messages as quiz_messages;
pub(crate) use wire::messages as wire_messages;

use super::mistakes::Place;
use super::press::Press;
use super::words;

const KNOWN: &[&str] = &[
    "listing",
    "run",
    "wire",
    "formula",
    "formulas",
    "agreement",
    "explore",
    "quiz",
    "check",
    "glossary",
    "rfcs",
    "faq",
    "calls",
    "languages",
];

/// What a directive's arguments were meant to be.
fn usage(name: &str) -> &'static str {
    match name {
        "listing" => "{{#listing lesson7 ANCHOR}} or {{#listing FILE.py}}",
        "languages" => "{{#languages lesson7 server}}",
        "run" => "{{#run lesson7}} or {{#run lesson7 lab}}",
        "wire" => "{{#wire lesson7}} or {{#wire lesson7 CONNECTION…}}",
        "formula" => "{{#formula NAME}}",
        "formulas" => "{{#formulas I}}",
        "agreement" => "{{#agreement}}",
        "explore" => "{{#explore NAME}}",
        "quiz" => "{{#quiz lesson7}}",
        "glossary" => "{{#glossary}}",
        "rfcs" => "{{#rfcs}}",
        "faq" => "{{#faq NAME}}",
        "calls" => "{{#calls}}",
        _ => "{{#check exercise7}}",
    }
}

/// A directive found on a page, with the page's other directives around it.
pub(crate) struct Call<'a> {
    pub(crate) name: &'a str,
    pub(crate) arguments: Vec<&'a str>,
    pub(crate) place: Place,
    /// The lesson whose program is run on this page, if any.
    pub(crate) page_runs: Option<u8>,
}

/// `{{#name arguments}}`, if that is the whole of the line.
pub(crate) fn parse(line: &str) -> Option<(&str, Vec<&str>)> {
    let inner = line.trim().strip_prefix("{{#")?.strip_suffix("}}")?;
    if inner.contains("{{") || inner.contains("}}") {
        return None;
    }
    let mut parts = inner.split_whitespace();
    Some((parts.next().unwrap_or(""), parts.collect()))
}

/// The HTML of a directive; a mistake is noted, and nothing comes out.
pub(crate) fn expand(call: &Call, press: &mut Press) -> String {
    let html = match (call.name, call.arguments.as_slice()) {
        ("listing", [program]) => listing::whole(program, call, press),
        ("listing", [program, anchor]) => {
            listing::piece(program, anchor, call, press)
        }
        ("run", [lesson]) => run::html(lesson, false, press),
        ("run", [lesson, "lab"]) => run::html(lesson, true, press),
        ("wire", [lesson, connections @ ..]) => {
            wire::html(lesson, connections, press)
        }
        ("formula", [name]) => formula::html(name, call, press),
        ("formulas", [part]) => formulas::html(part, call, press),
        ("agreement", []) => agreement::html(press),
        ("explore", [name]) => explore::html(name, press),
        ("quiz", [lesson]) => quiz::html(lesson, press),
        ("glossary", []) => glossary::html(press),
        ("calls", []) => calls::html(press),
        ("languages", [lesson, end]) => languages::html(lesson, end, press),
        ("faq", [name]) => faq::html(name, press),
        ("rfcs", []) => rfcs::html(press),
        ("check", [exercise]) => check::html(exercise, press),
        (name, _) if KNOWN.contains(&name) => {
            Err(format!("this directive is written {}", usage(name)))
        }
        (name, _) => Err(format!(
            "there is no directive `{name}`: there are {}",
            KNOWN.join(", ")
        )),
    };
    html.unwrap_or_else(|text| {
        press.mistakes.add(&call.place, text);
        String::new()
    })
}

/// A lesson's number and title, as a link where it has a page.
fn lesson_link(number: u8, press: &mut Press) -> String {
    let lesson = press.course.lessons.get(usize::from(number) - 1);
    let Some(lesson) = lesson.cloned() else {
        return number.to_string();
    };
    let place = Place::new("book/src/SUMMARY.md", 0);
    let title = press.inline(&lesson.title, &place);
    let fill = [("n", number.to_string()), ("title", title)];
    let text = press.word_html(words::LESSON, &fill);
    match lesson.written {
        true => format!("<a href=\"lesson{number}.html\">{text}</a>"),
        false => text,
    }
}
