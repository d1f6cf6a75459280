//! Exercise 14, a client of a moody server: pages, moods and manners go out
//! to it; its sum, its waits and its silence come back.

use std::time::Duration;

mod http;
mod shop;
mod words;

pub use self::http::requested_path;
use self::http::{Played, Reply, play};
use self::shop::{
    FIRST, JSON, Shop, adds_up, asked_at_most, chain, failed, gives_up, paused,
    redirect, waits,
};
use self::words::*;
use super::{Bench, Exercise, Outcome, Role, Shown, Step};

/// The least wait after a failure.
const PAUSE: Duration = Duration::from_millis(50);

/// By how much a wait may be shorter than the one before: the first one can
/// hold what a program loads when it first fails.
const WARMED_UP: Duration = Duration::from_millis(150);

/// In how many runs the waits must get shorter: a program that a busy
/// machine holds up has waited longer than it wanted to, but not each time.
const RUNS: usize = 4;

pub static EXERCISE: Exercise = Exercise {
    number: 14,
    title: "the client of a moody server",
    role: Role::Client,
    steps: &[
        Step::new("one page is added up", one_page),
        Step::new("pages are followed to the last, an empty one too", pages),
        Step::new("a sum of more than 32 bits", large_sum),
        Step::new("a type in other letters, with a parameter", other_letters),
        Step::new("429: wait as long as Retry-After says", retry_after),
        Step::new("500: wait 50 ms or more, and ask again", after_500),
        Step::new("the fifth try counts, and no wait is shorter", fifth_try),
        Step::new("the connection ends without an answer: again", ends),
        Step::new("the connection is reset: again", resets),
        Step::new("redirects of each kind, relative and absolute", redirects),
        Step::new("five redirects in a row, on each page", five_redirects),
        Step::new("five failures are enough", five_failures),
        Step::new("a sixth redirect in a row is too many", six_redirects),
        Step::new("any other status is an error", other_status),
        Step::new("another type: not JSON, on standard error", other_type),
        Step::new("a body that is cut short is an error", cut_short),
        Step::new("a body that is not the JSON promised", other_json),
    ],
    after: None,
    words: WORDS,
    hint: &[
        "Begin with one function for one page: a path goes in, the items and \
         the next path come out, or an error. Print only when all is added up.",
        "Tell three things apart: what to try again (429, 5xx, no answer), \
         what to follow (redirects), and what to give up on (all the rest).",
        "Count tries for each page afresh. Keep the last wait, and never \
         sleep less than that: doubling it is the usual way.",
        "A type may have parameters: compare what stands before the `;`, \
         without regard to case. A short body is no body.",
    ],
};

fn one_page(bench: &mut Bench) -> Outcome {
    let shop = Shop::new(1, &mut bench.rng);
    let sent = Shown::text(shop.pages[0].1.as_bytes());
    let played = play(bench, |_, path, _| shop.reply(path))?;
    adds_up(&played, shop.total, sent, PRINT_THE_SUM)
}

fn pages(bench: &mut Bench) -> Outcome {
    let mut price = || bench.rng.u64(0..100_000);
    let prices = vec![vec![price(), price()], vec![], vec![price()]];
    let shop = Shop::with_prices(prices, &mut bench.rng);
    let played = play(bench, |_, path, _| shop.reply(path))?;
    adds_up(&played, shop.total, Shown::words(THE_PAGES), FOLLOW_NEXT)
}

fn large_sum(bench: &mut Bench) -> Outcome {
    // More than 32 bits, and less than the 53 of a JavaScript number.
    let mut price = || bench.rng.u64(1 << 31..1 << 50);
    let prices = vec![vec![price(), price()], vec![price(), price()]];
    let shop = Shop::with_prices(prices, &mut bench.rng);
    let played = play(bench, |_, path, _| shop.reply(path))?;
    adds_up(&played, shop.total, Shown::words(THE_PAGES), LARGE_SUM)
}

fn other_letters(bench: &mut Bench) -> Outcome {
    for headers in [
        "Content-Type: application/json; charset=utf-8\r\n",
        "content-type: Application/JSON;charset=UTF-8\r\n",
    ] {
        let shop = Shop::new(1, &mut bench.rng);
        let reply = Reply::new("200 OK", headers, &shop.pages[0].1);
        let played = play(bench, |_, _, _| reply.clone())?;
        adds_up(&played, shop.total, reply.shown(), TYPE_LETTERS)?;
    }
    Ok(())
}

fn retry_after(bench: &mut Bench) -> Outcome {
    let shop = Shop::new(1, &mut bench.rng);
    let busy =
        Reply::new("429 Too Many Requests", "Retry-After: 2\r\n", "later");
    let played = play(bench, |_, path, before| match before {
        0 => busy.clone(),
        _ => shop.reply(path),
    })?;
    adds_up(&played, shop.total, busy.shown(), RETRY_AFTER)?;
    let least = Duration::from_secs(2);
    waits(
        &played,
        FIRST,
        least,
        busy.shown(),
        TWO_SECONDS,
        RETRY_AFTER,
    )
}

fn after_500(bench: &mut Bench) -> Outcome {
    let broken = Reply::new("500 Internal Server Error", "", "oh");
    let sent = broken.shown().note(TWICE);
    recovers(bench, &broken, sent, TRY_AGAIN)
}

fn ends(bench: &mut Bench) -> Outcome {
    recovers(bench, &Reply::End, Shown::words(NO_ANSWER), BROKEN)
}

fn resets(bench: &mut Bench) -> Outcome {
    recovers(bench, &Reply::Reset, Shown::words(A_RESET), BROKEN)
}

/// The first two answers for each page are `mood`, then the page comes.
fn recovers(
    bench: &mut Bench,
    mood: &Reply,
    sent: Shown,
    likely: &'static str,
) -> Outcome {
    let shop = Shop::new(2, &mut bench.rng);
    let played = play(bench, |_, path, before| match before < 2 {
        true => mood.clone(),
        false => shop.reply(path),
    })?;
    adds_up(&played, shop.total, sent.clone(), likely)?;
    for index in 0..2 {
        let path = shop.path(index);
        // Where no answer came, some libraries ask once more by themselves,
        // at once; who uses them waits after the second time.
        if matches!(mood, Reply::Bytes(_)) || !played.waited(path, PAUSE) {
            waits(&played, path, PAUSE, sent.clone(), FIFTY_MS, likely)?;
        }
    }
    Ok(())
}

fn fifth_try(bench: &mut Bench) -> Outcome {
    for _ in 1..RUNS {
        if four_failures(bench)?.is_none() {
            return Ok(());
        }
    }
    match four_failures(bench)? {
        None => Ok(()),
        Some(waits) => {
            let sent = Shown::words(FOUR_TIMES);
            paused(&waits, sent, NOT_SHORTER, SHORTER_WAIT)
        }
    }
}

/// Each page comes with the fifth try. Waits that get shorter are returned.
fn four_failures(bench: &mut Bench) -> Outcome<Option<Vec<Duration>>> {
    let errors = ["500 Oh", "502 Oh", "503 Oh", "599 Oh"];
    let sent = Shown::words(FOUR_TIMES);
    let shop = Shop::new(2, &mut bench.rng);
    let played = play(bench, |_, path, before| match errors.get(before) {
        Some(error) => Reply::new(error, "", ""),
        None => shop.reply(path),
    })?;
    adds_up(&played, shop.total, sent.clone(), FIVE_TRIES)?;
    let shrinks = |two: &[Duration]| two[1] + WARMED_UP < two[0];
    for index in 0..2 {
        let path = shop.path(index);
        waits(&played, path, PAUSE, sent.clone(), FIFTY_MS, TRY_AGAIN)?;
        let waits = played.waits(path);
        if waits.windows(2).any(shrinks) {
            return Ok(Some(waits));
        }
    }
    Ok(None)
}

fn redirects(bench: &mut Bench) -> Outcome {
    let shop = Shop::new(1, &mut bench.rng);
    let played = play(bench, |address, path, _| match path {
        FIRST => redirect(301, &format!("http://{address}/a/b?c=1")),
        "/a/b?c=1" => redirect(302, "d?e"),
        "/a/d?e" => redirect(307, "/f/g"),
        "/f/g" => redirect(308, "h"),
        "/f/h" => shop.reply(FIRST),
        _ => shop.reply(path),
    })?;
    adds_up(&played, shop.total, Shown::words(A_CHAIN), FOLLOW)
}

fn five_redirects(bench: &mut Bench) -> Outcome {
    let shop = Shop::new(2, &mut bench.rng);
    let played = play(bench, |_, path, _| chain(&shop, path, 5))?;
    let sent = redirect(302, "/5/4").shown().note(A_CHAIN);
    adds_up(&played, shop.total, sent, FIVE_REDIRECTS)
}

fn six_redirects(bench: &mut Bench) -> Outcome {
    let shop = Shop::new(1, &mut bench.rng);
    let played = play(bench, |_, path, _| chain(&shop, path, 6))?;
    let sent = redirect(302, "/6/5").shown().note(A_CHAIN);
    gives_up(&played, sent, TOO_MANY_REDIRECTS)
}

fn five_failures(bench: &mut Bench) -> Outcome {
    let shop = Shop::new(2, &mut bench.rng);
    let broken = Reply::new("503 Service Unavailable", "", "");
    let last = shop.path(1);
    let played = play(bench, |_, path, _| match path == last {
        true => broken.clone(),
        false => shop.reply(path),
    })?;
    let sent = broken.shown().note(ALWAYS);
    gives_up(&played, sent.clone(), TOO_MANY_TRIES)?;
    asked_at_most(5, &played, last, sent, TOO_MANY_TRIES)
}

fn other_status(bench: &mut Bench) -> Outcome {
    for status in ["404 Not Found", "403 Forbidden", "206 Partial Content"] {
        last_page_is(bench, LOOK_AT_STATUS, |body| {
            Reply::new(status, JSON, body)
        })?;
    }
    Ok(())
}

fn other_type(bench: &mut Bench) -> Outcome {
    for kind in ["text/html; charset=utf-8", "application/json-seq"] {
        let headers = format!("Content-Type: {kind}\r\n");
        let (played, sent) = last_page_is(bench, LOOK_AT_TYPE, |body| {
            Reply::new("200 OK", &headers, body)
        })?;
        let words = String::from_utf8_lossy(&played.ended.stderr);
        if !words.contains("not JSON") {
            let expected = Shown::words(NOT_JSON);
            return Err(failed(&played, sent, expected, LOOK_AT_TYPE).into());
        }
    }
    Ok(())
}

fn cut_short(bench: &mut Bench) -> Outcome {
    last_page_is(bench, CUT_SHORT, |body| {
        let half = &body[..body.len() / 2];
        Reply::sized("200 OK", JSON, half, body.len())
    })?;
    // What has come can be read, and yet there should be more.
    last_page_is(bench, CUT_SHORT, |body| {
        Reply::sized("200 OK", JSON, body, body.len() + 9)
    })?;
    Ok(())
}

fn other_json(bench: &mut Bench) -> Outcome {
    for body in [
        "<!doctype html>",
        r#"{"items":[{"id":1,"price":250}"#,
        r#"{"error":"no such page","next":null}"#,
        r#"{"items":[{"id":1,"price":"250"}],"next":null}"#,
        r#"{"items":[{"id":1,"price":2.5}],"next":null}"#,
        r#"{"items":[{"id":1}],"next":null}"#,
    ] {
        last_page_is(bench, WRONG_JSON, |_| Reply::new("200 OK", JSON, body))?;
    }
    Ok(())
}

/// Two pages; what `spoil` makes of the second must end in a failure.
fn last_page_is(
    bench: &mut Bench,
    likely: &'static str,
    spoil: impl Fn(&str) -> Reply,
) -> Outcome<(Played, Shown)> {
    let shop = Shop::new(2, &mut bench.rng);
    let (last, body) = &shop.pages[1];
    let spoilt = spoil(body);
    let played = play(bench, |_, path, _| match path == last {
        true => spoilt.clone(),
        false => shop.reply(path),
    })?;
    let sent = spoilt.shown().note(LAST_PAGE);
    gives_up(&played, sent.clone(), likely)?;
    // Where a body is cut short, some libraries ask once more by themselves.
    asked_at_most(2, &played, last, sent.clone(), likely)?;
    Ok((played, sent))
}
