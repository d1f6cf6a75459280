//! Why the laboratory is not possible here: in go the step that failed, its
//! error and the settings of the machine, out comes one sentence that names
//! the one command or setting that mends it.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io;

/// The cause. Its text is for the learner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    NotLinux,
    /// Called when threads had been started already: a mistake of ours.
    Threads,
    /// The kernel was built without user or without network namespaces.
    Kernel(&'static str),
    /// The sysctl that allows none (any more).
    Limit(&'static str),
    /// `kernel.unprivileged_userns_clone` is 0 (Debian 10, hardened kernels).
    Switch,
    Seccomp,
    /// Ubuntu 23.10 and later: a namespace, but no rights in it.
    AppArmor {
        step: String,
    },
    Chroot,
    NoProc,
    /// There is no `/dev/net/tun`, or a container keeps it away.
    NoTun,
    /// It is there, for others.
    TunRights,
    /// `/proc/sys` is, and this had to be set in it.
    ReadOnly(String),
    /// The kernel has no congestion control of this name.
    Control(String),
    /// Anything else.
    Other {
        step: String,
        error: String,
    },
}

/// What was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    UserNamespace,
    NetworkNamespace,
    /// Opening `/dev/net/tun`.
    OpenTun,
    /// In words that follow "cannot".
    Other(String),
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Step::UserNamespace => "make a user namespace",
            Step::NetworkNamespace => "make a network namespace",
            Step::OpenTun => "open /dev/net/tun",
            Step::Other(words) => words,
        })
    }
}

/// What the machine says about itself; whatever it keeps for itself is
/// `None` or `false`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    pub proc: bool,
    pub threads: u64,
    pub seccomp: bool,
    pub chroot: bool,
    /// `kernel.unprivileged_userns_clone`
    pub clone: Option<u64>,
    /// `kernel.apparmor_restrict_unprivileged_userns`
    pub apparmor: Option<u64>,
}

impl Settings {
    /// As they are now, from `/proc`.
    pub fn read() -> Settings {
        let status = fs::read_to_string("/proc/self/status").ok();
        let field = |name: &str| {
            let lines = status.as_deref().unwrap_or_default().lines();
            let mut values = lines.filter_map(|line| line.strip_prefix(name));
            values.next()?.trim().parse::<u64>().ok()
        };
        Settings {
            proc: status.is_some(),
            threads: field("Threads:").unwrap_or(1),
            // 2 is SECCOMP_MODE_FILTER.
            seccomp: field("Seccomp:") == Some(2),
            chroot: changed_root(),
            clone: number("/proc/sys/kernel/unprivileged_userns_clone"),
            apparmor: number(
                "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
            ),
        }
    }
}

/// The number that a file of `/proc/sys` holds.
pub fn number(path: &str) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// A process whose root is no mount point has been moved there.
fn changed_root() -> bool {
    let Ok(mounts) = fs::read_to_string("/proc/self/mountinfo") else {
        return false;
    };
    // The fifth field is the mount point, seen from this process's root.
    let point = |line: &str| line.split(' ').nth(4) == Some("/");
    !mounts.lines().any(point)
}

/// Linux's numbers, the same on every architecture that Rust runs on but
/// two of MIPS and SPARC (`ENOSYS`).
const EPERM: i32 = 1;
const ENOENT: i32 = 2;
const EACCES: i32 = 13;
const EINVAL: i32 = 22;
const ENOSPC: i32 = 28;
const ENOSYS: i32 = 38;

impl Blocked {
    /// The cause of `error` at `step`, with the machine as it is now.
    pub fn at(step: Step, error: &io::Error) -> Blocked {
        Blocked::why(step, error, &Settings::read())
    }

    /// As [`Blocked::at`], for a step told in words that follow "cannot".
    pub fn when(step: impl Into<String>, error: &io::Error) -> Blocked {
        Blocked::at(Step::Other(step.into()), error)
    }

    /// The cause of `error` at `step` on a machine with these `settings`.
    pub fn why(step: Step, error: &io::Error, settings: &Settings) -> Blocked {
        let denied = error.kind() == io::ErrorKind::PermissionDenied;
        match (&step, error.raw_os_error().unwrap_or_default()) {
            (Step::OpenTun, EACCES) => return Blocked::TunRights,
            // A container's rules for devices answer EPERM.
            (Step::OpenTun, EPERM) => return Blocked::NoTun,
            (Step::OpenTun, code) if code == ENOENT || !denied => {
                return Blocked::NoTun;
            }
            _ if !settings.proc => return Blocked::NoProc,
            (Step::UserNamespace, ENOSPC) => {
                return Blocked::Limit("user.max_user_namespaces");
            }
            (Step::NetworkNamespace, ENOSPC) => {
                return Blocked::Limit("user.max_net_namespaces");
            }
            (Step::UserNamespace, EINVAL) if settings.threads > 1 => {
                return Blocked::Threads;
            }
            (Step::UserNamespace, EINVAL | ENOSYS) => {
                return Blocked::Kernel("user");
            }
            (Step::NetworkNamespace, EINVAL | ENOSYS) => {
                return Blocked::Kernel("network");
            }
            _ => {}
        }
        match denied {
            true => Blocked::denied(step, error, settings),
            false => Blocked::other(step, error),
        }
    }

    /// Several systems answer "not permitted", at different steps: whoever
    /// is known to refuse this very step is asked first.
    fn denied(step: Step, error: &io::Error, settings: &Settings) -> Blocked {
        let apparmor = settings.apparmor.is_some_and(|value| value > 0);
        if step == Step::UserNamespace {
            if settings.clone == Some(0) {
                return Blocked::Switch;
            }
            if settings.chroot {
                return Blocked::Chroot;
            }
            if settings.seccomp {
                return Blocked::Seccomp;
            }
        }
        match (apparmor, settings.seccomp) {
            (true, _) => Blocked::AppArmor {
                step: step.to_string(),
            },
            (false, true) => Blocked::Seccomp,
            // A chroot onto a mount point looks like any other root.
            (false, false) if step == Step::UserNamespace => {
                let step = format!("{step} (inside a chroot nobody can)");
                Blocked::other(Step::Other(step), error)
            }
            (false, false) => Blocked::other(step, error),
        }
    }

    fn other(step: Step, error: &io::Error) -> Blocked {
        Blocked::Other {
            step: step.to_string(),
            error: error.to_string(),
        }
    }

    /// The command or setting that mends it, as it is typed.
    pub fn mend(&self) -> Option<String> {
        let switch = |key| Some(format!("sudo sysctl -w {key}"));
        match self {
            Blocked::Limit(key) => switch(format!("{key}=10000")),
            Blocked::Switch => {
                switch("kernel.unprivileged_userns_clone=1".into())
            }
            Blocked::AppArmor { .. } => {
                switch("kernel.apparmor_restrict_unprivileged_userns=0".into())
            }
            Blocked::Seccomp => Some(
                "docker run --security-opt seccomp=unconfined \
                 --device /dev/net/tun …"
                    .into(),
            ),
            Blocked::NoTun if container() => {
                Some("docker run --device /dev/net/tun …".into())
            }
            Blocked::NoTun => Some("sudo modprobe tun".into()),
            Blocked::TunRights => Some("sudo chmod 666 /dev/net/tun".into()),
            Blocked::ReadOnly(_) => Some("docker run --privileged …".into()),
            Blocked::Control(name) => Some(format!("sudo modprobe tcp_{name}")),
            Blocked::NoProc => Some("mount -t proc proc /proc".into()),
            Blocked::NotLinux
            | Blocked::Threads
            | Blocked::Kernel(_)
            | Blocked::Chroot
            | Blocked::Other { .. } => None,
        }
    }

    /// The cause without the way out.
    pub fn cause(&self) -> String {
        match self {
            Blocked::Kernel(kind) => {
                format!("this kernel was built without {kind} namespaces")
            }
            Blocked::Limit(key) => {
                format!("{key} allows no more namespaces here")
            }
            Blocked::AppArmor { step } => format!(
                "AppArmor gives this program namespaces without rights \
                 (Ubuntu 23.10 and later), so it cannot {step}"
            ),
            Blocked::ReadOnly(key) => format!(
                "cannot set {key}: /proc/sys is read-only here, as in most \
                 containers"
            ),
            Blocked::Control(name) => format!(
                "this kernel has no congestion control called {name} (if \
                 there is one, a module holds it)"
            ),
            Blocked::Other { step, error } => format!("cannot {step}: {error}"),
            other => other.fixed().to_owned(),
        }
    }

    /// The causes that are always told in the same words.
    fn fixed(&self) -> &'static str {
        match self {
            Blocked::NotLinux => "the laboratory needs Linux",
            Blocked::Threads => {
                "a user namespace was asked for when threads were running \
                 already"
            }
            Blocked::Switch => "this system keeps user namespaces for root",
            Blocked::Seccomp => {
                "a seccomp filter forbids namespaces here, as Docker's does \
                 by default"
            }
            Blocked::Chroot => {
                "inside a chroot nobody can make a user namespace: start it \
                 outside"
            }
            Blocked::NoProc => "there is no /proc here",
            Blocked::NoTun => "there is no usable /dev/net/tun here",
            Blocked::TunRights => "/dev/net/tun may not be opened by this user",
            _ => "the laboratory is not possible here",
        }
    }
}

/// Whether this is a container, by the files that Docker and Podman leave.
fn container() -> bool {
    let marks = ["/.dockerenv", "/run/.containerenv"];
    marks.iter().any(|mark| fs::exists(mark).unwrap_or(false))
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let cause = self.cause();
        match self {
            Blocked::NotLinux => write!(
                f,
                "{cause}: use a virtual machine, WSL2 or a container, or read \
                 the recordings in the book"
            ),
            _ => match self.mend() {
                Some(mend) => write!(f, "{cause}: `{mend}`"),
                None => f.write_str(&cause),
            },
        }
    }
}

impl Error for Blocked {}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(step: Step, code: i32, settings: &Settings) -> Blocked {
        Blocked::why(step, &io::Error::from_raw_os_error(code), settings)
    }

    fn usual() -> Settings {
        Settings {
            proc: true,
            threads: 1,
            ..Settings::default()
        }
    }

    #[test]
    #[cfg(unix)]
    fn the_error_alone_tells() {
        let user = || Step::UserNamespace;
        for (step, code, expected) in [
            (user(), ENOSPC, "user.max_user_namespaces=10000"),
            (user(), EINVAL, "built without user namespaces"),
            (
                Step::NetworkNamespace,
                ENOSPC,
                "user.max_net_namespaces=10000",
            ),
            (Step::NetworkNamespace, EINVAL, "without network namespaces"),
            (Step::OpenTun, ENOENT, "no usable /dev/net/tun"),
            (Step::OpenTun, EACCES, "chmod 666 /dev/net/tun"),
            (
                user(),
                EPERM,
                "cannot make a user namespace (inside a chroot",
            ),
        ] {
            let text = why(step, code, &usual()).to_string();
            assert!(text.contains(expected), "{expected}: {text}");
        }
    }

    #[test]
    #[cfg(unix)]
    fn one_error_has_several_causes() {
        let mut settings = usual();
        settings.apparmor = Some(1);
        let wrote = || Step::Other("write uid_map".into());
        let text = why(wrote(), EACCES, &settings).to_string();
        assert!(text.contains("cannot write uid_map"), "{text}");
        assert!(text.contains("apparmor_restrict_unprivileged_userns=0"));
        // Inside Docker on Ubuntu both are set; the filter answers first.
        settings.seccomp = true;
        let denied = why(Step::UserNamespace, EPERM, &settings);
        assert_eq!(denied, Blocked::Seccomp);
        settings.chroot = true;
        let denied = why(Step::UserNamespace, EPERM, &settings);
        assert_eq!(denied, Blocked::Chroot);
        settings.clone = Some(0);
        let denied = why(Step::UserNamespace, EPERM, &settings);
        assert_eq!(denied, Blocked::Switch);
        // Switched off, AppArmor is not to blame.
        let mut settings = usual();
        settings.apparmor = Some(0);
        let other = why(wrote(), EACCES, &settings);
        assert!(matches!(other, Blocked::Other { .. }));
        settings.threads = 2;
        let threads = why(Step::UserNamespace, EINVAL, &settings);
        assert_eq!(threads, Blocked::Threads);
        settings.proc = false;
        assert_eq!(why(wrote(), ENOENT, &settings), Blocked::NoProc);
    }

    #[test]
    fn every_cause_is_one_sentence() {
        for blocked in [
            Blocked::NotLinux,
            Blocked::Kernel("user"),
            Blocked::Limit("user.max_user_namespaces"),
            Blocked::Switch,
            Blocked::Seccomp,
            Blocked::AppArmor { step: "act".into() },
            Blocked::Chroot,
            Blocked::NoTun,
            Blocked::TunRights,
            Blocked::NoProc,
            Blocked::Control("vegas".into()),
            Blocked::ReadOnly("net.ipv4.conf.all.route_localnet".into()),
        ] {
            let text = blocked.to_string();
            assert!(!text.contains(". "), "{text}");
            assert!(!text.contains('\n'), "{text}");
            assert!(text.len() < 170, "{text}");
        }
    }
}
