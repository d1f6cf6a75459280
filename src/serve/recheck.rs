//! Judges an exercise of the learner's: in goes its number, out come the
//! steps, for the page that asked or, after a save, for all that are open.

use std::fs;
use std::sync::Arc;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use super::App;
use super::job::Job;
use super::live::Story;
use super::words;
use crate::cargo::{self, Built, Progress};
use crate::check::{
    self, Event, Interrupt, State, StepReport, Target, Verdict,
};

/// Builds and judges `my/exerciseN.rs`. `tell` says `false` once nobody
/// listens any more.
pub(super) fn judge(
    app: &App,
    number: u8,
    job: &Job,
    tell: &mut (dyn FnMut(Story) -> bool + Send),
) -> Result<()> {
    let exercise = check::exercise(number)
        .with_context(|| format!("there is no exercise {number}"))?;
    let mut story = |name, data| tell(Story::new(name, with(number, data)));
    story("begin", json!({}));
    let source = app.my.exercise(number);
    let built =
        cargo::build_mine(&app.course, &source, &mut Telling(&mut story))?;
    let Built::Program(program) = built else {
        story("end", json!({ "passed": false, "why": "build" }));
        return Ok(());
    };
    let target = Target::Command(vec![program.into()]);
    let mut see = |event| {
        if let Event::Step(report) = event {
            story("step", step(&report));
        }
    };
    let interrupt = Interrupt::default();
    let stop = interrupt.clone();
    job.on_call_off(move || stop.set());
    let seed = check::fresh_seed();
    let verdict = check::judge(exercise, &target, seed, &interrupt, &mut see)?;
    if verdict.passed() {
        app.my.record(|progress| {
            progress.solved.insert(number, seed);
        })?;
    }
    story("end", end(&verdict));
    Ok(())
}

fn end(verdict: &Verdict) -> Value {
    json!({
        "passed": verdict.passed(),
        "tried": verdict.tried,
        "ok": verdict.ok,
        "of": verdict.of,
        "seed": verdict.seed,
    })
}

/// Checks again what was saved, if it has changed and somebody is looking.
pub(super) fn after_save(app: &Arc<App>, number: u8) {
    if app.stories.receiver_count() == 0 || check::exercise(number).is_none() {
        return;
    }
    let source = app.my.exercise(number);
    let Ok(text) = fs::read(&source) else {
        return;
    };
    let starter = fs::read(app.course.starter(number));
    if starter.is_ok_and(|starter| starter == text) {
        // Begun just now: there is nothing to judge yet.
        return;
    }
    let Some(place) = app.checks.begin(1) else {
        return;
    };
    let stories = app.stories.clone();
    let mut tell = move |story| stories.send(story).is_ok();
    if let Err(error) = judge(app, number, &place.job, &mut tell) {
        let text = format!("{error:#}");
        tell(Story::new("err", with(number, json!({ "text": text }))));
        let end = json!({ "passed": false, "why": "build" });
        tell(Story::new("end", with(number, end)));
    }
}

/// A story goes to all pages: each looks whether it is about its exercise.
fn with(number: u8, mut data: Value) -> Value {
    if let Value::Object(fields) = &mut data {
        fields.insert("exercise".into(), number.into());
    }
    data
}

fn step(report: &StepReport) -> Value {
    let mut fields = Map::new();
    fields.insert("number".into(), report.number.into());
    fields.insert("name".into(), report.name.into());
    let (state, failure) = match &report.state {
        State::Passed => ("ok", Value::Null),
        State::NotReached => ("left", Value::Null),
        // The reason stands where a failure's does.
        State::Skipped(why) => ("skip", json!({ "reason": why })),
        State::Failed(failure) => {
            let failure = json!({
                "sent": words::shown(&failure.sent),
                "expected": words::shown(&failure.expected),
                "got": words::shown(&failure.got),
                "died": failure.died,
                "likely": failure.likely,
            });
            ("fail", failure)
        }
    };
    fields.insert("state".into(), state.into());
    fields.insert("failure".into(), failure);
    Value::Object(fields)
}

/// A build as the pages hear of it.
struct Telling<'a, F>(&'a mut F);

impl<F> Progress for Telling<'_, F>
where
    F: FnMut(&'static str, Value) -> bool + Send,
{
    fn compiled(&mut self, name: &str) {
        let text = format!("compiled {name}");
        (self.0)("note", json!({ "text": text }));
    }

    fn says(&mut self, line: &str) {
        (self.0)("err", json!({ "text": line }));
    }
}
