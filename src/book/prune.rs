//! What a built folder needs: in goes the folder, and mdBook's own scripts,
//! styles and fonts that no page of ours asks for are gone from it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use memchr::memmem;

/// mdBook writes these whether a template uses them or not.
const BUILT_IN: &[&str] = &[
    ".nojekyll",
    "ayu-highlight.css",
    "book.js",
    "clipboard.min.js",
    "css/chrome.css",
    "css/general.css",
    "css/print.css",
    "css/variables.css",
    "favicon.png",
    "favicon.svg",
    "fonts/fonts.css",
    "highlight.css",
    "highlight.js",
    "print.html",
    "toc.html",
    "toc.js",
    "tomorrow-night.css",
];

/// Removes what mdBook added and no page or style names.
pub(super) fn prune(folder: &Path) -> Result<()> {
    let files = files(folder)?;
    let mut texts = String::new();
    for file in &files {
        let text = file.ends_with(".html") || file.ends_with(".css");
        if text && !is_built_in(file) {
            texts.push_str(&read(&folder.join(file))?);
        }
    }
    for file in &files {
        let name = file.rsplit('/').next().unwrap_or(file);
        // The texts are megabytes, and this search is optimized.
        let named = || memmem::find(texts.as_bytes(), name.as_bytes());
        if is_built_in(file) && named().is_none() {
            remove(&folder.join(file))?;
        }
    }
    for name in ["css", "fonts"] {
        // Only an empty folder can be removed so.
        let _ = fs::remove_dir(folder.join(name));
    }
    Ok(())
}

/// Whether this is mdBook's, with or without the hash in its name.
fn is_built_in(file: &str) -> bool {
    let is_font = file.starts_with("fonts/open-sans")
        || file.starts_with("fonts/source-code-pro")
        || file.starts_with("fonts/OPEN-SANS")
        || file.starts_with("fonts/SOURCE-CODE-PRO");
    is_font || BUILT_IN.contains(&unhashed(file).as_str())
}

/// `css/general.css` of `css/general-1a2b3c4d.css`.
fn unhashed(file: &str) -> String {
    let hash =
        |s: &str| s.len() == 8 && s.chars().all(|c| c.is_ascii_hexdigit());
    match file.rsplit_once('-') {
        Some((stem, rest)) => match rest.split_once('.') {
            Some((middle, end)) if hash(middle) => format!("{stem}.{end}"),
            _ => file.to_string(),
        },
        None => file.to_string(),
    }
}

/// The files below a folder, with `/`, in a fixed order.
pub(super) fn files(folder: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut open: Vec<PathBuf> = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        let what = || format!("cannot read {}", next.display());
        for entry in fs::read_dir(&next).with_context(what)? {
            let path = entry.with_context(what)?.path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(name) = path.strip_prefix(folder) {
                found.insert(name.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    Ok(found)
}

pub(super) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path)
        .with_context(|| format!("cannot read {}", path.display()))
}

fn remove(path: &Path) -> Result<()> {
    fs::remove_file(path)
        .with_context(|| format!("cannot remove {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_names_stays() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("a.html", "<link href=\"favicon-0a1b2c3d.svg\">");
        write("favicon-0a1b2c3d.svg", "");
        write("book-0a1b2c3d.js", "");
        write("theme/wire-0a1b2c3d.css", "");
        write("fonts/open-sans-v17-all.woff2", "");
        write("toc.html", "book-0a1b2c3d.js");
        prune(folder.path()).unwrap();
        let left: Vec<_> = files(folder.path()).unwrap().into_iter().collect();
        let kept =
            ["a.html", "favicon-0a1b2c3d.svg", "theme/wire-0a1b2c3d.css"];
        assert_eq!(left, kept);
        assert!(!folder.path().join("fonts").exists());
    }
}
