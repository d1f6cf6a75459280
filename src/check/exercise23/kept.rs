//! Exercise 23, what may be kept: statuses and headers go in; whether the next
//! reader is answered from the cache is judged.

use super::http::Reply;
use super::words::*;
use super::world::Origin;
use super::{FRESH_HEADERS, get, path, word};
use crate::check::{Bench, Outcome};

pub(super) fn not_kept(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    for (status, headers) in [
        ("200 OK", "Cache-Control: no-store\r\n"),
        (
            "200 OK",
            "Cache-Control: max-age=60, no-store\r\nETag: \"a\"\r\n",
        ),
        ("200 OK", ""),
        ("404 Not Found", FRESH_HEADERS),
        ("500 Oh", "Cache-Control: max-age=60\r\nETag: \"a\"\r\n"),
    ] {
        let path = path(bench);
        for _ in 0..2 {
            let body = word(bench);
            let reply = Reply::new(status, headers, &body);
            let seen = get(bench, &mut origin, &path, &reply)?;
            seen.condition(None, NOT_KEPT)?;
            let status = status[..3].parse().unwrap_or_default();
            seen.is(status, &body, NOT_KEPT)?;
        }
    }
    Ok(())
}

pub(super) fn directives(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    for (control, keep) in [
        ("Cache-Control: public, Max-Age=60", true),
        ("cache-control: x-shop=1,max-age=60 , public", true),
        ("CACHE-CONTROL: MAX-AGE=60,No-Store", false),
        ("Cache-Control: x-max-age=60", false),
    ] {
        let (path, body) = (path(bench), word(bench));
        let reply = Reply::page(&format!("{control}\r\n"), &body);
        get(bench, &mut origin, &path, &reply)?.is(200, &body, PASSED_ON)?;
        let seen = get(bench, &mut origin, &path, &reply)?;
        seen.asked(usize::from(!keep), DIRECTIVES)?;
    }
    Ok(())
}
