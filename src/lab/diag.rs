//! What the kernel knows of a host's sockets, without their programs' help:
//! in goes a question to sock_diag(7), out come states, queues and
//! `TCP_INFO`.
//!
//! Layout: linux/inet_diag.h and `struct tcp_info` of linux/tcp.h, of which
//! kernels have had shorter and longer ones; what is missing is 0.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use super::netlink::{
    DUMP, Message, Netlink, attributes, u16_at, u32_at, u64_at,
};

/// A state of TCP as the kernel counts them, and as RFC 9293 calls them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum State {
    Established = 1,
    SynSent,
    SynReceived,
    FinWait1,
    FinWait2,
    TimeWait,
    /// Of UDP: bound, not connected.
    Closed,
    CloseWait,
    LastAck,
    Listen,
    Closing,
    /// The kernel's small stand-in for [`State::SynReceived`].
    NewSynReceived,
}

impl State {
    pub const ALL: [State; 12] = [
        State::Established,
        State::SynSent,
        State::SynReceived,
        State::FinWait1,
        State::FinWait2,
        State::TimeWait,
        State::Closed,
        State::CloseWait,
        State::LastAck,
        State::Listen,
        State::Closing,
        State::NewSynReceived,
    ];

    fn bit(self) -> u32 {
        1 << self as u8
    }
}

/// The timer that a socket waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timer {
    Retransmission,
    KeepAlive,
    TimeWait,
    /// Of the persist state: the peer's window is 0 (RFC 9293, 3.8.6.1).
    Probe,
}

/// One socket at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub local: SocketAddr,
    pub peer: SocketAddr,
    pub state: State,
    /// The timer, and how long until it goes off.
    pub timer: Option<(Timer, Duration)>,
    /// Bytes that the program has not read; of a listener, connections that
    /// it has not accepted.
    pub unread: u32,
    /// Bytes that are not acknowledged; of a listener, the limit of `unread`.
    pub unacknowledged: u32,
    /// Such as `cubic`; empty for UDP.
    pub congestion: String,
    pub info: Option<TcpInfo>,
}

/// What TCP knows. Times are in microseconds, windows in segments where not
/// said otherwise, rates in bytes a second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TcpInfo {
    /// 0 open, 1 disorder, 2 congestion window reduced, 3 recovery, 4 loss.
    pub phase: u8,
    /// Timeouts in a row.
    pub timeouts: u8,
    pub probes: u8,
    /// How often the timeout has been doubled.
    pub backoff: u8,
    pub rto: u32,
    /// In bytes.
    pub mss: u32,
    pub unacked: u32,
    pub sacked: u32,
    pub lost: u32,
    /// Segments that are retransmitted and not acknowledged yet.
    pub retrans: u32,
    pub srtt: u32,
    pub rttvar: u32,
    pub ssthresh: u32,
    pub cwnd: u32,
    pub reordering: u32,
    pub total_retrans: u32,
    pub pacing_rate: u64,
    pub bytes_acked: u64,
    pub bytes_received: u64,
    pub segments_out: u32,
    pub segments_in: u32,
    /// Bytes that are written and not sent.
    pub notsent: u32,
    pub min_rtt: u32,
    pub delivery_rate: u64,
    pub bytes_sent: u64,
    pub bytes_retrans: u64,
    /// The peer's receive window, in bytes.
    pub snd_wnd: u32,
}

impl TcpInfo {
    /// Reads a `struct tcp_info` of any length.
    pub fn parse(bytes: &[u8]) -> TcpInfo {
        let byte = |offset| bytes.get(offset).copied().unwrap_or_default();
        let word = |offset| u32_at(bytes, offset).unwrap_or_default();
        let long = |offset| u64_at(bytes, offset).unwrap_or_default();
        TcpInfo {
            phase: byte(1),
            timeouts: byte(2),
            probes: byte(3),
            backoff: byte(4),
            rto: word(8),
            mss: word(16),
            unacked: word(24),
            sacked: word(28),
            lost: word(32),
            retrans: word(36),
            srtt: word(68),
            rttvar: word(72),
            ssthresh: word(76),
            cwnd: word(80),
            reordering: word(88),
            total_retrans: word(100),
            pacing_rate: long(104),
            bytes_acked: long(120),
            bytes_received: long(128),
            segments_out: word(136),
            segments_in: word(140),
            notsent: word(144),
            min_rtt: word(148),
            delivery_rate: long(160),
            bytes_sent: long(200),
            bytes_retrans: long(208),
            snd_wnd: word(228),
        }
    }
}

/// Which sockets are asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Tcp,
    Udp,
}

/// `SOCK_DIAG_BY_FAMILY`, and the attributes that an answer has.
const BY_FAMILY: u16 = 20;
const INFO: u16 = 2;
const CONGESTION: u16 = 4;
/// `struct inet_diag_msg`
const FIXED: usize = 72;

/// A way to ask, in one network namespace.
#[derive(Debug)]
pub struct Diag(Netlink);

impl Diag {
    /// Of the calling thread's network namespace.
    pub fn open() -> io::Result<Diag> {
        Netlink::open(libc::NETLINK_SOCK_DIAG).map(Diag)
    }

    /// Every socket in one of `states`, of both versions of IP.
    ///
    /// The kernel walks through the sockets of all namespaces: for a
    /// question asked often, [`Diag::one`] is cheaper.
    pub fn all(
        &mut self,
        protocol: Protocol,
        states: &[State],
    ) -> io::Result<Vec<Entry>> {
        let mask = states.iter().fold(0, |mask, state| mask | state.bit());
        let mut found = Vec::new();
        for family in [libc::AF_INET, libc::AF_INET6] {
            let mut message = request(DUMP, family, protocol, mask);
            message.put(&[0; 48]);
            let keep = |answer: &[u8]| found.extend(entry(answer));
            match self.0.ask(message, keep) {
                // Such a kernel has no IPv6.
                Err(error)
                    if family == libc::AF_INET6
                        && error.kind() == io::ErrorKind::NotFound => {}
                result => result?,
            }
        }
        Ok(found)
    }

    /// The TCP socket with these two addresses, if there is one.
    pub fn one(
        &mut self,
        local: SocketAddr,
        peer: SocketAddr,
    ) -> io::Result<Option<Entry>> {
        let family = match local {
            SocketAddr::V4(_) => libc::AF_INET,
            SocketAddr::V6(_) => libc::AF_INET6,
        };
        let mut message = request(0, family, Protocol::Tcp, u32::MAX);
        message.put(&socket_id(local, peer));
        let mut found = None;
        match self.0.ask(message, |answer| found = entry(answer)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            result => result.map(|()| found),
        }
    }
}

/// `struct inet_diag_req_v2` up to the socket's addresses
fn request(flags: u16, family: i32, protocol: Protocol, mask: u32) -> Message {
    let number = match protocol {
        Protocol::Tcp => libc::IPPROTO_TCP,
        Protocol::Udp => libc::IPPROTO_UDP,
    };
    let more = 1 << (INFO - 1) | 1 << (CONGESTION - 1);
    let mut message = Message::new(BY_FAMILY, flags);
    message.put(&[family as u8, number as u8, more, 0]);
    message.put(&mask.to_ne_bytes());
    message
}

/// `struct inet_diag_sockid`: ports and addresses in the order of the
/// network, any device, any cookie.
fn socket_id(local: SocketAddr, peer: SocketAddr) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(48);
    bytes.extend(local.port().to_be_bytes());
    bytes.extend(peer.port().to_be_bytes());
    for address in [local.ip(), peer.ip()] {
        let start = bytes.len();
        match address {
            IpAddr::V4(address) => bytes.extend(address.octets()),
            IpAddr::V6(address) => bytes.extend(address.octets()),
        }
        bytes.resize(start + 16, 0);
    }
    bytes.extend([0; 4]);
    bytes.extend([0xff; 8]);
    bytes
}

/// Reads one `struct inet_diag_msg`.
fn entry(bytes: &[u8]) -> Option<Entry> {
    let (fixed, rest) = bytes.split_at_checked(FIXED)?;
    let family = i32::from(fixed[0]);
    let address = |port: usize, ip: usize| {
        let port = u16_at(fixed, port).map(u16::from_be)?;
        let octets = *fixed[ip..].first_chunk::<16>()?;
        let ip = match family {
            libc::AF_INET6 => IpAddr::from(Ipv6Addr::from(octets)),
            _ => Ipv4Addr::from(*octets.first_chunk::<4>()?).into(),
        };
        Some(SocketAddr::new(ip, port))
    };
    let left = Duration::from_millis(u32_at(fixed, 52)?.into());
    let mut entry = Entry {
        local: address(4, 8)?,
        peer: address(6, 24)?,
        state: *State::ALL.get(usize::from(fixed[1]).checked_sub(1)?)?,
        timer: timer(fixed[2]).map(|timer| (timer, left)),
        unread: u32_at(fixed, 56)?,
        unacknowledged: u32_at(fixed, 60)?,
        congestion: String::new(),
        info: None,
    };
    for (kind, value) in attributes(rest) {
        match kind {
            INFO => entry.info = Some(TcpInfo::parse(value)),
            CONGESTION => {
                let name = String::from_utf8_lossy(value);
                entry.congestion = name.trim_end_matches('\0').into();
            }
            _ => {}
        }
    }
    Some(entry)
}

fn timer(number: u8) -> Option<Timer> {
    match number {
        1 => Some(Timer::Retransmission),
        2 => Some(Timer::KeepAlive),
        3 => Some(Timer::TimeWait),
        4 => Some(Timer::Probe),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    use anyhow::{Context, Result};

    use super::*;
    use crate::lab::namespace::Host;
    use crate::lab::testing::inside;

    #[test]
    fn short_and_long_tcp_infos_are_read() {
        let mut bytes = vec![0; 400];
        bytes[68..72].copy_from_slice(&20_000u32.to_ne_bytes());
        bytes[200..208].copy_from_slice(&7u64.to_ne_bytes());
        let info = TcpInfo::parse(&bytes);
        assert_eq!((info.srtt, info.bytes_sent), (20_000, 7));
        // As Linux 3.2 had it.
        let short = TcpInfo::parse(&bytes[..104]);
        assert_eq!((short.srtt, short.bytes_sent), (20_000, 0));
        assert_eq!(TcpInfo::parse(&[]), TcpInfo::default());
        assert_eq!(entry(&bytes[..FIXED - 1]), None);
    }

    #[test]
    fn a_connection_is_seen_from_outside() -> Result<()> {
        inside("lab::diag::tests::a_connection_is_seen", || {
            let host = Host::new("client")?;
            let mut diag = host.run(Diag::open)?;
            for ip in ["127.0.0.1", "::1"] {
                let ip: IpAddr = ip.parse()?;
                let listener = host.run(|| TcpListener::bind((ip, 0)))?;
                let server = listener.local_addr()?;
                let mut one = host.run(|| TcpStream::connect(server))?;
                let client = one.local_addr()?;
                let (mut other, _) = listener.accept()?;
                one.write_all(&[1; 1000])?;
                other.read_exact(&mut [0; 400])?;
                let entry = diag.one(client, server)?.context("client")?;
                assert_eq!((entry.local, entry.peer), (client, server));
                assert_eq!(entry.state, State::Established);
                assert!(!entry.congestion.is_empty());
                let info = entry.info.context("TCP_INFO")?;
                assert_eq!((info.bytes_sent, info.bytes_acked), (1000, 1001));
                assert!(info.cwnd >= 10 && info.mss > 500, "{info:?}");
                assert!(info.srtt > 0 && info.srtt < 50_000, "{info:?}");
                let entry = diag.one(server, client)?.context("server")?;
                assert_eq!(entry.unread, 600);
                let all = diag.all(Protocol::Tcp, &[State::Listen])?;
                assert_eq!(all.len(), 1);
                assert_eq!(all[0].local, server);
                let none = diag.one(client, client)?;
                assert_eq!(none, None);
            }
            Ok(())
        })
    }

    #[test]
    fn who_ends_first_waits_for_a_minute() -> Result<()> {
        inside("lab::diag::tests::who_ends_first_waits", || {
            let host = Host::new("client")?;
            let mut diag = host.run(Diag::open)?;
            for server_first in [false, true] {
                let listener = host.run(|| TcpListener::bind("127.0.0.1:0"))?;
                let server = listener.local_addr()?;
                let one = host.run(|| TcpStream::connect(server))?;
                let client = one.local_addr()?;
                let other = listener.accept()?.0;
                // The kernel would name it in place of an end that is gone.
                drop(listener);
                let (first, mut second) = if server_first {
                    (other, one)
                } else {
                    (one, other)
                };
                drop(first);
                assert_eq!(second.read(&mut [0])?, 0);
                drop(second);
                let mut ends = [(client, server), (server, client)];
                if server_first {
                    ends.reverse();
                }
                let [waits, forgets] = ends;
                let entry = diag.one(waits.0, waits.1)?.context("gone")?;
                assert_eq!(entry.state, State::TimeWait);
                let (timer, left) = entry.timer.context("a timer")?;
                assert_eq!(timer, Timer::TimeWait);
                // The minute of Linux's `TCP_TIMEWAIT_LEN`, less what a
                // busy machine has taken since.
                let minute = Duration::from_secs(50)..=Duration::from_secs(60);
                assert!(minute.contains(&left), "{left:?}");
                assert_eq!(diag.one(forgets.0, forgets.1)?, None);
            }
            Ok(())
        })
    }
}
