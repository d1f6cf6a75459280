//! A browser: in go the few WebDriver commands that the tests need, out come
//! values, or an error that says what was asked.
//!
//! Spoken by hand, since the protocol is JSON over HTTP and a crate for it
//! would change the features of what the companion itself is built from.

use std::env;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;

/// How long a page may take to become what a test waits for. A program may
/// have to be built in it, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

/// How the name of an element is written (WebDriver, section 12).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

pub struct Browser {
    driver: Child,
    client: Client,
    /// The address of the session.
    session: String,
    _profile: TempDir,
}

/// A browser, or why this machine has none. With `REQUIRE_ALL` set, that
/// is a failure.
pub async fn browser() -> Result<Option<Browser>> {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let Some(driver) = find(&["chromedriver"]) else {
        return absent("chromedriver is not in PATH");
    };
    let Some(chromium) = find(&names) else {
        return absent("neither chromium nor google-chrome is in PATH");
    };
    Browser::start(driver, chromium).await.map(Some)
}

/// Skips a test with its reason, or fails if nothing may be skipped.
pub fn absent<T>(reason: &str) -> Result<Option<T>> {
    if env::var_os("REQUIRE_ALL").is_some() {
        bail!("{reason}, and REQUIRE_ALL is set");
    }
    eprintln!("skipped: {reason}");
    Ok(None)
}

fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<_> = env::split_paths(&path).collect();
    let files = names.iter().flat_map(|name| {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        folders.iter().map(move |folder| folder.join(&file))
    });
    files.into_iter().find(|file| file.is_file())
}

/// Starts the driver on a port of its own choice.
fn launch(driver: PathBuf) -> Result<(Child, String)> {
    let mut driver = Command::new(driver)
        .arg("--port=0")
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start chromedriver")?;
    let stdout = driver.stdout.take().context("no output")?;
    let port = BufReader::new(stdout)
        .lines()
        .map_while(Result::ok)
        .find_map(|line| {
            let (_, rest) = line.split_once("successfully on port ")?;
            Some(rest.trim_end_matches('.').to_string())
        })
        .context("chromedriver did not say its port")?;
    Ok((driver, port))
}

impl Browser {
    async fn start(driver: PathBuf, chromium: PathBuf) -> Result<Browser> {
        let (driver, port) = launch(driver)?;
        let profile = tempfile::tempdir()?;
        let client = Client::builder().no_proxy().timeout(PATIENCE).build()?;
        let mut browser = Browser {
            driver,
            client,
            session: format!("http://127.0.0.1:{port}/session"),
            _profile: profile,
        };
        let profile = browser._profile.path().display();
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:loggingPrefs": { "browser": "ALL" },
            "goog:chromeOptions": { "binary": chromium, "args": [
                "--headless", "--no-sandbox", "--disable-gpu",
                "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
                "--no-proxy-server", format!("--user-data-dir={profile}"),
            ] },
        } } });
        let told = browser.ask(Method::POST, "", wanted).await?;
        let id = told["sessionId"].as_str().context("no session")?;
        browser.session = format!("{}/{id}", browser.session);
        // What moves would be caught half-way.
        let still = json!({ "features": [
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ] });
        browser
            .devtools("Emulation.setEmulatedMedia", still)
            .await?;
        Ok(browser)
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        body: Value,
    ) -> Result<Value> {
        let url = format!("{}{path}", self.session);
        let mut request = self.client.request(method.clone(), url);
        if method == Method::POST {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        let ok = answer.status().is_success();
        let mut told: Value = answer.json().await?;
        let value = told["value"].take();
        if !ok {
            bail!("{path} {body}: {}", value["message"]);
        }
        Ok(value)
    }

    async fn post(&self, path: &str, body: Value) -> Result<Value> {
        self.ask(Method::POST, path, body).await
    }

    async fn devtools(&self, command: &str, params: Value) -> Result<Value> {
        let body = json!({ "cmd": command, "params": params });
        self.post("/goog/cdp/execute", body).await
    }

    pub async fn go(&self, url: &str) -> Result<()> {
        self.post("/url", json!({ "url": url })).await.map(drop)
    }

    pub async fn reload(&self) -> Result<()> {
        self.post("/refresh", json!({})).await.map(drop)
    }

    /// The width of the page, in CSS pixels.
    pub async fn width(&self, width: u32) -> Result<()> {
        let size = json!({
            "width": width, "height": 900,
            "deviceScaleFactor": 1, "mobile": false,
        });
        let command = "Emulation.setDeviceMetricsOverride";
        self.devtools(command, size).await.map(drop)
    }

    /// The value of a JavaScript expression.
    pub async fn eval(&self, expression: &str) -> Result<Value> {
        self.script(&format!("return {expression};")).await
    }

    /// What a function's body returns.
    pub async fn script(&self, body: &str) -> Result<Value> {
        let body = json!({ "script": body, "args": [] });
        self.post("/execute/sync", body).await
    }

    /// Waits until an expression is true.
    pub async fn until(&self, expression: &str) -> Result<()> {
        let start = Instant::now();
        while self.eval(&format!("!!({expression})")).await? != json!(true) {
            if start.elapsed() > PATIENCE {
                let page = self.eval("document.body.innerText").await?;
                bail!("never became true: {expression}\nThe page: {page}");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    async fn element(&self, selector: &str) -> Result<String> {
        let query = format!("document.querySelector({})", json!(selector));
        self.until(&query).await?;
        let body = json!({ "using": "css selector", "value": selector });
        let told = self.post("/element", body).await?;
        let id = told[ELEMENT].as_str().context("no element")?;
        Ok(id.to_string())
    }

    /// Clicks what a selector finds first, as soon as it is there.
    pub async fn click(&self, selector: &str) -> Result<()> {
        let id = self.element(selector).await?;
        let path = format!("/element/{id}/click");
        self.post(&path, json!({})).await.map(drop)
    }

    /// Types into what a selector finds.
    pub async fn write(&self, selector: &str, text: &str) -> Result<()> {
        let id = self.element(selector).await?;
        let path = format!("/element/{id}/value");
        self.post(&path, json!({ "text": text })).await.map(drop)
    }

    /// The errors on the page's console since this was last asked.
    pub async fn errors(&self) -> Result<Vec<String>> {
        let kind = json!({ "type": "browser" });
        let told = self.post("/se/log", kind).await?;
        let entries = told.as_array().cloned().unwrap_or_default();
        let errors = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        Ok(errors.map(|entry| entry["message"].to_string()).collect())
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // A driver that is killed leaves its browser behind.
        if let Err(error) = self.end() {
            eprintln!("the browser may still run: {error}");
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Browser {
    /// Ends the session, and with it the browser; without the runtime, which
    /// may be ending too.
    fn end(&self) -> Result<()> {
        let address = self.session.trim_start_matches("http://");
        let (host, path) = address.split_once('/').context("no path")?;
        let mut driver = TcpStream::connect(host)?;
        driver.set_read_timeout(Some(Duration::from_secs(10)))?;
        write!(
            driver,
            "DELETE /{path} HTTP/1.1\r\nHost: {host}\r\n\
             Connection: close\r\n\r\n"
        )?;
        // The answer comes when the browser is gone; its text says nothing.
        driver.read_exact(&mut [0])?;
        Ok(())
    }
}
