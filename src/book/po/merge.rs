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

pub(super) fn merge(old: File, messages: Vec<Found>) -> Merged {
    let (mut file, entries) = (old, Vec::new());
    let old = std::mem::replace(&mut file.entries, entries);
    let order: Vec<_> = old.iter().map(|e| e.english.clone()).collect();
    let mut old: HashMap<_, _> =
        old.into_iter().map(|e| (e.english.clone(), e)).collect();
    let here: HashSet<_> = messages.iter().map(|m| &m.english).collect();
    let gone: Vec<&String> = order
        .iter()
        .filter(|text| !here.contains(text) && old[*text].is_translated())
        .collect();
    let mut reused = HashSet::new();
    let (mut added, mut fuzzy) = (0, 0);
    let mut new = Vec::with_capacity(messages.len());
    let mut drafts = HashMap::new();
    for message in &messages {
        if old.contains_key(&message.english) {
            continue;
        }
        if let Some(like) = most_alike(&message.english, &gone) {
            reused.insert(like.clone());
            drafts.insert(&message.english, draft(&old[like]));
        }
    }
    for message in &messages {
        let known = old.remove(&message.english);
        let mut entry = match (known, drafts.remove(&message.english)) {
            (Some(entry), _) => kept(entry),
            (None, Some(draft)) => {
                fuzzy += 1;
                draft
            }
            (None, None) => {
                added += 1;
                Entry::default()
            }
        };
        entry.english = message.english.clone();
        entry.files = message.files.clone();
        new.push(entry);
    }
    let dropped = gone.into_iter().filter(|text| !reused.contains(*text));
    let dropped =
        dropped.map(|text| (text.clone(), old[text].translation.clone()));
    let dropped = dropped.collect();
    file.entries = new;
    Merged {
        file,
        added,
        fuzzy,
        dropped,
    }
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

fn most_alike<'g>(english: &str, gone: &[&'g String]) -> Option<&'g String> {
    gone.iter()
        .map(|text| (strsim::normalized_levenshtein(english, text), *text))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, text)| text)
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
