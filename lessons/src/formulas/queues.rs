//! Formulas about waiting in line: in go rates of arrival and of service,
//! out comes a time, a load or a number of requests.

use super::domain::{amount, check, finite, inputs, positive, seconds};
use super::{Example, Formula, OutOfDomain, Symbol, symbol};

const LAMBDA: Symbol =
    symbol(r"\lambda", "requests that arrive, on average", "1/s");
const MU: Symbol =
    symbol(r"\mu", "requests that the server can do, on average", "1/s");

pub const LITTLE: Formula = Formula {
    name: "little",
    lesson: 24,
    latex: r"L = \lambda W",
    meaning: "How many requests are in a system, on average.",
    unit: "1",
    symbols: &[LAMBDA, symbol("W", "time that a request is in it", "s")],
    source: "Little 1961, *A Proof for the Queuing Formula: L = λW*.",
    function: |given| {
        let [lambda, w] = inputs(given)?;
        little(lambda, w)
    },
    example: Example {
        given: &[(r"\lambda", 1000.0), ("W", 0.05)],
        result: "50",
    },
};

/// Requests L in a system where `lambda` arrive a second and each stays for
/// `w` seconds, all on average.
pub fn little(lambda: f64, w: f64) -> Result<f64, OutOfDomain> {
    finite("L", amount("lambda", lambda)? * seconds("W", w)?)
}

pub const LOAD: Formula = Formula {
    name: "load",
    lesson: 25,
    latex: r"\rho = \frac{\lambda}{\mu}",
    meaning: "How busy a server is; from 1 on, its queue grows without end.",
    unit: "1",
    symbols: &[LAMBDA, MU],
    source: "Follows from the definition: work that arrives over work that \
             can be done.",
    function: |given| {
        let [lambda, mu] = inputs(given)?;
        load(lambda, mu)
    },
    example: Example {
        given: &[(r"\lambda", 80.0), (r"\mu", 100.0)],
        result: "0.8",
    },
};

/// Load ρ of a server that can do `mu` requests a second, more than 0, and
/// gets `lambda`; 1 and more is an answer too, and means overload.
pub fn load(lambda: f64, mu: f64) -> Result<f64, OutOfDomain> {
    finite("rho", amount("lambda", lambda)? / positive("mu", mu)?)
}

pub const MM1: Formula = Formula {
    name: "mm1",
    lesson: 25,
    latex: r"W = \frac{1}{\mu - \lambda}",
    meaning: "The time in a queue and its one server, on average, if \
              arrivals and work are random (M/M/1).",
    unit: "s",
    symbols: &[LAMBDA, MU],
    source: "Kleinrock 1975, *Queueing Systems*, vol. 1.",
    function: |given| {
        let [lambda, mu] = inputs(given)?;
        mm1(lambda, mu)
    },
    example: Example {
        given: &[(r"\lambda", 80.0), (r"\mu", 100.0)],
        result: "0.05",
    },
};

/// Mean time W, in seconds, in an M/M/1 system to which `lambda` requests
/// come a second, fewer than the `mu` that it can do.
pub fn mm1(lambda: f64, mu: f64) -> Result<f64, OutOfDomain> {
    stable(lambda, mu)?;
    finite("W", 1.0 / (mu - lambda))
}

pub const MD1: Formula = Formula {
    name: "md1",
    lesson: 25,
    latex: r"W = \frac{1}{\mu} + \frac{\rho}{2 \mu (1 - \rho)}, \qquad
             \rho = \frac{\lambda}{\mu}",
    meaning: "The time in a queue and its one server, on average, if \
              arrivals are random and the work is fixed (M/D/1).",
    unit: "s",
    symbols: &[LAMBDA, MU],
    source: "Kleinrock 1975, *Queueing Systems*, vol. 1 (Pollaczek–Khinchine \
             formula for fixed work).",
    function: |given| {
        let [lambda, mu] = inputs(given)?;
        md1(lambda, mu)
    },
    example: Example {
        given: &[(r"\lambda", 80.0), (r"\mu", 100.0)],
        result: "0.03",
    },
};

/// Mean time W, in seconds, in an M/D/1 system to which `lambda` requests
/// come a second, fewer than the `mu` that it can do.
pub fn md1(lambda: f64, mu: f64) -> Result<f64, OutOfDomain> {
    stable(lambda, mu)?;
    // ρ / (1 − ρ) = λ / (μ − λ), which does not divide by a rounded zero.
    let waiting = lambda / (mu - lambda) / mu / 2.0;
    finite("W", 1.0 / mu + waiting)
}

/// A queue has a mean only where less arrives than can be done.
fn stable(lambda: f64, mu: f64) -> Result<(), OutOfDomain> {
    amount("lambda", lambda)?;
    positive("mu", mu)?;
    check(lambda < mu, "lambda", lambda, "less than mu")?;
    Ok(())
}

pub const TOKEN_BUCKET: Formula = Formula {
    name: "token_bucket",
    lesson: 25,
    latex: r"A(t) \le b + r t",
    meaning: "The most that a token bucket lets through in any time t.",
    unit: "token",
    symbols: &[
        symbol("b", "tokens that the bucket holds", "token"),
        symbol("r", "tokens that it gains", "token/s"),
        symbol("t", "time", "s"),
    ],
    source: "Follows from the definition: at most b are there at first, and \
             r come a second. The bucket is that of RFC 2215 §3.6.",
    function: |given| {
        let [b, r, t] = inputs(given)?;
        token_bucket(b, r, t)
    },
    example: Example {
        given: &[("b", 100.0), ("r", 50.0), ("t", 2.0)],
        result: "200",
    },
};

/// Most tokens A that a bucket of `b`, which gains `r` a second, gives out
/// in `t` seconds.
pub fn token_bucket(b: f64, r: f64, t: f64) -> Result<f64, OutOfDomain> {
    finite("A", amount("b", b)? + amount("r", r)? * seconds("t", t)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::promises::{close, few};
    use super::*;

    #[test]
    fn fifty_requests_are_in_the_house() {
        // 1,000 a second, 50 ms each.
        assert!(close(little(1000.0, 0.05), 50.0));
        assert!(little(-1.0, 0.05).is_err());
        assert!(little(f64::MAX, 2.0).is_err());
    }

    #[test]
    fn a_server_at_80_percent_takes_five_times_as_long() {
        // 80 / 100; 1 / (100 − 80); 10 ms + 0.8 / (200 × 0.2).
        assert!(close(load(80.0, 100.0), 0.8));
        assert!(close(mm1(80.0, 100.0), 0.05));
        assert!(close(md1(80.0, 100.0), 0.03));
        assert!(close(load(120.0, 100.0), 1.2));
        assert!(load(80.0, 0.0).is_err());
        assert!(mm1(100.0, 100.0).is_err() && md1(100.0, 100.0).is_err());
        assert!(mm1(101.0, 100.0).is_err() && md1(0.0, 0.0).is_err());
        let refused = mm1(100.0, 100.0).map_err(|it| it.to_string());
        let expected = "lambda = 100, but it must be less than mu";
        assert_eq!(refused, Err(expected.into()));
        // One request in 10³⁰⁸ seconds and more.
        let never = f64::MIN_POSITIVE / 4.0;
        assert!(mm1(0.0, never).is_err() && md1(0.0, never).is_err());
    }

    #[test]
    fn a_full_bucket_comes_on_top() {
        // 100 + 50 × 2.
        assert!(close(token_bucket(100.0, 50.0, 2.0), 200.0));
        assert!(token_bucket(100.0, 50.0, -1.0).is_err());
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn fixed_work_waits_half_as_long_in_line(
            mu in 0.1..1e6, rho in 0.0..0.999,
        ) {
            let (lambda, work) = (mu * rho, 1.0 / mu);
            let (random, fixed) = (mm1(lambda, mu)?, md1(lambda, mu)?);
            // What is not work is waiting.
            let halves = (fixed - work) / work * 2.0;
            prop_assert!((halves - (random - work) / work).abs() < 1e-6);
            // The formula as it is printed.
            let printed = work + rho / (2.0 * mu * (1.0 - rho));
            prop_assert!(close(Ok(fixed / printed), 1.0));
            // An idle server only works.
            prop_assert!(close(Ok(mm1(0.0, mu)? / work), 1.0));
            prop_assert!(close(Ok(md1(0.0, mu)? / work), 1.0));
        }

        #[test]
        fn more_load_is_more_waiting(mu in 0.1..1e6, rho in 0.0..0.99) {
            for wait in [mm1, md1] {
                let now = wait(mu * rho, mu)?;
                prop_assert!(wait(mu * (rho + 0.005), mu)? > now);
                // Twice as fast in all is half as long.
                let fast = wait(2.0 * mu * rho, 2.0 * mu)?;
                prop_assert!(close(Ok(now / fast), 2.0));
            }
            // Little's law gives the other known form, ρ / (1 − ρ).
            let inside = little(mu * rho, mm1(mu * rho, mu)?)?;
            let rho = load(mu * rho, mu)?;
            prop_assert!(close(Ok(inside * (1.0 - rho)), rho));
        }

        #[test]
        fn two_spans_let_through_one_bucket_more_than_their_sum(
            b in 0.0..1e6, r in 0.0..1e6, t in 0.0..1e3, u in 0.0..1e3,
        ) {
            let apart = token_bucket(b, r, t)? + token_bucket(b, r, u)?;
            let whole = token_bucket(b, r, t + u)?;
            prop_assert!(close(Ok(apart - b), whole));
            prop_assert_eq!(token_bucket(b, r, 0.0)?, b);
        }
    }
}
