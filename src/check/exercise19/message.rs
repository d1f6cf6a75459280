//! A message of exercise 19: a line goes in, its ID and number come out.

/// Longest ID, in bytes: a UUID as text has 36.
const MAX_ID: usize = 64;

/// Longest line, with its `\n`.
pub(super) const MAX_LINE: usize = MAX_ID + " message 100\n".len();

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub id: String,
    pub number: u32,
}

impl Message {
    /// From a line with its `\n`: `ID message NUMBER`.
    pub fn parse(line: &[u8]) -> Option<Message> {
        let line = std::str::from_utf8(line).ok()?.strip_suffix('\n')?;
        let (id, number) = line.split_once(" message ")?;
        let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let length = 1..=MAX_ID;
        if !length.contains(&id.len()) || !id.bytes().all(known) {
            return None;
        }
        let value: u32 = number.parse().ok()?;
        // No sign, and no zeros in front.
        (value.to_string() == number).then(|| Message {
            id: id.into(),
            number: value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_a_whole_line_of_three_words() {
        let message = Message::parse(b"a-1 message 17\n");
        let (id, number) = ("a-1".into(), 17);
        assert_eq!(message, Some(Message { id, number }));
        for wrong in [
            &b""[..],
            b"a-1 message 17",
            b"a-1 message 17\r\n",
            b"a-1  message 17\n",
            b" message 17\n",
            b"a 1 message 17\n",
            b"a message +17\n",
            b"a message 017\n",
            b"a message 99999999999\n",
            b"\xff message 1\n",
        ] {
            assert_eq!(Message::parse(wrong), None, "{wrong:?}");
        }
        let long = "a".repeat(65) + " message 1\n";
        assert_eq!(Message::parse(long.as_bytes()), None);
    }
}
