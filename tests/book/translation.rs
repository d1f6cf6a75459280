//! One book in two languages: the catalogue, and what is missing in it.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wire::book::{self, po};

use crate::tree::{self, Tree};

#[test]
fn headings_have_the_same_ids_in_both_languages() -> Result<()> {
    let tree = Tree::new()?;
    tree.append(
        "book/src/lesson1.md",
        "\n## Twice `x`\n\n## Twice `x`\n\n## Own {#mine}\n",
    )?;
    tree.translate(&[("Twice `x`", "两次 `x`"), ("Own", "自己的")])?;
    let (english, chinese) = (tree.build("en")?, tree.build("zh-CN")?);
    let (english, chinese) =
        (&english["lesson1.html"], &chinese["lesson1.html"]);
    assert_eq!(
        tree::heading_ids(english),
        ["one", "twice-x", "twice-x-1", "mine"]
    );
    assert_eq!(tree::heading_ids(chinese), tree::heading_ids(english));
    ensure!(
        chinese.contains("两次 <code>x</code></a></h2>"),
        "{chinese}"
    );
    Ok(())
}

#[test]
fn a_missing_translation_fails_with_its_line_or_is_shown_in_english()
-> Result<()> {
    let tree = Tree::new()?;
    tree.translate(&[])?;
    ensure!(tree.build("zh-CN").is_ok());
    tree.append("book/src/lesson1.md", "\nNot yet *there*.\n")?;
    tree.append("book/src/SUMMARY.md", "- [Three]()\n")?;
    tree.append(
        "book/quizzes/lesson1.toml",
        "\n[[question.choice]]\ntext = \"New\"\nwhy = \"No.\"\n",
    )?;
    let error = tree.error("zh-CN")?;
    assert_eq!(
        error.lines().collect::<Vec<_>>(),
        [
            "book/quizzes/lesson1.toml:12: not translated yet: \"New\"",
            "book/src/SUMMARY.md:9: not translated yet: \"Three\"",
            "book/src/lesson1.md:9: not translated yet: \"Not yet *there*.\"",
        ]
    );
    let dest = tempfile::tempdir()?;
    let report = book::build_draft(&tree.course()?, "zh-CN", dest.path())?;
    assert_eq!(report.untranslated.len(), 3);
    let html = fs::read_to_string(dest.path().join("lesson1.html"))?;
    ensure!(html.contains("Not yet <em>there</em>."));
    ensure!(html.contains("译 One"));
    Ok(())
}

#[test]
fn a_translation_that_breaks_the_markdown_fails_with_its_line() -> Result<()> {
    let tree = Tree::new()?;
    tree.append("book/src/lesson1.md", "\nOnly **one** [start](index.md).\n")?;
    tree.translate(&[(
        "Only **one** [start](index.md).",
        "只有**“一”**个，[从这里](lesson1.md)。",
    )])?;
    let error = tree.error("zh-CN")?;
    let text = fs::read_to_string(tree.path("book/po/zh-CN.po"))?;
    let line = text.lines().position(|l| l.contains("Only **one**"));
    let line = line.context("the message")? + 1;
    let place = format!("book/po/zh-CN.po:{line}: ");
    ensure!(
        error.contains(&format!("{place}a `*` is left as text")),
        "{error}"
    );
    ensure!(
        error.contains(&format!("{place}the translation lacks the link to")),
        "{error}"
    );
    Ok(())
}

#[test]
fn the_catalogue_follows_the_pages() -> Result<()> {
    let tree = Tree::new()?;
    let course = tree.course()?;
    let first = po::update(&course, "zh-CN")?;
    ensure!(first.changed && first.coverage.translated == 0);
    tree.translate(&[])?;
    let again = po::update(&course, "zh-CN")?;
    ensure!(!again.changed && again.coverage.is_complete(), "{again}");
    let page = "book/src/index.md";
    tree.write(page, "# Start\n\nGo on to [lesson one](lesson1.md).\n")?;
    let changed = po::update(&course, "zh-CN")?;
    assert_eq!((changed.fuzzy, changed.added), (1, 0), "{changed}");
    let coverage = po::coverage(&course, "zh-CN")?;
    assert_eq!((coverage.fuzzy, coverage.missing), (1, 0));
    ensure!(!coverage.is_complete());
    let error = tree.error("zh-CN")?;
    ensure!(
        error
            .starts_with(&format!("{page}:3: the translation is marked fuzzy"))
    );
    tree.write(page, "# Start\n\nEverything else.\n")?;
    let dropped = po::update(&course, "zh-CN")?;
    assert_eq!(dropped.dropped.len(), 1, "{dropped}");
    msgfmt(&tree.path("book/po/zh-CN.po"))
}

/// GNU gettext's own opinion of a file.
pub fn msgfmt(file: &Path) -> Result<()> {
    let run = Command::new("msgfmt")
        .args(["--check", "-o"])
        .arg(file.with_extension("mo"))
        .arg(file)
        .output();
    let Ok(run) = run else {
        return tree::skip("msgfmt is not installed");
    };
    let _ = fs::remove_file(file.with_extension("mo"));
    let said = String::from_utf8_lossy(&run.stderr);
    ensure!(run.status.success() && said.is_empty(), "{said}");
    Ok(())
}

#[test]
fn the_search_index_holds_both_languages() -> Result<()> {
    let tree = Tree::new()?;
    tree.translate(&[(
        "Go to [one](lesson1.md).",
        "三次握手，见[一](lesson1.md)。",
    )])?;
    let index = &tree.build("zh-CN")?["search.json"];
    let sections: Vec<[String; 4]> = serde_json::from_str(index)?;
    let start = &sections[0];
    assert_eq!(start[0], "index.html#start");
    assert_eq!(start[3], "三次握手，见一。");
    ensure!(!index.contains("println"));
    Ok(())
}

#[test]
fn a_language_that_there_is_no_book_in_is_refused() -> Result<()> {
    let error = Tree::new()?.error("de")?;
    ensure!(error == "there is no book in \"de\": there are en and zh-CN");
    Ok(())
}
