//! Formulas about what a connection costs before and between its bytes: in
//! go round trips and timers, out comes a number of round trips or a time.

use super::domain::{check, finite, inputs, seconds, whole};
use super::{Example, Formula, OutOfDomain, symbol};

pub const CONNECT_TIME: Formula = Formula {
    name: "connect_time",
    lesson: 9,
    latex: r"T_{\mathrm{connect}} = 1 \cdot \mathrm{RTT}",
    meaning: "The time until `connect` returns, if no packet is lost.",
    unit: "s",
    symbols: &[symbol(r"\mathrm{RTT}", "round-trip time", "s")],
    source: "RFC 9293 §3.5 (the client is done when the answer to its SYN \
             is there).",
    function: |given| {
        let [rtt] = inputs(given)?;
        connect_time(rtt)
    },
    example: Example {
        given: &[(r"\mathrm{RTT}", 0.04)],
        result: "0.04",
    },
};

/// Time, in seconds, to connect where a round trip takes `rtt` seconds.
pub fn connect_time(rtt: f64) -> Result<f64, OutOfDomain> {
    seconds("RTT", rtt)
}

pub const TIME_WAIT: Formula = Formula {
    name: "time_wait",
    lesson: 9,
    latex: r"T_{\mathrm{TIME\text{-}WAIT}} = 2 \cdot \mathrm{MSL}",
    meaning: "How long the side that closed first remembers a connection; \
              on Linux it is 60 s, whatever the MSL.",
    unit: "s",
    symbols: &[symbol(
        r"\mathrm{MSL}",
        "maximum segment lifetime: 2 minutes in the RFC",
        "s",
    )],
    source: "RFC 9293 §3.6.1, and §3.4.2 for the MSL; Linux, \
             `TCP_TIMEWAIT_LEN` in `include/net/tcp.h`.",
    function: |given| {
        let [msl] = inputs(given)?;
        time_wait(msl)
    },
    example: Example {
        given: &[(r"\mathrm{MSL}", 120.0)],
        result: "240",
    },
};

/// Time, in seconds, in TIME-WAIT where a segment lives `msl` seconds at
/// most.
pub fn time_wait(msl: f64) -> Result<f64, OutOfDomain> {
    finite("T", 2.0 * seconds("MSL", msl)?)
}

pub const DELAYED_ACK_STALL: Formula = Formula {
    name: "delayed_ack_stall",
    lesson: 12,
    latex: r"T_{\mathrm{stall}} \approx k \cdot t_{\mathrm{ack}}",
    meaning: "The time lost where the sender holds back a small segment \
              until an ACK comes, and the receiver holds back the ACK.",
    unit: "s",
    symbols: &[
        symbol("k", "number of times that they wait for each other", "1"),
        symbol(
            r"t_{\mathrm{ack}}",
            "the receiver's delayed-ACK timer, less than 0.5 s",
            "s",
        ),
    ],
    source: "RFC 9293 §3.7.4 (the sender's side, Nagle's algorithm) and \
             §3.8.6.3 (the receiver's side).",
    function: |given| {
        let [k, t_ack] = inputs(given)?;
        delayed_ack_stall(whole("k", k)?, t_ack)
    },
    example: Example {
        given: &[("k", 25.0), (r"t_{\mathrm{ack}}", 0.04)],
        result: "1",
    },
};

/// Time, in seconds, lost in `k` stalls on a delayed-ACK timer of `t_ack`
/// seconds, which must be less than 0.5 s (RFC 9293 §3.8.6.3, MUST-40).
pub fn delayed_ack_stall(k: u32, t_ack: f64) -> Result<f64, OutOfDomain> {
    let allowed = "0 s or more, and less than 0.5 s";
    check((0.0..0.5).contains(&t_ack), "t_ack", t_ack, allowed)?;
    Ok(f64::from(k) * t_ack)
}

pub const ROUND_TRIPS: Formula = Formula {
    name: "round_trips",
    lesson: 14,
    latex: r"N = n + c\,(1 + s), \qquad T \ge N \cdot \mathrm{RTT}",
    meaning: "Round trips for requests that wait for one another, and the \
              least time that they take.",
    unit: "1",
    symbols: &[
        symbol("n", "number of requests, one after the other", "1"),
        symbol("c", "number of connections opened for them", "1"),
        symbol(
            "s",
            "round trips to agree on keys: 0 without TLS, 1 with TLS 1.3",
            "1",
        ),
        symbol(r"\mathrm{RTT}", "round-trip time", "s"),
    ],
    source: "RFC 9293 §3.5 (a handshake takes one round trip), RFC 9846 §2 \
             (TLS 1.3 one more), RFC 9112 §9.3 (a connection serves many \
             requests).",
    function: |given| {
        let [n, c, s] = inputs(given)?;
        Ok(round_trips(whole("n", n)?, whole("c", c)?, whole("s", s)?)? as f64)
    },
    example: Example {
        given: &[("n", 100.0), ("c", 1.0), ("s", 1.0)],
        result: "102",
    },
};

/// Round trips for `n` requests one after the other over `c` connections,
/// each of which takes `s` more for TLS; at least one request, and no more
/// connections than requests.
pub fn round_trips(n: u32, c: u32, s: u32) -> Result<u64, OutOfDomain> {
    if c == 0 || c > n {
        let allowed = "1 to n";
        return Err(OutOfDomain {
            symbol: "c",
            value: c.into(),
            allowed,
        });
    }
    Ok(u64::from(n) + u64::from(c) * (1 + u64::from(s)))
}

pub const FIRST_REQUEST: Formula = Formula {
    name: "first_request",
    lesson: 17,
    latex: r"N = c + k, \qquad T \ge N \cdot \mathrm{RTT}",
    meaning: "Round trips before the first byte of a request can leave, and \
              the least time that they take.",
    unit: "1",
    symbols: &[
        symbol(
            "c",
            "round trips to connect: 1 with TCP, 0 with QUIC, which agrees \
             on keys meanwhile",
            "1",
        ),
        symbol(
            "k",
            "round trips to agree on keys: 2 with TLS 1.2, 1 with TLS 1.3, \
             0 with early data",
            "1",
        ),
        symbol(r"\mathrm{RTT}", "round-trip time", "s"),
    ],
    source: "RFC 9293 §3.5 (TCP), RFC 5246 §7.3 (TLS 1.2), RFC 9846 §2 (TLS \
             1.3) and §2.3 (early data), RFC 9000 §7 and RFC 9001 §4.6 \
             (QUIC).",
    function: |given| {
        let [c, k] = inputs(given)?;
        Ok(first_request(whole("c", c)?, whole("k", k)?)?.into())
    },
    example: Example {
        given: &[("c", 1.0), ("k", 1.0)],
        result: "2",
    },
};

/// Protocols below a request: their names, and what `c` and `k` of
/// [`first_request`] are with them.
pub const STACKS: [(&str, u32, u32); 5] = [
    ("TCP, TLS 1.2", 1, 2),
    ("TCP, TLS 1.3", 1, 1),
    ("TCP, TLS 1.3, early data", 1, 0),
    ("QUIC", 0, 1),
    ("QUIC, 0-RTT", 0, 0),
];

/// Round trips before the first byte of a request: `c` to connect, 0 or 1,
/// and `k` to agree on keys, 0 to 2.
pub fn first_request(c: u32, k: u32) -> Result<u32, OutOfDomain> {
    check(c <= 1, "c", c.into(), "0 or 1")?;
    check(k <= 2, "k", k.into(), "0, 1 or 2")?;
    Ok(c + k)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::promises::{close, few};
    use super::*;

    #[test]
    fn one_round_trip_connects() {
        assert_eq!(connect_time(0.04), Ok(0.04));
        assert!(connect_time(f64::INFINITY).is_err());
    }

    #[test]
    fn the_rfc_waits_four_minutes() {
        // 2 × 2 min × 60 s.
        assert_eq!(time_wait(120.0), Ok(240.0));
        assert!(time_wait(-1.0).is_err());
        assert!(time_wait(f64::MAX).is_err());
    }

    #[test]
    fn twenty_five_stalls_lose_a_second() {
        // 25 × 40 ms.
        assert!(close(delayed_ack_stall(25, 0.04), 1.0));
        assert_eq!(delayed_ack_stall(0, 0.04), Ok(0.0));
        assert!(delayed_ack_stall(1, 0.5).is_err());
    }

    #[test]
    fn newer_stacks_ask_sooner() {
        // 1 + 2, 1 + 1, 1 + 0, 0 + 1, 0 + 0.
        let trips = STACKS.map(|(_, c, k)| first_request(c, k));
        assert_eq!(trips, [Ok(3), Ok(2), Ok(1), Ok(1), Ok(0)]);
        assert!(first_request(2, 0).is_err());
        assert!(first_request(0, 3).is_err());
    }

    #[test]
    fn a_kept_connection_halves_the_round_trips() -> Result<(), OutOfDomain> {
        assert_eq!(round_trips(3, 3, 0)?, 6);
        assert_eq!(round_trips(3, 1, 0)?, 4);
        // The page's worked number: a hundred requests, TLS 1.3.
        assert_eq!(round_trips(100, 100, 1)?, 300);
        assert_eq!(round_trips(100, 1, 1)?, 102);
        assert!(round_trips(3, 4, 0).is_err());
        assert!(round_trips(3, 0, 0).is_err());
        Ok(())
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn times_keep_their_unit(t in 0.0..1e9, k: u16, ack in 0.0..0.25) {
            prop_assert_eq!(connect_time(2.0 * t)?, 2.0 * connect_time(t)?);
            prop_assert_eq!(time_wait(2.0 * t)?, 2.0 * time_wait(t)?);
            let k = u32::from(k);
            let twice = 2.0 * delayed_ack_stall(k, ack)?;
            prop_assert_eq!(delayed_ack_stall(k, 2.0 * ack)?, twice);
            prop_assert_eq!(delayed_ack_stall(2 * k, ack)?, twice);
        }

        #[test]
        fn reuse_saves_what_each_connection_costs(
            n in 1_u32..u32::MAX, c: u32, s: u32,
        ) {
            let c = c % n + 1;
            let trips = round_trips(n, c, s)?;
            let saved = u64::from(c - 1) * (1 + u64::from(s));
            prop_assert_eq!(trips - round_trips(n, 1, s)?, saved);
        }

        #[test]
        fn one_request_waits_as_the_stack_says(k in 0_u32..=2) {
            // The request itself takes one more.
            let whole = round_trips(1, 1, k)?;
            prop_assert_eq!(whole, u64::from(first_request(1, k)?) + 1);
        }
    }
}
