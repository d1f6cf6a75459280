//! What joins two hosts: in go the hosts and what the link is like, out come
//! devices, addresses and routes, and the link at work.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use anyhow::{Context, Result};
use lessons::link::Settings;

use super::driver::Driver;
use super::ends::Ends;
use super::namespace::Host;
use super::plan::{LinkOptions, Router};
use super::plug;
use super::port::{Device, Port};
use super::record::Log;
use super::route::{Address, Path, Route};
use super::tune;

/// A host's addresses, IPv4 and IPv6.
type Addresses = (Ipv4Addr, Ipv6Addr);

/// `10.0.NET.HOST` and `fd00:NET::HOST`.
fn address(net: u8, host: u8) -> Addresses {
    let (net6, host6) = (u16::from(net), u16::from(host));
    (
        Ipv4Addr::new(10, 0, net, host),
        Ipv6Addr::new(0xfd00, net6, 0, 0, 0, 0, 0, host6),
    )
}

/// Which name leads where.
pub(super) fn names(router: bool, ipv6: bool) -> Vec<(&'static str, IpAddr)> {
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

/// What a link is made of.
pub(super) struct Cable {
    pub(super) options: LinkOptions,
    pub(super) settings: Settings,
    /// Whether packets are large enough for it, everywhere.
    pub(super) ipv6: bool,
    /// How TCP sends over it.
    pub(super) control: Option<String>,
    /// Who is told what passes.
    pub(super) log: Option<Log>,
}

type End<'a> = (&'a Host, &'static str, Addresses);

/// Two hosts that reach each other, as long as this is held.
pub(super) struct Joined {
    /// The link that was asked for.
    pub(super) link: Driver,
    /// A router and the plain link behind it.
    behind: Option<(Host, Driver)>,
}

impl Joined {
    pub(super) fn router(&self) -> Option<&Host> {
        self.behind.as_ref().map(|(router, _)| router)
    }
}

impl Cable {
    pub(super) fn join(
        &self,
        client: &Host,
        server: &Host,
        router: Option<Router>,
    ) -> Result<Joined> {
        if let Some(between) = router {
            return self.through_router(client, server, between);
        }
        let link = self.plug(
            (client, "eth0", address(0, 1)),
            (server, "eth0", address(0, 2)),
        )?;
        Ok(Joined { link, behind: None })
    }

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
        between: Router,
    ) -> Result<Joined> {
        let router = Host::new("router")?;
        tune::host(&router);
        tune::required(&router, "net.ipv4.ip_forward", "1")?;
        tune::required(&router, "net.ipv6.conf.all.forwarding", "1")?;
        // A device that is told so, too, tells the others that it listens
        // to what is for all routers (RFC 3810); "all" decides alone.
        tune::required(&router, "net.ipv6.conf.default.forwarding", "0")?;
        let near = (&router, "eth0", address(1, 2));
        let link = self.plug((client, "eth0", address(1, 1)), near)?;
        let far = (&router, "eth1", address(2, 2));
        let server = (server, "eth0", address(2, 1));
        let ends = self.ends(far, server, between.mtu)?;
        let plain = Driver::start(ends, &Settings::default(), None)?;
        Ok(Joined {
            link,
            behind: Some((router, plain)),
        })
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
        let mut pairs: Vec<(IpAddr, IpAddr)> =
            vec![(own.0.into(), peer.0.into())];
        if self.ipv6 {
            pairs.push((own.1.into(), peer.1.into()));
        }
        let address = |(ip, peer): &(IpAddr, IpAddr)| Address {
            ip: *ip,
            prefix: if ip.is_ipv4() { 32 } else { 128 },
            peer: Some(*peer),
        };
        let addresses: Vec<_> = pairs.iter().map(address).collect();
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
        let peers: Vec<_> = pairs.iter().map(|(_, peer)| *peer).collect();
        host.run(|| self.lead(device, &peers, ends_here))
            .with_context(|| format!("cannot set up {device} of a host"))?;
        Ok(port)
    }

    /// Makes the routes, within the host.
    fn lead(
        &self,
        device: &str,
        peers: &[IpAddr],
        ends_here: bool,
    ) -> io::Result<()> {
        let mut route = Route::open()?;
        for &peer in peers {
            let (bits, any): (u8, IpAddr) = match peer {
                IpAddr::V4(_) => (32, Ipv4Addr::UNSPECIFIED.into()),
                IpAddr::V6(_) => (128, Ipv6Addr::UNSPECIFIED.into()),
            };
            let mut nets = vec![(peer, bits)];
            nets.extend(ends_here.then_some((any, 0)));
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
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_to_the_family_that_was_asked_for() {
        let v4: Vec<_> = names(true, false);
        assert_eq!(v4[2].1.to_string(), "10.0.2.1");
        let v6 = names(false, true);
        assert_eq!(v6[0].1.to_string(), "fd00::1");
        assert_eq!(v6.len(), 2);
    }
}
