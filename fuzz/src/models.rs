//! Solutions that need nothing but the standard library: any bytes go in, and
//! a solution must say the same as its check's model. The two were written
//! apart.

use std::net::Ipv4Addr;

use wire::check::parsers::{self, Prefix, Question, Reply, Table};

// Programs are no libraries: there is no other way to call what is in them.
#[allow(dead_code)]
#[path = "../../exercises/solutions/exercise10.rs"]
mod solution10;
#[allow(dead_code)]
#[path = "../../exercises/solutions/exercise11.rs"]
mod solution11;
#[allow(dead_code)]
#[path = "../../exercises/solutions/exercise2.rs"]
mod solution2;
#[allow(dead_code)]
#[path = "../../exercises/solutions/exercise4.rs"]
mod solution4;
#[allow(dead_code)]
#[path = "../../exercises/solutions/exercise7.rs"]
mod solution7;
#[allow(dead_code)]
#[path = "../../exercises/solutions/exercise8.rs"]
mod solution8;
#[allow(dead_code)]
#[path = "../../exercises/solutions/exercise9.rs"]
mod solution9;

/// A name, and the function that takes any bytes.
pub type Target = (&'static str, fn(&[u8]));

pub const ALL: &[Target] = &[
    ("dissect", dissect),
    ("routes", routes),
    ("frames", frames),
    ("codec", codec),
    ("sorter", sorter),
    ("responder", responder),
    ("zone", zone),
];

/// Exercise 2: a frame.
pub fn dissect(frame: &[u8]) {
    // Longer frames do not fit into a line of the exercise.
    let frame = &frame[..frame.len().min(2047)];
    assert_eq!(parsers::dissect(frame), solution2::parse(frame));
}

/// Exercise 4: lines of one conversation. The model knows no lines, so they
/// are taken apart here, by what the page says and no other way.
pub fn routes(stream: &[u8]) {
    let mut table = solution4::Table::default();
    let mut model = Table::default();
    for line in stream.split(|byte| *byte == b'\n') {
        let right = match solution4::answer(line, &mut table) {
            Ok(answer) => answer,
            Err(what) => format!("error {what}"),
        };
        match expected(line, &mut model) {
            Some(answer) => assert_eq!(right, answer, "{line:?}"),
            None => {
                let errors = ["line", "prefix", "next", "cost", "address"];
                let known = |what: &&str| right == format!("error bad {what}");
                let known = errors.iter().chain(&["ttl"]).any(known);
                assert!(known, "{line:?}: {right}");
            }
        }
    }
}

/// The model's answer to a line; `None` if something is wrong in it.
fn expected(line: &[u8], table: &mut Table) -> Option<String> {
    let line = str::from_utf8(line).ok()?;
    match line.split(' ').collect::<Vec<_>>()[..] {
        ["add", prefix, next, cost] => {
            let cost = number(cost).filter(|it| (1..=65_535).contains(it));
            table.add(network(prefix)?, named(next)?, cost?);
            Some("ok".to_owned())
        }
        ["withdraw", prefix, next] => {
            let said = table.withdraw(network(prefix)?, named(next)?);
            Some(said.to_owned())
        }
        ["forward", address, ttl] => {
            let address: Ipv4Addr = address.parse().ok()?;
            let ttl = number(ttl)?.try_into().ok()?;
            Some(table.forward(address.to_bits(), ttl))
        }
        _ => None,
    }
}

fn network(text: &str) -> Option<Prefix> {
    let (address, length) = text.split_once('/')?;
    let address: Ipv4Addr = address.parse().ok()?;
    let length = number(length).filter(|length| *length <= 32)?;
    let prefix = Prefix::new(address.to_bits(), length);
    (prefix.first == address.to_bits()).then_some(prefix)
}

fn named(text: &str) -> Option<&str> {
    let right = text.chars().all(|it| it.is_ascii_alphanumeric());
    (right && (1..=8).contains(&text.len())).then_some(text)
}

fn number(text: &str) -> Option<u32> {
    let number: u32 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// Exercise 7: a stream of frames, each a length and a message.
pub fn frames(stream: &[u8]) {
    let mut rest = stream;
    let mut whole = Vec::new();
    while let Ok(Some(message)) = solution7::read_frame(&mut rest) {
        whole.extend((message.len() as u16).to_be_bytes());
        whole.extend(message);
    }
    assert!(stream.starts_with(&whole));
}

/// Exercise 8: a body; then as a stream that begins with a length.
pub fn codec(body: &[u8]) {
    let checksum = parsers::crc32(body);
    assert_eq!(solution8::crc32(body), checksum);
    let answer = match solution8::judge(body, checksum) {
        Ok(answer) => answer,
        Err(problem) => parsers::refusal(problem as u8),
    };
    assert_eq!(answer, parsers::encoded(body));
    let damaged = solution8::judge(body, !checksum);
    assert_eq!(damaged, Err(solution8::Problem::BadChecksum));

    let mut rest = body;
    if let Ok(Some(Ok(length))) = solution8::read_length(&mut rest) {
        assert!(length <= 4096);
        // A length has one way to be written.
        let record = parsers::record(&vec![0; length]);
        assert!(record.starts_with(&body[..body.len() - rest.len()]));
    }
}

/// Exercise 9: all that a client sent.
pub fn sorter(sent: &[u8]) {
    assert_eq!(solution9::sorted(sent), parsers::sorted(sent));
}

/// Exercise 10: a datagram.
pub fn responder(datagram: &[u8]) {
    let answer = solution10::answer(datagram);
    let expected = match datagram {
        [b'Q', high, low, count, text @ ..] if text.len() <= 396 => {
            let id = u16::from_be_bytes([*high, *low]);
            let count = *count;
            Some(Question { id, count, text }.answer())
        }
        _ => None,
    };
    assert_eq!(answer, expected);
    if let Some(answer) = answer {
        assert!(answer.len() <= 3 * datagram.len());
        // Nor may an answer be answered.
        assert_eq!(solution10::answer(&answer), None);
    }
}

/// Exercise 11: a question over UDP, and over TCP.
pub fn zone(question: &[u8]) {
    for most in [512, 65_535] {
        let answer = solution11::answer(question, most);
        let expected = parsers::zone_says(question, most);
        let read = |bytes: &Vec<u8>| Reply::read(bytes).map(Reply::in_order);
        let said = answer.as_ref().map(|it| read(it).expect("a message"));
        assert_eq!(said, expected.map(Reply::in_order));
        if let Some(answer) = answer {
            assert!(answer.len() <= most);
            assert_eq!(solution11::answer(&answer, most), None);
        }
    }
}
