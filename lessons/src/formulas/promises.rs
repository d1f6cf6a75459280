//! What all formulas promise: in go those of the book, out comes the first
//! that has no number, a wrong number or a letter that nobody explains.

mod latex;
mod sources;

use std::collections::HashSet;

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

/// Numbers that break formulas: any bits, the edges of all kinds, and those
/// near the one that works.
fn hostile(good: f64) -> BoxedStrategy<f64> {
    let edges = [
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
        u16::MAX.into(),
        u32::MAX.into(),
        2f64.powi(53),
    ];
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits),
        prop::sample::select(edges.to_vec()),
        (-300.0..300.0).prop_map(move |power| good * 10f64.powf(power)),
        0.0..1.0,
        any::<u32>().prop_map(f64::from),
        Just(good),
    ]
    .boxed()
}

#[test]
fn no_input_gives_what_is_no_number() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 2000,
        ..few()
    });
    for formula in ALL {
        let given = formula.example.given.iter();
        let given: Vec<_> = given.map(|it| hostile(it.1)).collect();
        let ran = runner.run(&given, |given| {
            if let Ok(value) = (formula.function)(&given) {
                prop_assert!(value.is_finite(), "{:?}: {}", given, value);
            }
            Ok(())
        });
        ran.unwrap_or_else(|error| panic!("{}: {error}", formula.name));
    }
}
