//! Two hosts and a link, for any two programs: in go their commands, out
//! come their runs, each host with its own kernel TCP.
//!
//! ```text
//! client ── link ── server            10.0.0.1 ── 10.0.0.2
//! client ── link ── router ── server  10.0.1.1 ── 10.0.1.2, 10.0.2.2 ── …
//! ```

use std::env;
use std::io::{self, IsTerminal, stdin};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::{self, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use lessons::link::Settings;

use super::driver::{Driver, Ends, Sighting};
use super::hosts;
use super::namespace::Host;
use super::plan::{LinkOptions, Net as Wanted, Plan, Watch};
use super::plug;
use super::port::{Device, Port};
use super::program::Program;
use super::record::{self, Recorder};
use super::route::{Address, Path, Route};
use super::sampler::Sampler;
use super::stage::{Findings, patience, teller};
use super::tune;
use super::wait::{Waited, wait_listening, wait_quiet};

/// How long a server may take before it listens.
const START: Duration = Duration::from_secs(10);

/// How long a server may take to end, once its client has ended.
const GOODBYE: Duration = Duration::from_millis(500);

/// A host's addresses, IPv4 and IPv6.
type Addresses = (Ipv4Addr, Ipv6Addr);

/// All that stands on the stage.
struct Stage {
    client: Host,
    server: Host,
    /// Held so that it goes on forwarding.
    _router: Option<Host>,
    driver: Driver,
    /// The plain link behind the router, if there is one.
    _behind: Option<Driver>,
    recorder: Option<Recorder>,
    unset: Vec<String>,
}

/// Runs both programs; the client's exit code.
pub(super) fn play(plan: &Plan, wanted: &Wanted) -> Result<i32> {
    let stage = set(plan, wanted)?;
    let watch = &plan.watch;
    let mut findings = Findings {
        unset: stage.unset.clone(),
        ..Findings::default()
    };
    let sampler = watch
        .wants_samples()
        .then(|| {
            let queued = Some(stage.driver.queued());
            Sampler::start(&stage.client, queued, teller(watch))
        })
        .transpose()?;
    let code = perform(&stage, wanted, watch)?;
    if stage.recorder.is_some() {
        let deadline = Instant::now() + patience(plan.link.as_ref());
        wait_quiet(&stage.client, deadline)?;
        wait_quiet(&stage.server, deadline)?;
    }
    findings.stop_sampler(sampler)?;
    findings.stop_driver(Some(stage.driver))?;
    findings.recorded = stage.recorder.map(Recorder::finish).transpose()?;
    findings.report(watch)?;
    Ok(code)
}

/// The server first, then the client; ends the server if it does not.
fn perform(stage: &Stage, wanted: &Wanted, watch: &Watch) -> Result<i32> {
    let mut server = None;
    if let Some(command) = &wanted.server {
        let command = shell(&stage.server, command);
        let mut program = Program::start(command, watch)?;
        let deadline = Instant::now() + START;
        let runs = || !program.has_ended().unwrap_or(true);
        match wait_listening(&stage.server, None, deadline, runs)? {
            Waited::Ready(_) => {}
            Waited::Ended => bail!("the server ended before it listened"),
            Waited::Late => bail!("the server listens at no port after 10 s"),
        }
        server = Some(program);
    }
    let command = match (&wanted.client, wanted.shell.as_deref()) {
        (Some(command), _) => shell(&stage.client, command),
        (None, Some("server")) => interactive(&stage.server)?,
        (None, _) => interactive(&stage.client)?,
    };
    let mut client = Program::start(command, watch)?;
    let (status, _) = client.wait()?;
    client.drain();
    if let Some(mut server) = server {
        server.wait_until(Instant::now() + GOODBYE)?;
        server.drain();
    }
    Ok(status.code().unwrap_or(1))
}

fn shell(host: &Host, text: &str) -> Command {
    let mut command = host.command("sh");
    command.args(["-c", text]);
    command
}

/// The learner's own shell on a host.
fn interactive(host: &Host) -> Result<Command> {
    if !stdin().is_terminal() {
        bail!("there is no client to run: name one with --client");
    }
    let shell = env::var_os("SHELL").unwrap_or_else(|| "sh".into());
    eprintln!("You are on a host of the laboratory; leave with `exit`.");
    Ok(host.command(&shell))
}

fn set(plan: &Plan, wanted: &Wanted) -> Result<Stage> {
    let options = plan.link.clone().unwrap_or_default();
    let settings = options.settings()?;
    let watch = &plan.watch;
    let file = |host: &str| watch.pcap.as_deref().map(|it| named(it, host));
    let recorder = watch
        .wants_packets()
        .then(|| {
            Recorder::start(record::Wanted {
                client: file("client"),
                server: file("server"),
                one_host: false,
                events: watch.events,
            })
        })
        .transpose()?;
    let mut unset = Vec::new();
    // Before the first thread: a mount namespace belongs to a process.
    let names = names(wanted.router.is_some(), wanted.ipv6);
    if let Err(error) = hosts::name(&names) {
        unset.push(error.to_string());
    }
    let (client, server) = (Host::new("client")?, Host::new("server")?);
    unset.extend(tune::host(&client));
    unset.extend(tune::host(&server));
    for host in [&client, &server] {
        unset.extend(tune::asked(host, &plan.settings));
    }
    let cable = Cable {
        control: plan.congestion_control.clone(),
        log: recorder.as_ref().map(Recorder::sender),
        options,
        settings,
    };
    let (router, driver, behind) = match wanted.router {
        None => {
            let driver = cable.plug(
                (&client, "eth0", address(0, 1)),
                (&server, "eth0", address(0, 2)),
            )?;
            (None, driver, None)
        }
        Some(between) => {
            let (router, driver, behind) =
                cable.through_router(&client, &server, between.mtu)?;
            (Some(router), driver, Some(behind))
        }
    };
    Ok(Stage {
        client,
        server,
        _router: router,
        driver,
        _behind: behind,
        recorder,
        unset,
    })
}

/// `10.0.NET.HOST` and `fd00:NET::HOST`.
fn address(net: u8, host: u8) -> Addresses {
    let (net6, host6) = (u16::from(net), u16::from(host));
    (
        Ipv4Addr::new(10, 0, net, host),
        Ipv6Addr::new(0xfd00, net6, 0, 0, 0, 0, 0, host6),
    )
}

/// Which name leads where.
fn names(router: bool, ipv6: bool) -> Vec<(&'static str, IpAddr)> {
    let places = match router {
        false => vec![("client", (0, 1)), ("server", (0, 2))],
        true => {
            vec![("client", (1, 1)), ("router", (1, 2)), ("server", (2, 1))]
        }
    };
    let lead = |(name, (net, host))| {
        let (v4, v6) = address(net, host);
        (name, if ipv6 { IpAddr::V6(v6) } else { IpAddr::V4(v4) })
    };
    places.into_iter().map(lead).collect()
}

/// `out-client.pcapng` for the stem `out`, and for `out.pcapng`.
fn named(stem: &path::Path, host: &str) -> PathBuf {
    let stem = match stem.extension().is_some_and(|it| it == "pcapng") {
        true => stem.with_extension(""),
        false => stem.to_path_buf(),
    };
    let mut name = stem.file_name().unwrap_or_default().to_os_string();
    name.push(format!("-{host}.pcapng"));
    stem.with_file_name(name)
}

/// What a link is made of.
struct Cable {
    options: LinkOptions,
    settings: Settings,
    control: Option<String>,
    log: Option<std::sync::mpsc::Sender<Sighting>>,
}

type End<'a> = (&'a Host, &'static str, Addresses);

impl Cable {
    /// The link that was asked for, between two hosts.
    fn plug(&self, one: End, other: End) -> Result<Driver> {
        let mtu = self.options.mtu();
        let ends = self.ends(one, other, mtu)?;
        Driver::start(ends, &self.settings, self.log.clone())
    }

    /// The link leads to a router, and a plain one from there to the server.
    fn through_router(
        &self,
        client: &Host,
        server: &Host,
        mtu: u32,
    ) -> Result<(Host, Driver, Driver)> {
        let router = Host::new("router")?;
        tune::host(&router);
        router.sysctl("net.ipv4.ip_forward", "1")?;
        router.sysctl("net.ipv6.conf.all.forwarding", "1")?;
        let near = (&router, "eth0", address(1, 2));
        let driver = self.plug((client, "eth0", address(1, 1)), near)?;
        let far = (&router, "eth1", address(2, 2));
        let ends = self.ends(far, (server, "eth0", address(2, 1)), mtu)?;
        let behind = Driver::start(ends, &Settings::default(), None)?;
        Ok((router, driver, behind))
    }

    fn ends(&self, one: End, other: End, mtu: u32) -> Result<Ends> {
        Ok(Ends::Two(
            self.end(one, other.2, mtu)?,
            self.end(other, one.2, mtu)?,
        ))
    }

    /// A host's end: its device, addresses and routes.
    fn end(
        &self,
        (host, device, own): End,
        peer: Addresses,
        mtu: u32,
    ) -> Result<Box<dyn Port>> {
        let pairs: [(IpAddr, IpAddr); 2] =
            [(own.0.into(), peer.0.into()), (own.1.into(), peer.1.into())];
        let addresses = pairs.map(|(ip, peer)| Address {
            ip,
            prefix: if ip.is_ipv4() { 32 } else { 128 },
            peer: Some(peer),
        });
        let port = plug::open(
            host,
            Device {
                name: device,
                mtu,
                addresses: &addresses,
            },
        )?;
        // A router's devices must not both lead everywhere.
        let ends_here = host.name() != "router";
        host.run(|| {
            let mut route = Route::open()?;
            for (_, peer) in pairs {
                let bits = if peer.is_ipv4() { 32 } else { 128 };
                let everywhere = match peer {
                    IpAddr::V4(_) => (Ipv4Addr::UNSPECIFIED.into(), 0),
                    IpAddr::V6(_) => (Ipv6Addr::UNSPECIFIED.into(), 0),
                };
                let mut nets = vec![(peer, bits)];
                nets.extend(ends_here.then_some(everywhere));
                for to in nets {
                    route.add(&Path {
                        to: Some(to),
                        device: Some(device),
                        congestion: self.control.as_deref(),
                        ..Path::default()
                    })?;
                }
            }
            Ok(())
        })
        .map_err(|error: io::Error| error)
        .with_context(|| format!("cannot set up {device} of a host"))?;
        Ok(port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_host_has_a_capture_of_its_own() {
        let client = path::Path::new("a/out-client.pcapng");
        assert_eq!(named(path::Path::new("a/out"), "client"), client);
        assert_eq!(named(path::Path::new("a/out.pcapng"), "client"), client);
    }

    #[test]
    fn names_lead_to_the_family_that_was_asked_for() {
        let v4: Vec<_> = names(true, false);
        assert_eq!(v4[2].1.to_string(), "10.0.2.1");
        let v6 = names(false, true);
        assert_eq!(v6[0].1.to_string(), "fd00::1");
        assert_eq!(v6.len(), 2);
    }
}
