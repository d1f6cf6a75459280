//! Exercise 8, records: numbers, text and damage go in, the bytes to send and
//! the answer to expect come out.

use std::collections::BTreeMap;

use fastrand::Rng;

/// Longest body, in bytes.
pub const MAX_BODY: usize = 4096;

// The fields.
pub const ID: u64 = 1;
pub const NAME: u64 = 2;
pub const NUMBERS: u64 = 3;
pub const CELSIUS: u64 = 4;
const REFUSED: u64 = 15;

// What is wrong, in field 15 of an answer.
pub const TOO_LONG: u8 = 1;
pub const BAD_CHECKSUM: u8 = 2;
pub const BAD_VARINT: u8 = 3;
pub const CUT_SHORT: u8 = 4;
pub const LEFT_OVER: u8 = 5;
pub const TWICE: u8 = 6;
pub const NO_TEXT: u8 = 7;
pub const NO_NUMBER: u8 = 8;
pub const NO_ID: u8 = 9;

/// CRC-32 as in gzip and Ethernet.
pub fn crc32(bytes: &[u8]) -> u32 {
    let step = |rest: u32| (rest >> 1) ^ (0xedb8_8320 * (rest & 1));
    let byte = |rest: u32, byte: &u8| {
        (0..8).fold(rest ^ u32::from(*byte), |rest, _| step(rest))
    };
    !bytes.iter().fold(u32::MAX, byte)
}

/// In as few bytes as possible.
pub fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number % 128) as u8;
        number /= 128;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low + 128);
    }
}

pub fn field(tag: u64, value: &[u8]) -> Vec<u8> {
    [&varint(tag)[..], &varint(value.len() as u64), value].concat()
}

pub fn id(id: u64) -> Vec<u8> {
    field(ID, &varint(id))
}

pub fn name(name: &str) -> Vec<u8> {
    field(NAME, name.as_bytes())
}

pub fn numbers(numbers: &[u64]) -> Vec<u8> {
    let numbers: Vec<Vec<u8>> = numbers.iter().map(|it| varint(*it)).collect();
    field(NUMBERS, &numbers.concat())
}

pub fn celsius(bits: u32) -> Vec<u8> {
    field(CELSIUS, &bits.to_be_bytes())
}

/// A body between its length and its checksum.
pub fn record(body: &[u8]) -> Vec<u8> {
    let length = varint(body.len() as u64);
    [&length[..], body, &crc32(body).to_be_bytes()].concat()
}

/// The answer that says what is wrong.
pub fn refusal(code: u8) -> Vec<u8> {
    record(&field(REFUSED, &[code]))
}

/// The right answer to a body whose checksum is right.
pub fn answer(body: &[u8]) -> Vec<u8> {
    match sorted(body) {
        Ok(fields) => {
            let fields = fields.iter().map(|(tag, value)| field(*tag, value));
            record(&fields.collect::<Vec<_>>().concat())
        }
        Err(code) => refusal(code),
    }
}

/// The fields that are known, by tag, or what is wrong first.
fn sorted(mut body: &[u8]) -> Result<BTreeMap<u64, Vec<u8>>, u8> {
    let mut fields = BTreeMap::new();
    while !body.is_empty() {
        let tag = take_varint(&mut body)?;
        let length = take_varint(&mut body)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let (value, rest) = body.split_at_checked(length).ok_or(CUT_SHORT)?;
        body = rest;
        if fields.contains_key(&tag) {
            return Err(TWICE);
        }
        if let Some(value) = understood(tag, value)? {
            fields.insert(tag, value);
        }
    }
    match fields.contains_key(&ID) {
        true => Ok(fields),
        false => Err(NO_ID),
    }
}

/// A value as it is answered; `None` if the tag is not known.
fn understood(tag: u64, mut value: &[u8]) -> Result<Option<Vec<u8>>, u8> {
    let whole = value.to_vec();
    match tag {
        ID => {
            take_varint(&mut value)?;
            if !value.is_empty() {
                return Err(LEFT_OVER);
            }
        }
        NAME => {
            str::from_utf8(value).map_err(|_| NO_TEXT)?;
        }
        NUMBERS => {
            let mut numbers = Vec::new();
            while !value.is_empty() {
                numbers.push(take_varint(&mut value)?);
            }
            numbers.sort_unstable();
            let numbers = numbers.into_iter().flat_map(varint);
            return Ok(Some(numbers.collect()));
        }
        CELSIUS => {
            let (bits, rest) = value.split_first_chunk().ok_or(CUT_SHORT)?;
            if !rest.is_empty() {
                return Err(LEFT_OVER);
            }
            if f32::from_be_bytes(*bits).is_nan() {
                return Err(NO_NUMBER);
            }
        }
        _ => return Ok(None),
    }
    Ok(Some(whole))
}

fn take_varint(bytes: &mut &[u8]) -> Result<u64, u8> {
    let mut number = 0;
    for index in 0..10 {
        let (byte, rest) = bytes.split_first().ok_or(CUT_SHORT)?;
        *bytes = rest;
        // Nine bytes hold 63 bits: the tenth has room for one.
        if index == 9 && *byte > 1 {
            return Err(BAD_VARINT);
        }
        number |= u64::from(byte % 128) << (7 * index);
        if *byte < 128 {
            let shortest = *byte > 0 || index == 0;
            return if shortest {
                Ok(number)
            } else {
                Err(BAD_VARINT)
            };
        }
    }
    Err(BAD_VARINT)
}

/// A number of any length, each as likely.
pub fn any_number(rng: &mut Rng) -> u64 {
    rng.u64(..) >> rng.u32(0..64)
}

/// Fields in any order, mostly right, now and then damaged.
pub fn random_body(rng: &mut Rng) -> Vec<u8> {
    let mut fields = Vec::new();
    if rng.u8(..10) > 0 {
        fields.push(id(any_number(rng)));
    }
    for _ in 0..rng.usize(0..4) {
        let list: Vec<u64> =
            (0..rng.usize(0..6)).map(|_| any_number(rng)).collect();
        fields.push(match rng.u8(..4) {
            0 => name(["", "Zürich", "東京", "a b", "🦀"][rng.usize(..5)]),
            1 => numbers(&list),
            2 => celsius(rng.f32().to_bits()),
            _ => field(rng.u64(5..300), &[0xff; 3][..rng.usize(..4)]),
        });
    }
    rng.shuffle(&mut fields);
    let mut body = fields.concat();
    if !body.is_empty() && rng.bool() {
        let at = rng.usize(..body.len());
        match rng.u8(..3) {
            0 => body[at] = rng.u8(..),
            1 => body.truncate(at),
            _ => body.insert(at, rng.u8(..)),
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_has_its_published_check_value() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn a_varint_is_read_as_it_is_written() {
        assert_eq!(varint(300), [0xac, 0x02]);
        assert_eq!(varint(u64::MAX).len(), 10);
        for number in [0, 1, 127, 128, 16_384, u64::MAX - 1, u64::MAX] {
            assert_eq!(take_varint(&mut &varint(number)[..]), Ok(number));
        }
        for (bytes, code) in [
            (&[0x80, 0x00][..], BAD_VARINT),
            (&[0x80; 10], BAD_VARINT),
            (&[0x80; 9], CUT_SHORT),
            (&[], CUT_SHORT),
        ] {
            assert_eq!(take_varint(&mut &bytes[..]), Err(code));
        }
    }

    #[test]
    fn the_model_keeps_the_rules() {
        let body = [numbers(&[300, 7]), field(99, b"?"), id(7)].concat();
        let right = [id(7), numbers(&[7, 300])].concat();
        assert_eq!(answer(&body), record(&right));
        for (body, code) in [
            (vec![], NO_ID),
            ([id(7), id(7)].concat(), TWICE),
            (field(ID, &[7, 7]), LEFT_OVER),
            (field(ID, &[]), CUT_SHORT),
            (field(NAME, b"\xc0\x80"), NO_TEXT),
            (celsius(0x7f80_0001), NO_NUMBER),
            (vec![9, 9], CUT_SHORT),
        ] {
            assert_eq!(answer(&body), refusal(code), "{body:x?}");
        }
    }
}
