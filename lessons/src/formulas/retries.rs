//! Formulas about trying again: in go probabilities and numbers of attempts,
//! out come times, probabilities and numbers of attempts.

use super::domain::{inputs, seconds, share, some, whole};
use super::{Example, Formula, OutOfDomain, symbol};

pub const BACKOFF_LIMIT: Formula = Formula {
    name: "backoff_limit",
    lesson: 19,
    latex: r"d_i = \min\left( d_{\max}, b \cdot 2^{i} \right)",
    meaning: "The longest wait before retry i; the wait itself is chosen \
              evenly from 0 to it.",
    unit: "s",
    symbols: &[
        symbol(r"d_{\max}", "longest wait of all", "s"),
        symbol("b", "longest wait before the first retry", "s"),
        symbol("i", "number of the retry; 0 is the first", "1"),
    ],
    source: "Brooker, [Exponential Backoff and Jitter]\
             (https://aws.amazon.com/blogs/architecture/\
             exponential-backoff-and-jitter/), 2015 (full jitter).",
    function: |given| {
        let [cap, b, i] = inputs(given)?;
        backoff_limit(cap, b, whole("i", i)?)
    },
    example: Example {
        given: &[(r"d_{\max}", 30.0), ("b", 0.1), ("i", 5.0)],
        result: "3.2",
    },
};

/// Longest wait d, in seconds, before retry `i`, counted from 0, with a
/// first limit of `b` seconds that doubles up to `cap` seconds.
pub fn backoff_limit(cap: f64, b: f64, i: u32) -> Result<f64, OutOfDomain> {
    let cap = seconds("d_max", cap)?;
    // Twice the largest power would be infinite, and 0 times that no number.
    let doublings = i.min(1023) as i32;
    Ok(cap.min(seconds("b", b)? * 2f64.powi(doublings)))
}

pub const BACKOFF_MEAN: Formula = Formula {
    name: "backoff_mean",
    lesson: 19,
    latex: r"E_i = \frac{1}{2} \min\left( d_{\max}, b \cdot 2^{i} \right)",
    meaning: "The wait before retry i, on average.",
    unit: "s",
    symbols: &[
        symbol(r"d_{\max}", "longest wait of all", "s"),
        symbol("b", "longest wait before the first retry", "s"),
        symbol("i", "number of the retry; 0 is the first", "1"),
    ],
    source: "Follows from the definition: the mean of an even choice is its \
             middle.",
    function: |given| {
        let [cap, b, i] = inputs(given)?;
        backoff_mean(cap, b, whole("i", i)?)
    },
    example: Example {
        given: &[(r"d_{\max}", 30.0), ("b", 0.1), ("i", 5.0)],
        result: "1.6",
    },
};

/// Mean wait E, in seconds, where the wait is chosen evenly from 0 to
/// [`backoff_limit`].
pub fn backoff_mean(cap: f64, b: f64, i: u32) -> Result<f64, OutOfDomain> {
    Ok(backoff_limit(cap, b, i)? / 2.0)
}

pub const RETRY_SUCCESS: Formula = Formula {
    name: "retry_success",
    lesson: 19,
    latex: r"P = 1 - p^{n}",
    meaning: "The probability that one of n attempts succeeds.",
    unit: "1",
    symbols: &[
        symbol("p", "probability that an attempt fails", "1"),
        symbol("n", "most attempts, the first one included", "1"),
    ],
    source: "Follows from the definition, for failures that do not depend \
             on one another.",
    function: |given| {
        let [p, n] = inputs(given)?;
        retry_success(p, whole("n", n)?)
    },
    example: Example {
        given: &[("p", 0.1), ("n", 3.0)],
        result: "0.999",
    },
};

/// Probability P that one of at most `n` attempts succeeds where each fails
/// with probability `p`; at least one attempt.
pub fn retry_success(p: f64, n: u32) -> Result<f64, OutOfDomain> {
    Ok(1.0 - share("p", p)?.powf(some("n", n)?))
}

pub const EXPECTED_ATTEMPTS: Formula = Formula {
    name: "expected_attempts",
    lesson: 19,
    latex: r"E = \frac{1 - p^{n}}{1 - p}",
    meaning: "How many attempts are made, on average.",
    unit: "1",
    symbols: &[
        symbol("p", "probability that an attempt fails", "1"),
        symbol("n", "most attempts, the first one included", "1"),
    ],
    source: "Follows from the definition: attempt i is made if all i − 1 \
             before it failed, and these probabilities are a geometric \
             series.",
    function: |given| {
        let [p, n] = inputs(given)?;
        expected_attempts(p, whole("n", n)?)
    },
    example: Example {
        given: &[("p", 0.1), ("n", 3.0)],
        result: "1.11",
    },
};

/// Attempts E made on average, at most `n`, where each fails with
/// probability `p`; at least one. Where all fail they are `n`, which is the
/// limit of the formula.
pub fn expected_attempts(p: f64, n: u32) -> Result<f64, OutOfDomain> {
    let (p, n) = (share("p", p)?, some("n", n)?);
    if p == 1.0 {
        return Ok(n);
    }
    // 1 − pⁿ, without losing its digits where p is nearly 1.
    let succeeds = -(n * p.ln()).exp_m1();
    Ok((succeeds / (1.0 - p)).clamp(1.0, n))
}

pub const LAYERED_ATTEMPTS: Formula = Formula {
    name: "layered_attempts",
    lesson: 19,
    latex: r"A = a^{d}",
    meaning: "The attempts that reach the lowest layer where every layer \
              tries again and all fail.",
    unit: "1",
    symbols: &[
        symbol("a", "attempts that each layer makes", "1"),
        symbol("d", "number of layers that try again", "1"),
    ],
    source: "Follows from the definition: each attempt of a layer is a \
             request to the next. Beyer et al., [*Site Reliability \
             Engineering*, ch. 22]\
             (https://sre.google/sre-book/addressing-cascading-failures/).",
    function: |given| {
        let [a, d] = inputs(given)?;
        Ok(layered_attempts(whole("a", a)?, whole("d", d)?)? as f64)
    },
    example: Example {
        given: &[("a", 4.0), ("d", 3.0)],
        result: "64",
    },
};

/// Attempts A at the lowest layer where each of `d` layers makes `a`; at
/// least one, and less than 2^64 in all.
pub fn layered_attempts(a: u32, d: u32) -> Result<u64, OutOfDomain> {
    some("a", a)?;
    u64::from(a).checked_pow(d).ok_or(OutOfDomain {
        symbol: "d",
        value: d.into(),
        allowed: "so small that the attempts are less than 2^64",
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::promises::{close, few};
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap() {
        // 0.1 s × 32 = 3.2 s; 0.1 s × 512 = 51.2 s is more than 30 s.
        assert!(close(backoff_limit(30.0, 0.1, 5), 3.2));
        assert!(close(backoff_mean(30.0, 0.1, 5), 1.6));
        assert_eq!(backoff_limit(30.0, 0.1, 9), Ok(30.0));
        assert_eq!(backoff_limit(30.0, 0.1, u32::MAX), Ok(30.0));
        assert_eq!(backoff_limit(30.0, 0.0, u32::MAX), Ok(0.0));
        assert!(backoff_limit(-1.0, 0.1, 0).is_err());
        assert!(backoff_mean(30.0, f64::NAN, 0).is_err());
    }

    #[test]
    fn three_attempts_are_right_999_times_in_1000() {
        // 1 − 0.1 × 0.1 × 0.1; 1 + 0.1 + 0.01 attempts.
        assert!(close(retry_success(0.1, 3), 0.999));
        assert!(close(expected_attempts(0.1, 3), 1.11));
        assert_eq!(retry_success(1.0, 3), Ok(0.0));
        assert_eq!(expected_attempts(1.0, 3), Ok(3.0));
        assert_eq!(expected_attempts(0.0, 3), Ok(1.0));
        assert!(retry_success(0.1, 0).is_err());
        assert!(expected_attempts(1.1, 3).is_err());
    }

    #[test]
    fn three_retries_in_three_layers_are_64_attempts() {
        // 4 × 4 × 4.
        assert_eq!(layered_attempts(4, 3), Ok(64));
        assert_eq!(layered_attempts(4, 0), Ok(1));
        assert_eq!(layered_attempts(1, u32::MAX), Ok(1));
        assert!(layered_attempts(2, 64).is_err());
        assert!(layered_attempts(0, 3).is_err());
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn no_wait_is_beyond_the_cap(
            cap in 0.0..1e3, b in 0.0..1e3, i in 0_u32..2000,
        ) {
            let limit = backoff_limit(cap, b, i)?;
            prop_assert!(limit <= cap);
            prop_assert!(backoff_limit(cap, b, i + 1)? >= limit);
            let twice = backoff_limit(2.0 * cap, 2.0 * b, i)?;
            prop_assert_eq!(twice, 2.0 * limit);
        }

        #[test]
        fn another_attempt_helps_and_costs(p in 0.0..=1.0, n in 1_u32..99) {
            let success = retry_success(p, n)?;
            let made = expected_attempts(p, n)?;
            prop_assert!(retry_success(p, n + 1)? >= success);
            prop_assert!(expected_attempts(p, n + 1)? >= made);
            prop_assert!((1.0..=f64::from(n)).contains(&made));
            // Whoever succeeds does so once: E (1 − p) = P.
            prop_assert!(close(Ok(made * (1.0 - p)), success));
        }

        #[test]
        fn close_to_certain_failure_all_attempts_are_made(n in 1_u32..1000) {
            let made = expected_attempts(1.0 - f64::EPSILON, n)?;
            prop_assert!(close(Ok(made / f64::from(n)), 1.0));
        }

        #[test]
        fn a_layer_multiplies(a in 1_u32..9, d in 0_u32..9) {
            let more = layered_attempts(a, d + 1)?;
            prop_assert_eq!(more, u64::from(a) * layered_attempts(a, d)?);
        }
    }
}
