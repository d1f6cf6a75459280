//! Formulas about giving one file to many: in go rates, out comes the least
//! time.

use super::domain::{
    amount, finite, inputs, inputs_and_list, positive, some, whole,
};
use super::{Example, Formula, OutOfDomain, symbol};

pub const CLIENT_SERVER: Formula = Formula {
    name: "client_server",
    lesson: 6,
    latex: r"D_{\mathrm{cs}} = \max\left( \frac{N F}{u_s},
             \frac{F}{d_{\min}} \right)",
    meaning: "The least time in which one server gives a file to all.",
    unit: "s",
    symbols: &[
        symbol("N", "number of receivers", "1"),
        symbol("F", "length of the file", "bit"),
        symbol("u_s", "rate at which the server sends", "bit/s"),
        symbol(r"d_{\min}", "rate of the slowest receiver", "bit/s"),
    ],
    source: "Kurose & Ross, *Computer Networking*, ch. 2 (peer-to-peer file \
             distribution).",
    function: |given| {
        let [n, f, u_s, d_min] = inputs(given)?;
        client_server(whole("N", n)?, f, u_s, d_min)
    },
    example: Example {
        given: &[
            ("N", 4.0),
            ("F", 1_000_000_000.0),
            ("u_s", 20_000_000.0),
            (r"d_{\min}", 50_000_000.0),
        ],
        result: "200",
    },
};

/// Least time D, in seconds, in which a server that sends `u_s` bit/s gives
/// `f` bits to each of `n` receivers, the slowest of which takes `d_min`
/// bit/s; at least one receiver, and rates of more than 0.
pub fn client_server(
    n: u32,
    f: f64,
    u_s: f64,
    d_min: f64,
) -> Result<f64, OutOfDomain> {
    let copies = some("N", n)? * amount("F", f)?;
    let sending = copies / positive("u_s", u_s)?;
    let receiving = f / positive("d_min", d_min)?;
    finite("D_cs", sending.max(receiving))
}

pub const PEER_TO_PEER: Formula = Formula {
    name: "peer_to_peer",
    lesson: 6,
    latex: r"D_{\mathrm{p2p}} = \max\left( \frac{F}{u_s},
             \frac{F}{d_{\min}},
             \frac{N F}{u_s + \sum_{i=1}^{N} u_i} \right)",
    meaning: "The least time in which all have a file that they pass on to \
              one another.",
    unit: "s",
    symbols: &[
        symbol("N", "number of receivers", "1"),
        symbol("F", "length of the file", "bit"),
        symbol("u_s", "rate at which the first one sends", "bit/s"),
        symbol(r"d_{\min}", "rate of the slowest receiver", "bit/s"),
        symbol("u_i", "rate at which receiver i sends", "bit/s"),
    ],
    source: "Kurose & Ross, *Computer Networking*, ch. 2 (peer-to-peer file \
             distribution).",
    function: |given| {
        let ([f, u_s, d_min], u_i) = inputs_and_list(given)?;
        peer_to_peer(f, u_s, d_min, u_i)
    },
    example: Example {
        given: &[
            ("F", 1_000_000_000.0),
            ("u_s", 20_000_000.0),
            (r"d_{\min}", 50_000_000.0),
            ("u_i", 10_000_000.0),
            ("u_i", 10_000_000.0),
            ("u_i", 10_000_000.0),
            ("u_i", 10_000_000.0),
        ],
        result: "66.7",
    },
};

/// Least time D, in seconds, in which `f` bits, first with one that sends
/// `u_s` bit/s, reach every receiver: each sends one of the rates `u_i`, and
/// the slowest takes `d_min` bit/s; at least one receiver. `u_s` and `d_min`
/// are more than 0.
pub fn peer_to_peer(
    f: f64,
    u_s: f64,
    d_min: f64,
    u_i: &[f64],
) -> Result<f64, OutOfDomain> {
    let n = some("N", u_i.len() as u64)?;
    let mut all = positive("u_s", u_s)?;
    for &rate in u_i {
        all += amount("u_i", rate)?;
    }
    let copies = n * amount("F", f)?;
    let once = (f / u_s).max(f / positive("d_min", d_min)?);
    finite("D_p2p", once.max(copies / finite("u_i", all)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::promises::{close, few};
    use super::*;

    #[test]
    fn four_receivers_who_help_wait_a_third() {
        // 4 × 1 Gbit / 20 Mbit/s = 200 s; a receiver alone takes 20 s.
        assert!(close(client_server(4, 1e9, 2e7, 5e7), 200.0));
        // 1 Gbit / 20 Mbit/s = 50 s; 4 Gbit / (20 + 4 × 10) Mbit/s.
        let helped = peer_to_peer(1e9, 2e7, 5e7, &[1e7; 4]);
        assert!(close(helped, 4e9 / 6e7));
        assert!(client_server(0, 1e9, 2e7, 5e7).is_err());
        assert!(peer_to_peer(1e9, 2e7, 5e7, &[]).is_err());
        assert!(peer_to_peer(1e9, 0.0, 5e7, &[1e7]).is_err());
        // Neither may hide an overflow behind the larger of the others.
        assert!(peer_to_peer(1e308, 1e300, 1e300, &[f64::MAX; 2]).is_err());
    }

    proptest! {
        #![proptest_config(few())]

        #[test]
        fn peers_never_make_it_slower(
            f in 1.0..1e12, u_s in 1.0..1e9, d_min in 1.0..1e9,
            u_i in prop::collection::vec(0.0..1e9, 1..9),
        ) {
            let n = u_i.len() as u32;
            let alone = client_server(n, f, u_s, d_min)?;
            let idle = vec![0.0; u_i.len()];
            prop_assert!(peer_to_peer(f, u_s, d_min, &u_i)? <= alone);
            // Receivers that pass nothing on leave all to the server.
            prop_assert_eq!(peer_to_peer(f, u_s, d_min, &idle)?, alone);
            let slower = client_server(n + 1, f, u_s, d_min)?;
            prop_assert!(slower >= alone);
            let twice: Vec<_> = u_i.iter().map(|it| 2.0 * it).collect();
            let fast = peer_to_peer(f, 2.0 * u_s, 2.0 * d_min, &twice);
            let slow = peer_to_peer(f, u_s, d_min, &u_i)?;
            prop_assert!(close(fast, slow / 2.0));
        }
    }
}
