//! How much of a conversation a lesson's snapshot holds: in goes the
//! program's source, out comes what its comment asks for.

use anyhow::{Result, bail};

/// How much of a conversation is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Every packet.
    Packets,
    /// Pure acknowledgements are left out, and so is PSH: both depend on
    /// who was quicker.
    WithoutAcks,
    /// What each side sent, as one run of bytes.
    Streams {
        /// At most so many bytes of each side.
        limit: Option<usize>,
    },
}

/// What a comment begins with.
const MARK: &str = "// wire:";

impl Level {
    /// What a lesson's program asks for, such as
    /// `// wire: without acks: both sides write at once.` Without such a
    /// comment it is [`Level::Packets`].
    ///
    /// # Errors
    ///
    /// If the comment names no level or gives no reason, with its line.
    pub fn of_program(source: &str) -> Result<Level> {
        let mut found = None;
        for (index, line) in source.lines().enumerate() {
            let Some(comment) = line.trim_start().strip_prefix(MARK) else {
                continue;
            };
            let number = index + 1;
            if found.is_some() {
                bail!("line {number}: this is the second `{MARK}` comment");
            }
            let Some((level, reason)) = comment.split_once(':') else {
                bail!(
                    "line {number}: `{MARK}` gives no reason: write \
                     `{MARK} LEVEL: why every packet is too much`"
                );
            };
            if reason.trim().is_empty() {
                bail!("line {number}: `{MARK}{level}:` gives no reason");
            }
            let Some(level) = parse(level.trim()) else {
                bail!(
                    "line {number}: {:?} is no level: there are `without \
                     acks`, `streams` and `streams, 4 bytes`",
                    level.trim()
                );
            };
            found = Some(level);
        }
        Ok(found.unwrap_or(Level::Packets))
    }
}

fn parse(level: &str) -> Option<Level> {
    match level {
        "without acks" => return Some(Level::WithoutAcks),
        "streams" => return Some(Level::Streams { limit: None }),
        _ => {}
    }
    let bytes = level.strip_prefix("streams,")?.trim();
    let count = bytes.strip_suffix("bytes").or(bytes.strip_suffix("byte"))?;
    let limit = Some(count.trim().parse().ok()?);
    Some(Level::Streams { limit })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_names_the_level() {
        let level = |source| Level::of_program(source).unwrap();
        assert_eq!(level("fn main() {}\n"), Level::Packets);
        assert_eq!(level("// wire: without acks: x"), Level::WithoutAcks);
        assert_eq!(
            level("//! L\n    // wire: streams, 4 bytes: the drip\n    // y\n"),
            Level::Streams { limit: Some(4) }
        );
        assert_eq!(
            level("// wire: streams: x"),
            Level::Streams { limit: None }
        );
    }

    #[test]
    fn a_comment_that_cannot_be_read_is_an_error_with_its_line() {
        for (source, says) in [
            ("\n// wire: streams", "line 2: `// wire:` gives no reason"),
            ("// wire: streams: ", "line 1: `// wire: streams:` gives no"),
            ("// wire: all: x", "line 1: \"all\" is no level"),
            ("// wire: streams, four bytes: x", "is no level"),
            (
                "// wire: streams: x\n// wire: streams: y",
                "line 2: this is the second",
            ),
        ] {
            let error = Level::of_program(source).unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
    }
}
