//! Exercise 8, a codec: records of tagged fields come in, not all of them
//! right; each goes back in order, or else the number of what is wrong.

mod problems;
mod records;
mod stream;
mod words;

pub use self::records::{answer, crc32, record, refusal};
use self::records::{any_number, celsius, field, id, name, numbers};
use self::words::*;
use super::{Bench, Exchange, Exercise, Outcome, Role, Shown, Step};
use crate::peer::Peer;

pub static EXERCISE: Exercise = Exercise {
    number: 8,
    title: "a codec that takes no byte on trust",
    role: Role::Server,
    steps: &[
        Step::new("a record with an id and a name comes back", one_record),
        Step::new("fields come back in the order of their tags", any_order),
        Step::new("numbers come back in ascending order", ascending),
        Step::new("numbers of 1 to 64 bits", any_size),
        Step::new("text comes back byte for byte", text),
        Step::new("a float comes back bit for bit", floats),
        Step::new("empty fields come back, missing ones do not", empty),
        Step::new("unknown tags are skipped", unknown),
        Step::new("three records in one packet", stream::three_in_one),
        Step::hostile("one byte at a time", stream::one_byte_at_a_time),
        Step::hostile("a damaged record is answered with 2", problems::damaged),
        Step::hostile(
            "a varint longer than it must be is answered with 3",
            problems::padded,
        ),
        Step::hostile(
            "a varint of more than 64 bits is answered with 3",
            problems::over_64,
        ),
        Step::hostile(
            "a field or varint cut short is answered with 4",
            problems::cut_short,
        ),
        Step::hostile(
            "bytes left over in a value are answered with 5",
            problems::left_over,
        ),
        Step::hostile("a known tag twice is answered with 6", problems::twice),
        Step::hostile(
            "text that is not UTF-8 is answered with 7",
            problems::no_text,
        ),
        Step::hostile("NaN is answered with 8", problems::no_number),
        Step::hostile(
            "a record without an id is answered with 9",
            problems::no_id,
        ),
        Step::hostile("the first problem wins", problems::first_wins),
        Step::hostile("80 records at random", problems::at_random),
        Step::hostile("a body of 4,096 bytes, the longest", stream::longest),
        Step::hostile(
            "a length over 4,096 is answered with 1, and the end",
            stream::too_long,
        ),
        Step::hostile(
            "a bad length is answered with 3, and the end",
            stream::bad_length,
        ),
        Step::hostile("the end between two records", stream::goodbye),
        Step::hostile("the end inside a record", stream::half_a_record),
        Step::hostile("a length that is too small", stream::short_length),
        Step::hostile("a client that does not wait", stream::leaves),
    ],
    after: Some(stream::still_serves),
    words: WORDS,
    hint: &[
        "Write `take_varint` first: it takes a slice, and returns the number \
         and what is left of the slice, or else what is wrong.",
        "Keep the layers apart: one function reads a whole record from the \
         stream, another one turns its body into fields.",
        "Use one error type with the nine numbers, and `?` after each step: \
         then the first problem wins by itself.",
        "`split_at_checked` and `split_first_chunk` compare a length with \
         what is there, so that no claim can make the program panic.",
    ],
};

fn one_record(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let body = [id(7), name("Bern")].concat();
    comes_back(&mut peer, &body, &body, CONTRACT)
}

fn any_order(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let mut fields = [id(7), name("Bern"), numbers(&[5]), celsius(0x41ac_0000)];
    let right = fields.concat();
    fields.reverse();
    comes_back(&mut peer, &fields.concat(), &right, SORTED_FIELDS)?;
    for _ in 0..5 {
        bench.rng.shuffle(&mut fields);
        comes_back(&mut peer, &fields.concat(), &right, SORTED_FIELDS)?;
    }
    Ok(())
}

fn ascending(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let many: Vec<u64> = (0..40).map(|_| any_number(&mut bench.rng)).collect();
    for list in [&[300, 5, 128, 5][..], &[256, 1, 255], &many] {
        let mut sorted = list.to_vec();
        sorted.sort_unstable();
        let body = [id(7), numbers(list)].concat();
        let right = [id(7), numbers(&sorted)].concat();
        comes_back(&mut peer, &body, &right, SORTED_NUMBERS)?;
    }
    Ok(())
}

fn any_size(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    comes_back(&mut peer, &id(0), &id(0), ALL_THE_SAME)?;
    for bits in 0..=64 {
        // 0, 1, 3, 7, … and its neighbour.
        let number = u64::MAX.checked_shr(64 - bits).unwrap_or(0);
        let body = [id(number), numbers(&[number & !1])].concat();
        comes_back(&mut peer, &body, &body, ANY_SIZE)?;
    }
    let order = [u64::MAX, 1 << 63, (1 << 63) - 1, 1 << 53, 0];
    let body = [id(1 << 63), numbers(&order)].concat();
    let mut sorted = order;
    sorted.reverse();
    let right = [id(1 << 63), numbers(&sorted)].concat();
    comes_back(&mut peer, &body, &right, ANY_SIZE)
}

fn text(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for text in [
        "Zürich",
        "Zu\u{308}rich",
        " 東京\r\n",
        "\u{feff}marked",
        "a\0b\0",
        "🦀 \u{10ffff} \u{fffe} \u{7f}",
    ] {
        let body = [id(7), name(text)].concat();
        comes_back(&mut peer, &body, &body, TEXT_AS_IT_IS)?;
    }
    Ok(())
}

fn floats(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for bits in [
        0x41ac_0000, // 21.5
        0xc1ac_0000,
        0x3dcc_cccd, // the one nearest to 0.1
        0,
        0x8000_0000, // −0
        1,           // the smallest above 0
        0x7f7f_ffff, // the largest
        0x7f80_0000, // infinity
        0xff80_0000,
    ] {
        let body = [id(7), celsius(bits)].concat();
        comes_back(&mut peer, &body, &body, BITS_AS_THEY_ARE)?;
    }
    Ok(())
}

fn empty(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for body in [
        id(0),
        [id(7), name("")].concat(),
        [id(7), numbers(&[])].concat(),
        [id(7), name(""), numbers(&[]), celsius(0)].concat(),
    ] {
        comes_back(&mut peer, &body, &body, EMPTY)?;
    }
    Ok(())
}

fn unknown(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let long = [0x80; 200];
    for (tag, value) in [
        (5, &b"news"[..]),
        (0, b""),
        (15, b"\x02"),
        (129, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        (u64::MAX, &long),
        (1 << 32 | 1, b"\x01\x01\x07"),
    ] {
        let other = field(tag, value);
        let body = [&other[..], &name("Bern"), &id(7), &other].concat();
        let right = [id(7), name("Bern")].concat();
        comes_back(&mut peer, &body, &right, SKIP)?;
    }
    Ok(())
}

/// A record with this body is answered by one with the other.
fn comes_back(
    peer: &mut Peer,
    body: &[u8],
    right: &[u8],
    likely: &'static str,
) -> Outcome {
    let sent = record(body);
    peer.send(&sent);
    answers(peer, Shown::hex(&sent), &record(right), likely)
}

/// These bytes come back, and the connection stays open.
fn answers(
    peer: &mut Peer,
    sent: Shown,
    expected: &[u8],
    likely: &'static str,
) -> Outcome {
    Exchange {
        sent,
        expected,
        close: false,
        likely,
        show: Shown::hex,
    }
    .judge(peer)
}
