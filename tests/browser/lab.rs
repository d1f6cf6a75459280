//! A run in a network of its own, as its reader sees it: the packets, the
//! sliders, the curves.

use std::fs;

use anyhow::{Context, Result, ensure};
use serde_json::json;
use wire::wire::ladder::Ladder;
use wire::wire::pcapng;

use crate::driver::{Browser, absent, browser};
use crate::site::Companion;
use crate::{LANGUAGES, STATE, barriers, course, no_errors};

/// WebDriver, section 17.4.2: the key for "to the right".
const RIGHT: &str = "\u{e014}";

const PACKETS: &str = "document.querySelectorAll('.live .packet').length";
const COMMAND: &str = "document.querySelector('.run-head code').textContent";

/// A browser on a page that can run in a laboratory.
async fn start(page: &str) -> Result<Option<(Browser, Companion)>> {
    let Some(browser) = browser().await? else {
        return Ok(None);
    };
    let companion = Companion::start()?;
    browser.go(&companion.address).await?;
    browser.go(&companion.page(page)?).await?;
    let state = "return wire.state().then((known) => known.obstacle);";
    match browser.script(state).await?.as_str() {
        None => Ok(Some((browser, companion))),
        Some(why) => absent(why),
    }
}

/// Presses Run and waits for the end of the run.
async fn run(browser: &Browser) -> Result<()> {
    browser.click(".run .go").await?;
    let ended = format!("/\\d+ ms/.test({STATE})");
    browser.until(&ended).await?;
    browser
        .until("!document.querySelector('.run .go.busy')")
        .await
}

async fn count(browser: &Browser, what: &str) -> Result<u64> {
    browser.eval(what).await?.as_u64().context("no number")
}

#[tokio::test]
async fn a_ladder_grows_from_the_run_itself() -> Result<()> {
    let Some((browser, companion)) = start("en/lesson7.html").await? else {
        return Ok(());
    };
    ensure!(browser.eval(PACKETS).await? == 0, "nothing has run");
    run(&browser).await?;
    as_recorded(&browser).await?;
    let kept = "document.activeElement === document.querySelector('.run .go')";
    ensure!(browser.eval(kept).await? == true, "the focus was stolen");
    // The first click has brought the button into view.
    let place = browser.eval("scrollY").await?;
    run(&browser).await?;
    ensure!(browser.eval("scrollY").await? == place, "the page scrolls");

    browser.click(".live .packet summary").await?;
    browser
        .until("document.querySelector('.live .packet[open] table')")
        .await?;
    shows_either(&browser).await?;

    browser.go(&companion.page("zh-CN/lesson7.html")?).await?;
    run(&browser).await?;
    for (part, text) in [
        (".fresh", "来自这次运行"),
        (".live .phase", "握手"),
        (".live .ends", "客户端"),
        (".live .became", "双方都已关闭"),
    ] {
        let shown = format!(
            "document.querySelector({}).textContent.includes({})",
            json!(part),
            json!(text)
        );
        ensure!(browser.eval(&shown).await? == true, "{part}: {text}");
    }
    no_errors(&browser).await
}

/// Lesson 7 has about as many packets as in its recording.
async fn as_recorded(browser: &Browser) -> Result<()> {
    let (recorded, connections) = recording(7)?;
    let live = count(browser, PACKETS).await?;
    // How the kernel groups acknowledgements is left to it.
    ensure!(
        live * 4 >= recorded * 3 && live * 3 <= recorded * 4,
        "{live} packets, and {recorded} in the recording"
    );
    let heads = "document.querySelectorAll('.live .connection').length";
    ensure!(count(browser, heads).await? == connections, "{connections}");
    let counted = "[...document.querySelectorAll('.live .connection')]
        .reduce((sum, it) => sum + parseInt(
            it.querySelector('summary span').textContent), 0)";
    ensure!(
        count(browser, counted).await? == live,
        "headings are counts"
    );
    Ok(())
}

/// How many packets and connections the recorded run of a lesson has.
fn recording(number: u8) -> Result<(u64, u64)> {
    let bytes = fs::read(course()?.capture(number))?;
    let capture = pcapng::read(&bytes)?;
    let mut ladder = Ladder::new(capture.link);
    for frame in &capture.frames {
        ladder.row(frame, &mut |english| english.to_owned());
    }
    let connections = ladder.connections().len();
    Ok((capture.frames.len() as u64, connections as u64))
}

/// The recorded ladder is a click away, where the page has one.
async fn shows_either(browser: &Browser) -> Result<()> {
    let recorded = "document.querySelector('.wire > .connection')";
    if browser.eval(recorded).await?.is_null() {
        return Ok(());
    }
    for live in [false, true] {
        browser.click(".wire-head button").await?;
        let shown = format!(
            "document.querySelector('.live').hidden === {}
                && {recorded}.hidden === {live}
                && document.querySelector('.fresh').hidden === {}",
            !live, !live
        );
        ensure!(browser.eval(&shown).await? == true, "live: {live}");
    }
    Ok(())
}

#[tokio::test]
async fn a_network_is_bent_by_keyboard() -> Result<()> {
    let Some((browser, _companion)) = start("en/lesson1.html").await? else {
        return Ok(());
    };
    let plain = browser.eval(COMMAND).await?;
    browser.click(".knobs summary").await?;
    let rtt = ".sliders label:first-child input";
    let spoken = format!(
        "document.querySelector('{rtt}').getAttribute('aria-valuetext')"
    );
    let command = "cargo run -- run 1 --rtt 100ms";
    for _ in 0..30 {
        browser.write(rtt, RIGHT).await?;
        if browser.eval(COMMAND).await? == command {
            break;
        }
    }
    ensure!(browser.eval(COMMAND).await? == command);
    ensure!(browser.eval(&spoken).await? == "100 ms");
    run(&browser).await?;
    is_bent(&browser).await?;

    browser.click(".knobs button").await?;
    ensure!(browser.eval(COMMAND).await? == plain);
    run(&browser).await?;
    let hidden = "document.querySelector('.plots').hidden";
    ensure!(browser.eval(hidden).await? == true, "of a run in a blink");
    no_errors(&browser).await
}

/// Lesson 1 took its two round trips, and shows them.
async fn is_bent(browser: &Browser) -> Result<()> {
    let took = format!("parseInt({STATE}.match(/\\d+/)[0])");
    // A round trip to connect, and one for the answer.
    ensure!(count(browser, &took).await? >= 200, "it was not bent");
    ensure!(count(browser, PACKETS).await? >= 8, "no packets");
    let drawn = "[...document.querySelectorAll(
        '.plots:not([hidden]) figure:not([hidden]) polyline:not(.also)')]
        .filter((it) => it.points.length > 3).length";
    ensure!(count(browser, drawn).await? >= 3, "no curves");
    let told = "document.querySelector('.plots .srtt svg')
        .getAttribute('aria-label')";
    let told = browser.eval(told).await?;
    let words = told.as_str().unwrap_or_default();
    ensure!(
        words.starts_with("Smoothed round-trip time over "),
        "{told}"
    );
    Ok(())
}

#[tokio::test]
async fn what_is_live_has_no_barrier() -> Result<()> {
    let Some(axe) = barriers::axe()? else {
        return Ok(());
    };
    let Some((browser, companion)) = start("en/lesson1.html").await? else {
        return Ok(());
    };
    let mut found = Vec::new();
    for lang in crate::LANGUAGES {
        for (theme, width) in [("light", 360), ("dark", 1280)] {
            let set = format!("localStorage.setItem('theme', '{theme}')");
            browser.script(&set).await?;
            browser.width(width).await?;
            let page = companion.page(&format!("{lang}/lesson1.html"))?;
            browser.go(&page).await?;
            browser.click(".knobs summary").await?;
            for slider in 1..=4 {
                let key = if slider == 2 { "\u{e012}" } else { RIGHT };
                let slider =
                    format!(".sliders label:nth-child({slider}) input");
                browser.write(&slider, key).await?;
            }
            run(&browser).await?;
            browser.click(".live .packet summary").await?;
            browser
                .until("document.querySelector('.plots figure')")
                .await?;
            for barrier in barriers::now(&browser, &axe).await? {
                found.push(format!("{lang} {theme} {width}: {barrier}"));
            }
        }
    }
    ensure!(found.is_empty(), "{}", found.join("\n"));
    no_errors(&browser).await
}

#[tokio::test]
async fn lessons_and_questions_run_before_your_eyes() -> Result<()> {
    let Some((browser, companion)) = start("en/lesson5.html").await? else {
        return Ok(());
    };
    for page in ["lesson5", "lesson10", "lesson11", "faq"] {
        for lang in LANGUAGES {
            let page = format!("{lang}/{page}.html");
            browser.go(&companion.page(&page)?).await?;
            run(&browser).await?;
            let bad = "document.querySelector('.run-state.bad, .failed')";
            ensure!(browser.eval(bad).await?.is_null(), "{page} failed");
            ensure!(count(&browser, PACKETS).await? > 0, "{page}: no packets");
        }
    }
    no_errors(&browser).await
}

/// Lesson 5 prints its figures there, since no two runs have the same.
#[tokio::test]
async fn standard_error_is_red_where_the_run_failed() -> Result<()> {
    const COLOUR: &str = "getComputedStyle(
        document.querySelector('.run .transcript .err')).color";
    const RED: &str = "rgb(255, 149, 139)";
    let Some(browser) = browser().await? else {
        return Ok(());
    };
    let companion = Companion::start()?;
    browser.go(&companion.address).await?;
    browser.go(&companion.page("en/lesson5.html")?).await?;
    run(&browser).await?;
    ensure!(browser.eval(COLOUR).await? != RED, "figures are no mistake");

    browser.click(".run-head button:not(.go)").await?;
    browser.until("document.querySelector('.which')").await?;
    let fails = "fn main() { eprintln!(\"no\"); std::process::exit(1) }";
    fs::write(companion.my("lesson5.rs"), fails)?;
    browser.click(".run .go").await?;
    let failed = "document.querySelector('.run .transcript.failed .err')";
    browser.until(failed).await?;
    ensure!(browser.eval(COLOUR).await? == RED, "a mistake is no figure");
    no_errors(&browser).await
}
