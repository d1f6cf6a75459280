//! A hand-written HTTP server for one run of a client: a rule that answers
//! requests goes in, the requests and how the client ended come out.
//!
//! Each answer says `Connection: close` and keeps its word, so clients that
//! keep connections and clients that do not are served alike.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};

use super::words::{A_GET, NOT_A_REQUEST};
use crate::check::bench::{Bench, Outcome, Stop};
use crate::check::client::{A_LISTENER, START, no_connection};
use crate::check::failure::{Failure, Shown};
use crate::check::program::{Ended, Program};
use crate::peer::{Limit, Peer, Then};

/// How long a client may wait before its next request, or its end: longer
/// than any back-off that makes sense.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a request that has begun may take.
const REQUEST_PATIENCE: Duration = Duration::from_secs(5);

/// By how much a sleep may fall short: one tick of a coarse clock.
pub(super) const TICK: Duration = Duration::from_millis(17);

/// Longest request, in bytes.
const MAX_REQUEST: usize = 16 * 1024;

/// One request, and when it was seen.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// As it stands in the request line: `/items?page=1`.
    pub path: String,
    pub came: Instant,
    /// A moment before its answer was sent, or its connection ended.
    pub answered: Instant,
}

/// What comes back.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Bytes(Vec<u8>),
    /// No byte, only the end.
    End,
    Reset,
}

/// What has happened.
#[derive(Debug)]
pub(super) struct Played {
    pub requests: Vec<Request>,
    pub ended: Ended,
}

impl Played {
    /// The waits before each request for `path` but the first.
    pub fn waits(&self, path: &str) -> Vec<Duration> {
        let tries: Vec<&Request> = self.of(path).collect();
        let pairs = tries.windows(2);
        pairs.map(|two| two[1].came - two[0].answered).collect()
    }

    /// Whether one of these waits lasted at least so long.
    pub fn waited(&self, path: &str, least: Duration) -> bool {
        self.waits(path).iter().any(|&wait| wait + TICK >= least)
    }

    /// The requests for `path`.
    pub fn of(&self, path: &str) -> impl Iterator<Item = &Request> {
        self.requests.iter().filter(move |one| one.path == path)
    }
}

impl Reply {
    /// An answer with a body, and with headers that each end with `\r\n`.
    pub fn new(status: &str, headers: &str, body: &str) -> Reply {
        Reply::sized(status, headers, body, body.len())
    }

    /// An answer that claims a body of `length` bytes.
    pub fn sized(
        status: &str,
        headers: &str,
        body: &str,
        length: usize,
    ) -> Reply {
        let head = format!(
            "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\
             Connection: close\r\n\r\n"
        );
        Reply::Bytes((head + body).into_bytes())
    }
}

/// Runs the program once. `rule` is told the server's address, the path that
/// was asked for, and how often it was asked for before.
pub(super) fn play(
    bench: &Bench,
    mut rule: impl FnMut(SocketAddr, &str, usize) -> Reply,
) -> Outcome<Played> {
    let listener = bench.listen()?;
    let address = listener.local_addr()?;
    let mut program = bench.start(address)?;
    let mut requests: Vec<Request> = Vec::new();
    let mut patience = START;
    while let Some(mut peer) =
        next(&listener, &mut program, &bench.limit(), patience)?
    {
        patience = PATIENCE;
        let asked = read_request(&mut peer, &mut program, &bench.limit())?;
        let Some(path) = asked else { continue };
        let came = Instant::now();
        let before = requests.iter().filter(|one| one.path == path).count();
        let reply = rule(address, &path, before);
        requests.push(Request {
            path,
            came,
            answered: Instant::now(),
        });
        reply.send(peer);
    }
    // Its patience is that of the start if nobody has connected yet.
    if patience == START {
        return Err(no_connection(program));
    }
    let ended = program.finish(Duration::ZERO);
    Ok(Played { requests, ended })
}

/// The next connection; `None` if there is none before the program's end.
fn next(
    listener: &TcpListener,
    program: &mut Program,
    limit: &Limit,
    patience: Duration,
) -> io::Result<Option<Peer>> {
    let next = limit.poll(patience, || {
        // Asked first: what it sent before its end is still served.
        let gone = program.exited(Duration::ZERO).is_some();
        match Peer::accept(listener, Duration::ZERO, limit.clone()) {
            Ok(None) if gone => Some(Ok(None)),
            Ok(None) => None,
            other => Some(other),
        }
    });
    Ok(next.transpose()?.flatten())
}

impl Reply {
    /// Its bytes, for the story.
    pub fn shown(&self) -> Shown {
        match self {
            Reply::Bytes(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                Shown::plain(text.trim_end())
            }
            Reply::End | Reply::Reset => Shown::default(),
        }
    }

    fn send(&self, mut peer: Peer) {
        match self {
            Reply::Bytes(bytes) => peer.send(bytes),
            Reply::End => {}
            Reply::Reset => peer.reset(),
        }
    }
}

/// The path; `None` if the client has left without asking for anything, as
/// one does that keeps a connection in store.
fn read_request(
    peer: &mut Peer,
    program: &mut Program,
    limit: &Limit,
) -> Outcome<Option<String>> {
    let mut head = Vec::new();
    let until = Instant::now() + REQUEST_PATIENCE;
    while !head.ends_with(b"\r\n\r\n") {
        let got = peer.read(1, Duration::from_millis(50));
        head.extend_from_slice(&got.bytes);
        let over = Instant::now() > until
            || head.len() > MAX_REQUEST
            || limit.interrupt.is_set()
            || program.exited(Duration::ZERO).is_some();
        match got.then {
            Then::Enough => {}
            Then::Silence if !over => {}
            _ if head.is_empty() => return Ok(None),
            _ => return Err(not_a_request(&head)),
        }
    }
    let path = requested_path(&head).ok_or_else(|| not_a_request(&head))?;
    Ok(Some(path))
}

/// What the first line of a request's head asks for, if it is a GET.
pub fn requested_path(head: &[u8]) -> Option<String> {
    let line = head.split(|&byte| byte == b'\r').next().unwrap_or(head);
    let line = String::from_utf8_lossy(line);
    match line.split(' ').collect::<Vec<_>>()[..] {
        ["GET", path, "HTTP/1.1" | "HTTP/1.0"] if path.starts_with('/') => {
            Some(path.to_owned())
        }
        _ => None,
    }
}

fn not_a_request(head: &[u8]) -> Stop {
    Failure {
        sent: Shown::words(A_LISTENER),
        expected: Shown::words(A_GET),
        got: Shown::lines(head),
        likely: NOT_A_REQUEST,
        died: None,
    }
    .into()
}
