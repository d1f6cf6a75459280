//! Exercise 8, what is wrong with a record: one record per mistake, and the
//! number that names it.

use super::super::{Bench, Outcome, Shown};
use super::records::*;
use super::words::*;
use super::{answers, comes_back};
use crate::peer::Peer;

pub fn damaged(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let body = [id(300), name("Zürich"), celsius(0x41ac_0000)].concat();
    let whole = record(&body);
    let mut records = Vec::new();
    for _ in 0..20 {
        // Not in the length: it would be another one.
        let bit = bench.rng.usize(8..8 * whole.len());
        let mut turned = whole.clone();
        turned[bit / 8] ^= 1 << (bit % 8);
        records.push(turned);
    }
    // Two words swapped, which no sum sees, and all checksum turned round.
    let mut swapped = whole.clone();
    swapped[1..5].rotate_left(2);
    records.push(swapped);
    let mut turned = whole.clone();
    let checksum = whole.len() - 4;
    turned[checksum..].reverse();
    records.push(turned);
    for damaged in records {
        peer.send(&damaged);
        let sent = Shown::hex(&damaged).note(DAMAGED);
        answers(&mut peer, sent, &refusal(BAD_CHECKSUM), CHECKSUM)?;
        comes_back(&mut peer, &body, &body, CHECKSUM)?;
    }
    Ok(())
}

/// Bodies that hold this varint at each place where one may stand.
fn everywhere(varint: &[u8]) -> Vec<Vec<u8>> {
    let unknown = [&[9], varint, b"news"].concat();
    vec![
        field(ID, varint),
        [id(7), field(NUMBERS, varint)].concat(),
        [id(7), field(NUMBERS, &[&[5], varint, &[6]].concat())].concat(),
        [&id(7), varint, &[0]].concat(),
        [id(7), unknown].concat(),
        [&[1], varint, &[7]].concat(),
    ]
}

pub fn padded(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for varint in [
        &[0x80, 0x00][..],
        &[0x81, 0x00],
        &[0x84, 0x80, 0x00],
        &[0xac, 0x82, 0x00],
        &[0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
    ] {
        for body in everywhere(varint) {
            refused(&mut peer, &body, BAD_VARINT, SHORTEST)?;
        }
    }
    Ok(())
}

pub fn over_64(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let nine = |byte: u8, then: &[u8]| [&[byte; 9], then].concat();
    for varint in [
        nine(0xff, &[0x02]),
        nine(0x81, &[0x02]),
        nine(0xff, &[0x7f]),
        nine(0x81, &[0x81, 0x01]),
        nine(0xff, &[0xff, 0xff, 0x01]),
        nine(0x80, &[0x80, 0x00]),
    ] {
        for body in everywhere(&varint) {
            refused(&mut peer, &body, BAD_VARINT, TENTH_BYTE)?;
        }
    }
    // More should follow, and there is no more.
    let endless = nine(0xff, &[0xff]);
    for body in [
        field(ID, &endless),
        [id(7), field(NUMBERS, &endless)].concat(),
        [id(7), endless.clone()].concat(),
        [id(7), vec![9], endless.clone()].concat(),
    ] {
        refused(&mut peer, &body, BAD_VARINT, BYTE_BY_BYTE)?;
    }
    Ok(())
}

pub fn cut_short(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let huge = varint(u64::MAX);
    // 2 bytes, for who keeps only 32 bits of it.
    let wraps = varint((1 << 32) + 2);
    for end in [
        &[0x09][..],                           // a tag alone
        &[0x80],                               // half a tag
        &[0x09, 0x80],                         // half a length
        &[0x09, 0x05, 1, 2, 3, 4], // a length that says one too much
        &[0x02, 0x03, b'o', b'k'], // the same in a name
        &[0x09, 0x80, 0x80, 0x02, 1], // 32,768
        &[0x02, 0xff, 0xff, 0xff, 0xff, 0x0f], // 2^32 − 1
        &[&[0x09], &huge[..], &[1, 2]].concat(),
        &[&[0x09], &wraps[..], &[1, 2]].concat(),
        &[0x03, 0x01, 0x80], // half a number
        &[0x03, 0x03, 0x05, 0xff, 0xff],
        &[0x04, 0x00],
        &[0x04, 0x03, 0x41, 0xac, 0x00],
    ] {
        let body = [&id(7), end].concat();
        refused(&mut peer, &body, CUT_SHORT, REACHES_PAST)?;
    }
    for value in [&[][..], &[0x80], &[0xff; 9]] {
        refused(&mut peer, &field(ID, value), CUT_SHORT, REACHES_PAST)?;
        // What would complete it stands in the next field.
        let body = [field(ID, value), name("Bern")].concat();
        refused(&mut peer, &body, CUT_SHORT, REACHES_PAST)?;
    }
    Ok(())
}

pub fn left_over(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for body in [
        field(ID, &[7, 0]),
        field(ID, &[0xac, 0x02, 0xac, 0x02]),
        field(ID, &[&varint(u64::MAX)[..], &[1]].concat()),
        [id(7), field(CELSIUS, &[0x41, 0xac, 0, 0, 0])].concat(),
        [id(7), field(CELSIUS, &21.5_f64.to_be_bytes())].concat(),
    ] {
        refused(&mut peer, &body, LEFT_OVER, LEFT_BEHIND)?;
    }
    Ok(())
}

pub fn twice(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for (again, likely) in [
        ([id(7), id(7)], ONCE),
        ([name("Bern"), name("Basel")], ONCE),
        ([numbers(&[5]), numbers(&[])], ONCE),
        ([celsius(0x41ac_0000), celsius(0)], ONCE),
        // What is 0 or empty, as if nothing had come.
        ([id(0), id(0)], ALL_THE_SAME),
        ([id(0), id(7)], ALL_THE_SAME),
        ([name(""), name("")], ALL_THE_SAME),
        ([name(""), name("Bern")], ALL_THE_SAME),
        ([numbers(&[]), numbers(&[5])], ALL_THE_SAME),
        ([celsius(0), celsius(0)], ALL_THE_SAME),
    ] {
        let between = [&again[0], &field(9, b"news"), &again[1]];
        let body = between.map(|it| &it[..]).concat();
        let body = match body.starts_with(&[1]) {
            true => body,
            false => [body, id(7)].concat(),
        };
        refused(&mut peer, &body, TWICE, likely)?;
    }
    Ok(())
}

pub fn no_text(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for text in [
        &b"\xff"[..],
        b"Z\xfcrich", // Latin-1
        b"Z\xc3",     // cut inside a character
        b"\xe6\x9d",
        b"\xf0\x9f\xa6",
        b"\x80",     // begins in the middle of one
        b"\xc0\x80", // overlong 0, as Java writes it
        b"\xc0\xaf", // overlong /
        b"\xe0\x80\xaf",
        b"\xf0\x80\x80\xaf",
        b"\xed\xa0\x80", // half of a pair of UTF-16
        b"\xed\xbf\xbf",
        b"\xed\xa0\xbe\xed\xb6\x80", // both halves
        b"\xf4\x90\x80\x80",         // U+110000
        b"\xf8\x88\x80\x80\x80",
        b"ok \xfe\xff",
    ] {
        let body = [id(7), field(NAME, text)].concat();
        refused(&mut peer, &body, NO_TEXT, UTF_8)?;
    }
    Ok(())
}

pub fn no_number(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let random = 0x7f80_0000 | bench.rng.u32(1..0x0080_0000);
    for bits in [
        0x7fc0_0000,
        0xffc0_0000,
        0x7f80_0001,
        0xff80_0001,
        0x7fff_ffff,
        0xffff_ffff,
        random,
        random | 0x8000_0000,
    ] {
        let body = [id(7), celsius(bits)].concat();
        refused(&mut peer, &body, NO_NUMBER, NAN)?;
    }
    Ok(())
}

pub fn no_id(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for body in [
        vec![],
        name("Bern"),
        [numbers(&[5]), celsius(0), field(9, b"news")].concat(),
    ] {
        refused(&mut peer, &body, NO_ID, NEEDS_ID)?;
    }
    Ok(())
}

pub fn first_wins(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let nan = celsius(0x7fc0_0000);
    let no_text = field(NAME, b"\xff");
    let padded = field(ID, &[0x87, 0x00]);
    let cut = vec![0x09, 0x05];
    for (fields, code) in [
        (vec![&nan, &no_text], NO_NUMBER),
        (vec![&no_text, &nan], NO_TEXT),
        (vec![&padded, &cut], BAD_VARINT),
        (vec![&nan, &cut], NO_NUMBER),
        (vec![&no_text, &padded], NO_TEXT),
        // The second one is refused for coming, not for what is in it.
        (vec![&name("Bern"), &no_text], TWICE),
        (vec![&id(7), &padded], TWICE),
        (vec![&id(7), &vec![0x01, 0x05, 0x07]], CUT_SHORT),
        (vec![&id(7), &vec![0x01, 0x85, 0x00]], BAD_VARINT),
        // Left over is what stands behind something whole and right.
        (vec![&field(ID, &[0x87, 0x00, 0x07])], BAD_VARINT),
        (vec![&field(CELSIUS, &[0x7f, 0xc0, 0, 0, 0])], LEFT_OVER),
        (vec![&name("Bern"), &cut], CUT_SHORT),
    ] {
        let fields: Vec<&[u8]> = fields.iter().map(|it| &it[..]).collect();
        refused(&mut peer, &fields.concat(), code, FIRST)?;
    }
    // The checksum wins over all of it.
    for body in [nan, no_text, padded, cut, vec![]] {
        let mut sent = record(&body);
        if let Some(last) = sent.last_mut() {
            *last ^= 1;
        }
        peer.send(&sent);
        let expected = refusal(BAD_CHECKSUM);
        answers(&mut peer, Shown::hex(&sent), &expected, FIRST)?;
    }
    Ok(())
}

pub fn at_random(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for _ in 0..80 {
        let body = random_body(&mut bench.rng);
        let sent = record(&body);
        peer.send(&sent);
        answers(&mut peer, Shown::hex(&sent), &answer(&body), MODEL)?;
    }
    Ok(())
}

/// The checksum is right, something else is not; the next record is judged
/// on its own.
fn refused(
    peer: &mut Peer,
    body: &[u8],
    code: u8,
    likely: &'static str,
) -> Outcome {
    let sent = record(body);
    peer.send(&sent);
    answers(peer, Shown::hex(&sent), &refusal(code), likely)
}
