//! One host whose loopback is a link: in goes a program with both ends in
//! it, out comes its run over that link, unmodified.
//!
//! Packets to 127.0.0.0/8 are routed into a TUN device, whose reader hands
//! them to the link and writes them back into the same device:
//!
//! * a rule sends what this host itself sends to 127.0.0.0/8 to a table with
//!   a route into the device; the rule for local addresses, first by
//!   default, is moved behind it, so that what comes back is delivered;
//! * `route_localnet` and `accept_local` let such packets in.
//!
//! `::1` stays as it is: Linux refuses its packets from any other device.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::{Context, Result};

use super::capture::Capture;
use super::driver::{Driver, Sighting};
use super::ends::{Ends, Place};
use super::event::{End, Event};
use super::namespace::Host;
use super::plan::{LinkOptions, Plan, Watch};
use super::plug;
use super::port::{Device, Port};
use super::program::Program;
use super::record::{Recorder, Wanted};
use super::route::{LOCAL, Path, Route, Rule};
use super::stage::{self, Findings};
use super::tune;
use super::wait::wait_quiet;

/// The device, and the table that holds the way into it.
const DEVICE: &str = "link0";
const TABLE: u32 = 100;

const LOOPBACK: (IpAddr, u8) = (IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8);

/// Where the packets of a run are seen.
enum Source {
    Nobody,
    /// The loopback as it is.
    Plain(Capture),
    Bent(Driver),
}

impl Source {
    fn queued(&self) -> Option<Arc<[AtomicU64; 2]>> {
        match self {
            Source::Bent(driver) => Some(driver.queued()),
            _ => None,
        }
    }
}

/// Runs the program; its exit code.
pub(super) fn play(
    plan: &Plan,
    program: &path::Path,
    arguments: &[String],
) -> Result<i32> {
    let watch = &plan.watch;
    let host = Host::new("host")?;
    let mut findings = Findings::new(tune::all(&host, plan)?);
    let recorder = stage::recorder(watch, || Wanted {
        client: watch.pcap.clone(),
        server: None,
        one_host: true,
        offloaded: plan.link.is_none(),
        events: watch.events,
    })?;
    let source = source(plan, &host, recorder.as_ref())?;
    let sampler = stage::sampler(watch, &host, source.queued())?;
    let mut program = program_on(&host, program, arguments, watch)?;
    let (status, why) = program.wait()?;
    program.drain();
    if recorder.is_some() {
        // What the kernel still has to say belongs to the conversation.
        wait_quiet(&host, stage::last_word(plan.link.as_ref()))?;
    }
    findings.stop_sampler(sampler)?;
    match source {
        Source::Nobody => {}
        Source::Plain(capture) => findings.stop_capture(capture)?,
        Source::Bent(driver) => findings.stop_driver(Some(driver))?,
    }
    findings.recorded = recorder.map(Recorder::finish).transpose()?;
    findings.report(watch)?;
    let status = status.code();
    if watch.events {
        let ms = program.ran().as_millis() as u64;
        Event::End(End { status, why, ms }).tell();
    }
    Ok(status.unwrap_or(1))
}

fn program_on(
    host: &Host,
    program: &path::Path,
    arguments: &[String],
    watch: &Watch,
) -> Result<Program> {
    let mut command = host.command(program);
    command.args(arguments);
    Program::start(command, watch)
}

fn source(
    plan: &Plan,
    host: &Host,
    recorder: Option<&Recorder>,
) -> Result<Source> {
    let log = recorder.map(Recorder::log);
    if let Some(link) = &plan.link {
        let port = bend(host, link, plan.congestion_control.as_deref())?;
        let settings = link.settings()?;
        let ends = Ends::Bent(port);
        return Ok(Source::Bent(Driver::start(ends, &settings, log)?));
    }
    let Some(mut log) = log else {
        return Ok(Source::Nobody);
    };
    let capture = Capture::start(host, "lo", move |frame| {
        let place = Place::Client;
        log.note(Sighting { place, frame });
        log.flush();
    })?;
    Ok(Source::Plain(capture))
}

/// Leads 127.0.0.0/8 through a device of the link's.
fn bend(
    host: &Host,
    link: &LinkOptions,
    congestion: Option<&str>,
) -> Result<Box<dyn Port>> {
    let device = Device {
        name: DEVICE,
        mtu: link.mtu(),
        addresses: &[],
    };
    let port = plug::open(host, device)?;
    for name in ["all", DEVICE] {
        for (what, value) in [
            ("route_localnet", "1"),
            ("accept_local", "1"),
            ("rp_filter", "0"),
        ] {
            let key = format!("net.ipv4.conf.{name}.{what}");
            tune::required(host, &key, value)?;
        }
    }
    host.run(|| lead(congestion))
        .context("cannot lead 127.0.0.0/8 through the link")?;
    Ok(port)
}

/// Makes the routes and rules, within the host.
fn lead(congestion: Option<&str>) -> io::Result<()> {
    let rule = |priority| Rule {
        v6: false,
        to: None,
        from: None,
        input: None,
        table: LOCAL,
        priority,
    };
    let mut route = Route::open()?;
    route.add(&Path {
        to: Some(LOOPBACK),
        device: Some(DEVICE),
        source: Some(Ipv4Addr::LOCALHOST.into()),
        table: TABLE,
        congestion,
        ..Path::default()
    })?;
    route.add_rule(&Rule {
        to: Some(LOOPBACK),
        input: Some("lo"),
        table: TABLE,
        ..rule(10)
    })?;
    route.add_rule(&rule(20))?;
    route.remove_rule(&rule(0))
}
