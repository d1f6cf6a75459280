//! The house rules that can be measured: every lesson has its whole set, no
//! file is left over, and programs, pages and modules keep their size.
//!
//! A file that has to break a rule says so, with its reason:
//! `// house: allow length: a table of all options of TCP`
//! (in a page: `<!-- house: allow words: … -->`).

mod libraries;
mod rules;
mod sets;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folder of the whole course.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All files below `folder` of the root whose name ends in `.END`.
fn files(folder: &str, end: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    walk(&root().join(folder), end, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(dir: &Path, end: &str, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(dir)
        .with_context(|| format!("cannot read {}", dir.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            walk(&path, end, found)?;
        } else if path.extension().is_some_and(|it| it == end) {
            found.push(path);
        }
    }
    Ok(())
}

/// A source and what is wrong with it, collected over all files.
struct File {
    name: String,
    text: String,
}

impl File {
    fn read(path: &Path) -> Result<File> {
        let name = path.strip_prefix(root()).unwrap_or(path);
        let text = fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let name = name.to_string_lossy().replace('\\', "/");
        Ok(File { name, text })
    }

    /// Whether the file says that it breaks `rule`, and why.
    fn allows(&self, rule: &str) -> bool {
        let word = format!("house: allow {rule}: ");
        self.text.lines().any(|line| {
            line.split_once(&word)
                .is_some_and(|(_, reason)| reason.trim().len() > 10)
        })
    }
}

/// Fails with every mistake, not with the first.
fn none(mistakes: &[String]) {
    assert!(mistakes.is_empty(), "\n{}\n", mistakes.join("\n"));
}
