//! The line of exercise 19: connections that are closed, refused and opened
//! again on one port go in, each new connection and when it came come out.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use socket2::{Domain, Socket, Type};

use super::words::{A_CONNECTION, A_PAUSE, ENDED, NO_CONNECTION, PAUSE};
use crate::check::bench::free_address;
use crate::check::client::{DIED_FIRST, NO_CLIENT};
use crate::check::{Bench, Failure, Outcome, Program, Shown, Stop};
use crate::peer::{Limit, Peer};

/// How long a client may stay away: the longest pause and, on Windows, a
/// refusal are 2 s each.
const AWAY: Duration = Duration::from_secs(10);

/// By how much a sleep may fall short: one tick of a coarse clock.
pub(super) const TICK: Duration = Duration::from_millis(17);

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 16;

/// How often a port is tried that the system has not let go of yet.
const REOPENINGS: usize = 100;

/// From when on somebody listens.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment {
    FromTheStart,
    After(Duration),
}

/// One port, where somebody listens or nobody does.
#[derive(Debug)]
pub(super) struct Line {
    address: SocketAddr,
    /// `None` while nobody listens.
    listener: Option<TcpListener>,
    pub program: Program,
    limit: Limit,
    /// Since the last acknowledgement.
    failures: u32,
    /// When the last connection broke at the earliest, and how long it has
    /// to be from then to the next; `None` if that cannot be known.
    broke: Option<(Instant, Duration)>,
}

impl Line {
    /// Starts the program, and listens.
    pub fn start(bench: &Bench, listens: Moment) -> Outcome<Line> {
        let address = free_address(Ipv4Addr::LOCALHOST.into())?;
        let socket = bind(address, &bench.limit())?;
        if matches!(listens, Moment::FromTheStart) {
            socket.listen(BACKLOG)?;
        }
        let program = bench.start(address)?;
        if let Moment::After(time) = listens {
            bench.limit().pause(time);
            socket.listen(BACKLOG)?;
        }
        Ok(Line {
            address,
            listener: Some(socket.into()),
            program,
            limit: bench.limit(),
            failures: 0,
            broke: None,
        })
    }

    /// Refuses connections for so long.
    pub fn refuse(&mut self, time: Duration) -> Outcome {
        self.listener = None;
        // Bound and not listening: nobody else can take the port meanwhile.
        let socket = bind(self.address, &self.limit)?;
        self.limit.pause(time);
        socket.listen(BACKLOG)?;
        self.listener = Some(socket.into());
        self.failures += 1;
        self.broke = None;
        Ok(())
    }

    pub fn acknowledged(&mut self) {
        self.failures = 0;
    }

    /// A connection broke at `since`, or later; `more` passes before the
    /// client can know that.
    pub fn broke(&mut self, since: Instant, more: Duration) {
        let doublings = self.failures.min(3);
        let least = Duration::from_millis(50 << doublings);
        self.failures += 1;
        self.broke = Some((since, more + least));
    }

    /// The next connection; `sent` is what broke the last one.
    pub fn accept(
        &mut self,
        sent: &Shown,
        likely: &'static str,
    ) -> Outcome<Peer> {
        let Some(peer) = self.next()? else {
            return Err(self.stays_away(sent, likely));
        };
        if let Some((since, least)) = self.broke.take()
            && since.elapsed() + TICK < least
        {
            let pause = |time: Duration| format!("{} ms", time.as_millis());
            return Err(Failure {
                sent: sent.clone(),
                expected: Shown::plain(pause(least)).note(A_PAUSE),
                got: Shown::plain(pause(since.elapsed())),
                likely: if self.failures > 1 { likely } else { PAUSE },
                died: None,
            }
            .into());
        }
        Ok(peer)
    }

    /// `None` if there is none before the program's end.
    fn next(&mut self) -> io::Result<Option<Peer>> {
        let (program, listener) = (&mut self.program, &self.listener);
        let Some(listener) = listener else {
            return Ok(None);
        };
        let next = self.limit.poll(AWAY, || {
            let gone = program.exited(Duration::ZERO).is_some();
            match Peer::accept(listener, Duration::ZERO, self.limit.clone()) {
                Ok(None) if gone => Some(Ok(None)),
                Ok(None) => None,
                other => Some(other),
            }
        });
        Ok(next.transpose()?.flatten())
    }

    fn stays_away(&mut self, sent: &Shown, likely: &'static str) -> Stop {
        let gone = self.program.exited(Duration::ZERO);
        let words = self.program.last_words(3);
        let got = match gone {
            Some(status) => Shown::plain(format!("{status}\n{words}")),
            None => Shown::plain(words),
        };
        let note = if gone.is_some() { ENDED } else { NO_CONNECTION };
        // One that has a mistake in its first line never comes, either.
        let failed = gone.is_some_and(|status| !status.success());
        let likely = match likely {
            NO_CLIENT if failed => DIED_FIRST,
            _ => likely,
        };
        Failure {
            sent: sent.clone(),
            expected: Shown::words(A_CONNECTION),
            got: got.note(note),
            likely,
            died: None,
        }
        .into()
    }
}

/// Takes the port, as soon as the system lets go of it.
fn bind(address: SocketAddr, limit: &Limit) -> io::Result<Socket> {
    for _ in 0..REOPENINGS {
        if let Ok(socket) = try_bind(address) {
            return Ok(socket);
        }
        limit.pause(Duration::from_millis(20));
    }
    try_bind(address)
}

fn try_bind(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // On Unix a connection in TIME-WAIT would hold the port; on Windows it
    // does not, and there the option means something else.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}
