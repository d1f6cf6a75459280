//! Exercise 23, a caching proxy: readers ask on one side, an origin answers
//! on the other; what reaches whom is judged.

mod broken;
mod heads;
mod http;
mod kept;
mod many;
mod stale;
mod words;
mod world;

use self::http::{Answer, Reply};
use self::words::*;
use self::world::{Asked, Origin, Reader};
use super::{Bench, Exercise, Failure, Outcome, Role, Shown, Step, Stop};

const FRESH_HEADERS: &str = "Cache-Control: max-age=60\r\n";

pub static EXERCISE: Exercise = Exercise {
    number: 23,
    title: "a caching proxy",
    role: Role::Server,
    steps: &[
        Step::new("an answer is passed on", passed_on),
        Step::new("a fresh answer comes from the cache", fresh),
        Step::new("two headers of one name stay two", heads::twice),
        Step::new("another URL is another answer", keys),
        Step::new("what must not be kept is not", kept::not_kept),
        Step::new("directives in any letters, among others", kept::directives),
        Step::new("stale: the ETag goes out, 304 comes in", stale::validated),
        Step::new("304 makes it fresh again, 200 replaces it", stale::replaced),
        Step::new("stale, without an ETag: asked for again", stale::no_tag),
        Step::new("an error while validating", stale::error_on_validation),
        Step::new(
            "time passes: Age grows, max-age=1 is over",
            stale::time_passes,
        ),
        Step::new("the Age that it came with counts", stale::came_with_age),
        Step::new("what a 304 names is new, the rest stays", heads::in_304),
        Step::hostile("50 readers, one request", many::fifty),
        Step::hostile("50 readers of an origin that fails", many::fifty_fail),
        Step::hostile("one URL waits, another does not", many::another_url),
        Step::hostile("the reader who came first leaves", many::leaves),
        Step::hostile("two readers of what is not shared", many::not_shared),
        Step::hostile("8 MiB, and one who does not read", many::does_not_read),
        Step::hostile("half a request holds up nobody", many::half_a_request),
        Step::hostile("the longest heads, and longer ones", heads::long),
        Step::hostile("broken answers are a 502", broken::answers),
        Step::hostile("what is no GET of a URL is a 400", broken::requests),
    ],
    after: Some(still_serves),
    words: WORDS,
    hint: &[
        "Begin without a cache: read the head, take the URL apart, ask the \
         origin, read its whole answer, pass it on. Then step 1 passes.",
        "Keep for each URL: status, headers, body, the instant it came and \
         the `Age` it came with. One function says whether it is fresh.",
        "For the flight: a map from the URL to something one can wait on. Who \
         finds none puts one there, and asks the origin without the lock.",
        "Take the flight out of the map when its answer is stored, in one step \
         under the lock: or somebody in between asks once more.",
    ],
};

/// What one reader got, and what the origin heard meanwhile.
struct Seen {
    answer: Answer,
    asked: Vec<Asked>,
    sent: Shown,
}

/// One reader asks; the origin answers so, if it is asked.
fn get(
    bench: &mut Bench,
    origin: &mut Origin,
    path: &str,
    reply: &Reply,
) -> Outcome<Seen> {
    get_or(WHOLE_ANSWER, bench, origin, path, reply)
}

/// The same, with the likely mistake if no answer comes.
fn get_or(
    likely: &'static str,
    bench: &mut Bench,
    origin: &mut Origin,
    path: &str,
    reply: &Reply,
) -> Outcome<Seen> {
    let before = origin.asked.len();
    let mut reader = [Reader::ask(bench, &origin.url(path))?];
    let sent = format!("GET {path}\n{}", reply.shown());
    let mut answers = origin.serve(&mut reader, likely, |_| reply.clone())?;
    Ok(Seen {
        answer: answers.remove(0),
        asked: origin.asked.split_off(before),
        sent: Shown::plain(sent.trim_end()),
    })
}

impl Seen {
    /// So many requests have reached the origin.
    fn asked(&self, times: usize, likely: &'static str) -> Outcome {
        if self.asked.len() == times {
            return Ok(());
        }
        let got = self.asked.len();
        let (expected, got) =
            (format!("{times} × GET"), format!("{got} × GET"));
        fails(
            &self.sent,
            Shown::plain(expected),
            Shown::plain(got),
            likely,
        )
    }

    /// One has, and it had this tag in `If-None-Match`, or none.
    fn condition(&self, tag: Option<&str>, likely: &'static str) -> Outcome {
        self.asked(1, likely)?;
        let got = self.asked[0].header("If-None-Match");
        if got == tag {
            return Ok(());
        }
        let shown = |tag: Option<&str>| match tag {
            Some(tag) => Shown::plain(format!("If-None-Match: {tag}")),
            None => Shown::words(NO_CONDITION),
        };
        fails(&self.sent, shown(tag), shown(got), likely)
    }

    fn is(&self, status: u16, body: &str, likely: &'static str) -> Outcome {
        is(&self.answer, status, body, &self.sent, likely)
    }
}

/// The answer has this status and body.
fn is(
    answer: &Answer,
    status: u16,
    body: &str,
    sent: &Shown,
    likely: &'static str,
) -> Outcome {
    if answer.status == status && answer.body == body.as_bytes() {
        return Ok(());
    }
    let expected = format!("{status}\n{body}");
    let body = String::from_utf8_lossy(&answer.body);
    let got = format!("{}\n{body}", answer.status);
    fails(sent, Shown::plain(expected), Shown::plain(got), likely)
}

fn fails(
    sent: &Shown,
    expected: Shown,
    got: Shown,
    likely: &'static str,
) -> Outcome {
    Err(Failure {
        sent: sent.clone(),
        expected,
        got,
        likely,
        died: None,
    }
    .into())
}

/// A path that was not asked for before, by any step.
fn path(bench: &mut Bench) -> String {
    format!("/{}", word(bench))
}

fn word(bench: &mut Bench) -> String {
    (0..12).map(|_| bench.rng.lowercase()).collect()
}

fn passed_on(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let path = format!("{}/b?c=d&e", path(bench));
    let headers = "ETag: \"a\"\r\nCache-Control: no-store\r\n";
    for (status, line) in [(200, "200 OK"), (404, "404 Not Found")] {
        let body = word(bench);
        let reply = Reply::new(line, headers, &body);
        let seen = get(bench, &mut origin, &path, &reply);
        let seen = seen.map_err(|stop| never_asked(stop, &origin))?;
        seen.asked(1, A_READER)?;
        if seen.asked[0].path != path {
            let (expected, got) = (&path, &seen.asked[0].path);
            let (expected, got) = (Shown::plain(expected), Shown::plain(got));
            return fails(&seen.sent, expected, got, A_READER);
        }
        seen.is(status, &body, PASSED_ON)?;
        for (name, value) in [
            ("Content-Type", "text/x-shop"),
            ("ETag", "\"a\""),
            ("Cache-Control", "no-store"),
        ] {
            if seen.answer.header(name) != Some(value) {
                let expected = Shown::plain(format!("{name}: {value}"));
                let got = Shown::plain(&seen.answer.head);
                return fails(&seen.sent, expected, got, PASSED_ON);
            }
        }
    }
    no_text(bench, &mut origin, &path)
}

/// No answer, and no question before it: that is the mistake.
fn never_asked(stop: Stop, origin: &Origin) -> Stop {
    match stop {
        Stop::Failed(failure) if origin.asked.is_empty() => {
            let likely = A_READER;
            Stop::Failed(Box::new(Failure { likely, ..*failure }))
        }
        stop => stop,
    }
}

/// A body of bytes that are no text.
fn no_text(bench: &mut Bench, origin: &mut Origin, path: &str) -> Outcome {
    let body = b"\xff\0\r\n\r\n\xe9";
    let head = "HTTP/1.1 200 OK\r\nCache-Control: no-store\r\n\
                Content-Length: 7\r\nConnection: close\r\n\r\n";
    let reply = Reply::Bytes([head.as_bytes(), body].concat());
    let seen = get(bench, origin, path, &reply)?;
    if seen.answer.body != body {
        let got = Shown::hex(&seen.answer.body);
        return fails(&seen.sent, Shown::hex(body), got, PASSED_ON);
    }
    Ok(())
}

fn fresh(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let (path, body) = (path(bench), word(bench));
    let reply = Reply::page(FRESH_HEADERS, &body);
    get(bench, &mut origin, &path, &reply)?.is(200, &body, PASSED_ON)?;
    for _ in 0..3 {
        let seen = get(bench, &mut origin, &path, &reply)?;
        seen.asked(0, FRESH)?;
        seen.is(200, &body, FRESH)?;
        stale::aged(&seen, 0..=10, AGE)?;
        if seen.answer.header("Content-Type") != Some("text/x-shop") {
            let got = Shown::plain(&seen.answer.head);
            let expected = Shown::plain("Content-Type: text/x-shop");
            return fails(&seen.sent, expected, got, PASSED_ON);
        }
    }
    Ok(())
}

fn keys(bench: &mut Bench) -> Outcome {
    let mut origins = [Origin::new(bench)?, Origin::new(bench)?];
    let path = path(bench);
    let other = path.to_uppercase();
    let paths = [
        &path,
        &format!("{path}?x=1"),
        &format!("{path}?x=2"),
        &other,
    ];
    for origin in &mut origins {
        for path in paths {
            let body = word(bench);
            let reply = Reply::page(FRESH_HEADERS, &body);
            let seen = get(bench, origin, path, &reply)?;
            seen.asked(1, THE_KEY)?;
            seen.is(200, &body, THE_KEY)?;
        }
    }
    Ok(())
}

fn still_serves(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let (path, body) = (path(bench), word(bench));
    let reply = Reply::page("", &body);
    let seen = get_or(STILL_THERE, bench, &mut origin, &path, &reply)?;
    seen.is(200, &body, STILL_THERE)
}
