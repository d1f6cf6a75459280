//! Exercise 23, what has grown old: ages, tags and pauses go in; what the
//! proxy asks the origin then, and what its reader gets, is judged.

use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use super::http::Reply;
use super::words::*;
use super::world::Origin;
use super::{FRESH_HEADERS, Seen, fails, get, path, word};
use crate::check::{Bench, Outcome, Shown};

/// Long enough for an age of 1 s to be over, whoever rounds.
const TWO_SECONDS: Duration = Duration::from_millis(2_200);

/// Its `Age` is one of these.
pub(super) fn aged(
    seen: &Seen,
    ages: RangeInclusive<u64>,
    likely: &'static str,
) -> Outcome {
    let age = seen.answer.header("Age");
    let number = age.and_then(|age| age.parse().ok());
    let head = seen.answer.head.to_ascii_lowercase();
    let once = head.matches("\nage:").count() == 1;
    if once && number.is_some_and(|age: u64| ages.contains(&age)) {
        return Ok(());
    }
    let expected = format!("Age: {} … {}", ages.start(), ages.end());
    let got = match age {
        Some(age) => Shown::plain(format!("Age: {age}")),
        None => Shown::words(NO_AGE),
    };
    fails(&seen.sent, Shown::plain(expected), got, likely)
}

pub(super) fn validated(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    for (control, tag) in [
        ("Cache-Control: max-age=0\r\n", "\"Abc-1\""),
        ("Cache-Control: public\r\n", "W/\"a,b\""),
        ("", "\"\""),
    ] {
        let (path, body) = (path(bench), word(bench));
        let headers = format!("{control}eTAG: {tag}\r\n");
        let reply = Reply::page(&headers, &body);
        get(bench, &mut origin, &path, &reply)?.is(200, &body, PASSED_ON)?;
        for _ in 0..2 {
            let reply = Reply::not_modified(&headers);
            let seen = get(bench, &mut origin, &path, &reply)?;
            seen.condition(Some(tag), SEND_THE_TAG)?;
            seen.is(200, &body, BODY_FROM_CACHE)?;
        }
    }
    Ok(())
}

pub(super) fn replaced(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let path = path(bench);
    let stale = "Cache-Control: max-age=0\r\nETag: \"1\"\r\n";
    let first = Reply::page(stale, &word(bench));
    get(bench, &mut origin, &path, &first)?;

    let body = word(bench);
    let stale = "Cache-Control: max-age=0\r\nETag: \"2\"\r\nAge: 100\r\n";
    let second = Reply::page(stale, &body);
    let seen = get(bench, &mut origin, &path, &second)?;
    seen.condition(Some("\"1\""), SEND_THE_TAG)?;
    seen.is(200, &body, REPLACES)?;

    let same = format!("ETag: \"2\"\r\n{FRESH_HEADERS}");
    let same = Reply::not_modified(&same);
    let seen = get(bench, &mut origin, &path, &same)?;
    seen.condition(Some("\"2\""), REPLACES)?;
    seen.is(200, &body, BODY_FROM_CACHE)?;
    let seen = get(bench, &mut origin, &path, &same)?;
    seen.asked(0, FRESH_AGAIN)?;
    seen.is(200, &body, BODY_FROM_CACHE)?;
    aged(&seen, 0..=10, FRESH_AGAIN)?;
    if seen.answer.header("Content-Type") != Some("text/x-shop") {
        let got = Shown::plain(&seen.answer.head);
        let expected = Shown::plain("Content-Type: text/x-shop");
        return fails(&seen.sent, expected, got, PASSED_ON);
    }
    takes_the_old_away(bench, &mut origin, &first)?;
    no_store_in_304(bench, &mut origin)
}

/// A 200 that must not be kept.
fn takes_the_old_away(
    bench: &mut Bench,
    origin: &mut Origin,
    first: &Reply,
) -> Outcome {
    let path = path(bench);
    get(bench, origin, &path, first)?;
    let secret = Reply::page("Cache-Control: no-store\r\n", "secret");
    get(bench, origin, &path, &secret)?
        .condition(Some("\"1\""), SEND_THE_TAG)?;
    get(bench, origin, &path, first)?.condition(None, REPLACES)
}

/// A 304 that says so.
fn no_store_in_304(bench: &mut Bench, origin: &mut Origin) -> Outcome {
    let (path, body) = (path(bench), word(bench));
    let stale = "Cache-Control: max-age=0\r\nETag: \"1\"\r\n";
    get(bench, origin, &path, &Reply::page(stale, &body))?;
    let secret = "Cache-Control: max-age=60, no-store\r\nETag: \"1\"\r\n";
    let secret = Reply::not_modified(secret);
    let seen = get(bench, origin, &path, &secret)?;
    seen.condition(Some("\"1\""), SEND_THE_TAG)?;
    seen.is(200, &body, BODY_FROM_CACHE)?;
    // What counts is what came before.
    let sent = seen.sent;
    let seen = get(bench, origin, &path, &Reply::page("", "new"))?;
    let seen = Seen { sent, ..seen };
    seen.condition(None, NO_STORE_NOW)?;
    seen.is(200, "new", NO_STORE_NOW)
}

pub(super) fn no_tag(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let path = path(bench);
    for _ in 0..3 {
        let body = word(bench);
        let reply = Reply::page("Cache-Control: max-age=0\r\n", &body);
        let seen = get(bench, &mut origin, &path, &reply)?;
        seen.condition(None, PLAIN_AGAIN)?;
        seen.is(200, &body, PLAIN_AGAIN)?;
    }
    Ok(())
}

pub(super) fn error_on_validation(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let (path, body) = (path(bench), word(bench));
    let headers = "Cache-Control: max-age=0\r\nETag: \"1\"\r\n";
    let reply = Reply::page(headers, &body);
    get(bench, &mut origin, &path, &reply)?;
    let broken = Reply::new("503 Oh", "", "later");
    let seen = get(bench, &mut origin, &path, &broken)?;
    seen.condition(Some("\"1\""), SEND_THE_TAG)?;
    seen.is(503, "later", KEEPS_THE_OLD)?;
    let same = Reply::not_modified(headers);
    let seen = get(bench, &mut origin, &path, &same)?;
    seen.condition(Some("\"1\""), KEEPS_THE_OLD)?;
    seen.is(200, &body, BODY_FROM_CACHE)
}

pub(super) fn time_passes(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let paths = [path(bench), path(bench)];
    let short = Reply::page("Cache-Control: max-age=1\r\n", "short");
    let long = Reply::page(FRESH_HEADERS, "long");
    let before = Instant::now();
    get(bench, &mut origin, &paths[0], &short)?;
    get(bench, &mut origin, &paths[1], &long)?;
    bench.limit().pause(TWO_SECONDS);
    let seen = get(bench, &mut origin, &paths[0], &short)?;
    seen.asked(1, STALE_BY_TIME)?;
    let seen = get(bench, &mut origin, &paths[1], &long)?;
    seen.asked(0, FRESH)?;
    // One more or less, for who rounds, by our clock.
    let most = before.elapsed().as_secs() + 2;
    aged(&seen, 1..=most, AGE)
}

pub(super) fn came_with_age(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let (old, path) = (path(bench), path(bench));
    let headers = format!("{FRESH_HEADERS}Age: 60\r\n");
    let reply = Reply::page(&headers, "old");
    get(bench, &mut origin, &old, &reply)?;
    get(bench, &mut origin, &old, &reply)?.asked(1, AGE_COUNTS)?;

    let headers = "Cache-Control: max-age=3600\r\nAge: 1000\r\n";
    let reply = Reply::page(headers, "aged");
    let seen = get(bench, &mut origin, &path, &reply)?;
    aged(&seen, 999..=1060, AGE_GOES_ON)?;
    let seen = get(bench, &mut origin, &path, &reply)?;
    seen.asked(0, FRESH)?;
    aged(&seen, 1000..=1060, AGE_COUNTS)
}
