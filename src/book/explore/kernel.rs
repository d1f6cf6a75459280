//! What kernels did in the laboratory: in go recorded samples of `TCP_INFO`,
//! out come windows, rates and round-trip times.

use super::{Explorable, Frame, Picture, axis, knob, line, told};

pub(super) const KERNEL_WINDOWS: Explorable = Explorable {
    name: "kernel_windows",
    lesson: 22,
    title: "The kernel's three windows, recorded",
    caption: "Linux 6.18 on 2 CPUs (AMD EPYC), 25 November 2026, the first \
              flow of `cargo run -- run 22 --rate 50mbit --rtt 40ms --loss \
              0.1% --cc reno --samples reno.csv -- 12`, and the same with \
              cubic and bbr. The machine was busy: one packet in a hundred \
              was 7 to 8 ms late. Goodput is that of the second before.",
    knobs: &[knob("Time", "s", SECONDS, 29)],
    picture: Picture::Curves {
        x: axis("Time", "s", false, &[0.0, 3.0, 6.0, 9.0, 12.0]),
        y: axis("", "segments", false, &[0.0, 150.0, 300.0, 450.0, 600.0]),
        lines: &[
            line("Reno", "segments"),
            line("CUBIC", "segments"),
            line("BBR", "segments"),
            told("Goodput of Reno", "Mbit/s"),
            told("of CUBIC", "Mbit/s"),
            told("of BBR", "Mbit/s"),
        ],
    },
    facts: &[],
    frame: |_| {
        let runs = RUNS.map(samples);
        let at = |of: &dyn Fn(&[Sample], f64) -> Option<f64>| {
            let each = |run: &Vec<Sample>| {
                SECONDS.iter().map(|it| of(run, *it)).collect()
            };
            runs.iter().map(each).collect::<Vec<_>>()
        };
        let windows = at(&|run, second| Some(latest(run, second)?.cwnd));
        Frame {
            lines: [windows, at(&goodput)].concat(),
            ..Frame::default()
        }
    },
};

#[rustfmt::skip]
const SECONDS: &[f64] = &[
    0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2, 2.4, 2.6, 2.8, 3.0,
    3.2, 3.4, 3.6, 3.8, 4.0, 4.2, 4.4, 4.6, 4.8, 5.0, 5.2, 5.4, 5.6, 5.8, 6.0,
    6.2, 6.4, 6.6, 6.8, 7.0, 7.2, 7.4, 7.6, 7.8, 8.0, 8.2, 8.4, 8.6, 8.8, 9.0,
    9.2, 9.4, 9.6, 9.8, 10.0, 10.2, 10.4, 10.6, 10.8, 11.0, 11.2, 11.4, 11.6,
    11.8, 12.0,
];

/// Of what `--samples` wrote, the lines of the connection that sent most,
/// the last one of each tenth of a second.
const RUNS: [&str; 3] = [
    include_str!("../../../book/runs/lesson22-reno.csv"),
    include_str!("../../../book/runs/lesson22-cubic.csv"),
    include_str!("../../../book/runs/lesson22-bbr.csv"),
];

/// A moment, in seconds since the first; the window, in segments; bytes that
/// were acknowledged until then.
struct Sample {
    second: f64,
    cwnd: f64,
    acked: f64,
}

/// The samples of a table with a line of names above it.
fn samples(csv: &str) -> Vec<Sample> {
    let mut rows = csv.lines().map(|row| row.split(',').collect::<Vec<_>>());
    let names = rows.next().unwrap_or_default();
    let place = |name| names.iter().position(|it| *it == name);
    let places = ["ms", "cwnd", "acked"].map(place);
    let numbers = rows.filter_map(|row| {
        let [ms, cwnd, acked] = places.map(|place| {
            let value = row.get(place?)?;
            value.parse::<f64>().ok()
        });
        Some([ms?, cwnd?, acked?])
    });
    let mut first = None;
    let sample = numbers.map(|[ms, cwnd, acked]| Sample {
        second: (ms - *first.get_or_insert(ms)) / 1000.0,
        cwnd,
        acked,
    });
    sample.collect()
}

fn latest(run: &[Sample], second: f64) -> Option<&Sample> {
    run.iter().rev().find(|it| it.second <= second)
}

/// Megabits per second during the second before.
fn goodput(run: &[Sample], second: f64) -> Option<f64> {
    let (from, to) = (latest(run, second - 1.0)?, latest(run, second)?);
    let seconds = to.second - from.second;
    (seconds > 0.5).then(|| 8e-6 * (to.acked - from.acked) / seconds)
}

pub(super) const BUFFERBLOAT: Explorable = Explorable {
    name: "bufferbloat",
    lesson: 22,
    title: "What a long queue costs those who wait",
    caption: "Round trips beside one transfer on a link of 10 Mbit/s and \
              20 ms, the median of 6 s: Linux 6.18 on 2 CPUs (AMD EPYC), 25 \
              November 2026, `cargo bench --bench lab -- bufferbloat`.",
    knobs: &[knob("Queue", "kB", &[25.0, 100.0, 400.0, 1600.0], 1)],
    picture: Picture::Curves {
        x: axis("Queue", "kB", true, &[25.0, 100.0, 400.0, 1600.0]),
        y: axis("", "ms", true, &[10.0, 100.0, 1000.0, 2000.0]),
        lines: &[
            line("Reno", "ms"),
            line("CUBIC", "ms"),
            line("BBR", "ms"),
            told("Goodput of Reno", "Mbit/s"),
            told("of CUBIC", "Mbit/s"),
            told("of BBR", "Mbit/s"),
        ],
    },
    facts: &[],
    frame: |_| Frame {
        lines: BLOAT.map(|values| values.map(Some).to_vec()).to_vec(),
        ..Frame::default()
    },
};

/// As in docs/laboratory.md: for each algorithm the milliseconds at each
/// length of the queue, then for each the Mbit/s.
const BLOAT: [[f64; 4]; 6] = [
    [30.0, 71.0, 193.0, 658.0],
    [33.0, 85.0, 297.0, 1067.0],
    [27.0, 27.0, 27.0, 29.0],
    [9.55, 9.65, 9.65, 9.65],
    [9.65, 9.65, 9.63, 8.35],
    [9.65, 9.65, 9.65, 9.65],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_run_was_sampled_to_its_end() {
        for run in RUNS.map(samples) {
            assert!(run.len() > 100, "{} samples", run.len());
            let last = &run[run.len() - 1];
            assert!((11.5..12.5).contains(&last.second), "{}", last.second);
            let mean = 8e-6 * last.acked / last.second;
            // Reno's formula says 11.2; 48.3 is all that headers leave.
            assert!((8.0..48.3).contains(&mean), "{mean} Mbit/s");
        }
    }

    #[test]
    fn columns_are_found_by_their_names() {
        let run = samples("acked,x,ms,cwnd\n0,a,100,10\n125000,b,1100,20\n");
        assert_eq!(goodput(&run, 1.0), Some(1.0));
        assert_eq!(latest(&run, 0.9).map(|it| it.cwnd), Some(10.0));
    }
}
