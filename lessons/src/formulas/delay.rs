//! Formulas about the time on the way: in go sizes in bits, rates, lengths
//! and speeds, out comes a time, or what is on the way in that time.

use super::domain::{amount, finite, inputs, positive, seconds, some, whole};
use super::{Example, Formula, OutOfDomain, symbol};

/// The speed of light in vacuum, in m/s: exact, by the definition of the
/// metre.
pub const SPEED_OF_LIGHT: f64 = 299_792_458.0;

pub const TOTAL_TIME: Formula = Formula {
    name: "total_time",
    lesson: 5,
    latex: r"T = \sum_{i=1}^{n} t_i",
    meaning: "The time that steps take which wait for one another.",
    unit: "s",
    symbols: &[
        symbol("n", "number of steps", "1"),
        symbol("t_i", "time that each step took", "s"),
    ],
    source: "Follows from the definition: a sum over the steps.",
    function: total_time,
    example: Example {
        given: &[("t_i", 0.02), ("t_i", 0.03), ("t_i", 0.045), ("t_i", 0.105)],
        result: "0.2",
    },
};

/// Time T, in seconds, of steps one after the other, in seconds each.
pub fn total_time(steps: &[f64]) -> Result<f64, OutOfDomain> {
    let mut total = 0.0;
    for &step in steps {
        total += seconds("t_i", step)?;
    }
    finite("T", total)
}

pub const NODAL_DELAY: Formula = Formula {
    name: "nodal_delay",
    lesson: 5,
    latex: r"d = t_{\mathrm{proc}} + t_{\mathrm{queue}} + \frac{L}{R}
             + \frac{s}{v}",
    meaning: "The time from a packet's arrival at one node to its arrival \
              at the next.",
    unit: "s",
    symbols: &[
        symbol(r"t_{\mathrm{proc}}", "time to choose the way", "s"),
        symbol(r"t_{\mathrm{queue}}", "time behind other packets", "s"),
        symbol("L", "length of the packet", "bit"),
        symbol("R", "rate of the link", "bit/s"),
        symbol("s", "length of the link", "m"),
        symbol("v", "speed of the signal", "m/s"),
    ],
    source: "Kurose & Ross, *Computer Networking*, §1.4 (delay in \
             packet-switched networks).",
    function: |given| {
        let [proc, queue, l, r, s, v] = inputs(given)?;
        nodal_delay(proc, queue, l, r, s, v)
    },
    example: Example {
        given: &[
            (r"t_{\mathrm{proc}}", 0.000_02),
            (r"t_{\mathrm{queue}}", 0.002),
            ("L", 12_000.0),
            ("R", 10_000_000.0),
            ("s", 1_000_000.0),
            ("v", 200_000_000.0),
        ],
        result: "0.00822",
    },
};

/// Delay d, in seconds: `proc` and `queue` seconds, a packet of `l` bits on
/// a link of `r` bit/s, and `s` metres of it at `v` m/s. Rate and speed are
/// more than 0.
pub fn nodal_delay(
    proc: f64,
    queue: f64,
    l: f64,
    r: f64,
    s: f64,
    v: f64,
) -> Result<f64, OutOfDomain> {
    let waiting = seconds("t_proc", proc)? + seconds("t_queue", queue)?;
    let transmission = amount("L", l)? / positive("R", r)?;
    let propagation = amount("s", s)? / positive("v", v)?;
    finite("d", waiting + transmission + propagation)
}

pub const PIPELINE: Formula = Formula {
    name: "pipeline",
    lesson: 5,
    latex: r"T = (N + P - 1) \cdot \frac{L}{R}",
    meaning: "The time to bring packets over links that pass on whole \
              packets only, without the time that the signal travels.",
    unit: "s",
    symbols: &[
        symbol("N", "number of links on the way, all of one rate", "1"),
        symbol("P", "number of packets, all of one length", "1"),
        symbol("L", "length of a packet", "bit"),
        symbol("R", "rate of each link", "bit/s"),
    ],
    source: "Follows from the definition: the first packet takes N times \
             L/R, and each further one arrives L/R later. For P = 1: \
             Kurose & Ross, *Computer Networking*, §1.3.1.",
    function: |given| {
        let [n, p, l, r] = inputs(given)?;
        pipeline(whole("N", n)?, whole("P", p)?, l, r)
    },
    example: Example {
        given: &[
            ("N", 3.0),
            ("P", 10.0),
            ("L", 12_000.0),
            ("R", 10_000_000.0),
        ],
        result: "0.0144",
    },
};

/// Time T, in seconds, for `p` packets of `l` bits over `n` links of `r`
/// bit/s each; at least one packet, one link, and a rate of more than 0.
pub fn pipeline(n: u32, p: u32, l: f64, r: f64) -> Result<f64, OutOfDomain> {
    let turns = some("N", n)? + some("P", p)? - 1.0;
    finite("T", turns * (amount("L", l)? / positive("R", r)?))
}

pub const BDP: Formula = Formula {
    name: "bdp",
    lesson: 5,
    latex: r"\mathrm{BDP} = R \cdot \mathrm{RTT}",
    meaning: "The bandwidth-delay product: what must be on the way to keep \
              a path busy.",
    unit: "bit",
    symbols: &[
        symbol("R", "rate of the slowest link", "bit/s"),
        symbol(r"\mathrm{RTT}", "round-trip time", "s"),
    ],
    source: "RFC 6349 §3.3.1.",
    function: |given| {
        let [r, rtt] = inputs(given)?;
        bdp(r, rtt)
    },
    example: Example {
        given: &[("R", 100_000_000.0), (r"\mathrm{RTT}", 0.04)],
        result: "4,000,000",
    },
};

/// Bandwidth-delay product, in bits, of `r` bit/s and a round trip of `rtt`
/// seconds.
pub fn bdp(r: f64, rtt: f64) -> Result<f64, OutOfDomain> {
    finite("BDP", amount("R", r)? * seconds("RTT", rtt)?)
}

pub const FIBRE_RTT: Formula = Formula {
    name: "fibre_rtt",
    lesson: 32,
    latex: r"\mathrm{RTT} \ge \frac{2 s}{\frac{2}{3} c}",
    meaning: "The round trip that light in glass needs, to 3 %.",
    unit: "s",
    symbols: &[
        symbol("s", "length of the fibre", "m"),
        symbol("c", "speed of light in vacuum: 299,792,458 m/s", "m/s"),
    ],
    source: "Follows from the definition of a round trip. ⅔ is rounded: \
             common fibre has a refractive index near 1.468, and light in \
             it 0.681 c.",
    function: |given| {
        let [s] = inputs(given)?;
        fibre_rtt(s)
    },
    example: Example {
        given: &[("s", 5_570_000.0)],
        result: "0.0557",
    },
};

/// Least round trip, in seconds, over `s` metres of fibre, at two thirds of
/// the speed of light.
pub fn fibre_rtt(s: f64) -> Result<f64, OutOfDomain> {
    let speed = 2.0 / 3.0 * SPEED_OF_LIGHT;
    finite("RTT", 2.0 * (amount("s", s)? / speed))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::promises::{close, few};
    use super::*;

    #[test]
    fn a_connections_time_is_a_sum() {
        // 20 + 30 + 45 + 105 ms.
        assert!(close(total_time(&[0.02, 0.03, 0.045, 0.105]), 0.2));
        assert_eq!(total_time(&[]), Ok(0.0));
        assert!(total_time(&[1.0, -0.1]).is_err());
        assert!(total_time(&[f64::MAX, f64::MAX]).is_err());
    }

    #[test]
    fn a_thousand_kilometres_outweigh_a_packet() {
        // 12,000 bit / 10 Mbit/s = 1.2 ms; 1,000 km / 200,000 km/s = 5 ms;
        // 0.02 + 2 + 1.2 + 5 = 8.22 ms.
        let d = nodal_delay(0.000_02, 0.002, 12_000.0, 1e7, 1e6, 2e8);
        assert!(close(d, 0.008_22));
        assert!(nodal_delay(0.0, 0.0, 1.0, 0.0, 1.0, 1.0).is_err());
        assert!(nodal_delay(0.0, 0.0, 1.0, 1.0, 1.0, 0.0).is_err());
    }

    #[test]
    fn ten_packets_over_three_links_take_twelve_turns() {
        // 12 × 1.2 ms = 14.4 ms; one by one they would take 36 ms.
        assert!(close(pipeline(3, 10, 12_000.0, 1e7), 0.0144));
        assert!(close(pipeline(3, 1, 12_000.0, 1e7), 0.0036));
        assert!(pipeline(0, 1, 1.0, 1.0).is_err());
        assert!(pipeline(1, 0, 1.0, 1.0).is_err());
        assert!(pipeline(u32::MAX, u32::MAX, 1.0, 1.0).is_ok());
    }

    #[test]
    fn four_megabits_are_on_the_way() {
        // 100 Mbit/s × 40 ms = 4 Mbit = 500 kB.
        assert!(close(bdp(1e8, 0.04), 4e6));
        assert!(bdp(1e8, f64::NAN).is_err());
    }

    #[test]
    fn light_needs_56_ms_to_new_york_and_back() {
        // London to New York, 5,570 km: 11,140 km / 199,862 km/s.
        assert!(close(fibre_rtt(5.57e6), 0.055_738_6));
        assert!(fibre_rtt(-1.0).is_err());
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn delay_grows_with_length_and_shrinks_with_rate(
            l in 1.0..1e5, r in 1.0..1e9, s in 1.0..1e7, v in 1.0..3e8,
        ) {
            let d = nodal_delay(0.0, 0.0, l, r, s, v)?;
            // Twice as long at twice the rate and speed: no difference.
            let [l2, r2, s2, v2] = [l, r, s, v].map(|it| 2.0 * it);
            prop_assert_eq!(nodal_delay(0.0, 0.0, l2, r2, s2, v2)?, d);
            prop_assert!(nodal_delay(0.0, 0.0, l, r / 2.0, s, v)? > d);
            prop_assert!(nodal_delay(0.1, 0.0, l, r, s, v)? > d);
            let here = nodal_delay(0.0, 0.0, l, r, 0.0, v)?;
            prop_assert!(close(total_time(&[here, s / v]), d));
        }

        #[test]
        fn links_and_packets_change_places(
            n in 1_u32..99, p in 1_u32..99, l in 1.0..1e5, r in 1.0..1e9,
        ) {
            let t = pipeline(n, p, l, r)?;
            prop_assert_eq!(pipeline(p, n, l, r)?, t);
            prop_assert!(pipeline(n, p + 1, l, r)? > t);
            // Over one link it is what the link itself needs.
            let whole = nodal_delay(0.0, 0.0, l * f64::from(p), r, 0.0, 1.0);
            prop_assert!(close(pipeline(1, p, l, r), whole?));
        }

        #[test]
        fn twice_the_round_trip_is_twice_on_the_way(
            r in 0.0..1e11, rtt in 0.0..10.0, s in 0.0..1e8,
        ) {
            prop_assert_eq!(bdp(r, 2.0 * rtt)?, 2.0 * bdp(r, rtt)?);
            prop_assert_eq!(bdp(2.0 * r, rtt)?, 2.0 * bdp(r, rtt)?);
            prop_assert_eq!(fibre_rtt(2.0 * s)?, 2.0 * fibre_rtt(s)?);
        }
    }
}
