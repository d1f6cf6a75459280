//! A host's end of a link: in go a host and a device's name, out comes the
//! port that this machine can give it.

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::thread;
use std::time::{Duration, Instant};

use super::Blocked;
use super::namespace::Host;
use super::port::{Device, Port, Tun, Veth};

/// How long a busy kernel may take to know a new address.
const PATIENCE: Duration = Duration::from_secs(5);

/// `RTF_LOCAL` of linux/ipv6_route.h
const LOCAL: u32 = 0x8000_0000;

/// A TUN device; without `/dev/net/tun` one end of a cable, which is slower
/// (100 Mbit/s are sure) and does the same.
pub(super) fn open(
    host: &Host,
    device: Device,
) -> Result<Box<dyn Port>, Blocked> {
    let port: Box<dyn Port> = match Tun::open(host, device) {
        Ok(tun) => Box::new(tun),
        Err(Blocked::NoTun | Blocked::TunRights) => {
            Box::new(Veth::open(host, device)?)
        }
        Err(other) => return Err(other),
    };
    host.run(|| wait_for_addresses(device)).map_err(|error| {
        let step = format!("use the addresses of {}", device.name);
        Blocked::when(step, &error)
    })?;
    Ok(port)
}

/// Waits until packets to the device's addresses are delivered. For IPv6
/// Linux leaves the last step, a local route, to a thread of its own; on a
/// busy machine a program's first packets came before it, and vanished.
fn wait_for_addresses(device: Device) -> io::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    for address in device.addresses {
        let IpAddr::V6(own) = address.ip else {
            continue;
        };
        while !is_local(&fs::read_to_string(ROUTES)?, own) {
            if Instant::now() > deadline {
                let text = format!("{own} is not delivered");
                return Err(io::Error::new(io::ErrorKind::TimedOut, text));
            }
            thread::sleep(Duration::from_micros(200));
        }
    }
    Ok(())
}

const ROUTES: &str = "/proc/thread-self/net/ipv6_route";

/// Whether the table has a local route to exactly this address.
fn is_local(table: &str, address: Ipv6Addr) -> bool {
    let to = format!("{:032x} 80 ", u128::from(address));
    // The ninth field holds the flags.
    let local = |line: &str| {
        let flags = line.split_whitespace().nth(8);
        let flags = flags.and_then(|it| u32::from_str_radix(it, 16).ok());
        flags.is_some_and(|flags| flags & LOCAL != 0)
    };
    table
        .lines()
        .any(|line| line.starts_with(&to) && local(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_route_is_known_by_its_flag() {
        let zeros = "00000000000000000000000000000000";
        let line = |end: &str, flags: &str| {
            format!(
                "fd0000000000000000000000000000{end} 80 {zeros} 00 {zeros} \
                 00000000 00000003 00000000 {flags}     eth0\n"
            )
        };
        let own = Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 1);
        let way = line("01", "00000001");
        assert!(!is_local(&way, own));
        let local = line("01", "80200001");
        assert!(is_local(&format!("{way}{local}"), own));
        assert!(!is_local(&line("02", "80200001"), own));
    }
}
