//! A run in a network of its own, as the page asks for it: what may be asked
//! for, what is told, and that nothing is left of it.

use std::env;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::running::{News, Server};
use crate::safety::{is_running, start_saying, wait_until};

const RUN: &str = "/api/lessons/1/run";

/// A server on a machine that can have a laboratory; elsewhere none, and why
/// not is printed.
async fn server() -> Result<Option<Server>> {
    let server = Server::start()?;
    let state = server.get("/api/state").await?.json::<Value>().await?;
    let obstacle = &state["obstacle"];
    if obstacle.is_null() {
        return Ok(Some(server));
    }
    if env::var_os("REQUIRE_ALL").is_some() {
        bail!("{obstacle}, and REQUIRE_ALL is set");
    }
    eprintln!("skipped: {obstacle}");
    Ok(None)
}

fn named<'a>(
    events: &'a [(String, Value)],
    name: &'a str,
) -> impl Iterator<Item = &'a Value> {
    let ours = events.iter().filter(move |(it, _)| it == name);
    ours.map(|(_, data)| data)
}

#[tokio::test]
async fn a_slider_has_bounds_and_is_a_number() -> Result<()> {
    let server = Server::start()?;
    for link in [
        json!({ "rtt_ms": 2001 }),
        json!({ "rate_kbit": 15 }),
        json!({ "rate_kbit": 100_001 }),
        json!({ "loss_permille": 1001 }),
        json!({ "queue_kb": 1 }),
        json!({ "queue_kb": 10_001 }),
        json!({ "rtt_ms": -1 }),
        json!({ "rtt_ms": 0.5 }),
        json!({ "rtt_ms": 4_294_967_296_u64 }),
        json!({ "rtt_ms": "40" }),
        json!({ "rtt_ms": "40ms; id" }),
        json!({ "cc": "bbr" }),
        json!("--rtt 40ms"),
    ] {
        let request = json!({ "which": "lesson", "link": link });
        let answer = server.ask(RUN, &request).await?;
        let status = answer.status();
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{link}");
        let error = answer.json::<Value>().await?;
        let error = error["error"].as_str().context("a sentence")?;
        assert!(error.contains(' '), "{link}: {error}");
    }
    let request = json!({ "which": "lesson", "rtt_ms": 40 });
    let status = server.ask(RUN, &request).await?.status();
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    Ok(())
}

#[tokio::test]
async fn another_site_bends_nothing() -> Result<()> {
    let server = Server::start()?;
    let request = server.stranger().post(server.url(RUN));
    let request = request.header("Cookie", server.cookie());
    let request = request.header("Origin", "http://evil.example");
    let body = json!({ "which": "lesson", "link": { "rtt_ms": 40 } });
    let status = request.json(&body).send().await?.status();
    assert_eq!(status, StatusCode::FORBIDDEN);
    Ok(())
}

#[tokio::test]
async fn a_run_shows_its_packets_in_the_language_of_the_page() -> Result<()> {
    let Some(server) = server().await? else {
        return Ok(());
    };
    let request = json!({ "which": "lesson" });
    let request = server.stranger().post(server.url(RUN)).json(&request);
    let request = request.header("Cookie", server.cookie());
    let page = server.url("/zh-CN/lesson1.html");
    let text = request.header("Referer", page).send().await?.text().await?;
    for piece in ["客户端", "握手", "SYN, ACK", "双方都已关闭"] {
        assert!(text.contains(piece), "{piece}: {text}");
    }

    let request = json!({ "which": "lesson" });
    let events = server.post(RUN, &request).await?;
    let packets: Vec<_> = named(&events, "packet").collect();
    // Three to open, five with data or an end, and what acknowledges them.
    assert!((8..=20).contains(&packets.len()), "{}", packets.len());
    for packet in &packets {
        let html = packet["html"].as_str().context("a row")?;
        assert_eq!(html.matches("<details class=\"packet").count(), 1);
        assert_eq!(packet["connection"], json!(1));
    }
    let heading = packets.last().context("a packet")?["heading"].as_str();
    let count = format!("{} packets", packets.len());
    assert!(heading.is_some_and(|it| it.contains(&count)), "{heading:?}");
    assert_eq!(named(&events, "wire").count(), 1);
    assert_eq!(events.last().context("an end")?.1["status"], json!(0));
    Ok(())
}

#[tokio::test]
async fn a_bent_network_is_slow_and_its_windows_are_told() -> Result<()> {
    let Some(server) = server().await? else {
        return Ok(());
    };
    let request = json!({ "which": "lesson", "link": { "rtt_ms": 100 } });
    let events = server.post(RUN, &request).await?;
    let (_, end) = events.last().context("an end")?;
    // A round trip to connect, one until the answer.
    assert!(end["ms"].as_u64().is_some_and(|ms| ms >= 200), "{end}");
    let slow = |it: &&Value| it["srtt"].as_f64().is_some_and(|ms| ms > 99.0);
    ensure!(named(&events, "sample").filter(slow).count() > 0);
    Ok(())
}

/// A server in a user namespace that may have no other in it: one that
/// cannot have a laboratory. None if this machine has no such namespace.
fn without_laboratory() -> Option<Server> {
    let script = "echo 0 >/proc/sys/user/max_user_namespaces || exit 1
        exec \"$0\" \"$@\"";
    let mut command = std::process::Command::new("unshare");
    let within = ["--user", "--map-root-user", "sh", "-c", script];
    command.args(within).arg(env!("CARGO_BIN_EXE_wire"));
    Server::start_as(command).ok()
}

#[tokio::test]
async fn without_a_laboratory_only_what_is_plain_runs() -> Result<()> {
    if server().await?.is_none() {
        return Ok(());
    }
    let server = without_laboratory().context("unshare of util-linux")?;
    let state = server.get("/api/state").await?.json::<Value>().await?;
    let obstacle = state["obstacle"].as_str().context("a sentence")?;
    assert!(obstacle.contains("max_user_namespaces"), "{obstacle}");

    let events = server.post(RUN, &json!({ "which": "lesson" })).await?;
    assert_eq!(named(&events, "packet").count(), 0);
    assert_eq!(named(&events, "wire").count(), 0);
    assert!(named(&events, "out").count() > 0);
    assert_eq!(events.last().context("an end")?.1["status"], json!(0));

    let request = json!({ "which": "lesson", "link": { "rtt_ms": 100 } });
    let events = server.post(RUN, &request).await?;
    assert_eq!(named(&events, "out").count(), 0);
    let error = named(&events, "err").next().context("why not")?;
    assert_eq!(error["text"], json!(obstacle));
    assert_eq!(events.last().context("an end")?.1["why"], json!("lost"));
    Ok(())
}

/// A child in a group of its own, which a signal to the program's group
/// would miss; it says its number, as /proc of outside knows it.
const LEAVES_A_CHILD: &str = r#"use std::os::unix::process::CommandExt;
fn main() -> std::io::Result<()> {
    let script = "read id rest </proc/self/stat; echo $id; exec sleep 600";
    std::process::Command::new("sh")
        .args(["-c", script])
        .process_group(0)
        .spawn()?
        .wait()?;
    Ok(())
}"#;

#[tokio::test]
async fn who_hangs_up_ends_the_whole_namespace() -> Result<()> {
    let Some(server) = server().await? else {
        return Ok(());
    };
    for _ in 0..3 {
        let (id, news) = start_saying(&server, LEAVES_A_CHILD).await?;
        let chain = ancestors(&id, server.id())?;
        // The program, process 1, and who waits for it outside.
        assert!(chain.len() >= 3, "{id} is in no laboratory: {chain:?}");
        drop(news);
        for id in chain.iter().chain([&id]) {
            wait_until(|| !is_running(id)).await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_laboratory_that_is_lost_is_told() -> Result<()> {
    let Some(server) = server().await? else {
        return Ok(());
    };
    let (id, news) = start_saying(&server, LEAVES_A_CHILD).await?;
    let chain = ancestors(&id, server.id())?;
    let kill = std::process::Command::new("kill")
        .args(["-KILL", &chain[1]])
        .status()?;
    assert!(kill.success());
    let end = last(news).await?;
    assert_eq!(
        (&end["status"], &end["why"]),
        (&Value::Null, &json!("lost"))
    );
    wait_until(|| !is_running(&id)).await
}

/// The last event of a stream.
async fn last(mut news: News) -> Result<Value> {
    loop {
        let next = tokio::time::timeout(Duration::from_secs(20), news.next());
        let (name, data) = next.await.context("it goes on for ever")??;
        if name == "end" {
            return Ok(data);
        }
    }
}

/// From the parent of a process up to below the server.
fn ancestors(id: &str, server: u32) -> Result<Vec<String>> {
    let (mut chain, mut id) = (Vec::new(), id.to_owned());
    loop {
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let parent = status.lines().find_map(|it| it.strip_prefix("PPid:"));
        id = parent.context("no parent")?.trim().to_owned();
        if id == server.to_string() {
            return Ok(chain);
        }
        ensure!(id != "0", "it is no child of the server");
        chain.push(id.clone());
    }
}
