//! What reads a peer's bytes in the companion: any bytes go in, and nothing
//! may panic, hang or contradict itself.

use wire::check::parsers::{self, End, PHASES, Reply, Report};
use wire::check::{Show, Shown};
use wire::wire::normal::{Level, normal};
use wire::wire::{Capture, Frame, LinkType, Packet};
use wire::wire::{fields, ladder, pcapng};

/// A name, and the function that takes any bytes.
pub type Target = (&'static str, fn(&[u8]));

pub const ALL: &[Target] = &[
    ("decode", decode),
    ("pcapng", pcapng),
    ("request", request),
    ("shown", shown),
    ("message", message),
    ("report", report),
    ("piece", piece),
];

/// The decoder: the kind of link, how many bytes the capture cut off, and a
/// frame.
pub fn decode(bytes: &[u8]) {
    let [link, cut, frame @ ..] = bytes else {
        return;
    };
    let link = match link % 6 {
        0 => LinkType::Raw,
        1 => LinkType::Ethernet,
        2 => LinkType::Cooked,
        3 => LinkType::Cooked2,
        4 => LinkType::Null,
        _ => LinkType::Other(147),
    };
    let len = frame.len() + usize::from(*cut);
    let packet = Packet::decode(link, frame, len);
    assert!(packet.payload.start <= packet.payload.end);
    assert!(packet.payload.end <= frame.len());
    assert!(packet.payload.len() <= packet.payload_len);
    // Every byte has a name; parts of a byte have the same range.
    let mut last = 0..0;
    for field in fields::of(link, frame) {
        if field.range != last {
            assert_eq!(field.range.start, last.end, "{field:?}");
            last = field.range;
        }
    }
    assert_eq!(last.end, frame.len());
    let mut filled = frame.to_vec();
    pcapng::fill_checksums(link, &mut filled, len);
    assert_eq!(filled.len(), frame.len());
    pages(&Capture {
        link,
        interface: String::new(),
        frames: vec![taken(frame, len), taken(&filled, len)],
    });
}

fn taken(bytes: &[u8], len: usize) -> Frame {
    Frame {
        time: std::time::Duration::ZERO,
        bytes: bytes.to_vec(),
        len,
        comment: None,
    }
}

/// A capture file that somebody else wrote.
pub fn pcapng(file: &[u8]) {
    let Ok(capture) = pcapng::read(file) else {
        return;
    };
    // A time beyond 2554, or a length beyond 4 GiB, cannot be written.
    let written = pcapng::write(&capture);
    let again = pcapng::read(&written).expect("it was written by us");
    assert_eq!(capture.frames.len(), again.frames.len());
    for (one, other) in capture.frames.iter().zip(&again.frames) {
        assert_eq!(one.bytes, other.bytes);
        assert_eq!(one.comment, other.comment);
    }
    pages(&capture);
}

/// What the book makes of a capture.
fn pages(capture: &Capture) {
    for level in [
        Level::Packets,
        Level::WithoutAcks,
        Level::Streams { limit: Some(9) },
    ] {
        normal(capture, level);
    }
    // An error if there is no connection in it.
    ladder::whole(capture, &[], &mut |text| text.to_owned()).ok();
}

/// The head of a request that a client of exercise 14 sent.
pub fn request(head: &[u8]) {
    if let Some(path) = parsers::requested_path(head) {
        assert!(path.starts_with('/') && !path.contains([' ', '\r']));
    }
}

/// What a program sent or printed, in the rows of a story.
pub fn shown(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let show: [Show; 3] = [Shown::hex, Shown::text, Shown::lines];
    let stories = show.iter().map(|show| show(bytes));
    for story in stories.chain([Shown::plain(text)]) {
        assert!(story.what.lines().count() <= 9);
        assert!(story.what.lines().all(|row| row.chars().count() <= 58));
    }
}

/// What a name server of exercise 11 sent.
pub fn message(bytes: &[u8]) {
    parsers::message(bytes);
    if let Some(reply) = Reply::read(bytes) {
        // Names written without pointers may be longer: not the same bytes,
        // but the same message.
        assert_eq!(Reply::read(&reply.write()), Some(reply));
    }
}

/// The line that a stopwatch of exercise 5 printed.
pub fn report(line: &[u8]) {
    let Some(report) = Report::parse(line) else {
        return;
    };
    let times = PHASES.iter().zip(&report.times);
    let mut fields: Vec<String> =
        times.map(|(name, time)| format!("{name}={time}")).collect();
    fields.push(match report.end {
        End::Total(time) => format!("total={time}"),
        End::Failed => format!("failed={}", PHASES[report.times.len()]),
    });
    let again = Report::parse(fields.join(" ").as_bytes());
    assert_eq!(again, Some(report));
}

/// The line that a peer of exercise 6 sent.
pub fn piece(line: &[u8]) {
    if let Some(number) = parsers::requested_piece(line, 12) {
        assert!(number < 12);
        assert_eq!(line, format!("get {number}\n").as_bytes());
    }
}
