//! Formulas about how fast a sender may be: in go windows, round trips and
//! losses, out comes a window, a rate or a measure of fairness.

use super::domain::{amount, check, finite, inputs, positive, seconds, some};
use super::{Example, Formula, OutOfDomain, Symbol, symbol};

pub const WINDOW_RATE: Formula = Formula {
    name: "window_rate",
    lesson: 21,
    latex: r"X \le \frac{W}{\mathrm{RTT}}",
    meaning: "The highest rate that a window allows.",
    unit: "byte/s",
    symbols: &[
        symbol("W", "bytes that may be on the way", "byte"),
        symbol(r"\mathrm{RTT}", "round-trip time", "s"),
    ],
    source: "RFC 6349 §3.3.1; the window is that of RFC 9293 §3.8.6.",
    function: |given| {
        let [w, rtt] = inputs(given)?;
        window_rate(w, rtt)
    },
    example: Example {
        given: &[("W", 65_535.0), (r"\mathrm{RTT}", 0.1)],
        result: "655,350",
    },
};

/// Highest rate X, in bytes a second, with a window of `w` bytes and a round
/// trip of `rtt` seconds, more than 0.
pub fn window_rate(w: f64, rtt: f64) -> Result<f64, OutOfDomain> {
    finite("X", amount("W", w)? / positive("RTT", rtt)?)
}

const W_MAX: Symbol =
    symbol(r"W_{\max}", "window when the last loss was seen", "segment");
const CWND_EPOCH: Symbol = symbol(
    r"\mathrm{cwnd}_{\mathrm{epoch}}",
    "window after it was cut, at the start of the epoch",
    "segment",
);
const C: Symbol = symbol("C", "how fast the window grows: 0.4", "segment/s³");

pub const CUBIC_K: Formula = Formula {
    name: "cubic_k",
    lesson: 22,
    latex: r"K = \sqrt[3]{\frac{W_{\max}
             - \mathrm{cwnd}_{\mathrm{epoch}}}{C}}",
    meaning: "How long CUBIC takes to come back to the window at which it \
              saw a loss.",
    unit: "s",
    symbols: &[W_MAX, CWND_EPOCH, C],
    source: "RFC 9438 §4.2, figure 2.",
    function: |given| {
        let [w_max, cwnd_epoch, c] = inputs(given)?;
        cubic_k(w_max, cwnd_epoch, c)
    },
    example: Example {
        given: &[
            (r"W_{\max}", 100.0),
            (r"\mathrm{cwnd}_{\mathrm{epoch}}", 70.0),
            ("C", 0.4),
        ],
        result: "4.22",
    },
};

/// Time K, in seconds, in which CUBIC grows from `cwnd_epoch` segments to
/// `w_max`, which is at least as many, with the constant `c`, more than 0.
pub fn cubic_k(
    w_max: f64,
    cwnd_epoch: f64,
    c: f64,
) -> Result<f64, OutOfDomain> {
    let (w_max, cwnd_epoch) =
        (amount("W_max", w_max)?, amount("cwnd_epoch", cwnd_epoch)?);
    let allowed = "at most W_max";
    check(cwnd_epoch <= w_max, "cwnd_epoch", cwnd_epoch, allowed)?;
    let cube = finite("K³", (w_max - cwnd_epoch) / positive("C", c)?)?;
    Ok(cube.cbrt())
}

pub const CUBIC_WINDOW: Formula = Formula {
    name: "cubic_window",
    lesson: 22,
    latex: r"W(t) = C (t - K)^{3} + W_{\max}, \qquad
             K = \sqrt[3]{\frac{W_{\max}
             - \mathrm{cwnd}_{\mathrm{epoch}}}{C}}",
    meaning: "CUBIC's congestion window; where Reno's would be larger, \
              CUBIC takes that.",
    unit: "segment",
    symbols: &[
        symbol("t", "time since the start of the epoch", "s"),
        W_MAX,
        CWND_EPOCH,
        C,
    ],
    source: "RFC 9438 §4.2, figures 1 and 2; §4.3 for Reno's.",
    function: |given| {
        let [t, w_max, cwnd_epoch, c] = inputs(given)?;
        cubic_window(t, w_max, cwnd_epoch, c)
    },
    example: Example {
        given: &[
            ("t", 2.0),
            (r"W_{\max}", 100.0),
            (r"\mathrm{cwnd}_{\mathrm{epoch}}", 70.0),
            ("C", 0.4),
        ],
        result: "95.6",
    },
};

/// CUBIC's window W, in segments, `t` seconds after it was cut from `w_max`
/// segments to `cwnd_epoch`, with the constant `c`; as in [`cubic_k`].
pub fn cubic_window(
    t: f64,
    w_max: f64,
    cwnd_epoch: f64,
    c: f64,
) -> Result<f64, OutOfDomain> {
    let k = cubic_k(w_max, cwnd_epoch, c)?;
    let growth = c * (seconds("t", t)? - k).powi(3);
    // At the start it is `cwnd_epoch`, or by rounding a trifle less.
    finite("W", (growth + w_max).max(cwnd_epoch))
}

pub const MATHIS: Formula = Formula {
    name: "mathis",
    lesson: 22,
    latex: r"X \approx \frac{\mathrm{MSS}}{\mathrm{RTT}}
             \sqrt{\frac{3}{2 b p}}",
    meaning: "The rate of Reno where losses are rare and come alone.",
    unit: "byte/s",
    symbols: &[
        symbol(r"\mathrm{MSS}", "bytes of the message in a segment", "byte"),
        symbol(r"\mathrm{RTT}", "round-trip time", "s"),
        symbol("b", "segments that an ACK counts for: 1 on Linux", "1"),
        symbol("p", "loss events for each segment sent", "1"),
    ],
    source: "Mathis, Semke, Mahdavi & Ott 1997, *The Macroscopic Behavior \
             of the TCP Congestion Avoidance Algorithm*; with b: Padhye, \
             Firoiu, Towsley & Kurose 1998, *Modeling TCP Throughput*.",
    function: |given| {
        let [mss, rtt, b, p] = inputs(given)?;
        mathis(mss, rtt, b, p)
    },
    example: Example {
        given: &[
            (r"\mathrm{MSS}", 1448.0),
            (r"\mathrm{RTT}", 0.04),
            ("b", 1.0),
            ("p", 0.01),
        ],
        result: "443,358",
    },
};

/// Rate X, in bytes a second, of segments of `mss` bytes over a round trip
/// of `rtt` seconds, where an ACK counts for `b` segments, at least 1, and
/// `p` of the segments sent, more than 0 and at most 1, begin a loss.
pub fn mathis(mss: f64, rtt: f64, b: f64, p: f64) -> Result<f64, OutOfDomain> {
    let rate = window_rate(amount("MSS", mss)?, rtt)?;
    check(
        b >= 1.0 && b.is_finite(),
        "b",
        b,
        "a finite number from 1 on",
    )?;
    check(p > 0.0 && p <= 1.0, "p", p, "more than 0, and at most 1")?;
    // Two roots: b p may be too small or too large for a number.
    finite("X", rate * (1.5 / b).sqrt() / p.sqrt())
}

pub const JAIN: Formula = Formula {
    name: "jain",
    lesson: 22,
    latex: r"J = \frac{\left( \sum_{i=1}^{n} x_i \right)^{2}}
             {n \sum_{i=1}^{n} x_i^{2}}",
    meaning: "How fair shares are: 1 where all are equal, 1/n where one has \
              everything.",
    unit: "1",
    symbols: &[
        symbol("n", "number of those who share", "1"),
        symbol("x_i", "what each of them gets, in any unit", "1"),
    ],
    source: "Jain, Chiu & Hawe 1984, *A Quantitative Measure of Fairness*, \
             DEC-TR-301.",
    function: jain,
    example: Example {
        given: &[("x_i", 1.0), ("x_i", 1.0), ("x_i", 1.0), ("x_i", 3.0)],
        result: "0.75",
    },
};

/// Fairness J, 1/n to 1, of `shares` in any unit; at least one is more than
/// 0, and none is less.
pub fn jain(shares: &[f64]) -> Result<f64, OutOfDomain> {
    let n = some("n", shares.len() as u64)?;
    let mut largest = 0.0_f64;
    for &share in shares {
        largest = largest.max(amount("x_i", share)?);
    }
    check(largest > 0.0, "x_i", largest, "more than 0 for one of them")?;
    // In parts of the largest, no square is too large for a number.
    let parts = shares.iter().map(|share| share / largest);
    let (sum, squares) = parts.fold((0.0, 0.0), |(sum, squares), part| {
        (sum + part, squares + part * part)
    });
    Ok(sum * sum / (n * squares))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::delay::bdp;
    use super::super::promises::{close, few};
    use super::*;

    #[test]
    fn sixty_four_kilobytes_a_round_trip_is_little() {
        // 65,535 byte / 0.1 s, or 5.2 Mbit/s on any link.
        assert!(close(window_rate(65_535.0, 0.1), 655_350.0));
        assert!(window_rate(1.0, 0.0).is_err());
        assert!(window_rate(f64::MAX, 0.1).is_err());
    }

    #[test]
    fn cubic_is_back_after_the_cube_root_of_75_seconds() {
        // (100 − 70) / 0.4 = 75; 4.217163³ = 75.0.
        assert!(close(cubic_k(100.0, 70.0, 0.4), 4.217_163));
        // 2 − 4.217163 = −2.217163; cubed −10.899202; × 0.4 = −4.359681.
        assert!(close(cubic_window(2.0, 100.0, 70.0, 0.4), 95.640_319));
        assert!(cubic_k(70.0, 100.0, 0.4).is_err());
        assert!(cubic_k(100.0, 70.0, 0.0).is_err());
        assert!(cubic_window(-1.0, 100.0, 70.0, 0.4).is_err());
    }

    #[test]
    fn one_loss_in_a_hundred_leaves_three_and_a_half_megabits() {
        // 1,448 / 0.04 = 36,200; √150 = 12.247449; × 8 = 3.55 Mbit/s.
        let rate = mathis(1448.0, 0.04, 1.0, 0.01);
        assert!(rate.is_ok_and(|it| (it - 443_357.6).abs() < 0.1));
        assert!(mathis(1448.0, 0.04, 1.0, 0.0).is_err());
        assert!(mathis(1448.0, 0.04, 0.5, 0.01).is_err());
        assert!(mathis(1448.0, 0.0, 1.0, 0.01).is_err());
    }

    #[test]
    fn one_who_takes_three_of_six_is_three_quarters_fair() {
        // (1 + 1 + 1 + 3)² = 36; 4 × (1 + 1 + 1 + 9) = 48.
        assert!(close(jain(&[1.0, 1.0, 1.0, 3.0]), 0.75));
        assert!(close(jain(&[1.0, 0.0, 0.0, 0.0]), 0.25));
        assert!(close(jain(&[f64::MAX, f64::MAX]), 1.0));
        assert!(jain(&[]).is_err() && jain(&[0.0, 0.0]).is_err());
        assert!(jain(&[1.0, -1.0]).is_err());
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn a_window_of_the_product_fills_the_path(
            r in 1.0..1e11, rtt in 0.001..1.0,
        ) {
            let rate = window_rate(bdp(r, rtt)? / 8.0, rtt)? * 8.0;
            prop_assert!(close(Ok(rate / r), 1.0));
            let half = window_rate(1e6, 2.0 * rtt)?;
            prop_assert_eq!(half, window_rate(1e6, rtt)? / 2.0);
        }

        #[test]
        fn cubic_starts_at_the_cut_and_passes_the_old_window_at_k(
            w_max in 1.0..1e5, cut in 0.1..1.0, t in 0.0..100.0,
        ) {
            let (epoch, c) = (w_max * cut, 0.4);
            let k = cubic_k(w_max, epoch, c)?;
            let at = |t| cubic_window(t, w_max, epoch, c);
            prop_assert!(close(Ok(at(0.0)? / epoch), 1.0));
            prop_assert!(close(Ok(at(k)? / w_max), 1.0));
            prop_assert!(at(t + 0.1)? >= at(t)?);
            // Eight times the way back takes twice as long.
            let twice = cubic_k(8.0 * w_max, 8.0 * epoch, c)?;
            prop_assert!(close(Ok(twice), 2.0 * k));
        }

        #[test]
        fn mathis_is_a_window_of_so_many_segments(
            rtt in 0.001..1.0, p in 1e-6..1.0, b in 1.0..3.0,
        ) {
            let rate = mathis(1448.0, rtt, b, p)?;
            let window = 1448.0 * (3.0 / (2.0 * b * p)).sqrt();
            prop_assert!(close(Ok(rate / window_rate(window, rtt)?), 1.0));
            // Twice the round trip halves it, and so does fourfold loss.
            prop_assert_eq!(mathis(1448.0, 2.0 * rtt, b, p)?, rate / 2.0);
            let lossy = mathis(1448.0, rtt, b, p / 4.0)?;
            prop_assert!(close(Ok(lossy / rate), 2.0));
            let delayed = mathis(1448.0, rtt, 2.0 * b, p)?;
            prop_assert!(close(Ok(rate / delayed), 2.0_f64.sqrt()));
        }

        #[test]
        fn fairness_knows_no_unit_and_no_order(
            mut shares in prop::collection::vec(0.1..1e6, 1..20),
        ) {
            let fair = jain(&shares)?;
            let n = shares.len() as f64;
            prop_assert!(1.0 / n - 1e-12 <= fair && fair <= 1.0 + 1e-12);
            shares.reverse();
            shares.iter_mut().for_each(|share| *share *= 1e3);
            prop_assert!(close(jain(&shares), fair));
            let equal = vec![shares[0]; shares.len()];
            prop_assert!(close(jain(&equal), 1.0));
            // One more who gets nothing makes it less fair.
            shares.push(0.0);
            prop_assert!(close(jain(&shares), fair * n / (n + 1.0)));
        }
    }
}
