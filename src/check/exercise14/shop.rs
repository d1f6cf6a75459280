//! The shop of exercise 14: a number of pages goes in, answers with prices
//! come out. How a client has dealt with them goes in, an outcome comes out.

use std::time::Duration;

use fastrand::Rng;
use serde_json::json;

use super::http::{Played, Reply, TICK};
use super::words::{
    AT_MOST_FIVE, NO_OUTPUT, NO_SECOND_TRY, NOTHING_ON_FAILURE, STATUS_0,
};
use crate::check::{Failure, Outcome, Shown};

/// The path of the first page.
pub(super) const FIRST: &str = "/items?page=1";

/// The headers of a page, and of nothing else.
pub(super) const JSON: &str = "Content-Type: application/json\r\n";

/// Pages that lead from one to the next.
#[derive(Debug)]
pub(super) struct Shop {
    /// Each page's path and body.
    pub pages: Vec<(String, String)>,
    pub total: u64,
}

impl Shop {
    /// Some pages with a few items each.
    pub fn new(pages: usize, rng: &mut Rng) -> Shop {
        let mut prices = vec![vec![]; pages];
        for page in &mut prices {
            page.resize_with(rng.usize(1..6), || rng.u64(0..100_000));
        }
        Shop::with_prices(prices, rng)
    }

    /// A page for each list of prices.
    pub fn with_prices(prices: Vec<Vec<u64>>, rng: &mut Rng) -> Shop {
        // No client can guess a path: it has to read the page before.
        let mut paths: Vec<String> = (1..prices.len())
            .map(|_| format!("/items?after={}", rng.u32(1..)))
            .collect();
        paths.insert(0, FIRST.into());
        let total = prices.iter().flatten().sum();
        let pages = prices
            .iter()
            .enumerate()
            .map(|(index, prices)| {
                let next = paths.get(index + 1).map(String::as_str);
                (paths[index].clone(), page(prices, next, rng))
            })
            .collect();
        Shop { pages, total }
    }

    /// The path of a page, counted from 0.
    pub fn path(&self, index: usize) -> &str {
        &self.pages[index].0
    }

    /// The answer to a client that is in luck.
    pub fn reply(&self, path: &str) -> Reply {
        match self.body(path) {
            Some(body) => Reply::new("200 OK", JSON, body),
            None => Reply::new("404 Not Found", "", ""),
        }
    }

    /// The body of the page at `path`.
    pub fn body(&self, path: &str) -> Option<&str> {
        let mut pages = self.pages.iter();
        let page = pages.find(|page| page.0 == path)?;
        Some(&page.1)
    }
}

fn page(prices: &[u64], next: Option<&str>, rng: &mut Rng) -> String {
    let items: Vec<_> = prices
        .iter()
        .map(|price| json!({"id": rng.u32(1..1_000_000), "price": price}))
        .collect();
    json!({"items": items, "next": next}).to_string()
}

/// From each page's path over `length` redirects to the page.
pub(super) fn chain(shop: &Shop, path: &str, length: usize) -> Reply {
    // `/items?…` leads to `/0/1/items?…`, then to `/0/2/items?…`.
    let (done, page) = match path.strip_prefix("/0/") {
        Some(rest) => {
            let (done, page) = rest.split_once('/').unwrap_or(("0", rest));
            (done.parse().unwrap_or(length), format!("/{page}"))
        }
        None => (0, path.to_owned()),
    };
    if done == length {
        return shop.reply(&page);
    }
    let status = [301, 302, 307, 308][done % 4];
    redirect(status, &format!("/0/{}{page}", done + 1))
}

/// An answer that sends the client elsewhere.
pub(super) fn redirect(status: u16, location: &str) -> Reply {
    let status = format!("{status} Elsewhere");
    Reply::new(&status, &format!("Location: {location}\r\n"), "")
}

/// The client printed the sum, and nothing else.
pub(super) fn adds_up(
    played: &Played,
    total: u64,
    sent: Shown,
    likely: &'static str,
) -> Outcome {
    let line = format!("total={total}");
    let ended = &played.ended;
    if ended.printed(line.as_bytes()) && ended.code() == Some(0) {
        return Ok(());
    }
    let expected = Shown::plain(line).note(STATUS_0);
    Err(failed(played, sent, expected, likely).into())
}

/// The client printed nothing, and said that it has failed.
pub(super) fn gives_up(
    played: &Played,
    sent: Shown,
    likely: &'static str,
) -> Outcome {
    let ended = &played.ended;
    if ended.failed() && ended.stdout.is_empty() {
        return Ok(());
    }
    // Right to fail, and wrong to have printed before.
    let likely = match ended.failed() {
        true => NOTHING_ON_FAILURE,
        false => likely,
    };
    Err(failed(played, sent, Shown::words(NO_OUTPUT), likely).into())
}

/// The client has asked for `path` no more than so often.
pub(super) fn asked_at_most(
    most: usize,
    played: &Played,
    path: &str,
    sent: Shown,
    likely: &'static str,
) -> Outcome {
    let tries = played.of(path).count();
    if tries <= most {
        return Ok(());
    }
    let words = if most == 5 {
        AT_MOST_FIVE
    } else {
        NO_SECOND_TRY
    };
    Err(Failure {
        sent,
        expected: Shown::words(words),
        got: Shown::plain(tries.to_string()),
        likely,
        died: None,
    }
    .into())
}

/// The client has ended otherwise than expected.
pub(super) fn failed(
    played: &Played,
    sent: Shown,
    expected: Shown,
    likely: &'static str,
) -> Failure {
    Failure {
        sent,
        expected,
        got: played.ended.shown(),
        likely,
        died: None,
    }
}

/// Every wait for `path` lasts at least so long.
pub(super) fn waits(
    played: &Played,
    path: &str,
    least: Duration,
    sent: Shown,
    expected: &'static str,
    likely: &'static str,
) -> Outcome {
    let waits = played.waits(path);
    if waits.iter().all(|&wait| wait + TICK >= least) {
        return Ok(());
    }
    paused(&waits, sent, expected, likely)
}

/// The client has waited otherwise than expected.
pub(super) fn paused(
    waits: &[Duration],
    sent: Shown,
    expected: &'static str,
    likely: &'static str,
) -> Outcome {
    let waits: Vec<String> = waits
        .iter()
        .map(|wait| format!("{} ms", wait.as_millis()))
        .collect();
    Err(Failure {
        sent,
        expected: Shown::words(expected),
        got: Shown::plain(waits.join(", ")),
        likely,
        died: None,
    }
    .into())
}
