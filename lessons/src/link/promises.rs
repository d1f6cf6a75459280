//! What a link promises of any settings and any packets: in go those that
//! proptest makes up, out comes the smallest that break a promise.

mod chance;
mod drive;
mod made_up;

use drive::{Pushed, Sized, drive, reordered, transmission};
use made_up::{nths, packets, plain_ways, steps, times, ways};
use proptest::prelude::*;

use super::*;

fn few() -> ProptestConfig {
    ProptestConfig {
        cases: 128,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn every_packet_is_accounted_for_and_arrives_as_it_was(
        way in ways(), seed: u64, steps in steps(),
    ) {
        let run = drive(&way, seed, &steps);
        let mut expected = Vec::new();
        for Pushed { packet, fate, .. } in &run.pushed {
            if let Verdict::Passes { marked, copies, .. } = fate.verdict {
                let packet = Sized { marked, ..*packet };
                let copies = 0..=copies;
                expected.extend(copies.map(|it| (fate.number, it > 0, packet)));
            }
        }
        let it = run.arrived.iter().map(|it| (it.number, it.copy, it.packet));
        let mut arrived: Vec<_> = it.collect();
        arrived.sort_by_key(|it| (it.0, it.1));
        prop_assert_eq!(arrived, expected);
    }

    #[test]
    fn order_is_kept_but_by_those_held_back(
        way in ways(), seed: u64, steps in steps(),
    ) {
        let run = drive(&way, seed, &steps);
        let at: Vec<_> = run.arrived.iter().map(|it| it.at).collect();
        prop_assert!(at.is_sorted());
        let kept = run.arrived.iter().filter(|it| {
            !reordered(&run.pushed[it.number as usize])
        });
        let kept: Vec<_> = kept.map(|it| (it.number, it.copy)).collect();
        prop_assert!(kept.is_sorted(), "{:?}", kept);
    }

    #[test]
    fn no_window_sees_more_than_the_rate_and_one_packet(
        way in plain_ways(), seed: u64, steps in steps(),
    ) {
        let run = drive(&way, seed, &steps);
        let Some(rate) = way.rate else { return Ok(()) };
        let left: Vec<(Nanos, u64)> = run.originals()
            .map(|(_, it)| (it.at - way.delay, it.packet.len as u64))
            .collect();
        for (index, (begin, first)) in left.iter().enumerate() {
            let mut bytes = 0;
            for (end, len) in &left[index..] {
                bytes += len;
                // Times are whole nanoseconds: up to one was rounded away.
                let window = u128::from(end - begin + 1);
                let most = window * u128::from(rate) / 8_000_000_000;
                prop_assert!(u128::from(bytes - first) <= most);
            }
        }
    }

    #[test]
    fn the_queue_holds_its_size_and_turns_nothing_away_that_fits(
        way in plain_ways(), seed: u64, steps in steps(),
    ) {
        let run = drive(&way, seed, &steps);
        for pushed in &run.pushed {
            let len = pushed.packet.len as u64;
            // What has not left, counted anew from the arrivals.
            let number = pushed.fate.number;
            let waiting = run.originals().filter(|(_, it)| {
                it.number < number && it.at - way.delay > pushed.now
            });
            let waiting: u64 = waiting.map(|(_, it)| it.packet.len as u64).sum();
            prop_assert_eq!(pushed.before, waiting);
            let size = match way.queue {
                Queue::Bytes(size) if way.rate.is_some() => size,
                _ => u64::MAX,
            };
            prop_assert!(pushed.after <= size);
            let too_big = way.mtu.is_some_and(|mtu| mtu < pushed.packet.len);
            let full = !too_big && waiting + len > size;
            let long = way.mark_above.is_some_and(|most| waiting > most);
            let expected = match (too_big, full) {
                (true, _) => Verdict::TooBig,
                (_, true) => Verdict::Dropped,
                _ => Verdict::Passes {
                    marked: long && pushed.packet.capable,
                    copies: 0,
                    reordered: false,
                },
            };
            prop_assert_eq!(pushed.fate.verdict, expected);
        }
    }

    #[test]
    fn no_packet_is_early_and_none_later_than_was_set(
        way in ways(), seed: u64, steps in steps(),
    ) {
        let run = drive(&way, seed, &steps);
        for (pushed, arrival) in run.originals() {
            let bits = transmission(&way, arrival.packet.len);
            let held = u64::from(reordered(&pushed)) * way.reorder_by;
            let sent = pushed.now + arrival.queued_for + bits;
            let least = sent + way.delay + held;
            // A start and a length, both rounded up, may be 1 ns too much.
            prop_assert!(arrival.at + u64::from(bits > 0) >= least);
            prop_assert!(arrival.at >= pushed.now + bits + way.delay + held);
            prop_assert!(arrival.at <= least + way.jitter);
        }
    }

    #[test]
    fn the_same_seed_loses_the_same_whatever_the_time_and_the_rest(
        way in ways(), other in ways(), seed: u64,
        steps in steps(), times in prop::collection::vec(times(), 60),
    ) {
        let run = drive(&way, seed, &steps);
        prop_assert_eq!(&run, &drive(&way, seed, &steps));
        let mut other = Way {
            loss: way.loss,
            burst: way.burst,
            drop_nth: way.drop_nth.clone(),
            mtu: None,
            ..other
        };
        let mut later = steps.clone();
        let pauses = later.iter_mut().zip(&times);
        let mut sum = 0;
        pauses.for_each(|(step, pause)| {
            sum += pause;
            step.0 += sum;
        });
        let same = drive(&Way { mtu: None, ..way }, seed, &steps).lost();
        prop_assert_eq!(&same, &drive(&other, seed, &later).lost());
        // One that is too big is not lost, and the others are as before.
        other.mtu = Some(900);
        let fits = |it: &(u64, Loss)| steps[it.0 as usize].1.len <= 900;
        let same: Vec<_> = same.into_iter().filter(fits).collect();
        prop_assert_eq!(same, drive(&other, seed, &later).lost());
    }

    #[test]
    fn exactly_the_named_packets_are_lost(
        way in plain_ways(), steps in steps(),
        drop_nth in prop::collection::vec(nths(), 0..10),
    ) {
        let mut data = 0;
        let mut expected = Vec::new();
        for (number, (_, packet)) in (0..).zip(&steps) {
            data += u64::from(packet.data);
            let named = drop_nth.contains(&Nth::Packet(number + 1))
                || packet.data && drop_nth.contains(&Nth::Data(data));
            if named {
                expected.push((number, Loss::Named));
            }
        }
        let way = Way { drop_nth, mtu: None, ..way };
        prop_assert_eq!(drive(&way, 1, &steps).lost(), expected);
    }

    #[test]
    fn time_that_runs_backwards_is_borne(
        way in ways(), seed: u64,
        steps in prop::collection::vec((any::<u64>(), packets()), 0..20),
    ) {
        let run = drive(&Way { reorder: 0.0, ..way }, seed, &steps);
        let numbers: Vec<_> = run.arrived.iter().map(|it| it.number).collect();
        prop_assert!(numbers.is_sorted());
        for (pushed, arrival) in run.originals() {
            let so_far = &run.pushed[..=pushed.fate.number as usize];
            let latest = so_far.iter().map(|it| it.now).max().unwrap_or(0);
            prop_assert!(arrival.at >= latest);
        }
    }
}
