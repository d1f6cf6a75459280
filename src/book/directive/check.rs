//! `{{#check exercise7}}`: the steps of a check and how to start it. The
//! page's script shows the state where the companion serves.

use std::sync::LazyLock;

use crate::book::html::escape;
use crate::book::mistakes::Place;
use crate::book::press::{Press, number_of};
use crate::book::words;
use crate::check::{ALL, Exercise, exercise, messages as all_messages};

/// What checks of every exercise may say.
const SHARED: &str = "src/check";

pub(super) fn html(name: &str, press: &mut Press) -> Result<String, String> {
    let exercise = number_of("exercise", name).and_then(exercise);
    let Some(exercise) = exercise else {
        return Err(format!("there is no check for `{name}`"));
    };
    let number = exercise.number;
    let place = Place::new(file(exercise), 0);
    let mut list = String::new();
    for step in exercise.steps {
        list.push_str(&format!("<li>{}</li>", press.inline(step.name, &place)));
    }
    let words = press.words(words::CHECK);
    require_story(exercise, press);
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

/// The companion says these in the language of the page; here it is only
/// made sure that it can.
fn require_story(exercise: &Exercise, press: &mut Press) {
    let own = Place::new(file(exercise), 0);
    for said in exercise.words {
        press.say(said, &own);
    }
    for said in &*SHARED_WORDS {
        press.say(said, &Place::new(SHARED, 0));
    }
}

fn file(exercise: &Exercise) -> String {
    format!("src/check/exercise{}.rs", exercise.number)
}

/// Remarks that no exercise has for itself.
static SHARED_WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut shared = all_messages();
    shared.retain(|text| ALL.iter().all(|exercise| !says(exercise, text)));
    shared
});

fn says(exercise: &Exercise, text: &str) -> bool {
    exercise.title == text
        || exercise.steps.iter().any(|step| step.name == text)
        || exercise.words.contains(&text)
        || exercise.hint.contains(&text)
}

/// What the checks of these lessons' exercises show on a page.
pub(crate) fn messages(
    lessons: impl Iterator<Item = u8>,
) -> Vec<(String, Place)> {
    let mut found = Vec::new();
    for exercise in lessons.filter_map(exercise) {
        let place = Place::new(file(exercise), 0);
        let steps = exercise.steps.iter().map(|step| step.name);
        for text in steps.chain(exercise.words.iter().copied()) {
            found.push((text.to_string(), place.clone()));
        }
    }
    let place = Place::new(SHARED, 0);
    let shared = SHARED_WORDS.iter();
    found.extend(shared.map(|text| (text.to_string(), place.clone())));
    found
}
