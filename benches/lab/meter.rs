//! Goodput as a receiver sees it: in go reads and their times, out come the
//! bytes of a span.

use std::time::Duration;

/// A pause in which TCP waits for a segment that was lost: what arrives
/// meanwhile is handed out all at once when it is over. A span that begins
/// or ends in one would count a round trip too much or too little.
const PAUSE: Duration = Duration::from_millis(15);

/// So long there must have been no pause where the span begins and ends.
const CALM: Duration = Duration::from_millis(100);

/// But no longer than this it is waited for.
const PATIENCE: Duration = Duration::from_millis(500);

/// Counts what is read from a stream, of which `warm_up` is left out.
#[derive(Debug)]
pub struct Meter {
    warm_up: Duration,
    span: Duration,
    last: Duration,
    calm_since: Duration,
    /// When the span began, and what was read since.
    begun: Option<(Duration, u64)>,
}

impl Meter {
    pub fn new(warm_up: Duration, span: Duration) -> Meter {
        Meter {
            warm_up,
            span,
            last: Duration::ZERO,
            calm_since: Duration::ZERO,
            begun: None,
        }
    }

    /// Notes a read at a time since the connection began: bytes and length
    /// of the span, when it is over.
    pub fn note(
        &mut self,
        now: Duration,
        read: u64,
    ) -> Option<(u64, Duration)> {
        if now - self.last > PAUSE {
            self.calm_since = now;
        }
        self.last = now;
        let calm = now - self.calm_since >= CALM;
        let due = |at: Duration| now >= at && (calm || now >= at + PATIENCE);
        let Some((from, bytes)) = &mut self.begun else {
            // What arrived before the clock ran does not count.
            self.begun = due(self.warm_up).then_some((now, 0));
            return None;
        };
        *bytes += read;
        due(*from + self.span).then(|| (*bytes, now - *from))
    }
}

/// Fails if that is wrong; there is no test harness in a bench.
pub fn check() {
    let millis = Duration::from_millis;
    let mut meter = Meter::new(millis(200), millis(1000));
    // 10 bytes a millisecond, but those of 180 to 239 and of 1300 to 1349 ms
    // come late, together.
    let late = |at: u64| (180..240).contains(&at) || (1300..1350).contains(&at);
    let (mut held, mut result) = (0, None);
    for at in 0..3000 {
        held += 10;
        if !late(at) && result.is_none() {
            result = meter.note(millis(at), held);
            held = 0;
        }
    }
    // From 340 ms on, and not at 1340 but 100 ms after the second pause.
    assert_eq!(result, Some((11_100, millis(1110))));
}
