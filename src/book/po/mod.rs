//! The translation: in go the course and `book/po/LANG.po`, out come its
//! messages in that language, and the file brought up to date.
//!
//! ```text
//! extract: course → every English message, in the order of the book
//! merge:   file + messages → file (what is kept, fuzzy, new, dropped)
//! lint:    a message and its translation → what the translation lost
//! ```

mod extract;
mod file;
mod lint;
mod merge;

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::course::Course;

use super::mistakes::{Mistakes, Place};
use super::press::read_text;
use file::Entry;

/// One language's messages, read for a build.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    /// From the root of the tree.
    file: String,
    entries: HashMap<String, Entry>,
}

impl Catalogue {
    /// Reads the translation into `lang`; one that does not exist is empty.
    pub(crate) fn read(course: &Course, lang: &str) -> Result<Catalogue> {
        let file = file_name(lang);
        let entries = match read_text(&course.root.join(&file)) {
            Ok(text) => file::parse(&file, &text)?.entries,
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                let what = format!("cannot read {file}");
                return Err(error).context(what);
            }
        };
        let entries = entries
            .into_iter()
            .map(|e| (e.english.clone(), e))
            .collect();
        Ok(Catalogue { file, entries })
    }

    /// The translation of a message, or why there is none.
    pub(crate) fn translation(
        &self,
        english: &str,
    ) -> Result<&str, &'static str> {
        match self.entries.get(english) {
            Some(entry) if entry.is_fuzzy() => {
                Err("the translation is marked fuzzy")
            }
            Some(entry) if entry.is_translated() => Ok(&entry.translation),
            _ => Err("not translated yet"),
        }
    }

    /// Every translation that lost something of its message.
    pub(crate) fn lint(&self) -> Mistakes {
        let mut mistakes = Mistakes::default();
        for entry in self.entries.values() {
            if entry.is_fuzzy() || !entry.is_translated() {
                continue;
            }
            for fault in lint::faults(&entry.english, &entry.translation) {
                mistakes.add(&Place::new(&self.file, entry.line), fault);
            }
        }
        mistakes
    }
}

/// How much of the book is translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    pub lang: String,
    pub translated: usize,
    pub fuzzy: usize,
    pub missing: usize,
}

impl Coverage {
    /// Whether every message has a translation that nobody doubts.
    pub fn is_complete(&self) -> bool {
        self.fuzzy == 0 && self.missing == 0
    }

    fn of<'e>(lang: &str, entries: impl Iterator<Item = &'e Entry>) -> Self {
        let mut coverage = Coverage {
            lang: lang.to_string(),
            translated: 0,
            fuzzy: 0,
            missing: 0,
        };
        for entry in entries {
            *match (entry.is_translated(), entry.is_fuzzy()) {
                (true, false) => &mut coverage.translated,
                (true, true) => &mut coverage.fuzzy,
                (false, _) => &mut coverage.missing,
            } += 1;
        }
        coverage
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Coverage {
            lang,
            translated,
            fuzzy,
            missing,
        } = self;
        let all = translated + fuzzy + missing;
        write!(f, "{lang}: {translated} of {all} messages translated")?;
        if *fuzzy > 0 {
            write!(f, ", {fuzzy} fuzzy")?;
        }
        if *missing > 0 {
            write!(f, ", {missing} missing")?;
        }
        Ok(())
    }
}

/// What [`update`] did.
#[derive(Debug, Clone)]
pub struct Update {
    pub coverage: Coverage,
    /// The file, from the root of the tree.
    pub file: String,
    /// Whether it had to be written.
    pub changed: bool,
    pub added: usize,
    /// Messages that changed, and kept their translation as a fuzzy one.
    pub fuzzy: usize,
    /// Translations whose message is gone: they are no longer in the file.
    pub dropped: Vec<(String, String)>,
}

impl fmt::Display for Update {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (file, added, fuzzy) = (&self.file, self.added, self.fuzzy);
        match self.changed {
            false => writeln!(f, "{file} is up to date")?,
            true => writeln!(f, "{file}: {added} new, {fuzzy} changed")?,
        }
        for (english, translation) in &self.dropped {
            writeln!(f, "dropped: {english}\n         {translation}")?;
        }
        write!(f, "{}", self.coverage)
    }
}

/// How much of the course, as it is now, is translated into `lang`.
pub fn coverage(course: &Course, lang: &str) -> Result<Coverage> {
    let catalogue = Catalogue::read(course, lang)?;
    let messages = extract::messages(course)?;
    let none = Entry::default();
    let entries = messages.iter();
    let entries =
        entries.map(|m| catalogue.entries.get(&m.english).unwrap_or(&none));
    Ok(Coverage::of(lang, entries))
}

/// Brings `book/po/LANG.po` up to date with the course: new messages are
/// added, translations kept, those of changed messages marked fuzzy. The
/// file is written only if that changes it.
pub fn update(course: &Course, lang: &str) -> Result<Update> {
    let file = file_name(lang);
    let path = course.root.join(&file);
    let before = read_text(&path).unwrap_or_default();
    let old = match before.as_str() {
        "" => file::File::new(lang),
        text => file::parse(&file, text)?,
    };
    let merged = merge::merge(old, extract::messages(course)?);
    let after = file::write(&merged.file)?;
    let changed = after != before;
    if changed {
        write(&path, &after)?;
    }
    Ok(Update {
        coverage: Coverage::of(lang, merged.file.entries.iter()),
        file,
        changed,
        added: merged.added,
        fuzzy: merged.fuzzy,
        dropped: merged.dropped,
    })
}

fn write(path: &PathBuf, text: &str) -> Result<()> {
    let what = || format!("cannot write {}", path.display());
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(what)?;
    }
    fs::write(path, text).with_context(what)
}

fn file_name(lang: &str) -> String {
    format!("book/po/{lang}.po")
}
