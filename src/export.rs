//! `wire export`: in goes the course, out comes a folder that any web server
//! can serve, or a browser can open from a disk.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::book;
use crate::course::Course;

/// Leads to the language that the browser prefers; without JavaScript, to
/// both.
const INDEX: &str = include_str!("export/index.html");
const SCRIPT: &str = include_str!("export/index.js");

/// Writes the book in all languages into `dir`; how many files there are.
pub fn export(course: &Course, dir: &Path) -> Result<usize> {
    book::build_all(course, dir)?;
    for (name, text) in [("index.html", INDEX), ("index.js", SCRIPT)] {
        let path = dir.join(name);
        fs::write(&path, text)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    book::check_links(dir)?;
    count(dir)
}

fn count(dir: &Path) -> Result<usize> {
    let mut files = 0;
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        files += if path.is_dir() { count(&path)? } else { 1 };
    }
    Ok(files)
}
