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

#[cfg(test)]
mod tests {
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
}
