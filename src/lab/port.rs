//! Where a host's link leaves for the program that plays the link: in go a
//! host and a device's name, out come the IP packets that the host sends,
//! and into it go those that it receives.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use socket2::{Domain, Protocol, SockAddr, Socket, Type};

use super::blocked::{Blocked, Step};
use super::namespace::Host;
use super::route::{Address, Route, index};
use super::sys;

/// One end of an emulated link.
pub trait Port: Send {
    /// The next packet that the host has sent, cut to `buffer`; `None` if
    /// there is none now.
    fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>>;

    /// The way for packets to the host, for any thread.
    fn outlet(&self) -> Arc<dyn Outlet>;

    /// Readable when [`Port::receive`] has a packet.
    fn as_fd(&self) -> BorrowedFd<'_>;

    /// How many packets were lost on the way to or from this port without
    /// the link having seen them, since it was opened. More than 0 spoils an
    /// experiment.
    fn unseen_drops(&mut self) -> io::Result<u64>;
}

/// The way for packets to a host.
pub trait Outlet: Send + Sync {
    /// Gives the host a packet.
    fn send(&self, packet: &[u8]) -> io::Result<()>;
}

/// A device of the host, and how packets on it look.
#[derive(Debug, Clone, Copy)]
pub struct Device<'a> {
    pub name: &'a str,
    /// The longest IP packet, in bytes.
    pub mtu: u32,
    pub addresses: &'a [Address],
}

/// Long enough for bursts: the usual 500 lose packets without a word as soon
/// as the reader is late.
const QUEUE: u32 = 10_000;

/// A TUN device: IP packets as they are.
#[derive(Debug)]
pub struct Tun {
    host: Host,
    name: String,
    file: Arc<File>,
}

impl Tun {
    /// Opens `device` on `host` and brings it up. Routes are the caller's.
    pub fn open(host: &Host, device: Device) -> Result<Tun, Blocked> {
        // Whoever opens it decides which namespace the device is in; the
        // descriptor is good anywhere.
        let file = host
            .run(|| {
                let mut options = File::options();
                options.read(true).write(true);
                options.custom_flags(libc::O_NONBLOCK).open("/dev/net/tun")
            })
            .map_err(|error| Blocked::at(Step::OpenTun, &error))?;
        host.run(|| {
            sys::make_tun(&file, device.name)?;
            equip(device, |_| Ok(()))
        })
        .map_err(|error| {
            let step = format!("make the TUN device {}", device.name);
            Blocked::when(step, &error)
        })?;
        Ok(Tun {
            host: host.clone(),
            name: device.name.into(),
            file: file.into(),
        })
    }
}

impl Outlet for File {
    fn send(&self, packet: &[u8]) -> io::Result<()> {
        let mut file = self;
        file.write(packet).map(drop)
    }
}

impl Port for Tun {
    fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        or_nothing((&*self.file).read(buffer))
    }

    fn outlet(&self) -> Arc<dyn Outlet> {
        self.file.clone()
    }

    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }

    fn unseen_drops(&mut self) -> io::Result<u64> {
        dropped(&self.host, &self.name)
    }
}

/// The two ends' hardware addresses: "locally administered" (the bit of value
/// 2), so that they are nobody's.
const HERE: [u8; 6] = [2, 0, 0, 0, 0, 1];
const FAR: [u8; 6] = [2, 0, 0, 0, 0, 2];
const FAR_END: &str = "far";
/// `ETH_P_ALL`, `ETH_P_IP` and `ETH_P_IPV6` of linux/if_ether.h
const EVERY: u16 = 3;
const IPV4: u16 = 0x0800;
const IPV6: u16 = 0x86dd;

/// A cable to a namespace with nothing in it but the far end: where there is
/// no `/dev/net/tun`.
#[derive(Debug)]
pub struct Veth {
    host: Host,
    name: String,
    far: Host,
    end: Arc<FarEnd>,
    /// The kernel forgets its count when it has told it.
    lost: u64,
}

impl Veth {
    /// Opens `device` on `host` and brings it up. Routes are the caller's.
    pub fn open(host: &Host, device: Device) -> Result<Veth, Blocked> {
        let step = || format!("make the cable {}", device.name);
        let blocked = |error: io::Error| Blocked::when(step(), &error);
        let far = Host::new("cable")?;
        // A router solicitation of the far end would look like the host's;
        // and a kernel without IPv6 has nothing to switch off.
        let _ = far.sysctl("net.ipv6.conf.all.disable_ipv6", "1");
        let _ = far.sysctl("net.ipv6.conf.default.disable_ipv6", "1");
        host.run(|| {
            let ends = ((device.name, HERE), (FAR_END, FAR));
            Route::open()?.veth(ends.0, ends.1, &far)?;
            equip(device, |route| {
                route.without_arp(device.name)?;
                complete_packets(device.name)
            })
        })
        .map_err(blocked)?;
        let (socket, far_index) =
            far.run(|| far_socket(device.mtu)).map_err(blocked)?;
        for (end, name) in [(host, device.name), (&far, FAR_END)] {
            end.run(|| wait_for_carrier(name)).map_err(blocked)?;
        }
        Ok(Veth {
            host: host.clone(),
            name: device.name.into(),
            far,
            end: Arc::new(FarEnd {
                socket,
                v4: sys::packet_address(far_index, IPV4, HERE),
                v6: sys::packet_address(far_index, IPV6, HERE),
            }),
            lost: 0,
        })
    }
}

/// The socket at the far end of a cable.
#[derive(Debug)]
struct FarEnd {
    socket: Socket,
    /// Where a packet of either version goes.
    v4: SockAddr,
    v6: SockAddr,
}

impl Outlet for FarEnd {
    fn send(&self, packet: &[u8]) -> io::Result<()> {
        let to = match packet.first().map(|byte| byte >> 4) {
            Some(6) => &self.v6,
            _ => &self.v4,
        };
        self.socket.send_to(packet, to).map(drop)
    }
}

impl Port for Veth {
    fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        or_nothing((&self.end.socket).read(buffer))
    }

    fn outlet(&self) -> Arc<dyn Outlet> {
        self.end.clone()
    }

    fn as_fd(&self) -> BorrowedFd<'_> {
        self.end.socket.as_fd()
    }

    fn unseen_drops(&mut self) -> io::Result<u64> {
        self.lost += u64::from(sys::packet_drops(&self.end.socket)?);
        let devices =
            dropped(&self.host, &self.name)? + dropped(&self.far, FAR_END)?;
        Ok(self.lost + devices)
    }
}

/// Has the kernel send what would be sent on a real wire: no packet larger
/// than the MTU, and no checksum left to the hardware.
fn complete_packets(device: &str) -> io::Result<()> {
    let any = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    // ETHTOOL_STSO, _SGSO, _SGRO and _STXCSUM of linux/ethtool.h. The last
    // one switches the others off by itself, on most kernels.
    for feature in [0x1f, 0x24, 0x2c, 0x17] {
        sys::set_feature(&any, device, feature, false)?;
    }
    Ok(())
}

/// The socket at the far end, which takes Ethernet's header off and puts it
/// on, and the far end's index.
fn far_socket(mtu: u32) -> io::Result<(Socket, u32)> {
    // Protocol 0: nothing arrives before the socket is bound.
    let none = Some(Protocol::from(0));
    let socket = Socket::new(Domain::PACKET, Type::DGRAM, none)?;
    // Else it would receive what it sends.
    const PACKET_IGNORE_OUTGOING: i32 = 23;
    sys::set_option(&socket, libc::SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)?;
    // Silently cut down to net.core.rmem_max.
    socket.set_recv_buffer_size(32 << 20)?;
    socket.set_send_buffer_size(32 << 20)?;
    socket.set_nonblocking(true)?;
    let mut route = Route::open()?;
    route.mtu(FAR_END, mtu)?;
    route.without_arp(FAR_END)?;
    route.up(FAR_END)?;
    let index = index(FAR_END)?;
    socket.bind(&sys::packet_address(index, EVERY, FAR))?;
    Ok((socket, index))
}

/// Waits until the kernel has noticed that both ends of a cable are up.
fn wait_for_carrier(device: &str) -> io::Result<()> {
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut route = Route::open()?;
    while !route.carries(device)? {
        if Instant::now() > deadline {
            let text = format!("{device} does not carry packets");
            return Err(io::Error::new(ErrorKind::TimedOut, text));
        }
        thread::sleep(Duration::from_micros(200));
    }
    Ok(())
}

/// Makes a new device ready, in its namespace.
fn equip(
    device: Device,
    special: impl FnOnce(&mut Route) -> io::Result<()>,
) -> io::Result<()> {
    let mut route = Route::open()?;
    route.mtu(device.name, device.mtu)?;
    route.queue(device.name, QUEUE)?;
    special(&mut route)?;
    for address in device.addresses {
        route.address(device.name, *address)?;
    }
    route.up(device.name)
}

fn or_nothing(result: io::Result<usize>) -> io::Result<Option<usize>> {
    match result {
        Ok(count) => Ok(Some(count)),
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
        Err(error) => Err(error),
    }
}

/// How many packets a device should have sent and has not.
fn dropped(host: &Host, device: &str) -> io::Result<u64> {
    // Not /proc/net: that is the network of the process's first thread.
    let table = host.run(|| fs::read_to_string("/proc/thread-self/net/dev"))?;
    sent_drops(&table, device).ok_or_else(|| {
        let text = format!("{device} is not in /proc/net/dev");
        io::Error::new(ErrorKind::NotFound, text)
    })
}

fn sent_drops(table: &str, device: &str) -> Option<u64> {
    let mut lines = table.lines().filter_map(|line| line.split_once(':'));
    let (_, counts) = lines.find(|(name, _)| name.trim() == device)?;
    // Eight columns of what was received; of what was sent: bytes, packets,
    // errs, drop.
    counts.split_whitespace().nth(11)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{IpAddr, TcpListener, TcpStream};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

    use anyhow::Result;

    use super::*;
    use crate::lab::namespace::QUIET;
    use crate::lab::route::Path;
    use crate::lab::testing::inside;

    const CLIENT: [&str; 2] = ["10.0.0.1", "fd00::1"];
    const SERVER: [&str; 2] = ["10.0.0.2", "fd00::2"];

    type Open = fn(&Host, Device) -> Result<Box<dyn Port>, Blocked>;

    /// A host with both versions of IP, and a way to everywhere.
    fn host(
        name: &str,
        own: [&str; 2],
        open: Open,
    ) -> Result<(Host, Box<dyn Port>)> {
        let host = Host::new(name)?;
        let addresses = own.map(|text| {
            let ip: IpAddr = text.parse().expect("it is an address");
            let prefix = if ip.is_ipv4() { 24 } else { 64 };
            Address {
                ip,
                prefix,
                peer: None,
            }
        });
        let device = Device {
            name: "eth0",
            mtu: 1500,
            addresses: &addresses,
        };
        host.tune(&QUIET);
        let port = open(&host, device)?;
        host.run(|| {
            for own in addresses {
                Route::open()?.add(&Path {
                    source: Some(own.ip),
                    device: Some("eth0"),
                    congestion: Some("reno"),
                    ..Path::default()
                })?;
            }
            Ok::<_, io::Error>(())
        })?;
        Ok((host, port))
    }

    /// Carries packets both ways; says how many, and the longest.
    fn carry(
        mut ports: [Box<dyn Port>; 2],
        done: &AtomicBool,
    ) -> io::Result<(u64, usize, u64)> {
        let (mut packets, mut longest) = (0, 0);
        let mut buffer = [0; 65_536];
        while !done.load(Relaxed) {
            for (from, to) in [(0, 1), (1, 0)] {
                while let Some(count) = ports[from].receive(&mut buffer)? {
                    packets += 1;
                    longest = longest.max(count);
                    ports[to].outlet().send(&buffer[..count])?;
                }
            }
            thread::sleep(Duration::from_micros(50));
        }
        let [one, two] = &mut ports;
        let drops = one.unseen_drops()? + two.unseen_drops()?;
        Ok((packets, longest, drops))
    }

    fn exchange(open: Open) -> Result<()> {
        let (client, near) = host("client", CLIENT, open)?;
        let (server, far) = host("server", SERVER, open)?;
        let done = Arc::new(AtomicBool::new(false));
        let finish = done.clone();
        let carrier = thread::spawn(move || carry([near, far], &finish));
        for address in SERVER {
            let ip: IpAddr = address.parse()?;
            let listener = server.run(|| TcpListener::bind((ip, 7000)))?;
            let mut one = client.run(|| TcpStream::connect((ip, 7000)))?;
            let (mut other, _) = listener.accept()?;
            let patience = Some(Duration::from_secs(5));
            other.set_read_timeout(patience)?;
            one.set_write_timeout(patience)?;
            let writer = thread::spawn(move || one.write_all(&[7; 1 << 20]));
            let mut bytes = Vec::new();
            other.read_to_end(&mut bytes)?;
            writer.join().expect("it does not panic")?;
            assert_eq!(bytes.len(), 1 << 20);
        }
        done.store(true, Relaxed);
        let (packets, longest, drops) =
            carrier.join().expect("it does not panic")?;
        assert_eq!((longest, drops), (1500, 0));
        assert!(packets > 2 * (1 << 20) / 1500, "{packets}");
        Ok(())
    }

    #[test]
    fn two_hosts_speak_over_tun() -> Result<()> {
        inside("lab::port::tests::two_hosts_speak_over_tun", || {
            let open: Open =
                |host, device| Ok(Box::new(Tun::open(host, device)?));
            match exchange(open) {
                Err(error) if kept_away(&error) => {
                    eprintln!("skipped: {error}");
                    Ok(())
                }
                result => result,
            }
        })
    }

    /// Where `/dev/net/tun` is, a cable takes its place.
    fn kept_away(error: &anyhow::Error) -> bool {
        let required = std::env::var_os("REQUIRE_ALL");
        let causes = [Blocked::NoTun, Blocked::TunRights];
        let cause = error.downcast_ref::<Blocked>();
        required.is_none_or(|it| it != "1")
            && cause.is_some_and(|cause| causes.contains(cause))
    }

    #[test]
    fn two_hosts_speak_over_a_cable() -> Result<()> {
        inside("lab::port::tests::two_hosts_speak_over_a_cable", || {
            exchange(|host, device| Ok(Box::new(Veth::open(host, device)?)))
        })
    }

    #[test]
    fn drops_are_read_from_the_column_of_what_was_sent() {
        let table = "\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes \
    packets errs drop fifo colls carrier compressed
    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16
  eth0:     100       3    0    0    0     0          0         0      200 \
       5    0   45    0     0       0          0
";
        assert_eq!(sent_drops(table, "eth0"), Some(45));
        assert_eq!(sent_drops(table, "lo"), Some(12));
        assert_eq!(sent_drops(table, "eth"), None);
    }
}
