//! Formulas about luck with many: in go a number of things and of places,
//! out comes a probability or how full the fullest place is.

use std::f64::consts::LN_2;

use super::caching::any_of;
use super::domain::{check, inputs, share, some, whole};
use super::{Example, Formula, OutOfDomain, symbol};

pub const COLLISION: Formula = Formula {
    name: "collision",
    lesson: 27,
    latex: r"P \approx \frac{n^{2}}{2^{b + 1}}",
    meaning: "The probability that two of n random numbers are equal, while \
              n is far below the square root of all that there are.",
    unit: "1",
    symbols: &[
        symbol("n", "how many numbers were drawn", "1"),
        symbol("b", "length of a number", "bit"),
    ],
    source: "Follows from the definition: each of about n²/2 pairs is equal \
             with a probability of 1 in 2 to the power of b.",
    function: |given| {
        let [n, b] = inputs(given)?;
        collision(whole("n", n)?, whole("b", b)?)
    },
    example: Example {
        given: &[("n", 1_000_000.0), ("b", 64.0)],
        result: "2.71 × 10⁻⁸",
    },
};

/// Probability P, at most about ½, that two of `n` numbers of `b` random
/// bits are equal; refused where n² is more than 2^b, for there it is no
/// approximation of anything.
pub fn collision(n: u64, b: u32) -> Result<f64, OutOfDomain> {
    let (n, b) = (n as f64, f64::from(b));
    let pairs = n * n / 2.0;
    // Compared as logarithms: 2^b may be too large for a number.
    let sparse = n == 0.0 || 2.0 * n.log2() <= b;
    check(sparse, "n", n, "at most 2^(b/2)")?;
    Ok(pairs * (-b).exp2())
}

pub const ONE_CHOICE: Formula = Formula {
    name: "one_choice",
    lesson: 29,
    latex: r"M_1 \sim \frac{\ln n}{\ln \ln n}",
    meaning: "How the fullest of n servers grows if each of n requests goes \
              to a random one; a measured number is larger.",
    unit: "1",
    symbols: &[symbol("n", "number of servers and of requests", "1")],
    source: "Azar, Broder, Karlin & Upfal 1999, *Balanced Allocations*.",
    function: |given| {
        let [n] = inputs(given)?;
        one_choice(whole("n", n)?)
    },
    example: Example {
        given: &[("n", 10_000.0)],
        result: "4.15",
    },
};

/// Leading term of the most requests M at one of `n` servers with one
/// random choice; at least 16 servers.
///
/// A limit for large n, not an estimate: at n = 10⁴ one counts 6.8.
pub fn one_choice(n: u64) -> Result<f64, OutOfDomain> {
    let ln = many(n)?.ln();
    Ok(ln / ln.ln())
}

pub const TWO_CHOICES: Formula = Formula {
    name: "two_choices",
    lesson: 29,
    latex: r"M_2 = \log_{2} \ln n + \Theta(1)",
    meaning: "How the fullest of n servers grows if each of n requests goes \
              to the emptier of two random ones; the number is the first \
              term.",
    unit: "1",
    symbols: &[symbol("n", "number of servers and of requests", "1")],
    source: "Azar, Broder, Karlin & Upfal 1999, *Balanced Allocations*; \
             Mitzenmacher 2001, *The Power of Two Choices in Randomized Load \
             Balancing*.",
    function: |given| {
        let [n] = inputs(given)?;
        two_choices(whole("n", n)?)
    },
    example: Example {
        given: &[("n", 10_000.0)],
        result: "3.2",
    },
};

/// First term of the most requests M at one of `n` servers with two random
/// choices; at least 16 servers.
pub fn two_choices(n: u64) -> Result<f64, OutOfDomain> {
    Ok(many(n)?.ln().ln() / LN_2)
}

/// Below 16, that is e to the power of e, one choice would fall with n.
fn many(n: u64) -> Result<f64, OutOfDomain> {
    check(n >= 16, "n", n as f64, "at least 16")
}

pub const AVAILABILITY: Formula = Formula {
    name: "availability",
    lesson: 29,
    latex: r"A = 1 - (1 - a)^{n}",
    meaning: "The share of the time in which one of n copies works.",
    unit: "1",
    symbols: &[
        symbol("a", "share of the time in which a copy works", "1"),
        symbol("n", "number of copies", "1"),
    ],
    source: "Follows from the definition, if failures do not depend on one \
             another.",
    function: |given| {
        let [a, n] = inputs(given)?;
        availability(a, whole("n", n)?)
    },
    example: Example {
        given: &[("a", 0.99), ("n", 2.0)],
        result: "0.9999",
    },
};

/// Availability A, 0 to 1, of `n` copies that each work for a share `a` of
/// the time; at least one copy.
pub fn availability(a: f64, n: u32) -> Result<f64, OutOfDomain> {
    Ok(any_of(share("a", a)?, some("n", n)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::promises::{close, few};
    use super::*;

    #[test]
    fn a_million_numbers_of_64_bits_hardly_meet() {
        // 10¹² / 2⁶⁵ = 10¹² / 3.689349 × 10¹⁹.
        let p = collision(1_000_000, 64);
        assert!(close(p.map(|p| p * 1e8), 2.710_505));
        assert_eq!(collision(1 << 32, 64), Ok(0.5));
        assert!(collision((1 << 32) + 1, 64).is_err());
        assert_eq!(collision(0, 0), Ok(0.0));
        assert_eq!(collision(u64::MAX, u32::MAX), Ok(0.0));
    }

    #[test]
    fn two_choices_grow_slower_than_one() {
        // ln 10⁴ = 9.210340; its ln = 2.220327; 9.210340 / 2.220327.
        assert!(close(one_choice(10_000), 4.148_190));
        // 2.220327 / 0.693147.
        assert!(close(two_choices(10_000), 3.203_254));
        assert!(one_choice(15).is_err() && two_choices(15).is_err());
    }

    #[test]
    fn a_second_copy_turns_two_nines_into_four() {
        // 1 − 0.01 × 0.01.
        assert!(close(availability(0.99, 2), 0.9999));
        assert_eq!(availability(1.0, 1), Ok(1.0));
        assert!(availability(0.99, 0).is_err());
        assert!(availability(f64::NAN, 1).is_err());
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn the_birthday_is_near_its_product(
            n in 2_u64..500, more in 4_u32..30,
        ) {
            // The exact probability, one number after the other.
            let b = 2 * n.ilog2() + 2 + more;
            let free = (0..n).map(|i| 1.0 - i as f64 * (-f64::from(b)).exp2());
            let exact = 1.0 - free.product::<f64>();
            // n² counts pairs that are n (n − 1), and the first order only.
            let p = collision(n, b)? * (n - 1) as f64 / n as f64;
            prop_assert!((p / exact - 1.0).abs() < 0.05, "{} {}", p, exact);
        }

        #[test]
        fn twice_as_many_meet_four_times_as_often(
            n in 1_u64..1 << 20, b in 42_u32..999,
        ) {
            prop_assert_eq!(collision(2 * n, b)?, 4.0 * collision(n, b)?);
            prop_assert_eq!(collision(n, b + 1)?, collision(n, b)? / 2.0);
        }

        #[test]
        fn choices_only_grow(n in 16_u64..1 << 40) {
            prop_assert!(one_choice(n + n / 8)? > one_choice(n)?);
            prop_assert!(two_choices(n + n / 8)? > two_choices(n)?);
            prop_assert!(two_choices(n)? < one_choice(n)?);
        }

        #[test]
        fn copies_help(a in 0.0..=1.0, n in 1_u32..50) {
            let now = availability(a, n)?;
            prop_assert!((0.0..=1.0).contains(&now));
            prop_assert!(availability(a, n + 1)? >= now);
            prop_assert!(close(availability(a, 1), a));
            // What is left over is the share in which all fail at once.
            let twice = availability(a, 2 * n)?;
            prop_assert!(close(Ok(1.0 - twice), (1.0 - now) * (1.0 - now)));
        }
    }
}
