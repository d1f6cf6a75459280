//! Figures out of figures: in go measured values, out come their quantiles
//! and what theory says they should be.

/// Payload of a full segment: 1500 bytes without 20 of IP and 32 of TCP with
/// its timestamps (RFC 7323, section 3).
pub const SEGMENT: f64 = 1448.0;

/// What TCP can carry at most over a link that counts IP bytes, as a share
/// of its rate.
pub const CEILING: f64 = SEGMENT / 1500.0;

/// The value below which `share` of all values are, or NaN of none.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    let at = (last as f64 * share).round() as usize;
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// How many standard errors the share `lost / sent` is away from `p`.
pub fn standard_errors(lost: usize, sent: usize, p: f64) -> f64 {
    let sent = sent as f64;
    (lost as f64 / sent - p) / (p * (1.0 - p) / sent).sqrt()
}

/// Bits per second of a sender that halves its window at each loss, by the
/// formula of Mathis et al., "The macroscopic behavior of the TCP congestion
/// avoidance algorithm" (1997), for a receiver whose ACKs all count.
pub fn mathis(round_trip: f64, p: f64) -> f64 {
    8.0 * SEGMENT / round_trip * (1.5 / p).sqrt()
}

/// Fails if any of the above is wrong; there is no test harness in a bench.
pub fn check() {
    let values = [5.0, 1.0, 4.0, 2.0, 3.0];
    assert_eq!(median(&values), 3.0);
    assert_eq!(quantile(&values, 0.0), 1.0);
    assert_eq!(quantile(&values, 1.0), 5.0);
    assert!(median(&[]).is_nan());
    // 100 of 10,000 at 1 %: exactly; a standard error is 9.95.
    assert_eq!(standard_errors(100, 10_000, 0.01), 0.0);
    assert!((standard_errors(110, 10_000, 0.01) - 1.005).abs() < 0.001);
    // 40 ms and 0.5 %: 5.02 Mbit/s.
    assert!((mathis(0.04, 0.005) / 5.016e6 - 1.0).abs() < 0.001);
    assert!((CEILING - 0.9653).abs() < 0.0001);
}
