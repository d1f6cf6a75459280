//! Links of the finished pages: in goes a folder of HTML and CSS, out comes
//! every link in it that leads nowhere, and every anchor that is there twice.
//! Links to other hosts are not followed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;

use super::mistakes::{Mistakes, Place};
use super::prune::{files, read};

/// A page's own anchors, and what it asks for.
#[derive(Debug, Default)]
struct Page {
    ids: BTreeSet<String>,
    twice: Vec<(usize, String)>,
    targets: Vec<(usize, String)>,
}

/// Checks every link below `folder`, of a page or a style: the file must be
/// there, and the anchor in it. The error lists all that are not.
pub fn check_links(folder: &Path) -> Result<()> {
    let files = files(folder)?;
    let mut pages = BTreeMap::new();
    for file in &files {
        let read = || read(&folder.join(file));
        if file.ends_with(".html") {
            pages.insert(file.clone(), Page::read(&read()?));
        } else if file.ends_with(".css") {
            pages.insert(file.clone(), Page::read_style(&read()?));
        }
    }
    let mut mistakes = Mistakes::default();
    for (file, page) in &pages {
        for (line, target) in &page.targets {
            if let Some(fault) = fault(file, target, &files, &pages) {
                mistakes.add(&Place::new(file, *line), fault);
            }
        }
        for (line, id) in &page.twice {
            let text = format!("`id=\"{id}\"` is on this page twice");
            mistakes.add(&Place::new(file, *line), text);
        }
    }
    Ok(mistakes.into_result()?)
}

fn fault(
    from: &str,
    target: &str,
    files: &BTreeSet<String>,
    pages: &BTreeMap<String, Page>,
) -> Option<String> {
    let elsewhere = ["https:", "http:", "mailto:", "data:"];
    if elsewhere.iter().any(|scheme| target.starts_with(scheme)) {
        return None;
    }
    let (path, anchor) = match target.split_once('#') {
        Some((path, anchor)) => (path, Some(anchor)),
        None => (target, None),
    };
    let Some(file) = resolve(from, path) else {
        return Some(format!("the link {target} leads out of the book"));
    };
    if !files.contains(&file) {
        return Some(format!("the link {target} leads to no file"));
    }
    let page = pages.get(&file)?;
    let anchor = anchor.filter(|a| !a.is_empty())?;
    (!page.ids.contains(anchor)).then(|| {
        format!("the link {target} leads to no `id=\"{anchor}\"` in {file}")
    })
}

/// The file that a relative link means; none above the folder.
fn resolve(from: &str, path: &str) -> Option<String> {
    if path.is_empty() {
        return Some(from.to_string());
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('?').next()?.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let file = parts.join("/");
    Some(match file.is_empty() || file.ends_with('/') {
        true => file + "index.html",
        false => file,
    })
}

impl Page {
    fn read(html: &str) -> Page {
        let mut page = Page::default();
        let mut line = 1;
        let mut rest = html;
        while let Some((before, after)) = rest.split_once('<') {
            line += before.matches('\n').count();
            let end = match after.strip_prefix("!--") {
                Some(comment) => comment.find("-->").map_or(3, |at| at + 6),
                None => tag_end(after),
            };
            let (tag, after) = after.split_at(end);
            if !tag.starts_with('!') {
                page.tag(tag, line);
            }
            line += tag.matches('\n').count();
            rest = after;
        }
        page
    }

    fn read_style(css: &str) -> Page {
        let mut page = Page::default();
        for (index, line) in css.lines().enumerate() {
            for rest in line.split("url(").skip(1) {
                let target = rest.split(')').next().unwrap_or("");
                let target = target.trim_matches(['"', '\'']);
                page.targets.push((index + 1, target.to_string()));
            }
        }
        page
    }

    fn tag(&mut self, tag: &str, line: usize) {
        for (name, value) in attributes(tag) {
            match name {
                "id" if !self.ids.insert(value.clone()) => {
                    self.twice.push((line, value));
                }
                // The script loads the search from `data-index`.
                "href" | "src" | "data-index" => {
                    self.targets.push((line, value));
                }
                _ => {}
            }
        }
    }
}

/// Where a tag ends; a `>` within quotes does not end it.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (index, c) in tag.char_indices() {
        match (quote, c) {
            (None, '>') => return index,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    tag.len()
}

/// The attributes of a tag that have a value in quotes.
fn attributes(tag: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let name = before.rsplit(char::is_whitespace).next().unwrap_or("");
        let Some(quote) = after.chars().next().filter(|c| "\"'".contains(*c))
        else {
            rest = after;
            continue;
        };
        let Some((value, after)) = after[1..].split_once(quote) else {
            break;
        };
        found.push((name, value.replace("&amp;", "&").replace("&#39;", "'")));
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn each_link_that_leads_nowhere_is_listed_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        let a = "<!-- don't <a href=\"no\"> -->\
                 <h1 id=\"top\">x</h1>\n<a href=\"b/c.html#d\">ok</a>\n\
                 <a title=\"a > b\" href='#top'>ok</a><a href=\"b/\">no</a>\n\
                 <a href=\"b/c.html#e\">no</a><img src=\"x.png\">\n\
                 <a href=\"../y\">no</a><a href=\"https://z\">ok</a>";
        fs::write(folder.path().join("a.html"), a).unwrap();
        let c = "<p id=\"d\"><b id=\"d\"><a href=\"../a.html\">ok</a>";
        fs::write(folder.path().join("b/c.html"), c).unwrap();
        let css = "a{}\nb{src:url(\"b/no.woff2\") url(a.html)}";
        fs::write(folder.path().join("s.css"), css).unwrap();
        let error = check_links(folder.path()).unwrap_err().to_string();
        let lines: Vec<_> = error.lines().collect();
        assert_eq!(
            lines,
            [
                "a.html:3: the link b/ leads to no file",
                "a.html:4: the link b/c.html#e leads to no `id=\"e\"` in \
                 b/c.html",
                "a.html:4: the link x.png leads to no file",
                "a.html:5: the link ../y leads out of the book",
                "b/c.html:1: `id=\"d\"` is on this page twice",
                "s.css:2: the link b/no.woff2 leads to no file",
            ]
        );
    }
}
