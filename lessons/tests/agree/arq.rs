//! The three protocols that send again, against their utilisation: timeout
//! 1 + 2a, no ACK lost, as the formulas assume.

use lessons::formulas;
use lessons::link::Nanos;
use lessons::sim::arq::{
    FRAME, GoBackN, Line, Protocol, SelectiveRepeat, StopAndWait, WindowOf,
    run, spread,
};
use lessons::sim::trace::Trace;

use crate::table::{Allowed, Group, Row};
use crate::{Once, valid};

/// Twice a: how many frames two delays are long.
const DELAYS: [u64; 3] = [1, 4, 10];
const LOSSES: [f64; 3] = [0.01, 0.05, 0.2];

fn utilisation(
    protocol: impl Protocol,
    (loss, delays): (f64, u64),
    spacing: Nanos,
    frames: u64,
) -> f64 {
    let line = Line {
        delay: delays * FRAME / 2,
        loss,
        ack_loss: 0.0,
        spacing,
        seed: 1,
    };
    let run = run(protocol, line, frames, Trace::none());
    run.expect("the line is in range").utilisation
}

/// Every loss with every delay.
fn grid(
    windows: fn(u64) -> &'static [u64],
    row: fn(f64, u64, u64) -> (f64, f64),
) -> Vec<Row> {
    let mut rows = Vec::new();
    for delays in DELAYS {
        for loss in LOSSES {
            for &window in windows(delays) {
                let (simulation, formula) = row(loss, delays, window);
                let a = delays as f64 / 2.0;
                rows.push(Row {
                    what: format!("p = {loss}, a = {a}, W = {window}"),
                    simulation,
                    formula,
                });
            }
        }
    }
    rows
}

/// One that fills the line, 1 + 2a and more, and one of about half of that.
fn two_windows(delays: u64) -> &'static [u64] {
    match delays {
        1 => &[4, 1],
        4 => &[8, 2],
        _ => &[15, 5],
    }
}

pub fn stop_and_wait() -> &'static Group {
    static ONCE: Once = Once::new();
    ONCE.get_or_init(|| Group {
        title: "Stop and wait: utilisation",
        allowed: Allowed::Percent(2.0),
        rows: grid(
            |_| &[1],
            |loss, delays, _| {
                let protocol = StopAndWait::default();
                let a = delays as f64 / 2.0;
                (
                    utilisation(protocol, (loss, delays), 0, 10_000),
                    valid(formulas::stop_and_wait(loss, a)),
                )
            },
        ),
    })
}

/// With a window that is too small the formula takes a frame for the Wth part
/// of a round trip: a sender that spreads its window does as it says.
pub fn go_back_n() -> &'static Group {
    static ONCE: Once = Once::new();
    ONCE.get_or_init(|| Group {
        title: "Go-Back-N, window spread over the round trip: utilisation",
        allowed: Allowed::Percent(2.0),
        rows: grid(two_windows, |loss, delays, window| {
            let spacing = spread(window, delays * FRAME / 2);
            let a = delays as f64 / 2.0;
            // The longer the line, the more a loss costs, and the more
            // losses it takes to know how much that is on average.
            let frames = if delays > 4 { 60_000 } else { 30_000 };
            let protocol = GoBackN::new(window);
            (
                utilisation(protocol, (loss, delays), spacing, frames),
                valid(formulas::go_back_n(loss, a, window as u32)),
            )
        }),
    })
}

pub fn selective_repeat() -> &'static Group {
    static ONCE: Once = Once::new();
    ONCE.get_or_init(|| Group {
        title: "Selective repeat, window of frames on the way: utilisation",
        allowed: Allowed::Percent(2.0),
        rows: grid(two_windows, |loss, delays, window| {
            let protocol = SelectiveRepeat::new(window, WindowOf::Flight);
            let a = delays as f64 / 2.0;
            (
                utilisation(protocol, (loss, delays), 0, 10_000),
                valid(formulas::selective_repeat(loss, a, window as u32)),
            )
        }),
    })
}

/// What real senders do, and the formulas do not know.
pub fn beyond_the_formulas() -> &'static Group {
    static ONCE: Once = Once::new();
    ONCE.get_or_init(|| {
        let mut rows = Vec::new();
        for loss in LOSSES {
            let (delays, a) = (10, 5.0);
            let protocol = GoBackN::new(5);
            let burst = utilisation(protocol, (loss, delays), 0, 20_000);
            rows.push(Row {
                what: format!("Go-Back-N in bursts, p = {loss}, W = 5"),
                simulation: burst,
                formula: valid(formulas::go_back_n(loss, a, 5)),
            });
            let protocol = SelectiveRepeat::new(11, WindowOf::Numbers);
            let span = utilisation(protocol, (loss, delays), 0, 10_000);
            rows.push(Row {
                what: format!("selective, W of numbers, p = {loss}, W = 11"),
                simulation: span,
                formula: valid(formulas::selective_repeat(loss, a, 11)),
            });
        }
        Group {
            title: "As they are built, a = 5: utilisation",
            allowed: Allowed::Anything,
            rows,
        }
    })
}

#[test]
fn agree_stop_and_wait_with_its_utilisation() {
    assert!(stop_and_wait().agrees(), "{}", stop_and_wait());
}

#[test]
fn agree_go_back_n_with_its_utilisation() {
    assert!(go_back_n().agrees(), "{}", go_back_n());
}

#[test]
fn agree_selective_repeat_with_its_utilisation() {
    assert!(selective_repeat().agrees(), "{}", selective_repeat());
}
