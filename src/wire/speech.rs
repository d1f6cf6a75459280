//! What a payload says: in goes a packet, out comes one line, such as
//! `GET /now`, for the protocols of the course.

mod dns;
mod http;
mod tls;

use super::{Packet, Transport};

/// What one packet's payload says, by itself: nothing is put together from
/// several packets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speech {
    /// `HTTP`, `HTTP/2`, `DNS` or `TLS`.
    pub protocol: &'static str,
    /// `GET /now`, `200 OK`, `A example.org?`, `ClientHello example.org`.
    pub summary: String,
}

/// How much of a name, a path or a reason is shown.
const LONGEST: usize = 80;

/// What the payload of `packet`, a part of its frame's `bytes`, says. `None`
/// if it is empty, or says nothing that is known here.
pub fn of(packet: &Packet, bytes: &[u8]) -> Option<Speech> {
    let payload = bytes.get(packet.payload.clone())?;
    let (source, destination) = packet.ends()?;
    let port = |port: u16| source.port() == port || destination.port() == port;
    match packet.transport {
        Transport::Udp { .. } => dns::message(payload, port(53) || port(5353)),
        Transport::Tcp(_) if port(53) => dns::stream(payload),
        Transport::Tcp(_) => {
            http::message(payload).or_else(|| tls::records(payload))
        }
        _ => None,
    }
}

/// Text as it may be shown: no control characters, and not too long.
fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * LONGEST)]);
    let mut shown: String = text
        .chars()
        .map(|it| if it.is_control() { '\u{fffd}' } else { it })
        .take(LONGEST)
        .collect();
    if text.chars().count() > LONGEST || bytes.len() > 4 * LONGEST {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use etherparse::PacketBuilder;
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::LinkType;
    use super::*;

    fn said(tcp: bool, port: u16, payload: &[u8]) -> Option<Speech> {
        let mut bytes = Vec::new();
        let ip = PacketBuilder::ipv4([10, 0, 0, 1], [10, 0, 0, 2], 64);
        match tcp {
            true => ip.tcp(9, port, 1, 1).write(&mut bytes, payload),
            false => ip.udp(9, port).write(&mut bytes, payload),
        }
        .unwrap();
        of(&Packet::decode(LinkType::Raw, &bytes, bytes.len()), &bytes)
    }

    fn tcp(payload: &[u8]) -> Option<String> {
        said(true, 7000, payload).map(|it| it.summary)
    }

    #[test]
    fn the_first_line_of_http() {
        let cases: [(&[u8], Option<&str>); 9] = [
            (b"GET /now HTTP/1.1\r\nHost: a\r\n", Some("GET /now")),
            (b"HTTP/1.1 200 OK\r\n", Some("200 OK")),
            (b"HTTP/1.0 404\r\n", Some("404")),
            (b"HTTP/1.1 204 \r\n", Some("204")),
            (b"M-SEARCH * HTTP/1.1\r\n", Some("M-SEARCH *")),
            (b"GET /no", None),
            (b"get / HTTP/1.1\r\n", None),
            (b"HTTP/1.1 20x OK\r\n", None),
            (b" HTTP/1.1", None),
        ];
        for (payload, expected) in cases {
            let text = payload.escape_ascii().to_string();
            assert_eq!(tcp(payload).as_deref(), expected, "{text}");
        }
        let preface = said(true, 7000, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        assert_eq!(preface.unwrap().protocol, "HTTP/2");
        let long = format!("GET /{} HTTP/1.1\r\n", "a".repeat(500));
        assert_eq!(tcp(long.as_bytes()).unwrap().chars().count(), LONGEST + 1);
        assert_eq!(tcp(b"GET /\x1b[2J HTTP/1.1").unwrap(), "GET /\u{fffd}[2J");
    }

    const QUERY: &[u8] =
        b"\x12\x34\x01\0\0\x01\0\0\0\0\0\0\x07example\x03org\0\0\x01\0\x01";

    fn response(flags: &[u8], answers: u8, records: &[u8]) -> Vec<u8> {
        let mut bytes = [QUERY, records].concat();
        bytes[2..4].copy_from_slice(flags);
        bytes[7] = answers;
        bytes
    }

    #[test]
    fn questions_and_answers_of_dns() {
        let says = |bytes: &[u8]| said(false, 53, bytes).map(|it| it.summary);
        assert_eq!(says(QUERY).unwrap(), "A example.org?");
        let elsewhere = said(false, 7000, QUERY).unwrap();
        assert_eq!(elsewhere.protocol, "DNS");
        let alias = b"\xc0\x0c\0\x05\0\x01\0\0\0\0\0\x06\x03www\xc0\x0c";
        let address = b"\xc0\x29\0\x01\0\x01\0\0\0\0\0\x04\xc0\0\x02\x01";
        let both = [&alias[..], address].concat();
        assert_eq!(
            says(&response(b"\x81\x80", 2, &both)).unwrap(),
            "A example.org: CNAME www.example.org, 192.0.2.1"
        );
        let cut = response(b"\x81\x80", 2, alias);
        assert_eq!(
            says(&cut).unwrap(),
            "A example.org: CNAME www.example.org, …"
        );
        assert_eq!(
            says(&response(b"\x81\x83", 0, b"")).unwrap(),
            "A example.org: NXDOMAIN"
        );
        let framed = [&[0, QUERY.len() as u8], QUERY].concat();
        let stream = said(true, 53, &framed).unwrap();
        assert_eq!(stream.summary, "A example.org?");
        for end in 0..QUERY.len() {
            assert_eq!(says(&QUERY[..end]), None);
        }
    }

    #[test]
    fn a_name_that_points_at_itself_ends() {
        let mut message = QUERY[..12].to_vec();
        for (at, pointer) in [(12, b"\xc0\x0c"), (12, b"\xc0\x20")] {
            message.truncate(at);
            message.extend(pointer);
            message.extend([0, 1, 0, 1]);
            assert_eq!(said(false, 53, &message), None);
        }
        // Names of pointers back, each to the one before it.
        let mut message = QUERY[..12].to_vec();
        message.push(0);
        for at in 12..2000u16 {
            let target = if at == 12 { 12 } else { 13 + (at - 13) * 2 };
            message.extend((0xc000 | target).to_be_bytes());
        }
        let _ = said(false, 53, &message);
    }

    #[test]
    fn records_of_tls() {
        let name = b"example.org";
        let mut hello = vec![3, 3];
        hello.extend([7; 32]);
        hello.extend([0, 0, 2, 0x13, 1, 1, 0]);
        let length = name.len() as u8;
        hello.extend([0, length + 9, 0, 0, 0, length + 5]);
        hello.extend([0, length + 3, 0, 0, length]);
        hello.extend(name);
        let size = hello.len() as u8;
        let head = [22, 3, 1, 0, size + 4, 1, 0, 0, size];
        let record = [&head[..], &hello].concat();
        assert_eq!(tcp(&record).unwrap(), "ClientHello example.org");
        for end in 6..record.len() {
            let _ = tcp(&record[..end]);
        }
        let rest = b"\x14\x03\x03\0\x01\x01\x17\x03\x03\0\x02ab";
        assert_eq!(tcp(rest).unwrap(), "ChangeCipherSpec, ApplicationData");
        assert_eq!(tcp(b"\x17\x02\x03\0\x02ab"), None);
        let alert = b"\x15\x03\x03\0\x02\x02\x30";
        assert_eq!(tcp(alert).unwrap(), "Alert unknown_ca");
    }

    proptest! {
        #[test]
        fn no_payload_makes_it_panic(
            bytes in vec(any::<u8>(), 0..300),
            at in 0usize..60,
            value: u8,
            tail in vec(any::<u8>(), 0..80),
        ) {
            let hello = [22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3];
            let mut hello = [&hello[..], &[0; 32], &bytes].concat();
            let mut answer = response(b"\x81\x80", 3, &tail);
            for bytes in [&mut hello, &mut answer] {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
            let query = [&[0xff, 0xff], &answer[..]].concat();
            for payload in [&bytes, &hello, &answer, &query] {
                for (tcp, port) in
                    [(false, 53), (false, 9), (true, 53), (true, 443)]
                {
                    let speech = said(tcp, port, payload);
                    let length = speech.map_or(0, |it| it.summary.len());
                    prop_assert!(length < 3000);
                }
            }
        }
    }
}
