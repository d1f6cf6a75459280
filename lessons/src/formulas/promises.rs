//! What all formulas promise: in go those of the book, out comes the first
//! that has no number, a wrong number or a letter that nobody explains.

mod latex;
mod sources;

use std::collections::HashSet;

use fastrand::Rng;
use proptest::prelude::*;

use super::*;

pub(super) fn few() -> ProptestConfig {
    ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Equal to six digits, of the number or behind the point.
pub(super) fn close(left: Result<f64, OutOfDomain>, right: f64) -> bool {
    left.is_ok_and(|it| (it - right).abs() < 1e-6 * right.abs().max(1.0))
}

/// A number as a page prints it, and the value of its last digit.
fn printed(text: &str) -> Option<(f64, f64)> {
    let (digits, power) = text.split_once(" × 10").unwrap_or((text, ""));
    let power = power.chars().map(|c| match c {
        '⁻' => Some('-'),
        c => "⁰¹²³⁴⁵⁶⁷⁸⁹"
            .chars()
            .position(|it| it == c)
            .and_then(|digit| char::from_digit(digit as u32, 10)),
    });
    let power: String = power.collect::<Option<_>>()?;
    let power: i32 = if power.is_empty() {
        0
    } else {
        power.parse().ok()?
    };
    let digits = digits.replace(',', "");
    let behind = digits.split_once('.').map_or(0, |it| it.1.len() as i32);
    let value: f64 = format!("{digits}e{power}").parse().ok()?;
    Some((value, 10f64.powi(power - behind)))
}

#[test]
fn a_printed_number_is_read_with_its_last_digit() {
    assert_eq!(printed("443,358"), Some((443_358.0, 1.0)));
    assert_eq!(printed("0.818"), Some((0.818, 0.001)));
    let (value, digit) = printed("1.53 × 10⁻⁵").expect("it is a number");
    assert_eq!(value, 1.53e-5);
    assert!((digit / 1e-7 - 1.0).abs() < 1e-12);
    assert_eq!(printed("1.53 × 10^5"), None);
}

#[test]
fn every_example_is_what_its_function_gives() {
    for formula in ALL {
        let (name, text) = (formula.name, formula.example.result);
        let value = formula.worked().unwrap_or_else(|error| {
            panic!("{name}: its example is refused: {error}")
        });
        let (shown, digit) = printed(text)
            .unwrap_or_else(|| panic!("{name}: {text:?} is no number"));
        let off = (value - shown).abs();
        let rounded = off <= digit / 2.0 * (1.0 + 1e-9);
        assert!(rounded, "{name}: printed {text}, but it is {value}");
        let letters = formula.example.given.iter().map(|it| it.0);
        for letter in letters {
            let unit = formula.unit_of(letter);
            assert!(unit.is_some(), "{name}: {letter} is no symbol of it");
        }
    }
}

#[test]
fn names_are_unique_and_in_the_order_of_lessons() {
    let names: HashSet<_> = ALL.iter().map(|it| it.name).collect();
    assert_eq!(names.len(), ALL.len());
    assert!(ALL.is_sorted_by_key(|it| it.lesson));
    assert!(ALL.iter().all(|it| (1..=32).contains(&it.lesson)));
}

#[test]
fn every_text_is_there_and_ends() {
    for formula in ALL {
        let name = formula.name;
        let latex = formula.latex;
        assert!(!latex.trim().is_empty(), "{name}: no LaTeX");
        for text in [formula.meaning, formula.source] {
            assert!(text.ends_with('.'), "{name}: {text:?}");
            assert!(!text.contains("  "), "{name}: {text:?}");
        }
        assert!(!formula.unit.is_empty(), "{name}: no unit");
        for Symbol { meaning, unit, .. } in formula.symbols {
            assert!(!meaning.is_empty() && !unit.is_empty(), "{name}");
            assert!(!meaning.contains("  "), "{name}: {meaning:?}");
        }
    }
}

#[test]
fn a_wrong_number_of_inputs_is_refused() {
    // Lists may have any length, and an empty one is often a fine answer.
    let lists = [
        "sent",
        "received",
        "shortest_path",
        "total_time",
        "peer_to_peer",
        "internet_checksum",
        "time_left",
        "jain",
    ];
    for formula in ALL {
        let mut given: Vec<f64> =
            formula.example.given.iter().map(|it| it.1).collect();
        given.push(1.0);
        let name = formula.name;
        if !lists.contains(&name) {
            let many = (formula.function)(&given);
            assert!(many.is_err(), "{name} takes one more: {many:?}");
            assert!((formula.function)(&[]).is_err(), "{name} takes none");
        }
    }
}

/// Where formulas break: the edges of all kinds of numbers.
const EDGES: [f64; 18] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    f64::EPSILON,
    1.0 - f64::EPSILON,
    1.0 + f64::EPSILON,
    f64::MIN_POSITIVE,
    f64::MIN_POSITIVE / 4.0,
    f64::MAX,
    f64::MIN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    u16::MAX as f64,
    u32::MAX as f64,
    (1_u64 << 53) as f64,
];

/// A number that may break a formula in which `good` works: any bits, an
/// edge, one that is too large or too small, or one of the usual kinds.
fn hostile(rng: &mut Rng, good: f64) -> f64 {
    match rng.u8(..9) {
        0 => f64::from_bits(rng.u64(..)),
        1 => EDGES[rng.usize(..EDGES.len())],
        2 => good * 10f64.powf(600.0 * rng.f64() - 300.0),
        3 => rng.f64(),
        4 => f64::from(rng.u32(..)),
        5 => f64::from(rng.u32(..100)),
        _ => good,
    }
}

#[test]
fn no_input_gives_what_is_no_number() {
    let mut rng = Rng::with_seed(1);
    for formula in ALL {
        let (name, example) = (formula.name, formula.example.given);
        let mut numbers = 0;
        for _ in 0..6000 {
            let given = example.iter().map(|it| hostile(&mut rng, it.1));
            let given: Vec<f64> = given.collect();
            if let Ok(value) = (formula.function)(&given) {
                assert!(value.is_finite(), "{name} of {given:?}: {value}");
                numbers += 1;
            }
        }
        // Were all refused, nothing would have been tried.
        assert!(numbers > 100, "{name}: only {numbers} had a number");
    }
}
