//! Formulas about waiting: in go times in seconds, out comes one.

use super::domain::{finite, inputs, inputs_and_list, seconds, whole};
use super::{Example, Formula, OutOfDomain, symbol};

pub const LONGEST_WAIT: Formula = Formula {
    name: "longest_wait",
    lesson: 18,
    latex: r"T_{\max} = n \cdot \tau",
    meaning: "The longest that reads with a limit each can last together.",
    unit: "s",
    symbols: &[
        symbol("n", "number of reads, up to one for each byte", "1"),
        symbol(r"\tau", "limit of one read", "s"),
    ],
    source: "Follows from the definition: a read ends with its first byte, \
             and the next one starts the clock anew.",
    function: |given| {
        let [n, tau] = inputs(given)?;
        longest_wait(whole("n", n)?, tau)
    },
    example: Example {
        given: &[("n", 1024.0), (r"\tau", 30.0)],
        result: "30,720",
    },
};

/// The longest time, in seconds, that `n` reads of at most `tau` seconds
/// each can last.
pub fn longest_wait(n: u32, tau: f64) -> Result<f64, OutOfDomain> {
    let tau = seconds("tau", tau)?;
    finite("T_max", f64::from(n) * tau)
}

pub const TIME_LEFT: Formula = Formula {
    name: "time_left",
    lesson: 18,
    latex: r"r = \max\left(0,\ D - \sum_{i=1}^{n} t_i\right)",
    meaning: "The time that the next step may take.",
    unit: "s",
    symbols: &[
        symbol("D", "budget for the whole", "s"),
        symbol("t_i", "time that each step took", "s"),
        symbol("n", "steps done so far", "1"),
    ],
    source: "Follows from the definition of a deadline.",
    function: |given| {
        let ([budget], spent) = inputs_and_list(given)?;
        time_left(budget, spent)
    },
    example: Example {
        given: &[("D", 2.0), ("t_i", 0.5), ("t_i", 0.75)],
        result: "0.75",
    },
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
    unit: "s",
    symbols: &[
        symbol("i", "number of the retransmission; 0 is the first SYN", "1"),
        symbol(
            "k",
            "timeouts before the doubling starts: 0 by the RFC, \
                      4 on Linux since 6.5",
            "1",
        ),
        symbol("R_0", "initial retransmission timeout: 1 s", "s"),
    ],
    source: "RFC 6298 §2.1 and §5.5; Linux, `tcp_syn_linear_timeouts` in \
             `Documentation/networking/ip-sysctl.rst`.",
    function: |given| {
        let [i, k, r0] = inputs(given)?;
        syn_sent_at(whole("i", i)?, whole("k", k)?, r0)
    },
    example: Example {
        given: &[("i", 7.0), ("k", 4.0), ("R_0", 1.0)],
        result: "11",
    },
};

/// Seconds from the first SYN to its retransmission `i`, with an initial
/// timeout of `r0` seconds and `k` timeouts before the doubling starts.
pub fn syn_sent_at(i: u32, k: u32, r0: f64) -> Result<f64, OutOfDomain> {
    let r0 = seconds("R_0", r0)?;
    let doublings = i32::try_from(i.saturating_sub(k)).unwrap_or(i32::MAX);
    let timeouts = f64::from(i.min(k)) + 2f64.powi(doublings) - 1.0;
    finite("t_i", timeouts * r0)
}

#[cfg(test)]
mod tests {
    use super::*;

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
