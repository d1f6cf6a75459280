//! Asking a server that speaks UDP: datagrams go in, the datagrams that came
//! back come out, and who sent them.
//!
//! The first [`Asker`] finds the server: a question that the exercise knows
//! to be answered is repeated until it is. That nobody is bound to the port
//! yet comes back as an ICMP error, which says no more than silence does.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use socket2::SockRef;

use super::bench::{Bench, Outcome, PATIENCE, START};
use super::failure::{self, Failure, Shown};
use crate::peer::{Limit, is_timeout};

/// More than the longest datagram, so that none is ever cut.
const ROOM: usize = 65_536;

/// Room for the longest datagram where a system gives less for sending:
/// macOS gives 9,216 bytes.
const BUFFER: usize = 256 * 1024;

/// How long each of the first questions waits for its answer.
const PROBE: Duration = Duration::from_millis(50);

words! {
    AGAIN = "again and again, for 10 s";
    AN_ANSWER = "an answer within 10 s";
    NO_ANSWER = "no datagram";
    FROM_ELSEWHERE = "that is where the answer came from";
    FROM_THERE = "an answer from the address that was asked";
    NO_SERVER = "the program must bind a UDP socket to the address in its \
        first argument, that host and that port, and answer from it.";
    ELSEWHERE = "answer from the socket that was asked. A client knows no \
        other address, and a connected one never sees what comes from there.";
}

/// A datagram that has come, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Datagram {
    pub bytes: Vec<u8>,
    pub from: SocketAddr,
}

/// A client's UDP socket. When it is dropped, its client has left: what is
/// still sent to it comes back as an ICMP error.
#[derive(Debug)]
pub struct Asker {
    socket: UdpSocket,
    server: SocketAddr,
    limit: Limit,
}

impl Bench<'_> {
    /// For an exercise that speaks UDP: a new client's socket. The first one
    /// starts the server and sends it `probe`, a question that any such
    /// server answers, again and again until it does. The answers to that
    /// come to a socket of their own. The same server may listen for
    /// [`connect`](Bench::connect) too.
    pub fn asker(&mut self, probe: &[u8]) -> Outcome<Asker> {
        let server = match &self.probe {
            Some(found) => found.server,
            None => self.find_bound(probe)?,
        };
        Ok(Asker::bind(server, self.limit())?)
    }

    fn find_bound(&mut self, probe: &[u8]) -> Outcome<SocketAddr> {
        let mut unusable = None;
        let server = self.find_server(&mut |bench, server| match bench
            .wait_for_answer(server, probe)
        {
            Ok(asker) => bench.probe = asker,
            Err(error) => unusable = Some(error),
        })?;
        if let Some(error) = unusable {
            return Err(error.into());
        }
        if self.probe.is_none() {
            return Err(Failure {
                sent: Shown::hex(probe).note(AGAIN),
                expected: Shown::plain(server.to_string()).note(AN_ANSWER),
                got: Shown::words(NO_ANSWER),
                likely: NO_SERVER,
                died: None,
            }
            .into());
        }
        self.found(server);
        Ok(server)
    }

    /// The socket that was answered; `None` if none was for too long.
    fn wait_for_answer(
        &mut self,
        server: SocketAddr,
        probe: &[u8],
    ) -> io::Result<Option<Asker>> {
        let asker = Asker::bind(server, self.limit())?;
        let until = Instant::now() + START;
        while self.limit().slice(until).is_some() {
            asker.try_send(probe)?;
            if asker.receive(PROBE).is_some() {
                return Ok(Some(asker));
            }
            if self.has_ended() {
                break;
            }
        }
        Ok(None)
    }
}

impl Asker {
    fn bind(server: SocketAddr, limit: Limit) -> io::Result<Asker> {
        let here = match (server, server.ip().is_loopback()) {
            (SocketAddr::V4(_), true) => Ipv4Addr::LOCALHOST.into(),
            (SocketAddr::V4(_), false) => Ipv4Addr::UNSPECIFIED.into(),
            (SocketAddr::V6(_), true) => Ipv6Addr::LOCALHOST.into(),
            (SocketAddr::V6(_), false) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let here = SocketAddr::new(here, 0);
        let mut socket = UdpSocket::bind(here)?;
        // A port that nobody is bound to can be the very one the system
        // picks for this end, which would then answer itself.
        if socket.local_addr()?.port() == server.port() {
            socket = UdpSocket::bind(here)?;
        }
        // Where a system refuses, its own sizes have to do.
        let _ = SockRef::from(&socket).set_send_buffer_size(BUFFER);
        let _ = SockRef::from(&socket).set_recv_buffer_size(BUFFER);
        Ok(Asker {
            socket,
            server,
            limit,
        })
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    /// Where the server is.
    pub fn server(&self) -> SocketAddr {
        self.server
    }

    /// Sends one datagram to the server.
    pub fn send(&self, datagram: &[u8]) -> Outcome {
        Ok(self.try_send(datagram)?)
    }

    /// Sends one datagram to somebody else.
    pub fn send_to(&self, datagram: &[u8], there: SocketAddr) -> Outcome {
        Ok(self.try_send_to(datagram, there)?)
    }

    fn try_send(&self, datagram: &[u8]) -> io::Result<()> {
        self.try_send_to(datagram, self.server)
    }

    fn try_send_to(
        &self,
        datagram: &[u8],
        there: SocketAddr,
    ) -> io::Result<()> {
        loop {
            match self.socket.send_to(datagram, there) {
                Ok(_) => return Ok(()),
                Err(error) if says_nothing(&error) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The next datagram that comes within `patience`, from anybody.
    pub fn receive(&self, patience: Duration) -> Option<Datagram> {
        let mut buffer = vec![0; ROOM];
        let until = Instant::now() + patience;
        loop {
            let slice = self.limit.slice(until)?;
            // Only a zero timeout is refused, and a slice is never zero.
            let _ = self.socket.set_read_timeout(Some(slice));
            match self.socket.recv_from(&mut buffer) {
                Ok((count, from)) => {
                    buffer.truncate(count);
                    let bytes = buffer;
                    return Some(Datagram { bytes, from });
                }
                Err(error) if is_timeout(&error) => {}
                Err(error) if says_nothing(&error) => {}
                // Nothing else is known to happen to a bound socket; the
                // patience runs out all the same.
                Err(_) => self.limit.pause(slice),
            }
        }
    }

    /// The next datagram from the server, which must come within
    /// [`PATIENCE`]; if it does not, the failure tells of `sent`, `expected`
    /// and the `likely` mistake.
    pub fn answer(
        &self,
        sent: &Shown,
        expected: &Shown,
        likely: &'static str,
    ) -> Outcome<Vec<u8>> {
        let until = Instant::now() + PATIENCE;
        let mut elsewhere = None;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.receive(left) {
                Some(came) if came.from == self.server => {
                    return Ok(came.bytes);
                }
                // A stranger's, if the answer comes all the same: this port
                // may have been somebody else's a moment ago.
                Some(came) => elsewhere = Some(came.from),
                None => break,
            }
        }
        let failure = match elsewhere {
            None => Failure {
                sent: sent.clone(),
                expected: expected.clone(),
                got: Shown::words(failure::NOTHING),
                likely,
                died: None,
            },
            Some(from) => Failure {
                sent: sent.clone(),
                expected: Shown::plain(self.server.to_string())
                    .note(FROM_THERE),
                got: Shown::plain(from.to_string()).note(FROM_ELSEWHERE),
                likely: ELSEWHERE,
                died: None,
            },
        };
        Err(failure.into())
    }
}

/// An ICMP error about a datagram sent earlier (Linux and macOS refuse,
/// Windows resets), or a signal: no reason to stop.
pub(super) fn says_nothing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::Interrupted
    )
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::io::Write;
    use std::net::TcpListener;
    use std::process;
    use std::thread;

    use super::super::{
        Error, Exercise, Interrupt, Role, State, Step, Target, bench, judge,
    };
    use super::*;

    const PROBE: &[u8] = b"are you there?";

    /// Started by the other tests, with its address as the last argument: this
    /// test's own binary is the only program known to be at hand everywhere.
    #[test]
    #[ignore = "a server for the other tests"]
    fn server() {
        let last = env::args().next_back().unwrap_or_default();
        let Ok(address) = last.parse::<SocketAddr>() else {
            return;
        };
        let does = |what: &str| env::args().any(|argument| argument == what);
        let socket = UdpSocket::bind(address).unwrap();
        if does("listens-later") {
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(200));
                let listener = TcpListener::bind(address).unwrap();
                let (mut stream, _) = listener.accept().unwrap();
                stream.write_all(b"by TCP").unwrap();
            });
        }
        let mut buffer = vec![0; ROOM];
        loop {
            match socket.recv_from(&mut buffer) {
                Ok((count, from)) => react(&socket, &buffer[..count], from),
                Err(error) => assert!(says_nothing(&error), "{error}"),
            }
        }
    }

    fn react(socket: &UdpSocket, question: &[u8], from: SocketAddr) {
        let answer = question.to_ascii_uppercase();
        let other = UdpSocket::bind("127.0.0.1:0").unwrap();
        let (socket, times) = match &answer[..] {
            b"DIE" => process::exit(3),
            b"ELSEWHERE" => (&other, 1),
            b"SILENCE" => (socket, 0),
            b"ARE YOU THERE?" => (socket, 3),
            _ => (socket, 1),
        };
        for _ in 0..times {
            socket.send_to(&answer, from).unwrap();
        }
    }

    fn program(what: &str) -> Target {
        let server = "check::datagrams::tests::server";
        let arguments = ["--ignored", "--exact", "--nocapture", server, what];
        let mut command = vec![env::current_exe().unwrap().into()];
        command.extend(arguments.map(Into::into));
        Target::Command(command)
    }

    /// A bench at its first step.
    fn bench(target: &Target) -> Bench<'_> {
        let mut bench = Bench::new(target, Interrupt::default());
        bench.begin(1, 1);
        bench
    }

    fn ask(asker: &Asker, question: &[u8]) -> Outcome<Vec<u8>> {
        asker.send(question)?;
        asker.answer(&Shown::hex(question), &Shown::default(), "likely")
    }

    /// Why it must have failed.
    fn failure<T>(outcome: Outcome<T>) -> Failure {
        match outcome {
            Err(bench::Stop::Failed(failure)) => *failure,
            Err(other) => panic!("{other:?}"),
            Ok(_) => panic!("it must fail"),
        }
    }

    #[test]
    fn a_program_is_started_and_asked_from_several_sockets() {
        let target = program("");
        let mut bench = bench(&target);
        let one = bench.asker(PROBE).unwrap();
        let other = bench.asker(PROBE).unwrap();
        one.send(b"one").unwrap();
        other.send(b"other").unwrap();
        // The probe's own answers, of which there are several, come to neither.
        assert_eq!(ask(&other, b"").unwrap(), b"OTHER");
        assert_eq!(ask(&one, b"").unwrap(), b"ONE");
        assert_eq!(one.receive(PATIENCE).unwrap().bytes, b"");
        let longest = [b'x'; 65_507];
        assert_eq!(ask(&one, &longest).unwrap(), [b'X'; 65_507]);
    }

    #[test]
    fn one_address_serves_datagrams_and_connections() {
        let target = program("listens-later");
        let mut bench = bench(&target);
        let asker = bench.asker(PROBE).unwrap();
        let mut peer = bench.connect().unwrap();
        assert_eq!(peer.read(6, PATIENCE).bytes, b"by TCP");
        assert_eq!(ask(&asker, b"hi").unwrap(), b"HI");
    }

    #[test]
    fn a_running_server_is_asked_where_it_is() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let target = Target::Address(socket.local_addr().unwrap());
        thread::spawn(move || {
            let mut buffer = [0; 100];
            while let Ok((count, from)) = socket.recv_from(&mut buffer) {
                let _ = socket.send_to(&buffer[..count], from);
            }
        });
        let asker = bench(&target).asker(PROBE).unwrap();
        assert_eq!(ask(&asker, b"hi").unwrap(), b"hi");
    }

    #[test]
    fn who_is_not_there_is_told_of_the_question() {
        let free = UdpSocket::bind("127.0.0.1:0").unwrap();
        let target = Target::Address(free.local_addr().unwrap());
        drop(free);
        let mut bench = bench(&target);
        bench.hurry(Duration::from_millis(200));
        let failure = failure(bench.asker(PROBE));
        assert_eq!(failure.likely, NO_SERVER);
        assert_eq!(failure.sent, Shown::hex(PROBE).note(AGAIN));
    }

    #[test]
    fn silence_and_another_address_are_told_apart() {
        let target = program("");
        let mut bench = bench(&target);
        let asker = bench.asker(PROBE).unwrap();
        bench.hurry(Duration::from_millis(500));
        let asker = Asker {
            limit: bench.limit(),
            ..asker
        };
        let silence = failure(ask(&asker, b"silence"));
        assert_eq!(silence.likely, "likely");
        bench.hurry(Duration::from_secs(2));
        let asker = Asker {
            limit: bench.limit(),
            ..asker
        };
        let elsewhere = failure(ask(&asker, b"elsewhere"));
        assert_eq!(elsewhere.likely, ELSEWHERE);
        assert_eq!(elsewhere.got.note, FROM_ELSEWHERE);
    }

    #[test]
    fn a_socket_that_has_left_leaves_the_others_alone() {
        let target = program("");
        let mut bench = bench(&target);
        for _ in 0..20 {
            bench.asker(PROBE).unwrap().send(b"and away").unwrap();
        }
        let asker = bench.asker(PROBE).unwrap();
        assert_eq!(ask(&asker, b"hi").unwrap(), b"HI");
    }

    /// An exercise whose one step ends the server.
    fn dies(bench: &mut Bench) -> Outcome {
        ask(&bench.asker(PROBE)?, b"die").map(drop)
    }

    static DYING: Exercise = Exercise {
        number: 99,
        title: "a server",
        role: Role::Server,
        steps: &[Step::new("it dies", dies)],
        after: None,
        words: &[],
        hint: &[],
    };

    fn verdict(target: &Target) -> Failure {
        let mut state = None;
        let mut see = |event| {
            if let super::super::Event::Step(report) = event {
                state = Some(report.state);
            }
        };
        let interrupt = Interrupt::default();
        judge(&DYING, target, 1, &interrupt, &mut see).unwrap();
        match state {
            Some(State::Failed(failure)) => *failure,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_program_that_dies_is_named() {
        let failure = verdict(&program(""));
        assert!(failure.died.unwrap().contains('3'));
        assert!(failure.likely.contains("ended the whole server"));

        let program =
            vec![env::current_exe().unwrap().into(), "--nonsense".into()];
        let failure = verdict(&Target::Command(program));
        assert_eq!(failure.likely, NO_SERVER);
        assert!(failure.died.unwrap().contains("nonsense"));
    }

    #[test]
    fn an_interrupt_ends_the_wait_for_a_server() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let target = Target::Address(socket.local_addr().unwrap());
        let mut bench = bench(&target);
        let interrupt = bench.limit().interrupt;
        let begun = Instant::now();
        thread::scope(|scope| {
            scope.spawn(|| {
                socket.recv_from(&mut [0; 100]).unwrap();
                interrupt.set();
            });
            assert_eq!(failure(bench.asker(PROBE)).likely, NO_SERVER);
        });
        assert!(begun.elapsed() < Duration::from_secs(4));
    }

    #[test]
    fn what_the_machine_refuses_is_no_verdict() {
        let target = program("");
        let mut bench = bench(&target);
        let asker = bench.asker(PROBE).unwrap();
        let refused = asker.send(&[0; 65_508]);
        assert!(matches!(
            refused,
            Err(bench::Stop::Error(Error::Machine(_)))
        ));
    }
}
