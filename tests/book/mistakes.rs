//! Every mistake that an author can make is found, with its file and line.

use std::fs;

use anyhow::{Result, ensure};

use crate::tree::Tree;

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
    let lines = error.lines().collect::<Vec<_>>();
    for (line, expected) in lines.iter().zip(expected) {
        let expected = format!("book/src/index.md{expected}");
        ensure!(line.starts_with(&expected), "{line}\n{expected}\n{error}");
    }
    ensure!(lines.len() == expected.len(), "{error}");
    Ok(())
}

#[test]
fn a_picture_that_is_not_there_is_named_with_those_that_are() -> Result<()> {
    let tree = Tree::new()?;
    tree.write(
        "book/src/index.md",
        "# Start\n\n{{#explore none}}\n\n{{#explore}}\n\n{{#formulas IX}}\n\n\
         {{#languages lesson2 server}}\n\n{{#languages lesson1 both}}\n",
    )?;
    let error = tree.error("en")?;
    let expected = [
        ":3: src/book/explore has no explorable `none`: it has \
         packet_overhead, count_to_infinity, ",
        ":5: this directive is written {{#explore NAME}}",
        ":7: book/src/SUMMARY.md has no \"Part IX ·\"",
        ":9: several languages have only lesson1, lesson7",
        ":11: there are only server and client",
    ];
    let lines = error.lines().collect::<Vec<_>>();
    for (line, expected) in lines.iter().zip(expected) {
        let expected = format!("book/src/index.md{expected}");
        ensure!(line.starts_with(&expected), "{line}\n{expected}\n{error}");
    }
    ensure!(lines.len() == expected.len(), "{error}");
    Ok(())
}

#[test]
fn a_list_that_has_lost_its_pages_is_a_mistake() -> Result<()> {
    let tree = with_lists()?;
    let error = tree.error("en")?;
    for expected in [
        "book/glossary.tsv:2: no lesson has the term \"quorum\"",
        "book/glossary.tsv:3: not a term, a tab and its translation",
        "book/rfcs.tsv: RFC 1 is named on no page: delete its line",
        "book/rfcs.tsv: RFC 768 is named on a page and has no title",
        "book/rfcs.tsv: RFC 9293 is named on a page and has no title",
        "book/src/lesson1.md:12: `[RFC 791 §3.1]` leads to \
         https://www.rfc-editor.org/rfc/rfc791#section-3.2",
        "book/src/index.md:7: there is no question `none`: there are timeout,",
        "book/src/index.md:9: there is no list of calls book/calls.toml",
        "book/src/index.md:11: this directive is written {{#calls}}",
    ] {
        let found = error.lines().any(|line| line.starts_with(expected));
        ensure!(found, "{expected}\n{error}");
    }
    // What is used is no mistake.
    for fine in ["glossary.tsv:1:", "glossary.tsv:4:"] {
        ensure!(!error.contains(fine), "{error}");
    }
    Ok(())
}

/// A tree whose glossary, RFC index and lists ask for what no page has.
fn with_lists() -> Result<Tree> {
    let tree = Tree::new()?;
    tree.write(
        "book/src/index.md",
        "# Start\n\n{{#glossary}}\n\n{{#rfcs}}\n\n{{#faq none}}\n\n\
         {{#calls}}\n\n{{#calls none}}\n",
    )?;
    tree.append(
        "book/src/lesson1.md",
        "\nA **packet**, and a port: [RFC 768], [RFC 791 §3.1].\n\n\
         [RFC 768]: https://www.rfc-editor.org/rfc/rfc768\n\
         [RFC 791 §3.1]: https://www.rfc-editor.org/rfc/rfc791#section-3.2\n",
    )?;
    tree.write(
        "book/glossary.tsv",
        "packet\t数据包\nquorum\t法定人数\nno tab\nport\t端口\n",
    )?;
    // The formulas name RFCs as well: all but one are left out here.
    tree.write("book/rfcs.tsv", "1\tHost Software\n")?;
    Ok(tree)
}

#[test]
fn an_anchor_that_no_page_shows_is_a_mistake() -> Result<()> {
    let tree = Tree::new()?;
    tree.append(
        "lessons/examples/lesson1.rs",
        "// ANCHOR: left\nfn a() {}\n// ANCHOR_END: left\n// ANCHOR: open\n",
    )?;
    let error = tree.error("en")?;
    let [left, open] = error.lines().collect::<Vec<_>>()[..] else {
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
fn a_ladder_is_asked_for_by_lesson_and_connection() -> Result<()> {
    let tree = Tree::new()?;
    tree.capture()?;
    tree.write(
        "book/src/index.md",
        "{{#wire lesson1 x}}\n\n{{#wire lesson1 0}}\n\n{{#wire lesson2}}\n\n\
         {{#wire lesson}}\n\n{{#wire}}\n\n{{#wire lesson1 1 3}}\n",
    )?;
    let error = tree.error("en")?;
    let expected = [
        ":1: `x` is not the number of a connection",
        ":3: `0` is not the number of a connection",
        ":5: lesson 2, \"Two\", is not written yet",
        ":7: `lesson` is not the name of a lesson",
        ":9: this directive is written {{#wire lesson7}} or ",
        ":11: tests/snapshots/lesson1.pcapng: it has no connection 3: they \
         go from 1 to 2; on Linux, `INSTA_UPDATE",
    ];
    let lines = error.lines().collect::<Vec<_>>();
    for (line, expected) in lines.iter().zip(expected) {
        let expected = format!("book/src/index.md{expected}");
        ensure!(line.starts_with(&expected), "{line}\n{expected}\n{error}");
    }
    ensure!(lines.len() == expected.len(), "{error}");
    Ok(())
}

#[test]
fn a_ladder_needs_a_capture() -> Result<()> {
    let tree = Tree::new()?;
    tree.write("book/src/index.md", "\n{{#wire lesson1}}\n")?;
    let file = "tests/snapshots/lesson1.pcapng";
    let error = tree.error("en")?;
    ensure!(
        error
            == format!(
                "book/src/index.md:2: there is no recorded capture {file}: on \
                 Linux, `INSTA_UPDATE=always cargo test --test wire` records it"
            ),
        "{error}"
    );
    tree.write(file, "no capture")?;
    let error = tree.error("en")?;
    let expected = format!("book/src/index.md:2: {file} is not a capture: ");
    ensure!(error.starts_with(&expected), "{error}");
    Ok(())
}
