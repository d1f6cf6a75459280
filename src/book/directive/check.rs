//! `{{#check exercise7}}`: the steps of a check and how to start it. The
//! page's script shows the state where the companion serves.

use crate::book::html::escape;
use crate::book::mistakes::Place;
use crate::book::press::{Press, number_of};
use crate::book::words;

const FILE: &str = "src/check";

/// The names of an exercise's steps.
fn steps(_number: u8) -> Option<Vec<&'static str>> {
    Some(vec![])
}

pub(super) fn html(name: &str, press: &mut Press) -> Result<String, String> {
    let steps = number_of("exercise", name)
        .and_then(|number| Some((number, steps(number)?)));
    let Some((number, steps)) = steps else {
        return Err(format!("there is no check for `{name}`"));
    };
    let place = Place::new(FILE, 0);
    let mut list = String::new();
    for step in steps {
        list.push_str(&format!("<li>{}</li>", press.inline(step, &place)));
    }
    let words = press.words(words::CHECK);
    let label = escape(&press.word(words::STEPS));
    let code = |text: String| format!("<code>{}</code>", escape(&text));
    let start = press.word_html(
        words::START,
        &[
            ("command", code(format!("cargo run -- check {number}"))),
            ("file", code(format!("my/exercise{number}.rs"))),
        ],
    );
    let python = format!("cargo run -- check {number} -- python3 my.py");
    let other = press.word_html(words::OTHER, &[("command", code(python))]);
    Ok(format!(
        "<section class=\"check\" data-exercise=\"{number}\" \
         data-words=\"{words}\">\
         <ol class=\"steps\" aria-label=\"{label}\">{list}</ol>\
         <p>{start}</p><p>{other}</p></section>"
    ))
}

/// The step names of a lesson's exercise.
pub(crate) fn messages(number: u8) -> Vec<(String, Place)> {
    let place = Place::new(FILE, 0);
    let steps = steps(number).unwrap_or_default().into_iter();
    steps
        .map(|step| (step.to_string(), place.clone()))
        .collect()
}
