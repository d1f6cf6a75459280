//! What a link promises of any settings and any packets: in go those that
//! proptest makes up, out comes the smallest that break a promise.

use proptest::prelude::*;

use super::*;

/// A packet of the tests: its size, and what ECN has to know.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sized {
    len: usize,
    data: bool,
    capable: bool,
    marked: bool,
}

impl Packet for Sized {
    fn len(&self) -> usize {
        self.len
    }

    fn is_data(&self) -> bool {
        self.data
    }

    fn mark_congestion(&mut self) -> bool {
        self.marked |= self.capable;
        self.capable
    }
}

/// What the driver did, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pushed {
    now: Nanos,
    packet: Sized,
    fate: Fate,
    /// Bytes in the queue before and after.
    before: u64,
    after: u64,
}

#[derive(Debug, PartialEq)]
struct Run {
    pushed: Vec<Pushed>,
    arrived: Vec<Arrival<Sized>>,
}

type Step = (Nanos, Sized);

/// Drives one direction in virtual time. Whatever is done, every packet is
/// accounted for.
fn drive(way: &Way, seed: u64, steps: &[Step]) -> Run {
    let (up, down) = (way.clone(), way.clone());
    let settings = Settings { up, down, seed };
    let mut link = Link::new(settings).expect("made up in range");
    let mut run = Run {
        pushed: Vec::new(),
        arrived: Vec::new(),
    };
    for &(now, packet) in steps {
        while let Some(arrival) = link.pop(now) {
            run.arrived.push(arrival);
            accounted_for(&link, &run);
        }
        let before = link.queued(Direction::Up, now);
        let fate = link.push(now, Direction::Up, packet);
        let after = link.queued(Direction::Up, now);
        run.pushed.push(Pushed {
            now,
            packet,
            fate,
            before,
            after,
        });
        accounted_for(&link, &run);
    }
    while let Some(next) = link.next() {
        assert!(next == 0 || link.pop(next - 1).is_none());
        let arrival = link.pop(next).expect("the link named the time");
        assert_eq!(arrival.at, next);
        run.arrived.push(arrival);
        accounted_for(&link, &run);
    }
    assert_eq!(link.tally(Direction::Up).in_flight, 0);
    run
}

/// sent + duplicated = delivered + lost + dropped + too big + in flight, and
/// each number is what the fates and the arrivals say.
fn accounted_for(link: &Link<Sized>, run: &Run) {
    let tally = link.tally(Direction::Up);
    let mut counted = Tally {
        in_flight: link.flying.len() as u64,
        delivered: run.arrived.len() as u64,
        ..Tally::default()
    };
    for arrival in &run.arrived {
        counted.delivered_bytes += arrival.packet.len as u64;
    }
    for pushed in &run.pushed {
        counted.sent += 1;
        counted.sent_bytes += pushed.packet.len as u64;
        match pushed.fate.verdict {
            Verdict::Passes {
                marked,
                copies,
                reordered,
            } => {
                counted.marked += u64::from(marked);
                counted.duplicated += u64::from(copies);
                counted.reordered += u64::from(reordered);
            }
            Verdict::Lost(_) => counted.lost += 1,
            Verdict::Dropped => counted.dropped += 1,
            Verdict::TooBig => counted.too_big += 1,
        }
    }
    assert_eq!(*tally, counted);
    let ends = tally.delivered + tally.lost + tally.dropped + tally.too_big;
    assert_eq!(tally.sent + tally.duplicated, ends + tally.in_flight);
}

impl Run {
    /// Numbers of the packets lost, and why.
    fn lost(&self) -> Vec<(u64, Loss)> {
        let fates = self.pushed.iter().map(|it| it.fate);
        let lost = fates.filter_map(|fate| match fate.verdict {
            Verdict::Lost(loss) => Some((fate.number, loss)),
            _ => None,
        });
        lost.collect()
    }

    /// Each packet that arrived and how it was pushed; no copies.
    fn originals(&self) -> impl Iterator<Item = (Pushed, &Arrival<Sized>)> {
        let originals = self.arrived.iter().filter(|it| !it.copy);
        originals.map(|it| (self.pushed[it.number as usize], it))
    }
}

/// Nanoseconds that the bits of a packet take, rounded up.
fn transmission(way: &Way, len: usize) -> Nanos {
    let bits = len as u64 * 8_000_000_000;
    way.rate.map_or(0, |rate| bits.div_ceil(rate))
}

fn reordered(pushed: &Pushed) -> bool {
    let verdict = pushed.fate.verdict;
    matches!(verdict, Verdict::Passes { reordered, .. } if reordered)
}

fn times() -> impl Strategy<Value = Nanos> {
    prop_oneof![Just(0), 1..100u64, 0..20_000_000u64]
}

fn shares() -> impl Strategy<Value = f64> {
    prop_oneof![3 => Just(0.0), 1 => Just(1.0), 4 => 0.0..1.0f64]
}

prop_compose! {
    fn bursts()(bad in shares(), good in shares(), loss in shares())
        -> GilbertElliott {
        GilbertElliott { bad, good, loss }
    }
}

fn nths() -> impl Strategy<Value = Nth> {
    prop_oneof![
        (1..60u64).prop_map(Nth::Packet),
        (1..60u64).prop_map(Nth::Data),
    ]
}

prop_compose! {
    /// A way that delays and queues, but loses, copies and reorders nothing.
    fn plain_ways()(
        delay in times(),
        rate in prop::option::of(MIN_RATE..200_000_000),
        bytes in prop::option::of(1..40_000u64),
        mark_above in prop::option::of(0..20_000u64),
        mtu in prop::option::of(MIN_MTU..2000),
    ) -> Way {
        let queue = bytes.map_or(Queue::Unlimited, Queue::Bytes);
        Way { delay, rate, queue, mark_above, mtu, ..Way::default() }
    }
}

prop_compose! {
    fn ways()(
        way in plain_ways(),
        jitter in times(),
        loss in shares(),
        burst in prop::option::of(bursts()),
        drop_nth in prop::collection::vec(nths(), 0..4),
        reorder in shares(),
        reorder_by in 1..10_000_000u64,
        duplicate in shares(),
    ) -> Way {
        let delay = way.delay;
        Way {
            delay, jitter, loss, burst, drop_nth, reorder, reorder_by,
            duplicate, ..way
        }
    }
}

prop_compose! {
    fn packets()(len in 1..1800usize, data: bool, capable: bool) -> Sized {
        Sized { len, data, capable, marked: false }
    }
}

/// Packets, and when they are pushed: some at once, some after a pause.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let gaps = prop::collection::vec((times(), packets()), 1..60);
    gaps.prop_map(|mut steps| {
        let mut now = 0;
        for (time, _) in &mut steps {
            now += *time;
            *time = now;
        }
        steps
    })
}

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
    }
}

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
