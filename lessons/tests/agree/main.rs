//! Model against formula: in go the simulations of `lessons::sim` and the
//! functions of `lessons::formulas`, out comes a table of both, and a failure
//! where they differ by more than they may.
//!
//! `cargo test --test agree` runs all. What is random has a seed: the same
//! table on every system. It stands in `lessons/tests/agreement.txt`; to
//! write it anew, run
//!
//! ```text
//! WRITE_AGREEMENT=1 cargo test --test agree agree_table
//! ```

mod arq;
mod by_hand;
mod congestion;
mod house;
mod queues;
mod sharing;
mod table;

use std::sync::OnceLock;

use lessons::formulas::OutOfDomain;
use table::Group;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// All comparisons, in the order of the lessons.
fn groups() -> [fn() -> &'static Group; 12] {
    [
        arq::stop_and_wait,
        arq::go_back_n,
        arq::selective_repeat,
        congestion::window_rate,
        congestion::mathis,
        congestion::kernel,
        congestion::cubic,
        queues::mm1,
        queues::md1,
        queues::token_bucket,
        sharing::moved_keys,
        sharing::gossip,
    ]
}

/// What is measured beside a formula, where no agreement is claimed.
fn shown() -> [fn() -> &'static Group; 3] {
    [
        arq::beyond_the_formulas,
        congestion::many_losses,
        sharing::greatest_load,
    ]
}

/// Measured once, for its own test and for the table.
type Once = OnceLock<Group>;

/// The domain of a formula is left by no row of these tests.
fn valid(formula: std::result::Result<f64, OutOfDomain>) -> f64 {
    formula.expect("the tests stay in the formula's domain")
}

#[test]
fn agree_table_is_as_printed() -> Result<()> {
    table::compare_with_file(&table::whole(groups(), shown()))
}

/// A tolerance that forgives everything would prove nothing.
#[test]
fn agree_no_longer_if_a_formula_is_off_by_twice_the_tolerance() {
    for group in groups() {
        let group = group();
        for sign in [-1.0, 1.0] {
            assert!(!group.shifted(2.0 * sign).agrees(), "{group}");
        }
    }
}
