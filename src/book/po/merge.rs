//! A translation brought up to date: in go the file as it was and the
//! messages as they are, out comes the file with nothing lost in silence.

use std::collections::{HashMap, HashSet};

use super::extract::Found;
use super::file::{Entry, File};

/// How alike two messages must be for one's translation to serve the other
/// as a draft: 0 is nothing alike, 1 is the same.
const ALIKE: f64 = 0.6;

/// What came of it.
pub(super) struct Merged {
    pub(super) file: File,
    pub(super) added: usize,
    pub(super) fuzzy: usize,
    pub(super) dropped: Vec<(String, String)>,
}

/// Keeps, drafts or adds an entry for each message.
pub(super) fn merge(mut file: File, messages: Vec<Found>) -> Merged {
    let old = std::mem::take(&mut file.entries);
    let here: HashSet<_> = messages.iter().map(|m| &m.english).collect();
    let (known, mut gone): (Vec<_>, Vec<_>) = old
        .into_iter()
        .partition(|entry| here.contains(&entry.english));
    gone.retain(Entry::is_translated);
    let mut known: HashMap<_, _> =
        known.into_iter().map(|e| (e.english.clone(), e)).collect();
    let mut merged = Merged {
        file,
        added: 0,
        fuzzy: 0,
        dropped: Vec::new(),
    };
    let mut used = HashSet::new();
    for Found { english, files } in messages {
        let mut entry = if let Some(entry) = known.remove(&english) {
            kept(entry)
        } else if let Some(index) = most_alike(&english, &gone) {
            merged.fuzzy += 1;
            used.insert(index);
            draft(&gone[index])
        } else {
            merged.added += 1;
            Entry::default()
        };
        entry.english = english;
        entry.files = files;
        merged.file.entries.push(entry);
    }
    for (index, entry) in gone.into_iter().enumerate() {
        if !used.contains(&index) {
            merged.dropped.push((entry.english, entry.translation));
        }
    }
    merged
}

/// An entry whose message is still there.
fn kept(mut entry: Entry) -> Entry {
    if !entry.is_fuzzy() {
        entry.before = None;
    }
    entry
}

/// The translation of a message that is gone, for one that is like it.
fn draft(old: &Entry) -> Entry {
    let before = old.before.as_ref().filter(|_| old.is_fuzzy());
    Entry {
        translation: old.translation.clone(),
        remarks: old.remarks.clone(),
        before: Some(before.unwrap_or(&old.english).clone()),
        flags: vec!["fuzzy".to_string()],
        ..Entry::default()
    }
}

/// The entry whose message is most like this one, if any is like it.
fn most_alike(english: &str, gone: &[Entry]) -> Option<usize> {
    let alike = |e: &Entry| strsim::normalized_levenshtein(english, &e.english);
    gone.iter()
        .map(alike)
        .enumerate()
        .filter(|(_, alike)| *alike >= ALIKE)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(english: &str, translation: &str) -> Entry {
        Entry {
            english: english.into(),
            translation: translation.into(),
            ..Entry::default()
        }
    }

    fn found(english: &str) -> Found {
        Found {
            english: english.into(),
            files: vec!["a.md".into()],
        }
    }

    #[test]
    fn translations_are_kept_made_fuzzy_or_reported() {
        let mut old = File::new("zh-CN");
        old.entries = vec![
            entry("It waits for three seconds.", "等三秒。"),
            entry("Gone for good, with all its words.", "没了"),
            entry("Kept.", "留着。"),
        ];
        let merged = merge(
            old,
            vec![
                found("Kept."),
                found("It waits for four seconds."),
                found("New"),
            ],
        );
        let [kept, changed, new] = &merged.file.entries[..] else {
            panic!("{:?}", merged.file.entries);
        };
        assert_eq!(kept.translation, "留着。");
        assert!(!kept.is_fuzzy());
        assert_eq!(changed.translation, "等三秒。");
        assert!(changed.is_fuzzy());
        let before = changed.before.as_deref();
        assert_eq!(before, Some("It waits for three seconds."));
        assert!(!new.is_translated());
        assert_eq!((merged.added, merged.fuzzy), (1, 1));
        assert_eq!(merged.dropped.len(), 1);
        assert_eq!(merged.dropped[0].1, "没了");
    }

    #[test]
    fn a_message_changed_twice_shows_what_was_translated() {
        let mut old = File::new("zh-CN");
        old.entries = vec![entry("One two three four", "一")];
        let once = merge(old, vec![found("One two three five")]);
        let twice = merge(once.file, vec![found("One two three fives")]);
        let entry = &twice.file.entries[0];
        assert_eq!(entry.before.as_deref(), Some("One two three four"));
    }
}
