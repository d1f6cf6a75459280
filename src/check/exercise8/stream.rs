//! Exercise 8, the conversation as a whole: cut, long, ended too soon.

use std::time::Duration;

use super::super::{Bench, Exchange, Outcome, Shown};
use super::records::{
    BAD_CHECKSUM, BAD_VARINT, MAX_BODY, NUMBERS, TOO_LONG, answer, field, id,
    name, numbers, record, refusal, varint,
};
use super::words::*;
use super::{answers, comes_back};
use crate::peer::{Peer, cut};

/// Between two pieces of a record.
const PAUSE: Duration = Duration::from_millis(2);

pub fn three_in_one(bench: &mut Bench) -> Outcome {
    let bodies = [300, 7, 128].map(|it| [name("Bern"), id(it)].concat());
    let sent: Vec<u8> = bodies.iter().flat_map(|it| record(it)).collect();
    let right: Vec<u8> = bodies.iter().flat_map(|it| answer(it)).collect();
    let mut peer = bench.connect()?;
    peer.send(&sent);
    let shown = Shown::hex(&sent).note(IN_ONE_PACKET);
    answers(&mut peer, shown, &right, NEXT_RECORD)
}

pub fn one_byte_at_a_time(bench: &mut Bench) -> Outcome {
    // More than 127 bytes: the length has two.
    let long = "Zürich ".repeat(20);
    let mut peer = bench.connect()?;
    for body in [id(7), [name(&long), id(300)].concat()] {
        let sent = record(&body);
        peer.send_pieces(sent.chunks(1), PAUSE);
        let shown = Shown::hex(&sent).note(IN_PIECES);
        answers(&mut peer, shown, &answer(&body), ONE_READ)?;
    }
    Ok(())
}

pub fn longest(bench: &mut Bench) -> Outcome {
    let filled = MAX_BODY - id(7).len() - 3;
    let text = [id(7), name(&"z".repeat(filled))].concat();
    // From the largest of one byte down, then all of them alike.
    let list: Vec<u8> = (0..filled).map(|at| 127 - (at / 40) as u8).collect();
    let list = [id(7), field(NUMBERS, &list)].concat();
    for body in [text, list] {
        debug_assert_eq!(body.len(), MAX_BODY);
        let sent = record(&body);
        let mut peer = bench.connect()?;
        peer.send(&sent);
        let shown = Shown::hex(&sent).note(IN_ONE_PACKET);
        answers(&mut peer, shown, &answer(&body), LONGEST)?;
        peer.send_pieces(cut(&sent, 900, &mut bench.rng), PAUSE);
        let shown = Shown::hex(&sent).note(IN_PIECES);
        answers(&mut peer, shown, &answer(&body), LONGEST)?;
    }
    Ok(())
}

pub fn too_long(bench: &mut Bench) -> Outcome {
    for length in [
        4097,
        65_535,
        (1 << 31) + 3,
        (1 << 32) + 3,
        1 << 63,
        u64::MAX,
    ] {
        refused(bench, &varint(length), TOO_LONG, UNCHECKED)?;
    }
    Ok(())
}

pub fn bad_length(bench: &mut Bench) -> Outcome {
    let over = [&[0xff; 9][..], &[0x02]].concat();
    for length in [&[0x83, 0x00][..], &[0x83, 0x80, 0x00], &over, &[0x80; 10]] {
        refused(bench, length, BAD_VARINT, TENTH_BYTE)?;
    }
    Ok(())
}

/// A whole record, and a length after which the server reads no more.
fn refused(
    bench: &mut Bench,
    length: &[u8],
    code: u8,
    likely: &'static str,
) -> Outcome {
    for before in [vec![], record(&id(7))] {
        let mut peer = bench.connect()?;
        let sent = [&before[..], length].concat();
        peer.send(&sent);
        let expected = [before, refusal(code)].concat();
        let shown = Shown::hex(&sent).note(ONLY_LENGTH);
        ends(&mut peer, shown, &expected, likely)?;
    }
    Ok(())
}

pub fn short_length(bench: &mut Bench) -> Outcome {
    let body = [id(7), numbers(&[300])].concat();
    let mut sent = record(&body);
    sent[0] -= 1;
    let mut peer = bench.connect()?;
    peer.send(&sent);
    peer.half_close();
    let shown = Shown::hex(&sent).note(THEN_HALF_CLOSE);
    ends(&mut peer, shown, &refusal(BAD_CHECKSUM), SHORT_LENGTH)
}

pub fn goodbye(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    peer.half_close();
    ends(&mut peer, Shown::words(ONLY_HALF_CLOSE), b"", NO_GOODBYE)?;

    let sent = [record(&id(7)), record(&id(300))].concat();
    let mut peer = bench.connect()?;
    peer.send(&sent);
    peer.half_close();
    let shown = Shown::hex(&sent).note(THEN_HALF_CLOSE);
    ends(&mut peer, shown, &sent, HALF_CLOSED)
}

pub fn half_a_record(bench: &mut Bench) -> Outcome {
    let whole = record(&id(7));
    let half = record(&[id(300), name(&"Zürich".repeat(20))].concat());
    // In the length, after it, in the body, after it, in the checksum.
    let end = half.len();
    for before in [&[][..], &whole] {
        for cut in [1, 2, 9, end - 4, end - 1] {
            let sent = [before, &half[..cut]].concat();
            let mut peer = bench.connect()?;
            peer.send(&sent);
            peer.half_close();
            let shown = Shown::hex(&sent).note(THEN_HALF_CLOSE);
            ends(&mut peer, shown, before, HALF_ANSWERED)?;
        }
    }
    Ok(())
}

pub fn leaves(bench: &mut Bench) -> Outcome {
    let whole = record(&[id(300), name("Bern")].concat()).repeat(5);
    bench.clients_leave([0, 1, 7, whole.len()].map(|cut| &whole[..cut]))
}

pub fn still_serves(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let body = [id(300), name("next")].concat();
    comes_back(&mut peer, &body, &body, NEXT_CLIENT)
}

/// These bytes come back, and then the connection ends.
fn ends(
    peer: &mut Peer,
    sent: Shown,
    expected: &[u8],
    likely: &'static str,
) -> Outcome {
    Exchange {
        sent,
        expected,
        close: true,
        likely,
        show: Shown::hex,
    }
    .judge(peer)
}
