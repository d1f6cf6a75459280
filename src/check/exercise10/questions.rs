//! Exercise 10, questions: what is asked goes in, the bytes to send and the
//! one right answer come out.

use super::super::{Asker, Failure, Outcome, Shown};
use super::words::{AT_ONCE, FIRST, NO_BYTES, NO_BYTES_THEN, THEN_A_QUESTION};

/// A question that must be answered.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    pub id: u16,
    pub count: u8,
    pub text: &'a [u8],
}

impl Question<'_> {
    pub fn bytes(self) -> Vec<u8> {
        let [high, low] = self.id.to_be_bytes();
        [&[b'Q', high, low, self.count], self.text].concat()
    }

    /// The right answer.
    pub fn answer(self) -> Vec<u8> {
        let [high, low] = self.id.to_be_bytes();
        let text = self.text.repeat(self.count.into());
        let answer = [&[b'A', high, low], &text[..]].concat();
        match answer.len() <= 3 * self.bytes().len() {
            true => answer,
            false => vec![b'T', high, low],
        }
    }
}

/// Asks, and compares what comes back.
pub fn ask(asker: &Asker, question: Question, likely: &'static str) -> Outcome {
    asker.send(&question.bytes())?;
    answered(asker, Shown::hex(&question.bytes()), "", question, likely)
}

/// All ask before any of them reads.
pub fn ask_all(pairs: &[(&Asker, Question)], likely: &'static str) -> Outcome {
    for (asker, question) in pairs {
        asker.send(&question.bytes())?;
    }
    for (asker, question) in pairs {
        let sent = Shown::hex(&question.bytes()).note(AT_ONCE);
        answered(asker, sent, "", *question, likely)?;
    }
    Ok(())
}

/// After garbage and a question: the question's answer must come first.
pub fn judge(
    asker: &Asker,
    garbage: &[u8],
    question: Question,
    likely: &'static str,
) -> Outcome {
    let note = match garbage {
        [] => NO_BYTES_THEN,
        _ => THEN_A_QUESTION,
    };
    let sent = Shown::hex(garbage).note(note);
    answered(asker, sent, FIRST, question, likely)
}

/// Takes the answer to a question that was sent before.
pub fn answered(
    asker: &Asker,
    sent: Shown,
    note: &'static str,
    question: Question,
    likely: &'static str,
) -> Outcome {
    let expected = Shown::hex(&question.answer()).note(note);
    let got = asker.answer(&sent, &expected, likely)?;
    if got == question.answer() {
        return Ok(());
    }
    Err(Failure {
        sent,
        expected,
        got: Shown::hex(&got).note(if got.is_empty() { NO_BYTES } else { "" }),
        likely,
        died: None,
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(count: u8, text: &[u8]) -> Vec<u8> {
        let id = 0x4142;
        Question { id, count, text }.answer()
    }

    #[test]
    fn the_model_keeps_the_rules() {
        assert_eq!(answer(2, b"hi"), b"AABhihi");
        assert_eq!(answer(0, b"hi"), b"AAB");
        assert_eq!(answer(255, b""), b"AAB");
        // 3 + 4 × 9 = 39 bytes for 13, and 43 for 14.
        assert_eq!(answer(4, b"123456789").len(), 39);
        assert_eq!(answer(4, b"1234567890"), b"TAB");
        assert_eq!(answer(3, &[0; 396]).len(), 1191);
        assert_eq!(answer(255, &[0; 396]), b"TAB");
    }
}
