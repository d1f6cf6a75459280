//! Solution 23: a caching proxy.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{env, thread};

const MAX_HEAD: u64 = 8192;
const MAX_BODY: usize = 8_388_608;

/// How long an origin may say nothing.
const PATIENCE: Duration = Duration::from_secs(30);

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    let proxy = Arc::new(Proxy::default());
    for stream in listener.incoming() {
        // A client can be gone before it is accepted: no reason to stop.
        let Ok(stream) = stream else { continue };
        let proxy = Arc::clone(&proxy);
        thread::spawn(move || {
            if let Err(error) = serve(&proxy, stream) {
                eprintln!("a client was dropped: {error}");
            }
        });
    }
    Ok(())
}

fn serve(proxy: &Proxy, mut stream: TcpStream) -> io::Result<()> {
    let head = read_head(&mut BufReader::new(stream.try_clone()?))?;
    let answer = match parse_request(&head) {
        Some(url) => proxy.get(&url),
        None => Arc::new(Answer::error(400, "Bad Request")),
    };
    answer.write(&mut stream)
}

/// A URL in the parts that are used.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Url {
    host: String,
    path: String,
}

/// The URL of a request; `None` if it is not a GET of one.
pub fn parse_request(head: &[u8]) -> Option<Url> {
    let line = str::from_utf8(head).ok()?.lines().next()?;
    let mut words = line.split(' ');
    let (method, url) = (words.next()?, words.next()?);
    let version = words.next()?;
    if method != "GET" || !matches!(version, "HTTP/1.1" | "HTTP/1.0") {
        return None;
    }
    let url = url.strip_prefix("http://")?;
    let (host, path) = url.split_at(url.find('/').unwrap_or(url.len()));
    let path = if path.is_empty() { "/" } else { path };
    Some(Url {
        host: host.to_owned(),
        path: path.to_owned(),
    })
}

/// An answer, and what is to know of its age.
#[derive(Debug, Clone)]
pub struct Answer {
    status: u16,
    reason: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Before the request left: an age may not be too small.
    asked: Instant,
    cached: bool,
}

/// The head of an answer, without its body; `None` if it is none.
pub fn parse_answer(head: &[u8], asked: Instant) -> Option<Answer> {
    let mut lines = str::from_utf8(head).ok()?.lines();
    let (version, rest) = lines.next()?.split_once(' ')?;
    let (status, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    if !version.starts_with("HTTP/1.") || status.len() != 3 {
        return None;
    }
    let headers = lines.filter(|line| !line.is_empty()).map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_owned(), value.trim().to_owned()))
    });
    Some(Answer {
        status: status.parse().ok()?,
        reason: reason.to_owned(),
        headers: headers.collect::<Option<_>>()?,
        body: Vec::new(),
        asked,
        cached: false,
    })
}

/// Digits only: `+5` and `-5` are no numbers here.
pub fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

impl Answer {
    fn error(status: u16, reason: &str) -> Answer {
        Answer {
            status,
            reason: reason.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
            asked: Instant::now(),
            cached: false,
        }
    }

    /// All values of a header.
    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let fields = self.headers.iter();
        fields
            .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// `None` also if there are two that differ: nobody knows which is right.
    fn length(&self) -> Option<u64> {
        let mut lengths = self.all("Content-Length");
        let length = lengths.next()?;
        let same = lengths.all(|it| it == length);
        same.then(|| number(length)).flatten()
    }

    /// A directive's argument, empty if it has none.
    fn directive(&self, name: &str) -> Option<&str> {
        let control = self.header("Cache-Control")?;
        control.split(',').find_map(|directive| {
            let directive = directive.trim();
            let (key, value) =
                directive.split_once('=').unwrap_or((directive, ""));
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The age that it came with, and the seconds since (RFC 9111, §4.2.3).
    fn age(&self) -> u64 {
        let before = self.header("Age").and_then(number).unwrap_or(0);
        before.saturating_add(self.asked.elapsed().as_secs())
    }

    fn max_age(&self) -> Option<u64> {
        self.directive("max-age").and_then(number)
    }

    fn is_fresh(&self) -> bool {
        self.max_age().is_some_and(|most| self.age() < most)
    }

    fn no_store(&self) -> bool {
        self.directive("no-store").is_some()
    }

    fn may_be_kept(&self) -> bool {
        let useful = self.max_age().is_some() || self.header("ETag").is_some();
        self.status == 200 && useful && !self.no_store()
    }

    /// The stored answer with what a 304 says of it (RFC 9111, §4.3.4).
    fn freshened(&self, by: Answer) -> Answer {
        let mut headers = self.headers.clone();
        // The age before counts no longer, whether a new one came or not.
        headers.retain(|(name, _)| {
            by.header(name).is_none() && !name.eq_ignore_ascii_case("Age")
        });
        headers.extend(by.headers);
        Answer {
            headers,
            asked: by.asked,
            cached: true,
            ..self.clone()
        }
    }

    fn write(&self, stream: &mut TcpStream) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, self.reason);
        for (name, value) in &self.headers {
            let own = ["Age", "Connection", "Content-Length"];
            if !own.iter().any(|it| it.eq_ignore_ascii_case(name)) {
                head += &format!("{name}: {value}\r\n");
            }
        }
        if self.cached || self.header("Age").is_some() {
            head += &format!("Age: {}\r\n", self.age());
        }
        let length = self.body.len();
        head += &format!("Content-Length: {length}\r\n");
        head += "Connection: close\r\n\r\n";
        stream.write_all(head.as_bytes())?;
        stream.write_all(&self.body)
    }
}

#[derive(Default)]
struct Proxy(Mutex<State>);

#[derive(Default)]
struct State {
    kept: HashMap<Url, Arc<Answer>>,
    flights: HashMap<Url, Arc<Flight>>,
}

/// A request that is under way, and those who wait for it.
#[derive(Default)]
struct Flight {
    landed: Mutex<Option<Landed>>,
    waiting: Condvar,
}

#[derive(Clone)]
enum Landed {
    ForAll(Arc<Answer>),
    /// What came is for the one who asked.
    ForOne,
}

impl Proxy {
    fn get(&self, url: &Url) -> Arc<Answer> {
        loop {
            let mut state = self.state();
            let old = state.kept.get(url).cloned();
            if let Some(kept) = old.as_ref().filter(|kept| kept.is_fresh()) {
                return Arc::clone(kept);
            }
            let Some(flight) = state.flights.get(url).cloned() else {
                let flight = Arc::new(Flight::default());
                state.flights.insert(url.clone(), Arc::clone(&flight));
                drop(state);
                return self.fly(url, old, &flight);
            };
            drop(state);
            if let Landed::ForAll(answer) = flight.wait() {
                return answer;
            }
        }
    }

    /// Asks the origin, keeps what may be kept, and tells who waits.
    fn fly(
        &self,
        url: &Url,
        old: Option<Arc<Answer>>,
        flight: &Flight,
    ) -> Arc<Answer> {
        let answer = match ask(url, old.as_deref()) {
            Ok(answer) => answer,
            Err(error) => {
                eprintln!("{}{}: {error}", url.host, url.path);
                Answer::error(502, "Bad Gateway")
            }
        };
        let mut state = self.state();
        state.flights.remove(url);
        let answer = Arc::new(answer);
        if answer.may_be_kept() {
            let kept = Answer {
                cached: true,
                ..Answer::clone(&answer)
            };
            state.kept.insert(url.clone(), Arc::new(kept));
        } else if answer.status == 200 {
            state.kept.remove(url);
        }
        drop(state);
        flight.land(match answer.no_store() {
            true => Landed::ForOne,
            false => Landed::ForAll(Arc::clone(&answer)),
        });
        answer
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flight {
    fn wait(&self) -> Landed {
        let lock = self.landed.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.waiting.wait_while(lock, |it| it.is_none());
        let landed = waited.unwrap_or_else(PoisonError::into_inner);
        landed.clone().expect("it was waited for")
    }

    fn land(&self, landed: Landed) {
        let mut lock =
            self.landed.lock().unwrap_or_else(PoisonError::into_inner);
        *lock = Some(landed);
        self.waiting.notify_all();
    }
}

/// Asks the origin, with the tag of what is stored.
fn ask(url: &Url, old: Option<&Answer>) -> io::Result<Answer> {
    let asked = Instant::now();
    let mut stream = TcpStream::connect(&url.host)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let Url { host, path } = url;
    let tag = old.and_then(|old| old.header("ETag"));
    let condition = tag.map(|tag| format!("If-None-Match: {tag}\r\n"));
    let condition = condition.unwrap_or_default();
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\n{condition}\
         Connection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes())?;

    let mut reader = BufReader::new(stream);
    let head = read_head(&mut reader)?;
    let answer = parse_answer(&head, asked);
    let mut answer = answer.ok_or(ErrorKind::InvalidData)?;
    if let (304, Some(old)) = (answer.status, old) {
        return Ok(old.freshened(answer));
    }
    let length = answer.length();
    let length = length.and_then(|length| usize::try_from(length).ok());
    // A claim: it is compared before it is used.
    let length = length.filter(|length| *length <= MAX_BODY);
    let length = length.ok_or(ErrorKind::InvalidData)?;
    answer.body.resize(length, 0);
    reader.read_exact(&mut answer.body)?;
    Ok(answer)
}

/// Reads up to the empty line, and no more than a head may have.
fn read_head(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    let mut reader = reader.take(MAX_HEAD);
    while !head.ends_with(b"\r\n\r\n") {
        if reader.read_until(b'\n', &mut head)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(head)
}
