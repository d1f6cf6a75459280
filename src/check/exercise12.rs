//! Exercise 12, a server that restarts at once: each line is answered by its
//! length and by itself; the program is started and killed several times.

mod restart;
mod stall;
mod words;

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::ops::RangeInclusive;

use self::restart::Server;
use self::words::*;
use super::{
    Bench, Exchange, Exercise, Failure, Outcome, PATIENCE, Role, Shown, Step,
    Stop,
};
use crate::peer::{Peer, Then};

/// So many clients call while the program cannot accept: more than short
/// queues hold, and half of what std and Python ask for.
const BURST: usize = 64;

pub static EXERCISE: Exercise = Exercise {
    number: 12,
    title: "the server that restarts at once",
    role: Role::Server,
    steps: &[
        Step::new("a line is answered by its length and itself", lines),
        Step::new("any byte but \\n may stand in a line", any_bytes),
        Step::new("nothing but `bye` says `bye`", not_bye),
        Step::new("after `bye` the server closes first, in order", bye),
        Step::new(
            "many small answers, and none waits for a timer",
            stall::no_answer_waits,
        ),
        Step::hostile("half a line, then the client's end", half_a_line),
        Step::hostile(
            "half a line, then silence, while others are served",
            silence,
        ),
        Step::new("64 clients call while the program cannot accept", burst),
        Step::new("killed, and started again at once", again),
        Step::new("the same at [::1]", again_at_v6),
        Step::new("at [::], for IPv6 and for IPv4", dual_stack),
        Step::hostile("4 s of silence end no connection", stall::idle),
    ],
    after: Some(still_serves),
    words: WORDS,
    hint: &[
        "Six knobs are in lesson 12. Which of them does your library turn \
         for you, and which of them has it left as the system had it?",
        "Two small writes in a row: write both lines in one, or set \
         `TCP_NODELAY` on each stream that you accept.",
        "Before `bind`: `SO_REUSEADDR`, but not on Windows. In `listen`: a \
         backlog of 128. Rust's `TcpListener::bind` does both.",
        "`IPV6_V6ONLY` has to be off before `bind`. In Rust that takes \
         `socket2`; then `TcpListener::from(socket)`.",
    ],
};

fn lines(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    answers(&mut peer, b"hello", CONTRACT)?;
    answers(&mut peer, b"", EMPTY)?;
    for _ in 0..3 {
        answers(&mut peer, &word(bench), CONTRACT)?;
    }
    for length in [99, 100] {
        answers(&mut peer, &letters(length..=length, bench), LONGEST)?;
    }
    Ok(())
}

fn any_bytes(bench: &mut Bench) -> Outcome {
    let mut all: Vec<u8> = (0..=255).filter(|&byte| byte != b'\n').collect();
    bench.rng.shuffle(&mut all);
    let mut peer = bench.connect()?;
    for line in [&b"pear\r"[..], b"\r", b" \t both ends \t ", b"a\0b", b"\0"] {
        answers(&mut peer, line, LINE_FEED_ONLY)?;
    }
    let mut lines = vec!["déjà vu, 你好".as_bytes(), b"\xff\xfe\x80"];
    lines.extend(all.chunks(100));
    for line in lines {
        answers(&mut peer, line, BYTES)?;
    }
    Ok(())
}

/// Whether the server has closed shows at the next line.
fn not_bye(bench: &mut Bench) -> Outcome {
    for line in [&b"BYE"[..], b"bye!", b" bye", b"bye\r", b"goodbye", b"by"] {
        let mut peer = bench.connect()?;
        answers(&mut peer, line, ONLY_BYE)?;
        answers(&mut peer, line, ONLY_BYE)?;
    }
    Ok(())
}

fn bye(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    says_bye(&mut peer)?;
    let mut peer = bench.connect()?;
    answers(&mut peer, &word(bench), CONTRACT)?;
    says_bye(&mut peer)
}

fn half_a_line(bench: &mut Bench) -> Outcome {
    let whole = word(bench);
    for half in [&b"half"[..], b"bye", b""] {
        let mut peer = bench.connect()?;
        answers(&mut peer, &whole, CONTRACT)?;
        peer.send(half);
        peer.half_close();
        Exchange {
            sent: Shown::text(half).note(THEN_HALF_CLOSE),
            expected: b"",
            close: true,
            likely: HALF_A_LINE,
            show: Shown::text,
        }
        .judge(&mut peer)?;
    }
    Ok(())
}

fn silence(bench: &mut Bench) -> Outcome {
    let mut silent = bench.connect()?;
    let slow = word(bench);
    silent.send(&slow[..1]);
    for _ in 0..3 {
        let mut peer = bench.connect()?;
        answers(&mut peer, &word(bench), ONE_AT_A_TIME)?;
    }
    silent.send(&slow[1..]);
    silent.send(b"\n");
    exchange(&mut silent, &slow, ONE_AT_A_TIME)
}

fn burst(bench: &mut Bench) -> Outcome {
    let server = Server::start(bench, Ipv4Addr::LOCALHOST.into())?;
    let frozen = server.freeze();
    let mut peers = Vec::new();
    for number in 0..BURST {
        let limit = bench.limit();
        let Ok(peer) = Peer::connect(server.address, PATIENCE, limit) else {
            return Err(Failure {
                sent: Shown::words(if frozen { FROZEN } else { CALLS }),
                expected: Shown::plain(BURST.to_string()).note(GET_IN),
                got: Shown::plain(number.to_string()).note(GOT_IN),
                likely: BACKLOG,
                died: None,
            }
            .into());
        };
        peers.push(peer);
    }
    let asked: Vec<_> = peers.iter().map(|_| word(bench)).collect();
    for (peer, line) in peers.iter_mut().zip(&asked) {
        peer.send(&[line, &b"\n"[..]].concat());
    }
    server.thaw();
    for (peer, line) in peers.iter_mut().zip(&asked) {
        exchange(peer, line, ONE_OF_MANY)?;
    }
    Ok(())
}

fn again(bench: &mut Bench) -> Outcome {
    let server = Server::start(bench, Ipv4Addr::LOCALHOST.into())?;
    restarts(bench, server)
}

fn again_at_v6(bench: &mut Bench) -> Outcome {
    has_v6()?;
    let server = Server::start(bench, Ipv6Addr::LOCALHOST.into())?;
    restarts(bench, server)
}

fn dual_stack(bench: &mut Bench) -> Outcome {
    has_v6()?;
    let mut server = Server::start(bench, Ipv6Addr::UNSPECIFIED.into())?;
    let v4 = SocketAddr::from((Ipv4Addr::LOCALHOST, server.address.port()));
    for _ in 0..2 {
        let mut peer = server.connect(bench)?;
        answers(&mut peer, &word(bench), CONTRACT)?;
        says_bye(&mut peer)?;
        let limit = bench.limit();
        let mut peer =
            Peer::connect(v4, PATIENCE, limit).map_err(|_| Failure {
                sent: Shown::plain(v4.to_string()).note(A_V4_CALLER),
                expected: Shown::words(A_CONNECTION),
                got: Shown::words(NO_CONNECTION),
                likely: ONLY_V6,
                died: None,
            })?;
        answers(&mut peer, &word(bench), CONTRACT)?;
        says_bye(&mut peer)?;
        server = server.restart(bench)?;
    }
    Ok(())
}

/// Kills and starts it twice, with connections of all kinds left over.
fn restarts(bench: &mut Bench, mut server: Server) -> Outcome {
    for _ in 0..2 {
        for _ in 0..3 {
            // The server's end has closed first: it is in TIME-WAIT.
            says_bye(&mut server.connect(bench)?)?;
        }
        let mut open = server.connect(bench)?;
        answers(&mut open, &word(bench), CONTRACT)?;
        server = server.restart(bench)?;
        answers(&mut server.connect(bench)?, &word(bench), CONTRACT)?;
        drop(open);
    }
    Ok(())
}

fn has_v6() -> Outcome {
    match TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) {
        Ok(_) => Ok(()),
        Err(_) => Err(Stop::Skipped(NO_V6)),
    }
}

fn still_serves(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    answers(&mut peer, b"next", ONE_AT_A_TIME)
}

/// Never `bye`.
fn word(bench: &mut Bench) -> Vec<u8> {
    letters(5..=20, bench)
}

fn letters(length: RangeInclusive<usize>, bench: &mut Bench) -> Vec<u8> {
    let length = bench.rng.usize(length);
    (0..length).map(|_| bench.rng.alphabetic() as u8).collect()
}

/// What comes back for a line.
fn answer(line: &[u8]) -> Vec<u8> {
    let length = line.len().to_string();
    [length.as_bytes(), b"\n", line, b"\n"].concat()
}

/// Sends a line; its answer comes, and the connection stays open.
fn answers(peer: &mut Peer, line: &[u8], likely: &'static str) -> Outcome {
    peer.send(&[line, b"\n"].concat());
    exchange(peer, line, likely)
}

/// The answer to a line that was sent.
fn exchange(peer: &mut Peer, line: &[u8], likely: &'static str) -> Outcome {
    Exchange {
        sent: Shown::text(&[line, b"\n"].concat()),
        expected: &answer(line),
        close: false,
        likely,
        show: Shown::text,
    }
    .judge(peer)
}

/// Sends `bye`; the answer comes, and an end in order, while the client has
/// not closed anything.
fn says_bye(peer: &mut Peer) -> Outcome {
    peer.send(b"bye\n");
    let expected = answer(b"bye");
    let got = peer.read(expected.len() + 1, PATIENCE);
    if got.bytes == expected && got.then == Then::End {
        return Ok(());
    }
    let (came, likely) = match got.then {
        Then::Reset => (THEN_A_RESET, RESET),
        Then::Silence => (THEN_NOTHING, STAYS),
        Then::End | Then::Enough => ("", CONTRACT),
    };
    Err(Failure {
        sent: Shown::text(b"bye\n"),
        expected: Shown::text(&expected).note(THEN_THE_END),
        got: Shown::text(&got.bytes).note(came),
        likely,
        died: None,
    }
    .into())
}
