//! Every word that a ladder is labelled with, in English. `{…}` is a place
//! that the ladder fills in.

use crate::wire::conversation::{Outcome, Phase, Remark, Side};

pub(super) const CLIENT: &str = "client";
pub(super) const SERVER: &str = "server";
pub(super) const TO_SERVER: &str = "client to server:";
pub(super) const TO_CLIENT: &str = "server to client:";
pub(super) const CONNECTION: &str = "Connection {n}";
pub(super) const DATAGRAMS: &str = "Datagrams {n}";
pub(super) const PACKETS_OF: &str = "Packets {n}";
pub(super) const PACKETS: &str = "{n} packets";
pub(super) const ONE_PACKET: &str = "1 packet";
pub(super) const BYTES: &str = "{n} bytes";
pub(super) const ONE_BYTE: &str = "1 byte";
pub(super) const MORE_BYTES: &str = "and {n} bytes more";
pub(super) const LOST: &str = "lost";
pub(super) const PAUSE: &str = "{time} of silence";
pub(super) const WHEN: &str =
    "Packet {n} of the capture, {time} after the first one of its connection";

pub(super) const FRAGMENT: &str = "fragment from byte {n}";

/// What the commonest messages of ICMP say (RFC 792; RFC 4443).
pub(super) fn icmp(version: u8, kind: u8, code: u8) -> Option<&'static str> {
    Some(match (version, kind, code) {
        (4, 3, 0) | (6, 1, 0) => "network unreachable",
        (4, 3, 1) | (6, 1, 3) => "host unreachable",
        (4, 3, 3) | (6, 1, 4) => "port unreachable",
        (4, 3, 4) => "fragmentation needed",
        (6, 2, _) => "packet too big",
        (4, 11, _) | (6, 3, _) => "time exceeded",
        (4, 8, _) | (6, 128, _) => "echo request",
        (4, 0, _) | (6, 129, _) => "echo reply",
        _ => return None,
    })
}

pub(super) fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Handshake => "Handshake",
        Phase::Data => "Data",
        Phase::HalfClosed => "Half-closed",
        Phase::TearDown => "Tear-down",
        Phase::Refused => "Refused",
        Phase::Reset => "Reset",
    }
}

/// A remark in a word, beside the arrow.
pub(super) fn remark(remark: Remark) -> &'static str {
    match remark {
        Remark::Retransmission => "retransmission",
        Remark::Gap => "gap before it",
        Remark::Late => "fills the gap",
        Remark::DuplicateAck => "duplicate",
        Remark::KeepAlive => "keep-alive",
        Remark::WindowProbe => "window probe",
        Remark::ZeroWindow => "zero window",
        Remark::WindowOpen => "window open",
    }
}

/// A remark in a sentence, over the fields.
pub(super) fn explained(remark: Remark) -> &'static str {
    match remark {
        Remark::Retransmission => {
            "Sent again: no acknowledgement had come for it."
        }
        Remark::Gap => "What comes before it has not been seen yet.",
        Remark::Late => "It was missing until now.",
        Remark::DuplicateAck => {
            "It acknowledges what was acknowledged before: something after \
             that is probably missing."
        }
        Remark::KeepAlive => {
            "It carries nothing new, and only asks whether the other side is \
             still there."
        }
        Remark::WindowProbe => {
            "The other side's window is closed; this asks whether it has \
             opened."
        }
        Remark::ZeroWindow => {
            "The receive buffer is full: the other side has to wait."
        }
        Remark::WindowOpen => "There is room in the receive buffer again.",
    }
}

pub(super) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NeverAnswered => "never answered",
        Outcome::Refused => "refused",
        Outcome::Reset(Side::Client) => "reset by the client",
        Outcome::Reset(Side::Server) => "reset by the server",
        Outcome::Closed => "closed by both sides",
        Outcome::HalfClosed(Side::Client) => "closed by the client only",
        Outcome::HalfClosed(Side::Server) => "closed by the server only",
        Outcome::Open => "still open",
        Outcome::Answered => "answered",
    }
}

/// All of them, for a translation to cover.
pub const WORDS: &[&str] = &[
    CLIENT,
    SERVER,
    TO_SERVER,
    TO_CLIENT,
    CONNECTION,
    DATAGRAMS,
    PACKETS_OF,
    PACKETS,
    ONE_PACKET,
    BYTES,
    ONE_BYTE,
    MORE_BYTES,
    LOST,
    PAUSE,
    WHEN,
    FRAGMENT,
    "network unreachable",
    "host unreachable",
    "port unreachable",
    "fragmentation needed",
    "packet too big",
    "time exceeded",
    "echo request",
    "echo reply",
    "Handshake",
    "Data",
    "Half-closed",
    "Tear-down",
    "Refused",
    "Reset",
    "retransmission",
    "gap before it",
    "fills the gap",
    "duplicate",
    "keep-alive",
    "window probe",
    "zero window",
    "window open",
    "Sent again: no acknowledgement had come for it.",
    "What comes before it has not been seen yet.",
    "It was missing until now.",
    "It acknowledges what was acknowledged before: something after that is \
     probably missing.",
    "It carries nothing new, and only asks whether the other side is still \
     there.",
    "The other side's window is closed; this asks whether it has opened.",
    "The receive buffer is full: the other side has to wait.",
    "There is room in the receive buffer again.",
    "never answered",
    "refused",
    "reset by the client",
    "reset by the server",
    "closed by both sides",
    "closed by the client only",
    "closed by the server only",
    "still open",
    "answered",
];

#[cfg(test)]
mod tests {
    use super::*;

    const PHASES: [Phase; 6] = [
        Phase::Handshake,
        Phase::Data,
        Phase::HalfClosed,
        Phase::TearDown,
        Phase::Refused,
        Phase::Reset,
    ];
    const REMARKS: [Remark; 8] = [
        Remark::Retransmission,
        Remark::Gap,
        Remark::Late,
        Remark::DuplicateAck,
        Remark::KeepAlive,
        Remark::WindowProbe,
        Remark::ZeroWindow,
        Remark::WindowOpen,
    ];
    const OUTCOMES: [Outcome; 9] = [
        Outcome::NeverAnswered,
        Outcome::Refused,
        Outcome::Reset(Side::Client),
        Outcome::Reset(Side::Server),
        Outcome::Closed,
        Outcome::HalfClosed(Side::Client),
        Outcome::HalfClosed(Side::Server),
        Outcome::Open,
        Outcome::Answered,
    ];

    #[test]
    fn the_list_holds_every_word() {
        let any = (0..=255).flat_map(|kind| (0..5).map(move |it| (kind, it)));
        let icmp = any.flat_map(|(kind, code)| {
            [4, 6].map(|version| icmp(version, kind, code))
        });
        let words = PHASES
            .map(phase)
            .into_iter()
            .chain(REMARKS.map(remark))
            .chain(REMARKS.map(explained))
            .chain(OUTCOMES.map(outcome))
            .chain(icmp.flatten());
        for word in words {
            assert!(WORDS.contains(&word), "{word}");
        }
    }
}
