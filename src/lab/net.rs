//! Two hosts and a link, for any two programs: in go their commands, out
//! come their runs, each host with its own kernel TCP.
//!
//! ```text
//! client ── link ── server            10.0.0.1 ── 10.0.0.2
//! client ── link ── router ── server  10.0.1.1 ── 10.0.1.2, 10.0.2.2 ── …
//! ```

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::cable::{Cable, Joined, names};
use super::hosts;
use super::namespace::Host;
use super::plan::{IPV6_MTU, Net as Wanted, Plan, Watch};
use super::program::Program;
use super::record::{self, Recorder};
use super::stage::{self, Findings};
use super::tune;
use super::wait::{Waited, wait_delivered, wait_listening, wait_quiet};
use crate::terminal::note;

/// How long a server may take before it listens.
const START: Duration = Duration::from_secs(5);

/// How long nothing may arrive of what a client had sent before it ended.
const STANDSTILL: Duration = Duration::from_secs(5);

/// How long a server may take to end, once all its client had to say has
/// arrived.
const GOODBYE: Duration = Duration::from_millis(500);

/// All that stands on the stage.
struct Stage {
    client: Host,
    server: Host,
    joined: Joined,
    recorder: Option<Recorder>,
    unset: Vec<String>,
}

/// Runs both programs; the client's exit code.
pub(super) fn play(plan: &Plan, wanted: &Wanted) -> Result<i32> {
    let scene = set(plan, wanted)?;
    let watch = &plan.watch;
    let mut findings = Findings::new(scene.unset.clone());
    let queued = Some(scene.joined.link.queued());
    let sampler = stage::sampler(watch, &scene.client, queued)?;
    let code = perform(&scene, wanted, watch)?;
    if scene.recorder.is_some() {
        let deadline = stage::last_word(plan.link.as_ref());
        wait_quiet(&scene.client, deadline)?;
        wait_quiet(&scene.server, deadline)?;
    }
    findings.stop_sampler(sampler)?;
    findings.stop_driver(Some(scene.joined.link))?;
    findings.recorded = scene.recorder.map(Recorder::finish).transpose()?;
    findings.report(watch)?;
    Ok(code)
}

/// The server first, then the client; ends the server if it does not.
fn perform(stage: &Stage, wanted: &Wanted, watch: &Watch) -> Result<i32> {
    let start = |command| listening(&stage.server, command, watch);
    let server = wanted.server.as_deref().map(start).transpose()?;
    let command = match (&wanted.client, wanted.shell.as_deref()) {
        (Some(command), _) => shell(&stage.client, command),
        (None, Some("server")) => interactive(&stage.server),
        (None, Some("router")) => {
            let router = stage.joined.router();
            interactive(router.context("there is no router")?)
        }
        (None, _) => interactive(&stage.client),
    };
    let mut client = Program::start(command, watch)?;
    let (status, _) = client.wait()?;
    client.drain();
    if let Some(mut server) = server {
        // A program may end when its kernel has taken the last byte; over a
        // slow link that is long before the server has it.
        wait_delivered(&stage.client, STANDSTILL)?;
        server.wait_until(Instant::now() + GOODBYE)?;
        server.drain();
    }
    Ok(status.code().unwrap_or(1))
}

/// The server, as soon as it listens.
fn listening(host: &Host, command: &str, watch: &Watch) -> Result<Program> {
    let mut program = Program::start(shell(host, command), watch)?;
    let deadline = Instant::now() + START;
    let runs = || !program.has_ended().unwrap_or(true);
    match wait_listening(host, None, deadline, runs)? {
        Waited::Ready(_) => Ok(program),
        Waited::Ended => bail!(
            "the server ended ({}) before it listened at a port: the client \
             was not started",
            program.wait()?.0
        ),
        Waited::Late => bail!(
            "the server does not listen at any port after {START:?}: \
             --server is for the program that does"
        ),
    }
}

fn shell(host: &Host, text: &str) -> Command {
    let mut command = host.command("sh");
    command.args(["-c", text]);
    command
}

/// The learner's own shell on a host.
fn interactive(host: &Host) -> Command {
    let shell = env::var_os("SHELL").unwrap_or_else(|| "sh".into());
    let name = host.name();
    note!("You are on the laboratory's {name}; leave with `exit`.");
    host.command(&shell)
}

fn set(plan: &Plan, wanted: &Wanted) -> Result<Stage> {
    let options = plan.link.clone().unwrap_or_default();
    let settings = options.settings()?;
    let watch = &plan.watch;
    let file = |host: &str| watch.pcap.as_deref().map(|it| named(it, host));
    let mut unset = Vec::new();
    // Before the first thread: a mount namespace belongs to a process.
    let names = names(wanted.router.is_some(), wanted.ipv6);
    if let Err(error) = hosts::name(&names) {
        unset.push(error.to_string());
    }
    let recorder = stage::recorder(watch, || record::Wanted {
        client: file("client"),
        server: file("server"),
        one_host: false,
        offloaded: false,
        events: watch.events,
    })?;
    let (client, server) = (Host::new("client")?, Host::new("server")?);
    unset.extend(tune::all(&client, plan)?);
    // It would say the same of the same machine.
    tune::all(&server, plan)?;
    let smallest = wanted.router.map_or(u32::MAX, |router| router.mtu);
    let cable = Cable {
        ipv6: smallest.min(options.mtu()) >= IPV6_MTU,
        control: plan.congestion_control.clone(),
        log: recorder.as_ref().map(Recorder::log),
        options,
        settings,
    };
    let joined = cable.join(&client, &server, wanted.router)?;
    Ok(Stage {
        client,
        server,
        joined,
        recorder,
        unset,
    })
}

/// `out-client.pcapng` for the stem `out`, and for `out.pcapng`.
fn named(stem: &Path, host: &str) -> PathBuf {
    let stem = match stem.extension().is_some_and(|it| it == "pcapng") {
        true => stem.with_extension(""),
        false => stem.to_path_buf(),
    };
    let mut name = stem.file_name().unwrap_or_default().to_os_string();
    name.push(format!("-{host}.pcapng"));
    stem.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_host_has_a_capture_of_its_own() {
        let client = Path::new("a/out-client.pcapng");
        assert_eq!(named(Path::new("a/out"), "client"), client);
        assert_eq!(named(Path::new("a/out.pcapng"), "client"), client);
    }
}
