//! Exercise 11, messages: bytes go in, an answer's parts come out, and the
//! other way round (RFC 1035, section 4).

use crate::check::Shown;

/// A name, label by label, in lower case.
pub type Name = Vec<Vec<u8>>;

pub const A: u16 = 1;
pub const CNAME: u16 = 5;
pub const TXT: u16 = 16;
pub const AAAA: u16 = 28;

/// Where the question's name stands, as a pointer to it.
pub const TO_QUESTION: [u8; 2] = [0xc0, 12];

/// An answer, whatever way its names are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub id: u16,
    pub flags: u16,
    /// As many as the header says: of questions and answers, of what stands
    /// in the two other sections.
    pub counts: [u16; 4],
    /// The question's bytes, as they are.
    pub asked: Vec<u8>,
    pub records: Vec<Record>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    pub owner: Name,
    /// Whether the owner was written as [`TO_QUESTION`].
    pub points: bool,
    pub kind: u16,
    pub class: u16,
    pub ttl: u32,
    /// Its bytes; of a `CNAME`, the name without compression.
    pub data: Vec<u8>,
}

impl Reply {
    /// Reads a message without rest; `None` if it is none.
    pub fn read(bytes: &[u8]) -> Option<Reply> {
        let mut at = 0;
        let [id, flags] = [two(bytes, &mut at)?, two(bytes, &mut at)?];
        let mut counts = [0; 4];
        for count in &mut counts {
            *count = two(bytes, &mut at)?;
        }
        for _ in 0..counts[0] {
            name(bytes, &mut at)?;
            at += 4;
        }
        let asked = bytes.get(12..at)?.to_vec();
        let mut records = Vec::new();
        for _ in 0..counts[1] {
            records.push(Record::read(bytes, &mut at)?);
        }
        // The other two sections are empty in every right answer.
        (at == bytes.len()).then_some(Reply {
            id,
            flags,
            counts,
            asked,
            records,
        })
    }

    /// The bytes of one right way to write it.
    pub fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for field in [self.id, self.flags].iter().chain(&self.counts) {
            bytes.extend(field.to_be_bytes());
        }
        bytes.extend(&self.asked);
        for record in &self.records {
            bytes.extend(record.write());
        }
        bytes
    }

    /// The same in the one order in which answers are compared: the aliases
    /// as they come, then the rest, whose order is free.
    pub fn in_order(mut self) -> Reply {
        let is_alias = |record: &&Record| record.kind == CNAME;
        let aliases = self.records.iter().take_while(is_alias).count();
        self.records[aliases..].sort();
        self
    }
}

impl Record {
    fn read(bytes: &[u8], at: &mut usize) -> Option<Record> {
        let points = bytes.get(*at..)?.starts_with(&TO_QUESTION);
        let owner = name(bytes, at)?;
        let [kind, class] = [two(bytes, at)?, two(bytes, at)?];
        let [high, low] = [two(bytes, at)?, two(bytes, at)?];
        let length = usize::from(two(bytes, at)?);
        let start = *at;
        *at += length;
        let mut data = bytes.get(start..*at)?.to_vec();
        if kind == CNAME {
            let mut end = start;
            data = write_name(&name(bytes, &mut end)?);
            (end == *at).then_some(())?;
        }
        Some(Record {
            owner,
            points,
            kind,
            class,
            ttl: u32::from(high) << 16 | u32::from(low),
            data,
        })
    }

    fn write(&self) -> Vec<u8> {
        let mut bytes = match self.points {
            true => TO_QUESTION.to_vec(),
            false => write_name(&self.owner),
        };
        bytes.extend(self.kind.to_be_bytes());
        bytes.extend(self.class.to_be_bytes());
        bytes.extend(self.ttl.to_be_bytes());
        bytes.extend((self.data.len() as u16).to_be_bytes());
        bytes.extend(&self.data);
        bytes
    }
}

fn two(bytes: &[u8], at: &mut usize) -> Option<u16> {
    let two = bytes.get(*at..)?.first_chunk()?;
    *at += 2;
    Some(u16::from_be_bytes(*two))
}

/// The name at `at`, which is moved behind it.
pub fn name(bytes: &[u8], at: &mut usize) -> Option<Name> {
    let (mut place, mut start, mut after) = (*at, *at, None);
    let (mut name, mut size) = (Name::new(), 1);
    loop {
        let length = usize::from(*bytes.get(place)?);
        match length {
            0 => {
                *at = after.unwrap_or(place + 1);
                return Some(name);
            }
            1..64 => {
                let label = bytes.get(place + 1..place + 1 + length)?;
                name.push(label.to_ascii_lowercase());
                place += 1 + length;
                size += 1 + length;
            }
            0xc0.. => {
                let low = usize::from(*bytes.get(place + 1)?);
                after = after.or(Some(place + 2));
                place = (length & 0x3f) << 8 | low;
                // Only back, or it may never end (section 4.1.4).
                (place < start).then_some(())?;
                start = place;
            }
            _ => return None,
        }
        (size <= 255).then_some(())?;
    }
}

pub fn write_name(name: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for label in name {
        bytes.push(label.len() as u8);
        bytes.extend(label);
    }
    bytes.push(0);
    bytes
}

/// A message in numbers and names, which are the same in every language:
/// its header's six fields, then a line for each question and record. What
/// is no message is shown as bytes.
pub fn shown(bytes: &[u8]) -> Shown {
    let Some(reply) = Reply::read(bytes) else {
        return Shown::hex(bytes);
    };
    let fields = bytes[..12].chunks(2);
    let fields = fields.map(|two| format!("{:02x}{:02x}", two[0], two[1]));
    let mut lines = vec![fields.collect::<Vec<_>>().join(" ")];
    lines.extend(question(&reply.asked));
    lines.extend(reply.records.iter().map(line));
    Shown::plain(lines.join("\n"))
}

/// The letters as they are: their case is part of an answer.
fn question(asked: &[u8]) -> Option<String> {
    let mut at = 0;
    let mut labels = Vec::new();
    while let Some((&length, rest)) = asked.get(at..)?.split_first() {
        let label = rest.get(..length.into())?;
        at += 1 + label.len();
        match label {
            [] => break,
            label => labels.push(escaped(label)),
        }
    }
    let [kind, class] = [two(asked, &mut at)?, two(asked, &mut at)?];
    let name = labels.join(".");
    Some(format!("? {name}. {} {class}", kind_name(kind)))
}

fn line(record: &Record) -> String {
    let owner = dotted(&record.owner);
    let owner = match record.points {
        true => format!("c0 0c ({owner})"),
        false => owner,
    };
    let data = &record.data;
    let data = match (record.kind, data.as_slice()) {
        (A, [a, b, c, d]) => format!("{a}.{b}.{c}.{d}"),
        (AAAA, data) if data.len() == 16 => {
            let sixteen: [u8; 16] = data.try_into().unwrap_or_default();
            std::net::Ipv6Addr::from(sixteen).to_string()
        }
        (CNAME, data) => dotted(&name(data, &mut 0).unwrap_or_default()),
        (_, data) if data.len() <= 24 => data.escape_ascii().to_string(),
        _ => format!("[{} B]", data.len()),
    };
    let kind = kind_name(record.kind);
    format!("{owner} {} {} {kind} {data}", record.ttl, record.class)
}

fn dotted(name: &Name) -> String {
    let labels = name.iter().map(|label| format!("{}.", escaped(label)));
    labels.collect()
}

/// A dot that ends no label is written as in RFC 1035, section 5.1.
fn escaped(label: &[u8]) -> String {
    label.escape_ascii().to_string().replace('.', r"\.")
}

/// Others as RFC 3597, section 5 writes them.
fn kind_name(kind: u16) -> String {
    match kind {
        A => "A".to_owned(),
        CNAME => "CNAME".to_owned(),
        TXT => "TXT".to_owned(),
        AAAA => "AAAA".to_owned(),
        other => format!("TYPE{other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_in_a_label_is_none_between_two() {
        let labels = [&b"a.b"[..], b"x\x04wire"].map(Vec::from);
        assert_eq!(dotted(&labels.to_vec()), r"a\.b.x\x04wire.");
        let asked = [&write_name(&labels)[..], &[0, 1, 0, 1]].concat();
        let shown = question(&asked).unwrap();
        assert_eq!(shown, r"? a\.b.x\x04wire. A 1");
    }

    #[test]
    fn names_go_on_further_back_and_nowhere_else() {
        let bytes = b"\x01a\0\x01B\xc0\x00\x02cc\xc0\x03";
        let mut at = 7;
        let found = name(bytes, &mut at).unwrap();
        assert_eq!(found, [&b"cc"[..], b"b", b"a"]);
        assert_eq!(at, bytes.len());
        for evil in [
            &b"\xc0\x00"[..],
            b"\x01a\xc0\x00",
            b"\x01a\xc0\x02",
            b"\xc0\x02\xc0\x00",
            b"\x01a",
            b"\x02a",
            b"\xc0",
            b"\x40a\0",
            b"\x80a\0",
        ] {
            assert_eq!(name(evil, &mut 0), None, "{evil:?}");
        }
        let long = [&[63; 64][..], &[63; 64], &[63; 64], &[61; 62], &[0]];
        assert!(name(&long.concat(), &mut 0).is_some());
        let long = [&[63; 64][..], &[63; 64], &[63; 64], &[62; 63], &[0]];
        assert!(name(&long.concat(), &mut 0).is_none());
    }
}
