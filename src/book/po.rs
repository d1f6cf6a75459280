//! Translations.
use anyhow::{Context, Result};
use polib::message::MessageView;
use std::collections::HashMap;
use std::path::Path;

#[derive(Debug)]
pub struct Catalogue {
    entries: HashMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    text: String,
    fuzzy: bool,
}

impl Catalogue {
    pub fn read(path: &Path) -> Result<Catalogue> {
        let shown = || format!("cannot read {}", path.display());
        let catalogue = polib::po_file::parse(path).with_context(shown)?;
        let entries = catalogue.messages().map(|m| {
            let text = m.msgstr().unwrap_or("").to_string();
            let fuzzy = m.is_fuzzy();
            (m.msgid().to_string(), Entry { text, fuzzy })
        });
        Ok(Catalogue {
            entries: entries.collect(),
        })
    }

    pub(crate) fn translation(
        &self,
        english: &str,
    ) -> Result<&str, &'static str> {
        match self.entries.get(english) {
            None => Err("not in the catalogue"),
            Some(entry) if entry.text.is_empty() => Err("not translated"),
            Some(entry) if entry.fuzzy => {
                Err("its translation is marked fuzzy")
            }
            Some(entry) => Ok(&entry.text),
        }
    }
}
