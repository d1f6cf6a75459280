//! What a failed step has to show: bytes and text go in, lines that fit
//! beside a label come out.

use std::fmt;
use std::time::Duration;

use super::PATIENCE;
use crate::peer::{Got, Then};

/// Bytes in one row of a hex dump.
const ROW: usize = 16;

/// Most rows of one thing that is shown in full.
const SHORT: usize = 4;

/// Most lines of a conversation that is shown in full.
const LONG: usize = 8;

/// Characters in one row of text.
const WIDTH: usize = 58;

/// Why a step failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Failure {
    pub sent: Shown,
    pub expected: Shown,
    pub got: Shown,
    /// The likely mistake, and what to do. Known statically: one of
    /// [`messages`](super::messages).
    pub likely: &'static str,
    /// If the program has ended: its exit status and its last words.
    pub died: Option<String>,
}

/// Bytes or text as rows, and a remark on them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shown {
    /// Lines of at most 58 characters, separated by `\n`; may be empty.
    pub what: String,
    /// Known statically like [`Failure::likely`]; may be empty.
    pub note: &'static str,
}

impl Shown {
    /// Only words.
    pub fn words(note: &'static str) -> Shown {
        Shown {
            what: String::new(),
            note,
        }
    }

    /// Text as it is, but never more than a few rows.
    pub fn plain(text: impl AsRef<str>) -> Shown {
        let rows = text.as_ref().lines().flat_map(fold).collect();
        Shown::listed(rows)
    }

    /// Bytes as `00 05 68`.
    pub fn hex(bytes: &[u8]) -> Shown {
        let rows = bytes.chunks(ROW).map(hex_row).collect();
        Shown::counted(rows, bytes.len())
    }

    /// Bytes as text in quotes, with escapes for what cannot be seen.
    pub fn text(bytes: &[u8]) -> Shown {
        if bytes.is_empty() {
            return Shown::default();
        }
        Shown::counted(fold(&quote(bytes)), bytes.len())
    }

    /// Bytes as lines of text, one row each, their `\n` not shown.
    pub fn lines(bytes: &[u8]) -> Shown {
        let ended = bytes.strip_suffix(b"\n").unwrap_or(bytes);
        if ended.is_empty() {
            return Shown::text(bytes);
        }
        let rows = ended
            .split(|&byte| byte == b'\n')
            .map(|line| {
                let quoted = quote(line);
                shorten(&quoted[1..quoted.len() - 1])
            })
            .collect();
        Shown::listed(rows)
    }

    /// The same with a remark.
    pub fn note(self, note: &'static str) -> Shown {
        Shown { note, ..self }
    }

    /// Rows of one thing. Its length is said if it does not fit into one,
    /// in signs rather than words: they are the same in every language.
    fn counted(mut rows: Vec<String>, count: usize) -> Shown {
        let long = rows.len() > 1;
        if rows.len() > SHORT {
            rows.splice(2..rows.len() - 1, ["[…]".to_owned()]);
        }
        if long {
            rows.push(format!("[{} B]", grouped(count)));
        }
        Shown::rows(rows)
    }

    /// Rows of many things: the first, and the last, which often tell most.
    fn listed(mut rows: Vec<String>) -> Shown {
        if rows.len() > LONG {
            let middle = LONG / 2..rows.len() - LONG / 2 + 1;
            let left_out = grouped(middle.len());
            rows.splice(middle, [format!("[… × {left_out} …]")]);
        }
        Shown::rows(rows)
    }

    fn rows(rows: Vec<String>) -> Shown {
        Shown {
            what: rows.join("\n"),
            note: "",
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.what.as_str(), self.note) {
            (what, "") => f.write_str(what),
            ("", note) => f.write_str(note),
            (what, note) => write!(f, "{what} ({note})"),
        }
    }
}

/// How an exercise shows bytes: [`Shown::hex`], [`Shown::text`] or
/// [`Shown::lines`].
pub type Show = fn(&[u8]) -> Shown;

words! {
    NOTHING = "nothing for 5 s";
    THEN_NOTHING = "then nothing for 5 s";
    LONG_NOTHING = "nothing for 30 s";
    THEN_LONG_NOTHING = "then nothing for 30 s";
    THE_END = "no byte, and the end";
    THEN_THE_END = "then the end";
    A_RESET = "no byte, and a reset";
    THEN_A_RESET = "then a reset";
    TOO_MUCH = "more than was expected";
    CLOSE = "no byte, and the end of the connection";
    THEN_CLOSE = "then the end of the connection";
}

/// The remark on what should have come.
pub fn wanted(bytes: &[u8], close: bool) -> &'static str {
    match (close, bytes.is_empty()) {
        (false, _) => "",
        (true, false) => THEN_CLOSE,
        (true, true) => CLOSE,
    }
}

/// The remark on what came instead. If it could still have become right, it
/// says for how long nothing more came.
pub fn came(got: &Got, expected: &[u8], patience: Duration) -> &'static str {
    let hopeful = expected.starts_with(&got.bytes);
    let long = patience > PATIENCE;
    match (got.then, got.bytes.is_empty()) {
        (Then::Enough, _) if got.bytes.len() > expected.len() => TOO_MUCH,
        (Then::Enough, _) => "",
        (Then::Silence, true) if long => LONG_NOTHING,
        (Then::Silence, true) => NOTHING,
        (Then::Silence, false) if !hopeful => "",
        (Then::Silence, false) if long => THEN_LONG_NOTHING,
        (Then::Silence, false) => THEN_NOTHING,
        (Then::End, true) => THE_END,
        (Then::End, false) => THEN_THE_END,
        (Then::Reset, true) => A_RESET,
        (Then::Reset, false) => THEN_A_RESET,
    }
}

fn hex_row(bytes: &[u8]) -> String {
    let pairs: Vec<String> =
        bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    pairs.join(" ")
}

/// Text in quotes; what cannot be seen, or is no UTF-8, as an escape.
fn quote(bytes: &[u8]) -> String {
    let mut quoted = String::from("\"");
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '\0' => quoted.push_str("\\0"),
                '\'' => quoted.push('\''),
                // Spaces of other kinds look like plain ones.
                c if c != ' ' && c.is_whitespace() => {
                    quoted.extend(c.escape_default());
                }
                c => quoted.extend(c.escape_debug()),
            }
        }
        for byte in chunk.invalid() {
            quoted.push_str(&format!("\\x{byte:02x}"));
        }
    }
    quoted.push('"');
    quoted
}

fn fold(line: &str) -> Vec<String> {
    let characters: Vec<char> = line.chars().collect();
    let mut rows: Vec<String> = characters
        .chunks(WIDTH)
        .map(|row| row.iter().collect())
        .collect();
    if rows.is_empty() {
        rows.push(String::new());
    }
    rows
}

fn shorten(line: &str) -> String {
    let count = line.chars().count();
    if count <= WIDTH {
        return line.to_owned();
    }
    let head: String = line.chars().take(WIDTH - 20).collect();
    format!("{head}… [{} B]", grouped(count))
}

/// `1,026`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_in_rows() {
        assert_eq!(Shown::hex(b"\x00\x05he").what, "00 05 68 65");
        let two_rows = Shown::hex(&[7; 17]).what;
        assert_eq!(two_rows.lines().nth(1), Some("07"));
        assert_eq!(two_rows.lines().nth(2), Some("[17 B]"));
    }

    #[test]
    fn long_things_are_shortened_in_the_middle() {
        let shown = Shown::hex(&[0; 1600]).what;
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.len(), 5);
        assert_eq!(lines[2..], ["[…]", lines[0], "[1,600 B]"]);
        let many = Shown::lines(&b"packet\n".repeat(10_000)).what;
        let lines: Vec<&str> = many.lines().collect();
        assert_eq!(lines.len(), 8);
        assert_eq!(lines[4], "[… × 9,993 …]");
    }

    #[test]
    fn text_hides_nothing() {
        let shown = Shown::text(b" \xc3\xa9\r\0\xff'\xe3\x80\x80\n").what;
        assert_eq!(shown, r#"" é\r\0\xff'\u{3000}\n""#);
        assert_eq!(Shown::text(b"").what, "");
    }

    #[test]
    fn lines_stand_in_rows_of_their_own() {
        let long = format!("message 3\npacket 0 {}\n", "ab".repeat(99));
        let shown = Shown::lines(long.as_bytes()).what;
        let rows: Vec<&str> = shown.lines().collect();
        assert_eq!(rows[0], "message 3");
        assert!(rows[1].ends_with("… [207 B]"), "{}", rows[1]);
    }
}
