//! Windows: flow control, Reno and CUBIC against their formulas, and Reno
//! against that of a kernel.

use lessons::formulas;
use lessons::link::{Nanos, Nth, Queue, Settings, Way};
use lessons::sim::flow_control;
use lessons::sim::tcp::{
    BETA, C, Cubic, Flow, Kind, Limits, Measured, Setup, run,
};
use lessons::sim::trace::Trace;
use lessons::sim::{MILLISECOND, SECOND};

use crate::table::{Allowed, Group, Row};
use crate::{Once, valid};

/// What fits into an Ethernet packet beside the headers and time stamps.
const MSS: u64 = 1448;

/// One flow over a link without a rate, which loses at random.
fn one_flow(
    kind: Kind,
    rtt: Nanos,
    loss: f64,
    selective: bool,
    duration: Nanos,
) -> Setup {
    let way = Way {
        delay: rtt / 2,
        ..Way::default()
    };
    let up = Way {
        loss,
        ..way.clone()
    };
    Setup {
        link: Settings {
            up,
            down: way,
            seed: 1,
        },
        flows: vec![Flow { kind, start: 0 }],
        smss: MSS,
        limits: Limits::LINUX,
        selective,
        duration,
        // Slow start knows no loss rate.
        measure_from: duration / 20,
        sample_every: 0,
    }
}

fn first_flow(setup: &Setup) -> Measured {
    let report = run(setup, Trace::none()).expect("the link is in range");
    report.flows.into_iter().next().expect("there is one flow")
}

/// In bits per second, with p as loss events for each segment sent.
fn by_mathis(rtt: Nanos, it: &Measured) -> f64 {
    let p = it.counts.loss_events as f64 / it.counts.sent as f64;
    let rtt = rtt as f64 / SECOND as f64;
    8.0 * valid(formulas::mathis(MSS as f64, rtt, 1.0, p))
}

fn mbit(rate: f64) -> f64 {
    rate / 1e6
}

pub fn window_rate() -> &'static Group {
    static ONCE: Once = Once::new();
    ONCE.get_or_init(|| {
        let row = |(rtt, window): (u64, u64)| {
            let way = Way {
                delay: rtt * MILLISECOND / 2,
                ..Way::default()
            };
            let setup = flow_control::Setup {
                link: Settings {
                    up: way.clone(),
                    down: way,
                    seed: 1,
                },
                segment: 1000,
                buffer: window,
                reads: None,
                reads_from: 0,
                probe_after: SECOND,
                duration: 30 * SECOND,
            };
            let run = flow_control::run(&setup, Trace::none());
            let rate = run.expect("the link is in range").rate;
            let seconds = rtt as f64 / 1000.0;
            let bytes = valid(formulas::window_rate(window as f64, seconds));
            Row {
                what: format!("W = {window} bytes, RTT = {rtt} ms"),
                simulation: mbit(rate),
                formula: mbit(8.0 * bytes),
            }
        };
        Group {
            title: "Receive window: rate in Mbit/s",
            allowed: Allowed::Percent(2.0),
            rows: [(20, 64_000), (100, 64_000), (100, 8000)].map(row).into(),
        }
    })
}

pub fn mathis() -> &'static Group {
    static ONCE: Once = Once::new();
    ONCE.get_or_init(|| {
        let rtt = 40 * MILLISECOND;
        let rows = [0.001, 0.002, 0.005, 0.01, 0.02].map(|loss| {
            let duration = 200 * SECOND;
            let setup = one_flow(Kind::Reno, rtt, loss, false, duration);
            let flow = first_flow(&setup);
            Row {
                what: format!("NewReno, RTT 40 ms, loss {} %", 100.0 * loss),
                simulation: mbit(flow.goodput),
                formula: mbit(by_mathis(rtt, &flow)),
            }
        });
        Group {
            title: "Reno and Mathis, p of loss events: goodput in Mbit/s",
            allowed: Allowed::Percent(15.0),
            rows: rows.into(),
        }
    })
}

/// Beyond the domain: timeouts take over, and windows of few segments lose
/// what does not fill one.
pub fn many_losses() -> &'static Group {
    static ONCE: Once = Once::new();
    ONCE.get_or_init(|| {
        let rtt = 40 * MILLISECOND;
        let random = |(loss, selective)| {
            let duration = 200 * SECOND;
            let setup = one_flow(Kind::Reno, rtt, loss, selective, duration);
            let flow = first_flow(&setup);
            let how = if selective { "SACK" } else { "NewReno" };
            Row {
                what: format!("{how}, loss {} %", 100.0 * loss),
                simulation: mbit(flow.goodput),
                formula: mbit(by_mathis(rtt, &flow)),
            }
        };
        let mut rows: Vec<Row> =
            [(0.05, false), (0.05, true)].map(random).into();
        let mut setup = one_flow(Kind::Reno, rtt, 0.0, false, 100 * SECOND);
        let every = (1..1000).map(|it| Nth::Data(100 * it));
        setup.link.up.drop_nth = every.collect();
        let flow = first_flow(&setup);
        rows.push(Row {
            what: "NewReno, every 100th lost".into(),
            simulation: mbit(flow.goodput),
            formula: mbit(by_mathis(rtt, &flow)),
        });
        Group {
            title: "Reno beyond Mathis, RTT 40 ms: goodput in Mbit/s",
            allowed: Allowed::Anything,
            rows,
        }
    })
}

/// What a kernel's own Reno did in the laboratory.
struct Recorded {
    /// In milliseconds.
    rtt: u64,
    loss: f64,
    /// Goodput in Mbit/s: the mean of two runs of 10 s.
    measured: f64,
}

const fn recorded(rtt: u64, loss: f64, measured: f64) -> Recorded {
    Recorded {
        rtt,
        loss,
        measured,
    }
}

const KERNEL: &str =
    "Reno and that of Linux 6.18 (2 vCPU, November 2026): goodput in Mbit/s";
/// The median of three seeds, 25 November 2026, AMD EPYC, no limit of rate:
/// `cargo bench --bench lab -- mathis`. To replace them, measure anew, and
/// change the title, too.
const RECORDED: [Recorded; 8] = [
    recorded(40, 0.0005, 16.37),
    recorded(40, 0.001, 11.61),
    recorded(40, 0.002, 8.79),
    recorded(40, 0.005, 5.30),
    recorded(40, 0.01, 3.56),
    recorded(40, 0.02, 2.32),
    recorded(20, 0.005, 11.05),
    recorded(80, 0.005, 2.49),
];

/// Here the kernel stands where others have a formula.
pub fn kernel() -> &'static Group {
    static ONCE: Once = Once::new();
    ONCE.get_or_init(|| {
        let rows = RECORDED.map(|it| {
            let rtt = it.rtt * MILLISECOND;
            let duration = if it.loss < 0.002 { 100 } else { 200 };
            let duration = duration * SECOND;
            let setup = one_flow(Kind::Reno, rtt, it.loss, true, duration);
            let (ms, percent) = (it.rtt, 100.0 * it.loss);
            Row {
                what: format!("SACK, RTT {ms} ms, loss {percent} %"),
                simulation: mbit(first_flow(&setup).goodput),
                formula: it.measured,
            }
        });
        Group {
            title: KERNEL,
            allowed: Allowed::Percent(20.0),
            rows: rows.into(),
        }
    })
}

/// A window of 1,000 segments is cut, and grows, ACK by ACK; one so large
/// that CUBIC is not in its Reno-friendly region.
pub fn cubic() -> &'static Group {
    static ONCE: Once = Once::new();
    ONCE.get_or_init(|| {
        let rtt = 100 * MILLISECOND;
        let mut cubic = Cubic::default();
        let mut cwnd = cubic.decrease(1000.0, 1000.0);
        let (mut now, mut rows) = (0, Vec::new());
        for second in (2..=14).step_by(2) {
            while now < second * SECOND {
                // A round trip's ACKs come evenly, as its segments left.
                for _ in 0..100 {
                    let acked = cwnd / 100.0;
                    cwnd = cubic.avoid(now, rtt, cwnd, acked);
                    now += rtt / 100;
                }
            }
            let window = formulas::cubic_window(
                now as f64 / SECOND as f64,
                1000.0,
                1000.0 * BETA,
                C,
            );
            rows.push(Row {
                what: format!("{second} s after the loss"),
                simulation: cwnd,
                formula: valid(window),
            });
        }
        Group {
            title: "CUBIC, cut at 1000, RTT 100 ms: window in segments",
            allowed: Allowed::Percent(0.5),
            rows,
        }
    })
}

#[test]
fn agree_receive_window_with_a_window_each_round_trip() {
    assert!(window_rate().agrees(), "{}", window_rate());
}

#[test]
fn agree_reno_with_mathis() {
    assert!(mathis().agrees(), "{}", mathis());
}

#[test]
fn agree_reno_with_the_kernels_reno() {
    assert!(kernel().agrees(), "{}", kernel());
}

#[test]
fn agree_cubic_with_its_curve() {
    assert!(cubic().agrees(), "{}", cubic());
}

/// Of two that share a bottleneck, a late one gets its share; CUBIC and the
/// model of the path too.
#[test]
fn agree_two_flows_on_fair_shares() {
    for kind in [Kind::Reno, Kind::Cubic, Kind::BbrLike] {
        let mut setup =
            one_flow(kind, 40 * MILLISECOND, 0.0, true, 60 * SECOND);
        setup.link.up.rate = Some(10_000_000);
        setup.link.up.queue = Queue::Bytes(50_000);
        let start = 2 * SECOND;
        setup.flows.push(Flow { kind, start });
        setup.measure_from = 20 * SECOND;
        let report = run(&setup, Trace::none()).expect("in range");
        let shares = report.flows.iter().map(|it| it.goodput);
        let shares: Vec<f64> = shares.collect();
        let jain = valid(formulas::jain(&shares));
        assert!(jain > 0.97, "{kind:?}: {jain} {shares:?}");
        // Of 10 Mbit/s, 3 % are headers.
        let sum: f64 = shares.iter().sum();
        assert!((9.0e6..9.7e6).contains(&sum), "{kind:?}: {shares:?}");
    }
}
