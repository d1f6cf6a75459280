//! Mistakes of who types: each is answered with one sentence that says what
//! was tried and what is wrong, and with the right exit code.

use anyhow::{Result, ensure};

use crate::end::Finished;
use crate::room::{Room, in_each, rooms};

/// Fails unless it ended so, with one sentence that holds these words.
fn told(finished: &Finished, code: i32, words: &[&str]) -> Result<()> {
    ensure!(finished.code == Some(code), "not {code}: {finished:?}");
    let (out, err) = (&finished.out, &finished.err);
    ensure!(!err.contains("panicked"), "{err}");
    ensure!(out.is_empty(), "it went on: {out}");
    let sentences = err.lines().filter(|line| {
        line.starts_with("wire: ") || line.starts_with("error: ")
    });
    let sentences: Vec<&str> = sentences.collect();
    ensure!(sentences.len() == 1, "{err}");
    for word in words {
        ensure!(sentences[0].contains(word), "no {word:?}: {err}");
    }
    Ok(())
}

/// Exit 2: what cannot be meant.
const USAGE: [(&[&str], &[&str]); 10] = [
    (&["--queue", "0"], &["queue", "0", "1 byte"]),
    (&["--rate", "10"], &["--rate", "\"10\"", "10mbit"]),
    (&["--loss", "2"], &["--loss", "\"2\"", "1%"]),
    (&["--drop", "0"], &["--drop", "0", "1.."]),
    (&["--drop-answer", "0"], &["--drop-answer", "1.."]),
    (&["--rtt", "-1ms"], &["-1"]),
    (&["--mtu", "100"], &["--mtu", "576"]),
    (&["--cc", "../cubic"], &["--cc", "reno"]),
    (&["--set", "kernel.panic=1"], &["--set", "tcp_sack=0"]),
    (&["--burst-end", "1%"], &["required"]),
];

#[test]
fn options_that_mean_nothing_are_refused() -> Result<()> {
    in_each(|room| {
        for (options, words) in USAGE {
            let net = ["lab", "net", "--client", "echo it went on"];
            let finished = room.wire(&[&net, options].concat())?;
            told(&finished, 2, words)?;
        }
        let narrow = ["lab", "net", "--client", "echo it went on"];
        let narrow = [&narrow[..], &["--ipv6", "--mtu", "1000"]].concat();
        told(&room.wire(&narrow)?, 2, &["1000", "1280"])?;
        told(&room.wire(&["lab", "net"])?, 2, &["terminal", "--client"])
    })
}

/// A laboratory of which nothing but a failure is expected.
fn net(room: &Room, more: &[&str]) -> Result<Finished> {
    let start = ["lab", "net", "--client", "echo it went on"];
    room.wire(&[&start, more].concat())
}

#[test]
fn what_this_kernel_has_not_is_said() -> Result<()> {
    in_each(|room| {
        let none = net(room, &["--cc", "nosuch"])?;
        told(&none, 3, &["congestion control", "nosuch", "modprobe"])?;
        let none = net(room, &["--set", "net.ipv4.no_such=1"])?;
        told(&none, 1, &["cannot set net.ipv4.no_such", "No such file"])?;
        let none = net(room, &["--set", "net.ipv4.tcp_sack=x"])?;
        told(&none, 1, &["cannot set net.ipv4.tcp_sack", "\"x\""])
    })
}

#[test]
fn files_that_cannot_be_written_are_found_first() -> Result<()> {
    in_each(|room| {
        for option in ["--pcap", "--samples"] {
            let finished = net(room, &[option, "/no/such/folder/x"])?;
            told(&finished, 1, &["cannot write", "/no/such/folder/x"])?;
        }
        let options = ["1", "--pcap", "/no/such/folder/x"];
        let Some(run) = room.lesson(&options)? else {
            return Ok(());
        };
        told(&run, 1, &["cannot write the capture /no/such/folder/x"])
    })
}

#[test]
fn a_server_that_does_not_serve_is_noticed() -> Result<()> {
    in_each(|room| {
        let ended = net(room, &["--server", "exit 4"])?;
        told(&ended, 1, &["the server ended (exit status: 4)"])?;
        let missing = net(room, &["--server", "no-such-program"])?;
        told(&missing, 1, &["the server ended (exit status: 127)"])
    })?;
    // It takes its time, and the user makes no difference.
    for room in rooms()?.iter().take(1) {
        let late = net(room, &["--server", "sleep 1000"])?;
        told(&late, 1, &["does not listen at any port after 5s"])?;
    }
    Ok(())
}

#[test]
fn the_clients_exit_code_is_that_of_the_laboratory() -> Result<()> {
    in_each(|room| {
        for (client, code) in [
            ("exit 0", 0),
            ("exit 5", 5),
            // As sh says of what it does not find.
            ("no-such-program", 127),
        ] {
            let finished = room.wire(&["lab", "net", "--client", client])?;
            ensure!(finished.code == Some(code), "{client}: {finished:?}");
            ensure!(!finished.err.contains("panicked"), "{finished:?}");
        }
        Ok(())
    })
}
