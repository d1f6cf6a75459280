//! Captures for tests: in go lines such as `> PA 1 1 "hello`, out comes what
//! a machine with these ports and numbers would have captured.
//!
//! `>` is from the client, `<` from the server; a digit in front is the
//! connection, `u` is UDP and `i` an ICMP error about the last datagram.
//! Then the flags, the sequence and acknowledgement numbers, and any of
//! `w=WINDOW`, `+MILLISECONDS`, `"PAYLOAD`, `!COMMENT` (the last two go on
//! to the end; a payload ends before ` +` or ` !`). `PORT` in a payload is the
//! server's.

use std::time::Duration;

use etherparse::{Ipv4Header, PacketBuilder, TcpOptionElement};

use crate::wire::{Capture, Frame, LinkType};

/// What differs between two runs of the same program.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) client_port: u16,
    pub(crate) server_port: u16,
    pub(crate) initial: [u32; 2],
    pub(crate) identification: u16,
    pub(crate) start: Duration,
    pub(crate) timestamp: u32,
    /// The machine's, of its interface and its memory.
    pub(crate) maximum_segment_size: u16,
    pub(crate) window_scale: u8,
}

impl Default for World {
    fn default() -> World {
        World {
            client_port: 40_000,
            server_port: 47_000,
            initial: [1_000, u32::MAX - 1],
            identification: 9,
            start: Duration::from_secs(1_700_000_000),
            timestamp: 77,
            maximum_segment_size: 65_495,
            window_scale: 10,
        }
    }
}

const HOME: [u8; 4] = [127, 0, 0, 1];

pub(crate) fn script(world: &World, lines: &[&str]) -> Capture {
    let mut time = world.start;
    let mut frames: Vec<Frame> = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let line = Line::parse(line);
        time += Duration::from_millis(line.pause);
        let bytes = match line.who {
            'i' => {
                let quoted = &frames.last().expect("a datagram").bytes;
                icmp(line.sequence as u8, line.acknowledgement as u8, quoted)
            }
            'u' => udp(world, &line),
            _ => tcp(world, &line, index as u16),
        };
        frames.push(Frame {
            time,
            len: bytes.len(),
            bytes,
            comment: line.comment.map(String::from),
        });
        time += Duration::from_micros(20);
    }
    Capture {
        link: LinkType::Raw,
        interface: "lo".into(),
        frames,
    }
}

struct Line<'a> {
    who: char,
    from_client: bool,
    flags: &'a str,
    sequence: u32,
    acknowledgement: u32,
    window: u16,
    pause: u64,
    payload: &'a str,
    comment: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn parse(line: &'a str) -> Line<'a> {
        let (rest, comment) = match line.split_once(" !") {
            Some((rest, comment)) => (rest, Some(comment)),
            None => (line, None),
        };
        let (rest, pause) = match rest.split_once(" +") {
            Some((rest, pause)) => (rest, pause.parse().expect("time")),
            None => (rest, 0),
        };
        let (head, payload) = rest.split_once(" \"").unwrap_or((rest, ""));
        let mut words = head.split(' ');
        let ends = words.next().expect("ends");
        let who = ends.chars().next().filter(|c| c.is_alphanumeric());
        let mut window = 512;
        let mut flags = "";
        let mut numbers = Vec::new();
        for word in words {
            if let Some(given) = word.strip_prefix("w=") {
                window = given.parse().expect("a window");
            } else if let Ok(number) = word.parse::<u32>() {
                numbers.push(number);
            } else {
                flags = word;
            }
        }
        Line {
            who: who.unwrap_or('1'),
            from_client: ends.ends_with('>'),
            flags,
            sequence: numbers.first().copied().unwrap_or(0),
            acknowledgement: numbers.get(1).copied().unwrap_or(0),
            window,
            pause,
            payload,
            comment,
        }
    }

    fn ports(&self, world: &World) -> (u16, u16) {
        let offset = self.who.to_digit(10).unwrap_or(1) as u16 - 1;
        let client = world.client_port + offset;
        match self.from_client {
            true => (client, world.server_port),
            false => (world.server_port, client),
        }
    }
}

fn tcp(world: &World, line: &Line, index: u16) -> Vec<u8> {
    let (source, destination) = line.ports(world);
    let has = |flag| line.flags.contains(flag);
    let (sequence, acknowledgement) = numbers(world, line);
    let mut header =
        Ipv4Header::new(0, 64, etherparse::IpNumber::TCP, HOME, HOME)
            .expect("a header");
    header.identification = world.identification.wrapping_add(index);
    let mut builder = PacketBuilder::ip(etherparse::IpHeaders::Ipv4(
        header,
        Default::default(),
    ))
    .tcp(source, destination, sequence, line.window);
    if has('A') {
        builder = builder.ack(acknowledgement);
    }
    for flag in line.flags.chars() {
        builder = match flag {
            'S' => builder.syn(),
            'P' => builder.psh(),
            'F' => builder.fin(),
            'R' => builder.rst(),
            _ => builder,
        };
    }
    let builder = builder
        .options(&options(world, has('S'), index))
        .expect("options that fit");
    let mut bytes = Vec::new();
    let port = world.server_port.to_string();
    let payload = line.payload.replace("PORT", &port);
    builder
        .write(&mut bytes, payload.as_bytes())
        .expect("a vector");
    bytes
}

/// As they stand in the header.
fn numbers(world: &World, line: &Line) -> (u32, u32) {
    let [mine, other] = match line.from_client {
        true => world.initial,
        false => [world.initial[1], world.initial[0]],
    };
    // The number of a reset that answers a SYN is 0 itself.
    let refuses = line.flags.contains('R') && line.sequence == 0;
    let sequence = match refuses {
        true => 0,
        false => mine.wrapping_add(line.sequence),
    };
    (sequence, other.wrapping_add(line.acknowledgement))
}

fn options(world: &World, syn: bool, index: u16) -> Vec<TcpOptionElement> {
    let stamps = TcpOptionElement::Timestamp(
        world.timestamp.wrapping_add(index.into()),
        world.timestamp,
    );
    match syn {
        true => vec![
            TcpOptionElement::MaximumSegmentSize(world.maximum_segment_size),
            TcpOptionElement::SelectiveAcknowledgementPermitted,
            stamps,
            TcpOptionElement::Noop,
            TcpOptionElement::WindowScale(world.window_scale),
        ],
        false => vec![TcpOptionElement::Noop, TcpOptionElement::Noop, stamps],
    }
}

fn udp(world: &World, line: &Line) -> Vec<u8> {
    let (source, destination) = line.ports(world);
    let builder = PacketBuilder::ipv4(HOME, HOME, 64).udp(source, destination);
    let mut bytes = Vec::new();
    builder
        .write(&mut bytes, line.payload.as_bytes())
        .expect("a vector");
    bytes
}

fn icmp(kind: u8, code: u8, quoted: &[u8]) -> Vec<u8> {
    let builder =
        PacketBuilder::ipv4(HOME, HOME, 64).icmpv4_raw(kind, code, [0; 4]);
    let mut bytes = Vec::new();
    builder.write(&mut bytes, quoted).expect("a vector");
    bytes
}
