//! Exercise 23, both sides of the proxy: readers and the answers that an
//! origin gives go in, what the readers got and the origin heard comes out.

use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

use super::http::{Answer, Reply, header};
use super::words::{A_READER, AN_ANSWER, FORWARD};
use crate::check::bench::{Bench, Outcome, PATIENCE};
use crate::check::failure::{Failure, Shown, came};
use crate::peer::{Got, Limit, Peer, Then};

/// How long a request that has begun may take.
const REQUEST_PATIENCE: Duration = Duration::from_secs(5);

/// Longest head, in bytes.
const MAX_HEAD: usize = 16 * 1024;

/// Of a reader's head.
const LAST_LINES: &str = "Connection: close\r\n\r\n";

/// Between two pieces of what could be one.
const APART: Duration = Duration::from_millis(2);

/// Above this a reply has a thread of its own: who does not take it must not
/// hold up the check.
const LARGE: usize = 64 * 1024;

/// One request, as the origin heard it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// With its query: `/a?b=c`.
    pub path: String,
    head: String,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }
}

/// The server behind the proxy, and all that it was asked.
#[derive(Debug)]
pub(super) struct Origin {
    listener: TcpListener,
    limit: Limit,
    pub address: SocketAddr,
    pub asked: Vec<Asked>,
}

impl Origin {
    pub fn new(bench: &Bench) -> Outcome<Origin> {
        let listener = bench.listen()?;
        Ok(Origin {
            address: listener.local_addr()?,
            listener,
            limit: bench.limit(),
            asked: Vec::new(),
        })
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request that comes within `patience`.
    pub fn next(&mut self, patience: Duration) -> Outcome<Option<Peer>> {
        let limit = self.limit.clone();
        let Some(mut peer) = Peer::accept(&self.listener, patience, limit)?
        else {
            return Ok(None);
        };
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") && head.len() < MAX_HEAD {
            let got = peer.read(1, REQUEST_PATIENCE);
            if got.then != Then::Enough {
                return Err(not_forwarded(&head).into());
            }
            head.extend(got.bytes);
        }
        let text = String::from_utf8_lossy(&head).into_owned();
        let line = text.lines().next().unwrap_or_default();
        let ["GET", path, "HTTP/1.1" | "HTTP/1.0"] =
            line.split(' ').collect::<Vec<_>>()[..]
        else {
            return Err(not_forwarded(&head).into());
        };
        if !path.starts_with('/')
            || header(&text, "Host") != Some(&self.address.to_string())
        {
            return Err(not_forwarded(&head).into());
        }
        let path = path.to_owned();
        self.asked.push(Asked { path, head: text });
        Ok(Some(peer))
    }

    /// A request must come: one that no reader was answered without.
    pub fn must_be_asked(&mut self, readers: &[Reader]) -> Outcome<Peer> {
        match self.next(PATIENCE)? {
            Some(peer) => Ok(peer),
            None => Err(Failure {
                sent: readers.first().map(Reader::sent).unwrap_or_default(),
                expected: Shown::words(FORWARD),
                got: Shown::words(came(&silence(), b"x", PATIENCE)),
                likely: A_READER,
                died: None,
            }
            .into()),
        }
    }

    /// Serves until every reader has its whole answer; `likely` is the
    /// mistake if one has none.
    pub fn serve(
        &mut self,
        readers: &mut [Reader],
        likely: &'static str,
        mut rule: impl FnMut(&Asked) -> Reply,
    ) -> Outcome<Vec<Answer>> {
        let mut until = Instant::now() + PATIENCE;
        while readers.iter().any(|reader| reader.then.is_none()) {
            let mut moved = false;
            while let Some(peer) = self.next(Duration::ZERO)? {
                if let Some(asked) = self.asked.last() {
                    give(peer, &rule(asked));
                }
                moved = true;
            }
            for reader in &mut *readers {
                moved |= reader.poll();
            }
            if moved {
                until = Instant::now() + PATIENCE;
            } else if self.limit.slice(until).is_none() {
                break;
            }
        }
        readers.iter().map(|it| it.answer(likely)).collect()
    }
}

fn silence() -> Got {
    Got {
        bytes: Vec::new(),
        then: Then::Silence,
    }
}

fn not_forwarded(head: &[u8]) -> Failure {
    Failure {
        sent: Shown::default(),
        expected: Shown::words(FORWARD),
        got: Shown::lines(head),
        likely: A_READER,
        died: None,
    }
}

/// Sends a reply, and ends the connection.
pub(super) fn give(mut peer: Peer, reply: &Reply) {
    match reply {
        Reply::Bytes(bytes) if bytes.len() > LARGE => {
            let bytes = bytes.clone();
            // Not joined: it ends with its connection, or with the step.
            thread::spawn(move || peer.send(&bytes));
        }
        Reply::Bytes(bytes) => {
            // One `read` is not one answer.
            let (one, other) = bytes.split_at(bytes.len() / 2);
            peer.send_pieces([one, other], APART);
        }
        Reply::End => {}
    }
}

/// A client of the proxy that has asked for one URL.
#[derive(Debug)]
pub(super) struct Reader {
    peer: Peer,
    request: String,
    bytes: Vec<u8>,
    then: Option<Then>,
}

impl Reader {
    pub fn ask(bench: &mut Bench, url: &str) -> Outcome<Reader> {
        let line = format!("GET {url} HTTP/1.1");
        Reader::send(bench, &line)
    }

    /// Sends a request whose first line is this.
    pub fn send(bench: &mut Bench, line: &str) -> Outcome<Reader> {
        Reader::with_head_of(0, bench, line)
    }

    /// The same with a head of at least so many bytes.
    pub fn with_head_of(
        length: usize,
        bench: &mut Bench,
        line: &str,
    ) -> Outcome<Reader> {
        let mut peer = bench.connect()?;
        // That of the URL, if it is one.
        let url = line.split_once("://").map_or("127.0.0.1", |it| it.1);
        let host = url.split(['/', ' ']).next().unwrap_or(url);
        let mut head = format!("{line}\r\nHost: {host}\r\n");
        let rest = head.len() + "X-Pad: \r\n".len() + LAST_LINES.len();
        if let Some(pad) = length.checked_sub(rest) {
            head += &format!("X-Pad: {}\r\n", "x".repeat(pad));
        }
        head += LAST_LINES;
        // One `read` is not one head.
        let (one, other) = head.as_bytes().split_at(line.len() / 2);
        peer.send_pieces([one, other], APART);
        Ok(Reader {
            peer,
            request: line.to_owned(),
            bytes: Vec::new(),
            then: None,
        })
    }

    /// What it has asked for, for the story.
    pub fn sent(&self) -> Shown {
        Shown::plain(&self.request)
    }

    /// Leaves with a reset.
    pub fn leave(self) {
        self.peer.reset();
    }

    /// Reads what is there; whether anything was.
    fn poll(&mut self) -> bool {
        if self.then.is_some() {
            return false;
        }
        let got = self.peer.read(64 * 1024, Duration::from_millis(1));
        if got.then.is_closed() {
            self.then = Some(got.then);
        }
        self.bytes.extend(&got.bytes);
        got.then != Then::Silence || !got.bytes.is_empty()
    }

    fn answer(&self, likely: &'static str) -> Outcome<Answer> {
        let whole = Answer::parse(&self.bytes);
        if let (Some(answer), Some(_)) = (whole, self.then) {
            return Ok(answer);
        }
        let bytes = self.bytes.clone();
        let then = self.then.unwrap_or(Then::Silence);
        let got = Got { bytes, then };
        let note = came(&got, &got.bytes, PATIENCE);
        Err(Failure {
            sent: self.sent(),
            expected: Shown::words(AN_ANSWER),
            got: Shown::lines(&got.bytes).note(note),
            likely,
            died: None,
        }
        .into())
    }
}
