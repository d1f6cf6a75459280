//! The book: each directive, each mistake an author can make, the
//! translation, and the real pages, also as the stock `mdbook` builds them.

mod tree;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tree::Tree;
use wire::book::{self, po};
use wire::course::Course;

fn real() -> Result<Course> {
    Course::load(env!("CARGO_MANIFEST_DIR"))
}

/// The listed lines of an error, each for its own.
fn lines(error: &str) -> Vec<&str> {
    error.lines().collect()
}

#[test]
fn a_listing_shows_the_piece_with_the_files_own_lines() -> Result<()> {
    let html = Tree::new()?.page("lesson1.html")?;
    ensure!(html.contains(
        "<figcaption><a href=\"#program\">lessons/examples/lesson1.rs</a> \
         <span>lines 3–5</span></figcaption>"
    ));
    // Out of its function, highlighted, with its blank line, without marks.
    ensure!(html.contains(
        "<span class=\"m\">println!</span>(<span class=\"s\">\"hello\"</span>\
         );\n\n<span class=\"c\">// end</span></code></pre>"
    ));
    ensure!(!html.contains("ANCHOR"));
    Ok(())
}

#[test]
fn a_run_shows_the_recording_and_the_whole_program() -> Result<()> {
    let html = Tree::new()?.page("lesson1.html")?;
    ensure!(html.contains("<section class=\"run\" data-lesson=\"1\""));
    ensure!(html.contains("&quot;run&quot;:&quot;Run&quot;"));
    ensure!(html.contains("<code>cargo run --example lesson1</code>"));
    ensure!(html.contains(
        "role=\"log\" aria-label=\"Recorded output\">hello\n\n&amp; bye</pre>"
    ));
    ensure!(html.contains("<details class=\"program\" id=\"program\">"));
    ensure!(html.contains("<span class=\"f\">main</span>"));
    Ok(())
}

#[test]
fn a_listing_of_another_lesson_leads_to_its_page() -> Result<()> {
    let tree = Tree::new()?;
    tree.append("book/src/index.md", "\n{{#listing lesson1 piece}}\n")?;
    let html = tree.page("index.html")?;
    ensure!(html.contains("<a href=\"lesson1.html#program\">"));
    Ok(())
}

#[test]
fn a_file_beside_a_program_is_shown_whole() -> Result<()> {
    let tree = Tree::new()?;
    tree.write("lessons/examples/lesson1.py", "import socket\n# a\n")?;
    tree.append("book/src/lesson1.md", "\n{{#listing lesson1.py}}\n")?;
    let html = tree.page("lesson1.html")?;
    ensure!(html.contains("<code>lessons/examples/lesson1.py</code>"));
    ensure!(html.contains(
        "<span class=\"k\">import</span> socket\n<span class=\"c\"># a</span>"
    ));
    Ok(())
}

#[test]
fn a_quiz_folds_out_every_reason() -> Result<()> {
    let html = Tree::new()?.page("lesson1.html")?;
    ensure!(html.contains("<section class=\"quiz\" data-quiz=\"lesson1\""));
    ensure!(html.contains("What does <code>read</code> return?"));
    ensure!(html.contains("<details class=\"choice\" data-right=\"\">"));
    ensure!(html.contains("<strong class=\"verdict\">Not quite.</strong> No."));
    Ok(())
}

#[test]
fn a_formula_is_mathml_with_its_symbols_and_units() -> Result<()> {
    let tree = Tree::new()?;
    tree.append("book/src/lesson1.md", "\n{{#formula efficiency}}\n")?;
    let html = tree.page("lesson1.html")?;
    ensure!(
        html.contains("<figure class=\"formula\" id=\"formula-efficiency\">")
    );
    ensure!(html.contains("<mfrac><mi>m</mi>"));
    ensure!(html.contains("<dd>length of the message, in byte</dd>"));
    Ok(())
}

#[test]
fn fences_maths_and_diagrams_are_html_in_lists_and_quotes_too() -> Result<()> {
    let tree = Tree::new()?;
    tree.append(
        "book/src/lesson1.md",
        "\n* item $`a_1 * b_1`$ and $`c*d`$\n\n  ```rust\n  # hidden?\n\n  \
         let x = \"<b>\";\n  ```\n\n> ```math\n> \\frac{a}{b}\n> ```\n\n\
         | a | $`x|y`$ |\n|---|---|\n| b | c |\n\n\
         ```seq\ntitle: Hello\na -> b: hi\n```\n\n```rust\n# plain\n```\n",
    )?;
    let html = tree.page("lesson1.html")?;
    for piece in [
        "<p>item <math><msub><mi>a</mi><mn>1</mn></msub><mo ",
        "# hidden?\n\n<span class=\"k\">let</span> x = \
         <span class=\"s\">\"&lt;b&gt;\"</span>;",
        "<div class=\"math\"><math display=\"block\"><mfrac>",
        "<figure class=\"seq\"><svg role=\"img\" aria-label=\"Hello\"",
        // mdBook would hide this line.
        "<code class=\"language-rust\"><span># plain</span></code>",
    ] {
        ensure!(html.contains(piece), "{piece} is not in\n{html}");
    }
    ensure!(!html.contains("boring") && !html.contains("playground"));
    Ok(())
}

#[test]
fn every_mistake_of_a_page_is_listed_with_its_line() -> Result<()> {
    let tree = Tree::new()?;
    tree.write(
        "book/src/index.md",
        "# Start\n\n{{#listing lesson1 none}}\n\n{{#listing lesson9 a}}\n\n\
         {{#run lesson2}}\n\n{{#run lesson99}}\n\n{{#quiz lesson2}}\n\n\
         {{#formula none}}\n\n{{#include none.md}}\n\n{{#check exercise99}}\n\
         \n{{#run}}\n\ntext {{#run lesson1}}\n\n[two](lesson2.md) [three]\n\n\
         $`\\frac{1}`$\n\n```seq\ntitle: T\nwhat\n```\n\n```rsut\n```\n\n\
         ```\nx\n```\n\n<div>words</div>\n\n只有**“一”**个\n",
    )?;
    let error = tree.error("en")?;
    let expected = [
        ":3: lessons/examples/lesson1.rs has no anchor `none`",
        ":5: there is no program lessons/examples/lesson9.rs",
        ":7: lesson 2, \"Two\", is not written yet",
        ":9: there is no lesson 99",
        ":11: there is no quiz book/quizzes/lesson2.toml",
        ":13: lessons/src/formulas.rs has no formula `none`",
        ":15: there is no directive `include`",
        ":17: there is no check for `exercise99`",
        ":19: this directive is written {{#run lesson7}}",
        ":21: a directive stands alone on its line",
        ":23: `[three]` is no link",
        ":23: there is no page lesson2.md yet",
        ":25: `\\frac{1}` is not LaTeX",
        ":29: \"what\" is no row of a diagram",
        ":32: this fence names the unknown language \"rsut\"",
        ":35: this fence names no language",
        ":39: words in raw HTML are not translated",
        ":41: `**` is left as text",
    ];
    let lines = lines(&error);
    for (line, expected) in lines.iter().zip(expected) {
        let expected = format!("book/src/index.md{expected}");
        ensure!(line.starts_with(&expected), "{line}\n{expected}\n{error}");
    }
    ensure!(lines.len() == expected.len(), "{error}");
    Ok(())
}

#[test]
fn an_anchor_that_no_page_shows_is_a_mistake() -> Result<()> {
    let tree = Tree::new()?;
    tree.append(
        "lessons/examples/lesson1.rs",
        "// ANCHOR: left\nfn a() {}\n// ANCHOR_END: left\n// ANCHOR: open\n",
    )?;
    let error = tree.error("en")?;
    let [left, open] = lines(&error)[..] else {
        panic!("{error}");
    };
    let file = "lessons/examples/lesson1.rs";
    assert_eq!(open, format!("{file}:11: anchor `open` has no end"));
    ensure!(left.starts_with(&format!("{file}:8: anchor `left` is not shown")));
    Ok(())
}

#[test]
fn what_a_page_draws_on_must_be_there() -> Result<()> {
    for (file, expected) in [
        (
            "tests/snapshots/lesson1.snap",
            "there is no recorded run tests/snapshots/lesson1.snap",
        ),
        (
            "book/quizzes/lesson1.toml",
            "there is no quiz book/quizzes/lesson1.toml",
        ),
        (
            "lessons/examples/lesson1.rs",
            "there is no program lessons/examples/lesson1.rs",
        ),
        ("book/src/lesson1.md", "lesson1.md"),
    ] {
        let tree = Tree::new()?;
        fs::remove_file(tree.path(file))?;
        let error = tree.error("en")?;
        ensure!(error.contains(expected), "{file}: {error}");
    }
    Ok(())
}

#[test]
fn a_quiz_with_a_mistake_names_its_own_line() -> Result<()> {
    let tree = Tree::new()?;
    let path = "book/quizzes/lesson1.toml";
    let quiz = fs::read_to_string(tree.path(path))?;
    tree.write(path, &quiz.replace("right = true", ""))?;
    let error = tree.error("en")?;
    ensure!(error == format!("{path}:2: 0 choices are right: let it be one"));
    tree.write(path, &quiz.replace("right =", "rihgt ="))?;
    let error = tree.error("en")?;
    ensure!(
        error.contains(&format!("{path}:8 is not a quiz")),
        "{error}"
    );
    Ok(())
}

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
    tree.append(
        "book/quizzes/lesson1.toml",
        "\n[[question.choice]]\ntext = \"New\"\nwhy = \"No.\"\n",
    )?;
    let error = tree.error("zh-CN")?;
    assert_eq!(
        lines(&error),
        [
            "book/quizzes/lesson1.toml:12: not translated yet: \"New\"",
            "book/src/lesson1.md:9: not translated yet: \"Not yet *there*.\"",
        ]
    );
    let dest = tempfile::tempdir()?;
    let report = book::build_draft(&tree.course()?, "zh-CN", dest.path())?;
    assert_eq!(report.untranslated.len(), 2);
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
fn msgfmt(file: &Path) -> Result<()> {
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
fn a_language_that_there_is_no_book_in_is_refused() -> Result<()> {
    let error = Tree::new()?.error("de")?;
    ensure!(error == "there is no book in \"de\": there are en and zh-CN");
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

#[test]
fn the_stock_mdbook_builds_the_same_pages() -> Result<()> {
    let mdbook = env::var_os("MDBOOK").unwrap_or("mdbook".into());
    if Command::new(&mdbook).arg("--version").output().is_err() {
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
