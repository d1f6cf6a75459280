//! Settings and packets, made up: out come strategies for proptest.

use proptest::prelude::*;

use super::drive::{Sized, Step};
use crate::link::*;

pub(super) fn times() -> impl Strategy<Value = Nanos> {
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

pub(super) fn nths() -> impl Strategy<Value = Nth> {
    prop_oneof![
        (1..60u64).prop_map(Nth::Packet),
        (1..60u64).prop_map(Nth::Data),
    ]
}

prop_compose! {
    /// A way that delays and queues, but loses, copies and reorders nothing.
    pub(super) fn plain_ways()(
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
    pub(super) fn ways()(
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
    pub(super) fn packets()(len in 1..1800usize, data: bool, capable: bool) -> Sized {
        Sized { len, data, capable, marked: false }
    }
}

/// Packets, and when they are pushed: some at once, some after a pause.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
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
