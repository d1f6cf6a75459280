//! What formulas allow: in goes a number, out comes the same number or the
//! reason why it is refused.

use super::OutOfDomain;

/// A time that can be: finite and not negative.
pub(super) fn seconds(
    symbol: &'static str,
    value: f64,
) -> Result<f64, OutOfDomain> {
    let allowed = "a finite time of 0 s or more";
    check(value >= 0.0 && value.is_finite(), symbol, value, allowed)
}

/// An amount: finite and not negative.
pub(super) fn amount(
    symbol: &'static str,
    value: f64,
) -> Result<f64, OutOfDomain> {
    let allowed = "a finite number of 0 or more";
    check(value >= 0.0 && value.is_finite(), symbol, value, allowed)
}

/// What may stand below a line: finite and more than 0.
pub(super) fn positive(
    symbol: &'static str,
    value: f64,
) -> Result<f64, OutOfDomain> {
    let allowed = "a finite number of more than 0";
    check(value > 0.0 && value.is_finite(), symbol, value, allowed)
}

/// A probability or a share.
pub(super) fn share(
    symbol: &'static str,
    value: f64,
) -> Result<f64, OutOfDomain> {
    let allowed = "between 0 and 1";
    check((0.0..=1.0).contains(&value), symbol, value, allowed)
}

/// A count of which there must be one.
pub(super) fn some(
    symbol: &'static str,
    count: impl Into<u64>,
) -> Result<f64, OutOfDomain> {
    let count = count.into();
    check(count > 0, symbol, count as f64, "at least 1")
}

/// A result that its number can hold. Two large inputs may exceed it though
/// each is allowed.
pub(super) fn finite(
    symbol: &'static str,
    value: f64,
) -> Result<f64, OutOfDomain> {
    let allowed = "a result below 2^1024: choose smaller inputs";
    check(value.is_finite(), symbol, value, allowed)
}

/// A count that came as a number with a point.
pub(super) fn whole<T: TryFrom<u64>>(
    symbol: &'static str,
    value: f64,
) -> Result<T, OutOfDomain> {
    let refused = OutOfDomain {
        symbol,
        value,
        allowed: "a whole number of 0 or more that its type can hold",
    };
    // Above 2^53 not every whole number has an f64 of its own.
    let exact = value.fract() == 0.0 && (0.0..=2f64.powi(53)).contains(&value);
    let count = exact.then_some(value as u64).ok_or(refused)?;
    T::try_from(count).map_err(|_| refused)
}

/// The inputs of a formula, as many as it takes.
pub(super) fn inputs<const N: usize>(
    given: &[f64],
) -> Result<[f64; N], OutOfDomain> {
    <[f64; N]>::try_from(given).map_err(|_| miscounted(given))
}

/// The inputs of a formula that ends in a list, and the list.
pub(super) fn inputs_and_list<const N: usize>(
    given: &[f64],
) -> Result<([f64; N], &[f64]), OutOfDomain> {
    let (first, list) = given
        .split_first_chunk::<N>()
        .ok_or_else(|| miscounted(given))?;
    Ok((*first, list))
}

/// How many inputs there were.
pub(super) fn miscounted(given: &[f64]) -> OutOfDomain {
    OutOfDomain {
        symbol: "number of inputs",
        value: given.len() as f64,
        allowed: "that of the formula",
    }
}

pub(super) fn check(
    allows: bool,
    symbol: &'static str,
    value: f64,
    allowed: &'static str,
) -> Result<f64, OutOfDomain> {
    allows.then_some(value).ok_or(OutOfDomain {
        symbol,
        value,
        allowed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_whole_and_fits() {
        assert_eq!(whole::<u16>("n", 65_535.0), Ok(65_535));
        assert_eq!(whole::<u64>("n", 2f64.powi(53)), Ok(1 << 53));
        for value in [65_536.0, -1.0, 0.5, f64::NAN, f64::INFINITY] {
            assert!(whole::<u16>("n", value).is_err(), "{value}");
        }
        assert!(whole::<u64>("n", 2f64.powi(54)).is_err());
    }

    #[test]
    fn a_refusal_says_what_would_do() {
        let refused = share("p", 1.5).map_err(|it| it.to_string());
        assert_eq!(
            refused,
            Err("p = 1.5, but it must be between 0 and 1".into())
        );
        let refused = some("n", 0_u32).map_err(|it| it.to_string());
        assert_eq!(refused, Err("n = 0, but it must be at least 1".into()));
        assert!(inputs::<2>(&[1.0]).is_err());
        assert!(seconds("t", -0.1).is_err() && seconds("t", 0.0).is_ok());
        assert!(positive("t", 0.0).is_err() && positive("t", 0.1).is_ok());
    }
}
