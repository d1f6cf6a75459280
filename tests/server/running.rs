//! A server for one test: the real program on a free port, with a learner's
//! folder of its own; both are gone at the end.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use reqwest::{Client, Response};
use serde_json::Value;
use tempfile::TempDir;

pub struct Server {
    child: Child,
    my: TempDir,
    /// `http://127.0.0.1:PORT`
    pub origin: String,
    pub token: String,
}

/// A lesson on a busy machine may have to be built first.
const PATIENCE: Duration = Duration::from_secs(120);

impl Server {
    pub fn start() -> Result<Server> {
        Server::start_as(Command::new(env!("CARGO_BIN_EXE_wire")))
    }

    /// `command` is `wire`, or becomes it and hands its arguments on.
    pub fn start_as(mut command: Command) -> Result<Server> {
        let my = tempfile::tempdir()?;
        let mut child = command
            .args(["serve", "--no-open", "--port", "0"])
            .env("WIRE_MY", my.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start wire")?;
        let stdout = child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let (origin, token) = line
            .trim()
            .split_once("/?key=")
            .with_context(|| format!("no address in {line:?}"))?;
        let (origin, token) = (origin.to_owned(), token.to_owned());
        Ok(Server {
            child,
            my,
            origin,
            token,
        })
    }

    /// Its process.
    #[cfg(target_os = "linux")]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn my(&self) -> &Path {
        self.my.path()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    pub fn port(&self) -> &str {
        self.origin.rsplit(':').next().unwrap_or_default()
    }

    /// Somebody without the token.
    pub fn stranger(&self) -> Client {
        let client = Client::builder().no_proxy().timeout(PATIENCE);
        client.build().unwrap_or_default()
    }

    /// The cookie that the address in the terminal leads to.
    pub fn cookie(&self) -> String {
        format!("wire-{}={}", self.port(), self.token)
    }

    pub async fn get(&self, path: &str) -> Result<Response> {
        let request = self.stranger().get(self.url(path));
        Ok(request.header("Cookie", self.cookie()).send().await?)
    }

    /// Asks as the page does, without waiting for the end of the answer.
    pub async fn ask(&self, path: &str, body: &Value) -> Result<Response> {
        let request = self.stranger().post(self.url(path)).json(body);
        let request = request.header("Cookie", self.cookie());
        Ok(request.header("Origin", &self.origin).send().await?)
    }

    /// Asks, and reads all events of the answer.
    pub async fn post(
        &self,
        path: &str,
        body: &Value,
    ) -> Result<Vec<(String, Value)>> {
        let answer = self.ask(path, body).await?;
        ensure!(answer.status().is_success(), "{}", answer.text().await?);
        let text = answer.text().await?;
        text.split("\n\n")
            .filter_map(|it| event(it).transpose())
            .collect()
    }

    pub async fn post_json(&self, path: &str) -> Result<Value> {
        let answer = self.ask(path, &Value::Null).await?;
        ensure!(answer.status().is_success(), "{}", answer.text().await?);
        Ok(answer.json().await?)
    }

    /// What an open English page hears.
    pub async fn events(&self) -> Result<News> {
        let request = self.stranger().get(self.url("/api/events"));
        let page = self.url("/en/lesson7.html");
        let answer = request.header("Referer", page).send().await?;
        Ok(News::of(answer))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A stream of events that is read one by one.
pub struct News {
    answer: Response,
    read: String,
}

impl News {
    pub fn of(answer: Response) -> News {
        let read = String::new();
        News { answer, read }
    }

    pub async fn next(&mut self) -> Result<(String, Value)> {
        loop {
            if let Some((first, rest)) = self.read.split_once("\n\n") {
                let (first, rest) = (event(first)?, rest.to_owned());
                self.read = rest;
                if let Some(first) = first {
                    return Ok(first);
                }
                continue;
            }
            let chunk = self.answer.chunk().await?.context("it ended")?;
            self.read += std::str::from_utf8(&chunk)?;
        }
    }
}

/// `event: out\ndata: {…}`; nothing for a comment that keeps the line open.
fn event(text: &str) -> Result<Option<(String, Value)>> {
    let field =
        |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let (Some(name), Some(data)) = (field("event: "), field("data: ")) else {
        return Ok(None);
    };
    Ok(Some((name.to_owned(), serde_json::from_str(data)?)))
}
