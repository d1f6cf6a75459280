//! Formulas about waiting less: in go shares and times, out comes a mean
//! time or the probability of a slow answer.

use super::domain::{finite, inputs, seconds, share, some, whole};
use super::{Example, Formula, OutOfDomain, symbol};

pub const CACHE_TIME: Formula = Formula {
    name: "cache_time",
    lesson: 23,
    latex: r"T = h \, t_{\mathrm{hit}} + (1 - h) \, t_{\mathrm{miss}}",
    meaning: "The time that a request takes on average behind a cache.",
    unit: "s",
    symbols: &[
        symbol("h", "share of the requests that the cache answers", "1"),
        symbol(r"t_{\mathrm{hit}}", "time of an answer from the cache", "s"),
        symbol(
            r"t_{\mathrm{miss}}",
            "time of an answer from elsewhere",
            "s",
        ),
    ],
    source: "Follows from the definition of a mean.",
    function: |given| {
        let [h, hit, miss] = inputs(given)?;
        cache_time(h, hit, miss)
    },
    example: Example {
        given: &[
            ("h", 0.9),
            (r"t_{\mathrm{hit}}", 0.001),
            (r"t_{\mathrm{miss}}", 0.1),
        ],
        result: "0.0109",
    },
};

/// Mean time T, in seconds, where a share `h` is answered in `hit` seconds
/// and the rest in `miss` seconds.
pub fn cache_time(h: f64, hit: f64, miss: f64) -> Result<f64, OutOfDomain> {
    let h = share("h", h)?;
    let (hit, miss) = (seconds("t_hit", hit)?, seconds("t_miss", miss)?);
    finite("T", h * hit + (1.0 - h) * miss)
}

pub const FANOUT_TAIL: Formula = Formula {
    name: "fanout_tail",
    lesson: 23,
    latex: r"P = 1 - (1 - q)^{n}",
    meaning: "The probability that a request which needs n answers waits \
              for a slow one.",
    unit: "1",
    symbols: &[
        symbol("q", "probability that an answer is slow", "1"),
        symbol("n", "number of answers needed", "1"),
    ],
    source: "Dean & Barroso 2013, *The Tail at Scale*, for answers that do \
             not depend on one another.",
    function: |given| {
        let [q, n] = inputs(given)?;
        fanout_tail(q, whole("n", n)?)
    },
    example: Example {
        given: &[("q", 0.01), ("n", 100.0)],
        result: "0.634",
    },
};

/// Probability P that at least one of `n` answers is slow, where each is
/// with probability `q`; at least one answer.
pub fn fanout_tail(q: f64, n: u32) -> Result<f64, OutOfDomain> {
    Ok(any_of(share("q", q)?, some("n", n)?))
}

/// 1 − (1 − q)ⁿ, for a `q` of 0 to 1 and an `n` of at least 1.
///
/// By logarithms: subtracted from 1, a small `q` would lose its digits.
pub(super) fn any_of(q: f64, n: f64) -> f64 {
    -(n * (-q).ln_1p()).exp_m1()
}

pub const HEDGED_TAIL: Formula = Formula {
    name: "hedged_tail",
    lesson: 23,
    latex: r"P = q^{2}",
    meaning: "The probability that a request and its copy to another server \
              are both slow.",
    unit: "1",
    symbols: &[symbol("q", "probability that an answer is slow", "1")],
    source: "Follows from the definition, for answers that do not depend on \
             one another. Hedged requests: Dean & Barroso 2013, *The Tail at \
             Scale*.",
    function: |given| {
        let [q] = inputs(given)?;
        hedged_tail(q)
    },
    example: Example {
        given: &[("q", 0.01)],
        result: "0.0001",
    },
};

/// Probability P that both of two answers are slow, where each is with
/// probability `q`.
pub fn hedged_tail(q: f64) -> Result<f64, OutOfDomain> {
    Ok(share("q", q)?.powi(2))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::promises::{close, few};
    use super::*;

    #[test]
    fn nine_hits_of_ten_are_nine_times_as_fast() {
        // 0.9 × 1 ms + 0.1 × 100 ms = 0.9 + 10 ms.
        assert!(close(cache_time(0.9, 0.001, 0.1), 0.0109));
        assert!(cache_time(1.1, 0.001, 0.1).is_err());
        assert!(cache_time(0.9, -0.001, 0.1).is_err());
    }

    #[test]
    fn what_is_rare_for_one_is_common_for_a_hundred() {
        // ln 0.99 × 100 = −1.005034; e to it = 0.366032.
        assert!(close(fanout_tail(0.01, 100), 0.633_968));
        assert!(close(fanout_tail(1.0, 2), 1.0));
        // 0.01 × 0.01.
        assert!(close(hedged_tail(0.01), 0.0001));
        assert!(fanout_tail(0.01, 0).is_err());
        assert!(hedged_tail(-0.01).is_err());
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn a_mean_lies_between(
            h in 0.0..=1.0, hit in 0.0..1.0, miss in 0.0..9.0,
        ) {
            let mean = cache_time(h, hit, miss)?;
            prop_assert!(mean >= f64::min(hit, miss) - 1e-12);
            prop_assert!(mean <= f64::max(hit, miss) + 1e-12);
            prop_assert_eq!(cache_time(1.0, hit, miss)?, hit);
            prop_assert_eq!(cache_time(0.0, hit, miss)?, miss);
        }

        #[test]
        fn fan_out_makes_slow_answers_common_and_a_hedge_rare(
            q in 0.0..=1.0, n in 1_u32..999,
        ) {
            let tail = fanout_tail(q, n)?;
            prop_assert!(close(fanout_tail(q, 1), q));
            prop_assert!((q - 1e-12..=1.0).contains(&tail));
            prop_assert!(fanout_tail(q, n + 1)? >= tail);
            prop_assert!(hedged_tail(q)? <= q);
            // Both of two, either of two, and the two alone: all counted.
            let either = fanout_tail(q, 2)?;
            prop_assert!(close(Ok(either + hedged_tail(q)?), 2.0 * q));
        }

        #[test]
        fn what_is_very_rare_adds_up(n in 1_u32..999) {
            let tail = fanout_tail(1e-18, n)?;
            prop_assert!(close(Ok(tail / 1e-18), f64::from(n)));
        }
    }
}
