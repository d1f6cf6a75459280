//! The normal form of a capture: in go its frames, out comes a text that is
//! the same for every run of the same program, on every machine.
//!
//! Left out is what differs from run to run: ports, initial sequence
//! numbers, timestamps, IP's identification, times; and from machine to
//! machine: addresses, windows, the values of a SYN's options. A DNS
//! message's number is zero: resolvers throw dice for it. Connections stand
//! one after another: which of two packets of different connections came
//! first is a matter of luck.

mod level;
mod quote;
mod streams;

use std::borrow::Cow;

use super::conversation::{Kind, Remark, Side, Step, Tracker};
use super::speech;
use super::{Capture, Flags, Packet, Segment, TcpOption, Transport};

pub use level::Level;
use quote::Quoter;
pub(crate) use quote::quoted;
use streams::Streams;

/// The protocol of groups and routers, by its IP number (RFC 3376, section
/// 4, now RFC 9776); its delays are random (section 5.1).
const IGMP: u8 = 2;

/// A packet of the capture, with what is known of it.
struct Seen<'a> {
    step: Step,
    packet: Packet,
    payload: Cow<'a, [u8]>,
}

/// The normal form of a capture.
pub fn normal(capture: &Capture, level: Level) -> String {
    let mut tracker = Tracker::new();
    let mut seen = Vec::new();
    for frame in &capture.frames {
        let packet = Packet::decode(capture.link, &frame.bytes, frame.len);
        if packet.transport == Transport::Other(Some(IGMP)) {
            continue;
        }
        let step = tracker.next(frame, &packet);
        seen.push(Seen {
            step,
            payload: payload(&packet, &frame.bytes),
            packet,
        });
    }
    let quoter = Quoter::new(tracker.connections());
    let mut text = String::new();
    for (index, connection) in tracker.connections().iter().enumerate() {
        let number = index + 1;
        text.push_str(&format!("connection {number}\n"));
        let own = seen.iter().filter(|it| it.step.connection == number);
        match level {
            Level::Streams { limit } => {
                let streams = Streams::of(own);
                text.push_str(&streams.text(connection, limit, &quoter));
            }
            level => {
                for seen in own {
                    text.push_str(&packet_line(seen, level, &quoter));
                }
            }
        }
    }
    text
}

/// What a packet carries, with zeros for the number of a DNS message.
fn payload<'a>(packet: &Packet, bytes: &'a [u8]) -> Cow<'a, [u8]> {
    let payload = bytes.get(packet.payload.clone()).unwrap_or_default();
    let is_dns =
        || speech::of(packet, bytes).is_some_and(|it| it.protocol == "DNS");
    if matches!(packet.transport, Transport::Udp { .. }) && is_dns() {
        let mut payload = payload.to_vec();
        payload[..2].fill(0);
        return payload.into();
    }
    payload.into()
}

/// One packet's line; empty if the level leaves it out.
fn packet_line(seen: &Seen, level: Level, quoter: &Quoter) -> String {
    let step = &seen.step;
    let without_acks = level == Level::WithoutAcks;
    if without_acks && step.kind == Kind::Ack {
        return String::new();
    }
    let what = match &seen.packet.transport {
        Transport::Tcp(tcp) => {
            let mut flags = tcp.flags;
            flags.psh &= !without_acks;
            flag_names(flags)
        }
        Transport::Udp { .. } => "UDP".to_string(),
        Transport::Icmp { kind, code, .. } => format!("ICMP {kind}/{code}"),
        Transport::Other(Some(protocol)) => format!("IP {protocol}"),
        Transport::Other(None) => "not IP".to_string(),
    };
    // An error quotes headers, and those differ from run to run.
    let payload = match step.kind {
        Kind::Icmp => String::new(),
        _ => payload_text(seen, quoter),
    };
    let line = format!(
        "  {}  {what:<9}  {}{payload}",
        side_name(step.side),
        numbers(seen)
    );
    let mut line = line.trim_end().to_string();
    for word in marks(step) {
        line.push_str(&format!("  {word}"));
    }
    line + "\n"
}

fn numbers(seen: &Seen) -> String {
    let Transport::Tcp(tcp) = &seen.packet.transport else {
        return String::new();
    };
    let sequence = format!("seq {}", seen.step.sequence);
    let acknowledgement = match seen.step.acknowledgement {
        Some(number) => format!("ack {number}"),
        None => String::new(),
    };
    let options = options(tcp);
    format!("{sequence:<7}  {acknowledgement:<7}  {options}")
}

/// What a SYN offers. The values depend on the machine's memory and its
/// interfaces.
fn options(tcp: &Segment) -> String {
    if !tcp.flags.syn {
        return String::new();
    }
    let names = tcp.options.iter().map(|option| match option {
        TcpOption::MaximumSegmentSize(_) => "mss".to_string(),
        TcpOption::WindowScale(_) => "wscale".to_string(),
        TcpOption::SackPermitted => "sack".to_string(),
        TcpOption::Sack(_) => "sack blocks".to_string(),
        TcpOption::Timestamps(..) => "ts".to_string(),
        TcpOption::Other(kind) => format!("option {kind}"),
    });
    names.collect::<Vec<_>>().join(" ")
}

fn marks(step: &Step) -> Vec<&'static str> {
    let remark = step.remark.map(|remark| match remark {
        Remark::Retransmission => "retransmission",
        Remark::Gap => "gap before it",
        Remark::Late => "fills a gap",
        Remark::DuplicateAck => "duplicate",
        Remark::KeepAlive => "keep-alive",
        Remark::WindowProbe => "window probe",
        Remark::ZeroWindow => "zero window",
        Remark::WindowOpen => "window open",
    });
    let lost = step.lost.then_some("lost");
    remark.into_iter().chain(lost).collect()
}

fn payload_text(seen: &Seen, quoter: &Quoter) -> String {
    match seen.packet.payload_len {
        0 if seen.step.kind != Kind::Datagram => String::new(),
        len => format!("{len} {}", quoter.text(&seen.payload)),
    }
}

fn side_name(side: Side) -> &'static str {
    match side {
        Side::Client => "client",
        Side::Server => "server",
    }
}

/// The flags that are set, in the order in which one says them.
pub(crate) fn flag_names(flags: Flags) -> String {
    let names = [
        (flags.syn, "SYN"),
        (flags.fin, "FIN"),
        (flags.rst, "RST"),
        (flags.psh, "PSH"),
        (flags.urg, "URG"),
        (flags.ece, "ECE"),
        (flags.cwr, "CWR"),
        (flags.ack, "ACK"),
    ];
    let set = names.iter().filter(|name| name.0).map(|name| name.1);
    set.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::wire::conversation::script::{World, script};

    const ECHO: &[&str] = &[
        "> S 0",
        "< SA 0 1",
        "> A 1 1",
        "> PA 1 1 \"Hello, World!",
        "< A 1 14",
        "< PA 1 14 \"at 127.0.0.1:PORT",
        "2> S 0",
        "> A 14 19 w=0",
        "< FA 19 14 +200",
        "2< RA 0 1",
        "> FA 14 20",
        "u> \"hi",
        "i< 3 3",
        "< A 20 15 !lost: queue full",
    ];

    fn text(lines: &[&str], level: Level) -> String {
        normal(&script(&World::default(), lines), level)
    }

    #[test]
    fn every_packet_is_a_line_of_its_connection() {
        let expected = r#"connection 1
  client  SYN        seq 0             mss sack ts wscale
  server  SYN, ACK   seq 0    ack 1    mss sack ts wscale
  client  ACK        seq 1    ack 1
  client  PSH, ACK   seq 1    ack 1    13 "Hello, World!"
  server  ACK        seq 1    ack 14
  server  PSH, ACK   seq 1    ack 14   18 "at 127.0.0.1:port"
  client  ACK        seq 14   ack 19  zero window
  server  FIN, ACK   seq 19   ack 14
  client  FIN, ACK   seq 14   ack 20
  server  ACK        seq 20   ack 15  lost
connection 2
  client  SYN        seq 0             mss sack ts wscale
  server  RST, ACK   seq 0    ack 1
connection 3
  client  UDP        2 "hi"
  server  ICMP 3/3
"#;
        assert_eq!(text(ECHO, Level::Packets), expected);
    }

    #[test]
    fn without_acks_the_luck_is_left_out() {
        let text = text(ECHO, Level::WithoutAcks);
        let first: Vec<_> = text.lines().skip(1).take(5).collect();
        assert_eq!(
            first[2],
            "  client  ACK        seq 1    ack 1    13 \"Hello, World!\""
        );
        assert!(first[4].contains("FIN, ACK"), "{text}");
        assert!(!text.contains("PSH"), "{text}");
    }

    #[test]
    fn streams_hold_each_byte_once() {
        let lines = [
            "> S 0",
            "< SA 0 1",
            "> A 1 1",
            "> PA 1 1 \"ab !lost: queue",
            "> PA 3 1 \"cd",
            "> PA 1 1 \"abc",
            "> PA 3 1 \"cdef",
            "< R 1",
        ];
        let expected = "connection 1\n  \
            client  SYN  mss sack ts wscale\n  \
            client  6 \"abcdef\"\n  \
            client  no end\n  \
            server  SYN  mss sack ts wscale\n  \
            server  no bytes\n  \
            server  RST\n";
        let streams = |limit| text(&lines, Level::Streams { limit });
        assert_eq!(streams(None), expected);
        // Who looks at the start only does not see how it ends.
        let four = expected
            .replace("6 \"abcdef\"", "the first 4 bytes \"abcd\"")
            .replace("  client  no end\n", "");
        assert_eq!(streams(Some(4)), four);
        assert_eq!(streams(Some(7)), expected);
    }

    #[test]
    fn datagrams_stay_apart_in_streams() {
        let lines = ["u> \"hi", "u< \"", "u> \"ho", "i< 3 3"];
        let expected = "connection 1\n  \
            client  UDP  2 \"hi\"\n  \
            client  UDP  2 \"ho\"\n  \
            server  UDP  0 \"\"\n  \
            server  ICMP 3/3\n";
        let streams = text(&lines, Level::Streams { limit: None });
        assert_eq!(streams, expected);
    }

    #[test]
    fn what_is_said_of_groups_is_left_out() {
        let mut capture = script(&World::default(), &["u> \"hi", "u> \"ho"]);
        let form = normal(&capture, Level::Packets);
        // The second datagram says that it is something else.
        let protocol = |frame: &mut Vec<u8>, number| {
            let udp = frame.iter().position(|&byte| byte == 17).unwrap();
            frame[udp] = number;
        };
        protocol(&mut capture.frames[1].bytes, IGMP);
        let without = normal(&capture, Level::Packets);
        assert_eq!(form, without + "  client  UDP        2 \"ho\"\n");
        protocol(&mut capture.frames[0].bytes, 3);
        assert!(normal(&capture, Level::Packets).contains("IP 3"));
    }

    #[test]
    fn a_packet_that_changes_changes_the_form() {
        let before = text(ECHO, Level::Packets);
        let changed = |at: usize, line: &'static str| {
            let mut lines = ECHO.to_vec();
            lines[at] = line;
            text(&lines, Level::Packets)
        };
        for (at, line) in [
            (2, "> PA 1 1"),
            (3, "> PA 1 1 \"Hello, World"),
            (3, "> PA 1 1 \"Hello, world!"),
            (4, "< A 1 13"),
            (7, "> A 14 19"),
            (8, "< RA 19 14"),
            (9, "2< SA 0 1"),
            (12, "i< 3 4"),
            (13, "< A 20 15"),
        ] {
            assert_ne!(before, changed(at, line), "{line}");
        }
        let mut lines = ECHO.to_vec();
        lines.swap(4, 5);
        assert_ne!(before, text(&lines, Level::Packets));
    }

    proptest! {
        #[test]
        fn the_form_is_the_same_for_every_run(
            client_port in 32_768u16..60_000,
            server_port in 32_768u16..60_000,
            initial: [u32; 2],
            identification: u16,
            start in 0u64..4_000_000_000,
            timestamp: u32,
            maximum_segment_size: u16,
            window_scale in 0u8..15,
        ) {
            prop_assume!(client_port.abs_diff(server_port) > 9);
            let world = World {
                client_port,
                server_port,
                initial,
                identification,
                start: Duration::from_secs(start),
                timestamp,
                maximum_segment_size,
                window_scale,
            };
            for level in [
                Level::Packets,
                Level::WithoutAcks,
                Level::Streams { limit: None },
                Level::Streams { limit: Some(3) },
            ] {
                let here = text(ECHO, level);
                prop_assert_eq!(&here, &normal(&script(&world, ECHO), level));
            }
        }
    }
}
