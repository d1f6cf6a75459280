//! Exercise 23, what is broken: bad answers of the origin and bad requests
//! of readers go in, a 502 or a 400 must come out.

use super::http::Reply;
use super::words::*;
use super::world::{Origin, Reader};
use super::{FRESH_HEADERS, fails, get, get_or, path, word};
use crate::check::{Bench, Outcome, Shown, Stop};

/// Longer than any body may be.
const TOO_LONG: &str = "8388609";

pub(super) fn answers(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let claims =
        |length| Reply::claiming(length, "200 OK", FRESH_HEADERS, "short");
    let head = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n";
    let bytes = |text: String| Reply::Bytes(text.into_bytes());
    for reply in [
        claims("6"),
        claims("-5"),
        claims("+5"),
        claims("five"),
        claims(TOO_LONG),
        claims("99999999999999999999999"),
        bytes(format!("{head}\r\nno length")),
        bytes("HTTP/1.1 404 Not Found\r\n\r\nno length".to_owned()),
        bytes(head.to_owned()),
        bytes("220 shop ESMTP\r\n".to_owned()),
        Reply::End,
    ] {
        let path = path(bench);
        let seen = get_or(BAD_GATEWAY, bench, &mut origin, &path, &reply)?;
        bad_gateway(seen.answer.status, &seen.sent, BAD_GATEWAY)?;
        // And it was not kept.
        let body = word(bench);
        let good = Reply::page("", &body);
        let seen = get(bench, &mut origin, &path, &good)?;
        seen.asked(1, BAD_GATEWAY)?;
        seen.is(200, &body, BAD_GATEWAY)?;
    }
    two_lengths(bench, &mut origin)?;
    what_was_stored_stays(bench, &mut origin)?;
    nobody_there(bench)
}

/// The first one is right, then the last one.
fn two_lengths(bench: &mut Bench, origin: &mut Origin) -> Outcome {
    for lengths in ["5\r\nContent-Length: 4", "4\r\ncontent-length: 5"] {
        let reply = Reply::claiming(lengths, "200 OK", FRESH_HEADERS, "short");
        let path = path(bench);
        let seen = get_or(TWO_LENGTHS, bench, origin, &path, &reply)?;
        let sent = format!("GET {path}\nContent-Length: {lengths}\n\nshort");
        let sent = Shown::plain(sent);
        bad_gateway(seen.answer.status, &sent, TWO_LENGTHS)?;
    }
    Ok(())
}

/// No answer at all is no answer that replaces another.
fn what_was_stored_stays(bench: &mut Bench, origin: &mut Origin) -> Outcome {
    let (path, body) = (path(bench), word(bench));
    let stale = "Cache-Control: max-age=0\r\nETag: \"1\"\r\n";
    get(bench, origin, &path, &Reply::page(stale, &body))?;
    let seen = get_or(BAD_GATEWAY, bench, origin, &path, &Reply::End)?;
    let sent = Shown::plain(format!("GET {path}")).note(NO_ANSWER);
    bad_gateway(seen.answer.status, &sent, BAD_GATEWAY)?;
    let seen = get(bench, origin, &path, &Reply::not_modified(stale))?;
    seen.condition(Some("\"1\""), KEEPS_THE_OLD)?;
    seen.is(200, &body, BODY_FROM_CACHE)
}

fn nobody_there(bench: &mut Bench) -> Outcome {
    let gone = Origin::new(bench)?;
    let url = gone.url(&path(bench));
    drop(gone);
    let mut idle = Origin::new(bench)?;
    let mut reader = [Reader::ask(bench, &url)?];
    let sent = reader[0].sent().note(REFUSED);
    let answers = idle.serve(&mut reader, BAD_GATEWAY, |_| Reply::End)?;
    bad_gateway(answers[0].status, &sent, BAD_GATEWAY)
}

fn bad_gateway(status: u16, sent: &Shown, likely: &'static str) -> Outcome {
    if status == 502 {
        return Ok(());
    }
    let got = Shown::plain(status.to_string());
    fails(sent, Shown::plain("502"), got, likely)
}

pub(super) fn requests(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let url = origin.url(&path(bench));
    let (_, after) = url.split_once("://").unwrap_or_default();
    for line in [
        format!("POST {url} HTTP/1.1"),
        format!("get {url} HTTP/1.1"),
        "GET /path HTTP/1.1".to_owned(),
        format!("GET ftp://{after} HTTP/1.1"),
    ] {
        let mut reader = [Reader::send(bench, &line)?];
        let served = origin.serve(&mut reader, BAD_REQUEST, |_| Reply::End);
        let answers = match served {
            // Nothing of this is the origin's business.
            Err(Stop::Failed(failure)) => {
                let (sent, got) = (reader[0].sent(), failure.got);
                return fails(&sent, Shown::plain("400"), got, BAD_REQUEST);
            }
            served => served?,
        };
        if answers[0].status != 400 {
            let got = Shown::plain(answers[0].status.to_string());
            let sent = reader[0].sent();
            return fails(&sent, Shown::plain("400"), got, BAD_REQUEST);
        }
    }
    Ok(())
}
