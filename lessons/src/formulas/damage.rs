//! Formulas about what a checksum sees and what a network loses: in go words,
//! bits and shares, out comes a checksum or a probability.

use super::domain::{inputs, share, some, whole};
use super::{Example, Formula, OutOfDomain, symbol};

pub const INTERNET_CHECKSUM: Formula = Formula {
    name: "internet_checksum",
    lesson: 8,
    latex: r"C = 2^{16} - 1 - s, \qquad
             s \equiv \sum_{i=1}^{n} w_i \pmod{2^{16} - 1}",
    meaning: "The checksum of IPv4, UDP and TCP; the order of the words does \
              not matter, so it is blind to swapped ones.",
    unit: "1",
    symbols: &[
        symbol("n", "number of words", "1"),
        symbol("w_i", "each two bytes as a number of 16 bits", "1"),
    ],
    source: "RFC 1071 §1, and §2 (A) for the order. s is 0 only where all \
             words are.",
    function: |given| {
        let words = given.iter().map(|word| whole("w_i", *word));
        let words: Vec<u16> = words.collect::<Result<_, _>>()?;
        Ok(internet_checksum(&words).into())
    },
    example: Example {
        given: &[
            ("w_i", 1.0),
            ("w_i", 61_955.0),
            ("w_i", 62_709.0),
            ("w_i", 63_223.0),
        ],
        result: "8,717",
    },
};

/// Internet checksum C of any number of `words`, in the byte order of the
/// network.
pub fn internet_checksum(words: &[u16]) -> u16 {
    let mut sum: u16 = 0;
    for word in words {
        // The carry of the highest bit is added to the lowest.
        let (rest, carry) = sum.overflowing_add(*word);
        sum = rest + u16::from(carry);
    }
    !sum
}

pub const UNDETECTED: Formula = Formula {
    name: "undetected",
    lesson: 8,
    latex: r"P \approx 2^{-b}",
    meaning: "The probability that damage leaves a checksum right, if it \
              makes every value of it equally likely.",
    unit: "1",
    symbols: &[symbol("b", "length of the checksum", "bit")],
    source: "Follows from the definition: one of 2 to the power of b values \
             is the right one.",
    function: |given| {
        let [b] = inputs(given)?;
        Ok(undetected(whole("b", b)?))
    },
    example: Example {
        given: &[("b", 16.0)],
        result: "1.53 × 10⁻⁵",
    },
};

/// Probability P that random damage escapes a checksum of `b` bits: 1 for
/// none at all, and 0 above 1,074, where it is too small to be written.
pub fn undetected(b: u32) -> f64 {
    (-f64::from(b)).exp2()
}

pub const FRAGMENTS_ARRIVE: Formula = Formula {
    name: "fragments_arrive",
    lesson: 10,
    latex: r"P = (1 - p)^{f}",
    meaning: "The probability that all fragments of a datagram arrive, and \
              so the datagram.",
    unit: "1",
    symbols: &[
        symbol("p", "probability that a packet is lost", "1"),
        symbol("f", "number of fragments", "1"),
    ],
    source: "Follows from the definition, for losses that do not depend on \
             one another. One lost fragment loses the datagram: RFC 8085 \
             §3.2.",
    function: |given| {
        let [p, f] = inputs(given)?;
        fragments_arrive(p, whole("f", f)?)
    },
    example: Example {
        given: &[("p", 0.01), ("f", 45.0)],
        result: "0.636",
    },
};

/// Probability P that a datagram in `f` fragments arrives where each packet
/// is lost with probability `p`; at least one fragment.
pub fn fragments_arrive(p: f64, f: u32) -> Result<f64, OutOfDomain> {
    let arrives = 1.0 - share("p", p)?;
    Ok(arrives.powf(some("f", f)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::promises::few;
    use super::*;

    #[test]
    fn the_example_of_the_rfc_is_summed_as_there() {
        // RFC 1071 §3: 0001 + f203 + f4f5 + f6f7 = 2ddf0, and with its
        // carry ddf2; the checksum is the complement.
        let words = [0x0001, 0xf203, 0xf4f5, 0xf6f7];
        assert_eq!(internet_checksum(&words), !0xddf2);
        assert_eq!(internet_checksum(&[]), 0xffff);
        assert_eq!(internet_checksum(&[0xffff, 0xffff]), 0);
    }

    #[test]
    fn sixteen_bits_miss_one_in_65_536() {
        assert_eq!(undetected(16), 1.0 / 65_536.0);
        assert_eq!(undetected(0), 1.0);
        assert_eq!(undetected(u32::MAX), 0.0);
    }

    #[test]
    fn one_percent_loses_a_third_of_the_largest_datagrams() {
        // 65,515 bytes behind the IPv4 header, 1,480 a fragment: 45.
        // ln 0.99 = −0.010050; 45 × that = −0.45227; e to it = 0.63618.
        let p = fragments_arrive(0.01, 45);
        assert!(p.is_ok_and(|p| (p - 0.636_18).abs() < 1e-5));
        assert_eq!(fragments_arrive(1.0, 1), Ok(0.0));
        assert!(fragments_arrive(1.5, 1).is_err());
        assert!(fragments_arrive(0.5, 0).is_err());
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn a_checksum_is_blind_to_order_and_proves_itself(
            words: Vec<u16>, at: prop::sample::Index,
        ) {
            let sum = internet_checksum(&words);
            let mut turned = words.clone();
            turned.reverse();
            prop_assert_eq!(internet_checksum(&turned), sum);
            // The formula as it is printed.
            let plain: u64 = words.iter().map(|it| u64::from(*it)).sum();
            prop_assert_eq!((65_535 - u64::from(sum)) % 65_535, plain % 65_535);
            // Sent along with the words, it makes the sum all ones.
            turned.push(sum);
            prop_assert_eq!(internet_checksum(&turned), 0);
            // It sees every bit that turns alone.
            let at = at.index(16 * turned.len());
            turned[at / 16] ^= 1 << (at % 16);
            prop_assert_ne!(internet_checksum(&turned), 0);
        }

        #[test]
        fn each_bit_halves_what_is_missed(b in 0_u32..1000) {
            prop_assert_eq!(undetected(b + 1), undetected(b) / 2.0);
        }

        #[test]
        fn more_fragments_arrive_more_rarely(
            p in 0.0..=1.0, f in 1_u32..99,
        ) {
            let all = fragments_arrive(p, f)?;
            prop_assert!((0.0..=1.0).contains(&all));
            prop_assert!(fragments_arrive(p, f + 1)? <= all);
            prop_assert_eq!(fragments_arrive(p, 1)?, 1.0 - p);
            prop_assert_eq!(fragments_arrive(0.0, f)?, 1.0);
        }
    }
}
