//! The laboratory at the terminal: in go link options and commands, out come
//! the programs' runs over that link.

use std::ffi::OsString;
use std::io::{IsTerminal, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use clap::{Args, Subcommand, ValueEnum};

use super::Refusal;
use crate::lab::Blocked;
use crate::lab::enter;
use crate::lab::plan::{
    IPV6_MTU, LinkOptions, Net, Plan, Router, Scene, Watch,
};

#[derive(Debug, Subcommand)]
pub(super) enum LabCommand {
    /// Can this machine run the laboratory, and if not, what to do?
    Doctor,
    /// Two hosts, `client` and `server`, and a link between them
    Net(NetArguments),
    /// A shell on a host: of the laboratory that is running, or of a new one
    Shell {
        host: HostName,
        #[command(flatten)]
        stage: StageArguments,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, ValueEnum)]
pub(super) enum HostName {
    Client,
    Server,
    Router,
}

#[cfg(target_os = "linux")]
impl HostName {
    fn name(self) -> &'static str {
        match self {
            HostName::Client => "client",
            HostName::Server => "server",
            HostName::Router => "router",
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct NetArguments {
    /// What to run on the server, as a line for `sh`
    #[arg(long, value_name = "COMMAND")]
    server: Option<String>,
    /// What to run on the client (without it: a shell)
    #[arg(long, value_name = "COMMAND")]
    client: Option<String>,
    #[command(flatten)]
    stage: StageArguments,
}

/// What the two hosts are like.
#[derive(Debug, Args)]
pub(super) struct StageArguments {
    /// The names client and server lead to IPv6 addresses
    #[arg(long)]
    ipv6: bool,
    /// A host in between that forwards packets
    #[arg(long)]
    router: bool,
    /// The MTU behind the router, in bytes
    #[arg(long, value_name = "BYTES", default_value_t = 1500,
        requires = "router",
        value_parser = clap::value_parser!(u32).range(576..=65_535))]
    router_mtu: u32,
    #[command(flatten)]
    watch: WatchArguments,
    #[command(flatten)]
    link: LinkOptions,
}

/// What is noted of a run, and what its kernel is set to.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "The laboratory (Linux)")]
pub(super) struct WatchArguments {
    /// Write what was on the wire, for Wireshark; with two hosts a file each
    #[arg(long, value_name = "FILE")]
    pub(super) pcap: Option<PathBuf>,
    /// Write what TCP_INFO said every 10 ms, as CSV
    #[arg(long, value_name = "FILE")]
    samples: Option<PathBuf>,
    /// Draw the congestion window, the round-trip time, the goodput and the
    /// queue
    #[arg(long)]
    plot: bool,
    /// Congestion control of all connections: reno, cubic or bbr
    #[arg(long, value_name = "NAME", value_parser = control)]
    cc: Option<String>,
    /// Set something in the hosts' kernels, such as net.ipv4.tcp_sack=0
    #[arg(long, value_name = "NAME=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
}

impl WatchArguments {
    /// Whether anything is asked for that needs the laboratory.
    pub(super) fn is_plain(&self) -> bool {
        self.pcap.is_none()
            && self.samples.is_none()
            && !self.plot
            && self.cc.is_none()
            && self.set.is_empty()
    }

    fn plan(&self, scene: Scene, link: Option<LinkOptions>) -> Plan {
        Plan {
            scene,
            link,
            congestion_control: self.cc.clone(),
            settings: self.set.clone(),
            watch: Watch {
                pcap: self.pcap.clone(),
                samples: self.samples.clone(),
                plot: self.plot,
                events: false,
                seconds: None,
            },
        }
    }
}

/// The name of a congestion control: the kernel's module has it in its own.
fn control(text: &str) -> Result<String, String> {
    let usual = |it: char| it.is_ascii_alphanumeric() || "_-".contains(it);
    // TCP_CA_NAME_MAX of net/tcp.h, with the zero.
    match text.len() < 16 && !text.is_empty() && text.chars().all(usual) {
        true => Ok(text.to_owned()),
        false => Err("no such name: reno, cubic or bbr, for example".into()),
    }
}

/// `net.ipv4.tcp_sack=0`: only what belongs to a network.
fn setting(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').filter(|(key, _)| {
        key.starts_with("net.") && !key.contains(['/', ' '])
    });
    let (key, value) = pair
        .ok_or_else(|| format!("{text:?} is not like net.ipv4.tcp_sack=0"))?;
    Ok((key.to_owned(), value.to_owned()))
}

/// Runs one program over a link of its own.
pub(super) fn run_over_link(
    program: &Path,
    arguments: &[OsString],
    link: &LinkOptions,
    watch: &WatchArguments,
) -> Result<ExitCode> {
    let words = arguments.iter().map(|word| {
        let text = word.to_str().map(str::to_owned);
        text.ok_or_else(|| {
            Refusal::usage(anyhow!("{} is not UTF-8", word.display()))
        })
    });
    let scene = Scene::Loopback {
        program: program.to_path_buf(),
        arguments: words.collect::<Result<_>>()?,
    };
    // Congestion control is a property of a route, and the loopback of the
    // kernel has none that could be changed.
    let bent = !link.is_plain() || watch.cc.is_some();
    enter_stage(&watch.plan(scene, bent.then(|| link.clone())))
}

pub(super) fn lab(command: &LabCommand) -> Result<ExitCode> {
    match command {
        LabCommand::Doctor => doctor(),
        LabCommand::Net(arguments) => {
            if arguments.client.is_none() {
                needs_terminal("name a program with --client")?;
            }
            let net = Net {
                server: arguments.server.clone(),
                client: arguments.client.clone(),
                ..Net::default()
            };
            enter_stage(&arguments.stage.plan(net)?)
        }
        LabCommand::Shell { host, stage } => shell(*host, stage),
    }
}

impl StageArguments {
    fn plan(&self, net: Net) -> Result<Plan> {
        let mtu = self.router_mtu.min(self.link.mtu());
        if self.ipv6 && mtu < IPV6_MTU {
            return Err(Refusal::usage(anyhow!(
                "IPv6 has no MTU of {mtu}: it needs {IPV6_MTU} bytes or more \
                 (RFC 8200, section 5)"
            )));
        }
        let router = self.router.then_some(Router {
            mtu: self.router_mtu,
        });
        let net = Net {
            ipv6: self.ipv6,
            router,
            ..net
        };
        Ok(self.watch.plan(Scene::Net(net), Some(self.link.clone())))
    }
}

/// A shell that nobody can type into would end at once, or read what was
/// meant for somebody else.
fn needs_terminal(instead: &str) -> Result<()> {
    match stdin().is_terminal() {
        true => Ok(()),
        false => Err(Refusal::usage(anyhow!(
            "a shell on a new laboratory's host needs a terminal: {instead}"
        ))),
    }
}

fn enter_stage(plan: &Plan) -> Result<ExitCode> {
    if let Some(link) = &plan.link {
        link.settings()
            .map_err(|error| Refusal::usage(anyhow!("{error}")))?;
    }
    match enter::become_laboratory(plan).map_err(impossible)? {}
}

/// Exit 3 if the machine is to blame.
fn impossible(error: anyhow::Error) -> anyhow::Error {
    match error.downcast::<Blocked>() {
        Ok(blocked) => Refusal::impossible(blocked),
        Err(error) => error,
    }
}

/// The hidden command: this process becomes the laboratory.
#[cfg(target_os = "linux")]
pub(super) fn inside(first: bool, plan: &str) -> Result<ExitCode> {
    let plan = Plan::from_json(plan).map_err(Refusal::usage)?;
    let code = match first {
        true => crate::lab::stage::play(&plan),
        false => crate::lab::entry::enter(&plan),
    };
    Ok(ExitCode::from(code.map_err(impossible)? as u8))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn inside(_: bool, _: &str) -> Result<ExitCode> {
    Err(Refusal::impossible(Blocked::NotLinux))
}

#[cfg(target_os = "linux")]
fn doctor() -> Result<ExitCode> {
    let wire = enter::wire().map_err(impossible)?;
    let mut inside = std::process::Command::new(wire);
    inside.arg(enter::EXAMINE);
    let report = crate::lab::doctor::examine(inside)?;
    crate::terminal::tell!("{report}")?;
    Ok(match report.possible() {
        true => ExitCode::SUCCESS,
        false => ExitCode::from(3),
    })
}

/// The hidden command that [`doctor`] starts.
#[cfg(target_os = "linux")]
pub(super) fn examine() -> Result<ExitCode> {
    crate::lab::doctor::tell()?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn examine() -> Result<ExitCode> {
    Err(Refusal::impossible(Blocked::NotLinux))
}

#[cfg(not(target_os = "linux"))]
fn doctor() -> Result<ExitCode> {
    Err(Refusal::impossible(Blocked::NotLinux))
}

/// On the host of the laboratory that is running; without one, of its own.
#[cfg(target_os = "linux")]
fn shell(host: HostName, stage: &StageArguments) -> Result<ExitCode> {
    use std::env;
    use std::process::Command;

    use anyhow::Context;

    use crate::lab::{namespace, running};

    let Some(running) = running::find(host.name()) else {
        if host == HostName::Router && !stage.router {
            return Err(Refusal::usage(anyhow!(
                "no laboratory with a router is running: add --router"
            )));
        }
        needs_terminal("or a laboratory of yours that runs already")?;
        let net = Net {
            shell: Some(host.name().to_owned()),
            ..Net::default()
        };
        return enter_stage(&stage.plan(net)?);
    };
    namespace::join(running, host.name()).map_err(impossible)?;
    let shell = env::var_os("SHELL").unwrap_or_else(|| "sh".into());
    let status = Command::new(&shell)
        .status()
        .with_context(|| format!("cannot start {}", shell.display()))?;
    Ok(ExitCode::from(status.code().unwrap_or(1) as u8))
}

#[cfg(not(target_os = "linux"))]
fn shell(_: HostName, _: &StageArguments) -> Result<ExitCode> {
    Err(Refusal::impossible(Blocked::NotLinux))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_belongs_to_a_network_is_set() {
        let pair = ("net.ipv4.tcp_sack".to_owned(), "0".to_owned());
        assert_eq!(setting("net.ipv4.tcp_sack=0"), Ok(pair));
        for text in ["kernel.panic=1", "net.ipv4", "net./../kernel=1"] {
            assert!(setting(text).is_err(), "{text}");
        }
    }
}
