//! The real pages: their links, their ids, and the stock `mdbook`.

use std::collections::BTreeMap;
use std::env;
use std::process::Command;

use anyhow::{Result, ensure};
use wire::book;
use wire::course::Course;

use crate::translation::msgfmt;
use crate::tree::{self, Tree};

fn real() -> Result<Course> {
    Course::load(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_build_holds_only_what_its_pages_use() -> Result<()> {
    let tree = Tree::new()?;
    let files = tree.build("en")?;
    for name in files.keys() {
        ensure!(!name.contains("highlight"), "{name}");
        ensure!(!name.contains("toc"), "{name}");
        ensure!(!name.contains("book-"), "{name}");
    }
    Ok(())
}

#[test]
fn the_real_book_has_no_link_that_leads_nowhere() -> Result<()> {
    let course = real()?;
    let out = tempfile::tempdir()?;
    let mut ids: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for lang in book::LANGUAGES {
        let dest = out.path().join(lang);
        book::build(&course, lang, &dest)?;
        for (name, text) in tree::files(&dest)? {
            if name.ends_with(".html") {
                let heads = tree::heading_ids(&text);
                ids.entry(name).or_default().push(heads);
            }
        }
    }
    book::check_links(out.path())?;
    for (page, ids) in ids {
        ensure!(ids.len() == 2 && ids[0] == ids[1], "{page}: {ids:?}");
    }
    msgfmt(&course.root.join("book/po/zh-CN.po"))
}

/// The template has no way to turn `faq.md` into `faq.html`: it lists them.
#[test]
fn the_contents_lead_to_every_page() -> Result<()> {
    let course = real()?;
    let out = tempfile::tempdir()?;
    book::build(&course, "en", out.path())?;
    let pages = tree::files(out.path())?;
    let contents = |name: &str| {
        let link = format!("<a href=\"{name}\"");
        pages["lesson1.html"].contains(&link)
    };
    for name in pages.keys().filter(|name| name.ends_with(".html")) {
        ensure!(contents(name), "the contents have no {name}");
        let other = format!("href=\"../zh-CN/{name}\"");
        ensure!(pages[name].contains(&other), "{name} has no translation");
    }
    Ok(())
}

/// What a page may carry of points, and a script that draws them.
const POINTS: usize = 40_000;
const SCRIPT: usize = 15_000;

#[test]
fn every_formula_and_picture_is_shown_once_and_no_page_is_heavy() -> Result<()>
{
    let course = real()?;
    let out = tempfile::tempdir()?;
    book::build(&course, "en", out.path())?;
    let pages = tree::files(out.path())?;
    let shown = |id: &str| {
        let id = format!(" id=\"{id}\"");
        pages.values().filter(|page| page.contains(&id)).count()
    };
    for it in book::explore::ALL {
        let name = it.name;
        let count = shown(&format!("explore-{name}"));
        ensure!(count == 1, "{name} is on {count} pages");
        // On its lesson's page, as soon as there is one.
        let home = match course.lesson(it.lesson) {
            Ok(lesson) => format!("lesson{}.html", lesson.number),
            Err(_) => "formulas.html".to_string(),
        };
        let there = pages[&home].contains(&format!(" id=\"explore-{name}\""));
        ensure!(there, "{name} belongs on {home}");
    }
    let sheet = &pages["formulas.html"];
    for formula in lessons::formulas::ALL {
        let id = format!(" id=\"formula-{}\"", formula.name);
        let count = sheet.matches(&id).count();
        ensure!(count == 1, "{} is {count} times there", formula.name);
    }
    for (name, page) in &pages {
        let points = page.split("<script type=\"application/json\">").skip(1);
        let points = points.filter_map(|it| it.split("</script>").next());
        let size: usize = points.map(str::len).sum();
        ensure!(size <= POINTS, "{name} has {size} bytes of points");
    }
    let script = course.root.join("book/theme/scripts/explore.js");
    let size = std::fs::metadata(script)?.len() as usize;
    ensure!(size <= SCRIPT, "the script has {size} bytes");
    Ok(())
}

#[test]
fn the_stock_mdbook_builds_the_same_pages() -> Result<()> {
    let mdbook = env::var_os("MDBOOK").unwrap_or("mdbook".into());
    let version = Command::new(&mdbook).arg("--version").output();
    if !version.is_ok_and(|run| run.stdout.ends_with(b" v0.5.4\n")) {
        return tree::skip("mdbook 0.5.4 is not installed");
    }
    let course = real()?;
    let wire = env!("CARGO_BIN_EXE_wire");
    for lang in book::LANGUAGES {
        let out = tempfile::tempdir()?;
        let (stock, ours) = (out.path().join("stock"), out.path().join("ours"));
        let run = Command::new(&mdbook)
            .args(["build", "--dest-dir"])
            .arg(&stock)
            .arg(course.root.join("book"))
            .env("MDBOOK_BOOK__LANGUAGE", lang)
            // As in book.toml, but without a second cargo beside this one.
            .env(
                "MDBOOK_PREPROCESSOR__WIRE__COMMAND",
                format!("'{wire}' preprocess"),
            )
            .output()?;
        let said = String::from_utf8_lossy(&run.stderr);
        ensure!(run.status.success(), "{said}");
        book::build(&course, lang, &ours)?;
        let stock = tree::files(&stock)?;
        for (name, text) in tree::files(&ours)? {
            if name != "search.json" {
                let same = stock.get(&name) == Some(&text);
                ensure!(same, "{lang}/{name} differs from stock mdbook's");
            }
        }
    }
    Ok(())
}

#[test]
fn line_ends_of_windows_make_the_same_pages() -> Result<()> {
    let tree = Tree::new()?;
    tree.translate(&[])?;
    let before: Vec<_> = book::LANGUAGES
        .iter()
        .map(|lang| tree.build(lang))
        .collect::<Result<_>>()?;
    for (name, text) in tree::files(&tree.path(""))? {
        tree.write(&name, &text.replace('\n', "\r\n"))?;
    }
    for (lang, before) in book::LANGUAGES.iter().zip(before) {
        for (name, text) in tree.build(lang)? {
            // The template is not ours to mend.
            let same = text.replace("\r\n", "\n") == before[&name];
            ensure!(same, "{lang}/{name} differs: {text}");
        }
    }
    Ok(())
}
