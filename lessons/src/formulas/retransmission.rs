//! Formulas about when to send again: in go a measurement and what was known
//! before, out comes what is known after, in seconds.
//!
//! The first measurement R sets SRTT = R and RTTVAR = R/2 (RFC 6298 §2.2).
//! A segment that was sent twice measures nothing (Karn's algorithm, §3).

use super::domain::{finite, inputs, seconds};
use super::{Example, Formula, OutOfDomain, Symbol, symbol};

const SRTT: Symbol = symbol(r"\mathrm{SRTT}", "smoothed round-trip time", "s");
const RTTVAR: Symbol =
    symbol(r"\mathrm{RTTVAR}", "variation of the round-trip time", "s");
const R: Symbol = symbol("R", "round-trip time measured now", "s");

pub const SMOOTHED_RTT: Formula = Formula {
    name: "smoothed_rtt",
    lesson: 20,
    latex: r"\mathrm{SRTT} \leftarrow
             \frac{7}{8} \mathrm{SRTT} + \frac{1}{8} R",
    meaning: "The smoothed round-trip time after a further measurement.",
    unit: "s",
    symbols: &[SRTT, R],
    source: "RFC 6298 §2.3, with α = 1/8.",
    function: |given| {
        let [srtt, r] = inputs(given)?;
        smoothed_rtt(srtt, r)
    },
    example: Example {
        given: &[(r"\mathrm{SRTT}", 0.1), ("R", 0.18)],
        result: "0.11",
    },
};

/// Smoothed round-trip time, in seconds, after a measurement of `r` seconds
/// where it was `srtt` seconds.
pub fn smoothed_rtt(srtt: f64, r: f64) -> Result<f64, OutOfDomain> {
    let (srtt, r) = (seconds("SRTT", srtt)?, seconds("R", r)?);
    Ok(7.0 / 8.0 * srtt + r / 8.0)
}

pub const RTT_VARIATION: Formula = Formula {
    name: "rtt_variation",
    lesson: 20,
    latex: r"\mathrm{RTTVAR} \leftarrow \frac{3}{4} \mathrm{RTTVAR}
             + \frac{1}{4} \left| \mathrm{SRTT} - R \right|",
    meaning: "How far measurements are from the smoothed round-trip time; \
              it is changed before that is.",
    unit: "s",
    symbols: &[RTTVAR, SRTT, R],
    source: "RFC 6298 §2.3, with β = 1/4.",
    function: |given| {
        let [rttvar, srtt, r] = inputs(given)?;
        rtt_variation(rttvar, srtt, r)
    },
    example: Example {
        given: &[
            (r"\mathrm{RTTVAR}", 0.05),
            (r"\mathrm{SRTT}", 0.1),
            ("R", 0.18),
        ],
        result: "0.0575",
    },
};

/// Variation, in seconds, after a measurement of `r` seconds where it was
/// `rttvar` seconds; `srtt` is the smoothed time before the measurement.
pub fn rtt_variation(
    rttvar: f64,
    srtt: f64,
    r: f64,
) -> Result<f64, OutOfDomain> {
    let rttvar = seconds("RTTVAR", rttvar)?;
    let off = (seconds("SRTT", srtt)? - seconds("R", r)?).abs();
    Ok(3.0 / 4.0 * rttvar + off / 4.0)
}

pub const RETRANSMISSION_TIMEOUT: Formula = Formula {
    name: "retransmission_timeout",
    lesson: 20,
    latex: r"\mathrm{RTO} = \max\left( \mathrm{RTO}_{\min},
             \mathrm{SRTT} + \max\left( G, 4 \, \mathrm{RTTVAR} \right)
             \right)",
    meaning: "How long to wait for an ACK before sending again.",
    unit: "s",
    symbols: &[
        SRTT,
        RTTVAR,
        symbol("G", "smallest step of the clock", "s"),
        symbol(r"\mathrm{RTO}_{\min}", "least timeout: 1 s in the RFC", "s"),
    ],
    source: "RFC 6298 §2.3, and §2.4 for the least timeout.",
    function: |given| {
        let [srtt, rttvar, g, floor] = inputs(given)?;
        retransmission_timeout(srtt, rttvar, g, floor)
    },
    example: Example {
        given: &[
            (r"\mathrm{SRTT}", 0.3),
            (r"\mathrm{RTTVAR}", 0.25),
            ("G", 0.001),
            (r"\mathrm{RTO}_{\min}", 1.0),
        ],
        result: "1.3",
    },
};

/// Retransmission timeout, in seconds, of a smoothed round trip `srtt` and
/// its variation `rttvar`, on a clock with steps of `g` seconds, and never
/// less than `floor` seconds.
pub fn retransmission_timeout(
    srtt: f64,
    rttvar: f64,
    g: f64,
    floor: f64,
) -> Result<f64, OutOfDomain> {
    let margin = seconds("G", g)?.max(4.0 * seconds("RTTVAR", rttvar)?);
    let rto = seconds("SRTT", srtt)? + margin;
    finite("RTO", rto.max(seconds("RTO_min", floor)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::promises::{close, few};
    use super::*;

    #[test]
    fn a_slow_answer_moves_the_mean_an_eighth_of_the_way() {
        // 100 ms + 80 ms / 8; 3/4 × 50 ms + 80 ms / 4.
        assert!(close(smoothed_rtt(0.1, 0.18), 0.11));
        assert!(close(rtt_variation(0.05, 0.1, 0.18), 0.0575));
        assert!(smoothed_rtt(-0.1, 0.1).is_err());
        assert!(rtt_variation(0.1, 0.1, f64::NAN).is_err());
    }

    #[test]
    fn the_timeout_is_four_variations_off_and_a_second_at_least() {
        // 0.3 + 4 × 0.25 = 1.3.
        let rto = retransmission_timeout(0.3, 0.25, 0.001, 1.0);
        assert!(close(rto, 1.3));
        // First measurement, 100 ms: 0.1 + 4 × 0.05 = 0.3, so 1 s.
        let rto = retransmission_timeout(0.1, 0.05, 0.001, 1.0);
        assert!(close(rto, 1.0));
        // Nothing varies: the clock's step is the margin.
        let rto = retransmission_timeout(0.1, 0.0, 0.01, 0.0);
        assert!(close(rto, 0.11));
        assert!(retransmission_timeout(0.1, 0.1, 0.1, -1.0).is_err());
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn measurements_that_agree_are_believed(r in 0.001..10.0) {
            let (mut srtt, mut rttvar) = (2.0 * r, r);
            for _ in 0..200 {
                rttvar = rtt_variation(rttvar, srtt, r)?;
                srtt = smoothed_rtt(srtt, r)?;
            }
            prop_assert!(close(Ok(srtt), r) && close(Ok(rttvar), 0.0));
        }

        #[test]
        fn the_mean_stays_between_what_was_and_what_is(
            srtt in 0.0..10.0, r in 0.0..10.0, rttvar in 0.0..10.0,
        ) {
            let mean = smoothed_rtt(srtt, r)?;
            let (low, high) = (f64::min(srtt, r), f64::max(srtt, r));
            prop_assert!(low - 1e-12 <= mean && mean <= high + 1e-12);
            let rto = retransmission_timeout(srtt, rttvar, 0.0, 0.0)?;
            prop_assert!(rto >= srtt);
            let floor = retransmission_timeout(srtt, rttvar, 0.0, 1.0)?;
            prop_assert_eq!(floor, rto.max(1.0));
            let twice =
                retransmission_timeout(2.0 * srtt, 2.0 * rttvar, 0.0, 0.0);
            prop_assert_eq!(twice?, 2.0 * rto);
        }
    }
}
