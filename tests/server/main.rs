//! The server as a stranger meets it, and as a learner does: what it serves,
//! what it refuses, and that nothing is left running.

#[cfg(target_os = "linux")]
mod ends;
#[cfg(target_os = "linux")]
mod lab;
mod running;
mod safety;

use anyhow::{Context, Result};
use reqwest::StatusCode;
use serde_json::{Value, json};

use running::Server;

#[tokio::test]
async fn pages_need_no_token_and_know_that_they_are_live() -> Result<()> {
    let server = Server::start()?;
    for page in ["/en/index.html", "/zh-CN/lesson7.html"] {
        let answer = server.stranger().get(server.url(page)).send().await?;
        assert_eq!(answer.status(), StatusCode::OK, "{page}");
        let html = answer.text().await?;
        assert!(html.contains(r#"<meta name="wire" content="live">"#));
    }
    let answer = server
        .stranger()
        .get(server.url("/"))
        .header("Accept-Language", "zh-TW,en;q=0.5")
        .send()
        .await?;
    assert!(answer.url().path().starts_with("/zh-CN/"));
    Ok(())
}

#[tokio::test]
async fn a_lesson_runs_and_prints_its_transcript() -> Result<()> {
    let server = Server::start()?;
    let request = json!({ "which": "lesson" });
    let events = server.post("/api/lessons/7/run", &request).await?;
    let recorded = include_str!("../snapshots/lesson7.snap")
        .split("\n---\n")
        .nth(1);
    assert_eq!(printed(&events), recorded.context("a snapshot")?);
    let (name, end) = events.last().context("an end")?;
    assert_eq!((name.as_str(), &end["status"]), ("end", &json!(0)));
    Ok(())
}

#[tokio::test]
async fn a_question_is_answered_by_its_program() -> Result<()> {
    let server = Server::start()?;
    let path = "/api/faq/connection-refused/run";
    let events = server.post(path, &json!({})).await?;
    let recorded = include_str!("../snapshots/faq/connection-refused.snap")
        .split("\n---\n")
        .nth(1);
    assert_eq!(printed(&events), recorded.context("a snapshot")?);
    for stranger in ["/api/faq/nothing/run", "/api/faq/..%2Flesson7/run"] {
        let answer = server.ask(stranger, &json!({})).await?;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{stranger}");
    }
    Ok(())
}

#[tokio::test]
async fn the_learners_copy_runs_and_its_errors_are_rustcs() -> Result<()> {
    let server = Server::start()?;
    let begun: Value = server.post_json("/api/lessons/7/try").await?;
    assert_eq!(begun["fresh"], json!(true));
    let mine = server.my().join("lesson7.rs");
    let text = std::fs::read_to_string(&mine)?;

    std::fs::write(&mine, text.replace("\"to\"", "\"two\""))?;
    let request = json!({ "which": "mine" });
    let events = server.post("/api/lessons/7/run", &request).await?;
    assert!(printed(&events).contains("wrote \"two\""), "{events:?}");

    std::fs::write(&mine, "fn main() { let x: u8 = \"\"; }")?;
    let events = server.post("/api/lessons/7/run", &request).await?;
    let told = events.iter().any(|(name, data)| {
        let text = data["text"].as_str().unwrap_or_default();
        name == "err" && text.contains("error[E0308]: mismatched types")
    });
    assert!(told, "{events:?}");
    let (_, end) = events.last().context("an end")?;
    assert_eq!(end["why"], json!("build"));
    Ok(())
}

#[tokio::test]
async fn an_exercise_is_begun_checked_and_remembered() -> Result<()> {
    let server = Server::start()?;
    let begun: Value = server.post_json("/api/exercises/7/begin").await?;
    assert_eq!(begun["fresh"], json!(true));
    let events = server.post("/api/exercises/7/check", &json!({})).await?;
    let (_, end) = events.last().context("an end")?;
    assert_eq!(end["passed"], json!(false), "an untouched starter passed");

    let solution = include_str!("../../exercises/solutions/exercise7.rs");
    std::fs::write(server.my().join("exercise7.rs"), solution)?;
    let events = server.post("/api/exercises/7/check", &json!({})).await?;
    let (_, end) = events.last().context("an end")?;
    assert_eq!(end["passed"], json!(true), "{events:?}");
    let steps = events.iter().filter(|(name, _)| name == "step").count();
    assert_eq!(json!(steps), end["of"]);

    let state = server.get("/api/state").await?.json::<Value>().await?;
    assert_eq!(state["exercises"]["7"]["solved"], json!(true));
    assert_eq!(state["solved"], json!([7]));
    Ok(())
}

#[tokio::test]
async fn a_saved_exercise_is_checked_again_for_all_pages() -> Result<()> {
    let server = Server::start()?;
    server.post_json("/api/exercises/7/begin").await?;
    let mut news = server.events().await?;
    let (name, _) = news.next().await?;
    assert_eq!(name, "build");
    let solution = include_str!("../../exercises/solutions/exercise7.rs");
    std::fs::write(server.my().join("exercise7.rs"), solution)?;
    loop {
        let (name, data) = news.next().await?;
        assert_eq!(data["exercise"], json!(7), "{name}: {data}");
        if name == "end" {
            assert_eq!(data["passed"], json!(true), "{data}");
            return Ok(());
        }
    }
}

fn printed(events: &[(String, Value)]) -> String {
    let lines = events.iter().filter(|(name, _)| name == "out");
    lines
        .filter_map(|(_, data)| data["text"].as_str())
        .map(|line| format!("{line}\n"))
        .collect()
}
