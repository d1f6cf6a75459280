//! Exercise 7, frames: messages go in, the bytes to send and those to expect
//! come out.

use std::ops::RangeInclusive;

use fastrand::Rng;

/// A message behind its length.
pub fn frame(message: &[u8]) -> Vec<u8> {
    let length = (message.len() as u16).to_be_bytes();
    [&length[..], message].concat()
}

/// One frame behind the other.
pub fn frames<M: AsRef<[u8]>>(
    messages: impl IntoIterator<Item = M>,
) -> Vec<u8> {
    messages
        .into_iter()
        .flat_map(|message| frame(message.as_ref()))
        .collect()
}

/// The answer to whole frames.
pub fn upper(mut frames: &[u8]) -> Vec<u8> {
    let mut answer = Vec::new();
    while let Some((length, rest)) = frames.split_first_chunk() {
        let (message, rest) = rest.split_at(u16::from_be_bytes(*length).into());
        answer.extend(frame(&message.to_ascii_uppercase()));
        frames = rest;
    }
    answer
}

/// Letters, of both cases.
pub fn word(length: RangeInclusive<usize>, rng: &mut Rng) -> Vec<u8> {
    let length = rng.usize(length);
    (0..length).map(|_| rng.alphabetic() as u8).collect()
}
