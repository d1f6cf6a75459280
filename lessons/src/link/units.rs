//! What a person types about a link: in goes `40ms`, `10mbit`, `32k` or
//! `1%`, out comes a number in range, or one sentence that says what to
//! type instead. Printed, each reads as the same number again.
//!
//! Numbers are decimal, as in `1.5`; a space may stand before the unit;
//! upper and lower case are the same, except where it says otherwise.

use std::fmt;
use std::str::FromStr;

use super::{MAX_DELAY, MAX_QUEUE, MAX_RATE, MIN_RATE, Nanos};

/// A time in nanoseconds, at most 60 s: `40ms`, `1.5s`, `200us`, `0`.
///
/// The unit (`ns`, `us` or `µs`, `ms`, `s`) must be there: a bare 40 could
/// be anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Delay(pub Nanos);

/// Bits per second, 1 kbit/s to 100 Gbit/s: `1mbit`, `10Mbit/s`, `500kbps`.
///
/// k, m and g are 10³, 10⁶ and 10⁹. `bps` is bits per second, as in nearly
/// all that is printed about networks; `tc` takes it for bytes. A capital B
/// would mean bytes and is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(pub u64);

/// Bytes, at most 1 GB: `32k`, `64kB`, `1500`, `1M`.
///
/// k, M and G are 10³, 10⁶ and 10⁹, so that a size divides by a [`Rate`]
/// without surprise: 125 kB leave at 1 Mbit/s in one second. `Ki`, `Mi` and
/// `Gi` are 2¹⁰, 2²⁰ and 2³⁰. A `b` at the end is a byte, in either case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

/// A share of all, 0 to 1: `1%`, `0.5 %`, `0.01`.
///
/// A bare `1` is refused, for who types it means one of a hundred as often
/// as all: all is `100%` or `1.0`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Share(pub f64);

/// A text that is none of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The text, at most its first 40 characters.
    pub typed: String,
    /// What was asked for, and what to type, with an example.
    pub expected: &'static str,
}

impl Unreadable {
    fn new(typed: &str, expected: &'static str) -> Unreadable {
        let mut short: String = typed.chars().take(40).collect();
        if short.len() < typed.len() {
            short.push('…');
        }
        Unreadable {
            typed: short,
            expected,
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:?} is not {}", self.typed, self.expected)
    }
}

impl std::error::Error for Unreadable {}

/// A name and how many of the smallest unit it is; the first of each value
/// is the one that is printed.
type Unit = (&'static str, u64);

const TIMES: &[Unit] = &[
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ns", 1),
];

/// What stands between the number and `bit`.
const RATES: &[Unit] = &[
    ("g", 1_000_000_000),
    ("m", 1_000_000),
    ("k", 1_000),
    ("", 1),
];

/// Without the `b` that may follow.
const SIZES: &[Unit] = &[
    ("g", 1_000_000_000),
    ("m", 1_000_000),
    ("k", 1_000),
    ("", 1),
    ("gi", 1 << 30),
    ("mi", 1 << 20),
    ("ki", 1 << 10),
];

impl FromStr for Delay {
    type Err = Unreadable;

    fn from_str(typed: &str) -> Result<Delay, Unreadable> {
        let read = || {
            let (number, unit) = split(typed)?;
            if unit.is_empty() && whole(number, 1)? == 0 {
                return Some(0);
            }
            let scale = scale(&unit.to_lowercase(), TIMES)?;
            whole(number, scale).filter(|it| *it <= MAX_DELAY)
        };
        read().map(Delay).ok_or_else(|| {
            let expected = "a delay: type a number and s, ms, us or ns, at \
                            most 60s, for example 40ms";
            Unreadable::new(typed, expected)
        })
    }
}

impl FromStr for Rate {
    type Err = Unreadable;

    fn from_str(typed: &str) -> Result<Rate, Unreadable> {
        let read = || {
            let (number, unit) = split(typed)?;
            let ends = ["bit/s", "bit", "bps"];
            let lower = unit.to_lowercase();
            let prefix = ends.iter().find_map(|end| lower.strip_suffix(end))?;
            if unit.contains('B') {
                return None;
            }
            let bits = whole(number, scale(prefix, RATES)?)?;
            Some(bits).filter(|it| (MIN_RATE..=MAX_RATE).contains(it))
        };
        read().map(Rate).ok_or_else(|| {
            let expected = "a rate: type a number and bit, kbit, mbit or \
                            gbit (per second), 1kbit to 100gbit, for \
                            example 10mbit";
            Unreadable::new(typed, expected)
        })
    }
}

impl FromStr for Size {
    type Err = Unreadable;

    fn from_str(typed: &str) -> Result<Size, Unreadable> {
        let read = || {
            let (number, unit) = split(typed)?;
            let unit = unit.to_lowercase();
            let prefix = unit.strip_suffix('b').unwrap_or(&unit);
            let bytes = whole(number, scale(prefix, SIZES)?)?;
            Some(bytes).filter(|it| *it <= MAX_QUEUE)
        };
        read().map(Size).ok_or_else(|| {
            let expected = "a size: type a number of bytes, or one with k \
                            or M (1,000 or 1,000,000 bytes), at most 1G, \
                            for example 32k";
            Unreadable::new(typed, expected)
        })
    }
}

impl FromStr for Share {
    type Err = Unreadable;

    fn from_str(typed: &str) -> Result<Share, Unreadable> {
        let read = || {
            let (number, unit) = split(typed)?;
            let share: f64 = match unit {
                "%" => format!("{number}e-2").parse().ok()?,
                "" if number != "1" => number.parse().ok()?,
                _ => return None,
            };
            Some(share).filter(|it| (0.0..=1.0).contains(it))
        };
        read().map(Share).ok_or_else(|| {
            let expected = "a share: type a percentage, or a number below \
                            1, for example 1% or 0.01";
            Unreadable::new(typed, expected)
        })
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        write_scaled(f, self.0, TIMES, "")
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write_scaled(f, self.0, RATES, "bit")
    }
}

impl fmt::Display for Size {
    /// With a capital M and G, as most write them.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        const PRINTED: &[Unit] = &[
            ("GB", 1_000_000_000),
            ("MB", 1_000_000),
            ("kB", 1_000),
            ("", 1),
        ];
        write_scaled(f, self.0, PRINTED, "")
    }
}

impl fmt::Display for Share {
    /// As a percentage, unless that is not exactly the same number.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let rounded = (self.0 * 1e11).round() / 1e9;
        if format!("{rounded}e-2").parse() == Ok(self.0) {
            return write!(f, "{rounded}%");
        }
        write!(f, "{}", self.0)
    }
}

/// The number and the unit, which may be empty; `None` where there is no
/// plain decimal number in front.
fn split(typed: &str) -> Option<(&str, &str)> {
    let typed = typed.trim();
    let in_number = |it: char| it.is_ascii_digit() || it == '.';
    let end = typed.find(|it| !in_number(it)).unwrap_or(typed.len());
    let (number, unit) = typed.split_at(end);
    let points = number.matches('.').count();
    let digits = number.len() - points;
    (points <= 1 && digits > 0).then(|| (number, unit.trim_start()))
}

fn scale(unit: &str, units: &[Unit]) -> Option<u64> {
    let found = units.iter().find(|(name, _)| *name == unit)?;
    Some(found.1)
}

/// `number` times `scale`, computed without floats; `None` where that is
/// not a whole number or too large for one.
fn whole(number: &str, scale: u64) -> Option<u64> {
    let (before, after) = number.split_once('.').unwrap_or((number, ""));
    let digits = |it: &str| match it {
        "" => Some(0),
        _ => it.parse::<u64>().ok(),
    };
    let after = after.trim_end_matches('0');
    let parts = 10u64.checked_pow(u32::try_from(after.len()).ok()?)?;
    let fraction = u128::from(digits(after)?) * u128::from(scale);
    if fraction % u128::from(parts) != 0 {
        return None;
    }
    let fraction = u64::try_from(fraction / u128::from(parts)).ok()?;
    digits(before)?.checked_mul(scale)?.checked_add(fraction)
}

/// In the largest unit of which there is at least one, with as many places
/// as it takes.
fn write_scaled(
    f: &mut fmt::Formatter,
    value: u64,
    units: &[Unit],
    end: &str,
) -> fmt::Result {
    let fits = |unit: &&Unit| unit.1 <= value.max(1);
    let (name, scale) = units.iter().find(fits).unwrap_or(&("", 1));
    write!(f, "{}", value / scale)?;
    if !value.is_multiple_of(*scale) {
        let places = scale.ilog10() as usize;
        let fraction = format!("{:0places$}", value % scale);
        write!(f, ".{}", fraction.trim_end_matches('0'))?;
    }
    write!(f, "{name}{end}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read<T: FromStr>(typed: &str) -> Option<T> {
        typed.parse().ok()
    }

    fn none_reads<T: FromStr + fmt::Display>(typed: &[&str]) {
        for typed in typed {
            let read = typed.parse::<T>().map(|it| it.to_string()).ok();
            assert_eq!(read, None, "{typed:?}");
        }
    }

    #[test]
    fn delays_are_read() {
        let nanos = |typed| read::<Delay>(typed).map(|it| it.0);
        assert_eq!(nanos("40ms"), Some(40_000_000));
        assert_eq!(nanos(" 1.5 s "), Some(1_500_000_000));
        assert_eq!(nanos("200us"), Some(200_000));
        assert_eq!(nanos("200µs"), Some(200_000));
        assert_eq!(nanos("0.1us"), Some(100));
        assert_eq!(nanos(".5MS"), Some(500_000));
        assert_eq!(nanos("7ns"), Some(7));
        assert_eq!(nanos("0"), Some(0));
        assert_eq!(nanos("60s"), Some(MAX_DELAY));
        none_reads::<Delay>(&[
            "",
            "40",
            "ms",
            "-40ms",
            "+40ms",
            "1e3ms",
            "1.2.3s",
            "0.5ns",
            "60.1s",
            "1h",
            "40 m s",
            "NaN",
            "inf",
            "infs",
            "1,5s",
            ".s",
            "99999999999999999999s",
            "40ms 2ms",
            "٤٠ms",
        ]);
    }

    #[test]
    fn rates_are_read() {
        let bits = |typed| read::<Rate>(typed).map(|it| it.0);
        assert_eq!(bits("1mbit"), Some(1_000_000));
        assert_eq!(bits("10Mbit"), Some(10_000_000));
        assert_eq!(bits("10 Mbit/s"), Some(10_000_000));
        assert_eq!(bits("10Mbps"), Some(10_000_000));
        assert_eq!(bits("500kbit"), Some(500_000));
        assert_eq!(bits("1.5gbit"), Some(1_500_000_000));
        assert_eq!(bits("1000bit"), Some(MIN_RATE));
        assert_eq!(bits("100gbit"), Some(MAX_RATE));
        none_reads::<Rate>(&[
            "", "10", "10m", "10MBps", "10MB/s", "10MBit", "999bit", "0bit",
            "101gbit", "-1mbit", "NaNmbit", "infmbit", "1tbit", "bit",
        ]);
    }

    #[test]
    fn sizes_are_read() {
        let bytes = |typed| read::<Size>(typed).map(|it| it.0);
        assert_eq!(bytes("32k"), Some(32_000));
        assert_eq!(bytes("64kB"), Some(64_000));
        assert_eq!(bytes("1500"), Some(1500));
        assert_eq!(bytes("1500 B"), Some(1500));
        assert_eq!(bytes("1M"), Some(1_000_000));
        assert_eq!(bytes("1GB"), Some(MAX_QUEUE));
        assert_eq!(bytes("64KiB"), Some(65_536));
        assert_eq!(bytes("0.5Mi"), Some(524_288));
        assert_eq!(bytes("0"), Some(0));
        none_reads::<Size>(&[
            "",
            "k",
            "-1",
            "1.5",
            "1Gi",
            "1001M",
            "32kbit",
            "1T",
            "NaN",
            "infinity",
            "18446744073709551616",
            "0x10",
        ]);
    }

    #[test]
    fn shares_are_read() {
        let share = |typed| read::<Share>(typed).map(|it| it.0);
        assert_eq!(share("1%"), Some(0.01));
        assert_eq!(share("0.5 %"), Some(0.005));
        assert_eq!(share("0.01"), Some(0.01));
        assert_eq!(share("100%"), Some(1.0));
        assert_eq!(share("1.0"), Some(1.0));
        assert_eq!(share("0"), Some(0.0));
        none_reads::<Share>(&[
            "",
            "1",
            "5",
            "100.1%",
            "-1%",
            "NaN",
            "NaN%",
            "inf%",
            "1%%",
            "1e-3",
            "0,5%",
            "%",
            ".%",
            "1 percent",
        ]);
    }

    #[test]
    fn the_error_says_what_to_type() {
        let error = |it: Result<Delay, Unreadable>| {
            it.map_err(|error| error.to_string()).unwrap_err()
        };
        assert_eq!(
            error("40".parse()),
            "\"40\" is not a delay: type a number and s, ms, us or ns, at \
             most 60s, for example 40ms"
        );
        let long = error("9".repeat(100_000).parse());
        assert!(long.len() < 140, "{long}");
    }

    #[test]
    fn what_is_printed_is_what_a_person_would_type() {
        let printed = |times: &[Nanos]| {
            let texts = times.iter().map(|it| Delay(*it).to_string());
            texts.collect::<Vec<_>>().join(" ")
        };
        let times = [0, 1, 1_500, 40_000_000, 1_050_000_000, MAX_DELAY];
        assert_eq!(printed(&times), "0s 1ns 1.5us 40ms 1.05s 60s");
        assert_eq!(Rate(0).to_string(), "0bit");
        assert_eq!(Rate(10_000_000).to_string(), "10mbit");
        assert_eq!(Rate(1_000_001).to_string(), "1.000001mbit");
        assert_eq!(Size(1500).to_string(), "1.5kB");
        assert_eq!(Size(0).to_string(), "0");
        assert_eq!(Share(0.07).to_string(), "7%");
        assert_eq!(Share(0.005).to_string(), "0.5%");
        assert_eq!(Share(1.0).to_string(), "100%");
        assert_eq!(Share(1.0 / 3.0).to_string(), "0.3333333333333333");
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn what_was_printed_is_read_again(
            delay in 0..=MAX_DELAY,
            rate in MIN_RATE..=MAX_RATE,
            size in 0..=MAX_QUEUE,
            share in 0.0..=1.0,
            percent in 0..=1000u32,
        ) {
            let share = Share(share);
            let tenths = Share(f64::from(percent) / 1000.0);
            prop_assert_eq!(read(&Delay(delay).to_string()), Some(Delay(delay)));
            prop_assert_eq!(read(&Rate(rate).to_string()), Some(Rate(rate)));
            prop_assert_eq!(read(&Size(size).to_string()), Some(Size(size)));
            prop_assert_eq!(read(&share.to_string()), Some(share));
            prop_assert_eq!(read(&tenths.to_string()), Some(tenths));
            prop_assert!(tenths.to_string().len() <= 5, "{}", tenths);
        }

        #[test]
        fn anything_typed_is_read_or_refused_and_in_range(
            typed in "[0-9.]{0,25}[ -]?(\\PC{0,3}|[kKmMgGuµn]?i?(bit|b|B|s|%)?)",
        ) {
            if let Ok(Delay(it)) = typed.parse() {
                prop_assert!(it <= MAX_DELAY);
            }
            if let Ok(Rate(it)) = typed.parse() {
                prop_assert!((MIN_RATE..=MAX_RATE).contains(&it));
            }
            if let Ok(Size(it)) = typed.parse() {
                prop_assert!(it <= MAX_QUEUE);
            }
            if let Ok(Share(it)) = typed.parse() {
                prop_assert!((0.0..=1.0).contains(&it));
            }
        }
    }
}
