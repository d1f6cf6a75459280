//! What a page may ask for: in goes a number found in the course, out come
//! events, or one sentence on why not.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, bail};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::guard::{has_token, refusal};
use super::job::Job;
use super::laboratory::{self, Knobs};
use super::live::{self, Story};
use super::recheck::judge;
use super::{App, SLOTS};
use crate::cargo::{self, Built, Progress};
use crate::faq;
use crate::lab::plan::LinkOptions;
use crate::my::Begun;
use crate::runner::{self, Line, Why};

/// What is begun, tried and solved. `null` for a page without the token:
/// to be refused would be an error, and to read is none.
pub(super) async fn state(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Json<Value> {
    if !has_token(&app, &headers) {
        return Json(Value::Null);
    }
    let progress = app.my.progress();
    let (mut lessons, mut exercises) = (BTreeMap::new(), BTreeMap::new());
    for lesson in app.course.written() {
        let n = lesson.number;
        let tried = app.my.lesson(n).exists();
        lessons.insert(n, json!({ "tried": tried }));
        let begun = app.my.exercise(n).exists();
        let solved = progress.solved.contains_key(&n);
        exercises.insert(n, json!({ "begun": begun, "solved": solved }));
    }
    let solved: Vec<_> = progress.solved.keys().collect();
    let asked = app.clone();
    let ask = move || asked.laboratory.obstacle().map(str::to_owned);
    let obstacle = tokio::task::spawn_blocking(ask).await.unwrap_or_default();
    Json(json!({
        "lessons": lessons,
        "exercises": exercises,
        "solved": solved,
        "obstacle": obstacle,
    }))
}

/// Which program of a lesson to run.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Which {
    Lesson,
    Mine,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RunRequest {
    which: Which,
    /// The sliders beside the button, if there are any.
    #[serde(default)]
    link: Knobs,
}

/// Runs a lesson, or the learner's copy of it, and streams its lines; in a
/// network of its own, its packets too.
pub(super) async fn run(
    State(app): State<Arc<App>>,
    Path(number): Path<u8>,
    headers: HeaderMap,
    request: Result<Json<RunRequest>, JsonRejection>,
) -> Response {
    let (which, link) = match read(&app, number, request) {
        Ok(read) => read,
        Err((status, error)) => return refusal(status, &error),
    };
    let catalogue = app.site.catalogue(live::lang(&headers));
    start(app, &headers, move |app, job, out| {
        let mut building = Telling(out.clone());
        let Built::Program(program) = build(app, number, which, &mut building)?
        else {
            return does_not_compile(out);
        };
        match app.laboratory.obstacle() {
            None => {
                laboratory::follow(program, vec![], link, job, &catalogue, out)
            }
            // Not over an unbent one instead: it would look the same.
            Some(why) if link.is_some() => bail!("{why}"),
            Some(_) => follow(program, &[], job, out),
        }
    })
}

/// Makes the error of a question happen, where possible in a network of its
/// own with its packets.
pub(super) async fn run_faq(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Some(entry) = faq::entry(&name) else {
        let error = format!("There is no question {name:?}.");
        return refusal(StatusCode::NOT_FOUND, &error);
    };
    let catalogue = app.site.catalogue(live::lang(&headers));
    start(app, &headers, move |app, job, out| {
        let mut building = Telling(out.clone());
        let built = cargo::build_faq(&app.course, &mut building)?;
        let Built::Program(program) = built else {
            return does_not_compile(out);
        };
        let name = vec![entry.name.to_owned()];
        match app.laboratory.obstacle() {
            None => {
                laboratory::follow(program, name, None, job, &catalogue, out)
            }
            Some(_) => follow(program, &name, job, out),
        }
    })
}

fn does_not_compile(out: &mpsc::Sender<Story>) -> Result<()> {
    tell(out, "end", json!({ "status": 1, "ms": 0, "why": "build" }));
    Ok(())
}

/// What is to be run and over which link, or why it is not.
fn read(
    app: &App,
    number: u8,
    request: Result<Json<RunRequest>, JsonRejection>,
) -> Result<(Which, Option<LinkOptions>), (StatusCode, String)> {
    let Json(request) =
        request.map_err(|error| (error.status(), error.body_text()))?;
    let missing = |error: String| (StatusCode::NOT_FOUND, error);
    let lesson = app.course.lesson(number);
    lesson.map_err(|error| missing(error.to_string()))?;
    if matches!(request.which, Which::Mine) && !app.my.lesson(number).exists() {
        return Err(missing(format!("There is no {}.", mine(app, number))));
    }
    let link = request.link.link().map_err(|error| {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        (status, format!("{error:#}"))
    })?;
    Ok((request.which, link))
}

fn build(
    app: &App,
    number: u8,
    which: Which,
    building: &mut Telling,
) -> Result<Built> {
    match which {
        Which::Lesson => cargo::build_lesson(&app.course, number, building),
        Which::Mine => {
            let source = app.my.lesson(number);
            cargo::build_mine(&app.course, &source, building)
        }
    }
}

/// Checks an exercise and streams the story.
pub(super) async fn check(
    State(app): State<Arc<App>>,
    Path(number): Path<u8>,
    headers: HeaderMap,
) -> Response {
    if let Err(error) = app.course.lesson(number) {
        return refusal(StatusCode::NOT_FOUND, &error.to_string());
    }
    if !app.my.exercise(number).exists() {
        let error = format!("Exercise {number} is not begun yet.");
        return refusal(StatusCode::NOT_FOUND, &error);
    }
    start(app, &headers, move |app, job, out| {
        let mut tell = |story: Story| out.blocking_send(story).is_ok();
        judge(app, number, job, &mut tell)
    })
}

/// Copies the starter of an exercise to the learner's folder.
pub(super) async fn begin(
    State(app): State<Arc<App>>,
    Path(number): Path<u8>,
) -> Response {
    copied(&app, number, |app| app.my.begin(&app.course, number))
}

/// Copies a lesson to the learner's folder.
pub(super) async fn try_lesson(
    State(app): State<Arc<App>>,
    Path(number): Path<u8>,
) -> Response {
    copied(&app, number, |app| app.my.try_lesson(&app.course, number))
}

fn copied(
    app: &App,
    number: u8,
    copy: impl FnOnce(&App) -> Result<Begun>,
) -> Response {
    if let Err(error) = app.course.lesson(number) {
        return refusal(StatusCode::NOT_FOUND, &error.to_string());
    }
    match copy(app) {
        Ok(begun) => {
            let path = begun.path;
            let short = path.strip_prefix(&app.course.root).unwrap_or(&path);
            Json(json!({ "path": short, "fresh": begun.fresh })).into_response()
        }
        Err(error) => {
            let error = format!("{error:#}");
            refusal(StatusCode::INTERNAL_SERVER_ERROR, &error)
        }
    }
}

fn mine(app: &App, number: u8) -> String {
    let path = app.my.lesson(number);
    let short = path.strip_prefix(&app.course.root).unwrap_or(&path);
    short.display().to_string()
}

/// Does `work` in a thread of its own and streams what it tells. There are
/// few places: who finds none is told so at once.
fn start(
    app: Arc<App>,
    headers: &HeaderMap,
    work: impl FnOnce(&App, &Job, &mpsc::Sender<Story>) -> Result<()>
    + Send
    + 'static,
) -> Response {
    let Some(place) = app.jobs.begin(SLOTS) else {
        return refusal(
            StatusCode::TOO_MANY_REQUESTS,
            "Two programs are running already: stop one of them first.",
        );
    };
    let catalogue = app.site.catalogue(live::lang(headers));
    let (out, stories) = mpsc::channel(64);
    let hang_up = place.job.clone();
    thread::spawn(move || {
        if let Err(error) = work(&app, &place.job, &out) {
            tell(&out, "err", json!({ "text": format!("{error:#}") }));
            let end = json!({ "status": null, "ms": 0, "why": "lost" });
            tell(&out, "end", end);
        }
    });
    live::stream(stories, catalogue, move || hang_up.call_off())
}

/// Runs `program` and tells every line, then the end.
fn follow(
    program: PathBuf,
    arguments: &[String],
    job: &Job,
    out: &mpsc::Sender<Story>,
) -> Result<()> {
    let mut command = std::process::Command::new(&program);
    command.args(arguments);
    let running = runner::start(command, runner::Limits::default())?;
    let stopper = running.stopper();
    job.on_call_off(move || stopper.stop());
    let ended = running
        .finish(|line| match line {
            Line::Out(text) => tell(out, "out", json!({ "text": text })),
            Line::Err(text) => tell(out, "err", json!({ "text": text })),
        })
        .context("the program was lost")?;
    let why = ended.why.map(|why| match why {
        Why::Stopped => "stopped",
        Why::Time => "time",
        Why::Output => "output",
    });
    let ms = ended.elapsed.as_millis() as u64;
    let end = json!({ "status": ended.status, "ms": ms, "why": why });
    tell(out, "end", end);
    Ok(())
}

/// `false` if nobody listens any more.
pub(super) fn tell(
    out: &mpsc::Sender<Story>,
    name: &'static str,
    data: Value,
) -> bool {
    out.blocking_send(Story::new(name, data)).is_ok()
}

/// A build as the page hears of it.
struct Telling(mpsc::Sender<Story>);

impl Progress for Telling {
    fn compiled(&mut self, name: &str) {
        let text = format!("compiled {name}");
        tell(&self.0, "note", json!({ "text": text }));
    }

    fn says(&mut self, line: &str) {
        tell(&self.0, "err", json!({ "text": line }));
    }
}
