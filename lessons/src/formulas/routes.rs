//! Formulas about addresses and ways: in go lengths of prefixes and costs
//! of links, out comes a count or the least cost.

use super::domain::{
    amount, check, finite, inputs, miscounted, positive, whole,
};
use super::{Example, Formula, OutOfDomain, symbol};

pub const HOSTS: Formula = Formula {
    name: "hosts",
    lesson: 4,
    latex: r"H = 2^{32 - n} - 2",
    meaning: "How many hosts a network of IPv4 has room for; by exception 2 \
              where n is 31, and 1 where it is 32.",
    unit: "1",
    symbols: &[symbol("n", "length of the prefix, at most 30", "bit")],
    source: "RFC 4632 §3.1 (prefixes), RFC 1122 §3.2.1.3 (the first and the \
             last address are no host's), RFC 3021 §2.1 (31: both are).",
    function: |given| {
        let [n] = inputs(given)?;
        Ok(hosts(whole("n", n)?)? as f64)
    },
    example: Example {
        given: &[("n", 24.0)],
        result: "254",
    },
};

/// Hosts H that an IPv4 network with a prefix of `n` bits has room for;
/// at most 32 bits.
///
/// A prefix of 31 bits joins two hosts, with no network and no broadcast
/// address (RFC 3021 §2.1); one of 32 bits is a single host.
pub fn hosts(n: u32) -> Result<u64, OutOfDomain> {
    match n {
        0..=30 => Ok((1 << (32 - n)) - 2),
        31 => Ok(2),
        32 => Ok(1),
        _ => Err(OutOfDomain {
            symbol: "n",
            value: n.into(),
            allowed: "0 to 32",
        }),
    }
}

pub const SHORTEST_PATH: Formula = Formula {
    name: "shortest_path",
    lesson: 4,
    latex: r"D = \min_{k} \left( c_k + D_k \right)",
    meaning: "The cost of the best way to a destination, from what the \
              neighbours say.",
    unit: "1",
    symbols: &[
        symbol("k", "a neighbour that knows a way", "1"),
        symbol("c_k", "cost of the link to neighbour k", "1"),
        symbol("D_k", "cost of the best way from neighbour k", "1"),
    ],
    source: "RFC 2453 §3.4 (distance vector algorithms).",
    function: |given| {
        let (pairs, rest) = given.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(miscounted(given));
        }
        let ways: Vec<_> = pairs.iter().map(|[c, d]| (*c, *d)).collect();
        shortest_path(&ways)
    },
    example: Example {
        given: &[("c_k", 1.0), ("D_k", 5.0), ("c_k", 4.0), ("D_k", 1.0)],
        result: "5",
    },
};

/// Cost D of the best way, given for each neighbour that knows one the cost
/// of the link to it, more than 0, and of its own best way, 0 or more.
///
/// Leave out a neighbour that knows no way: without any there is no cost.
pub fn shortest_path(ways: &[(f64, f64)]) -> Result<f64, OutOfDomain> {
    let mut best = f64::INFINITY;
    for &(link, rest) in ways {
        best = best.min(positive("c_k", link)? + amount("D_k", rest)?);
    }
    check(!ways.is_empty(), "k", 0.0, "one neighbour or more")?;
    finite("D", best)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::promises::few;
    use super::*;

    #[test]
    fn a_network_has_two_addresses_that_are_no_hosts() {
        // 32 − 24 = 8 bits: 256 addresses, less 2.
        assert_eq!(hosts(24), Ok(254));
        assert_eq!(hosts(30), Ok(2));
        assert_eq!(hosts(31), Ok(2));
        assert_eq!(hosts(32), Ok(1));
        // 2^32 = 4,294,967,296.
        assert_eq!(hosts(0), Ok(4_294_967_294));
        assert!(hosts(33).is_err() && hosts(u32::MAX).is_err());
    }

    #[test]
    fn the_near_neighbour_is_not_always_the_right_one() {
        // 1 + 5 = 6 against 4 + 1 = 5.
        assert_eq!(shortest_path(&[(1.0, 5.0), (4.0, 1.0)]), Ok(5.0));
        assert_eq!(shortest_path(&[(2.0, 0.0)]), Ok(2.0));
        assert!(shortest_path(&[]).is_err());
        assert!(shortest_path(&[(0.0, 1.0)]).is_err());
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn a_bit_less_more_than_doubles_the_hosts(n in 0_u32..30) {
            prop_assert_eq!(hosts(n)?, 2 * hosts(n + 1)? + 2);
        }

        #[test]
        fn another_neighbour_never_makes_it_longer(
            ways in prop::collection::vec((0.1..9.0, 0.0..9.0), 1..9),
        ) {
            let all = shortest_path(&ways)?;
            let fewer = shortest_path(&ways[..ways.len().div_ceil(2)])?;
            prop_assert!(all <= fewer);
            // Costs in another unit: the same way, with its cost in it.
            let twice: Vec<_> =
                ways.iter().map(|it| (2.0 * it.0, 2.0 * it.1)).collect();
            prop_assert_eq!(shortest_path(&twice)?, 2.0 * all);
        }
    }
}
