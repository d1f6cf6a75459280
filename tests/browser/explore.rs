//! Pictures that are dragged: what a page shows is what the functions of
//! `lessons` give, wherever the sliders stand.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use wire::book::explore::{self, Explorable};

use crate::driver::{Browser, browser};
use crate::site::Export;
use crate::{LANGUAGES, no_errors, pages};

/// WebDriver, section 17.4.2: the keys for the ends and for a step back.
const HOME: &str = "\u{e011}";
const END: &str = "\u{e010}";
const LEFT: &str = "\u{e012}";

#[tokio::test]
async fn every_slider_shows_what_rust_computed() -> Result<()> {
    let Some(browser) = browser().await? else {
        return Ok(());
    };
    let export = Export::start()?;
    let mut found = Vec::new();
    for page in pages()? {
        browser
            .go(&format!("{}/en/{page}.html", export.origin))
            .await?;
        for it in explore::ALL {
            let figure = format!("#explore-{}", it.name);
            let there = format!("document.querySelector({})", json!(figure));
            if !browser.eval(&there).await?.is_null() {
                slides(&browser, it, &figure).await?;
                found.push(it.name);
            }
        }
    }
    for it in explore::ALL {
        let count = found.iter().filter(|name| **name == it.name).count();
        ensure!(count == 1, "{} is on {count} pages", it.name);
    }
    no_errors(&browser).await
}

/// Moves each slider by key and by mouse.
async fn slides(
    browser: &Browser,
    it: &Explorable,
    figure: &str,
) -> Result<()> {
    let mut places = it.start();
    shows(browser, it, figure, &places).await?;
    for (knob, slider) in it.knobs.iter().enumerate() {
        let input = format!("{figure} label:nth-child({}) input", knob + 1);
        let last = slider.values.len() - 1;
        for (key, place) in [(END, last), (LEFT, last - 1), (HOME, 0)] {
            let before = picture(browser, figure).await?;
            let moves = places[knob] != place;
            places[knob] = place;
            browser.write(&input, key).await?;
            shows(browser, it, figure, &places).await?;
            let after = picture(browser, figure).await?;
            let name = format!("{}: {} {place}", it.name, slider.name);
            ensure!(!moves || before != after, "{name}: the same picture");
        }
        // A click in the middle of a slider takes its middle.
        browser.click(&input).await?;
        let value = format!("Number(document.querySelector('{input}').value)");
        let value = browser.eval(&value).await?.as_u64().context("a place")?;
        let off = (value as f64 - last as f64 / 2.0).abs();
        ensure!(off <= 1.0, "{}: a click went to {value}", it.name);
        places[knob] = value as usize;
        shows(browser, it, figure, &places).await?;
    }
    Ok(())
}

/// The drawn part of a figure.
async fn picture(browser: &Browser, figure: &str) -> Result<String> {
    let drawn = format!("document.querySelector('{figure} > svg').outerHTML");
    let drawn = browser.eval(&drawn).await?;
    drawn.as_str().map(String::from).context("no picture")
}

/// The numbers of the page are those of Rust, and so is the marked point.
async fn shows(
    browser: &Browser,
    it: &Explorable,
    figure: &str,
    places: &[usize],
) -> Result<()> {
    let told = format!(
        "[...document.querySelectorAll('{figure} .told b')].map(
            (it) => it.textContent)"
    );
    let expected = it.told(places, &mut |english| english.to_string());
    let told = browser.eval(&told).await?;
    ensure!(
        told == json!(expected),
        "{} at {places:?}: {told}, not {expected:?}",
        it.name
    );
    // What Rust would have drawn here, had the page been built so.
    let drawn = marks(&picture(browser, figure).await?);
    let expected = it.picture(places, &mut |english| english.to_string());
    let expected = marks(&expected);
    ensure!(drawn.len() == expected.len(), "{}: {drawn:?}", it.name);
    let near = drawn.iter().zip(&expected);
    let near = near.filter(|(is, be)| (*is - *be).abs() <= 0.11).count();
    ensure!(
        near == expected.len(),
        "{} at {places:?}: {drawn:?}, not {expected:?}",
        it.name
    );
    Ok(())
}

/// Every number that a drawing has: points, places, heights.
fn marks(svg: &str) -> Vec<f64> {
    let is_part = |c: char| !c.is_ascii_digit() && c != '.' && c != '-';
    let drawn = svg.split('<').filter(|tag| {
        let shapes = ["polyline", "circle", "rect", "line "];
        shapes.iter().any(|shape| tag.starts_with(shape))
    });
    let parts = drawn.flat_map(|tag| tag.split(is_part));
    parts.filter_map(|part| part.parse().ok()).collect()
}

#[tokio::test]
async fn a_picture_speaks_the_language_of_its_page() -> Result<()> {
    let Some(browser) = browser().await? else {
        return Ok(());
    };
    let export = Export::start()?;
    for lang in LANGUAGES {
        browser
            .go(&format!("{}/{lang}/lesson20.html", export.origin))
            .await?;
        let input = "#explore-arq_window label:nth-child(3) input";
        browser.write(input, HOME).await?;
        let spoken = format!(
            "document.querySelector('{input}').getAttribute('aria-valuetext')"
        );
        let expected = if lang == "en" { "1 frames" } else { "1 帧" };
        ensure!(browser.eval(&spoken).await? == expected, "{lang}");
    }
    no_errors(&browser).await
}
