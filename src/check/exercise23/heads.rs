//! Exercise 23, heads: headers that come twice, and heads of any length, go
//! in; whether they go on, and where they end, is judged.

use super::http::{Reply, headers};
use super::stale::aged;
use super::words::*;
use super::world::{Origin, Reader};
use super::{FRESH_HEADERS, Seen, fails, get, get_or, is, path, word};
use crate::check::failure::came;
use crate::check::{Bench, Outcome, PATIENCE, Shown};

/// The longest head there is, in bytes.
const LONGEST: usize = 8192;

/// As much of a head that has no end. It fits into a socket's buffers, so
/// that nobody waits for a proxy that has closed.
const FAR_TOO_LONG: usize = 32 * 1024;

pub(super) fn twice(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let (path, cookies) = (path(bench), cookies(bench));
    let reply = Reply::page(&format!("{FRESH_HEADERS}{cookies}"), "two");
    for times in [1, 0] {
        let seen = get(bench, &mut origin, &path, &reply)?;
        seen.asked(times, FRESH)?;
        all_there(&seen, "Set-Cookie", &cookies, TWICE)?;
        all_there(&seen, "X-Shop", &cookies, FIRST_COLON)?;
        let lengths = headers(&seen.answer.head, "Content-Length");
        if lengths.count() > 1 {
            let expected = Shown::plain("Content-Length: 3");
            let got = Shown::plain(&seen.answer.head);
            return fails(&seen.sent, expected, got, YOUR_OWN);
        }
    }
    Ok(())
}

/// What a 304 says replaces all of that name; what it leaves out stays.
pub(super) fn in_304(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let (path, old, new) = (path(bench), cookies(bench), cookies(bench));
    let stale = format!("{FRESH_HEADERS}Age: 100\r\nETag: \"1\"\r\n{old}");
    get(bench, &mut origin, &path, &Reply::page(&stale, "two"))?;
    let same = Reply::not_modified(&format!("{new}Age: 30\r\n"));
    let seen = get(bench, &mut origin, &path, &same)?;
    seen.condition(Some("\"1\""), SEND_THE_TAG)?;
    seen.is(200, "two", BODY_FROM_CACHE)?;
    all_there(&seen, "Set-Cookie", &new, SAME_NAME)?;
    let seen = get(bench, &mut origin, &path, &same)?;
    // Its max-age is the stored one, its age that of the 304.
    seen.asked(0, FRESH_AGAIN)?;
    aged(&seen, 29..=59, AGE_OF_304)?;
    all_there(&seen, "Set-Cookie", &new, SAME_NAME)?;
    all_there(&seen, "ETag", "ETag: \"1\"", SAME_NAME)
}

/// Two of one name, with another between them.
fn cookies(bench: &mut Bench) -> String {
    let (one, other) = (word(bench), word(bench));
    format!(
        "Set-Cookie: a={one}\r\nX-Shop: at 12:30\r\nSet-Cookie: b={other}\r\n"
    )
}

/// All values of this name have come, in the order in which they stand in
/// `wanted`, and no others.
fn all_there(
    seen: &Seen,
    name: &str,
    wanted: &str,
    likely: &'static str,
) -> Outcome {
    let values = |head| headers(head, name).collect::<Vec<_>>();
    let (expected, got) = (values(wanted), values(&seen.answer.head));
    if got == expected {
        return Ok(());
    }
    let lines = |values: Vec<&str>| {
        let lines = values.iter().map(|it| format!("{name}: {it}\n"));
        Shown::plain(lines.collect::<String>())
    };
    let got = match got.is_empty() {
        true => Shown::words(NO_SUCH_HEADER),
        false => lines(got),
    };
    let sent = Shown::plain(wanted.trim_end());
    fails(&sent, lines(expected), got, likely)
}

pub(super) fn long(bench: &mut Bench) -> Outcome {
    let mut origin = Origin::new(bench)?;
    let (path, body) = (path(bench), word(bench));
    let line = format!("GET {} HTTP/1.1", origin.url(&path));
    let reply = Reply::with_head_of(LONGEST, &body);
    let mut reader = [Reader::with_head_of(LONGEST, bench, &line)?];
    let sent = reader[0].sent().note(LONGEST_HEADS);
    let answers = origin.serve(&mut reader, LONG_HEAD, |_| reply.clone())?;
    is(&answers[0], 200, &body, &sent, LONG_HEAD)?;

    // Of the origin, whole but too long.
    let path = format!("{path}-long");
    let long = Reply::with_head_of(FAR_TOO_LONG, &body);
    let seen = get_or(LONG_HEAD, bench, &mut origin, &path, &long)?;
    if seen.answer.status != 502 {
        let got = Shown::plain(seen.answer.status.to_string());
        let sent = Shown::plain(format!("GET {path}")).note(TOO_LONG_A_HEAD);
        return fails(&sent, Shown::plain("502"), got, LONG_HEAD);
    }
    without_end(bench, &origin)
}

/// A reader's head that does not end: a 400, or no answer.
fn without_end(bench: &mut Bench, origin: &Origin) -> Outcome {
    let mut peer = bench.connect()?;
    let line = format!("GET {} HTTP/1.1", origin.url(&path(bench)));
    let pad = "x".repeat(FAR_TOO_LONG);
    peer.send(format!("{line}\r\nX-Pad: {pad}").as_bytes());
    let got = peer.read(FAR_TOO_LONG, PATIENCE);
    let status = got.bytes.get(..12).unwrap_or_default();
    if got.then.is_closed()
        && (got.bytes.is_empty() || status.ends_with(b" 400"))
    {
        return Ok(());
    }
    let note = came(&got, &got.bytes, PATIENCE);
    let sent = Shown::plain(line).note(NO_END_OF_A_HEAD);
    let got = Shown::lines(&got.bytes).note(note);
    fails(&sent, Shown::words(REFUSED_HEAD), got, LONG_HEAD)
}
