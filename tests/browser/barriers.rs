//! What keeps a reader out: in goes a page, out comes what axe-core finds on
//! it, and whether it is wider than the screen.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::driver::{Browser, absent, browser};
use crate::site::Companion;
use crate::{LANGUAGES, no_errors, pages};

/// A theme and a width.
type View = (&'static str, u32);

/// How a page is looked at in the first language, and in the other. Both are
/// made of the same parts: each theme at each width once is every one of them.
const VIEWS: [[View; 2]; 2] = [
    [("light", 1280), ("dark", 360)],
    [("dark", 1280), ("light", 360)],
];

/// What axe-core finds on a page, with all that can be opened open.
async fn of(
    browser: &Browser,
    axe: &str,
    url: &str,
    views: [View; 2],
) -> Result<Vec<String>> {
    const OPEN: &str = "document.querySelectorAll('main details').forEach(
        (it) => { it.open = true; });";
    let mut found = Vec::new();
    browser.go(url).await?;
    for (theme, width) in views {
        let set = format!("localStorage.setItem('theme', '{theme}')");
        browser.script(&set).await?;
        browser.width(width).await?;
        browser.reload().await?;
        browser.script(OPEN).await?;
        for barrier in now(browser, axe).await? {
            found.push(format!("{url} {theme} {width}: {barrier}"));
        }
    }
    Ok(found)
}

/// What it finds on the page as it is at this moment.
pub async fn now(browser: &Browser, axe: &str) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let scroll = "document.documentElement.scrollWidth > innerWidth";
    if browser.eval(scroll).await? == true {
        found.push("wider than the screen".into());
    }
    browser.script(axe).await?;
    let told = browser
        .script(
            "return axe.run().then((told) => told.violations.map(
                (it) => `${it.id}: ${it.nodes[0].html}`));",
        )
        .await?;
    let barriers = told.as_array().context("no answer of axe")?;
    found.extend(barriers.iter().map(ToString::to_string));
    Ok(found)
}

/// The text of axe-core: `AXE` names the file, or npm has put it here.
pub fn axe() -> Result<Option<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = env::var_os("AXE").map_or_else(
        || root.join("node_modules/axe-core/axe.min.js"),
        PathBuf::from,
    );
    if !path.is_file() {
        return absent(
            "no axe-core: `npm install axe-core`, or name it in AXE",
        );
    }
    Ok(Some(fs::read_to_string(path)?))
}

#[tokio::test]
async fn no_page_has_a_barrier() -> Result<()> {
    let Some(axe) = axe()? else {
        return Ok(());
    };
    let Some(browser) = browser().await? else {
        return Ok(());
    };
    let companion = Companion::start()?;
    browser.go(&companion.address).await?;
    let everywhere = env::var_os("REQUIRE_ALL").is_some();
    let looked_at = pages()?.into_iter().filter(|page| {
        // All pages are made of the same parts; lesson 7 has every one
        // of a lesson, lesson 4 a picture, and one has the tabs.
        let some = ["index", "lesson4", "lesson7", "languages"];
        everywhere || some.contains(&page.as_str())
    });
    let mut found = Vec::new();
    for page in looked_at {
        for (lang, views) in LANGUAGES.into_iter().zip(VIEWS) {
            let url = companion.page(&format!("{lang}/{page}.html"))?;
            found.extend(of(&browser, &axe, &url, views).await?);
        }
    }
    ensure!(found.is_empty(), "{}", found.join("\n"));
    no_errors(&browser).await
}
