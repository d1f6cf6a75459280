//! Lesson 23: The fastest byte is the one you do not send.
//!
//!     cargo run --example lesson23
//!
//! A cache before a server that counts: fresh, stale, a stampede. Then edges
//! and hedged requests in virtual time. Real times go to standard error.
// house: allow length: an origin, a cache, its edges, and two ways to ask.
// wire: streams: both sides close at once after an answer.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Barrier, Mutex, OnceLock};
use std::thread;
use std::time::Instant;

use fastrand::Rng;
use lessons::formulas::{cache_time, fanout_tail, hedged_tail};
use lessons::sim::cache::Popularity;
use lessons::sim::chance::Chance;

/// What the origin counts, and the version of its page.
static REQUESTS: AtomicU32 = AtomicU32::new(0);
static SENT: AtomicU32 = AtomicU32::new(0);
static VERSION: AtomicU32 = AtomicU32::new(1);

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let origin = listener.local_addr()?;
    let serving = thread::spawn(move || serve(&listener));
    fresh_or_stale(origin)?;
    println!("50 readers of a page that is not in the cache");
    stampede(origin, false)?;
    stampede(origin, true)?;
    readers(origin)?;
    // Who connects and says nothing ends the server.
    drop(TcpStream::connect(origin)?);
    serving.join().expect("the server does not panic")?;
    edges()?;
    hedge()
}

/// Answers each request, and counts it.
fn serve(listener: &TcpListener) -> io::Result<()> {
    loop {
        let (mut stream, _) = listener.accept()?;
        let mut head = Vec::new();
        let mut byte = [0];
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte)? == 1 {
            head.push(byte[0]);
        }
        if head.is_empty() {
            return Ok(());
        }
        let head = String::from_utf8_lossy(&head);
        let version = VERSION.load(SeqCst);
        let tag = format!("\"v{version}\"");
        let body = format!("{:<1000}", format!("version {version}, and more"));
        let (status, body) = match header(&head, "If-None-Match") {
            Some(theirs) if theirs == tag => ("304 Not Modified", None),
            _ => ("200 OK", Some(body)),
        };
        let length = body.as_deref().map(|body| body.len());
        let length = length.map(|n| format!("Content-Length: {n}\r\n"));
        let answer = format!(
            "HTTP/1.1 {status}\r\nCache-Control: max-age=60\r\nETag: {tag}\r\n\
             {}Connection: close\r\n\r\n{}",
            length.unwrap_or_default(),
            body.unwrap_or_default()
        );
        REQUESTS.fetch_add(1, SeqCst);
        SENT.fetch_add(answer.len() as u32, SeqCst);
        stream.write_all(answer.as_bytes())?;
    }
}

/// The value of a header, whose name may be in any letters.
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    let found = fields.find(|(key, _)| key.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.trim())
}

/// An answer in parts; `None` if it is none, or was cut short.
pub fn parse(answer: &[u8]) -> Option<(u16, &str, &[u8])> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&answer[..end]).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let body = &answer[end + 4..];
    let promised = header(head, "Content-Length").unwrap_or("0");
    (promised.parse() == Ok(body.len())).then_some((status, head, body))
}

/// Sends a request, and takes all that comes.
fn exchange(
    origin: SocketAddr,
    path: &str,
    condition: &str,
) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(origin)?;
    let head = format!("GET {path} HTTP/1.1\r\nHost: {origin}\r\n{condition}");
    stream.write_all((head + "Connection: close\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

// ANCHOR: cache
#[derive(Clone)]
struct Page {
    body: Vec<u8>,
    tag: String,
    /// Until this second it may be used without asking.
    fresh_until: u64,
}

/// Asks the origin: for all, or for what is newer than `old`.
fn ask(
    origin: SocketAddr,
    path: &str,
    old: Option<&Page>,
    now: u64,
) -> io::Result<(&'static str, Page)> {
    let condition = old.map(|old| format!("If-None-Match: {}\r\n", old.tag));
    let answer = exchange(origin, path, &condition.unwrap_or_default())?;
    let (status, head, body) = parse(&answer).ok_or(ErrorKind::InvalidData)?;
    let control = header(head, "Cache-Control").unwrap_or_default();
    let age = control.strip_prefix("max-age=").map(str::parse::<u64>);
    let age = age.and_then(Result::ok).unwrap_or(0);
    let fresh_until = now.saturating_add(age);
    if let (304, Some(old)) = (status, old) {
        // No body: the old one is good for another while.
        let old = old.clone();
        return Ok(("304", Page { fresh_until, ..old }));
    }
    if status != 200 {
        return Err(ErrorKind::InvalidData.into());
    }
    let page = Page {
        body: body.to_vec(),
        tag: header(head, "ETag").unwrap_or_default().to_owned(),
        fresh_until,
    };
    Ok(("200", page))
}

struct Cache {
    origin: SocketAddr,
    pages: HashMap<String, Page>,
}

impl Cache {
    /// The page, and what the origin had to do for it.
    fn get(&mut self, path: &str, now: u64) -> io::Result<(&str, Page)> {
        let old = self.pages.get(path);
        match old {
            Some(page) if now < page.fresh_until => {
                Ok(("not asked", page.clone()))
            }
            _ => {
                let (status, page) = ask(self.origin, path, old, now)?;
                self.pages.insert(path.to_owned(), page.clone());
                Ok((status, page))
            }
        }
    }
}
// ANCHOR_END: cache

// ANCHOR: fresh
fn fresh_or_stale(origin: SocketAddr) -> Outcome {
    println!("one page, max-age=60, by a clock that we set");
    let mut cache = Cache {
        origin,
        pages: HashMap::new(),
    };
    for now in [0, 59, 60, 119, 120] {
        if now == 120 {
            VERSION.store(2, SeqCst); // Somebody edits the page.
        }
        let before = SENT.load(SeqCst);
        let (status, page) = cache.get("/news", now)?;
        let sent = SENT.load(SeqCst) - before;
        let tag = page.tag;
        println!("  {now:>3} s: origin {status:9} {sent:>4} bytes, {tag}");
    }
    Ok(())
}
// ANCHOR_END: fresh

// ANCHOR: stampede
const READERS: usize = 50;

fn stampede(origin: SocketAddr, single_flight: bool) -> Outcome {
    let before = REQUESTS.load(SeqCst);
    let flights = Mutex::new(HashMap::new());
    let kept = Mutex::new(None);
    // All look into the cache before the first one has asked the origin.
    let looked = Barrier::new(READERS);
    let read = || {
        let found = *kept.lock().expect("nobody panics with it");
        let mut flight = Arc::new(OnceLock::new());
        if single_flight {
            let mut flights = flights.lock().expect("nobody panics with it");
            flight = Arc::clone(flights.entry("/cold").or_insert(flight));
        }
        looked.wait();
        if let Some(length) = found {
            return Ok(length);
        }
        // The first one asks. Who comes meanwhile waits for its answer.
        let answer =
            flight.get_or_init(|| match ask(origin, "/cold", None, 0) {
                Ok((_, page)) => Ok(page.body.len()),
                Err(error) => Err(error.kind()),
            });
        *kept.lock().expect("nobody panics with it") = answer.ok();
        *answer
    };
    let answers = thread::scope(|scope| {
        let readers: Vec<_> = (0..READERS).map(|_| scope.spawn(read)).collect();
        let joined = readers.into_iter().map(|reader| reader.join());
        joined
            .map(|it| it.expect("no reader panics"))
            .collect::<Vec<_>>()
    });
    let whole = answers.iter().filter(|it| **it == Ok(1000)).count();
    let asked = REQUESTS.load(SeqCst) - before;
    let how = ["each for itself", "single flight"][usize::from(single_flight)];
    println!("  {how:15} {asked:>2} requests, {whole} whole answers");
    Ok(())
}
// ANCHOR_END: stampede

fn readers(origin: SocketAddr) -> Outcome {
    let popular = Popularity::new(20, 2);
    let paths = |chance: &mut Chance| format!("/{}", popular.draw(chance));
    let mut chance = Chance::new(23);
    let paths: Vec<_> = (0..40).map(|_| paths(&mut chance)).collect();
    println!("{} requests for 20 pages over real sockets", paths.len());
    let mut cache = Cache {
        origin,
        pages: HashMap::new(),
    };
    let mut figures = String::new();
    for cached in [false, true] {
        let before = REQUESTS.load(SeqCst);
        let mut times = Vec::new();
        for path in &paths {
            let start = Instant::now();
            match cached {
                true => drop(cache.get(path, 0)?),
                false => drop(ask(origin, path, None, 0)?),
            }
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        let how = if cached { "with a cache" } else { "without" };
        println!("  {how:12} {} reach it", REQUESTS.load(SeqCst) - before);
        figures += &format!("  {how:12} {}\n", percentiles(times));
    }
    eprint!("in milliseconds\n{figures}");
    Ok(())
}

/// By nearest rank: half, 95 and 99 in 100 are no slower than this.
fn percentiles(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    let rank = |share: usize| times[(times.len() * share).div_ceil(100) - 1];
    let [p50, p95, p99] = [50, 95, 99].map(rank);
    format!("p50 {p50:5.1}, p95 {p95:5.1}, p99 {p99:5.1}")
}

// ANCHOR: edges
/// Round trips in milliseconds: a reader to its edge, the edge to the origin.
const EDGES: [(f64, f64); 3] = [(5.0, 40.0), (10.0, 90.0), (20.0, 180.0)];

fn edges() -> Outcome {
    println!("three edges, 1,000 requests each for 500 pages; times in ms");
    virtual_time("no edges", false, 0)?;
    virtual_time("edges", true, 0)?;
    virtual_time("edges, 100 pages sent ahead", true, 100)?;
    virtual_time("edges, 400 pages sent ahead", true, 400)
}

fn virtual_time(how: &str, caching: bool, ahead: u64) -> Outcome {
    let popular = Popularity::new(500, 2);
    let (mut times, mut means) = (Vec::new(), String::new());
    let mut asked = EDGES.len() as u64 * ahead;
    for (seed, (near, far)) in EDGES.into_iter().enumerate() {
        let mut chance = Chance::new(seed as u64);
        let mut kept: HashSet<u64> = (0..ahead).collect();
        let mut hits = 0_u32;
        for _ in 0..1000 {
            let page = popular.draw(&mut chance);
            // True if it was not there. It is now.
            let miss = kept.insert(page) || !caching;
            hits += u32::from(!miss);
            asked += u64::from(miss);
            times.push(if miss { near + far } else { near });
        }
        let (hit, miss) = (near / 1e3, (near + far) / 1e3);
        let mean = 1e3 * cache_time(f64::from(hits) / 1e3, hit, miss)?;
        let these = &times[times.len() - 1000..];
        let counted = these.iter().sum::<f64>() / 1e3;
        means += &format!("   {hits} hits: {counted:.1} ({mean:.1})");
    }
    println!("  {how}: {asked} requests to the origin");
    println!("    {}", percentiles(times));
    println!(" {means}");
    Ok(())
}
// ANCHOR_END: edges

// ANCHOR: hedge
/// One answer in 25 is slow.
const SLOW: f64 = 1.0 / 25.0;

fn hedge() -> Outcome {
    println!("20,000 requests, one answer in 25 takes 200 ms");
    let mut rng = Rng::with_seed(23);
    let mut server = || match rng.f64() < SLOW {
        true => 200.0,
        false => 8.0 + 4.0 * rng.f64(),
    };
    let times: Vec<f64> = (0..20_000).map(|_| server()).collect();
    tail("one request", &times, SLOW)?;
    let mut sorted = times.clone();
    sorted.sort_by(f64::total_cmp);
    // So long only one request in twenty takes: then a second server is
    // asked as well, and the faster one counts.
    let p95 = sorted[sorted.len() * 95 / 100 - 1];
    let hedged = times.iter().map(|&time| match time <= p95 {
        true => time,
        false => time.min(p95 + server()),
    });
    tail(
        "a second one after p95",
        &hedged.collect::<Vec<_>>(),
        hedged_tail(SLOW)?,
    )?;
    let second = times.iter().filter(|time| **time > p95).count();
    println!("  {:.1} % more requests", second as f64 / 200.0);
    Ok(())
}

/// How much is slow: of single answers, and of pages that need 20 of them.
fn tail(how: &str, times: &[f64], q: f64) -> Outcome {
    println!("  {how}: {}", percentiles(times.into()));
    for (what, n) in [("an answer", 1), ("a page of 20 answers", 20)] {
        let slow = |page: &&[f64]| page.iter().any(|time| *time >= 200.0);
        let pages = times.chunks(n);
        let share =
            pages.clone().filter(slow).count() as f64 / pages.len() as f64;
        let formula = 100.0 * fanout_tail(q, n as u32)?;
        println!(
            "    {what} is slow: {:.2} % ({formula:.2} %)",
            100.0 * share
        );
    }
    Ok(())
}
// ANCHOR_END: hedge
