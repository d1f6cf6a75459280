//! Waiting: one server with a queue, and a bucket of tokens.

use lessons::formulas;
use lessons::sim::queueing::{Service, TokenBucket, queue};
use lessons::sim::{MILLISECOND, SECOND};

use crate::table::{Allowed, Group, Row};
use crate::{Once, valid};

/// The server does 1,000 requests a second.
const MU: f64 = 1000.0;

/// The mean wait before the service in ms: the formulas' time in the system
/// without the service itself.
fn waits(
    service: Service,
    formula: fn(f64, f64) -> Result<f64, formulas::OutOfDomain>,
) -> Vec<Row> {
    let rows = [0.3, 0.5, 0.7, 0.8].map(|load| {
        let lambda = load * MU;
        let gap = (SECOND as f64 / lambda).round() as u64;
        let wait = queue(gap, service, 600_000, 1).waiting;
        Row {
            what: format!("load {load}, 1 ms of service"),
            simulation: wait / MILLISECOND as f64,
            formula: 1000.0 * (valid(formula(lambda, MU)) - 1.0 / MU),
        }
    });
    rows.into()
}

pub fn mm1() -> &'static Group {
    static ONCE: Once = Once::new();
    ONCE.get_or_init(|| Group {
        title: "M/M/1: mean wait in ms",
        allowed: Allowed::Percent(3.0),
        rows: waits(Service::Random(MILLISECOND), formulas::mm1),
    })
}

pub fn md1() -> &'static Group {
    static ONCE: Once = Once::new();
    ONCE.get_or_init(|| Group {
        title: "M/D/1: mean wait in ms",
        allowed: Allowed::Percent(3.0),
        rows: waits(Service::Fixed(MILLISECOND), formulas::md1),
    })
}

/// Somebody who takes whatever there is, every millisecond.
pub fn token_bucket() -> &'static Group {
    static ONCE: Once = Once::new();
    ONCE.get_or_init(|| {
        let row = |(burst, rate, seconds): (u64, u64, u64)| {
            let mut bucket = TokenBucket::new(rate, burst);
            let mut taken = 0;
            for at in 0..=1000 * seconds {
                let now = at * MILLISECOND;
                while bucket.take(now, 1) {
                    taken += 1;
                }
            }
            let (b, r, t) = (burst as f64, rate as f64, seconds as f64);
            Row {
                what: format!("b = {burst}, r = {rate}/s, t = {seconds} s"),
                simulation: f64::from(taken),
                formula: valid(formulas::token_bucket(b, r, t)),
            }
        };
        Group {
            title: "Token bucket, always asked: tokens",
            allowed: Allowed::Percent(1.0),
            rows: [(100, 50, 2), (10, 700, 3)].map(row).into(),
        }
    })
}

#[test]
fn agree_random_service_with_m_m_1() {
    assert!(mm1().agrees(), "{}", mm1());
}

#[test]
fn agree_fixed_service_with_m_d_1() {
    assert!(md1().agrees(), "{}", md1());
}

#[test]
fn agree_token_bucket_with_its_bound() {
    assert!(token_bucket().agrees(), "{}", token_bucket());
}
