//! DNS: in goes a message, out comes its question, with what was answered
//! (RFC 1035, section 4).

use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::bytes::{be16, be32};
use super::{Speech, shown};

/// Without the byte that ends it (RFC 1035, section 2.3.4).
const LONGEST_NAME: usize = 254;

/// A message of its own. `sure` if its port says that it is one; otherwise
/// it has to look like one in every field.
pub(super) fn message(bytes: &[u8], sure: bool) -> Option<Speech> {
    let header = bytes.get(..12)?;
    let flags = be16(header, 2);
    let [questions, answers] = [4, 6].map(|at| be16(header, at));
    if !sure && !looks_like_one(header) {
        return None;
    }
    let mut reader = Reader { bytes, at: 12 };
    let mut question = String::new();
    for number in 0..questions {
        let name = reader.name()?;
        let kind = reader.two()?;
        let class = reader.two()?;
        if !(sure || class == 1 && known(kind)) {
            return None;
        }
        if number == 0 {
            let name = shown(name.as_bytes());
            question = format!("{} {name}", type_name(kind));
        }
    }
    let summary = match (flags & 0x8000 > 0, question.is_empty()) {
        (false, _) => question + "?",
        (true, true) => said(flags & 15, answers, &mut reader),
        (true, false) => {
            question + ": " + &said(flags & 15, answers, &mut reader)
        }
    };
    Some(Speech {
        protocol: "DNS",
        summary,
    })
}

/// One plain question, few records, and no bit set that has to be clear.
fn looks_like_one(header: &[u8]) -> bool {
    let flags = be16(header, 2);
    let [questions, answers, others, more] =
        [4, 6, 8, 10].map(|at| be16(header, at));
    let few = answers.max(others).max(more) < 64;
    let plain = flags & 0x7840 == 0;
    // A query has neither an error nor answers.
    let query = flags & 0x8000 > 0 || flags & 15 == 0 && answers == 0;
    questions == 1 && few && plain && query
}

/// A message in a stream stands behind its length (RFC 1035, section 4.2.2).
pub(super) fn stream(bytes: &[u8]) -> Option<Speech> {
    let length = usize::from(be16(bytes.get(..2)?, 0));
    let rest = &bytes[2..];
    message(&rest[..rest.len().min(length)], true)
}

/// An error by its name, or the answers.
fn said(code: u16, answers: u16, reader: &mut Reader) -> String {
    const CODES: [&str; 6] = [
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED",
    ];
    const SHOWN: usize = 4;
    if code != 0 || answers == 0 {
        return match CODES.get(usize::from(code)) {
            Some(name) => name.to_string(),
            None => format!("RCODE{code}"),
        };
    }
    let mut said: Vec<String> = (0..answers)
        .map_while(|_| reader.record())
        .take(SHOWN)
        .collect();
    // More than are shown, or cut by the capture.
    if said.len() < usize::from(answers) {
        said.push("…".to_string());
    }
    said.join(", ")
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, size: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(size)?)?;
        self.at += size;
        Some(taken)
    }

    fn skip(&mut self, size: usize) -> Option<()> {
        self.take(size).map(|_| ())
    }

    fn two(&mut self) -> Option<u16> {
        Some(be16(self.take(2)?, 0))
    }

    /// A name. Its end may stand earlier in the message, as a pointer says;
    /// a pointer that does not point back is refused, so there is no loop.
    fn name(&mut self) -> Option<String> {
        let mut name = String::new();
        let mut after = None;
        let mut start = self.at;
        let mut length = 0;
        loop {
            let size = *self.take(1)?.first()?;
            match size {
                0 => break,
                1..=63 => {
                    let label = self.take(usize::from(size))?;
                    length += label.len() + 1;
                    if length > LONGEST_NAME {
                        return None;
                    }
                    if !name.is_empty() {
                        name.push('.');
                    }
                    name.push_str(&shown(label));
                }
                0xc0.. => {
                    self.at -= 1;
                    let target = usize::from(self.two()? & 0x3fff);
                    // So that a chain of them counts as well.
                    length += 1;
                    if target >= start || length > LONGEST_NAME {
                        return None;
                    }
                    after.get_or_insert(self.at);
                    (start, self.at) = (target, target);
                }
                _ => return None,
            }
        }
        self.at = after.unwrap_or(self.at);
        Some(if name.is_empty() { ".".into() } else { name })
    }

    /// What a resource record holds.
    fn record(&mut self) -> Option<String> {
        self.name()?;
        let kind = self.two()?;
        self.skip(6)?;
        let length = usize::from(self.two()?);
        let start = self.at;
        let data = self.take(length)?;
        // Names in it may point at the whole message.
        let mut inside = Reader {
            bytes: &self.bytes[..start + length],
            at: start,
        };
        Some(match (kind, length) {
            (1, 4) => Ipv4Addr::from_bits(be32(data, 0)).to_string(),
            (28, 16) => {
                let mut octets = [0; 16];
                octets.copy_from_slice(data);
                Ipv6Addr::from_octets(octets).to_string()
            }
            (2 | 5 | 12, _) => {
                format!("{} {}", type_name(kind), inside.name()?)
            }
            (15, _) => {
                let preference = inside.two()?;
                format!("MX {preference} {}", inside.name()?)
            }
            (16, 1..) => {
                let size = usize::from(data[0]).min(data.len() - 1);
                format!("TXT {:?}", shown(&data[1..=size]))
            }
            _ => type_name(kind),
        })
    }
}

fn known(kind: u16) -> bool {
    !type_name(kind).starts_with("TYPE")
}

/// As the registry of DNS parameters calls it; others as RFC 3597, section
/// 5, does.
fn type_name(kind: u16) -> String {
    let name = match kind {
        1 => "A",
        2 => "NS",
        5 => "CNAME",
        6 => "SOA",
        12 => "PTR",
        15 => "MX",
        16 => "TXT",
        28 => "AAAA",
        33 => "SRV",
        35 => "NAPTR",
        41 => "OPT",
        43 => "DS",
        46 => "RRSIG",
        47 => "NSEC",
        48 => "DNSKEY",
        64 => "SVCB",
        65 => "HTTPS",
        251 => "IXFR",
        252 => "AXFR",
        255 => "ANY",
        257 => "CAA",
        _ => return format!("TYPE{kind}"),
    };
    name.to_string()
}
