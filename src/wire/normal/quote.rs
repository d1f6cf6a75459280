//! Payloads in a normal form: in go bytes, out comes a short text that is
//! another if any of the bytes is.

use std::collections::BTreeSet;

use crate::wire::conversation::Connection;

/// Longer payloads are cut, and their checksum is written behind them.
const LONGEST: usize = 60;

/// Writes payloads without the ports that the system chose.
pub(super) struct Quoter {
    /// `:40000` and so on.
    ports: Vec<Vec<u8>>,
}

impl Quoter {
    pub(super) fn new(connections: &[Connection]) -> Quoter {
        let ports = connections
            .iter()
            .flat_map(|it| [it.client.port(), it.server.port()]);
        // Well-known ports are chosen by the program, and so is `:80`.
        let ports: BTreeSet<_> = ports.filter(|port| *port >= 1024).collect();
        let ports = ports.iter().rev();
        Quoter {
            ports: ports.map(|port| format!(":{port}").into()).collect(),
        }
    }

    /// The payload within quotes, cut if it is long.
    pub(super) fn text(&self, payload: &[u8]) -> String {
        let payload = self.without_ports(payload);
        if payload.len() <= LONGEST {
            return quoted(&payload);
        }
        let sum = checksum(&payload);
        format!("{}… #{sum:08x}", quoted(&payload[..LONGEST]))
    }

    /// With `:port` for each port of the capture, as in a `Host` header.
    pub(super) fn without_ports(&self, payload: &[u8]) -> Vec<u8> {
        let mut text = Vec::with_capacity(payload.len());
        let mut rest = payload;
        while let Some((&byte, behind)) = rest.split_first() {
            let digit = |port: &[u8]| {
                rest.get(port.len()).is_some_and(u8::is_ascii_digit)
            };
            let port = self.ports.iter().find(|port| {
                byte == b':' && rest.starts_with(port) && !digit(port)
            });
            match port {
                Some(port) => {
                    text.extend(b":port");
                    rest = &rest[port.len()..];
                }
                None => {
                    text.push(byte);
                    rest = behind;
                }
            }
        }
        text
    }
}

/// FNV-1a, of 32 bits: for a reader to see that two texts differ, and not
/// to withstand somebody who wants two to be equal.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    };
    bytes.iter().fold(0x811c_9dc5, step)
}

/// The bytes as text within quotes; what is no text as `\x…`.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    let mut text = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\'' => text.push('\''),
                '\r' | '\n' | '\t' => text.extend(c.escape_default()),
                c if c.is_ascii_control() => {
                    text.push_str(&format!("\\x{:02x}", u32::from(c)));
                }
                c => text.extend(c.escape_debug()),
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_text_where_they_can_be() {
        assert_eq!(quoted(b"a\"b\r\n\x00\xff'"), r#""a\"b\r\n\x00\xff'""#);
        assert_eq!(quoted(b"\x01"), r#""\x01""#);
        assert_eq!(quoted("字".as_bytes()), "\"字\"");
    }

    #[test]
    fn a_port_is_masked_and_a_longer_number_is_not() {
        let quoter = Quoter {
            ports: vec![b":40000".to_vec()],
        };
        let text = quoter.without_ports(b"h:40000 h:400001 :80");
        assert_eq!(text, b"h:port h:400001 :80");
    }

    #[test]
    fn a_byte_behind_the_cut_is_seen() {
        let quoter = Quoter { ports: Vec::new() };
        let mut long = vec![b'a'; 100];
        let before = quoter.text(&long);
        long[99] = b'b';
        assert_ne!(before, quoter.text(&long));
        assert!(before.contains("aaa\"… #"), "{before}");
    }
}
