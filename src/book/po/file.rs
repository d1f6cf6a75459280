//! A `.po` file: in goes its text, out come its entries, and back again.
//!
//! `polib` reads and writes it; what `polib` would pass over in silence (a
//! line that is none, a message that stands there twice) is found here.

use std::collections::HashMap;
use std::io::BufWriter;

use anyhow::{Context, Result};
use polib::catalog::Catalog;
use polib::message::{Message, MessageFlags, MessageView};
use polib::metadata::CatalogMetadata;
use polib::po_file;

use crate::book::mistakes::{Mistakes, Place};

/// What [`Entry::before`] is marked with in the file.
const BEFORE: &str = "before: ";

/// A message with its translation.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Entry {
    pub(super) english: String,
    pub(super) translation: String,
    /// The line of its `msgid`, from 1.
    pub(super) line: usize,
    /// The files it stands in.
    pub(super) files: Vec<String>,
    /// A translator's own remarks.
    pub(super) remarks: String,
    /// If the translation is fuzzy: the message that it was made for.
    pub(super) before: Option<String>,
    pub(super) flags: Vec<String>,
}

impl Entry {
    pub(super) fn is_translated(&self) -> bool {
        !self.translation.is_empty()
    }

    pub(super) fn is_fuzzy(&self) -> bool {
        self.flags.iter().any(|flag| flag == "fuzzy")
    }
}

/// All of a file, in its order.
#[derive(Debug)]
pub(super) struct File {
    head: Catalog,
    pub(super) entries: Vec<Entry>,
}

impl File {
    /// An empty translation into `lang`.
    pub(super) fn new(lang: &str) -> File {
        let metadata = CatalogMetadata {
            project_id_version: "Bytes on the Wire".into(),
            // Fixed: a date that moves would be a diff in every commit.
            po_revision_date: "2026-11-23 00:00+0000".into(),
            last_translator: "The Bytes on the Wire authors".into(),
            language_team: lang.into(),
            mime_version: "1.0".into(),
            content_type: "text/plain; charset=UTF-8".into(),
            content_transfer_encoding: "8bit".into(),
            language: lang.replace('-', "_"),
            ..CatalogMetadata::new()
        };
        let head = Catalog::new(metadata);
        let entries = Vec::new();
        File { head, entries }
    }
}

/// Reads the text of `name`.
pub(super) fn parse(name: &str, text: &str) -> Result<File> {
    let lines = check(name, text)?;
    let mut head = po_file::parse_from_reader(text.as_bytes())
        .with_context(|| format!("cannot read {name}"))?;
    let entries: Vec<Entry> = head
        .messages()
        .map(|message| entry(message, &lines))
        .collect();
    let metadata = head.metadata.clone();
    let preheader = std::mem::take(&mut head.preheader);
    head = Catalog::new(metadata);
    head.preheader = preheader;
    Ok(File { head, entries })
}

fn entry(message: &dyn MessageView, lines: &HashMap<String, usize>) -> Entry {
    let english = message.msgid().to_string();
    let notes = message.extracted_comments();
    Entry {
        line: lines.get(&english).copied().unwrap_or(0),
        translation: message.msgstr().unwrap_or("").to_string(),
        files: message.source().lines().map(str::to_string).collect(),
        remarks: message.translator_comments().to_string(),
        before: notes.strip_prefix(BEFORE).map(str::to_string),
        flags: message.flags().entries.clone(),
        english,
    }
}

/// Finds what is no part of a `.po` file, and the line of each message.
fn check(name: &str, text: &str) -> Result<HashMap<String, usize>> {
    let mut mistakes = Mistakes::default();
    let mut messages: HashMap<String, usize> = HashMap::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        let place = Place::new(name, number);
        let (field, quoted) = match line.split_once('"') {
            Some((field, _)) => (field.trim(), line[field.len()..].trim()),
            None => (line.trim(), ""),
        };
        let is_comment = line.starts_with('#');
        if !is_comment && !line.is_empty() && !is_string(quoted) {
            mistakes.add(&place, "this is no line of a .po file");
            continue;
        }
        match field {
            _ if is_comment => {}
            "" => {
                if let Some((_, english)) = &mut open {
                    english.push_str(&unquoted(quoted));
                }
            }
            "msgid" => open = Some((number, unquoted(quoted))),
            "msgstr" => {
                if let Some((number, english)) = open.take()
                    && let Some(first) = messages.insert(english, number)
                {
                    let text = format!("the message of line {first} again");
                    mistakes.add(&Place::new(name, number), text);
                }
            }
            _ => mistakes.add(&place, format!("`{field}` is not used here")),
        }
    }
    mistakes.into_result()?;
    Ok(messages)
}

/// Whether this is a string in quotes, with no bare quote inside.
fn is_string(quoted: &str) -> bool {
    let inner = quoted.strip_prefix('"').and_then(|s| s.strip_suffix('"'));
    let Some(inner) = inner else {
        return false;
    };
    let mut escaped = false;
    for c in inner.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return false,
            _ => {}
        }
    }
    !escaped
}

fn unquoted(quoted: &str) -> String {
    let inner = quoted.trim_start_matches('"');
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut text = String::new();
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => text.push('\n'),
                Some('t') => text.push('\t'),
                Some(other) => text.push(other),
                None => {}
            },
            c => text.push(c),
        }
    }
    text
}

/// The file as text.
pub(super) fn write(file: &File) -> Result<String> {
    let mut catalog = file.head.clone();
    for entry in &file.entries {
        let flags = entry.flags.clone();
        let before = entry.before.as_ref();
        let before = before.map(|text| format!("{BEFORE}{text}"));
        catalog.append_or_update(
            Message::build_singular()
                .with_msgid(entry.english.clone())
                .with_msgstr(entry.translation.clone())
                .with_source(entry.files.join("\n"))
                .with_translator_comments(entry.remarks.clone())
                .with_extracted_comments(before.unwrap_or_default())
                .with_flags(MessageFlags { entries: flags })
                .done(),
        );
    }
    let mut bytes = Vec::new();
    po_file::write(&catalog, &mut BufWriter::new(&mut bytes))?;
    let text = String::from_utf8(bytes)?;
    Ok(format!("{}\n", text.trim_end()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(english: &str, translation: &str) -> Entry {
        Entry {
            english: english.into(),
            translation: translation.into(),
            files: vec!["a.md".into(), "b.md".into()],
            ..Entry::default()
        }
    }

    #[test]
    fn a_file_comes_back_as_it_was_written() {
        let mut file = File::new("zh-CN");
        let long = "word ".repeat(40) + "\"quoted\" \\ and\ttab";
        file.entries = vec![entry("a", "甲"), entry(&long, "长")];
        file.entries[1].flags = vec!["fuzzy".into()];
        file.entries[1].before = Some("what \"was\"".into());
        file.entries[0].remarks = "mine".into();
        let text = write(&file).unwrap();
        let mut read = parse("x.po", &text).unwrap();
        assert_eq!(write(&read).unwrap(), text);
        let line = read.entries[0].line;
        assert_eq!(text.lines().nth(line - 1), Some("msgid \"a\""));
        assert!(read.entries[1].line > line, "{text}");
        for entry in &mut read.entries {
            entry.line = 0;
        }
        assert_eq!(read.entries, file.entries);
    }

    #[test]
    fn what_polib_would_pass_over_is_found_with_its_line() {
        let head = "msgid \"\"\nmsgstr \"Language: zh\\n\"\n\n";
        let text = format!(
            "{head}msgid \"a\"\nmsgstr \"b\"\n\nmsgid \"a\"\nmsgstr \"c\n\
             msgctxt \"x\"\noh\n"
        );
        let error = parse("x.po", &text).unwrap_err().to_string();
        let lines: Vec<_> = error.lines().collect();
        assert_eq!(
            lines,
            [
                "x.po:8: this is no line of a .po file",
                "x.po:9: `msgctxt` is not used here",
                "x.po:10: this is no line of a .po file",
            ]
        );
        let twice = format!(
            "{head}msgid \"a\"\nmsgstr \"\"\n\nmsgid \"\"\n\"a\"\n\
             msgstr \"c\"\n"
        );
        let error = parse("x.po", &twice).unwrap_err().to_string();
        assert_eq!(error, "x.po:7: the message of line 4 again");
    }
}
