//! Devices, addresses, routes and rules of a host: in go plain values, out
//! goes rtnetlink(7), as `ip` speaks it.
//!
//! Numbers: linux/if_link.h, linux/rtnetlink.h, linux/fib_rules.h.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::os::fd::{AsFd, AsRawFd};

use nix::net::if_::if_nametoindex;

use super::netlink::{ACK, CREATE, Message, Netlink, attributes};

/// The table that rules fall back to, and the one with the host's addresses.
pub const MAIN: u32 = libc::RT_TABLE_MAIN as u32;
pub const LOCAL: u32 = libc::RT_TABLE_LOCAL as u32;

/// `IFLA_OPERSTATE` with `IF_OPER_UP`, after `struct ifinfomsg`
const OPERATIONAL: (u16, &[u8]) = (libc::IFLA_OPERSTATE, &[6]);
const LINK_PART: usize = 16;
/// `VETH_INFO_PEER` of linux/veth.h
const VETH_PEER: u16 = 1;
/// The metrics of a route: `RTAX_QUICKACK`, `RTAX_CC_ALGO`
const QUICK_ACK: u16 = 15;
const CONGESTION: u16 = 16;
/// `FR_ACT_TO_TBL`, and the attributes of a rule.
const TO_TABLE: u8 = 1;
const RULE_TO: u16 = 1;
const RULE_FROM: u16 = 2;
const RULE_INPUT: u16 = 3;
const RULE_PRIORITY: u16 = 6;
const RULE_TABLE: u16 = 15;

/// An address of a device, with as many bits of network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    pub ip: IpAddr,
    pub prefix: u8,
    /// The only other host on a link of two.
    pub peer: Option<IpAddr>,
}

/// A route; without `to` it is the default route.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Path<'a> {
    /// A network and the bits of its prefix.
    pub to: Option<(IpAddr, u8)>,
    pub via: Option<IpAddr>,
    pub device: Option<&'a str>,
    /// The source address of who does not choose one.
    pub source: Option<IpAddr>,
    /// 0 means [`MAIN`].
    pub table: u32,
    /// The congestion control of who does not choose one.
    pub congestion: Option<&'a str>,
    /// Every segment is acknowledged at once.
    pub quick_ack: bool,
}

/// Which table is asked for which packets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule<'a> {
    pub v6: bool,
    /// A network and the bits of its prefix.
    pub to: Option<(IpAddr, u8)>,
    pub from: Option<(IpAddr, u8)>,
    /// The device that a packet comes from: `lo` for what is sent here.
    pub input: Option<&'a str>,
    pub table: u32,
    /// The lowest is asked first.
    pub priority: u32,
}

/// The kernel's tables of one network namespace.
#[derive(Debug)]
pub struct Route(Netlink);

impl Route {
    /// Of the calling thread's network namespace.
    pub fn open() -> io::Result<Route> {
        Netlink::open(libc::NETLINK_ROUTE).map(Route)
    }

    pub fn up(&mut self, device: &str) -> io::Result<()> {
        self.flags(device, libc::IFF_UP, true)
    }

    /// Whether packets are carried already: of two ends of a cable, one or
    /// both drop everything for a moment after both are up.
    pub fn carries(&mut self, device: &str) -> io::Result<bool> {
        let mut message = Message::new(libc::RTM_GETLINK, 0);
        message.put(&link_part(index(device)?, 0, 0));
        let mut carries = false;
        self.0.ask(message, |answer| {
            let parts = answer.get(LINK_PART..).unwrap_or_default();
            carries = attributes(parts).any(|it| it == OPERATIONAL);
        })?;
        Ok(carries)
    }

    /// Sends without asking who has an address: on a link of two, only the
    /// other can have it.
    pub fn without_arp(&mut self, device: &str) -> io::Result<()> {
        self.flags(device, libc::IFF_NOARP, true)
    }

    /// In bytes, of an IP packet.
    pub fn mtu(&mut self, device: &str, bytes: u32) -> io::Result<()> {
        let mut message = link(index(device)?, 0, 0);
        message.number(libc::IFLA_MTU, bytes);
        self.acknowledged(message)
    }

    /// In packets that wait to be sent.
    pub fn queue(&mut self, device: &str, packets: u32) -> io::Result<()> {
        let mut message = link(index(device)?, 0, 0);
        message.number(libc::IFLA_TXQLEN, packets);
        self.acknowledged(message)
    }

    /// Makes a cable: one end here, the other, with that hardware address,
    /// in the namespace `to`.
    pub fn veth(
        &mut self,
        here: (&str, [u8; 6]),
        there: (&str, [u8; 6]),
        to: impl AsFd,
    ) -> io::Result<()> {
        let end = |message: &mut Message, (name, address): (&str, [u8; 6])| {
            message.text(libc::IFLA_IFNAME, name);
            message.attribute(libc::IFLA_ADDRESS, &address);
        };
        let mut message = Message::new(libc::RTM_NEWLINK, ACK | CREATE);
        message.put(&link_part(0, 0, 0));
        end(&mut message, here);
        message.nest(libc::IFLA_LINKINFO, |info| {
            info.attribute(libc::IFLA_INFO_KIND, b"veth");
            info.nest(libc::IFLA_INFO_DATA, |data| {
                data.nest(VETH_PEER, |peer| {
                    peer.put(&link_part(0, 0, 0));
                    end(peer, there);
                    let to = to.as_fd().as_raw_fd();
                    peer.number(libc::IFLA_NET_NS_FD, to as u32);
                });
            });
        });
        self.acknowledged(message)
    }

    /// Gives a device an address, which is usable at once: nobody else can
    /// have it, so there is no duplicate to detect (RFC 4862, section 5.4).
    pub fn address(&mut self, device: &str, own: Address) -> io::Result<()> {
        let mut fixed = vec![family(own.ip), own.prefix];
        let flags = if own.ip.is_ipv6() {
            libc::IFA_F_NODAD
        } else {
            0
        };
        fixed.extend([flags as u8, libc::RT_SCOPE_UNIVERSE]);
        fixed.extend(index(device)?.to_ne_bytes());
        let mut message = Message::new(libc::RTM_NEWADDR, ACK | CREATE);
        message.put(&fixed);
        message.attribute(libc::IFA_LOCAL, &octets(own.ip));
        let other = own.peer.unwrap_or(own.ip);
        message.attribute(libc::IFA_ADDRESS, &octets(other));
        self.acknowledged(message)
    }

    /// Adds a route, or puts it in the place of the one to the same network.
    pub fn add(&mut self, path: &Path) -> io::Result<()> {
        let message = path_message(path, path.device.map(index).transpose()?);
        self.acknowledged(message)
    }

    pub fn add_rule(&mut self, rule: &Rule) -> io::Result<()> {
        self.acknowledged(rule_message(libc::RTM_NEWRULE, CREATE, rule))
    }

    pub fn remove_rule(&mut self, rule: &Rule) -> io::Result<()> {
        self.acknowledged(rule_message(libc::RTM_DELRULE, 0, rule))
    }

    fn flags(&mut self, device: &str, flag: i32, on: bool) -> io::Result<()> {
        let flag = flag as u32;
        let value = if on { flag } else { 0 };
        self.acknowledged(link(index(device)?, value, flag))
    }

    fn acknowledged(&mut self, message: Message) -> io::Result<()> {
        self.0.ask(message, |_| {})
    }
}

/// The number by which the calling thread's namespace knows a device.
pub fn index(device: &str) -> io::Result<u32> {
    if_nametoindex(device).map_err(|code| {
        let error = io::Error::from(code);
        io::Error::new(error.kind(), format!("device {device}: {error}"))
    })
}

/// `struct ifinfomsg`
fn link_part(index: u32, flags: u32, change: u32) -> Vec<u8> {
    // The first two hold a family, a filler and the kind of hardware.
    let words = [0, index, flags, change];
    words
        .iter()
        .flat_map(|word: &u32| word.to_ne_bytes())
        .collect()
}

fn link(index: u32, flags: u32, change: u32) -> Message {
    let mut message = Message::new(libc::RTM_NEWLINK, ACK);
    message.put(&link_part(index, flags, change));
    message
}

/// `struct rtmsg` and its attributes
fn path_message(path: &Path, device: Option<u32>) -> Message {
    let replace = (libc::NLM_F_CREATE | libc::NLM_F_REPLACE) as u16;
    let mut message = Message::new(libc::RTM_NEWROUTE, ACK | replace);
    let known = path.to.map(|(network, _)| network);
    let known = known.or(path.via).or(path.source);
    let address = known.unwrap_or(Ipv4Addr::UNSPECIFIED.into());
    // Without a router the other is on the link itself.
    let scope = match (path.via, address) {
        (None, IpAddr::V4(_)) => libc::RT_SCOPE_LINK,
        _ => libc::RT_SCOPE_UNIVERSE,
    };
    let bits = path.to.map_or(0, |(_, bits)| bits);
    // The table stands in an attribute, which holds more than a byte.
    message.put(&[family(address), bits, 0, 0]);
    let kind = libc::RTN_UNICAST;
    message.put(&[0, libc::RTPROT_STATIC, scope, kind]);
    message.put(&[0; 4]);
    let table = if path.table == 0 { MAIN } else { path.table };
    message.number(libc::RTA_TABLE, table);
    for (kind, address) in [
        (libc::RTA_DST, path.to.map(|(network, _)| network)),
        (libc::RTA_GATEWAY, path.via),
        (libc::RTA_PREFSRC, path.source),
    ] {
        if let Some(address) = address {
            message.attribute(kind, &octets(address));
        }
    }
    if let Some(device) = device {
        message.number(libc::RTA_OIF, device);
    }
    message.nest(libc::RTA_METRICS, |nest| metrics(nest, path));
    message
}

fn metrics(message: &mut Message, path: &Path) {
    if path.quick_ack {
        message.number(QUICK_ACK, 1);
    }
    if let Some(name) = path.congestion {
        message.text(CONGESTION, name);
    }
}

/// `struct fib_rule_hdr` and its attributes
fn rule_message(kind: u16, flags: u16, rule: &Rule) -> Message {
    let bits = |side: Option<(IpAddr, u8)>| side.map_or(0, |(_, bits)| bits);
    let family = if rule.v6 {
        libc::AF_INET6
    } else {
        libc::AF_INET
    };
    let mut message = Message::new(kind, ACK | flags);
    message.put(&[family as u8, bits(rule.to), bits(rule.from), 0]);
    message.put(&[0, 0, 0, TO_TABLE]);
    message.put(&[0; 4]);
    for (kind, side) in [(RULE_TO, rule.to), (RULE_FROM, rule.from)] {
        if let Some((network, _)) = side {
            message.attribute(kind, &octets(network));
        }
    }
    if let Some(device) = rule.input {
        message.text(RULE_INPUT, device);
    }
    message.number(RULE_TABLE, rule.table);
    message.number(RULE_PRIORITY, rule.priority);
    message
}

fn family(address: IpAddr) -> u8 {
    match address {
        IpAddr::V4(_) => libc::AF_INET as u8,
        IpAddr::V6(_) => libc::AF_INET6 as u8,
    }
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::net::UdpSocket;
    use std::time::Duration;

    use anyhow::{Context, Result};
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

    use super::*;
    use crate::lab::namespace::{Host, QUIET};
    use crate::lab::port::{Device, Port, Veth};
    use crate::lab::testing::inside;

    const LOOPBACK: (IpAddr, u8) = (IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8);

    /// Sends what goes to 127.0.0.0/8 out of `device`, as though the host
    /// were not itself.
    fn bend(device: &str) -> io::Result<()> {
        let mut route = Route::open()?;
        let rule = |input, to, table, priority| Rule {
            v6: false,
            to,
            from: None,
            input,
            table,
            priority,
        };
        route.add(&Path {
            to: Some(LOOPBACK),
            device: Some(device),
            source: Some(Ipv4Addr::LOCALHOST.into()),
            table: 100,
            ..Path::default()
        })?;
        route.add_rule(&rule(Some("lo"), Some(LOOPBACK), 100, 10))?;
        route.add_rule(&rule(None, None, LOCAL, 20))?;
        route.remove_rule(&rule(None, None, LOCAL, 0))
    }

    #[test]
    fn rules_and_routes_bend_the_loopback() -> Result<()> {
        inside("lab::route::tests::rules_and_routes", || {
            let host = Host::new("client")?;
            let device = Device {
                name: "bend0",
                mtu: 1500,
                addresses: &[],
            };
            host.tune(&QUIET);
            let mut port = Veth::open(&host, device)?;
            for (key, value) in [
                ("all.route_localnet", "1"),
                ("all.accept_local", "1"),
                ("all.rp_filter", "0"),
                ("bend0.rp_filter", "0"),
            ] {
                host.sysctl(&format!("net.ipv4.conf.{key}"), value)?;
            }
            host.run(|| bend("bend0"))?;
            let socket = host.run(|| UdpSocket::bind("127.0.0.1:0"))?;
            socket.set_read_timeout(Some(Duration::from_secs(1)))?;
            socket.send_to(b"round", socket.local_addr()?)?;
            let mut packet = [0; 100];
            let readable = PollFd::new(port.as_fd(), PollFlags::POLLIN);
            poll(&mut [readable], PollTimeout::from(1000u16))?;
            let count = port.receive(&mut packet)?.context("on the way")?;
            assert_eq!(count, 33);
            port.outlet().send(&packet[..count])?;
            let mut text = [0; 10];
            let (count, from) = socket.recv_from(&mut text)?;
            assert_eq!(&text[..count], b"round");
            assert_eq!(from, socket.local_addr()?);
            Ok(())
        })
    }

    #[test]
    fn the_kernel_lists_what_was_asked_for() -> Result<()> {
        inside("lab::route::tests::the_kernel_lists", || {
            let host = Host::new("client")?;
            let device = Device {
                name: "eth0",
                mtu: 1400,
                addresses: &[Address {
                    ip: "10.0.0.1".parse()?,
                    prefix: 32,
                    peer: Some("10.0.0.2".parse()?),
                }],
            };
            let _port = Veth::open(&host, device)?;
            host.run(|| {
                Route::open()?.add(&Path {
                    to: Some(("10.1.0.0".parse()?, 16)),
                    via: Some("10.0.0.2".parse()?),
                    ..Path::default()
                })?;
                let table = fs::read_to_string("/proc/thread-self/net/route")?;
                // Destination and router, low byte first.
                assert!(table.contains("0000010A\t0200000A"), "{table}");
                let error = Route::open()?.mtu("eth7", 1).err();
                let text = error.context("no eth7")?.to_string();
                assert!(text.starts_with("device eth7: "), "{text}");
                let unknown = Route::open()?.add(&Path {
                    via: Some("192.0.2.1".parse()?),
                    ..Path::default()
                });
                let text = unknown.expect_err("no way there").to_string();
                assert!(text.contains("invalid gateway"), "{text}");
                Ok::<_, anyhow::Error>(())
            })
        })
    }
}
