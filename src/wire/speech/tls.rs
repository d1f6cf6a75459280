//! TLS: in goes the start of a segment, out comes what its records are
//! (RFC 9846, sections 4 and 5).

use super::super::bytes::be16;
use super::{Speech, shown};

/// A record's payload, with what encryption may add: 2¹⁴ + 2048 bytes in
/// TLS 1.2 (RFC 5246, section 6.2.3).
const LARGEST: usize = (1 << 14) + 2048;

/// So many records are named.
const NAMED: usize = 4;

pub(super) fn records(payload: &[u8]) -> Option<Speech> {
    let mut names = Vec::new();
    let mut rest = payload;
    while let Some((name, size)) = record(rest) {
        names.extend(name);
        rest = rest.get(size..).unwrap_or_default();
        if names.len() > NAMED {
            names.truncate(NAMED);
            names.push("…".to_string());
            break;
        }
    }
    (!names.is_empty()).then(|| Speech {
        protocol: "TLS",
        summary: names.join(", "),
    })
}

/// What the first record of `rest` is called, and how long it claims to be.
fn record(rest: &[u8]) -> Option<(Vec<String>, usize)> {
    let header = rest.get(..5)?;
    let length = usize::from(be16(header, 3));
    let (3, 0..=4) = (header[1], header[2]) else {
        return None;
    };
    if length == 0 && header[0] != 23 || length > LARGEST {
        return None;
    }
    let end = rest.len().min(5 + length);
    let body = &rest[5..end];
    let names = match (header[0], length) {
        (20, 1) => vec!["ChangeCipherSpec".to_string()],
        (21, _) => vec![alert(body, length)],
        (22, 4..) => handshakes(body, length)?,
        (23, _) => vec!["ApplicationData".to_string()],
        _ => return None,
    };
    Some((names, 5 + length))
}

/// By its number, as most are rare; two bytes unless it is encrypted.
fn alert(body: &[u8], length: usize) -> String {
    let name = match (length, body) {
        (2, [1 | 2, 0]) => "close_notify",
        (2, [1 | 2, 40]) => "handshake_failure",
        (2, [1 | 2, 42]) => "bad_certificate",
        (2, [1 | 2, 46]) => "certificate_unknown",
        (2, [1 | 2, 48]) => "unknown_ca",
        (2, [1 | 2, 70]) => "protocol_version",
        (2, [1 | 2, 112]) => "unrecognized_name",
        (2, [1 | 2, number]) => return format!("Alert {number}"),
        _ => return "Alert".to_string(),
    };
    format!("Alert {name}")
}

/// The messages of a record; after the keys are there they are encrypted,
/// and look like none.
fn handshakes(body: &[u8], length: usize) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(header) = body.get(at..at + 4) {
        let [_, a, b, c] = [header[0], header[1], header[2], header[3]];
        let size = u32::from_be_bytes([0, a, b, c]) as usize;
        // Only the last may go on in the next record.
        let Some(name) = kind(header[0]).filter(|_| size < 1 << 17) else {
            names.clear();
            break;
        };
        let end = (at + 4 + size).min(body.len());
        names.push(describe(header[0], name, &body[at + 4..end]));
        at += 4 + size;
    }
    if names.is_empty() && length >= 16 {
        names.push("encrypted handshake".to_string());
    }
    (!names.is_empty()).then_some(names)
}

fn kind(number: u8) -> Option<&'static str> {
    Some(match number {
        0 => "HelloRequest",
        1 => "ClientHello",
        2 => "ServerHello",
        4 => "NewSessionTicket",
        8 => "EncryptedExtensions",
        11 => "Certificate",
        12 => "ServerKeyExchange",
        13 => "CertificateRequest",
        14 => "ServerHelloDone",
        15 => "CertificateVerify",
        16 => "ClientKeyExchange",
        20 => "Finished",
        22 => "CertificateStatus",
        _ => return None,
    })
}

fn describe(number: u8, name: &str, body: &[u8]) -> String {
    let more = match number {
        1 => server_name(body),
        2 => version(body),
        _ => None,
    };
    match more {
        Some(more) => format!("{name} {more}"),
        None => name.to_string(),
    }
}

/// Whom the client wants to reach (RFC 6066, section 3).
fn server_name(hello: &[u8]) -> Option<String> {
    // Version, random; then session, cipher suites, compression.
    let rest = after(hello.get(34..)?, 1)?;
    let rest = after(after(rest, 2)?, 1)?;
    let list = extension(rest, 0)?;
    let entry = list.get(2..)?;
    let (0, length) = (*entry.first()?, be16(entry.get(1..3)?, 0)) else {
        return None;
    };
    let name = entry.get(3..3 + usize::from(length))?;
    Some(shown(name))
}

/// Which version the server chose: since TLS 1.3 an extension says it
/// ("Supported Versions" in RFC 9846).
fn version(hello: &[u8]) -> Option<String> {
    let old = be16(hello.get(..2)?, 0);
    let new = || {
        let rest = after(hello.get(34..)?, 1)?.get(3..)?;
        Some(be16(extension(rest, 43)?.get(..2)?, 0))
    };
    let version = new().unwrap_or(old);
    Some(match version {
        0x0300 => "SSL 3.0".to_string(),
        0x0301..=0x0304 => format!("TLS 1.{}", version - 0x0301),
        _ => return None,
    })
}

/// What follows a vector whose length has `size` bytes.
fn after(bytes: &[u8], size: usize) -> Option<&[u8]> {
    let length = match size {
        1 => usize::from(*bytes.first()?),
        _ => usize::from(be16(bytes.get(..2)?, 0)),
    };
    bytes.get(size + length..)
}

/// The data of the extension of this number.
fn extension(bytes: &[u8], wanted: u16) -> Option<&[u8]> {
    let length = usize::from(be16(bytes.get(..2)?, 0));
    let mut rest = &bytes[2..bytes.len().min(2 + length)];
    loop {
        let header = rest.get(..4)?;
        let data = &rest[4..];
        let length = usize::from(be16(header, 2));
        if be16(header, 0) == wanted {
            return data.get(..length);
        }
        rest = data.get(length..)?;
    }
}
