//! Formulas about waiting: in go times in seconds, out comes one.

use super::{Formula, OutOfDomain, Symbol};

pub const ROUND_TRIPS: Formula = Formula {
    name: "round_trips",
    lesson: 14,
    latex: r"N = n + c\,(1 + s), \qquad T \ge N \cdot \mathrm{RTT}",
    meaning: "Round trips for requests that wait for one another, and the \
              least time that they take.",
    symbols: &[
        Symbol {
            latex: "n",
            meaning: "number of requests, one after the other",
            unit: "1",
        },
        Symbol {
            latex: "c",
            meaning: "number of connections opened for them",
            unit: "1",
        },
        Symbol {
            latex: "s",
            meaning: "round trips to agree on keys: 0 without TLS, 1 with \
                      TLS 1.3",
            unit: "1",
        },
        Symbol {
            latex: r"\mathrm{RTT}",
            meaning: "round-trip time",
            unit: "s",
        },
    ],
    source: "RFC 9293 §3.5 (a handshake takes one round trip), RFC 9846 §2 \
             (TLS 1.3 one more), RFC 9112 §9.3 (a connection serves many \
             requests).",
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

pub const LONGEST_WAIT: Formula = Formula {
    name: "longest_wait",
    lesson: 18,
    latex: r"T_{\max} = n \cdot \tau",
    meaning: "The longest that reads with a limit each can last together.",
    symbols: &[
        Symbol {
            latex: "n",
            meaning: "number of reads, up to one for each byte",
            unit: "1",
        },
        Symbol {
            latex: r"\tau",
            meaning: "limit of one read",
            unit: "s",
        },
    ],
    source: "Follows from the definition: a read ends with its first byte, \
             and the next one starts the clock anew.",
};

/// The longest time, in seconds, that `n` reads of at most `tau` seconds
/// each can last.
pub fn longest_wait(n: u32, tau: f64) -> Result<f64, OutOfDomain> {
    let tau = seconds("tau", tau)?;
    Ok(f64::from(n) * tau)
}

pub const TIME_LEFT: Formula = Formula {
    name: "time_left",
    lesson: 18,
    latex: r"r = \max\left(0,\ D - \sum_{i=1}^{n} t_i\right)",
    meaning: "The time that the next step may take.",
    symbols: &[
        Symbol {
            latex: "D",
            meaning: "budget for the whole",
            unit: "s",
        },
        Symbol {
            latex: "t_i",
            meaning: "time that each step took",
            unit: "s",
        },
        Symbol {
            latex: "n",
            meaning: "steps done so far",
            unit: "1",
        },
    ],
    source: "Follows from the definition of a deadline.",
};

/// What is left of a `budget` after the steps `spent`, all in seconds.
pub fn time_left(budget: f64, spent: &[f64]) -> Result<f64, OutOfDomain> {
    let mut left = seconds("D", budget)?;
    for &step in spent {
        left -= seconds("t_i", step)?;
    }
    Ok(left.max(0.0))
}

pub const SYN_SENT_AT: Formula = Formula {
    name: "syn_sent_at",
    lesson: 18,
    latex: r"t_i = \left(\min(i, k) + 2^{\max(i - k,\, 0)} - 1\right) R_0",
    meaning: "When a SYN that nobody answers is sent again.",
    symbols: &[
        Symbol {
            latex: "i",
            meaning: "number of the retransmission; 0 is the first SYN",
            unit: "1",
        },
        Symbol {
            latex: "k",
            meaning: "timeouts before the doubling starts: 0 by the RFC, \
                      4 on Linux since 6.5",
            unit: "1",
        },
        Symbol {
            latex: "R_0",
            meaning: "initial retransmission timeout: 1 s",
            unit: "s",
        },
    ],
    source: "RFC 6298 §2.1 and §5.5; Linux, `tcp_syn_linear_timeouts` in \
             `Documentation/networking/ip-sysctl.rst`.",
};

/// Seconds from the first SYN to its retransmission `i`, with an initial
/// timeout of `r0` seconds and `k` timeouts before the doubling starts.
pub fn syn_sent_at(i: u32, k: u32, r0: f64) -> Result<f64, OutOfDomain> {
    let r0 = seconds("R_0", r0)?;
    let doublings = i32::try_from(i.saturating_sub(k)).unwrap_or(i32::MAX);
    Ok((f64::from(i.min(k)) + 2f64.powi(doublings) - 1.0) * r0)
}

/// A time that can be: finite and not negative.
fn seconds(symbol: &'static str, value: f64) -> Result<f64, OutOfDomain> {
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    let allowed = "a finite time of 0 s or more";
    Err(OutOfDomain {
        symbol,
        value,
        allowed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_limit_for_each_read_adds_up() -> Result<(), OutOfDomain> {
        assert_eq!(longest_wait(10, 0.5)?, 5.0);
        // The page's worked number: a kilobyte, 30 s a read.
        assert_eq!(longest_wait(1024, 30.0)?, 30_720.0);
        assert!(longest_wait(1, f64::NAN).is_err());
        Ok(())
    }

    #[test]
    fn steps_share_one_budget() -> Result<(), OutOfDomain> {
        assert_eq!(time_left(2.0, &[0.5, 0.75])?, 0.75);
        assert_eq!(time_left(1.0, &[0.5, 0.75])?, 0.0);
        assert!(time_left(1.0, &[-0.5]).is_err());
        Ok(())
    }

    #[test]
    fn syns_leave_by_the_rfc_and_by_linux() -> Result<(), OutOfDomain> {
        let at = |i, k| syn_sent_at(i, k, 1.0);
        let rfc = [0.0, 1.0, 3.0, 7.0, 15.0, 31.0, 63.0, 127.0];
        for (i, expected) in rfc.into_iter().enumerate() {
            assert_eq!(at(i as u32, 0)?, expected);
        }
        let linux = [0., 1., 2., 3., 4., 5., 7., 11., 19., 35., 67., 131.];
        for (i, expected) in linux.into_iter().enumerate() {
            assert_eq!(at(i as u32, 4)?, expected);
        }
        Ok(())
    }
}
