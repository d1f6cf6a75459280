//! Caught by: half a question over TCP, while others are served
//!
//! It serves one connection after the other.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream, UdpSocket};
use std::{env, thread};

/// Most bytes of an answer over UDP (RFC 1035 §4.2.1).
const LONGEST: usize = 512;
const A: u16 = 1;
const CNAME: u16 = 5;
const TXT: u16 = 16;
const AAAA: u16 = 28;
const FORMERR: u16 = 1;
const NXDOMAIN: u16 = 3;
const NOTIMP: u16 = 4;
const REFUSED: u16 = 5;
const RESPONSE: u16 = 0x8000;
const OPCODE: u16 = 0x7800;
const AUTHORITATIVE: u16 = 0x0400;
const TRUNCATED: u16 = 0x0200;
const RECURSION_DESIRED: u16 = 0x0100;

/// Labels in lower case, from left to right.
type Name = Vec<Vec<u8>>;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(&address)?;
    let socket = UdpSocket::bind(&address)?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = serve(stream);
        }
    });
    let mut datagram = vec![0; 65_535];
    loop {
        // Windows reports here that an earlier client has left: go on.
        let Ok((n, client)) = socket.recv_from(&mut datagram) else {
            continue;
        };
        if let Some(answer) = answer(&datagram[..n], LONGEST)
            && let Err(error) = socket.send_to(&answer, client)
        {
            eprintln!("an answer was lost: {error}");
        }
    }
}

/// One connection: questions behind their lengths, until the client's end.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    loop {
        let mut length = [0; 2];
        stream.read_exact(&mut length)?;
        let mut question = vec![0; u16::from_be_bytes(length).into()];
        stream.read_exact(&mut question)?;
        let answer = answer(&question, usize::from(u16::MAX))
            .ok_or(ErrorKind::InvalidData)?;
        let length = (answer.len() as u16).to_be_bytes();
        stream.write_all(&[&length, &answer[..]].concat())?;
    }
}

/// The answer to a message of at most `longest` bytes; `None` if it gets
/// none.
pub fn answer(message: &[u8], longest: usize) -> Option<Vec<u8>> {
    let header: &[u8; 12] = message.first_chunk()?;
    let [id, flags, questions] =
        [0, 2, 4].map(|at| u16::from_be_bytes([header[at], header[at + 1]]));
    if flags & RESPONSE > 0 {
        return None;
    }
    let kept = RESPONSE | flags & (OPCODE | RECURSION_DESIRED);
    let refuse = |code| reply(id, kept | code, &[], &[]);
    if flags & OPCODE > 0 {
        return Some(refuse(NOTIMP));
    }
    let question = Question::read(&message[12..]);
    let (1, Some(question)) = (questions, question) else {
        return Some(refuse(FORMERR));
    };
    let asked = &message[12..12 + question.length];
    if question.class != 1 || !ends_with(&question.name, &name("")) {
        return Some(reply(id, kept | REFUSED, asked, &[]));
    }
    let (code, records) = look_up(&question);
    let kept = kept | AUTHORITATIVE | code;
    let whole = reply(id, kept, asked, &records);
    if whole.len() > longest {
        return Some(reply(id, kept | TRUNCATED, asked, &[]));
    }
    Some(whole)
}

fn reply(id: u16, flags: u16, asked: &[u8], records: &[Vec<u8>]) -> Vec<u8> {
    let questions = u16::from(!asked.is_empty());
    let header = [id, flags, questions, records.len() as u16, 0, 0];
    let header = header.map(u16::to_be_bytes).concat();
    [&header, asked, &records.concat()].concat()
}

struct Question {
    name: Name,
    kind: u16,
    class: u16,
    /// Its bytes in the message.
    length: usize,
}

impl Question {
    /// `None` if it is cut off, or its name is none.
    fn read(bytes: &[u8]) -> Option<Question> {
        let mut name = Name::new();
        let mut rest = bytes;
        loop {
            let (&length, behind) = rest.split_first()?;
            // A pointer has nothing to point to: this is the first name.
            if length > 63 {
                return None;
            }
            let (label, behind) =
                behind.split_at_checked(usize::from(length))?;
            rest = behind;
            if bytes.len() - rest.len() > 255 {
                return None;
            }
            if label.is_empty() {
                break;
            }
            name.push(label.to_ascii_lowercase());
        }
        let (&[a, b, c, d], rest) = rest.split_first_chunk()?;
        Some(Question {
            name,
            kind: u16::from_be_bytes([a, b]),
            class: u16::from_be_bytes([c, d]),
            length: bytes.len() - rest.len(),
        })
    }
}

/// `www`, as a name of the zone.
fn name(within: &str) -> Name {
    let labels = within.split('.').filter(|label| !label.is_empty());
    let labels = labels.chain(["wire", "example"]);
    labels.map(|label| label.as_bytes().to_vec()).collect()
}

fn ends_with(name: &Name, end: &Name) -> bool {
    name.len() >= end.len() && name[name.len() - end.len()..] == end[..]
}

/// The response code, and the records with their owners.
fn look_up(question: &Question) -> (u16, Vec<Vec<u8>>) {
    let zone = zone();
    let mut owner = question.name.clone();
    let mut records = Vec::new();
    loop {
        // The question's own name stands at byte 12.
        let at = match owner == question.name {
            true => vec![0xc0, 12],
            false => encode(&owner),
        };
        let own = zone.iter().filter(|(name, ..)| *name == owner);
        let fits = |kind: u16| kind == question.kind || kind == CNAME;
        let found: Vec<_> = own.filter(|(_, kind, _)| fits(*kind)).collect();
        for (_, kind, data) in &found {
            let fields = [*kind, 1, 0, 60, data.len() as u16];
            let fields = fields.map(u16::to_be_bytes).concat();
            records.push([&at[..], &fields, data].concat());
        }
        let alias = match found[..] {
            [(_, CNAME, target)] if question.kind != CNAME => target,
            _ => break,
        };
        // A question about what the alias stands for, of any type.
        match Question::read(&[alias, &[0; 4][..]].concat()) {
            Some(target) => owner = target.name,
            None => break,
        }
    }
    let exists =
        |(name, ..): &(Name, u16, Vec<u8>)| ends_with(name, &question.name);
    match zone.iter().any(exists) {
        true => (0, records),
        false => (NXDOMAIN, records),
    }
}

fn zone() -> Vec<(Name, u16, Vec<u8>)> {
    let v4 = |last| Ipv4Addr::new(192, 0, 2, last).octets().to_vec();
    let v6 = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1).octets();
    let elsewhere = ["www", "example", "net"].map(|label| label.into());
    let text = |strings: &[&[u8]]| {
        let one = |text: &&[u8]| [&[text.len() as u8], *text].concat();
        strings.iter().map(one).collect::<Vec<_>>().concat()
    };
    let x = &[b'x'; 255];
    [
        ("www", A, v4(1)),
        ("www", A, v4(2)),
        ("www", AAAA, v6.to_vec()),
        ("alias", CNAME, encode(&name("www"))),
        ("again", CNAME, encode(&name("alias"))),
        ("away", CNAME, encode(&elsewhere.to_vec())),
        ("a.b", A, v4(3)),
        ("text", TXT, text(&[b"bytes on the wire", b""])),
        ("full", TXT, text(&[x, &x[..208]])),
        ("over", TXT, text(&[x, &x[..209]])),
        ("long", TXT, text(&[&x[..]; 16])),
    ]
    .map(|(owner, kind, data)| (name(owner), kind, data))
    .into()
}

fn encode(name: &Name) -> Vec<u8> {
    let labels = name.iter();
    let mut bytes: Vec<u8> = labels
        .flat_map(|label| [&[label.len() as u8], &label[..]].concat())
        .collect();
    bytes.push(0);
    bytes
}
