//! Exercise 11, the zone: a question goes in, the right answer comes out.
//! The page prints the same table.

use super::message::{
    A, AAAA, CNAME, Name, Record, Reply, TXT, name, write_name,
};

pub const FORMERR: u16 = 1;
pub const NXDOMAIN: u16 = 3;
pub const NOTIMP: u16 = 4;
pub const REFUSED: u16 = 5;

pub const RESPONSE: u16 = 0x8000;
pub const OPCODE: u16 = 0x7800;
const AUTHORITATIVE: u16 = 0x0400;
const TRUNCATED: u16 = 0x0200;
const RECURSION_DESIRED: u16 = 0x0100;

/// Most bytes of an answer over UDP (RFC 1035, section 4.2.1).
pub const OVER_UDP: usize = 512;
pub const OVER_TCP: usize = 65_535;

const TTL: u32 = 60;

/// `www`, as a name of the zone.
pub fn within(labels: &str) -> Name {
    let labels = labels.split('.').filter(|label| !label.is_empty());
    let labels = labels.chain(["wire", "example"]);
    labels.map(|label| label.as_bytes().to_vec()).collect()
}

fn records() -> Vec<(Name, u16, Vec<u8>)> {
    let address = |last| vec![192, 0, 2, last];
    let alias = |target: Name| write_name(&target);
    let elsewhere = [&b"www"[..], b"example", b"net"];
    let x = &[b'x'; 255];
    let mut records = vec![
        ("www", A, address(1)),
        ("www", A, address(2)),
        (
            "www",
            AAAA,
            b"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01".into(),
        ),
        ("alias", CNAME, alias(within("www"))),
        ("again", CNAME, alias(within("alias"))),
        ("away", CNAME, alias(elsewhere.map(Vec::from).into())),
        ("a.b", A, address(3)),
    ];
    records.extend([
        ("text", TXT, strings(&[b"bytes on the wire", b""])),
        ("full", TXT, strings(&[x, &x[..208]])),
        ("over", TXT, strings(&[x, &x[..209]])),
        ("long", TXT, strings(&[&x[..]; 16])),
    ]);
    let records = records.into_iter();
    records
        .map(|(owner, kind, data)| (within(owner), kind, data))
        .collect()
}

fn strings(strings: &[&[u8]]) -> Vec<u8> {
    let one = |text: &&[u8]| [&[text.len() as u8], *text].concat();
    strings.iter().flat_map(one).collect()
}

/// The right answer to a message; `None` if it gets none.
pub fn reply(message: &[u8], most: usize) -> Option<Reply> {
    let header: &[u8; 12] = message.first_chunk()?;
    let [id, flags, questions] =
        [0, 2, 4].map(|at| u16::from_be_bytes([header[at], header[at + 1]]));
    if flags & RESPONSE > 0 {
        return None;
    }
    let mut reply = Reply {
        id,
        flags: RESPONSE | flags & (OPCODE | RECURSION_DESIRED),
        counts: [0; 4],
        asked: Vec::new(),
        records: Vec::new(),
    };
    if flags & OPCODE > 0 {
        reply.flags |= NOTIMP;
        return Some(reply);
    }
    let asked = question(message);
    let (1, Some((owner, kind, class, end))) = (questions, asked) else {
        reply.flags |= FORMERR;
        return Some(reply);
    };
    reply.counts[0] = 1;
    reply.asked = message[12..end].to_vec();
    if class != 1 || !owner.ends_with(&within("")) {
        reply.flags |= REFUSED;
        return Some(reply);
    }
    reply.answer(look_up(&owner, kind), most);
    Some(reply)
}

impl Reply {
    /// What the zone says, as far as there is room for it.
    fn answer(&mut self, found: Option<Vec<Record>>, most: usize) {
        self.flags |= AUTHORITATIVE;
        if found.is_none() {
            self.flags |= NXDOMAIN;
        }
        self.records = found.unwrap_or_default();
        self.counts[1] = self.records.len() as u16;
        if self.write().len() > most {
            self.flags |= TRUNCATED;
            self.counts[1] = 0;
            self.records.clear();
        }
    }
}

/// Name, type, class and end of the question, if it can be read.
fn question(message: &[u8]) -> Option<(Name, u16, u16, usize)> {
    let own = message.get(12..)?;
    let mut at = 0;
    // No pointer leads back from the first of all names, so none is taken.
    let owner = name(own, &mut at)?;
    let &[a, b, c, d] = own.get(at..)?.first_chunk()?;
    let [kind, class] = [[a, b], [c, d]].map(u16::from_be_bytes);
    Some((owner, kind, class, 12 + at + 4))
}

/// The answer to a question about a name of the zone; `None` if there is
/// neither the name nor one below it.
fn look_up(asked: &Name, kind: u16) -> Option<Vec<Record>> {
    let zone = records();
    zone.iter().find(|(name, ..)| name.ends_with(asked))?;
    let mut found = Vec::new();
    let mut owner = asked.clone();
    loop {
        let mut target = None;
        for (_, one, data) in zone.iter().filter(|it| it.0 == owner) {
            if *one == kind || *one == CNAME {
                found.push(Record {
                    owner: owner.clone(),
                    points: owner == *asked,
                    kind: *one,
                    class: 1,
                    ttl: TTL,
                    data: data.clone(),
                });
            }
            if *one == CNAME && kind != CNAME {
                target = name(data, &mut 0);
            }
        }
        match target {
            Some(target) => owner = target,
            None => return Some(found),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::super::ask::Question;
    use super::super::message::shown;
    use super::*;

    fn answered(name: &str, kind: u16, most: usize) -> Reply {
        let question = Question::new(within(name), kind);
        reply(&question.bytes(), most).unwrap()
    }

    #[test]
    fn what_is_written_reads_the_same() {
        for name in ["www", "again", "away", "text", "nobody", "b", ""] {
            for kind in [A, AAAA, CNAME, TXT, 65] {
                let reply = answered(name, kind, OVER_UDP);
                assert_eq!(Reply::read(&reply.write()), Some(reply));
            }
        }
    }

    #[test]
    fn the_limit_lies_between_full_and_over() {
        assert_eq!(answered("full", TXT, OVER_UDP).write().len(), 512);
        assert_eq!(answered("over", TXT, OVER_TCP).write().len(), 513);
        assert_eq!(answered("over", TXT, OVER_UDP).flags, 0x8700);
        assert_eq!(answered("over", TXT, OVER_UDP).records, []);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(
            bytes in vec(any::<u8>(), 0..120),
            asked in vec(any::<u8>(), 0..40),
        ) {
            shown(&bytes);
            let bytes = [&b"\0\0\0\0\0\x01\0\x02\0\0\0\0"[..], &asked].concat();
            shown(&bytes);
            let reply = reply(&bytes, OVER_UDP);
            let written = reply.as_ref().map(Reply::write);
            prop_assert_eq!(written.and_then(|it| Reply::read(&it)), reply);
        }
    }

    #[test]
    fn a_pointer_in_a_question_is_none() {
        let plain = Question::new(within("www"), A).bytes();
        let mut evil = plain[..12].to_vec();
        evil.extend(b"\x03www\xc0\x0c\0\x01\0\x01");
        assert_eq!(reply(&evil, OVER_UDP).unwrap().flags, 0x8101);
    }
}
