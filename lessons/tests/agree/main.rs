//! probe
use lessons::link::*;
use lessons::sim::arq::*;
use lessons::sim::tcp;
use lessons::sim::trace::Trace;
use std::time::Instant;

#[test]
fn probe_arq() {
    for a2 in [1u64, 2, 10, 20] {
        for p in [0.01, 0.1, 0.3] {
            let d = FRAME * a2 / 2;
            let a = a2 as f64 / 2.0;
            let t = Instant::now();
            let line = Line {
                delay: d,
                loss: p,
                ack_loss: 0.0,
                spacing: 0,
                seed: 1,
            };
            let n = 20_000;
            let sw = run(StopAndWait::default(), line, n, Trace::none())
                .unwrap()
                .utilisation
                / ((1.0 - p) / (1.0 + 2.0 * a));
            let big = 1 + a2 + 3;
            let gb = run(GoBackN::new(big), line, n, Trace::none())
                .unwrap()
                .utilisation
                / ((1.0 - p) / (1.0 + 2.0 * a * p));
            let sr = run(
                SelectiveRepeat::new(big, WindowOf::Flight),
                line,
                n,
                Trace::none(),
            )
            .unwrap()
            .utilisation
                / (1.0 - p);
            let srn = run(
                SelectiveRepeat::new(big, WindowOf::Numbers),
                line,
                n,
                Trace::none(),
            )
            .unwrap()
            .utilisation
                / (1.0 - p);
            let w = ((1 + a2) / 2).max(1);
            let wf = w as f64;
            let f = wf * (1.0 - p) / ((1.0 + 2.0 * a) * (1.0 - p + wf * p));
            let gs = run(GoBackN::new(w), line, n, Trace::none())
                .unwrap()
                .utilisation
                / f;
            let line2 = Line {
                spacing: spread(w, d),
                ..line
            };
            let gp = run(GoBackN::new(w), line2, n, Trace::none())
                .unwrap()
                .utilisation
                / f;
            let f = wf * (1.0 - p) / (1.0 + 2.0 * a);
            let ss = run(
                SelectiveRepeat::new(w, WindowOf::Flight),
                line,
                n,
                Trace::none(),
            )
            .unwrap()
            .utilisation
                / f;
            println!(
                "a {a} p {p} w {w}: sw {sw:.4} gbn {gb:.4} sr {sr:.4} srn {srn:.4} | gbn-burst {gs:.4} gbn-paced {gp:.4} sr {ss:.4}  {:?}",
                t.elapsed()
            );
        }
    }
}

#[test]
fn probe_reno() {
    for (rtt, p, kernel) in [
        (40, 0.0005, 17.4),
        (40, 0.001, 10.0),
        (40, 0.002, 8.87),
        (40, 0.005, 5.70),
        (40, 0.01, 3.69),
        (40, 0.02, 2.55),
        (40, 0.05, 1.17),
        (20, 0.005, 10.8),
        (80, 0.005, 2.74),
    ] {
        let t = Instant::now();
        let way = Way {
            delay: rtt as u64 * 500_000,
            ..Way::default()
        };
        let setup = |seed: u64, secs: i32| tcp::Setup {
            link: Settings {
                up: Way {
                    loss: p,
                    ..way.clone()
                },
                down: way.clone(),
                seed,
            },
            flows: vec![tcp::Flow {
                kind: tcp::Kind::Reno,
                start: 0,
            }],
            smss: 1448,
            selective: std::env::var("SACK").is_ok(),
            limits: tcp::Limits::LINUX,
            duration: secs as u64 * 1_000_000_000,
            measure_from: 0,
            sample_every: 0,
        };
        let r = tcp::run(&setup(1, 200), Trace::none()).unwrap();
        let f = &r.flows[0];
        let pe = f.counts.loss_events as f64 / f.counts.sent as f64;
        let mathis =
            |p: f64| 1448.0 * 8.0 / (rtt as f64 / 1000.0) * (1.5f64 / p).sqrt();
        println!(
            "rtt {rtt} p {p} goodput {:.2} M pe {pe:.5} ratio(p) {:.3} ratio(pe) {:.3} kernel {:.3} timeouts {} sent {} {:?} {:?}/ev",
            f.goodput / 1e6,
            f.goodput / mathis(p),
            f.goodput / mathis(pe),
            f.goodput / 1e6 / kernel,
            f.counts.timeouts,
            f.counts.sent,
            t.elapsed(),
            t.elapsed() / r.events as u32
        );
        let mut sum = 0.0;
        for seed in 0..20 {
            sum += tcp::run(&setup(seed, 10), Trace::none()).unwrap().flows[0]
                .goodput
                / 1e6
                / 20.0;
        }
        println!("   10 s x20: {sum:.2} / kernel {:.3}", sum / kernel);
    }
}
#[test]
fn probe_shared() {
    for kind in [tcp::Kind::Reno, tcp::Kind::Cubic, tcp::Kind::BbrLike] {
        for p in [0.0, 0.001, 0.01] {
            let t = Instant::now();
            let way = Way {
                delay: 20_000_000,
                rate: Some(10_000_000),
                queue: Queue::Bytes(50_000),
                loss: p,
                ..Way::default()
            };
            let setup = tcp::Setup {
                link: Settings {
                    up: way.clone(),
                    down: Way {
                        delay: 20_000_000,
                        ..Way::default()
                    },
                    seed: 1,
                },
                flows: vec![
                    tcp::Flow { kind, start: 0 },
                    tcp::Flow {
                        kind,
                        start: 2_000_000_000,
                    },
                ],
                smss: 1448,
                selective: std::env::var("SACK").is_ok(),
                limits: tcp::Limits::LINUX,
                duration: 60_000_000_000,
                measure_from: 20_000_000_000,
                sample_every: 0,
            };
            let r = tcp::run(&setup, Trace::none()).unwrap();
            for f in &r.flows {
                println!("{kind:?} {p} {:.2} {:?}", f.goodput / 1e6, f.counts);
            }
            println!(
                "{:?} {:?}/ev",
                t.elapsed(),
                t.elapsed() / r.events as u32
            );
        }
    }
}

#[test]
fn probe_periodic() {
    for sel in [false, true] {
        for p in [0.001, 0.002, 0.005, 0.01, 0.02] {
            let rtt = 40u64;
            let way = Way {
                delay: rtt * 500_000,
                ..Way::default()
            };
            let gap = (1.0 / p) as u64;
            let setup = tcp::Setup {
                link: Settings {
                    up: Way {
                        drop_nth: (1..=1000u64)
                            .map(|k| Nth::Data(k * gap))
                            .collect(),
                        ..way.clone()
                    },
                    down: way.clone(),
                    seed: 1,
                },
                flows: vec![tcp::Flow {
                    kind: tcp::Kind::Reno,
                    start: 0,
                }],
                smss: 1448,
                selective: sel,
                limits: tcp::Limits::LINUX,
                duration: 100_000_000_000,
                measure_from: 10_000_000_000,
                sample_every: 0,
            };
            let r = tcp::run(&setup, Trace::none()).unwrap();
            let f = &r.flows[0];
            let pe = f.counts.loss_events as f64 / f.counts.sent as f64;
            let mathis = |p: f64| {
                1448.0 * 8.0 / (rtt as f64 / 1000.0) * (1.5f64 / p).sqrt()
            };
            println!(
                "{sel} p {p} goodput {:.2} M pe {pe:.5} ratio(p) {:.3} ratio(pe) {:.3}  {:?}",
                f.goodput / 1e6,
                f.goodput / mathis(p),
                f.goodput / mathis(pe),
                f.counts
            );
        }
    }
}
