//! Exercise 11, over TCP: questions behind their lengths.

use std::time::Duration;

use super::ask::{
    PROBE, Question, answered_over_tcp, closed, framed, over_tcp, over_udp,
};
use super::message::{A, AAAA, TXT};
use super::words::*;
use crate::check::{Bench, Outcome, Shown};
use crate::peer::cut;

/// Between two pieces of a question.
const PAUSE: Duration = Duration::from_millis(2);

/// How long a connection is silent: less than the 5 s that it may be, so that
/// a busy machine does not make it more.
const SILENCE: Duration = Duration::from_secs(3);

pub fn whole(bench: &mut Bench) -> Outcome {
    for (name, kind) in [
        ("a.b", A),
        ("nobody", A),
        ("full", TXT),
        ("over", TXT),
        ("long", TXT),
    ] {
        let question = Question::of(name, kind, &mut bench.rng);
        let mut peer = bench.connect()?;
        over_tcp(&mut peer, &question.bytes(), TCP)?;
    }
    Ok(())
}

pub fn cut_anywhere(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for _ in 0..3 {
        let question = Question::of("alias", A, &mut bench.rng).bytes();
        over_tcp(&mut peer, &question, ONE_READ)?;
    }
    let questions: Vec<_> = ["www", "again", "nobody", "text", "long"]
        .map(|name| Question::of(name, TXT, &mut bench.rng).bytes())
        .into();
    let all: Vec<_> = questions.iter().flat_map(|it| framed(it)).collect();
    // One byte of a length, alone for so long that it is read alone.
    peer.send_pieces([&all[..1]], Duration::from_millis(100));
    peer.send_pieces(cut(&all[1..], 40, &mut bench.rng), PAUSE);
    for question in &questions {
        answered_over_tcp(&mut peer, question, ONE_READ)?;
    }
    // All in one piece.
    peer.send(&all);
    for question in &questions {
        answered_over_tcp(&mut peer, question, ONE_READ)?;
    }
    Ok(())
}

pub fn another_client(bench: &mut Bench) -> Outcome {
    let slow = Question::of("alias", AAAA, &mut bench.rng).bytes();
    let framed = framed(&slow);
    let mut first = bench.connect()?;
    first.send(&framed[..20]);
    for _ in 0..3 {
        let question = Question::of("www", A, &mut bench.rng).bytes();
        let mut second = bench.connect()?;
        over_tcp(&mut second, &question, WAITS)?;
        let asker = bench.asker(PROBE)?;
        over_udp(&asker, &question, WAITS)?;
    }
    first.send(&framed[20..]);
    answered_over_tcp(&mut first, &slow, WAITS)
}

/// Before a question, between two, and within one: at the same time.
pub fn idle(bench: &mut Bench) -> Outcome {
    let question =
        |bench: &mut Bench| Question::of("www", A, &mut bench.rng).bytes();
    let mut mute = bench.connect()?;
    let mut asked = bench.connect()?;
    over_tcp(&mut asked, &question(bench), TCP)?;
    let mut begun = bench.connect()?;
    let slow = question(bench);
    let whole = framed(&slow);
    let (head, rest) = whole.split_at(20);
    begun.send(head);
    mute.pause(SILENCE);
    begun.send(rest);
    answered_over_tcp(&mut begun, &slow, IDLE)?;
    over_tcp(&mut mute, &question(bench), IDLE)?;
    over_tcp(&mut asked, &question(bench), IDLE)
}

pub fn closes(bench: &mut Bench) -> Outcome {
    let mut answer = Question::of("www", A, &mut bench.rng);
    answer.flags |= 0x8000;
    for bad in [&b""[..], b"\0", &PROBE[..11], &answer.bytes()] {
        let good = Question::of("a.b", A, &mut bench.rng).bytes();
        let mut peer = bench.connect()?;
        over_tcp(&mut peer, &good, TCP)?;
        let sent = framed(bad);
        peer.send(&sent);
        closed(&mut peer, Shown::hex(&sent).note(AS_TCP), CLOSE)?;
    }
    // Ends and resets within a message: the server goes on.
    for length in [0, 1, 2, 12, PROBE.len()] {
        let mut peer = bench.connect()?;
        let sent = &framed(PROBE)[..length];
        peer.send(sent);
        peer.half_close();
        closed(&mut peer, Shown::hex(sent).note(THEN_HALF_CLOSE), CLOSE)?;
        let mut peer = bench.connect()?;
        peer.send(sent);
        peer.reset();
    }
    Ok(())
}

pub fn half_close(bench: &mut Bench) -> Outcome {
    let questions: Vec<_> = ["www", "nobody", "alias"]
        .map(|name| Question::of(name, A, &mut bench.rng).bytes())
        .into();
    let all: Vec<_> = questions.iter().flat_map(|it| framed(it)).collect();
    let mut peer = bench.connect()?;
    peer.send(&all);
    peer.half_close();
    for question in &questions {
        answered_over_tcp(&mut peer, question, HALF_CLOSED)?;
    }
    closed(
        &mut peer,
        Shown::hex(&all).note(THEN_HALF_CLOSE),
        HALF_CLOSED,
    )
}
