//! Formulas about repeating what was lost: in go a window and a loss, out
//! comes the share of the time in which a link carries new frames.
//!
//! All three assume that ACKs are short and never lost, and that the sender
//! repeats a frame one round trip after it began to send it: 1 + 2a frames.

use super::domain::{
    amount, finite, inputs, positive, seconds, share, some, whole,
};
use super::{Example, Formula, OutOfDomain, Symbol, symbol};

const P: Symbol = symbol("p", "probability that a frame is lost", "1");
const A: Symbol = symbol(
    "a",
    "time to propagate, in times that it takes to send a frame",
    "1",
);
const W: Symbol = symbol("W", "frames that may be on the way", "1");

pub const PROPAGATION_RATIO: Formula = Formula {
    name: "propagation_ratio",
    lesson: 20,
    latex: r"a = \frac{t_{\mathrm{prop}}}{t_{\mathrm{frame}}}",
    meaning: "How many frames fit on a link, one way.",
    unit: "1",
    symbols: &[
        symbol(r"t_{\mathrm{prop}}", "time that the signal travels", "s"),
        symbol(r"t_{\mathrm{frame}}", "time to send a frame", "s"),
    ],
    source: "Stallings, *Data and Computer Communications* (the parameter a \
             of data link control).",
    function: |given| {
        let [prop, frame] = inputs(given)?;
        propagation_ratio(prop, frame)
    },
    example: Example {
        given: &[
            (r"t_{\mathrm{prop}}", 0.02),
            (r"t_{\mathrm{frame}}", 0.0012),
        ],
        result: "16.7",
    },
};

/// Ratio a of `prop` seconds on the way to `frame` seconds of sending, which
/// are more than 0.
pub fn propagation_ratio(prop: f64, frame: f64) -> Result<f64, OutOfDomain> {
    let prop = seconds("t_prop", prop)?;
    finite("a", prop / positive("t_frame", frame)?)
}

pub const STOP_AND_WAIT: Formula = Formula {
    name: "stop_and_wait",
    lesson: 20,
    latex: r"U_{\mathrm{sw}} = \frac{1 - p}{1 + 2a}",
    meaning: "The share of the time in which a link carries new frames if \
              each waits for the ACK of the one before.",
    unit: "1",
    symbols: &[P, A],
    source: "Stallings, *Data and Computer Communications* (performance of \
             ARQ).",
    function: |given| {
        let [p, a] = inputs(given)?;
        stop_and_wait(p, a)
    },
    example: Example {
        given: &[("p", 0.01), ("a", 10.0)],
        result: "0.0471",
    },
};

/// Utilisation U, 0 to 1, of stop-and-wait: frames are lost with
/// probability `p`, and `a` fit on the link one way.
pub fn stop_and_wait(p: f64, a: f64) -> Result<f64, OutOfDomain> {
    Ok((1.0 - share("p", p)?) / round_trip(a)?)
}

pub const GO_BACK_N: Formula = Formula {
    name: "go_back_n",
    lesson: 20,
    latex: r"U_{\mathrm{gbn}} = \begin{cases}
             \frac{1 - p}{1 + 2 a p} & W \ge 1 + 2a \\
             \frac{W (1 - p)}{(1 + 2a)(1 - p + W p)} & W < 1 + 2a
             \end{cases}",
    meaning: "The share of the time in which a link carries new frames if \
              the sender goes back to a lost one and repeats all from there.",
    unit: "1",
    symbols: &[P, A, W],
    source: "Stallings, *Data and Computer Communications* (performance of \
             ARQ).",
    function: |given| {
        let [p, a, w] = inputs(given)?;
        go_back_n(p, a, whole("W", w)?)
    },
    example: Example {
        given: &[("p", 0.01), ("a", 10.0), ("W", 7.0)],
        result: "0.311",
    },
};

/// Utilisation U, 0 to 1, of Go-Back-N with a window of `w` frames, at
/// least one.
pub fn go_back_n(p: f64, a: f64, w: u32) -> Result<f64, OutOfDomain> {
    let (arrives, round) = (1.0 - share("p", p)?, round_trip(a)?);
    let w = some("W", w)?;
    if w >= round {
        return Ok(arrives / (1.0 + 2.0 * a * p));
    }
    Ok(w * arrives / (round * (arrives + w * p)))
}

pub const SELECTIVE_REPEAT: Formula = Formula {
    name: "selective_repeat",
    lesson: 20,
    latex: r"U_{\mathrm{sr}} = \begin{cases}
             1 - p & W \ge 1 + 2a \\
             \frac{W (1 - p)}{1 + 2a} & W < 1 + 2a
             \end{cases}",
    meaning: "The share of the time in which a link carries new frames if \
              the sender repeats lost ones alone.",
    unit: "1",
    symbols: &[P, A, W],
    source: "Stallings, *Data and Computer Communications* (performance of \
             ARQ; there it is called selective reject).",
    function: |given| {
        let [p, a, w] = inputs(given)?;
        selective_repeat(p, a, whole("W", w)?)
    },
    example: Example {
        given: &[("p", 0.01), ("a", 10.0), ("W", 7.0)],
        result: "0.33",
    },
};

/// Utilisation U, 0 to 1, of selective repeat with a window of `w` frames,
/// at least one.
pub fn selective_repeat(p: f64, a: f64, w: u32) -> Result<f64, OutOfDomain> {
    let (arrives, round) = (1.0 - share("p", p)?, round_trip(a)?);
    let w = some("W", w)?;
    if w >= round {
        return Ok(arrives);
    }
    Ok(w * arrives / round)
}

/// From the first bit of a frame to its ACK, in frames.
fn round_trip(a: f64) -> Result<f64, OutOfDomain> {
    finite("1 + 2a", 1.0 + 2.0 * amount("a", a)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::promises::{close, few};
    use super::*;

    #[test]
    fn seven_frames_use_seven_times_what_one_does() {
        // 20 ms / 1.2 ms.
        assert!(close(propagation_ratio(0.02, 0.0012), 16.666_667));
        // 0.99 / 21; × 7; and / (0.99 + 0.07) = 1.06 for Go-Back-N.
        assert!(close(stop_and_wait(0.01, 10.0), 0.047_142_9));
        assert!(close(selective_repeat(0.01, 10.0, 7), 0.33));
        assert!(close(go_back_n(0.01, 10.0, 7), 0.311_320_8));
        // A window for all 21 frames: 0.99 / (1 + 0.2).
        assert!(close(selective_repeat(0.01, 10.0, 21), 0.99));
        assert!(close(go_back_n(0.01, 10.0, 21), 0.825));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(propagation_ratio(0.02, 0.0).is_err());
        assert!(stop_and_wait(-0.1, 1.0).is_err());
        assert!(stop_and_wait(0.1, -1.0).is_err());
        assert!(go_back_n(0.1, 1.0, 0).is_err());
        assert!(go_back_n(0.1, f64::MAX, 1).is_err());
        assert!(selective_repeat(1.1, 1.0, 1).is_err());
        assert!(selective_repeat(0.1, 1.0, 0).is_err());
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn a_window_of_one_is_stop_and_wait(p in 0.0..=1.0, a in 0.0..1e3) {
            let u = stop_and_wait(p, a)?;
            prop_assert!(close(go_back_n(p, a, 1), u));
            prop_assert!(close(selective_repeat(p, a, 1), u));
        }

        #[test]
        fn who_repeats_less_uses_more(
            p in 0.0..=1.0, a in 0.0..1e3, w in 1_u32..3000,
        ) {
            let (gbn, sr) = (go_back_n(p, a, w)?, selective_repeat(p, a, w)?);
            prop_assert!(0.0 <= gbn && gbn <= sr + 1e-12 && sr <= 1.0 - p);
            prop_assert!(stop_and_wait(p, a)? <= gbn + 1e-12);
            // Without a loss there is nothing to repeat.
            let never = selective_repeat(0.0, a, w)?;
            prop_assert!(close(go_back_n(0.0, a, w), never));
        }

        #[test]
        fn a_larger_window_and_fewer_losses_never_harm(
            p in 0.0..0.99, a in 0.0..1e3, w in 1_u32..3000,
        ) {
            for u in [go_back_n, selective_repeat] {
                prop_assert!(u(p, a, w + 1)? >= u(p, a, w)? - 1e-12);
                prop_assert!(u(p + 0.01, a, w)? <= u(p, a, w)? + 1e-12);
                prop_assert!(u(p, a + 1.0, w)? <= u(p, a, w)? + 1e-12);
            }
        }

        #[test]
        fn both_cases_meet_where_the_window_is_the_round_trip(
            p in 0.0..=1.0, w in 1_u32..3000,
        ) {
            let a = f64::from(w - 1) / 2.0;
            for u in [go_back_n, selective_repeat] {
                let beyond = u(p, a + 1e-9, w);
                prop_assert!(close(beyond, u(p, a, w)?));
            }
        }
    }
}
