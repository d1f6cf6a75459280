//! Chance in figures: in go fixed seeds, out come frequencies and lengths
//! that may be 3.5 standard errors off, no more.

use super::drive::{Pushed, Sized, drive};
use crate::link::*;

/// Losses of `way` among packets pushed all at once. The seeds are fixed in
/// what follows: chance would be off by 3.5 standard errors once in 2,000.
fn losses(way: &Way, seed: u64, packets: usize) -> Vec<(u64, Loss)> {
    let (up, down) = (way.clone(), Way::default());
    let settings = Settings { up, down, seed };
    let mut link = Link::new(settings).expect("in range");
    let numbers = (0..packets).filter_map(|_| {
        match link.push(0, Direction::Up, vec![0]) {
            Fate {
                number,
                verdict: Verdict::Lost(loss),
            } => Some((number, loss)),
            _ => None,
        }
    });
    numbers.collect()
}

/// How far `found` is from `expected`, in standard errors.
fn errors(found: f64, expected: f64, deviation: f64, count: usize) -> f64 {
    (found - expected).abs() / (deviation / (count as f64).sqrt())
}

#[test]
fn loss_is_as_frequent_as_was_set() {
    const PACKETS: usize = 4000;
    let mut different = std::collections::HashSet::new();
    for seed in 0..20 {
        for loss in [0.001, 0.01, 0.05, 0.5, 0.9] {
            let way = Way {
                loss,
                ..Way::default()
            };
            let lost = losses(&way, seed, PACKETS);
            let share = lost.len() as f64 / PACKETS as f64;
            let deviation = (loss * (1.0 - loss)).sqrt();
            let off = errors(share, loss, deviation, PACKETS);
            assert!(off < 3.5, "{share} for {loss}, seed {seed}");
            let numbers: Vec<_> = lost.iter().map(|it| it.0).collect();
            assert!(different.insert(numbers), "seed {seed}, {loss}");
        }
    }
}

#[test]
fn bursts_are_as_long_and_as_frequent_as_was_set() {
    for (bad, good) in [(0.02, 0.25), (0.1, 0.5), (0.01, 0.1)] {
        let loss = 1.0;
        let way = Way {
            burst: Some(GilbertElliott { bad, good, loss }),
            ..Way::default()
        };
        for seed in 0..10 {
            let lost = losses(&way, seed, 10_000);
            assert!(lost.iter().all(|it| it.1 == Loss::Burst));
            let ends = lost.windows(2).filter(|it| it[0].0 + 1 < it[1].0);
            let bursts = ends.count() + 1;
            // Geometric: the mean is 1 / good.
            let mean = lost.len() as f64 / bursts as f64;
            let deviation = (1.0 - good).sqrt() / good;
            let off = errors(mean, 1.0 / good, deviation, bursts);
            assert!(off < 3.5, "{mean} for 1/{good}, seed {seed}");
            // One burst for each stay in the good state, of 1 / bad.
            let between = (10_000 - lost.len()) as f64 / bursts as f64;
            let deviation = (1.0 - bad).sqrt() / bad;
            let off = errors(between, 1.0 / bad, deviation, bursts);
            assert!(off < 3.5, "{between} for 1/{bad}, seed {seed}");
        }
    }
}

#[test]
fn in_the_bad_state_some_pass_if_so_set() {
    let burst = GilbertElliott {
        bad: 1.0,
        good: 0.0,
        loss: 0.3,
    };
    let way = Way {
        burst: Some(burst),
        ..Way::default()
    };
    let share = losses(&way, 1, 10_000).len() as f64 / 10_000.0;
    assert!(errors(share, 0.3, 0.21f64.sqrt(), 10_000) < 3.5, "{share}");
}

#[test]
fn jitter_reaches_both_its_ends_and_its_middle() {
    let (delay, jitter) = (1000, 99);
    let way = Way {
        delay,
        jitter,
        ..Way::default()
    };
    let packet = Sized {
        len: 100,
        data: true,
        capable: false,
        marked: false,
    };
    // So far apart that none waits for the one before it.
    let steps: Vec<_> = (0..1000).map(|n| (n * 1000, packet)).collect();
    let run = drive(&way, 1, &steps);
    let late = run.originals().map(|(it, at)| at.at - it.now - delay);
    let late: Vec<u64> = late.collect();
    assert_eq!(
        (late.iter().min(), late.iter().max()),
        (Some(&0), Some(&99))
    );
    let mean = late.iter().sum::<u64>() as f64 / 1000.0;
    assert!(errors(mean, 49.5, 28.9, 1000) < 3.5, "{mean}");
}

#[test]
fn what_happens_to_a_packet_says_nothing_of_what_else_does() {
    let (jitter, reorder_by, half) = (1, 10, 0.5);
    let way = Way {
        jitter,
        loss: half,
        reorder: half,
        reorder_by,
        duplicate: half,
        ..Way::default()
    };
    let packet = Sized {
        len: 100,
        data: true,
        capable: false,
        marked: false,
    };
    let steps: Vec<_> = (0..4000).map(|n| (n * 100, packet)).collect();
    let run = drive(&way, 1, &steps);
    let mut times = std::collections::BTreeMap::new();
    for pushed in &run.pushed {
        let arrival = run.originals().find(|it| it.0 == *pushed);
        let late = arrival.map(|(it, at)| at.at - it.now);
        *times.entry((late, copied(pushed))).or_insert(0) += 1;
    }
    // One half is lost; the rest falls into eight equal parts.
    assert_eq!(times.len(), 9, "{times:?}");
    for (what, count) in times {
        let share = if what.0.is_none() { 0.5 } else { 0.0625f64 };
        let deviation = (share * (1.0 - share)).sqrt();
        let off = errors(f64::from(count) / 4000.0, share, deviation, 4000);
        assert!(off < 3.5, "{what:?}: {count}");
    }
}

fn copied(pushed: &Pushed) -> bool {
    let verdict = pushed.fate.verdict;
    matches!(verdict, Verdict::Passes { copies: 1, .. })
}
