//! What the laboratory finds on this machine: in goes nothing, out comes, for
//! each thing that it needs, whether it is there, and how to mend it if not.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use nix::sys::socket::{setsockopt, sockopt};
use nix::unistd::geteuid;
use socket2::{Domain, Socket, Type};

use super::blocked::{Blocked, Step};
use super::diag::{Diag, Protocol, State};
use super::namespace::{Host, QUIET, enter_user_namespace};
use super::port::{Device, Tun, Veth};
use super::report::{Finding, Outcome, Report};
use super::route::{Address, Path, Route, Rule};
use super::{capture, hosts};

/// Examines this machine. `inside` starts a process that does nothing but
/// [`tell`].
///
/// # Errors
///
/// When that process cannot be started.
pub fn examine(mut inside: Command) -> Result<Report> {
    let output = inside
        // A bare chroot has no /dev/null to take its place.
        .stdin(Stdio::inherit())
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {inside:?}"))?;
    let mut findings = vec![system()];
    let lines = output.stdout.split(|byte| *byte == b'\n');
    // A last line that is cut is told by how the process ended.
    findings.extend(lines.filter_map(|it| serde_json::from_slice(it).ok()));
    if !output.status.success() {
        findings.push(missing(
            "the rest",
            format!("it was not examined: {}", output.status),
        ));
    }
    Ok(Report(findings))
}

/// Writes what [`inside`] finds to the standard output, a line each.
///
/// # Errors
///
/// When nobody reads it.
pub fn tell() -> Result<()> {
    inside(|finding| {
        let line = serde_json::to_string(&finding)?;
        writeln!(io::stdout(), "{line}").context("cannot tell a finding")
    })
}

/// Tries everything in order, and hands each finding to `found` before the
/// next is tried. To be called in a process of its own, with one thread: it
/// does not come back out of the namespaces.
pub fn inside<E>(
    mut found: impl FnMut(Finding) -> Result<(), E>,
) -> Result<(), E> {
    if let Err(blocked) = enter_user_namespace() {
        return found(blocks("user namespace", blocked));
    }
    found(ok("user namespace", ""))?;
    let host = match Host::new("doctor") {
        Ok(host) => host,
        Err(blocked) => return found(blocks("network namespace", blocked)),
    };
    found(ok("network namespace", "with its own lo"))?;
    found(packet_socket(&host))?;
    let tun = Tun::open(&host, DEVICE);
    let cable = Veth::open(
        &host,
        Device {
            name: "cable",
            ..DEVICE
        },
    );
    // Either is enough, and so neither alone is missing.
    let none = tun.is_err() && cable.is_err();
    found(device("TUN device", tun.err(), none))?;
    found(device("veth and packet socket", cable.err(), none))?;
    for one in [rules, sockets, congestion, settings] {
        found(one(&host))?;
    }
    found(names())
}

const DEVICE: Device = Device {
    name: "tun",
    mtu: 1500,
    addresses: &[],
};

fn system() -> Finding {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease");
    let release = release.unwrap_or_else(|_| "of unknown release".into());
    let text = format!("{}, user {}", release.trim(), geteuid());
    ok("Linux", &text)
}

fn packet_socket(host: &Host) -> Finding {
    let what = "capture on lo";
    let size = host.run(|| capture::open("lo")?.recv_buffer_size());
    match size {
        // The kernel counts its own bookkeeping, and doubles what is asked.
        Ok(size) => ok(what, &format!("buffer {} kB", size / 2000)),
        Err(error) => {
            let step = Step::Other("open a packet socket".into());
            blocks(what, Blocked::at(step, &error))
        }
    }
}

fn device(what: &str, error: Option<Blocked>, none: bool) -> Finding {
    match error {
        None => ok(what, ""),
        Some(blocked) if none => blocks(what, blocked),
        Some(blocked) => less(what, blocked.cause(), blocked.mend()),
    }
}

/// What the bent loopback needs.
fn rules(host: &Host) -> Finding {
    let what = "policy rules";
    let rule = Rule {
        v6: false,
        to: Some(([127, 0, 0, 0].into(), 8)),
        from: None,
        input: Some("lo"),
        table: 100,
        priority: 10,
    };
    let tried = host.run(|| {
        let mut route = Route::open()?;
        route.add_rule(&rule)?;
        route.remove_rule(&rule)
    });
    match tried {
        Ok(()) => ok(what, ""),
        Err(error) => {
            let why = format!("no link under 127.0.0.1: {error}");
            less(what, why, None)
        }
    }
}

fn sockets(host: &Host) -> Finding {
    let what = "sock_diag";
    let tried = host
        .run(|| Diag::open()?.all(Protocol::Tcp, &State::ALL))
        .and_then(|_| host.run(|| Diag::open()?.all(Protocol::Udp, &[])));
    match tried {
        Ok(_) => ok(what, ""),
        Err(error) => {
            let mend = "sudo modprobe -a tcp_diag udp_diag";
            let why = format!("the kernel tells nothing of TCP: {error}");
            blocked(what, why, Some(mend.into()))
        }
    }
}

/// Which algorithms a program can ask for, and a route can give.
fn congestion(host: &Host) -> Finding {
    const WANTED: [&str; 3] = ["reno", "cubic", "bbr"];
    let what = "congestion control";
    let lacks = |name: &&&str| host.run(|| try_congestion(name)).is_err();
    let lacking: Vec<&str> = WANTED.iter().filter(lacks).copied().collect();
    match lacking.as_slice() {
        [] => ok(what, &WANTED.join(", ")),
        _ => less(
            what,
            format!("without {}", lacking.join(", ")),
            Some(format!("sudo modprobe -a tcp_{}", lacking.join(" tcp_"))),
        ),
    }
}

fn try_congestion(name: &str) -> io::Result<()> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    setsockopt(&socket, sockopt::TcpCongestion, &OsString::from(name))?;
    // A network for documentation (RFC 5737): no packet goes there.
    let network = [192, 0, 2, 0].into();
    let mut route = Route::open()?;
    let own = Address {
        ip: [192, 0, 2, 1].into(),
        prefix: 32,
        peer: None,
    };
    // It is there from the second on.
    let _ = route.address("lo", own);
    route.add(&Path {
        to: Some((network, 24)),
        device: Some("lo"),
        congestion: Some(name),
        ..Path::default()
    })
}

fn settings(host: &Host) -> Finding {
    let what = "settings of a host";
    let unset = host.tune(&QUIET);
    // This one is younger than most kernels, which do as wanted without it.
    let younger = |key: &str| key == "net.ipv4.tcp_syn_linear_timeouts";
    let mut unset: Vec<_> = unset
        .iter()
        .filter(|it| {
            !younger(&it.key) || it.error.kind() != io::ErrorKind::NotFound
        })
        .collect();
    let Some(first) = unset.pop() else {
        return ok(what, "");
    };
    let others = match unset.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    if first.error.kind() == io::ErrorKind::ReadOnlyFilesystem {
        let cause = Blocked::ReadOnly(first.key.clone());
        let why = format!("no link under 127.0.0.1, no router: {cause}");
        return less(what, why, None);
    }
    let why = format!("cannot set {}{others}: {}", first.key, first.error);
    less(what, why, None)
}

fn names() -> Finding {
    let what = "private /etc/hosts";
    match hosts::name(&[]) {
        Ok(()) => ok(what, ""),
        Err(blocked) => less(
            what,
            format!("hosts have addresses only: {}", blocked.cause()),
            blocked.mend(),
        ),
    }
}

fn ok(what: &str, detail: &str) -> Finding {
    Finding {
        what: what.into(),
        outcome: Outcome::Ok(detail.into()),
    }
}

fn less(what: &str, why: String, mend: Option<String>) -> Finding {
    Finding {
        what: what.into(),
        outcome: Outcome::Degraded { why, mend },
    }
}

fn missing(what: &str, why: String) -> Finding {
    blocked(what, why, None)
}

fn blocked(what: &str, why: String, mend: Option<String>) -> Finding {
    Finding {
        what: what.into(),
        outcome: Outcome::Missing { why, mend },
    }
}

fn blocks(what: &str, cause: Blocked) -> Finding {
    blocked(what, cause.cause(), cause.mend())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_survive_the_way_out() -> Result<()> {
        let finding = less("a", "b".into(), Some("c".into()));
        let line = serde_json::to_string(&finding)?;
        let mut echo = Command::new("printf");
        echo.arg(format!("{line}\\n{{\"what\":\"cut"));
        let report = examine(echo)?;
        assert_eq!(report.0[1..], [finding]);
        let failed = examine(Command::new("false"))?;
        assert!(!failed.possible());
        assert!(examine(Command::new("/no/such")).is_err());
        Ok(())
    }
}
