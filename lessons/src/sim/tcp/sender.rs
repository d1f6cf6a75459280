//! A TCP sender that always has more to send: in go ACKs and timeouts, each
//! with its time, out come segments, a window and a time to wake up at.
//!
//! Slow start, fast retransmit and fast recovery are those of RFC 5681 §3,
//! partial ACKs are answered as in NewReno (RFC 6582 §3.2), and the first two
//! duplicates let a new segment out each (RFC 3042). With selective
//! acknowledgements the [`Scoreboard`](super::Scoreboard) finds the losses
//! instead. How the window grows and how much of it a loss costs, the
//! [`Algorithm`] says.

use super::scoreboard::Scoreboard;
use super::{Algorithm, Counts, Kind, Limits, Rto, Segment};
use crate::link::Nanos;

/// The initial window, in segments (RFC 6928 §2, for an MSS up to 1,460).
pub const INITIAL_SEGMENTS: u64 = 10;
/// Duplicate ACKs after which a segment is lost and not late.
const DUPLICATES: u32 = 3;

#[derive(Debug, Clone, PartialEq)]
pub struct Sender {
    smss: u64,
    cwnd: u64,
    /// What duplicates add during fast recovery: each says that a segment
    /// has left the network.
    inflation: u64,
    ssthresh: u64,
    algorithm: Algorithm,
    /// SND.UNA and SND.NXT of RFC 9293, and the end of all ever sent.
    una: u64,
    next: u64,
    end: u64,
    duplicates: u32,
    recovery: Option<Recovery>,
    /// Where the last loss ended (RFC 6582): duplicates of what was sent
    /// before are no second loss.
    recover: Option<u64>,
    lost: Option<u64>,
    /// With selective acknowledgements only.
    scoreboard: Option<Scoreboard>,
    rto: Rto,
    /// The one segment whose round trip is measured, and its time.
    timed: Option<(u64, Nanos)>,
    deadline: Option<Nanos>,
    /// The timer ran out and nothing was acknowledged since.
    backed_off: bool,
    counts: Counts,
}

/// Fast recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Recovery {
    partial: bool,
}

impl Sender {
    /// With segments of `smss` bytes, at least 1, and without selective
    /// acknowledgements, unless the algorithm cannot do without.
    pub fn new(kind: Kind, smss: u64, limits: Limits) -> Sender {
        let smss = smss.max(1);
        Sender {
            smss,
            cwnd: INITIAL_SEGMENTS * smss,
            inflation: 0,
            // "Arbitrarily high" (RFC 5681 §3.1): slow start finds a limit.
            ssthresh: u64::MAX,
            algorithm: Algorithm::new(kind, smss),
            una: 0,
            next: 0,
            end: 0,
            duplicates: 0,
            recovery: None,
            recover: None,
            lost: None,
            scoreboard: (kind == Kind::BbrLike).then(Scoreboard::default),
            rto: Rto::new(limits),
            timed: None,
            deadline: None,
            backed_off: false,
            counts: Counts::default(),
        }
    }

    /// The same with selective acknowledgements.
    pub fn selective(self) -> Sender {
        let scoreboard = Some(Scoreboard::default());
        Sender { scoreboard, ..self }
    }

    /// The congestion window, in bytes: cwnd of the RFCs.
    pub fn window(&self) -> u64 {
        self.cwnd + self.inflation
    }

    /// The slow start threshold, in bytes.
    pub fn threshold(&self) -> u64 {
        self.ssthresh
    }

    /// Bytes sent and not acknowledged: FlightSize.
    pub fn flight(&self) -> u64 {
        self.next - self.una
    }

    pub fn recovering(&self) -> bool {
        self.recovery.is_some()
    }

    pub fn rto(&self) -> &Rto {
        &self.rto
    }

    pub fn counts(&self) -> Counts {
        self.counts
    }

    pub fn algorithm(&self) -> &Algorithm {
        &self.algorithm
    }

    /// When [`timed_out`](Self::timed_out) is due, if no ACK comes before.
    pub fn deadline(&self) -> Option<Nanos> {
        self.deadline
    }

    /// The time between two segments, for an algorithm that spaces them.
    pub fn gap(&self) -> Option<Nanos> {
        match &self.algorithm {
            Algorithm::BbrLike(model) => model.gap(),
            _ => None,
        }
    }

    /// The segment to send now; `None` while the window is full.
    pub fn next_segment(&mut self, now: Nanos) -> Option<Segment> {
        let number = self.lost_segment().or_else(|| self.window_segment())?;
        let again = number < self.end;
        let end = number + self.smss;
        self.end = self.end.max(end);
        let transmission = self.counts.sent;
        self.counts.sent += 1;
        self.counts.sent_again += u64::from(again);
        if again {
            // Karn: its ACK may be that of the first time (RFC 6298 §3).
            self.timed = None;
        } else {
            self.timed.get_or_insert((end, now));
        }
        if let Some(board) = &mut self.scoreboard {
            board.sent(now, transmission, number);
        }
        // RFC 6298 §5.1.
        self.deadline.get_or_insert(now + self.rto.timeout());
        Some(Segment {
            number,
            again,
            transmission,
        })
    }

    fn lost_segment(&mut self) -> Option<u64> {
        let free = self.on_the_way() + self.smss <= self.window();
        match &mut self.scoreboard {
            // A fast retransmit does not ask the window (RFC 5681 §3.2).
            None => self.lost.take(),
            Some(board) if free => board.take_lost(),
            Some(_) => None,
        }
    }

    fn window_segment(&mut self) -> Option<u64> {
        if self.on_the_way() + self.smss > self.window() {
            return None;
        }
        self.next += self.smss;
        Some(self.next - self.smss)
    }

    /// What the window is compared with.
    fn on_the_way(&self) -> u64 {
        match (&self.scoreboard, self.recovery) {
            (Some(board), _) => board.on_the_way() * self.smss,
            (None, Some(_)) => self.flight(),
            (None, None) => {
                // A duplicate says that a segment has arrived (RFC 3042).
                let arrived = u64::from(self.duplicates.min(DUPLICATES - 1));
                self.flight().saturating_sub(arrived * self.smss)
            }
        }
    }

    /// An ACK: all before byte `ack` has arrived.
    pub fn acked(&mut self, now: Nanos, ack: u64) {
        if ack > self.una {
            self.new_ack(now, ack);
        } else if ack == self.una && self.flight() > 0 {
            self.duplicate(now);
        }
    }

    /// An ACK that also says which transmission it answers.
    pub fn acked_selectively(&mut self, now: Nanos, ack: u64, answers: u64) {
        let Some(board) = &mut self.scoreboard else {
            return self.acked(now, ack);
        };
        let delivery = board.arrived(answers, ack.max(self.una));
        let una = ack.max(self.una);
        let lossy = board.find_lost(una, self.counts.sent);
        let before_cut = board.is_before_cut(answers);
        if ack > self.una {
            self.new_ack(now, ack);
        }
        if let Some(it) = delivery {
            // Each transmission has a number: nothing that Karn minds.
            self.rto.measured(now - it.sent_at);
        }
        if lossy {
            self.cut();
            self.cwnd = self.ssthresh;
            // As a fast retransmit does.
            self.deadline = Some(now + self.rto.timeout());
        } else if delivery.is_some() && !before_cut {
            self.grow(now, self.smss);
        }
        let on_the_way = self.on_the_way();
        if let (Some(model), Some(it)) = (self.algorithm.model(), delivery) {
            model.delivered(now, it, on_the_way);
            self.cwnd = model.window();
        }
    }

    fn new_ack(&mut self, now: Nanos, ack: u64) {
        let acked = ack - self.una;
        if let Some((end, sent_at)) = self.timed
            && end <= ack
            && self.scoreboard.is_none()
        {
            self.rto.measured(now - sent_at);
            self.timed = None;
        }
        self.una = ack;
        // After a timeout the receiver may turn out to have what was going
        // to be sent again.
        self.next = self.next.max(ack);
        self.backed_off = false;
        let mut restart = true;
        match self.recovery {
            Some(_) if self.recover.is_some_and(|end| ack < end) => {
                restart = self.partial_ack(acked);
            }
            Some(_) => self.recovered(),
            None if self.scoreboard.is_none() => self.grow(now, acked),
            None => {}
        }
        if restart {
            // RFC 6298 §5.2 and §5.3.
            let timeout = now + self.rto.timeout();
            self.deadline = (self.flight() > 0).then_some(timeout);
        }
        self.duplicates = 0;
    }

    /// One loss is repaired, another is behind it (RFC 6582 §3.2, step 3).
    /// Whether the timer starts anew: for the first one only, so a window
    /// full of losses ends in a timeout and not in a loss per round trip.
    fn partial_ack(&mut self, acked: u64) -> bool {
        self.lost = Some(self.una);
        self.inflation = self.inflation.saturating_sub(acked);
        if acked >= self.smss {
            self.inflation += self.smss;
        }
        let first = self.recovery.is_some_and(|it| !it.partial);
        self.recovery = Some(Recovery { partial: true });
        first
    }

    /// All is repaired: the window is the threshold, or a segment more than
    /// what is on the way, so that no burst leaves (RFC 6582 §3.2, step 3).
    fn recovered(&mut self) {
        self.recovery = None;
        self.inflation = 0;
        let flight = self.flight().max(self.smss) + self.smss;
        self.cwnd = self.ssthresh.min(flight);
    }

    fn grow(&mut self, now: Nanos, acked: u64) {
        if self.cwnd < self.ssthresh {
            // RFC 5681 §3.1, equation 2.
            self.cwnd += acked.min(self.smss);
            return;
        }
        let rtt = self.rto.smoothed().unwrap_or(0);
        let window = (self.cwnd, self.smss);
        self.cwnd = self.algorithm.avoid(now, rtt, window, acked);
    }

    fn duplicate(&mut self, now: Nanos) {
        self.duplicates += 1;
        if self.recovery.is_some() {
            self.inflation += self.smss;
            return;
        }
        let new = self.recover.is_none_or(|end| self.una > end);
        if self.duplicates == DUPLICATES && new {
            self.fast_retransmit(now);
        }
    }

    /// RFC 5681 §3.2, steps 2 and 3.
    fn fast_retransmit(&mut self, now: Nanos) {
        self.cut();
        self.cwnd = self.ssthresh;
        self.inflation = u64::from(DUPLICATES) * self.smss;
        self.recovery = Some(Recovery { partial: false });
        self.lost = Some(self.una);
        self.deadline = Some(now + self.rto.timeout());
    }

    /// What every loss costs.
    fn cut(&mut self) {
        self.counts.loss_events += 1;
        // What duplicates let out does not count (RFC 5681 §3.2, step 2).
        let flight = self.flight().min(self.cwnd);
        let window = (self.cwnd, self.smss);
        self.ssthresh = self.algorithm.decrease(window, flight);
        self.recover = Some(self.end);
    }

    /// The deadline has passed: all on the way is taken for lost, and slow
    /// start begins with one segment (RFC 5681 §3.1, RFC 6298 §5.4 to §5.6).
    pub fn timed_out(&mut self, now: Nanos) {
        self.counts.timeouts += 1;
        // A segment that is lost again does not cut again (RFC 5681 §3.1).
        if !self.backed_off {
            self.cut();
        }
        self.backed_off = true;
        self.recover = Some(self.end);
        self.algorithm.timed_out();
        self.rto.back_off();
        self.cwnd = self.smss;
        (self.inflation, self.duplicates) = (0, 0);
        (self.recovery, self.lost, self.timed) = (None, None, None);
        match &mut self.scoreboard {
            Some(board) => board.give_up(self.counts.sent),
            None => self.next = self.una,
        }
        self.deadline = Some(now + self.rto.timeout());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::MILLISECOND;

    fn reno() -> Sender {
        Sender::new(Kind::Reno, 100, Limits::RFC)
    }

    /// Sends what the window lets out: how many segments.
    fn send(sender: &mut Sender, now: Nanos) -> usize {
        std::iter::from_fn(|| sender.next_segment(now)).count()
    }

    #[test]
    fn reno_event_by_event() {
        let mut sender = reno();
        assert_eq!(send(&mut sender, 0), 10);
        // Slow start: each ACK lets two out.
        sender.acked(1, 100);
        assert_eq!((sender.window(), send(&mut sender, 1)), (1100, 2));
        // Two duplicates let one out each, and change no window.
        sender.acked(2, 100);
        sender.acked(2, 100);
        assert_eq!((sender.window(), send(&mut sender, 2)), (1100, 2));
        // The third is a loss: half, and three that have left.
        sender.acked(3, 100);
        assert_eq!((sender.threshold(), sender.window()), (550, 850));
        let again = sender.next_segment(3);
        assert_eq!(again.map(|it| (it.number, it.again)), Some((100, true)));
        assert_eq!(send(&mut sender, 3), 0);
        // Each further one inflates: 13 on the way, one more from 1,400 on.
        (0..6).for_each(|_| sender.acked(4, 100));
        assert_eq!((sender.window(), send(&mut sender, 4)), (1450, 1));
        // A partial ACK: 500 arrived, 600 is lost too; out come 500, in
        // comes one segment.
        sender.acked(5, 600);
        assert_eq!(sender.window(), 1450 - 500 + 100);
        assert_eq!(sender.next_segment(5).map(|it| it.number), Some(600));
        // All is there: the threshold.
        sender.acked(6, 1400);
        assert!(!sender.recovering());
        assert_eq!(sender.window(), 200);
        assert_eq!(sender.counts().loss_events, 1);
    }

    #[test]
    fn a_timeout_begins_again_with_one_segment() {
        let mut sender = reno();
        send(&mut sender, 0);
        assert_eq!(sender.deadline(), Some(1000 * MILLISECOND));
        sender.timed_out(1000 * MILLISECOND);
        assert_eq!((sender.threshold(), sender.window()), (500, 100));
        assert_eq!(send(&mut sender, 1000 * MILLISECOND), 1);
        assert_eq!(sender.deadline(), Some(3000 * MILLISECOND));
        // The same segment again: twice the time, and no second cut.
        sender.timed_out(3000 * MILLISECOND);
        assert_eq!(sender.deadline(), Some(7000 * MILLISECOND));
        assert_eq!(sender.threshold(), 500);
        let counts = sender.counts();
        assert_eq!((counts.loss_events, counts.timeouts), (1, 2));
        // All the others had arrived.
        send(&mut sender, 3000 * MILLISECOND);
        sender.acked(3040 * MILLISECOND, 1000);
        assert_eq!((sender.window(), sender.flight()), (200, 0));
    }

    #[test]
    fn congestion_avoidance_adds_a_segment_for_each_window() {
        let mut sender = reno();
        send(&mut sender, 0);
        sender.timed_out(1000 * MILLISECOND);
        let mut ack = 1000;
        sender.acked(1001 * MILLISECOND, ack);
        let mut windows = Vec::new();
        for round in 0..7 {
            for _ in 0..send(&mut sender, (1002 + round) * MILLISECOND) {
                ack += 100;
                sender.acked((1003 + round) * MILLISECOND, ack);
            }
            windows.push(sender.window());
        }
        assert_eq!(windows, [400, 500, 600, 700, 800, 900, 1000]);
    }

    #[test]
    fn the_ack_of_a_segment_sent_twice_is_no_measurement() {
        let mut sender = reno();
        send(&mut sender, 0);
        sender.timed_out(1000 * MILLISECOND);
        send(&mut sender, 1000 * MILLISECOND);
        sender.acked(1001 * MILLISECOND, 1000);
        assert_eq!(sender.rto().smoothed(), None);
        // The back-off stays, too, until something can be measured.
        assert_eq!(sender.rto().timeout(), 2000 * MILLISECOND);
        send(&mut sender, 1002 * MILLISECOND);
        sender.acked(1042 * MILLISECOND, 1100);
        assert_eq!(sender.rto().smoothed(), Some(40 * MILLISECOND));
        assert_eq!(sender.rto().timeout(), 1000 * MILLISECOND);
    }
}
