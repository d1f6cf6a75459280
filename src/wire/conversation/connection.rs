//! One connection: in go its segments in the order of the capture, out comes
//! what each of them does, and in the end what became of the connection.

use std::net::SocketAddr;
use std::time::Duration;

use super::half::{Half, Novelty};
use super::{Kind, Outcome, Phase, Remark, Side, Step, flow};
use crate::wire::Segment;

/// A TCP connection, or the packets of another protocol between two ends.
#[derive(Debug)]
pub struct Connection {
    /// What it speaks, by its IP number; none if it is no IP.
    pub protocol: Option<u8>,
    /// The ports are 0 where there are none.
    pub client: SocketAddr,
    pub server: SocketAddr,
    pub packets: usize,
    pub(super) start: Duration,
    pub(super) last: Duration,
    halves: [Half; 2],
    phase: Phase,
    /// The client has acknowledged the server's SYN.
    established: bool,
    reset: Option<Side>,
    refused: bool,
    answered: bool,
}

impl Connection {
    pub(super) fn new(
        protocol: Option<u8>,
        client: SocketAddr,
        server: SocketAddr,
        time: Duration,
    ) -> Connection {
        Connection {
            protocol,
            client,
            server,
            packets: 0,
            start: time,
            last: time,
            halves: Default::default(),
            phase: Phase::Handshake,
            established: false,
            reset: None,
            refused: false,
            answered: false,
        }
    }

    pub fn is_tcp(&self) -> bool {
        self.protocol == Some(flow::TCP)
    }

    /// What became of it, as far as has been seen.
    pub fn outcome(&self) -> Outcome {
        if self.refused {
            return Outcome::Refused;
        }
        if let Some(side) = self.reset {
            return Outcome::Reset(side);
        }
        if !self.answered {
            return Outcome::NeverAnswered;
        }
        if !self.is_tcp() {
            return Outcome::Answered;
        }
        let closed = |side: Side| {
            let heard = self.half(side.other()).acknowledged;
            let fin = self.half(side).fin;
            fin.is_some_and(|fin| heard.is_some_and(|heard| heard >= fin))
        };
        match (closed(Side::Client), closed(Side::Server)) {
            (true, true) => Outcome::Closed,
            (true, false) => Outcome::HalfClosed(Side::Client),
            (false, true) => Outcome::HalfClosed(Side::Server),
            (false, false) => Outcome::Open,
        }
    }

    pub(super) fn side_of(&self, source: SocketAddr) -> Side {
        // A program may talk to itself from one port only in UDP and in a
        // simultaneous open: then all comes from the client.
        match source == self.client
            || (source != self.server && source.ip() == self.client.ip())
        {
            true => Side::Client,
            false => Side::Server,
        }
    }

    /// Whether this segment opens another connection between the same ends.
    pub(super) fn is_over_by(&self, tcp: &Segment) -> bool {
        let opens = tcp.flags.syn && !tcp.flags.ack;
        opens && self.half(Side::Client).begins_anew(tcp.sequence)
    }

    /// Notes that a side has said something, or an error of its own.
    pub(super) fn spoke(&mut self, side: Side, lost: bool, error: bool) {
        if side == Side::Server && !lost {
            self.answered = true;
            // An unreachable port says no, as a reset does.
            self.refused |= error && !self.established;
        }
    }

    fn half(&self, side: Side) -> &Half {
        &self.halves[side as usize]
    }

    fn half_mut(&mut self, side: Side) -> &mut Half {
        &mut self.halves[side as usize]
    }

    /// Takes the next segment, and fills in what it is.
    pub(super) fn segment(&mut self, tcp: &Segment, len: i64, step: &mut Step) {
        let (side, other) = (step.side, step.side.other());
        let flags = tcp.flags;
        if flags.syn {
            if self.half(side).begins_anew(tcp.sequence) {
                self.half_mut(side).begin(tcp.sequence);
            }
            self.half_mut(side).syn = true;
        } else if flags.rst {
            // The number of a reset that answers a SYN is its own
            // (RFC 9293 §3.10.7.1), and follows no SYN.
            self.half_mut(side).conclude(tcp.sequence.wrapping_add(1));
        } else {
            self.half_mut(side).conclude(tcp.sequence);
        }
        if flags.ack {
            self.half_mut(other).conclude(tcp.acknowledgement);
            let number = self.half(other).relative(tcp.acknowledgement);
            step.acknowledgement = Some(number);
        }
        step.sequence = self.half(side).relative(tcp.sequence);
        step.kind = kind(tcp, len);
        step.remark = self.remark(tcp, len, step);
        step.phase = Some(self.turn(step));
        if !step.lost {
            self.arrive(tcp, len, step);
        }
    }

    /// What the segment is by what came before; notes what it sends.
    fn remark(
        &mut self,
        tcp: &Segment,
        len: i64,
        step: &Step,
    ) -> Option<Remark> {
        let (side, other) = (step.side, step.side.other());
        if tcp.flags.rst {
            return None;
        }
        let before = self.half(side).next;
        let takes = len + i64::from(tcp.flags.syn) + i64::from(tcp.flags.fin);
        let is_plain = takes == len && self.established;
        let into_zero = self.half(other).window == Some(0);
        if is_plain && len <= 1 && step.sequence == before - 1 {
            if into_zero {
                return Some(Remark::WindowProbe);
            }
            // One byte may also be sent again: but not once it was heard.
            let heard = self.half(other).acknowledged >= Some(before);
            if len == 0 || heard {
                return Some(Remark::KeepAlive);
            }
        }
        if takes == 0 {
            return self.pure_remark(tcp, step);
        }
        let range = step.sequence..step.sequence + takes;
        match self.half_mut(side).send(range) {
            Novelty::Again => Some(Remark::Retransmission),
            Novelty::Ahead => Some(Remark::Gap),
            Novelty::Filling => Some(Remark::Late),
            Novelty::Next if is_plain && into_zero && len == 1 => {
                Some(Remark::WindowProbe)
            }
            Novelty::Next => None,
        }
    }

    /// Of a segment that takes no sequence number.
    fn pure_remark(&self, tcp: &Segment, step: &Step) -> Option<Remark> {
        let half = self.half(step.side);
        if tcp.window == 0 {
            return Some(Remark::ZeroWindow);
        }
        if half.window == Some(0) {
            return Some(Remark::WindowOpen);
        }
        // RFC 5681 §2: nothing new is said, and something is under way.
        let same = half.acknowledged == step.acknowledgement
            && half.window == Some(tcp.window);
        let under_way = self.half(step.side.other()).next;
        let duplicate =
            same && step.acknowledgement.is_some_and(|n| n < under_way);
        duplicate.then_some(Remark::DuplicateAck)
    }

    /// The phase that the segment is in.
    fn turn(&mut self, step: &Step) -> Phase {
        let closing = self.halves.iter().any(|half| half.fin.is_some());
        let again = step.remark == Some(Remark::Retransmission);
        self.phase = match (self.phase, step.kind) {
            (Phase::Refused, _) => Phase::Refused,
            (Phase::Reset, kind) if kind != Kind::Syn => Phase::Reset,
            (_, Kind::Syn | Kind::SynAck) => Phase::Handshake,
            (_, Kind::Rst) => match self.is_no(step) {
                true => Phase::Refused,
                false => Phase::Reset,
            },
            (_, Kind::Fin) => Phase::TearDown,
            (Phase::TearDown, Kind::Data) if again => Phase::TearDown,
            (_, Kind::Data) if closing => Phase::HalfClosed,
            (_, Kind::Data) => Phase::Data,
            (Phase::Handshake, _)
                if self.established || self.is_picked_up() =>
            {
                Phase::Data
            }
            (phase, _) => phase,
        };
        self.phase
    }

    /// Whether a reset is the server's answer to a SYN.
    fn is_no(&self, step: &Step) -> bool {
        let server = self.half(Side::Server);
        step.side == Side::Server && !server.syn && !self.established
    }

    /// What a segment changes by arriving.
    fn arrive(&mut self, tcp: &Segment, len: i64, step: &Step) {
        let half = self.half_mut(step.side);
        if step.acknowledgement.is_some() && !tcp.flags.rst {
            half.acknowledged = half.acknowledged.max(step.acknowledgement);
            half.window = Some(tcp.window);
        }
        if tcp.flags.fin {
            half.fin = Some(step.sequence + len + 1);
        }
        if tcp.flags.rst {
            self.refused |= self.phase == Phase::Refused;
            self.reset = self.reset.or(Some(step.side));
        }
        let carries_on =
            matches!(step.kind, Kind::Ack | Kind::Data | Kind::Fin);
        // A handshake ends with the client's word; where it was not seen,
        // whatever comes is behind it.
        if carries_on && (step.side == Side::Client || self.is_picked_up()) {
            self.established = true;
        }
    }

    fn is_picked_up(&self) -> bool {
        self.halves.iter().all(|half| !half.syn)
    }
}

fn kind(tcp: &Segment, len: i64) -> Kind {
    let flags = tcp.flags;
    match (flags.rst, flags.syn, flags.ack, flags.fin) {
        (true, ..) => Kind::Rst,
        (_, true, true, _) => Kind::SynAck,
        (_, true, ..) => Kind::Syn,
        (.., true) => Kind::Fin,
        _ if len > 0 => Kind::Data,
        _ => Kind::Ack,
    }
}
