//! Hosts without machines: in goes an ordinary process, out come network
//! namespaces of its own, each with its own devices, routes and ports.
//!
//! Nothing is named in the file system: a host is a descriptor, held by a
//! thread that carries the host's name. When the process ends, so do they.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::panic::resume_unwind;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel, sync_channel};
use std::thread::{self, Builder, JoinHandle};

use anyhow::{Context, Result, bail};
use nix::sched::{CloneFlags, setns, unshare};
use nix::unistd::{getegid, geteuid};

use super::blocked::{Blocked, Step};
use super::route::Route;
use super::sys;

/// Becomes root of a user namespace of its own, where this user's rights are
/// all that files outside see, in a mount namespace of its own.
///
/// To be called before the first thread is started: the kernel lets no
/// process with two of them in.
pub fn enter_user_namespace() -> Result<(), Blocked> {
    let (user, group) = (geteuid(), getegid());
    unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNS)
        .map_err(|code| Blocked::at(Step::UserNamespace, &code.into()))?;
    // user_namespaces(7): without CAP_SETGID outside, gid_map may be written
    // only when setgroups is denied. One write each.
    for (file, text) in [
        ("setgroups", "deny".into()),
        ("uid_map", format!("0 {user} 1")),
        ("gid_map", format!("0 {group} 1")),
    ] {
        fs::write(format!("/proc/self/{file}"), text).map_err(|error| {
            Blocked::when(format!("write /proc/self/{file}"), &error)
        })?;
    }
    Ok(())
}

/// A network namespace with its `lo` up. Clones are the same host.
#[derive(Debug, Clone)]
pub struct Host {
    name: String,
    namespace: Arc<OwnedFd>,
    /// The resident thread ends when the last clone is gone.
    _resident: Arc<Sender<()>>,
}

/// Settings for [`Host::tune`], to be made before devices are: with them a
/// host sends what its programs send and, unasked, nothing else, in IPv6 too
/// (no link-local address and hence nothing to announce, no router sought).
pub const QUIET: [(&str, &str); 4] = [
    ("net.ipv6.conf.default.addr_gen_mode", "1"),
    ("net.ipv6.conf.all.router_solicitations", "0"),
    ("net.ipv6.conf.default.router_solicitations", "0"),
    // What one connection has learnt about a path is kept for the next.
    ("net.ipv4.tcp_no_metrics_save", "1"),
];

/// A setting that could not be made, and why.
#[derive(Debug)]
pub struct Unset {
    pub key: String,
    pub error: io::Error,
}

impl Host {
    /// Makes a host. Its thread is called `name`, cut to 15 bytes, by which
    /// [`join`] finds it from another process.
    pub fn new(name: &str) -> Result<Host, Blocked> {
        let (report, reported) = sync_channel(1);
        let (resident, last) = channel::<()>();
        Builder::new()
            .name(name.into())
            .spawn(move || {
                // Nobody may be left to hear it.
                let _ = report.send(settle());
                let _ = last.recv();
            })
            .map_err(|error| Blocked::when("start a thread", &error))?;
        let settled = reported.recv().unwrap_or_else(|error| {
            let error = io::Error::other(error);
            Err(Blocked::at(Step::NetworkNamespace, &error))
        });
        Ok(Host {
            name: name.into(),
            namespace: Arc::new(settled?),
            _resident: Arc::new(resident),
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Does `work` on a thread inside, and waits: sockets and devices that
    /// it makes are this host's, and stay so.
    pub fn run<T: Send, E: From<io::Error> + Send>(
        &self,
        work: impl FnOnce() -> Result<T, E> + Send,
    ) -> Result<T, E> {
        thread::scope(|scope| {
            let inside = || {
                self.enter()?;
                work()
            };
            let thread = Builder::new().spawn_scoped(scope, inside)?;
            thread.join().unwrap_or_else(|panic| resume_unwind(panic))
        })
    }

    /// Starts a thread inside; so are the threads that it starts. `name` is
    /// not to be a host's.
    pub fn spawn<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> io::Result<JoinHandle<io::Result<T>>> {
        let host = self.clone();
        Builder::new().name(name.into()).spawn(move || {
            host.enter()?;
            work()
        })
    }

    /// A command that is to run on this host. It is killed when the thread
    /// that starts it ends, however that happens.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        sys::start_inside(&mut command, self.namespace.clone());
        command
    }

    /// Sets what `sysctl key=value` would set on this host.
    ///
    /// # Errors
    ///
    /// Read-only in most containers (`EROFS`), kept for the system's root
    /// (`EACCES`, `EPERM`), or unknown to this kernel (`ENOENT`).
    pub fn sysctl(&self, key: &str, value: &str) -> io::Result<()> {
        self.run(|| set(key, value))
    }

    /// Sets all of them, and tells which could not be set: the laboratory
    /// works without, with more noise.
    pub fn tune(&self, settings: &[(&str, &str)]) -> Vec<Unset> {
        let try_one = |(key, value): &(&str, &str)| {
            let error = set(key, value).err()?;
            let key = String::from(*key);
            Some(Unset { key, error })
        };
        let all = || Ok(settings.iter().filter_map(try_one).collect());
        self.run(all).unwrap_or_else(|error: io::Error| {
            let key = "any setting".into();
            vec![Unset { key, error }]
        })
    }

    fn enter(&self) -> io::Result<()> {
        Ok(setns(&*self.namespace, CloneFlags::CLONE_NEWNET)?)
    }
}

impl AsFd for Host {
    /// The namespace itself, as netlink names it.
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.namespace.as_fd()
    }
}

/// Writes into `/proc/sys`, where the calling thread's network is seen.
fn set(key: &str, value: &str) -> io::Result<()> {
    let path = format!("/proc/sys/{}", key.replace('.', "/"));
    // Not `fs::write`: it would try to make what is not there.
    let mut file = File::options().write(true).open(path)?;
    file.write_all(value.as_bytes())
}

/// Moves the calling thread to a network namespace of its own.
fn settle() -> Result<OwnedFd, Blocked> {
    let at = |error: io::Error| Blocked::at(Step::NetworkNamespace, &error);
    unshare(CloneFlags::CLONE_NEWNET).map_err(|code| at(code.into()))?;
    let namespace = File::open("/proc/thread-self/ns/net").map_err(at)?;
    Route::open()
        .and_then(|mut route| route.up("lo"))
        .map_err(|error| Blocked::when("bring lo up", &error))?;
    Ok(namespace.into())
}

/// Moves this process, which must have one thread, to the host called `host`
/// of the laboratory that runs as process `pid`.
pub fn join(pid: u32, host: &str) -> Result<()> {
    let spaces = format!("/proc/{pid}/task/{}/ns", resident(pid, host)?);
    let mut entered = Vec::new();
    for (name, flag) in [
        ("user", CloneFlags::CLONE_NEWUSER),
        ("mnt", CloneFlags::CLONE_NEWNS),
        ("net", CloneFlags::CLONE_NEWNET),
    ] {
        let path = format!("{spaces}/{name}");
        let file =
            File::open(&path).with_context(|| format!("cannot open {path}"))?;
        // To enter one's own user namespace once more is an error.
        let own = fs::metadata(format!("/proc/self/ns/{name}"))?;
        let other = file.metadata()?;
        if (own.dev(), own.ino()) != (other.dev(), other.ino()) {
            entered.push((path, file, flag));
        }
    }
    let here = env::current_dir();
    // All were opened before: the first one entered changes what may be.
    for (path, file, flag) in entered {
        setns(file, flag).with_context(|| format!("cannot enter {path}"))?;
    }
    // To enter a mount namespace is to stand in its root.
    if let Ok(here) = here {
        let _ = env::set_current_dir(here);
    }
    Ok(())
}

/// The thread of process `pid` that holds the host called `name`.
fn resident(pid: u32, name: &str) -> Result<String> {
    let tasks = format!("/proc/{pid}/task");
    let entries = fs::read_dir(&tasks)
        .with_context(|| format!("no laboratory runs as process {pid}"))?;
    let mut others = Vec::new();
    for entry in entries {
        let entry = entry?;
        let task = entry.file_name().to_string_lossy().into_owned();
        let Ok(called) = fs::read_to_string(entry.path().join("comm")) else {
            continue;
        };
        match called.trim_end() == name {
            true => return Ok(task),
            false => others.push(called.trim_end().to_owned()),
        }
    }
    bail!(
        "process {pid} has no host {name}; its threads are {}",
        others.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;
    use std::process::Stdio;

    use super::*;
    use crate::lab::testing::{command, inside, is_inside};

    #[test]
    fn hosts_have_networks_of_their_own() -> Result<()> {
        inside("lab::namespace::tests::hosts_have", || {
            let (client, server) = (Host::new("client")?, Host::new("server")?);
            let bind = || TcpListener::bind("127.0.0.1:7000");
            let one = client.run(bind)?;
            let other = server.run(bind)?;
            let taken = client.run(bind).map_err(|error| error.kind());
            assert_eq!(taken.err(), Some(io::ErrorKind::AddrInUse));
            drop((one, other));
            client.run(bind)?;
            // The caller has stayed where it was.
            let here = fs::metadata("/proc/thread-self/ns/net")?.ino();
            let inside =
                client.run(|| fs::metadata("/proc/thread-self/ns/net"));
            assert_ne!(inside?.ino(), here);
            Ok(())
        })
    }

    #[test]
    fn a_command_runs_on_its_host() -> Result<()> {
        inside("lab::namespace::tests::a_command_runs", || {
            let host = Host::new("server")?;
            let listener = host.run(|| TcpListener::bind("127.0.0.1:0"))?;
            let output = host
                .command("readlink")
                .arg("/proc/self/ns/net")
                .stdout(Stdio::piped())
                .output()?;
            let own = host.run(|| fs::read_link("/proc/thread-self/ns/net"))?;
            let text = String::from_utf8(output.stdout)?;
            assert_eq!(text.trim(), own.to_string_lossy());
            drop(listener);
            Ok(())
        })
    }

    #[test]
    fn settings_are_the_hosts_own() -> Result<()> {
        inside("lab::namespace::tests::settings_are", || {
            let (one, two) = (Host::new("client")?, Host::new("server")?);
            let key = "net.ipv4.tcp_fin_timeout";
            let read =
                || fs::read_to_string("/proc/sys/net/ipv4/tcp_fin_timeout");
            let before = two.run(read)?;
            one.sysctl(key, "7")?;
            assert_eq!(one.run(read)?, "7\n");
            assert_eq!(two.run(read)?, before);
            let unset = one.tune(&[(key, "8"), ("net.ipv4.no_such", "1")]);
            assert_eq!(unset.len(), 1);
            assert_eq!(unset[0].key, "net.ipv4.no_such");
            assert_eq!(unset[0].error.kind(), io::ErrorKind::NotFound);
            assert_eq!(one.run(read)?, "8\n");
            Ok(())
        })
    }

    #[test]
    fn a_process_joins_a_running_host() -> Result<()> {
        if is_inside() {
            let host = Host::new("server")?;
            let own = host.run(|| fs::read_link("/proc/thread-self/ns/net"))?;
            eprintln!("{}", own.display());
            io::stdin().read_line(&mut String::new())?;
            return Ok(());
        }
        // Where it cannot be started, the other tests say so.
        let started = command("lab::namespace::tests::a_process_joins")?
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut laboratory) = started else {
            return inside("lab::namespace::tests::a_process_joins", || Ok(()));
        };
        let pid = laboratory.id();
        let stderr = laboratory.stderr.take().context("it is piped")?;
        let own = BufReader::new(stderr).lines().next().context("a line")??;
        let mut shell = Command::new("readlink");
        sys::begin_with(shell.arg("/proc/self/ns/net"), move || {
            join(pid, "server").map_err(io::Error::other)
        });
        let seen = String::from_utf8(shell.output()?.stdout)?;
        assert_eq!(seen.trim(), own);
        let none = join(pid, "nobody").expect_err("no such host").to_string();
        assert!(none.contains("has no host nobody"), "{none}");
        assert!(none.contains("server"), "{none}");
        drop(laboratory.stdin.take());
        assert!(laboratory.wait()?.success());
        let gone = join(pid, "server").expect_err("it has ended").to_string();
        assert_eq!(gone, format!("no laboratory runs as process {pid}"));
        Ok(())
    }

    #[test]
    fn threads_are_named_as_the_cause() -> Result<()> {
        // libtest has started this one beside its own.
        assert_eq!(enter_user_namespace(), Err(Blocked::Threads));
        Ok(())
    }
}
