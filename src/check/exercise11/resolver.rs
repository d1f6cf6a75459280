//! Exercise 11, asked by hickory-resolver: the questions go to a program of
//! the package `exercises`, its lines come back.

use std::ffi::OsString;
use std::time::Duration;

use super::ask::PROBE;
use super::words::{BY_A_RESOLVER, RESOLVER};
use crate::cargo;
use crate::check::{Bench, Error, Failure, Outcome, Program, Shown};

/// Its own limits are shorter, unless nothing answers at all.
const PATIENCE: Duration = Duration::from_secs(30);

/// Question and answer, as the resolver prints them.
const ASKED: [(&str, &str); 8] = [
    ("A www.wire.example.", "192.0.2.1 192.0.2.2"),
    ("AAAA again.wire.example.", "2001:db8::1"),
    ("A a.b.wire.example.", "192.0.2.3"),
    ("TXT text.wire.example.", "17"),
    ("TXT long.wire.example.", "4080"),
    ("TXT www.wire.example.", "NODATA"),
    ("A nobody.wire.example.", "NXDOMAIN"),
    ("A www.example.net.", "REFUSED"),
];

pub fn asks(bench: &mut Bench) -> Outcome {
    let helper = cargo::build_helper("resolve11")
        .map_err(|error| Error::Helper(format!("{error:#}")))?;
    // Building it is not the server's time.
    bench.begin_again();
    let server = bench.asker(PROBE)?.server();
    let mut command = vec![OsString::from(helper)];
    for (question, _) in ASKED {
        command.extend(question.split(' ').map(OsString::from));
    }
    let resolver = Program::start(&command, server, bench.limit())?;
    let ended = resolver.finish(PATIENCE);
    let expected = ASKED.map(|(asked, answer)| format!("{asked} {answer}\n"));
    let expected = expected.concat();
    let got = String::from_utf8_lossy(&ended.stdout).replace("\r\n", "\n");
    if got == expected {
        return Ok(());
    }
    // The lines that are others, each beside the right one.
    let pairs = expected
        .lines()
        .zip(got.lines().chain(std::iter::repeat("")));
    let (right, wrong): (Vec<_>, Vec<_>) =
        pairs.filter(|(one, other)| one != other).unzip();
    let questions = ASKED.map(|(asked, _)| asked).join("\n");
    Err(Failure {
        sent: Shown::plain(questions).note(BY_A_RESOLVER),
        expected: Shown::plain(right.join("\n")),
        got: match wrong.concat().is_empty() {
            true => ended.shown(),
            false => Shown::plain(wrong.join("\n").trim_end()),
        },
        likely: RESOLVER,
        died: None,
    }
    .into())
}
