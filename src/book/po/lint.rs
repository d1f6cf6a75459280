//! What a translation must keep of its message: links, code, maths, places
//! to fill in. And what Markdown must not leave as it is: `**` that stands
//! next to Chinese punctuation is no emphasis to CommonMark.

use std::collections::BTreeSet;

use mdbook_markdown::pulldown_cmark::{
    BrokenLink, CowStr, Event, Options, Parser, Tag,
};

#[derive(Default, PartialEq)]
struct Parts {
    links: BTreeSet<String>,
    code: BTreeSet<String>,
    places: BTreeSet<String>,
    stars: usize,
    brackets: usize,
}

/// One sentence for each thing that went missing or wrong.
pub(super) fn faults(english: &str, translation: &str) -> Vec<String> {
    let marks = ['*', '[', '`', '{', '<'];
    if !english.contains(marks) && !translation.contains(marks) {
        // Nothing to lose: most messages are plain sentences.
        return Vec::new();
    }
    let (ours, theirs) = (parts(english), parts(translation));
    let mut faults = Vec::new();
    for (what, ours, theirs) in [
        ("the link to", &ours.links, &theirs.links),
        ("the code", &ours.code, &theirs.code),
        ("the place", &ours.places, &theirs.places),
    ] {
        for lost in ours.difference(theirs) {
            faults.push(format!("the translation lacks {what} `{lost}`"));
        }
        for new in theirs.difference(ours) {
            faults.push(format!(
                "the translation has {what} `{new}`, the English has not"
            ));
        }
    }
    if theirs.stars > ours.stars {
        faults.push(format!(
            "a `*` is left as text in {translation:?}: next to punctuation \
             and a letter Markdown does not take it for emphasis; move it"
        ));
    }
    if theirs.brackets > ours.brackets {
        faults.push(format!("a bracket is left as text in {translation:?}"));
    }
    faults
}

fn parts(text: &str) -> Parts {
    let mut parts = Parts {
        places: places(text),
        ..Parts::default()
    };
    // A page defines its links elsewhere: any name will do here.
    let defined = |link: BrokenLink| {
        let name: CowStr = link.reference.into_string().into();
        Some((name, CowStr::from("")))
    };
    let options = Options::ENABLE_STRIKETHROUGH;
    let parser =
        Parser::new_with_broken_link_callback(text, options, Some(defined));
    for event in parser {
        match event {
            Event::Code(code) => {
                parts.code.insert(code.to_string());
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                parts.links.insert(dest_url.to_string());
            }
            Event::Text(text) => {
                parts.stars += text.matches('*').count();
                parts.brackets += text.matches(['[', ']']).count();
            }
            _ => {}
        }
    }
    parts
}

/// `{ms}` and the like.
fn places(text: &str) -> BTreeSet<String> {
    let name = |c: char| c.is_ascii_lowercase();
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(place, _)| place)
        .filter(|place| !place.is_empty() && place.chars().all(name))
        .map(str::to_string)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_faithful_translation_has_no_fault() {
        let english = "See [lesson 3], `read` and **one** $`m`$ in {ms} ms.";
        let chinese =
            "见[第 3 课][lesson 3]，`read` 和**一**个 $`m`$，{ms} ms。";
        assert_eq!(faults(english, chinese), [""; 0]);
    }

    #[test]
    fn what_is_lost_is_named() {
        let faults = |chinese| {
            faults("See [lesson 3], `read`, **one** of {ms}.", chinese)
                .join("\n")
        };
        assert!(faults("`read`{ms}").contains("lacks the link to `lesson 3`"));
        assert!(faults("[lesson 3]{ms}").contains("lacks the code `read`"));
        assert!(faults("[lesson 3]`read`").contains("lacks the place `ms`"));
        let bold = faults("[lesson 3]`read`{ms}只有**“一”**个");
        assert!(bold.contains("`*` is left as text"), "{bold}");
    }
}
