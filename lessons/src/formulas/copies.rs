//! Formulas about data on many machines: in goes how many there are, out
//! comes how much moves, how many meet, or how soon all know.

use super::domain::{check, inputs, some, whole};
use super::{Example, Formula, OutOfDomain, symbol};

pub const MOVED_MODULO: Formula = Formula {
    name: "moved_modulo",
    lesson: 30,
    latex: r"m = \frac{N}{N + 1}",
    meaning: "The share of the keys that move when a machine is added, if a \
              key's place is its hash modulo the number of machines.",
    unit: "1",
    symbols: &[symbol("N", "machines before one is added", "1")],
    source: "Follows from the definition: N and N + 1 have no common factor, \
             so both remainders agree for N of N (N + 1) hashes.",
    function: |given| {
        let [n] = inputs(given)?;
        moved_modulo(whole("N", n)?)
    },
    example: Example {
        given: &[("N", 10.0)],
        result: "0.909",
    },
};

/// Share m of the keys that move when one machine is added to `n`, at least
/// one, with the hash modulo their number.
pub fn moved_modulo(n: u32) -> Result<f64, OutOfDomain> {
    let n = some("N", n)?;
    Ok(n / (n + 1.0))
}

pub const MOVED_CONSISTENT: Formula = Formula {
    name: "moved_consistent",
    lesson: 30,
    latex: r"m = \frac{1}{N + 1}",
    meaning: "The share of the keys that move on average when a machine is \
              added, with consistent or rendezvous hashing: its own.",
    unit: "1",
    symbols: &[symbol("N", "machines before one is added", "1")],
    source: "Karger et al. 1997, *Consistent Hashing and Random Trees*; \
             Thaler & Ravishankar 1998, *Using Name-Based Mappings to \
             Increase Hit Rates*.",
    function: |given| {
        let [n] = inputs(given)?;
        moved_consistent(whole("N", n)?)
    },
    example: Example {
        given: &[("N", 10.0)],
        result: "0.0909",
    },
};

/// Share m of the keys that move when one machine is added to `n`, at least
/// one, with consistent hashing.
pub fn moved_consistent(n: u32) -> Result<f64, OutOfDomain> {
    Ok(1.0 / (some("N", n)? + 1.0))
}

pub const QUORUM_OVERLAP: Formula = Formula {
    name: "quorum_overlap",
    lesson: 31,
    latex: r"o = \max\left( 0, R + W - N \right), \qquad
             o \ge 1 \iff R + W > N",
    meaning: "How many copies every read shares with every write, at least.",
    unit: "1",
    symbols: &[
        symbol("R", "copies that a read asks", "1"),
        symbol("W", "copies that a write changes", "1"),
        symbol("N", "copies in all", "1"),
    ],
    source: "Gifford 1979, *Weighted Voting for Replicated Data*.",
    function: |given| {
        let [r, w, n] = inputs(given)?;
        let overlap =
            quorum_overlap(whole("R", r)?, whole("W", w)?, whole("N", n)?)?;
        Ok(overlap.into())
    },
    example: Example {
        given: &[("R", 2.0), ("W", 2.0), ("N", 3.0)],
        result: "1",
    },
};

/// Copies o that `r` and `w` of `n` copies have in common at least; both
/// are 1 to `n`.
pub fn quorum_overlap(r: u32, w: u32, n: u32) -> Result<u32, OutOfDomain> {
    check((1..=n).contains(&r), "R", r.into(), "1 to N")?;
    check((1..=n).contains(&w), "W", w.into(), "1 to N")?;
    // R + W − N, but R + W may be more than its type can hold.
    Ok(w.saturating_sub(n - r))
}

pub const WRITE_OVERLAP: Formula = Formula {
    name: "write_overlap",
    lesson: 31,
    latex: r"o = \max\left( 0, 2 W - N \right), \qquad
             o \ge 1 \iff W > \frac{N}{2}",
    meaning: "How many copies any two writes share, at least.",
    unit: "1",
    symbols: &[
        symbol("W", "copies that a write changes", "1"),
        symbol("N", "copies in all", "1"),
    ],
    source: "Gifford 1979, *Weighted Voting for Replicated Data*.",
    function: |given| {
        let [w, n] = inputs(given)?;
        Ok(write_overlap(whole("W", w)?, whole("N", n)?)?.into())
    },
    example: Example {
        given: &[("W", 2.0), ("N", 3.0)],
        result: "1",
    },
};

/// Copies o that two writes to `w` of `n` copies have in common at least;
/// `w` is 1 to `n`.
pub fn write_overlap(w: u32, n: u32) -> Result<u32, OutOfDomain> {
    quorum_overlap(w, w, n)
}

pub const GOSSIP_ROUNDS: Formula = Formula {
    name: "gossip_rounds",
    lesson: 31,
    latex: r"T \approx \log_{2} n + \ln n",
    meaning: "Rounds until all know, if each who knows tells a random other \
              one in every round.",
    unit: "1",
    symbols: &[symbol("n", "how many there are", "1")],
    source: "Pittel 1987, *On Spreading a Rumor*: log₂ n + ln n + O(1).",
    function: |given| {
        let [n] = inputs(given)?;
        gossip_rounds(whole("n", n)?)
    },
    example: Example {
        given: &[("n", 1000.0)],
        result: "16.9",
    },
};

/// Rounds T, but for a constant, until all of `n`, at least one, know what
/// one did.
pub fn gossip_rounds(n: u64) -> Result<f64, OutOfDomain> {
    let n = some("n", n)?;
    Ok(n.log2() + n.ln())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::promises::{close, few};
    use super::*;

    #[test]
    fn the_eleventh_machine_moves_ten_elevenths_or_one() {
        // 10 / 11 and 1 / 11.
        assert!(close(moved_modulo(10), 0.909_090_9));
        assert!(close(moved_consistent(10), 0.090_909_1));
        assert!(moved_modulo(0).is_err() && moved_consistent(0).is_err());
    }

    #[test]
    fn two_of_three_meet_in_one() {
        // 2 + 2 − 3.
        assert_eq!(quorum_overlap(2, 2, 3), Ok(1));
        assert_eq!(write_overlap(2, 3), Ok(1));
        // 2 + 2 − 4, and 1 + 2 − 5 is none too.
        assert_eq!(quorum_overlap(2, 2, 4), Ok(0));
        assert_eq!(quorum_overlap(1, 2, 5), Ok(0));
        let all = u32::MAX;
        assert_eq!(quorum_overlap(all, all, all), Ok(all));
        assert!(quorum_overlap(0, 1, 3).is_err());
        assert!(quorum_overlap(1, 4, 3).is_err());
        assert!(write_overlap(0, 0).is_err());
    }

    #[test]
    fn a_thousand_know_after_seventeen_rounds() {
        // log₂ 1,000 = 9.965784; ln 1,000 = 6.907755.
        assert!(close(gossip_rounds(1000), 16.873_539));
        assert_eq!(gossip_rounds(1), Ok(0.0));
        assert!(gossip_rounds(0).is_err());
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn remainders_move_as_many_as_counted(n in 1_u32..60) {
            let all = n * (n + 1);
            let moved = (0..all).filter(|hash| hash % n != hash % (n + 1));
            let counted = moved.count() as f64 / f64::from(all);
            prop_assert!(close(moved_modulo(n), counted));
            // What one way moves is what the other leaves.
            let both = moved_modulo(n)? + moved_consistent(n)?;
            prop_assert!(close(Ok(both), 1.0));
            prop_assert!(moved_consistent(n + 1)? < moved_consistent(n)?);
        }

        #[test]
        fn the_worst_quorums_share_just_so_many(
            n in 1_u32..40, r: u32, w: u32,
        ) {
            let (r, w) = (r % n + 1, w % n + 1);
            // One takes from the left, the other from the right.
            let shared = (0..n).filter(|copy| *copy < r && *copy >= n - w);
            prop_assert_eq!(quorum_overlap(r, w, n)?, shared.count() as u32);
            prop_assert_eq!(quorum_overlap(r, w, n)? > 0, r + w > n);
            prop_assert_eq!(write_overlap(w, n)? > 0, 2 * w > n);
        }

        #[test]
        fn twice_as_many_need_a_round_more_and_some(n in 1_u64..1 << 50) {
            let more = gossip_rounds(2 * n)? - gossip_rounds(n)?;
            prop_assert!(close(Ok(more), 1.0 + 2.0_f64.ln()));
        }
    }
}
