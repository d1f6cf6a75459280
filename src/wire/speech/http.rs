//! HTTP: in goes the start of a segment, out comes its request or status
//! line (RFC 9112, sections 3 and 4).

use super::{Speech, shown};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Longer first lines are no longer looked at.
const LINE: usize = 8192;

pub(super) fn message(payload: &[u8]) -> Option<Speech> {
    if payload.starts_with(PREFACE) {
        return Some(Speech {
            protocol: "HTTP/2",
            summary: "connection preface".to_string(),
        });
    }
    let start = &payload[..payload.len().min(LINE)];
    let line = start.split(|byte| *byte == b'\n').next()?;
    // Without its end the line may be cut, but then nothing follows it.
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let summary = status(line).or_else(|| request(line))?;
    Some(Speech {
        protocol: "HTTP",
        summary,
    })
}

/// `HTTP/1.1 200 OK`. The reason may be missing.
fn status(line: &[u8]) -> Option<String> {
    let (version, rest) = line.split_at_checked(9)?;
    if !is_version(version.strip_suffix(b" ")?) {
        return None;
    }
    let (code, reason) = rest.split_at_checked(3)?;
    let digits = code.iter().all(u8::is_ascii_digit);
    if !digits || !matches!(reason, [] | [b' ', ..]) {
        return None;
    }
    Some(shown(rest.trim_ascii()))
}

/// `GET /now HTTP/1.1`.
fn request(line: &[u8]) -> Option<String> {
    let (rest, version) = line.split_at_checked(line.len().checked_sub(9)?)?;
    if !is_version(version.strip_prefix(b" ")?) {
        return None;
    }
    let space = rest.iter().position(|byte| *byte == b' ')?;
    let (method, target) = (&rest[..space], &rest[space + 1..]);
    let word = method
        .iter()
        .all(|it| it.is_ascii_uppercase() || *it == b'-');
    if method.is_empty() || !word || target.is_empty() {
        return None;
    }
    Some(shown(rest))
}

fn is_version(bytes: &[u8]) -> bool {
    matches!(bytes, b"HTTP/1.0" | b"HTTP/1.1")
}
