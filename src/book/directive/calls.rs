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
    let does = say(&call.does, text, press);
    let comma = press.word(words::COMMA);
    let columns = [
        ("std".to_owned(), &call.std),
        ("tokio".to_owned(), &call.tokio),
        ("socket2".to_owned(), &call.socket2),
        ("Python".to_owned(), &call.python),
        (escape(&press.word(words::FAILS)), &call.kinds),
    ];
    let columns = columns.iter().filter(|(_, names)| !names.is_empty());
    let mut rows: String = columns
        .map(|(label, names)| row(label, &codes(names, &comma)))
        .collect();
    if !call.lessons.is_empty() {
        let lessons = call.lessons.iter().map(|it| lesson_link(*it, press));
        let lessons = lessons.collect::<Vec<_>>().join(&comma);
        rows.push_str(&row(&escape(&press.word(words::SEEN)), &lessons));
    }
    let note = call.note.as_ref().map(|note| say(note, text, press));
    let note = note
        .map(|note| format!("<p>{note}</p>"))
        .unwrap_or_default();
    format!(
        "<section class=\"call\"><p><code>{}</code> {does}</p><dl>{rows}</dl>\
         {note}</section>",
        escape(&call.c)
    )
}

fn say(message: &Spanned<String>, text: &str, press: &mut Press) -> String {
    press.inline(message.get_ref(), &place(text, message.span().start))
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

/// What there is to translate in the list, if there is one: a page that needs
/// it says so itself.
pub(crate) fn messages(
    course: &Course,
) -> Result<Vec<(String, Place)>, String> {
    if !course.root.join(FILE).exists() {
        return Ok(Vec::new());
    }
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
