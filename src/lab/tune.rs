//! What a host of the laboratory is set to: in goes a host, out comes what
//! this machine would not let us set.

use std::ffi::OsString;
use std::io;

use anyhow::{Context, Result};
use nix::sys::socket::{setsockopt, sockopt};
use socket2::{Domain, Socket, Type};

use super::blocked::Blocked;
use super::namespace::{Host, QUIET, Unset};
use super::plan::Plan;

/// Makes a host quiet: nothing is on the wire that no program has sent.
pub(super) fn host(host: &Host) -> Vec<String> {
    let tell = |it: Unset| format!("{} stays as it is: {}", it.key, it.error);
    host.tune(&QUIET).into_iter().map(tell).collect()
}

/// Makes a host quiet, and sets what the learner asked for, such as
/// `net.ipv4.tcp_sack=0`.
///
/// # Errors
///
/// At the first that was asked for and cannot be set: a run without it would
/// be another one than was asked for.
pub(super) fn all(host: &Host, plan: &Plan) -> Result<Vec<String>> {
    let unset = self::host(host);
    for (key, value) in &plan.settings {
        host.sysctl(key, value)
            .with_context(|| format!("cannot set {key} to {value:?}"))?;
    }
    if let Some(name) = &plan.congestion_control {
        control(host, name)?;
    }
    Ok(unset)
}

/// Sets what the laboratory is not possible without.
pub(super) fn required(
    host: &Host,
    key: &str,
    value: &str,
) -> Result<(), Blocked> {
    host.sysctl(key, value).map_err(|error| match error.kind() {
        io::ErrorKind::ReadOnlyFilesystem => Blocked::ReadOnly(key.to_owned()),
        _ => Blocked::when(format!("set {key}"), &error),
    })
}

/// Asks the kernel whether it has a congestion control of this name.
fn control(host: &Host, name: &str) -> Result<()> {
    let tried = host.run(|| {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        setsockopt(&socket, sockopt::TcpCongestion, &OsString::from(name))?;
        Ok::<_, io::Error>(())
    });
    match tried {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Blocked::Control(name.to_owned()).into())
        }
        tried => tried.with_context(|| format!("cannot use {name}")),
    }
}
