//! The book as its reader meets it: a real browser opens it, runs, stops,
//! searches, answers, solves, and looks for barriers.

mod barriers;
mod driver;
mod explore;
mod lab;
mod site;

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use driver::{Browser, browser};
use serde_json::json;
use site::{Companion, Export};
use wire::course::Course;

const LANGUAGES: [&str; 2] = ["en", "zh-CN"];

/// What a Run pane says of its program.
const STATE: &str = "document.querySelector('.run-state').textContent";

fn course() -> Result<Course> {
    Course::load(env!("CARGO_MANIFEST_DIR"))
}

/// Every page of the book.
fn pages() -> Result<Vec<String>> {
    let folder = course()?.root.join("book/src");
    let names = fs::read_dir(folder)?.map(|entry| {
        let name = entry?.file_name().into_string();
        Ok(name.unwrap_or_default())
    });
    let names = names.collect::<Result<Vec<_>>>()?;
    let pages = names.iter().filter_map(|name| name.strip_suffix(".md"));
    let pages = pages.filter(|page| *page != "SUMMARY").map(String::from);
    let mut pages: Vec<_> = pages.collect();
    pages.sort();
    Ok(pages)
}

#[tokio::test]
async fn a_lesson_runs_line_by_line_and_stops() -> Result<()> {
    let Some(browser) = browser().await? else {
        return Ok(());
    };
    let companion = Companion::start()?;
    browser.go(&companion.address).await?;
    browser.go(&companion.page("en/lesson7.html")?).await?;

    runs_as_recorded(&browser).await?;

    // The learner's copy prints a line each time the test lets it.
    browser.click(".run-head button:not(.go)").await?;
    browser.until("document.querySelector('.which')").await?;
    let folder = tempfile::tempdir()?;
    fs::write(companion.my("lesson7.rs"), lockstep(folder.path()))?;
    browser.click(".run .go").await?;
    for line in 1..=3 {
        let shown = format!(
            "document.querySelector('.run .transcript').textContent
                .trim().endsWith('line {line}')"
        );
        browser.until(&shown).await?;
        fs::write(folder.path().join(line.to_string()), "")?;
    }

    browser.click(".run .go").await?;
    browser.until(&format!("{STATE} === 'Stopped.'")).await?;
    stands_still(&folder.path().join("alive")).await?;
    no_errors(&browser).await
}

/// A live run prints what was recorded.
async fn runs_as_recorded(browser: &Browser) -> Result<()> {
    browser.click(".run .go").await?;
    browser
        .until(&format!("{STATE}.startsWith('Ended')"))
        .await?;
    let course = course()?;
    let recorded = fs::read_to_string(course.transcript(7))?;
    let recorded = wire::course::snapshot_text(&recorded).context("none")?;
    let told = "document.querySelector('.run .transcript').textContent";
    let told = browser.eval(told).await?;
    ensure!(
        told.as_str()
            .unwrap_or_default()
            .contains(recorded.trim_end()),
        "a live run prints what was recorded, not {told}"
    );
    Ok(())
}

/// A program that prints a line, and the next one for each file that the
/// test makes. It may run in a network of its own, so no socket leads to it;
/// while it waits, it writes down that it is alive.
fn lockstep(folder: &Path) -> String {
    format!(
        r#"use std::{{fs, path::Path, thread, time::Duration}};
fn main() -> std::io::Result<()> {{
    let folder = Path::new({folder:?});
    let mut looks = 0;
    for line in 1.. {{
        println!("line {{line}}");
        while !folder.join(line.to_string()).exists() {{
            looks += 1;
            fs::write(folder.join("alive"), looks.to_string())?;
            thread::sleep(Duration::from_millis(5));
        }}
    }}
    Ok(())
}}
"#
    )
}

/// Waits until nobody writes to a file any more.
async fn stands_still(file: &Path) -> Result<()> {
    for _ in 0..40 {
        let before = fs::read(file)?;
        tokio::time::sleep(Duration::from_millis(500)).await;
        if before == fs::read(file)? {
            return Ok(());
        }
    }
    bail!("Stop has not ended the program itself");
}

#[tokio::test]
async fn an_exercise_turns_green_when_it_is_saved() -> Result<()> {
    let Some(browser) = browser().await? else {
        return Ok(());
    };
    let companion = Companion::start()?;
    browser.go(&companion.address).await?;
    browser.go(&companion.page("en/lesson7.html")?).await?;

    browser.click(".check .go").await?;
    browser
        .until(
            "document.querySelector('.check-state code') === null
        && document.querySelector('.check .go').textContent === 'Check'",
        )
        .await?;
    browser.click(".check .go").await?;
    browser
        .until("document.querySelector('.steps .fail .failure')")
        .await?;
    browser
        .until("document.querySelector('.check-state.bad')")
        .await?;

    fs::copy(course()?.solution(7), companion.my("exercise7.rs"))?;
    browser
        .until("document.querySelector('.check-state.ok')")
        .await?;
    let all = "[...document.querySelectorAll('.steps > li')]
        .every((step) => step.className === 'ok')";
    browser.until(all).await?;
    no_errors(&browser).await
}

#[tokio::test]
async fn a_reader_finds_their_way() -> Result<()> {
    let Some(browser) = browser().await? else {
        return Ok(());
    };
    let companion = Companion::start()?;
    browser.go(&companion.address).await?;
    browser.go(&companion.page("en/lesson7.html")?).await?;
    solve_the_quiz(&browser).await?;
    search(&browser, "handshake").await?;

    // The other language shows the same place of the same page.
    let page = companion.page("en/lesson7.html#try-it")?;
    browser.go(&page).await?;
    browser.click(".language").await?;
    let there = "location.pathname === '/zh-CN/lesson7.html'
        && location.hash === '#try-it'
        && document.documentElement.lang === 'zh-CN'";
    browser.until(there).await?;
    search(&browser, "三次握手").await?;
    no_errors(&browser).await
}

async fn solve_the_quiz(browser: &Browser) -> Result<()> {
    let ask = "document.querySelectorAll('.question').length";
    let questions = browser.eval(ask).await?.as_u64().context("a number")?;
    ensure!(questions > 0, "lesson 7 has a quiz");
    for question in 1..=questions {
        let right =
            format!(".question:nth-of-type({question}) [data-right] summary");
        browser.click(&right).await?;
    }
    let score = format!("{questions} of {questions}");
    let shown = format!(
        "document.querySelector('.score').textContent.startsWith('{score}')"
    );
    browser.until(&shown).await?;
    // The score is still there when the reader comes back.
    browser.reload().await?;
    browser.until(&shown).await
}

/// Searches, and follows the first result to a place that exists.
async fn search(browser: &Browser, query: &str) -> Result<()> {
    browser.click(".seek").await?;
    browser.write("#search input", query).await?;
    browser
        .until("document.querySelector('#search ol a')")
        .await?;
    let marked = format!(
        "document.querySelector('#search mark').textContent.toLowerCase()
            === {}",
        json!(query)
    );
    ensure!(browser.eval(&marked).await? == true, "{query} is marked");
    browser.click("#search ol a").await?;
    browser
        .until("!document.getElementById('search').open")
        .await?;
    let found = "document.readyState === 'complete' && (location.hash === ''
        || document.getElementById(decodeURIComponent(
            location.hash.slice(1))))";
    browser.until(found).await
}

#[tokio::test]
async fn a_reader_chooses_a_language_for_all_listings() -> Result<()> {
    let Some(browser) = browser().await? else {
        return Ok(());
    };
    let companion = Companion::start()?;
    browser.go(&companion.address).await?;
    browser.go(&companion.page("en/languages.html")?).await?;
    // The file names of the listings that are to be seen.
    let shown = |end: &str| {
        format!(
            "(() => {{
                const all = [...document.querySelectorAll('.languages')];
                const seen = [...document.querySelectorAll(
                    '.languages .listing')].filter((it) => it.checkVisibility());
                return all.length === 4 && seen.length === 4
                    && seen.every((it) => it.querySelector('figcaption')
                        .textContent.endsWith('{end}'));
            }})()"
        )
    };
    browser.until(&shown(".rs")).await?;
    browser.click("label[for='lesson7-client-java']").await?;
    browser.until(&shown(".java")).await?;
    const RIGHT: &str = "\u{e014}";
    browser.write("#lesson7-client-java", RIGHT).await?;
    browser.until(&shown(".js")).await?;
    const LEFT: &str = "\u{e012}";
    browser.write("#lesson7-client-js", LEFT).await?;
    browser.until(&shown(".java")).await?;
    no_errors(&browser).await
}

#[tokio::test]
async fn an_exported_book_asks_for_nothing() -> Result<()> {
    let Some(browser) = browser().await? else {
        return Ok(());
    };
    let export = Export::start()?;
    for lang in LANGUAGES {
        for page in pages()? {
            let url = format!("{}/{lang}/{page}.html", export.origin);
            browser.go(&url).await?;
            browser.until("document.readyState === 'complete'").await?;
            let live = "document.querySelector('.run .go, .check .go')";
            let live = browser.eval(live).await?;
            ensure!(live.is_null(), "{url} has a button that is dead");
        }
        browser.click(".seek").await?;
        browser.write("#search input", "TCP").await?;
        browser
            .until("document.querySelector('#search ol a')")
            .await?;
    }
    let missed = export.missed();
    ensure!(missed.is_empty(), "what is not there: {missed:?}");
    no_errors(&browser).await
}

async fn no_errors(browser: &Browser) -> Result<()> {
    let errors = browser.errors().await?;
    ensure!(errors.is_empty(), "on the console: {}", errors.join("\n"));
    Ok(())
}
