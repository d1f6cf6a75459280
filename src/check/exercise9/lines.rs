//! Exercise 9, lines: in go a number and dice, out come lines to send; in
//! go lines as they were sent, out comes the answer to expect.

use std::ops::RangeInclusive;

use fastrand::Rng;

/// Lines of small letters, each with its `\n`.
pub fn words(count: usize, rng: &mut Rng) -> Vec<u8> {
    lines(count, 3..=9, rng)
}

/// The same, as long as wanted.
pub fn lines(
    count: usize,
    length: RangeInclusive<usize>,
    rng: &mut Rng,
) -> Vec<u8> {
    let mut lines = Vec::new();
    for _ in 0..count {
        for _ in 0..rng.usize(length.clone()) {
            lines.push(rng.lowercase() as u8);
        }
        lines.push(b'\n');
    }
    lines
}

/// Lines of about a kilobyte, `total` bytes of them, the last without `\n`
/// if it ends there.
pub fn exactly(total: usize, rng: &mut Rng) -> Vec<u8> {
    let mut all = lines(total / 1000 + 1, 1000..=1040, rng);
    all.truncate(total);
    all
}

/// The answer to what a client has sent before its end.
pub fn sorted(sent: &[u8]) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = sent.split(|&byte| byte == b'\n').collect();
    // Behind the last `\n` stands a line only if it has a byte.
    if lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines.sort_unstable();
    let mut answer = Vec::with_capacity(sent.len() + 1);
    for line in lines {
        answer.extend_from_slice(line);
        answer.push(b'\n');
    }
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_comes_back_with_its_end() {
        assert_eq!(sorted(b""), b"");
        assert_eq!(sorted(b"\n"), b"\n");
        assert_eq!(sorted(b"b\n\na"), b"\na\nb\n");
        assert_eq!(sorted(b"\xff\na\r\na\nB\na\n"), b"B\na\na\na\r\n\xff\n");
    }

    #[test]
    fn a_total_is_kept() {
        let mut rng = Rng::with_seed(1);
        for total in [1, 999, 100_000] {
            assert_eq!(exactly(total, &mut rng).len(), total);
        }
    }
}
