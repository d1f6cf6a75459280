//! What keeps a reader out: in goes a page, out comes what axe-core finds on
//! it, and whether it is wider than the screen.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::driver::{Browser, absent};

/// What axe-core finds on a page, in both themes and at two widths.
pub async fn of(
    browser: &Browser,
    axe: &str,
    url: &str,
) -> Result<Vec<String>> {
    let mut found = Vec::new();
    browser.go(url).await?;
    for theme in ["light", "dark"] {
        let set = format!("localStorage.setItem('theme', '{theme}')");
        browser.script(&set).await?;
        for width in [1280, 360] {
            browser.width(width).await?;
            browser.reload().await?;
            for barrier in now(browser, axe).await? {
                found.push(format!("{url} {theme} {width}: {barrier}"));
            }
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
