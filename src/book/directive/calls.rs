//! `{{#calls}}`: the calls of the BSD sockets with their names elsewhere, from
//! `book/calls.toml`.

use serde::Deserialize;
use toml::Spanned;

use crate::book::html::escape;
use crate::book::mistakes::Place;
use crate::book::press::{Press, read_text};
use crate::book::words;
use crate::course::Course;

use super::lesson_link;

const FILE: &str = "book/calls.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sheet {
    #[serde(rename = "call")]
    calls: Vec<Call>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    /// Its name in C, or several that belong together.
    c: String,
    does: Spanned<String>,
    #[serde(default)]
    std: Vec<String>,
    #[serde(default)]
    tokio: Vec<String>,
    #[serde(default)]
    socket2: Vec<String>,
    #[serde(default)]
    python: Vec<String>,
    /// Of `std::io::ErrorKind`: what it fails with, apart from what any call
    /// may fail with.
    #[serde(default)]
    kinds: Vec<String>,
    #[serde(default)]
    lessons: Vec<u8>,
    note: Option<Spanned<String>>,
}

pub(super) fn html(press: &mut Press) -> Result<String, String> {
    let (text, sheet) = read(press.course)?;
    let mut html = String::new();
    for call in &sheet.calls {
        html.push_str(&section(call, &text, press));
    }
    Ok(html)
}

fn read(course: &Course) -> Result<(String, Sheet), String> {
    let text = read_text(&course.root.join(FILE))
        .map_err(|_| format!("there is no list of calls {FILE}"))?;
    let sheet = toml::from_str(&text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        format!(
            "{} is no list of calls: {}",
            place(&text, at),
            error.message()
        )
    })?;
    Ok((text, sheet))
}

fn place(text: &str, at: usize) -> Place {
    Place::new(FILE, text[..at].matches('\n').count() + 1)
}

fn section(call: &Call, text: &str, press: &mut Press) -> String {
    let say = |it: &Spanned<String>, press: &mut Press| {
        press.inline(it.get_ref(), &place(text, it.span().start))
    };
    let does = say(&call.does, press);
    let mut rows = String::new();
    let columns = [
        ("std", &call.std),
        ("tokio", &call.tokio),
        ("socket2", &call.socket2),
        ("Python", &call.python),
    ];
    for (label, names) in columns {
        if !names.is_empty() {
            let label = format!("<span lang=\"en\">{label}</span>");
            rows.push_str(&row(
                &label,
                &codes(names, &press.word(words::COMMA)),
            ));
        }
    }
    if !call.kinds.is_empty() {
        let label = escape(&press.word(words::FAILS));
        rows.push_str(&row(
            &label,
            &codes(&call.kinds, &press.word(words::COMMA)),
        ));
    }
    if !call.lessons.is_empty() {
        let label = escape(&press.word(words::SEEN));
        let lessons = call.lessons.iter().map(|it| lesson_link(*it, press));
        let lessons: Vec<_> = lessons.collect();
        rows.push_str(&row(&label, &lessons.join(&press.word(words::COMMA))));
    }
    let note = call.note.as_ref().map(|note| say(note, press));
    let note = note
        .map(|note| format!("<p>{note}</p>"))
        .unwrap_or_default();
    format!(
        "<section class=\"call\"><p><code>{}</code> {does}</p><dl>{rows}</dl>\
         {note}</section>",
        escape(&call.c)
    )
}

fn row(label: &str, what: &str) -> String {
    format!("<div><dt>{label}</dt><dd>{what}</dd></div>")
}

fn codes(names: &[String], comma: &str) -> String {
    let codes = names
        .iter()
        .map(|it| format!("<code>{}</code>", escape(it)));
    codes.collect::<Vec<_>>().join(comma)
}

/// What there is to translate in the list.
pub(crate) fn messages(
    course: &Course,
) -> Result<Vec<(String, Place)>, String> {
    let (text, sheet) = read(course)?;
    let mut found = Vec::new();
    for call in &sheet.calls {
        for it in [Some(&call.does), call.note.as_ref()].into_iter().flatten() {
            let place = place(&text, it.span().start);
            found.push((it.get_ref().clone(), place));
        }
    }
    Ok(found)
}
