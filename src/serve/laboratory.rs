//! A lesson that runs for a page in a network of its own: in go the page's
//! sliders, out come the program's lines, its packets as rows of the ladder,
//! and what TCP thinks.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use lessons::link::units::{Delay, Rate, Share, Size};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::App;
use super::api::tell;
use super::job::Job;
use super::live::Story;
use crate::book::po::Catalogue;
use crate::lab::enter;
use crate::lab::event::{End, Event, Stopped};
use crate::lab::plan::{LinkOptions, Plan, Scene, Watch, Ways};
use crate::lab::sample::Sample;
use crate::runner::{self, Limits, Line, Why};
use crate::wire::LinkType;
use crate::wire::ladder::{Ladder, Row, ends};

/// What a program may use up in the laboratory, in seconds.
const SECONDS: u64 = 60;

const LIMITS: Limits = Limits {
    // The laboratory ends the program in time; this is for itself.
    time: Duration::from_secs(SECONDS + 10),
    // It also counts what the program prints, and bounds the packets;
    // samples come at a pace of their own, and are not kept.
    output: usize::MAX,
};

/// The page hears of so many sockets; a program with more than that is not
/// one whose windows anybody compares.
const SOCKETS: usize = 32;

/// What the sliders of a page say. Numbers only, and each has its bounds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Knobs {
    /// Round-trip time in milliseconds, at most 2,000.
    rtt_ms: u32,
    /// Kilobits per second, 16 to 100,000; 0 for no limit.
    rate_kbit: u32,
    /// Tenths of a percent, at most 1,000.
    loss_permille: u32,
    /// Kilobytes, 2 to 10,000; 0 for as much as the link can hold.
    queue_kb: u32,
}

impl Knobs {
    /// The link that they ask for; none if all are at rest.
    pub(super) fn link(self) -> Result<Option<LinkOptions>> {
        let within = |value: u32, least: u32, most: u32| {
            value == 0 || (least..=most).contains(&value)
        };
        if !within(self.rtt_ms, 1, 2000)
            || !within(self.rate_kbit, 16, 100_000)
            || !within(self.loss_permille, 1, 1000)
            || !within(self.queue_kb, 2, 10_000)
        {
            bail!("There is no such link: a slider is out of its bounds.");
        }
        if self == Knobs::default() {
            return Ok(None);
        }
        let both = |value: u64| {
            (value > 0).then_some(Ways {
                up: value,
                down: value,
            })
        };
        let rate = both(1000 * u64::from(self.rate_kbit));
        let queue = both(1000 * u64::from(self.queue_kb));
        let loss = f64::from(self.loss_permille) / 1000.0;
        Ok(Some(LinkOptions {
            rtt: Some(Delay(1_000_000 * u64::from(self.rtt_ms))),
            rate: rate.map(|ways| ways.map(Rate)),
            queue: queue.map(|ways| ways.map(Size)),
            loss: Some(Ways {
                up: Share(loss),
                down: Share(loss),
            }),
            ..LinkOptions::default()
        }))
    }
}

/// Whether there can be a laboratory, found out once; else the reason.
#[derive(Debug, Default)]
pub(super) struct Possible(OnceLock<Option<String>>);

impl Possible {
    /// Finds out in the background, so that it is known before a page asks.
    pub(super) fn ask(app: &Arc<App>) {
        let app = app.clone();
        thread::spawn(move || app.laboratory.obstacle().is_some());
    }

    /// The reason why not.
    pub(super) fn obstacle(&self) -> Option<&str> {
        self.0.get_or_init(obstacle).as_deref()
    }
}

#[cfg(target_os = "linux")]
fn obstacle() -> Option<String> {
    let wire = std::env::current_exe().ok()?;
    let mut inside = std::process::Command::new(wire);
    inside.arg(enter::EXAMINE);
    match crate::lab::doctor::examine(inside) {
        Ok(report) => report.obstacle(),
        Err(error) => Some(format!("{error:#}")),
    }
}

#[cfg(not(target_os = "linux"))]
fn obstacle() -> Option<String> {
    Some(crate::lab::Blocked::NotLinux.to_string())
}

/// Runs `program` in the laboratory and tells everything, then the end.
pub(super) fn follow(
    program: PathBuf,
    arguments: Vec<String>,
    link: Option<LinkOptions>,
    job: &Job,
    catalogue: &Catalogue,
    out: &mpsc::Sender<Story>,
) -> Result<()> {
    let command = enter::command(&plan(program, arguments, link))?;
    let running = runner::start(command, LIMITS)?;
    let stopper = running.stopper();
    job.on_call_off(move || stopper.stop());
    let mut watched = Watched {
        ladder: Ladder::new(LinkType::Raw),
        catalogue,
        out,
        sockets: HashSet::new(),
        end: None,
    };
    let (name, data) = watched.begin();
    tell(out, name, data);
    let ended = running
        .finish(|line| watched.hear(line))
        .context("the laboratory was lost")?;
    let all = ended.elapsed.as_millis() as u64;
    let (status, why, ms) = match (ended.why, watched.end) {
        (Some(Why::Stopped), _) => (None, Some("stopped"), all),
        (Some(Why::Time), _) => (None, Some("time"), all),
        (Some(Why::Output), _) => (None, Some("output"), all),
        (None, Some(End { status, why, ms })) => (status, why.map(word), ms),
        // It ended without a word: what it said on its standard error has
        // been told.
        (None, None) => (None, Some("lost"), all),
    };
    let end = json!({ "status": status, "ms": ms, "why": why });
    tell(out, "end", end);
    Ok(())
}

/// One host, and all that happens on it is told.
fn plan(
    program: PathBuf,
    arguments: Vec<String>,
    link: Option<LinkOptions>,
) -> Plan {
    Plan {
        scene: Scene::Loopback { program, arguments },
        link,
        congestion_control: None,
        settings: Vec::new(),
        watch: Watch {
            events: true,
            seconds: Some(SECONDS),
            ..Watch::default()
        },
    }
}

/// What the page knows it as.
fn word(why: Stopped) -> &'static str {
    match why {
        Stopped::Time => "time",
        Stopped::Output => "output",
    }
}

type Told = (&'static str, Value);

/// What has been heard so far.
struct Watched<'a> {
    ladder: Ladder,
    catalogue: &'a Catalogue,
    out: &'a mpsc::Sender<Story>,
    /// Whose samples have been told.
    sockets: HashSet<(SocketAddr, SocketAddr)>,
    end: Option<End>,
}

impl Watched<'_> {
    fn begin(&self) -> Told {
        (
            "wire",
            json!({ "html": ends(&mut speaker(self.catalogue)) }),
        )
    }

    /// `false` if nobody listens any more.
    fn hear(&mut self, line: Line) -> bool {
        let told = match line {
            // The laboratory's own words.
            Line::Err(text) => Some(("err", json!({ "text": text }))),
            Line::Out(text) => match Event::read(&text) {
                Some(event) => self.translate(event),
                None => Some(("out", json!({ "text": text }))),
            },
        };
        told.is_none_or(|(name, data)| tell(self.out, name, data))
    }

    fn translate(&mut self, event: Event) -> Option<Told> {
        Some(match event {
            Event::Out(text) => ("out", json!({ "text": text })),
            Event::Err(text) => ("err", json!({ "text": text })),
            Event::Packet(seen) => self.packet(&seen.frame().ok()?),
            Event::More => ("more", json!({})),
            Event::Sample(sample) => self.sample(&sample)?,
            Event::Blocked(text) => ("err", json!({ "text": text })),
            Event::End(end) => {
                self.end = Some(end);
                return None;
            }
        })
    }

    fn sample(&mut self, sample: &Sample) -> Option<Told> {
        let socket = (sample.local, sample.peer);
        if self.sockets.len() < SOCKETS {
            self.sockets.insert(socket);
        }
        let known = self.sockets.contains(&socket);
        known.then(|| ("sample", json!(sample)))
    }

    /// A packet as a row, and the heading of its connection, which tells
    /// what became of it so far.
    fn packet(&mut self, frame: &crate::wire::Frame) -> Told {
        let mut say = speaker(self.catalogue);
        let Row {
            connection, html, ..
        } = self.ladder.row(frame, &mut say);
        let heading = self.ladder.heading(connection, &mut say);
        let data = json!({
            "connection": connection,
            "heading": heading,
            "html": html,
        });
        ("packet", data)
    }
}

/// Says an English word in the language of the page.
fn speaker(catalogue: &Catalogue) -> impl FnMut(&str) -> String {
    move |english: &str| {
        let translation = catalogue.translation(english);
        translation.unwrap_or(english).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sliders_at_rest_bend_nothing_and_others_have_bounds() -> Result<()> {
        assert!(Knobs::default().link()?.is_none());
        let knobs = Knobs {
            rtt_ms: 40,
            loss_permille: 1000,
            ..Knobs::default()
        };
        let link = knobs.link()?.context("a link")?;
        assert_eq!(link.delay(), 20_000_000);
        let settings = link.settings()?;
        assert_eq!(settings.up.loss, 1.0);
        assert_eq!(settings.down.rate, None);
        for knobs in [
            Knobs {
                rtt_ms: 2001,
                ..knobs
            },
            Knobs {
                rate_kbit: 15,
                ..knobs
            },
            Knobs {
                loss_permille: 1001,
                ..knobs
            },
            Knobs {
                queue_kb: 1,
                ..knobs
            },
        ] {
            assert!(knobs.link().is_err(), "{knobs:?}");
        }
        let unknown = serde_json::from_str::<Knobs>(r#"{"cc":"bbr"}"#);
        assert!(unknown.is_err());
        Ok(())
    }
}
