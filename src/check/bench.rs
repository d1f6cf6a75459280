//! The bench that a step works on: it starts the program, connects to it or
//! listens for it, and holds the step's clock and dice.

use std::ffi::OsString;
use std::io;
use std::net::{
    IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket,
};
use std::ops::Range;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::datagrams::Asker;
use super::failure::{Failure, Shown};
use super::program::Program;
use super::{Error, Target};
use crate::peer::{Interrupt, Limit, Peer};

/// How long a program may stay silent when something must come. Generous:
/// only wrong programs are waited for.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How long a server may take until it listens: a JVM is slow.
pub(super) const START: Duration = Duration::from_secs(10);

/// How long one step may take, with everything in it.
const STEP: Duration = Duration::from_secs(60);

/// How often a program is started again because the port that was free has
/// been taken meanwhile.
const RACES: usize = 5;

/// How a step ends, or a part of it.
pub type Outcome<T = ()> = Result<T, Stop>;

/// Why a step ends early.
#[derive(Debug)]
pub enum Stop {
    /// The program is wrong.
    Failed(Box<Failure>),
    /// This machine lacks what the step needs: why, known statically.
    Skipped(&'static str),
    /// There is no verdict.
    Error(Error),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failed(Box::new(failure))
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Error(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Stop {
        Stop::Error(Error::Machine(error))
    }
}

words! {
    A_CONNECTION = "a new connection";
    A_SERVER = "a server that listens within 10 s";
    NOBODY = "nobody listens there";
    REFUSED = "the connection was refused";
    NO_SERVER = "the program must listen on the address in its first \
        argument, that host and that port, until it is stopped.";
    NO_LISTENER = "the server has stopped listening. Accept in a loop, and \
        keep the listener whatever one client does.";
    DIED = "one client ended the whole server. Handle an error where its \
        client is served, then serve the next.";
}

/// See the module.
#[derive(Debug)]
pub struct Bench<'a> {
    /// Everything random comes from here, afresh for each step.
    pub rng: Rng,
    seed: u64,
    target: &'a Target,
    limit: Limit,
    /// The server, once it was started.
    program: Option<Program>,
    /// Where the server is, once it was found.
    address: Option<SocketAddr>,
    /// Whether it was found by a connection: one that was found by a
    /// datagram may not listen yet.
    listens: bool,
    /// The connection that found it. It is used as the first client's: a
    /// probe that connects and leaves would itself be a client.
    first: Option<Peer>,
    /// The socket that found it, if by datagrams. It stays open: were it
    /// closed, a late answer to it would come back as an ICMP error.
    pub(super) probe: Option<Asker>,
    /// What a step leaves for a later one: since when nobody has spoken on a
    /// connection, and the ends of it that the check holds. So a long
    /// silence takes no time of its own.
    pub silent: Option<(Instant, [TcpStream; 2])>,
}

impl<'a> Bench<'a> {
    pub(super) fn new(target: &'a Target, interrupt: Interrupt) -> Self {
        Bench {
            rng: Rng::with_seed(0),
            seed: 0,
            target,
            limit: Limit {
                deadline: Instant::now(),
                interrupt,
            },
            program: None,
            address: None,
            listens: false,
            first: None,
            probe: None,
            silent: None,
        }
    }

    /// Sets clock and dice for step `number`, counted from 1.
    pub(super) fn begin(&mut self, number: usize, seed: u64) {
        // Each step has its own dice, so that a change of one leaves the
        // others alone. The constant only spreads neighbouring seeds.
        let spread = (number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.seed = seed ^ spread;
        self.begin_again();
    }

    /// The same step from its beginning, with the same dice.
    pub(super) fn begin_again(&mut self) {
        self.rng = Rng::with_seed(self.seed);
        self.limit.deadline = Instant::now() + STEP;
    }

    /// Leaves so little time to the step at work.
    #[cfg(test)]
    pub(super) fn hurry(&mut self, left: Duration) {
        self.limit.deadline = Instant::now() + left;
    }

    /// The limit of the step at work.
    pub fn limit(&self) -> Limit {
        self.limit.clone()
    }

    /// For a server exercise: a new client's connection. The first one
    /// starts the server, unless a datagram has. For one that speaks UDP see
    /// [`Bench::asker`].
    pub fn connect(&mut self) -> Outcome<Peer> {
        let address = match self.address {
            Some(address) if self.listens => address,
            _ => self.find_listener()?,
        };
        if let Some(peer) = self.first.take() {
            return Ok(peer);
        }
        let peer = Peer::connect(address, PATIENCE, self.limit());
        Ok(peer.map_err(|_| Failure {
            sent: Shown::words(A_CONNECTION),
            expected: Shown::words(A_CONNECTION),
            got: Shown::words(REFUSED),
            likely: NO_LISTENER,
            died: None,
        })?)
    }

    /// For a server exercise: clients that send this and are gone at once,
    /// in order or with a reset, without a look at what comes back.
    pub fn clients_leave<'b>(
        &mut self,
        sent: impl IntoIterator<Item = &'b [u8]>,
    ) -> Outcome {
        for bytes in sent {
            let mut peer = self.connect()?;
            peer.send(bytes);
            drop(peer);
            let mut peer = self.connect()?;
            peer.send(bytes);
            peer.reset();
        }
        Ok(())
    }

    /// For a client exercise: a place to listen, for [`Peer::accept`].
    pub fn listen(&self) -> Outcome<TcpListener> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    }

    /// For a client exercise: a new run of the program.
    pub fn start(&self, address: SocketAddr) -> Outcome<Program> {
        let Target::Command(command) = self.target else {
            return Err(Error::ClientAtAddress.into());
        };
        self.launch(command, address)
    }

    /// If the server has ended: how, and its last words. It is given a
    /// moment for that: a connection ends before its process does.
    pub(super) fn epitaph(&mut self) -> Option<String> {
        let program = self.program.as_mut()?;
        let status = program.exited(Duration::from_millis(300))?;
        let words = program.last_words(4);
        Some(format!("{status}\n{words}").trim_end().to_owned())
    }

    fn launch(
        &self,
        command: &[OsString],
        address: SocketAddr,
    ) -> Outcome<Program> {
        Program::start(command, address, self.limit()).map_err(|error| {
            let command = command.join(" ".as_ref());
            let command = command.to_string_lossy().into_owned();
            Error::CannotStart { command, error }.into()
        })
    }

    fn find_listener(&mut self) -> Outcome<SocketAddr> {
        let address = self.find_server(&mut |bench, address| {
            bench.first = bench.wait_for_listener(address);
        })?;
        if self.first.is_none() {
            return Err(Failure {
                sent: Shown::words(A_CONNECTION),
                expected: Shown::plain(address.to_string()).note(A_SERVER),
                got: Shown::words(NOBODY),
                likely: NO_SERVER,
                died: None,
            }
            .into());
        }
        self.listens = true;
        self.found(address);
        Ok(address)
    }

    /// Starts the server if need be, has `wait` wait until it is there, and
    /// tells where that is.
    pub(super) fn find_server(
        &mut self,
        wait: &mut dyn FnMut(&mut Self, SocketAddr),
    ) -> Outcome<SocketAddr> {
        let address = match (self.address, self.target) {
            (Some(address), _) => address,
            (None, Target::Address(address)) => *address,
            (None, Target::Command(command)) => {
                return self.start_server(command, wait);
            }
        };
        wait(self, address);
        Ok(address)
    }

    pub(super) fn found(&mut self, address: SocketAddr) {
        self.address = Some(address);
    }

    fn start_server(
        &mut self,
        command: &[OsString],
        wait: &mut dyn FnMut(&mut Self, SocketAddr),
    ) -> Outcome<SocketAddr> {
        let mut races = 0;
        loop {
            let address = free_address(Ipv4Addr::LOCALHOST.into())?;
            self.program = Some(self.launch(command, address)?);
            wait(self, address);
            // If the program has ended and its port is in use, somebody
            // else was faster, and the program is not to blame.
            let lost = self.has_ended() && bind(address).is_err();
            if !lost || races == RACES {
                return Ok(address);
            }
            races += 1;
        }
    }

    /// Connects as soon as somebody listens.
    fn wait_for_listener(&mut self, address: SocketAddr) -> Option<Peer> {
        let limit = self.limit();
        let found = limit.poll(START, || {
            match Peer::connect(address, PATIENCE, limit.clone()) {
                Ok(peer) => Some(Some(peer)),
                Err(_) if self.has_ended() => Some(None),
                Err(_) => None,
            }
        });
        found.flatten()
    }

    pub(super) fn has_ended(&mut self) -> bool {
        self.program
            .as_mut()
            .is_some_and(|program| program.exited(Duration::ZERO).is_some())
    }
}

/// An address of `ip` that is free at this moment, for IPv4's loopback too.
/// Its port lies below those that systems hand out by themselves, so that no
/// client's own end takes it before the program does, or between two starts
/// of it; and checks at work side by side are never given the same, for they
/// count on from a place of their process's own.
pub(super) fn free_address(ip: IpAddr) -> io::Result<SocketAddr> {
    const PORTS: Range<u32> = 15_000..32_000;
    static FIRST: LazyLock<u32> = LazyLock::new(|| fastrand::u32(PORTS));
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let free = |port: u16| {
        let address = bind((ip, port).into())?.0.local_addr()?;
        bind((Ipv4Addr::LOCALHOST, address.port()).into())?;
        Ok(address)
    };
    let next = || {
        let step = *FIRST + NEXT.fetch_add(1, Ordering::Relaxed);
        let port = PORTS.start + step % (PORTS.end - PORTS.start);
        u16::try_from(port).ok()
    };
    let found = (0..50).find_map(|_: u8| free(next()?).ok());
    found.map_or_else(|| free(0), Ok)
}

/// Takes a port for TCP and for UDP: a name server has both.
fn bind(address: SocketAddr) -> io::Result<(TcpListener, UdpSocket)> {
    let listener = TcpListener::bind(address)?;
    let socket = UdpSocket::bind(listener.local_addr()?)?;
    Ok((listener, socket))
}
