//! Names for the laboratory's hosts: in go names and addresses, out comes an
//! `/etc/hosts` that only this process and its children see.

use std::fmt::Write;
use std::fs;
use std::io;
use std::net::IpAddr;
use std::path::Path;

use nix::mount::{MntFlags, MsFlags, mount, umount2};

use super::blocked::Blocked;

const HOSTS: &str = "/etc/hosts";

/// Directories that every system has one of, and nobody misses for a moment.
const MOMENTARY: [&str; 4] = ["/tmp", "/mnt", "/var/tmp", "/dev/shm"];

/// Puts a private file in the place of `/etc/hosts`, for a process that has
/// entered its own mount namespace and has one thread.
///
/// The file is in memory, in a file system without a name: when the last
/// process of the laboratory has ended, however it did, nothing is left.
///
/// # Errors
///
/// When there is no `/etc/hosts` to put it over, or where mounting is
/// forbidden (Docker's AppArmor profile): the laboratory goes on, and its
/// hosts are called by their addresses.
pub fn name(hosts: &[(&str, IpAddr)]) -> Result<(), Blocked> {
    private(Path::new(HOSTS), &text(hosts)).map_err(|error| {
        Blocked::when(format!("give {HOSTS} the hosts' names"), &error)
    })
}

fn text(hosts: &[(&str, IpAddr)]) -> String {
    let mut text = String::from("127.0.0.1\tlocalhost\n::1\tlocalhost\n");
    for (name, address) in hosts {
        writeln!(text, "{address}\t{name}").expect("a string takes all");
    }
    text
}

fn private(target: &Path, text: &str) -> io::Result<()> {
    // Asked now, so that the error is about it and not about the mount.
    fs::metadata(target)?;
    let nothing = None::<&str>;
    let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    mount(nothing, "/", nothing, private, nothing)?;
    let exists = |directory: &&&str| Path::new(directory).is_dir();
    let directory = MOMENTARY.iter().find(exists).ok_or_else(|| {
        let text = format!("none of {} exists", MOMENTARY.join(", "));
        io::Error::new(io::ErrorKind::NotFound, text)
    })?;
    let directory = Path::new(directory);
    // A file can be mounted over another only from a mounted file system.
    // This one is seen for the moment that it takes, by nobody else.
    let small = Some("size=64k,mode=755");
    mount(nothing, directory, Some("tmpfs"), MsFlags::empty(), small)?;
    let placed = place(directory, target, text);
    umount2(directory, MntFlags::MNT_DETACH)?;
    placed
}

fn place(directory: &Path, target: &Path, text: &str) -> io::Result<()> {
    let file = directory.join("hosts");
    fs::write(&file, text)?;
    let (nothing, bind) = (None::<&str>, MsFlags::MS_BIND);
    Ok(mount(Some(&file), target, nothing, bind, nothing)?)
}

#[cfg(test)]
mod tests {
    use std::net::ToSocketAddrs;
    use std::process::Command;

    use anyhow::{Context, Result};

    use super::*;
    use crate::lab::testing::{inside, is_inside};

    #[test]
    fn names_are_known_inside_and_nothing_is_left_outside() -> Result<()> {
        let before = fs::read_to_string(HOSTS).unwrap_or_default();
        inside("lab::hosts::tests::names_are_known", || {
            // libtest has threads; the mount namespace is theirs too.
            if !Path::new(HOSTS).exists() {
                assert!(name(&[]).is_err());
                return Ok(());
            }
            let v4: IpAddr = "10.0.0.2".parse()?;
            let v6: IpAddr = "fd00::2".parse()?;
            let files = fs::read_dir("/tmp")?.count();
            name(&[("server", v4), ("server", v6)])?;
            assert_eq!(fs::read_dir("/tmp")?.count(), files);
            let found: Vec<IpAddr> = ("server", 7000)
                .to_socket_addrs()
                .context("a name of /etc/hosts")?
                .map(|address| address.ip())
                .collect();
            assert!(found.contains(&v4) && found.contains(&v6), "{found:?}");
            let output = Command::new("cat").arg(HOSTS).output()?;
            let seen = String::from_utf8(output.stdout)?;
            assert!(seen.ends_with("fd00::2\tserver\n"), "{seen}");
            let mounts = fs::read_to_string("/proc/self/mounts")?;
            assert!(!mounts.contains(" /tmp tmpfs rw,relatime,size=64k"));
            Ok(())
        })?;
        if is_inside() {
            return Ok(());
        }
        let after = fs::read_to_string(HOSTS).unwrap_or_default();
        assert_eq!(before, after);
        Ok(())
    }

    #[test]
    fn a_missing_file_is_said() -> Result<()> {
        let error = private(Path::new("/etc/no such hosts"), "");
        let kind = error.map_err(|error| error.kind());
        assert_eq!(kind, Err(io::ErrorKind::NotFound));
        Ok(())
    }
}
