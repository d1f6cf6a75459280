//! Waiting for programs without sleeping by guess: in goes a host, out comes
//! whether somebody listens there, or whether all is quiet.

use std::io;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use super::diag::{Diag, Protocol, State};
use super::namespace::Host;

/// How waiting for a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waited {
    /// Where it listens (TCP) or is bound (UDP).
    Ready(Vec<SocketAddr>),
    /// It has ended without.
    Ended,
    Late,
}

/// States in which a socket that its program has left still has something
/// on the way: data, or its own FIN.
const SENDING: [State; 3] = [State::FinWait1, State::Closing, State::LastAck];

/// Between two questions.
const PAUSE: Duration = Duration::from_millis(2);

/// Waits until somebody on `host` listens on a TCP port or is bound to a UDP
/// port (to `port`, if given), as long as `runs` says yes.
///
/// # Errors
///
/// When the kernel cannot be asked (it has no `sock_diag`).
pub fn wait_listening(
    host: &Host,
    port: Option<u16>,
    deadline: Instant,
    mut runs: impl FnMut() -> bool,
) -> io::Result<Waited> {
    let mut diag = host.run(Diag::open)?;
    loop {
        let running = runs();
        let mut found = diag.all(Protocol::Tcp, &[State::Listen])?;
        found.extend(diag.all(Protocol::Udp, &[State::Closed])?);
        let mut places: Vec<SocketAddr> =
            found.into_iter().map(|entry| entry.local).collect();
        places.retain(|place| port.is_none_or(|port| place.port() == port));
        match running {
            true if !places.is_empty() => return Ok(Waited::Ready(places)),
            true if Instant::now() >= deadline => return Ok(Waited::Late),
            true => thread::sleep(PAUSE),
            false => return Ok(Waited::Ended),
        }
    }
}

/// Waits until no TCP socket of `host` has anything left to say: all are in
/// LISTEN or TIME-WAIT. Says whether that was so before `deadline`.
///
/// # Errors
///
/// When the kernel cannot be asked (it has no `sock_diag`).
pub fn wait_quiet(host: &Host, deadline: Instant) -> io::Result<bool> {
    let quiet = [State::Listen, State::TimeWait, State::Closed];
    let mut busy = State::ALL.to_vec();
    busy.retain(|state| !quiet.contains(state));
    let mut diag = host.run(Diag::open)?;
    loop {
        match diag.all(Protocol::Tcp, &busy)? {
            none if none.is_empty() => return Ok(true),
            _ if Instant::now() >= deadline => return Ok(false),
            _ => thread::sleep(PAUSE),
        }
    }
}

/// Waits until all that programs of `host` had sent before they ended has
/// been acknowledged, however slow the link is: says no only when nothing
/// was for as long as `patience`.
///
/// # Errors
///
/// When the kernel cannot be asked (it has no `sock_diag`).
pub fn wait_delivered(host: &Host, patience: Duration) -> io::Result<bool> {
    let mut diag = host.run(Diag::open)?;
    let mut before = None;
    let mut deadline = Instant::now() + patience;
    loop {
        let sending = diag.all(Protocol::Tcp, &SENDING)?;
        if sending.is_empty() {
            return Ok(true);
        }
        let infos = sending.iter().filter_map(|it| it.info.as_ref());
        let acked: u64 = infos.map(|info| info.bytes_acked).sum();
        if before.replace((sending.len(), acked)) != before {
            deadline = Instant::now() + patience;
        } else if Instant::now() >= deadline {
            return Ok(false);
        }
        thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use std::io::{ErrorKind, Read, Write};
    use std::net::{TcpListener, TcpStream, UdpSocket};

    use anyhow::Result;

    use super::*;
    use crate::lab::testing::inside;

    #[test]
    fn waiting_ends_when_somebody_listens_or_nobody_will() -> Result<()> {
        inside("lab::wait::tests::waiting_ends", || {
            let host = Host::new("server")?;
            let soon = || Instant::now() + Duration::from_millis(30);
            let wait =
                |port, runs| wait_listening(&host, port, soon(), move || runs);
            assert_eq!(wait(None, true)?, Waited::Late);
            assert_eq!(wait(None, false)?, Waited::Ended);
            let bound = host.run(|| UdpSocket::bind("127.0.0.1:0"))?;
            let here = bound.local_addr()?;
            assert_eq!(wait(None, true)?, Waited::Ready(vec![here]));
            assert_eq!(wait(Some(7000), true)?, Waited::Late);
            let listener = host.run(|| TcpListener::bind("[::1]:7000"))?;
            let there = listener.local_addr()?;
            assert_eq!(wait(Some(7000), true)?, Waited::Ready(vec![there]));
            Ok(())
        })
    }

    #[test]
    fn quiet_is_when_all_are_closed() -> Result<()> {
        inside("lab::wait::tests::quiet_is_when", || {
            let host = Host::new("server")?;
            let soon = || Instant::now() + Duration::from_millis(30);
            let listener = host.run(|| TcpListener::bind("127.0.0.1:0"))?;
            assert!(wait_quiet(&host, soon())?);
            let server = listener.local_addr()?;
            let one = host.run(|| TcpStream::connect(server))?;
            let other = listener.accept()?;
            assert!(!wait_quiet(&host, soon())?);
            drop(one);
            assert!(!wait_quiet(&host, soon())?);
            drop(other);
            assert!(wait_quiet(&host, soon())?);
            Ok(())
        })
    }

    #[test]
    fn delivered_is_when_all_is_acknowledged() -> Result<()> {
        inside("lab::wait::tests::delivered_is_when", || {
            let host = Host::new("client")?;
            let moment = Duration::from_millis(30);
            assert!(wait_delivered(&host, moment)?);
            let listener = host.run(|| TcpListener::bind("127.0.0.1:0"))?;
            let server = listener.local_addr()?;
            let mut client = host.run(|| TcpStream::connect(server))?;
            let (mut peer, _) = listener.accept()?;
            client.set_nonblocking(true)?;
            let block = [7; 1 << 16];
            // Until both buffers are full: nobody reads.
            let full = loop {
                if let Err(error) = client.write(&block) {
                    break error;
                }
            };
            assert_eq!(full.kind(), ErrorKind::WouldBlock);
            drop(client);
            assert!(!wait_delivered(&host, moment)?);
            let reader = thread::spawn(move || {
                // The peer stays open: what was sent has arrived anyway.
                let mut bytes = Vec::new();
                peer.read_to_end(&mut bytes).map(|_| peer)
            });
            assert!(wait_delivered(&host, 10 * moment)?);
            reader.join().expect("it does not panic")?;
            Ok(())
        })
    }
}
