//! The security model, a test for each of its lines.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::StatusCode;
use reqwest::redirect::Policy;
use serde_json::json;
use wire::course::Course;

use crate::running::{News, Server};

const RUN: &str = "/api/lessons/7/run";

/// Everything that runs something or tells what the learner has done.
const LOCKED: &[&str] = &[
    RUN,
    "/api/lessons/7/try",
    "/api/exercises/7/begin",
    "/api/exercises/7/check",
    "/api/faq/connection-refused/run",
];

#[tokio::test]
async fn it_listens_on_loopback_only() -> Result<()> {
    let server = Server::start()?;
    assert!(server.origin.starts_with("http://127.0.0.1:"));
    // All of 127/8 leads here on Linux, and only 127.0.0.1 is bound.
    if cfg!(target_os = "linux") {
        let port = server.port().parse()?;
        assert!(TcpStream::connect(("127.0.0.2", port)).is_err());
    }
    Ok(())
}

#[tokio::test]
async fn without_the_token_nothing_runs() -> Result<()> {
    let server = Server::start()?;
    let wrong = format!("wire-{}={}", server.port(), "0".repeat(32));
    let short = format!("wire-{}={}", server.port(), &server.token[..31]);
    for path in LOCKED {
        for cookie in ["", wrong.as_str(), short.as_str()] {
            let request = server.stranger().post(server.url(path));
            let request = request.header("Cookie", cookie);
            let body = json!({ "which": "lesson" });
            let answer = request.json(&body).send().await?;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
            let error = answer.json::<serde_json::Value>().await?;
            let error = error["error"].as_str().unwrap_or_default();
            assert!(error.contains("cargo run"), "{error}");
        }
    }
    let state = server.stranger().get(server.url("/api/state"));
    assert_eq!(state.send().await?.text().await?, "null");
    assert!(!server.my().join("exercise7.rs").exists());
    Ok(())
}

#[tokio::test]
async fn the_key_becomes_a_cookie_that_no_script_reads() -> Result<()> {
    let server = Server::start()?;
    let client = reqwest::Client::builder().no_proxy();
    let client = client.redirect(Policy::none()).build()?;
    let address = format!("{}/?key={}", server.origin, server.token);
    let answer = client.get(&address).send().await?;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/");
    let cookie = answer.headers()["set-cookie"].to_str()?;
    let expected = server.cookie();
    for part in [expected.as_str(), "HttpOnly", "SameSite=Strict"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let wrong = format!("{}//evil.example/?key=1", server.origin);
    let answer = client.get(&wrong).send().await?;
    assert_eq!(answer.headers()["location"], "/evil.example/");
    assert!(!answer.headers().contains_key("set-cookie"));
    Ok(())
}

#[tokio::test]
async fn a_foreign_host_or_origin_is_turned_away() -> Result<()> {
    let server = Server::start()?;
    let page = server.url("/en/index.html");
    for host in ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil"] {
        let request = server.stranger().get(&page).header("Host", host);
        let status = request.send().await?.status();
        assert_eq!(status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    let host = format!("localhost:{}", server.port());
    let request = server.stranger().get(&page).header("Host", host);
    assert_eq!(request.send().await?.status(), StatusCode::OK);

    let near = format!("{}.evil.example", server.origin);
    for origin in ["http://evil.example", "null", "", near.as_str()] {
        for path in LOCKED {
            let request = server.stranger().post(server.url(path));
            let request = request.header("Cookie", server.cookie());
            let request = request.header("Origin", origin);
            let request = request.json(&json!({ "which": "lesson" }));
            let status = request.send().await?.status();
            assert_eq!(status, StatusCode::FORBIDDEN, "{path}, {origin:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn only_what_the_course_has_is_run() -> Result<()> {
    let server = Server::start()?;
    let lesson = json!({ "which": "lesson" });
    let course = Course::load(env!("CARGO_MANIFEST_DIR"))?;
    let to_come = course.lessons.iter().filter(|lesson| !lesson.written);
    let to_come = to_come.map(|lesson| lesson.number);
    for number in to_come.take(2).chain([33]) {
        let path = format!("/api/lessons/{number}/run");
        let status = server.ask(&path, &lesson).await?.status();
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ["/api/lessons/7;ls/run", "/api/lessons/256/run"] {
        let status = server.ask(path, &lesson).await?.status();
        assert_eq!(status, StatusCode::BAD_REQUEST, "{path}");
    }
    let other = json!({ "which": "/bin/sh" });
    let status = server.ask(RUN, &other).await?.status();
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let mine = json!({ "which": "mine" });
    let status = server.ask(RUN, &mine).await?.status();
    assert_eq!(status, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn only_the_built_pages_are_served() -> Result<()> {
    let server = Server::start()?;
    // By hand: a client library would tidy these paths up.
    for path in [
        "/en/../../../../../etc/passwd",
        "/en//etc/passwd",
        "/en/%2e%2e/%2e%2e/etc/passwd",
        "/my/token",
        "/../my/token",
    ] {
        let host = server.origin.trim_start_matches("http://");
        let mut stream = TcpStream::connect(host)?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
    Ok(())
}

#[tokio::test]
async fn a_page_may_load_from_here_only() -> Result<()> {
    let server = Server::start()?;
    for path in ["/en/lesson7.html", "/en/none.html", "/api/state"] {
        let answer = server.stranger().get(server.url(path)).send().await?;
        let policy = answer.headers()["content-security-policy"].to_str()?;
        assert!(policy.contains("default-src 'none'"), "{policy}");
        assert!(policy.contains("script-src 'self';"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    }
    Ok(())
}

#[tokio::test]
async fn a_large_request_is_not_read() -> Result<()> {
    let server = Server::start()?;
    let large = json!({ "which": "x".repeat(5000) });
    let status = server.ask(RUN, &large).await?.status();
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    Ok(())
}

#[tokio::test]
async fn endless_output_is_cut() -> Result<()> {
    let server = Server::start()?;
    let endless = "fn main() { loop { println!(\"0123456789\"); } }";
    std::fs::write(server.my().join("lesson7.rs"), endless)?;
    let events = server.post(RUN, &json!({ "which": "mine" })).await?;
    let (_, end) = events.last().context("an end")?;
    assert_eq!(end["why"], json!("output"));
    let lines = events.iter().filter(|(name, _)| name == "out").count();
    let printed = lines * "0123456789\n".len();
    assert!(printed <= 1 << 20, "{printed} bytes");
    Ok(())
}

#[test]
fn a_program_has_a_minute() {
    let limits = wire::runner::Limits::default();
    assert_eq!(limits.time, Duration::from_secs(60));
    assert_eq!(limits.output, 1 << 20);
}

/// Says its own number, then waits for ever. In a laboratory processes are
/// numbered anew; /proc tells the number that the test knows it by.
const WAITS: &str = "fn main() {
    match std::fs::read_link(\"/proc/self\") {
        Ok(id) => println!(\"{}\", id.display()),
        Err(_) => println!(\"{}\", std::process::id()),
    }
    loop { std::thread::park(); }
}";

#[tokio::test]
async fn a_third_program_waits_for_its_turn() -> Result<()> {
    let server = Server::start()?;
    std::fs::write(server.my().join("lesson7.rs"), WAITS)?;
    let mine = json!({ "which": "mine" });
    let first = server.ask(RUN, &mine).await?;
    let second = server.ask(RUN, &mine).await?;
    let third = server.ask(RUN, &mine).await?;
    assert_eq!(first.status(), StatusCode::OK);
    assert_eq!(second.status(), StatusCode::OK);
    assert_eq!(third.status(), StatusCode::TOO_MANY_REQUESTS);
    Ok(())
}

#[tokio::test]
async fn who_hangs_up_stops_the_program() -> Result<()> {
    let server = Server::start()?;
    // Also the place is free again: more rounds than there are places.
    for _ in 0..3 {
        let (id, news) = start_waiting(&server).await?;
        drop(news);
        wait_until(|| !is_running(&id)).await?;
    }
    Ok(())
}

/// Asked to end, or killed at once: either way nothing is left.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_end_of_the_server_is_the_end_of_the_program() -> Result<()> {
    for signal in ["-TERM", "-INT", "-KILL"] {
        let server = Server::start()?;
        let (id, _news) = start_waiting(&server).await?;
        let kill = std::process::Command::new("kill")
            .args([signal, &server.id().to_string()])
            .status()?;
        assert!(kill.success());
        wait_until(|| !is_running(&id)).await?;
    }
    Ok(())
}

async fn start_waiting(server: &Server) -> Result<(String, News)> {
    start_saying(server, WAITS).await
}

/// Runs what says a process's number and waits for ever; that number, and
/// the stream to drop.
pub async fn start_saying(
    server: &Server,
    program: &str,
) -> Result<(String, News)> {
    std::fs::write(server.my().join("lesson7.rs"), program)?;
    let answer = server.ask(RUN, &json!({ "which": "mine" })).await?;
    assert_eq!(answer.status(), StatusCode::OK);
    let mut news = News::of(answer);
    loop {
        let (name, data) = news.next().await?;
        if name == "out" {
            let id = data["text"].as_str().context("a text")?.to_owned();
            assert!(is_running(&id), "{id} does not run");
            return Ok((id, news));
        }
    }
}

/// Elsewhere than on Linux there is no file to look at, and the places that
/// become free have to do as a proof.
pub fn is_running(id: &str) -> bool {
    !cfg!(target_os = "linux")
        || std::fs::read_to_string(format!("/proc/{id}/stat"))
            .is_ok_and(|stat| !stat.contains(") Z "))
}

pub async fn wait_until(done: impl Fn() -> bool) -> Result<()> {
    // Not the thread's sleep: it would keep the client from hanging up.
    let sleep = |millis| tokio::time::sleep(Duration::from_millis(millis));
    if !cfg!(target_os = "linux") {
        sleep(500).await;
        return Ok(());
    }
    for _ in 0..1000 {
        if done() {
            return Ok(());
        }
        sleep(10).await;
    }
    anyhow::bail!("it is still running after 10 s")
}
