//! Process 1 of a laboratory: in goes a plan, out come the programs' runs,
//! the captures, and the exit code.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::capture::Capture;
use super::driver::{Driver, Outcome};
use super::event::Event;
use super::namespace::Host;
use super::plan::{LinkOptions, Plan, Scene, Watch};
use super::record::{Recorded, Recorder, Wanted};
use super::sample::{Sample, csv};
use super::sampler::Sampler;
use super::{entry, loopback, net, plot};
use crate::terminal::{note, remark};

/// Does what the plan says; the exit code of the program in question.
pub fn play(plan: &Plan) -> Result<i32> {
    entry::arrive()?;
    if let Some(path) = &plan.watch.samples {
        // Now, and not when all has been run in vain.
        fs::File::create(path).with_context(|| unwritten(path))?;
    }
    match &plan.scene {
        Scene::Loopback { program, arguments } => {
            loopback::play(plan, program, arguments)
        }
        Scene::Net(net) => net::play(plan, net),
    }
}

/// When the last packets will have come, once the last program has ended.
pub(super) fn last_word(link: Option<&LinkOptions>) -> Instant {
    let way = link.map_or(0, LinkOptions::delay);
    let patience = Duration::from_millis(300) + Duration::from_nanos(4 * way);
    Instant::now() + patience
}

/// Tells each sample to whoever watches.
fn teller(watch: &Watch) -> impl Fn(&Sample) + Send + 'static {
    let events = watch.events;
    move |sample| {
        if events {
            Event::Sample(sample.clone()).tell();
        }
    }
}

/// A recorder, if anybody wants packets.
pub(super) fn recorder(
    watch: &Watch,
    wanted: impl FnOnce() -> Wanted,
) -> Result<Option<Recorder>> {
    let wants = watch.wants_packets();
    wants.then(|| Recorder::start(wanted())).transpose()
}

/// A sampler, if anybody wants samples.
pub(super) fn sampler(
    watch: &Watch,
    host: &Host,
    queued: Option<Arc<[AtomicU64; 2]>>,
) -> Result<Option<Sampler>> {
    let start = || Sampler::start(host, queued, teller(watch));
    watch.wants_samples().then(start).transpose()
}

/// What is known when all is over.
#[derive(Default)]
pub(super) struct Findings {
    pub outcome: Option<Outcome>,
    pub recorded: Option<Recorded>,
    /// Packets that the capture of a plain loopback has missed.
    pub missed: u64,
    pub samples: Vec<Sample>,
    /// What this machine would not let us set.
    pub unset: Vec<String>,
}

impl Findings {
    pub(super) fn new(unset: Vec<String>) -> Findings {
        Findings {
            unset,
            ..Findings::default()
        }
    }

    pub(super) fn stop_driver(&mut self, driver: Option<Driver>) -> Result<()> {
        self.outcome = driver.map(Driver::stop).transpose()?;
        Ok(())
    }

    pub(super) fn stop_capture(&mut self, capture: Capture) -> Result<()> {
        let counts = capture.finish().context("cannot capture")?;
        self.missed = counts.dropped;
        Ok(())
    }

    pub(super) fn stop_sampler(
        &mut self,
        sampler: Option<Sampler>,
    ) -> Result<()> {
        let samples = sampler.map(Sampler::finish).transpose()?;
        self.samples = samples.unwrap_or_default();
        Ok(())
    }

    /// Says at the terminal what there was, and writes the samples.
    pub(super) fn report(&self, watch: &Watch) -> Result<()> {
        if let Some(path) = &watch.samples {
            fs::write(path, csv(&self.samples))
                .with_context(|| unwritten(path))?;
        }
        if watch.events {
            return Ok(());
        }
        for what in &self.unset {
            note!("lab: {what}");
        }
        if let Some(outcome) = &self.outcome {
            remark(format_args!("{}", summary(outcome)));
        }
        if let Some(recorded) = &self.recorded {
            for file in &recorded.files {
                note!("lab: written: {}", file.display());
            }
        }
        if self.missed > 0 {
            note!("lab: the capture has missed {} packets", self.missed);
        }
        if watch.plot {
            remark(format_args!("{}", plot::plot(&self.samples)));
        }
        Ok(())
    }
}

fn unwritten(path: &Path) -> String {
    format!("cannot write the samples {}", path.display())
}

/// A line for each direction, and one for what must not be.
fn summary(outcome: &Outcome) -> String {
    let ways = [
        ("client → server", &outcome.up),
        ("server → client", &outcome.down),
    ];
    let mut text = String::new();
    for (name, tally) in ways {
        let packets = if tally.sent == 1 { "packet" } else { "packets" };
        text += &format!("lab: {name}: {} {packets}", tally.sent);
        let fates = [
            (tally.lost, "lost"),
            (tally.dropped, "dropped at the queue"),
            (tally.too_big, "too large"),
            (tally.marked, "marked"),
            (tally.duplicated, "doubled"),
            (tally.reordered, "overtaken"),
        ];
        for (count, fate) in fates.iter().filter(|(count, _)| *count > 0) {
            text += &format!(", {count} {fate}");
        }
        text += "\n";
    }
    text + &warnings(outcome)
}

/// What makes the figures worth less.
fn warnings(outcome: &Outcome) -> String {
    let mut text = String::new();
    let late = outcome.late.1 as f64 / 1e6;
    if late > 1.0 {
        // The driver counts no further.
        let time = match late < 19.9 {
            true => format!("{late:.1} ms"),
            false => "20 ms or more".to_owned(),
        };
        text += &format!(
            "lab: this machine was busy: one packet in a hundred arrived \
             {time} too late\n"
        );
    }
    if outcome.unseen > 0 {
        text += &format!(
            "lab: {} packets vanished outside the link: this machine was too \
             busy, do not trust the figures\n",
            outcome.unseen
        );
    }
    text
}
