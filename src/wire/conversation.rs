//! Conversations: in go frames, one after another, out comes what each of
//! them is: of which connection, from which end, in which phase, and what
//! it says that has been said before.
//!
//! It looks back only, so a live capture can be fed to it as it grows.

mod connection;
mod flow;
mod half;
#[cfg(test)]
pub(super) mod script;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::Duration;

use super::{Frame, Packet, Transport};

pub use connection::Connection;
use flow::Flow;

/// One of a connection's two ends. The client is who sent the first SYN, or
/// the first packet where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Client,
    Server,
}

impl Side {
    pub fn other(self) -> Side {
        match self {
            Side::Client => Side::Server,
            Side::Server => Side::Client,
        }
    }
}

/// Where in its life a TCP connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Handshake,
    Data,
    /// One side has said that it is done, the other still sends.
    HalfClosed,
    TearDown,
    /// A reset was the answer to a SYN.
    Refused,
    Reset,
}

/// What a packet is by its flags and its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Syn,
    SynAck,
    /// Acknowledges, and carries nothing.
    Ack,
    Data,
    /// With or without data in front of it.
    Fin,
    Rst,
    Datagram,
    Icmp,
    /// Neither TCP, UDP nor ICMP; the later fragments of a packet.
    Other,
}

/// What a packet is by what came before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// Bytes, a SYN or a FIN that were sent before.
    Retransmission,
    /// Something that comes before it has not been seen yet.
    Gap,
    /// It fills a gap.
    Late,
    DuplicateAck,
    KeepAlive,
    /// Sent into a window of zero, to hear whether it has opened.
    WindowProbe,
    ZeroWindow,
    /// The first window that is not zero any more.
    WindowOpen,
}

/// What is known of one packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its number in the capture, from 1.
    pub number: usize,
    /// The number of its connection, from 1, by first appearance.
    pub connection: usize,
    /// Whether its connection begins with it.
    pub first: bool,
    pub side: Side,
    /// None where there is no TCP.
    pub phase: Option<Phase>,
    pub kind: Kind,
    pub remark: Option<Remark>,
    /// In bytes from the initial sequence number, which is 0.
    pub sequence: i64,
    /// As `sequence`, of the other side; none if the segment has none.
    pub acknowledgement: Option<i64>,
    /// It never arrived: whoever captured it says so.
    pub lost: bool,
    /// Since the first packet of its connection.
    pub since: Duration,
    /// Since the packet of its connection before it.
    pub pause: Duration,
}

/// What became of a connection, as far as the capture goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    NeverAnswered,
    Refused,
    Reset(Side),
    /// Both sides have said that they are done, and heard it.
    Closed,
    /// Only this side has.
    HalfClosed(Side),
    /// TCP that nobody has closed.
    Open,
    /// No TCP, which alone can be open or closed.
    Answered,
}

/// Follows all conversations of one capture.
#[derive(Debug, Default)]
pub struct Tracker {
    frames: usize,
    connections: Vec<Connection>,
    /// The newest connection between two ends.
    newest: HashMap<Flow, usize>,
}

impl Tracker {
    pub fn new() -> Tracker {
        Tracker::default()
    }

    /// What the next frame is; `packet` is what was decoded of it.
    pub fn next(&mut self, frame: &Frame, packet: &Packet) -> Step {
        self.frames += 1;
        let flow = flow::of(packet, &frame.bytes);
        let (index, first) = self.place(&flow, packet, frame.time);
        let connection = &mut self.connections[index];
        let side = connection.side_of(flow.source);
        // What an error quotes was sent by the one that the error goes to.
        let side = if flow.quoted { side.other() } else { side };
        let lost = is_lost(frame);
        let mut step = Step {
            number: self.frames,
            connection: index + 1,
            first,
            side,
            phase: None,
            kind: Kind::Other,
            remark: None,
            sequence: 0,
            acknowledgement: None,
            lost,
            since: frame.time.saturating_sub(connection.start),
            pause: frame.time.saturating_sub(connection.last),
        };
        connection.last = frame.time;
        connection.packets += 1;
        match &packet.transport {
            Transport::Tcp(tcp) => {
                connection.segment(tcp, packet.payload_len as i64, &mut step);
            }
            Transport::Udp { .. } => step.kind = Kind::Datagram,
            Transport::Icmp { .. } => step.kind = Kind::Icmp,
            Transport::Other(_) => {}
        }
        connection.spoke(side, lost, flow.quoted);
        step
    }

    /// A connection by its number, from 1.
    pub fn connection(&self, number: usize) -> Option<&Connection> {
        self.connections.get(number.checked_sub(1)?)
    }

    /// All of them, in order.
    pub fn connections(&self) -> &[Connection] {
        &self.connections
    }

    /// The index of the packet's connection, and whether it is a new one.
    fn place(
        &mut self,
        flow: &Flow,
        packet: &Packet,
        time: Duration,
    ) -> (usize, bool) {
        let known = match is_later_fragment(packet) {
            true => self.of_fragment(flow),
            false => self.newest.get(flow).copied(),
        };
        let known = known.filter(|&index| match &packet.transport {
            Transport::Tcp(tcp) => !self.connections[index].is_over_by(tcp),
            _ => true,
        });
        if let Some(index) = known {
            return (index, false);
        }
        let (mut client, mut server) = (flow.source, flow.destination);
        if let Transport::Tcp(tcp) = &packet.transport
            && tcp.flags.syn
            && tcp.flags.ack
        {
            // The capture began between the SYN and its answer.
            (client, server) = (server, client);
        }
        let connection = Connection::new(flow.protocol, client, server, time);
        self.connections.push(connection);
        let index = self.connections.len() - 1;
        self.newest.insert(*flow, index);
        (index, true)
    }

    /// The last connection that the later part of a packet, which has no
    /// ports, can belong to (RFC 791 §3.2).
    fn of_fragment(&self, flow: &Flow) -> Option<usize> {
        let address = |end: &SocketAddr| end.ip();
        self.connections.iter().rposition(|it| {
            let ends = [address(&it.client), address(&it.server)];
            it.protocol == flow.protocol
                && ends.contains(&address(&flow.source))
                && ends.contains(&address(&flow.destination))
        })
    }
}

fn is_later_fragment(packet: &Packet) -> bool {
    let fragment = packet.network.and_then(|network| network.fragment);
    fragment.is_some_and(|(offset, _)| offset > 0)
}

/// A comment that begins with `lost` or `dropped` says so.
fn is_lost(frame: &Frame) -> bool {
    let comment = frame.comment.as_deref().unwrap_or_default();
    let comment = comment.trim_start().to_ascii_lowercase();
    comment.starts_with("lost") || comment.starts_with("dropped")
}

#[cfg(test)]
mod tests {
    use super::script::{World, script};
    use super::*;

    fn steps(lines: &[&str]) -> (Vec<Step>, Tracker) {
        let mut tracker = Tracker::new();
        let capture = script(&World::default(), lines);
        let steps = capture.frames.iter().map(|frame| {
            let packet = Packet::decode(capture.link, &frame.bytes, frame.len);
            tracker.next(frame, &packet)
        });
        (steps.collect(), tracker)
    }

    fn remarks(lines: &[&str]) -> Vec<Option<Remark>> {
        steps(lines).0.into_iter().map(|step| step.remark).collect()
    }

    fn outcome(lines: &[&str]) -> Outcome {
        steps(lines).1.connections()[0].outcome()
    }

    const OPENED: [&str; 3] = ["> S 0", "< SA 0 1", "> A 1 1"];

    fn opened<'a>(lines: &[&'a str]) -> Vec<&'a str> {
        [&OPENED, lines].concat()
    }

    #[test]
    fn a_connection_goes_through_its_phases() {
        let (steps, tracker) = steps(&opened(&[
            "> PA 1 1 \"hi",
            "< A 1 3",
            "> FA 3 1",
            "< A 1 4",
            "< PA 1 4 \"bye",
            "> A 4 4",
            "< FA 4 4",
            "> A 4 5",
        ]));
        let phases: Vec<_> =
            steps.iter().filter_map(|step| step.phase).collect();
        use Phase::*;
        assert_eq!(
            phases,
            [
                Handshake, Handshake, Handshake, Data, Data, TearDown,
                TearDown, HalfClosed, HalfClosed, TearDown, TearDown
            ]
        );
        assert!(steps.iter().all(|step| step.remark.is_none()), "{steps:?}");
        assert_eq!(steps[7].sequence, 1);
        assert_eq!(steps[7].acknowledgement, Some(4));
        assert_eq!(steps[7].side, Side::Server);
        assert_eq!(tracker.connections()[0].outcome(), Outcome::Closed);
    }

    #[test]
    fn what_was_sent_before_is_told_from_what_is_late() {
        let again = opened(&["> PA 1 1 \"ab !lost: queue", "> PA 1 1 \"ab"]);
        let (steps, _) = steps(&again);
        assert!(steps[3].lost && !steps[4].lost);
        assert_eq!(steps[4].remark, Some(Remark::Retransmission));
        // As it is captured at the receiver.
        let late = opened(&["> PA 3 1 \"cd", "< A 1 1", "> PA 1 1 \"ab"]);
        let expected =
            [Remark::Gap, Remark::DuplicateAck, Remark::Late].map(Some);
        assert_eq!(remarks(&late)[3..], expected);
        assert_eq!(
            remarks(&["> S 0", "> S 0", "< SA 0 1", "< SA 0 1"]),
            [None, Some(Remark::Retransmission)].repeat(2)
        );
        let fin = opened(&["> FA 1 1", "> FA 1 1"]);
        assert_eq!(remarks(&fin)[4], Some(Remark::Retransmission));
    }

    #[test]
    fn windows_and_signs_of_life_have_their_names() {
        let window = opened(&[
            "> PA 1 1 \"ab",
            "< A 1 3 w=0",
            "> A 2 1 +200",
            "< A 1 3 w=0",
            "> PA 3 1 \"c +400",
            "< A 1 3 w=0",
            "< A 1 3 w=9",
        ]);
        use Remark::*;
        let expected = [
            None,
            Some(ZeroWindow),
            Some(WindowProbe),
            Some(ZeroWindow),
            Some(WindowProbe),
            Some(ZeroWindow),
            Some(WindowOpen),
        ];
        assert_eq!(remarks(&window)[3..], expected);
        let idle = opened(&["> A 0 1 +1000", "< A 1 1", "> PA 1 1 \"a"]);
        assert_eq!(remarks(&idle)[3..], [Some(KeepAlive), None, None]);
        // A lone byte sent again is no sign of life.
        let byte = opened(&["> PA 1 1 \"a", "> PA 1 1 \"a"]);
        assert_eq!(remarks(&byte)[4], Some(Retransmission));
    }

    #[test]
    fn what_becomes_of_a_connection_is_known() {
        assert_eq!(outcome(&["> S 0", "> S 0 +1000"]), Outcome::NeverAnswered);
        assert_eq!(outcome(&["> S 0", "< RA 0 1"]), Outcome::Refused);
        assert_eq!(outcome(&OPENED), Outcome::Open);
        let reset = opened(&["> PA 1 1 \"a", "< R 1"]);
        assert_eq!(outcome(&reset), Outcome::Reset(Side::Server));
        let half = opened(&["> FA 1 1", "< A 1 2"]);
        assert_eq!(outcome(&half), Outcome::HalfClosed(Side::Client));
        // A FIN that nobody heard closes nothing.
        assert_eq!(outcome(&opened(&["> FA 1 1 !lost"])), Outcome::Open);
    }

    #[test]
    fn connections_are_told_apart() {
        let (steps, tracker) = steps(&[
            "> S 0",
            "2> S 0",
            "< SA 0 1",
            "> S 5000",
            "u> \"a",
            "u< \"b",
            "2< RA 0 1",
        ]);
        let numbers: Vec<_> = steps.iter().map(|s| s.connection).collect();
        assert_eq!(numbers, [1, 2, 1, 3, 4, 4, 2]);
        let first: Vec<_> = steps.iter().map(|s| s.first).collect();
        assert_eq!(first, [true, true, false, true, true, false, false]);
        assert_eq!(steps[3].sequence, 0);
        let outcomes: Vec<_> = tracker
            .connections()
            .iter()
            .map(|it| it.outcome())
            .collect();
        use Outcome::*;
        assert_eq!(outcomes, [Open, Refused, NeverAnswered, Answered]);
    }

    #[test]
    fn an_error_belongs_to_the_packet_that_it_quotes() {
        let (steps, tracker) = steps(&["u> \"a", "i< 3 3"]);
        assert_eq!((steps[1].connection, steps[1].side), (1, Side::Server));
        assert_eq!(steps[1].kind, Kind::Icmp);
        assert_eq!(tracker.connections()[0].outcome(), Outcome::Refused);
    }

    #[test]
    fn a_stream_that_is_picked_up_counts_from_one() {
        let (steps, tracker) = steps(&["> PA 700 300 \"ab", "< A 300 702"]);
        assert_eq!((steps[0].sequence, steps[1].sequence), (1, 1));
        assert_eq!(steps[1].acknowledgement, Some(3));
        assert_eq!(steps[0].phase, Some(Phase::Data));
        assert_eq!(steps[1].phase, Some(Phase::Data));
        assert_eq!(tracker.connections()[0].outcome(), Outcome::Open);
    }
}
