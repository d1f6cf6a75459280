//! Exercise 23, many at once: readers who come together, leave or dawdle go
//! in, what each of them got and the origin heard is judged.

use std::time::Duration;

use super::http::{Answer, Reply};
use super::words::*;
use super::world::{Origin, Reader, give};
use super::{FRESH_HEADERS, Seen, get, is, path, word};
use crate::check::{Bench, Outcome, Shown};
use crate::peer::Peer;

/// So long the origin takes, and others come meanwhile. Who comes later is
/// answered rightly too, so no right program is judged by it.
const HOLD: Duration = Duration::from_millis(300);

const READERS: usize = 50;

/// A status, an origin that is to answer with it, readers who wait for that,
/// and the request of the first of them.
type Held = (&'static str, Origin, Vec<Reader>, Peer);

/// Readers who ask for the same, while the first one's request is held.
fn crowd(
    bench: &mut Bench,
    origin: &Origin,
    path: &str,
    count: usize,
) -> Outcome<Vec<Reader>> {
    let url = origin.url(path);
    (0..count).map(|_| Reader::ask(bench, &url)).collect()
}

/// All that a crowd got is the same, after so many requests.
fn all_are(
    answers: &[Answer],
    (status, body): (u16, &str),
    sent: &Shown,
    likely: &'static str,
) -> Outcome {
    answers
        .iter()
        .try_for_each(|answer| is(answer, status, body, sent, likely))
}

pub(super) fn fifty(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let path = path(bench);
    // Nothing stored, then something stale.
    let headers = "Cache-Control: max-age=0\r\nETag: \"1\"\r\n";
    get(bench, &mut origin, &path, &Reply::page(headers, "old"))?;
    let same = format!("{FRESH_HEADERS}ETag: \"1\"\r\n");
    for (path, reply, body) in [
        (
            format!("{path}-cold"),
            Reply::page(FRESH_HEADERS, "new"),
            "new",
        ),
        (path, Reply::not_modified(&same), "old"),
    ] {
        let mut readers = crowd(bench, &origin, &path, READERS)?;
        let before = origin.asked.len();
        let first = origin.must_be_asked(&readers)?;
        bench.limit().pause(HOLD);
        give(first, &reply);
        let answers =
            origin.serve(&mut readers, SINGLE_FLIGHT, |_| reply.clone())?;
        let seen = Seen {
            answer: answers[0].clone(),
            asked: origin.asked.split_off(before),
            sent: readers[0].sent().note(FIFTY),
        };
        seen.asked(1, SINGLE_FLIGHT)?;
        all_are(&answers, (200, body), &seen.sent, SINGLE_FLIGHT)?;
    }
    Ok(())
}

pub(super) fn fifty_fail(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let path = path(bench);
    let mut readers = crowd(bench, &origin, &path, READERS)?;
    let first = origin.must_be_asked(&readers)?;
    bench.limit().pause(HOLD);
    give(first, &Reply::End);
    // Who comes after that asks again, and has no more luck.
    let answers = origin.serve(&mut readers, ERRORS_FOR_ALL, |_| Reply::End)?;
    let sent = Shown::plain(format!("GET {path}")).note(NO_ANSWER);
    for answer in answers {
        if answer.status != 502 {
            let expected = Shown::plain("502");
            let got = Shown::plain(answer.head);
            return super::fails(&sent, expected, got, ERRORS_FOR_ALL);
        }
    }
    let body = word(bench);
    let reply = Reply::page(FRESH_HEADERS, &body);
    let seen = get(bench, &mut origin, &path, &reply)?;
    seen.asked(1, ERRORS_FOR_ALL)?;
    seen.is(200, &body, ERRORS_FOR_ALL)
}

pub(super) fn another_url(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let (slow, quick) = (path(bench), path(bench));
    let mut readers = crowd(bench, &origin, &slow, 2)?;
    let held = origin.must_be_asked(&readers)?;
    for _ in 0..2 {
        // Of the same origin, once from there and once from the cache.
        let mut another = [Reader::ask(bench, &origin.url(&quick))?];
        let sent = another[0].sent().note(HELD);
        let reply = Reply::page(FRESH_HEADERS, "quick");
        let answers =
            origin.serve(&mut another, ONE_URL_ONLY, |_| reply.clone())?;
        is(&answers[0], 200, "quick", &sent, ONE_URL_ONLY)?;
    }
    let reply = Reply::page(FRESH_HEADERS, "slow");
    give(held, &reply);
    let answers =
        origin.serve(&mut readers, ONE_URL_ONLY, |_| reply.clone())?;
    all_are(&answers, (200, "slow"), &readers[0].sent(), ONE_URL_ONLY)
}

pub(super) fn leaves(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let (path, body) = (path(bench), word(bench));
    let mut first = crowd(bench, &origin, &path, 1)?;
    let held = origin.must_be_asked(&first)?;
    let mut second = crowd(bench, &origin, &path, 1)?;
    bench.limit().pause(HOLD);
    if let Some(first) = first.pop() {
        first.leave();
    }
    bench.limit().pause(HOLD);
    let reply = Reply::page(FRESH_HEADERS, &body);
    give(held, &reply);
    let mut answers =
        origin.serve(&mut second, ASKED_FOR_ALL, |_| reply.clone())?;
    let seen = Seen {
        answer: answers.remove(0),
        asked: origin.asked.clone(),
        sent: second[0].sent().note(LEFT),
    };
    seen.asked(1, ASKED_FOR_ALL)?;
    seen.is(200, &body, ASKED_FOR_ALL)
}

pub(super) fn not_shared(bench: &mut Bench) -> Outcome {
    // Whatever its status: both at once, each from an origin of its own.
    let held = ["200 OK", "404 Not Found"].into_iter().map(|status| {
        let mut origin = Origin::new(bench)?;
        let readers = crowd(bench, &origin, "/secret", 2)?;
        let first = origin.must_be_asked(&readers)?;
        Ok((status, origin, readers, first))
    });
    let held = held.collect::<Outcome<Vec<Held>>>()?;
    bench.limit().pause(HOLD);
    held.into_iter().try_for_each(each_its_own)
}

/// What the two readers got is not the same.
fn each_its_own((status, mut origin, mut readers, first): Held) -> Outcome {
    let headers = "Cache-Control: no-store\r\n";
    let secret = |n: u32| Reply::new(status, headers, &format!("secret {n}"));
    give(first, &secret(0));
    let mut count = 0;
    let answers = origin.serve(&mut readers, NOT_SHARED, |_| {
        count += 1;
        secret(count)
    })?;
    let shown = |answer: &Answer| {
        let body = String::from_utf8_lossy(&answer.body);
        format!("{} {body}", answer.status)
    };
    let mut got: Vec<_> = answers.iter().map(shown).collect();
    got.sort();
    let expected = [0, 1].map(|n| format!("{} secret {n}", &status[..3]));
    if got == expected {
        return Ok(());
    }
    let sent = format!("2 × GET /secret\n{status}\n{headers}");
    let expected = Shown::plain(expected.join("\n"));
    let got = Shown::plain(got.join("\n"));
    super::fails(&Shown::plain(sent.trim_end()), expected, got, NOT_SHARED)
}

pub(super) fn does_not_read(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let path = path(bench);
    let body = word(bench).repeat(700_000);
    let body = &body[..8 << 20];
    let reply = Reply::page(FRESH_HEADERS, body);
    let dawdler = crowd(bench, &origin, &path, 1)?;
    let held = origin.must_be_asked(&dawdler)?;
    let mut readers = crowd(bench, &origin, &path, 2)?;
    give(held, &reply);
    let answers = origin.serve(&mut readers, SLOW_READER, |_| reply.clone())?;
    let sent = readers[0].sent().note(NOT_READ);
    let whole = answers.iter().all(|it| it.body == body.as_bytes());
    let asked = origin.asked.len();
    if whole && asked == 1 {
        return Ok(());
    }
    let shown = |whole: usize, asked: usize| {
        Shown::plain(format!("{asked} × GET, {whole} B"))
    };
    let expected = shown(body.len(), 1);
    let got = answers.iter().map(|it| it.body.len()).min();
    let got = shown(got.unwrap_or_default(), asked);
    super::fails(&sent, expected, got, SLOW_READER)
}

pub(super) fn half_a_request(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let path = path(bench);
    let mut slow = bench.connect()?;
    let url = origin.url(&path);
    slow.send(format!("GET {url} HTT").as_bytes());
    for _ in 0..3 {
        let body = word(bench);
        let mut reader = [Reader::ask(bench, &origin.url(&path))?];
        let sent = reader[0].sent();
        let reply = Reply::page("", &body);
        let answers =
            origin.serve(&mut reader, ONE_AT_A_TIME, |_| reply.clone())?;
        is(&answers[0], 200, &body, &sent, ONE_AT_A_TIME)?;
    }
    Ok(())
}
