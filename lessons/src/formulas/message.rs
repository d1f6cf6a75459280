//! Formulas about a message and what is added to it: in go counts of bytes,
//! out comes a count or a share.

use super::domain::{inputs, some, whole};
use super::{Example, Formula, OutOfDomain, symbol};

pub const SENT: Formula = Formula {
    name: "sent",
    lesson: 3,
    latex: r"S = \sum_{i=1}^{n} P_i",
    meaning: "How many bytes were sent.",
    unit: "byte",
    symbols: &[
        symbol("n", "how many packets were sent", "1"),
        symbol("P_i", "bytes of the message in packet i", "byte"),
    ],
    source: "Follows from the definition: a sum over the packets sent.",
    function: |given| Ok(sent(&whole_sizes(given)?)? as f64),
    example: Example {
        given: &[("P_i", 1460.0), ("P_i", 1460.0), ("P_i", 80.0)],
        result: "3,000",
    },
};

/// Bytes sent, S: the sum of the packets' sizes, in bytes.
pub fn sent(sizes: &[u64]) -> Result<u64, OutOfDomain> {
    sum(sizes)
}

pub const RECEIVED: Formula = Formula {
    name: "received",
    lesson: 3,
    latex: r"R = \sum_{i=1}^{n} P_i",
    meaning: "How many bytes arrived, copies counted again.",
    unit: "byte",
    symbols: &[
        symbol("n", "how many packets arrived", "1"),
        symbol("P_i", "bytes of the message in packet i", "byte"),
    ],
    source: "Follows from the definition: a sum over the packets that \
             arrived.",
    function: |given| Ok(received(&whole_sizes(given)?)? as f64),
    example: Example {
        given: &[
            ("P_i", 1460.0),
            ("P_i", 80.0),
            ("P_i", 1460.0),
            ("P_i", 80.0),
        ],
        result: "3,080",
    },
};

/// Bytes received, R: the sum of the arrived packets' sizes, in bytes.
///
/// A packet that arrives twice counts twice, so R = S proves nothing.
pub fn received(sizes: &[u64]) -> Result<u64, OutOfDomain> {
    sum(sizes)
}

fn whole_sizes(given: &[f64]) -> Result<Vec<u64>, OutOfDomain> {
    given.iter().map(|size| whole("P_i", *size)).collect()
}

fn sum(sizes: &[u64]) -> Result<u64, OutOfDomain> {
    let total: u128 = sizes.iter().map(|size| u128::from(*size)).sum();
    u64::try_from(total).map_err(|_| OutOfDomain {
        symbol: "P_i",
        value: total as f64,
        allowed: "less than 2^64 in sum",
    })
}

pub const PACKETS: Formula = Formula {
    name: "packets",
    lesson: 3,
    latex: r"n = \left\lceil \frac{M}{\mathrm{MSS}} \right\rceil",
    meaning: "How many packets a message needs.",
    unit: "1",
    symbols: &[
        symbol("M", "length of the message", "byte"),
        symbol(
            r"\mathrm{MSS}",
            "most bytes of the message in one packet (maximum \
             segment size)",
            "byte",
        ),
    ],
    source: "Follows from the definition: every packet but the last is \
             full. The MSS is that of [RFC 9293 §3.7.1]\
             (https://www.rfc-editor.org/rfc/rfc9293#section-3.7.1).",
    function: |given| {
        let [m, mss] = inputs(given)?;
        Ok(packets(whole("M", m)?, whole("MSS", mss)?)? as f64)
    },
    example: Example {
        given: &[("M", 10_000.0), (r"\mathrm{MSS}", 1460.0)],
        result: "7",
    },
};

/// Packets n for a message of `m` bytes, each with at most `mss` of them.
pub fn packets(m: u64, mss: u64) -> Result<u64, OutOfDomain> {
    some("MSS", mss)?;
    Ok(m.div_ceil(mss))
}

pub const OVERHEAD: Formula = Formula {
    name: "overhead",
    lesson: 3,
    latex: r"o = \frac{n h}{M + n h}, \qquad
             n = \left\lceil \frac{M}{\mathrm{MSS}} \right\rceil",
    meaning: "The share of the bytes sent that are headers.",
    unit: "1",
    symbols: &[
        symbol("n", "how many packets were sent", "1"),
        symbol("h", "length of the headers of one packet", "byte"),
        symbol("M", "length of the message", "byte"),
        symbol(
            r"\mathrm{MSS}",
            "most bytes of the message in one packet (maximum \
             segment size)",
            "byte",
        ),
    ],
    source: "Follows from the definition: header bytes over all bytes.",
    function: |given| {
        let [m, mss, h] = inputs(given)?;
        overhead(whole("M", m)?, whole("MSS", mss)?, whole("h", h)?)
    },
    example: Example {
        given: &[("M", 10_000.0), (r"\mathrm{MSS}", 1460.0), ("h", 40.0)],
        result: "0.0272",
    },
};

/// Overhead o, 0 to 1, of a message of `m` bytes in packets of at most
/// `mss` of them, each behind `h` bytes of headers.
pub fn overhead(m: u64, mss: u64, h: u64) -> Result<f64, OutOfDomain> {
    some("M", m)?;
    let headers = packets(m, mss)? as f64 * h as f64;
    Ok(headers / (m as f64 + headers))
}

pub const EFFICIENCY: Formula = Formula {
    name: "efficiency",
    lesson: 7,
    latex: r"\eta = \frac{m}{m + h}",
    meaning: "The share of the bytes sent that are message.",
    unit: "1",
    symbols: &[
        symbol("m", "length of the message", "byte"),
        symbol("h", "length of the header", "byte"),
    ],
    source: "Follows from the definition: useful bytes over all bytes.",
    function: |given| {
        let [m, h] = inputs(given)?;
        efficiency(whole("m", m)?, whole("h", h)?)
    },
    example: Example {
        given: &[("m", 9.0), ("h", 2.0)],
        result: "0.818",
    },
};

/// Efficiency η, 0 to 1, of a message of `m` bytes behind a header of `h`.
pub fn efficiency(m: u64, h: u64) -> Result<f64, OutOfDomain> {
    if m == 0 && h == 0 {
        let allowed = "more than 0 where h is 0";
        return Err(OutOfDomain {
            symbol: "m",
            value: 0.0,
            allowed,
        });
    }
    Ok(m as f64 / (m as f64 + h as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that one can check by hand, to six digits.
    fn close(left: Result<f64, OutOfDomain>, right: f64) -> bool {
        left.is_ok_and(|left| (left - right).abs() < 1e-6)
    }

    #[test]
    fn ten_thousand_bytes_need_seven_ethernet_packets() {
        // 6 × 1,460 = 8,760, and 1,240 are left for the seventh.
        assert_eq!(packets(10_000, 1460), Ok(7));
        assert_eq!(packets(10_000, 536), Ok(19));
        assert_eq!(packets(8760, 1460), Ok(6));
        assert_eq!(packets(8761, 1460), Ok(7));
        assert_eq!(packets(1, 1460), Ok(1));
        assert_eq!(packets(0, 1460), Ok(0));
        assert_eq!(packets(u64::MAX, 1), Ok(u64::MAX));
        let none = packets(1, 0).map_err(|error| error.to_string());
        assert_eq!(none, Err("MSS = 0, but it must be at least 1".into()));
    }

    #[test]
    fn headers_are_a_fortieth_of_full_packets_and_nearly_all_of_one_byte() {
        assert!(close(overhead(10_000, 1460, 40), 280.0 / 10_280.0));
        assert!(close(overhead(10_000, 536, 40), 760.0 / 10_760.0));
        assert!(close(overhead(1, 1460, 40), 40.0 / 41.0));
        assert!(close(overhead(1460, 1460, 0), 0.0));
        assert!(overhead(0, 1460, 40).is_err());
        assert!(overhead(10_000, 0, 40).is_err());
    }

    #[test]
    fn a_copy_is_received_but_was_not_sent() {
        assert_eq!(sent(&[1460, 1460, 80]), Ok(3000));
        assert_eq!(received(&[1460, 80, 1460, 80]), Ok(3080));
        assert_eq!(sent(&[]), Ok(0));
        assert_eq!(sent(&[u64::MAX]), Ok(u64::MAX));
        assert!(sent(&[u64::MAX, 1]).is_err());
    }

    #[test]
    fn two_bytes_of_length_halve_a_message_of_two() {
        assert!(close(efficiency(2, 2), 0.5));
        assert!(close(efficiency(9, 2), 9.0 / 11.0));
        assert!(close(efficiency(1024, 2), 0.998051));
        assert!(close(efficiency(0, 2), 0.0));
        assert!(close(efficiency(7, 0), 1.0));
        assert!(close(efficiency(u64::MAX, u64::MAX), 0.5));
        assert!(efficiency(0, 0).is_err());
    }

    #[test]
    fn packets_hold_the_message_and_no_packet_is_needless() {
        let mut rng = fastrand::Rng::with_seed(3);
        for _ in 0..10_000 {
            let (m, mss) = (rng.u64(1..1 << 40), rng.u64(1..1 << 20));
            let n = packets(m, mss).expect("the MSS is at least 1");
            assert!(n * mss >= m && (n - 1) * mss < m, "M {m}, MSS {mss}");
        }
    }

    #[test]
    fn overhead_and_efficiency_share_out_every_byte() {
        let mut rng = fastrand::Rng::with_seed(7);
        for _ in 0..10_000 {
            let (m, h) = (rng.u64(1..1 << 40), rng.u64(0..1 << 10));
            // One packet for all: what is not message is header.
            let o = overhead(m, m, h).expect("the message is not empty");
            assert!(close(efficiency(m, h), 1.0 - o), "m {m}, h {h}");
        }
    }
}
