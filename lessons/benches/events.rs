//! How many packet events the simulator handles in a second, on one core.
//!
//! `cargo bench --bench events`. At least two million are promised: a page's
//! models must not make its readers wait. An event is a packet that is sent,
//! one that arrives, or an alarm.

use std::time::{Duration, Instant};

use lessons::link::{OutOfRange, Queue, Settings, Way};
use lessons::sim::arq::{self, GoBackN, Line, SelectiveRepeat, WindowOf};
use lessons::sim::tcp::{Flow, Kind, Limits, Setup, run};
use lessons::sim::trace::Trace;
use lessons::sim::{MILLISECOND, SECOND};

fn main() -> Result<(), OutOfRange> {
    for kind in [Kind::Reno, Kind::Cubic, Kind::BbrLike] {
        let name = format!("{kind:?}, 100 Mbit/s, 40 ms");
        measure(&name, || Ok(run(&one_flow(kind), Trace::none())?.events))?;
    }
    measure("Go-Back-N, 5 % lost", || {
        let run = arq::run(GoBackN::new(21), line(), 300_000, Trace::none())?;
        Ok(run.events)
    })?;
    measure("selective repeat, 5 % lost", || {
        let protocol = SelectiveRepeat::new(21, WindowOf::Flight);
        Ok(arq::run(protocol, line(), 300_000, Trace::none())?.events)
    })
}

fn line() -> Line {
    Line {
        delay: 10 * MILLISECOND,
        loss: 0.05,
        ack_loss: 0.0,
        spacing: 0,
        seed: 1,
    }
}

fn one_flow(kind: Kind) -> Setup {
    let way = Way {
        delay: 20 * MILLISECOND,
        ..Way::default()
    };
    let up = Way {
        rate: Some(100_000_000),
        queue: Queue::Bytes(500_000),
        loss: 0.0001,
        ..way.clone()
    };
    Setup {
        link: Settings {
            up,
            down: way,
            seed: 1,
        },
        flows: vec![Flow { kind, start: 0 }],
        smss: 1448,
        limits: Limits::LINUX,
        selective: kind == Kind::BbrLike,
        duration: 60 * SECOND,
        measure_from: 0,
        sample_every: 0,
    }
}

/// The best of five: what else the machine does is not the simulator's.
fn measure(
    name: &str,
    run: impl Fn() -> Result<u64, OutOfRange>,
) -> Result<(), OutOfRange> {
    let (mut best, mut events) = (Duration::MAX, 0);
    for _ in 0..5 {
        let begin = Instant::now();
        events = run()?;
        best = best.min(begin.elapsed());
    }
    let rate = events as f64 / best.as_secs_f64() / 1e6;
    println!("{name:<30} {events:>9} events  {rate:>6.2} million/s");
    Ok(())
}
