//! What is written at an arrow: in goes a packet and what is known of it, out
//! come its flags, its length, a glimpse of its payload, and its numbers.

use super::html::escape;
use super::{Say, words};
use crate::wire::conversation::{Kind, Remark, Step};
use crate::wire::normal::{flag_names, quoted};
use crate::wire::{Frame, Packet, Transport};

/// How much of a payload is shown at any width, and how much where there is
/// room, in the widths of a letter.
const SHORT: usize = 18;
const LONG: usize = 46;

/// Room on an arrow of a wide page, for all that is written there.
const ROW: usize = 74;

/// Everything about an arrow but its shape.
pub(super) struct Label {
    /// Classes, each with a space in front.
    pub(super) class: String,
    /// Tspans of the sender's text.
    pub(super) says: String,
    /// Tspans of the text at the receiver's end.
    pub(super) numbers: String,
}

pub(super) fn of(
    step: &Step,
    packet: &Packet,
    frame: &Frame,
    say: &mut Say,
) -> Label {
    let name = name(packet, say);
    let mut says = format!("<tspan class=\"name\">{}</tspan>", escape(&name));
    let mut class = class(step);
    let lost = step.lost.then_some(("mark gone", words::LOST));
    let remark = step.remark.map(|it| ("mark", words::remark(it)));
    for (class, word) in remark.into_iter().chain(lost) {
        says.push(' ');
        says.push_str(&span(class, &say(word)));
    }
    if remark.is_some() || step.lost {
        class.push_str(" marked");
    }
    let len = packet.payload_len;
    let carries = len > 0 && step.kind != Kind::Icmp;
    if carries || step.kind == Kind::Datagram {
        says.push(' ');
        let size = size(len, say);
        says.push_str(&span("size", &size));
        let taken = width(&name) + width(&size) + numbers_width(step);
        let room = ROW.saturating_sub(taken).clamp(SHORT, LONG);
        says.push_str(&preview(packet, frame, room));
        class.push_str(" full");
    }
    Label {
        class,
        says,
        numbers: numbers(step),
    }
}

/// A piece of the text, a little apart from the one before.
fn span(class: &str, text: &str) -> String {
    format!("<tspan dx=\"4\" class=\"{class}\">{}</tspan>", escape(text))
}

/// So many bytes, in words.
pub(super) fn size(len: usize, say: &mut Say) -> String {
    match len {
        1 => say(words::ONE_BYTE),
        len => say(words::BYTES).replace("{n}", &len.to_string()),
    }
}

fn name(packet: &Packet, say: &mut Say) -> String {
    let name = match &packet.transport {
        Transport::Tcp(tcp) => match flag_names(tcp.flags) {
            none if none.is_empty() => "TCP".to_string(),
            flags => flags,
        },
        Transport::Udp { .. } => "UDP".to_string(),
        Transport::Icmp {
            version,
            kind,
            code,
        } => match words::icmp(*version, *kind, *code) {
            Some(means) => format!("ICMP {}", say(means)),
            None => format!("ICMP {kind}/{code}"),
        },
        Transport::Other(Some(number)) => format!("IP {number}"),
        Transport::Other(None) => "?".to_string(),
    };
    let fragment = packet.network.and_then(|network| network.fragment);
    match fragment {
        Some((offset, _)) => {
            let offset = offset.to_string();
            let part = say(words::FRAGMENT).replace("{n}", &offset);
            format!("{name} {part}")
        }
        None => name,
    }
}

/// The look of an arrow: whatever it says is also said in words.
fn class(step: &Step) -> String {
    let kind = match step.kind {
        Kind::Syn | Kind::SynAck => " syn",
        Kind::Ack => " ack",
        Kind::Data | Kind::Datagram => " load",
        Kind::Fin => " fin",
        Kind::Rst | Kind::Icmp => " rst",
        Kind::Other => "",
    };
    let remark = match step.remark {
        Some(
            Remark::Retransmission
            | Remark::DuplicateAck
            | Remark::KeepAlive
            | Remark::WindowProbe,
        ) => " again",
        _ => "",
    };
    let lost = if step.lost { " lost" } else { "" };
    format!("{kind}{remark}{lost}")
}

/// A glimpse of the payload: what a known protocol says in it, or else its
/// text, if it is text.
/// `room`: how much is shown where there is room.
fn preview(packet: &Packet, frame: &Frame, room: usize) -> String {
    let payload = frame.bytes.get(packet.payload.clone());
    let payload = payload.unwrap_or_default();
    let text = match crate::wire::speech::of(packet, &frame.bytes) {
        Some(speech) => format!("{} {}", speech.protocol, speech.summary),
        None if is_text(payload) => quoted(payload),
        None => return String::new(),
    };
    let short = cut(&text, SHORT);
    if short == text.len() {
        return format!(" {}", span("says", &text));
    }
    let long = cut(&text, room);
    let more = match long == text.len() {
        true => text[short..].to_string(),
        false => format!("{}…", &text[short..long]),
    };
    // A narrow page hides the second, a wide one the third.
    let tspans = [
        escape(&text[..short]),
        format!("<tspan class=\"wide\">{}</tspan>", escape(&more)),
        "<tspan class=\"narrow\">…</tspan>".to_string(),
    ];
    format!(
        " <tspan dx=\"4\" class=\"says\">{}</tspan>",
        tspans.concat()
    )
}

/// The offset behind which the text is wider than this.
fn cut(text: &str, width: usize) -> usize {
    let mut taken = 0;
    for (at, c) in text.char_indices() {
        taken += letters(c);
        if taken > width {
            return at;
        }
    }
    text.len()
}

fn width(text: &str) -> usize {
    text.chars().map(letters).sum()
}

/// How many letters wide it is: from Hangul on, most are two.
fn letters(c: char) -> usize {
    if c >= '\u{1100}' { 2 } else { 1 }
}

fn is_text(payload: &[u8]) -> bool {
    let readable = |c: char| !c.is_control() || "\r\n\t".contains(c);
    std::str::from_utf8(payload).is_ok_and(|it| it.chars().all(readable))
}

fn numbers(step: &Step) -> String {
    if step.phase.is_none() {
        return String::new();
    }
    let sequence = format!("seq {}", step.sequence);
    match step.acknowledgement {
        Some(number) => {
            format!("{sequence} <tspan dx=\"6\">ack {number}</tspan>")
        }
        None => sequence,
    }
}

/// Of [`numbers`], without its markup.
fn numbers_width(step: &Step) -> usize {
    if step.phase.is_none() {
        return 0;
    }
    let sequence = width(&format!("seq {}", step.sequence));
    let acknowledgement = step.acknowledgement;
    sequence + acknowledgement.map_or(0, |it| width(&format!(" ack {it}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_cut_by_its_width() {
        assert_eq!(cut("abcdef", 3), 3);
        assert_eq!(cut("abc", 3), 3);
        assert_eq!(cut("字节流", 5), 6);
        assert_eq!(width("3 字节"), 6);
    }

    #[test]
    fn only_text_is_shown_as_text() {
        assert!(is_text("GET /\r\n 字".as_bytes()));
        assert!(!is_text(b"\x00\x02to"));
        assert!(!is_text(b"\xff"));
    }
}
