//! The words of a story in the page's language: in goes an event in English,
//! out comes the same event as that page shows it.

use serde_json::{Value, json};

use crate::book::po::Catalogue;
use crate::check::Shown;

/// What a step shows, with its remark apart, so that it can be translated.
pub(super) fn shown(shown: &Shown) -> Value {
    json!({ "what": shown.what, "note": shown.note })
}

/// Translates every remark and hint in `data`, and joins what [`shown`] kept
/// apart. What has no translation stays English.
pub(super) fn translate(data: Value, catalogue: &Catalogue) -> Value {
    let Value::Object(fields) = data else {
        return data;
    };
    let say = |english: &str| {
        let translation = catalogue.translation(english);
        translation.unwrap_or(english).to_owned()
    };
    if let (Some(Value::String(what)), Some(Value::String(note))) =
        (fields.get("what"), fields.get("note"))
    {
        let note = say(note);
        return Value::String(match (what.as_str(), note.as_str()) {
            (what, "") => what.to_owned(),
            ("", note) => note.to_owned(),
            (what, note) => format!("{what}\n{note}"),
        });
    }
    let translated = fields.into_iter().map(|(key, value)| {
        let value = match (key.as_str(), value) {
            ("likely" | "name" | "reason", Value::String(english)) => {
                Value::String(say(&english))
            }
            (_, value) => translate(value, catalogue),
        };
        (key, value)
    });
    Value::Object(translated.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_joined_and_what_is_unknown_stays() {
        let step = json!({
            "name": "one byte at a time",
            "failure": {
                "sent": { "what": "00 02", "note": "in pieces" },
                "got": { "what": "", "note": "nothing" },
                "expected": { "what": "00", "note": "" },
                "likely": "one read",
                "died": null,
            },
        });
        let told = translate(step, &Catalogue::default());
        let expected = json!({
            "name": "one byte at a time",
            "failure": {
                "sent": "00 02\nin pieces",
                "got": "nothing",
                "expected": "00",
                "likely": "one read",
                "died": null,
            },
        });
        assert_eq!(told, expected);
    }
}
