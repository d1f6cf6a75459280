//! What the directives of one build share: the course, the translation, the
//! programs read so far, and the mistakes found so far.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::Path;
use std::rc::Rc;

use crate::course::Course;

use super::html;
use super::math::Math;
use super::mistakes::{Mistake, Mistakes, Place};
use super::po::Catalogue;
use super::program::Program;
use super::words;

/// One language's build while it runs.
pub(crate) struct Press<'a> {
    pub(crate) course: &'a Course,
    pub(crate) math: Math,
    pub(crate) mistakes: Mistakes,
    /// What has no translation and is shown in English.
    pub(crate) untranslated: Vec<Mistake>,
    /// How many messages were looked up.
    pub(crate) messages: usize,
    catalogue: Option<&'a Catalogue>,
    programs: HashMap<String, Option<Rc<Program>>>,
    used: BTreeSet<(String, String)>,
}

impl<'a> Press<'a> {
    /// `catalogue`: none for English.
    pub(crate) fn new(
        course: &'a Course,
        catalogue: Option<&'a Catalogue>,
    ) -> Press<'a> {
        Press {
            course,
            math: Math::new(),
            mistakes: Mistakes::default(),
            untranslated: Vec::new(),
            messages: 0,
            catalogue,
            programs: HashMap::new(),
            used: BTreeSet::new(),
        }
    }

    /// `english` in the language of this build.
    pub(crate) fn say(&mut self, english: &str, place: &Place) -> String {
        let Some(catalogue) = self.catalogue else {
            return english.to_string();
        };
        self.messages += 1;
        match catalogue.translation(english) {
            Ok(text) => text.to_string(),
            Err(why) => {
                let text = format!("{why}: {english:?}");
                let place = place.clone();
                self.untranslated.push(Mistake { place, text });
                english.to_string()
            }
        }
    }

    /// One of [`words`].
    pub(crate) fn word(&mut self, english: &str) -> String {
        self.say(english, &Place::new(words::FILE, 0))
    }

    /// One of [`words`], as HTML, its places filled with HTML.
    pub(crate) fn word_html(
        &mut self,
        english: &str,
        fill: &[(&str, String)],
    ) -> String {
        let mut text = html::inline(&self.word(english));
        for (name, value) in fill {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// A list of words for a script, as the value of an attribute.
    pub(crate) fn words(&mut self, list: &[(&'static str, &str)]) -> String {
        let said: Vec<_> = list
            .iter()
            .map(|(key, english)| (*key, self.word(english)))
            .collect();
        html::json_attribute(&said)
    }

    /// A message of inline Markdown as HTML.
    pub(crate) fn inline(&mut self, english: &str, place: &Place) -> String {
        let text = self.say(english, place);
        match self.math.in_text(&text) {
            Ok(text) => html::inline(&text),
            Err(error) => {
                self.mistakes.add(place, error);
                String::new()
            }
        }
    }

    /// A lesson's program, or another file of the folder, such as
    /// `languages/lesson1/client.py`.
    pub(crate) fn program(
        &mut self,
        name: &str,
    ) -> Result<Rc<Program>, String> {
        let file = match name.contains('.') {
            true => name.to_string(),
            false => format!("{name}.rs"),
        };
        let path = format!("lessons/examples/{file}");
        if !self.programs.contains_key(&path) {
            let read = read_text(&self.course.root.join(&path));
            let program = read.ok().map(|text| Program::parse(&path, &text));
            if let Some(program) = &program {
                for (line, fault) in &program.faults {
                    self.mistakes.add(&Place::new(&path, *line), fault);
                }
            }
            self.programs.insert(path.clone(), program.map(Rc::new));
        }
        let program = self.programs.get(&path).and_then(Option::clone);
        program.ok_or(format!("there is no program {path}"))
    }

    /// Notes that a page shows this piece.
    pub(crate) fn used(&mut self, program: &Program, anchor: &str) {
        self.used.insert((program.path.clone(), anchor.to_string()));
    }

    /// An anchor that no page shows is a leftover: reports each.
    pub(crate) fn report_unused_anchors(&mut self) {
        for program in self.programs.values().flatten() {
            for (anchor, line) in program.anchors() {
                let key = (program.path.clone(), anchor.to_string());
                if !self.used.contains(&key) {
                    self.mistakes.add(
                        &Place::new(&program.path, line),
                        format!(
                            "anchor `{anchor}` is not shown on any page: show \
                             it with a listing, or delete it"
                        ),
                    );
                }
            }
        }
    }
}

/// A file's text with `\n` at the ends of its lines, whatever git made them.
pub(crate) fn read_text(path: &Path) -> std::io::Result<String> {
    Ok(fs::read_to_string(path)?.replace("\r\n", "\n"))
}

/// `7` of `lesson7`, for the key `lesson`.
pub(crate) fn number_of(key: &str, name: &str) -> Option<u8> {
    let digits = name.strip_prefix(key)?;
    let number = digits.parse().ok()?;
    // `lesson07` is no second name for lesson 7.
    (format!("{key}{number}") == name).then_some(number)
}
