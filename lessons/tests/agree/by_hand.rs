//! Numbers worked out by hand from the RFCs, in milliseconds and segments.

use lessons::formulas;
use lessons::sim::MILLISECOND;
use lessons::sim::tcp::{Cubic, Limits, Rto, cube_root};

use crate::valid;

/// RFC 6298 §2.2 to §2.4 and §5.5.
#[test]
fn agree_rto_with_rfc_6298_by_hand() {
    let mut rto = Rto::new(Limits::RFC);
    let ms = |nanos| nanos as f64 / MILLISECOND as f64;
    assert_eq!(ms(rto.timeout()), 1000.0);
    let mut check = |rtt, srtt, rttvar, timeout| {
        rto.measured(rtt * MILLISECOND);
        let smoothed = rto.smoothed().zip(rto.variation());
        let smoothed = smoothed.map(|(it, var)| (ms(it), ms(var)));
        assert_eq!(smoothed, Some((srtt, rttvar)));
        assert_eq!(ms(rto.timeout()), timeout);
    };
    // The first: RTTVAR is half of it. 1000 + 4 × 500.
    check(1000, 1000.0, 500.0, 3000.0);
    // ¾ × 500 + ¼ × 1000 = 625; ⅞ × 1000 + ⅛ × 2000 = 1125;
    // 1125 + 4 × 625 = 3625.
    check(2000, 1125.0, 625.0, 3625.0);
    // ¾ × 625 + ¼ × 125 = 500; ⅞ × 1125 + ⅛ × 1000 = 1109.375.
    check(1000, 1109.375, 500.0, 3109.375);
    let back_off = [6218.75, 12_437.5, 24_875.0, 49_750.0, 60_000.0];
    for expected in back_off {
        rto.back_off();
        assert_eq!(ms(rto.timeout()), expected);
    }
    // ¾ × 500 + ¼ × 9.375 = 377.34375; SRTT 1108.203125.
    rto.measured(1100 * MILLISECOND);
    assert_eq!(ms(rto.timeout()), 1108.203125 + 4.0 * 377.34375);
    // 100 + 4 × 50 = 300 ms, less than the RFC's second; 4 × 10 = 40 ms are
    // less than Linux' least margin: 20 + 200 = 220 ms.
    for (limits, rtt, expected) in [
        (Limits::RFC, 100, 1000.0),
        (Limits::LINUX, 100, 300.0),
        (Limits::LINUX, 20, 220.0),
    ] {
        let mut rto = Rto::new(limits);
        rto.measured(rtt * MILLISECOND);
        assert_eq!(ms(rto.timeout()), expected);
    }
}

/// The same from round trips at random, by the book's own formulas.
#[test]
fn agree_rto_with_its_formulas() {
    let mut chance = lessons::sim::chance::Chance::new(1);
    let mut rto = Rto::new(Limits::RFC);
    rto.measured(100 * MILLISECOND);
    let (mut srtt, mut rttvar) = (0.1, 0.05);
    for _ in 0..1000 {
        let rtt = chance.exponential(400 * MILLISECOND);
        rto.measured(rtt);
        let rtt = rtt as f64 / 1e9;
        rttvar = valid(formulas::rtt_variation(rttvar, srtt, rtt));
        srtt = valid(formulas::smoothed_rtt(srtt, rtt));
        let timeout =
            valid(formulas::retransmission_timeout(srtt, rttvar, 0.0, 1.0));
        let difference = rto.timeout() as f64 / 1e9 - timeout;
        // Each step rounds down to a nanosecond.
        assert!(difference.abs() < 1e-7, "{timeout} {difference}");
    }
}

fn near(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-5, "{left}, and by hand {right}");
}

/// RFC 9438 §4.2 to §4.8.
#[test]
fn agree_cubic_with_rfc_9438_by_hand() {
    let rtt = 100 * MILLISECOND;
    // Lost at 100: 70 are left, and 30 / 0.4 = 75 = 4.2171633³.
    near(cube_root(75.0), 4.217163);
    let mut cubic = Cubic::default();
    near(cubic.decrease(100.0, 100.0), 70.0);
    // At once W_cubic = 70 is less than Reno's 70 + (0.9 / 1.7) / 70.
    near(cubic.avoid(0, rtt, 70.0, 1.0), 70.007563);
    // After 2 s: 0.4 × (2.1 - 4.217163)³ + 100 = 96.20403, in one round
    // trip: (96.20403 - 90) / 90 more for each segment.
    near(
        cubic.avoid(2000 * MILLISECOND, rtt, 90.0, 1.0),
        90.0 + 6.20403 / 90.0,
    );
    // After 10 s: 0.4 × (10.1 - 4.217163)³ + 100 = 181.44, but no more
    // than half as much again as 110.
    near(cubic.avoid(10_000 * MILLISECOND, rtt, 110.0, 1.0), 110.5);
    // Lost at 80 < 100: fast convergence, 80 × 1.7 / 2 = 68, and
    // 56 are left: (12 / 0.4) = 3.107233³. After 3.107233 s it is 68.
    near(cubic.decrease(80.0, 80.0), 56.0);
    cubic.avoid(0, 0, 56.0, 0.0);
    let window = cubic.avoid(3_107_232_506, 0, 60.0, 1.0);
    near(window, 60.0 + 8.0 / 60.0);
    // A timeout forgets: K = 0, so after 2 s 0.4 × 2³ more than 20.
    cubic.decrease(80.0, 80.0);
    cubic.timed_out();
    cubic.avoid(0, 0, 20.0, 0.0);
    near(
        cubic.avoid(2000 * MILLISECOND, 0, 20.0, 1.0),
        20.0 + 3.2 / 20.0,
    );
    // Two segments at least.
    near(cubic.decrease(2.0, 2.0), 2.0);
}
