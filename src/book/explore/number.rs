//! Numbers for people: in goes what a formula gave, out comes what is told
//! of it. What is told is also what is drawn.

/// Three digits that matter; of a thousand and more, every whole one.
pub(super) fn rounded(value: f64) -> f64 {
    if value == 0.0 || value.abs() >= 1000.0 {
        return value.round();
    }
    let digits = 2 - value.abs().log10().floor() as i32;
    let text = format!("{value:.*}", digits.max(0) as usize);
    // A number that was just written can be read.
    text.parse().unwrap_or(value)
}

/// A rounded number and its unit; a dash where there is none.
pub(crate) fn shown(value: Option<f64>, unit: &str) -> String {
    let Some(value) = value else {
        return "–".to_string();
    };
    format!("{} {unit}", grouped(value)).trim_end().to_string()
}

/// `10,000` of 10000.
pub(crate) fn grouped(value: f64) -> String {
    let text = value.to_string();
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    if !part.is_empty() {
        grouped.push('.');
        grouped.push_str(part);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_are_told() {
        for (value, expected) in [
            (0.0, "0"),
            (81.818, "81.8"),
            (2.7237, "2.72"),
            (0.012_345, "0.0123"),
            (999.6, "1000"),
            (1460.4, "1460"),
            (7.0, "7"),
        ] {
            assert_eq!(rounded(value).to_string(), expected);
        }
        assert_eq!(shown(Some(10_000.0), "B"), "10,000 B");
        assert_eq!(shown(Some(123.5), ""), "123.5");
        assert_eq!(shown(Some(1_234_567.0), "s"), "1,234,567 s");
        assert_eq!(shown(None, "s"), "–");
    }
}
