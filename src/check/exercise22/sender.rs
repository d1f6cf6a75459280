//! Exercise 22, the model that answers are compared with: in go lines, out
//! come answers.

/// A sender's window as RFC 5681 has it, in bytes.
#[derive(Debug, Default)]
pub struct Sender {
    /// None before the line that names it.
    mss: Option<u64>,
    cwnd: u64,
    ssthresh: Option<u64>,
    flight: u64,
    duplicates: u32,
    recovering: bool,
    /// The timer ran out and nothing was acknowledged since.
    backed_off: bool,
}

impl Sender {
    /// Takes in a line without its end, and answers it.
    pub fn answer(&mut self, line: &[u8]) -> String {
        match self.take(line) {
            Some(()) => self.state(),
            None => "error".to_owned(),
        }
    }

    /// How many more bytes the window lets out.
    pub fn room(&self) -> u64 {
        self.cwnd.saturating_sub(self.flight)
    }

    pub fn flight(&self) -> u64 {
        self.flight
    }

    fn state(&self) -> String {
        let ssthresh = self.ssthresh.map(|it| it.to_string());
        let ssthresh = ssthresh.unwrap_or_else(|| "-".to_owned());
        format!("{} {ssthresh} {}", self.cwnd, self.flight)
    }

    /// None if it is a bad line, and nothing has changed.
    fn take(&mut self, line: &[u8]) -> Option<()> {
        let line = str::from_utf8(line).ok()?;
        let (word, value) = match line.split_once(' ') {
            Some((word, value)) => (word, Some(number(value)?)),
            None => (line, None),
        };
        match (self.mss, word, value) {
            (None, "mss", Some(mss @ ..=65_535)) => self.begin(mss),
            (Some(_), "send", Some(bytes)) => {
                self.flight += bytes.min(self.room());
            }
            (Some(mss), "ack", Some(bytes)) if bytes <= self.flight => {
                self.acked(bytes, mss);
            }
            (Some(mss), "dup", None) => self.duplicate(mss),
            (Some(mss), "timeout", None) if self.flight > 0 => {
                self.timed_out(mss);
            }
            _ => return None,
        }
        Some(())
    }

    fn begin(&mut self, mss: u64) {
        self.mss = Some(mss);
        // RFC 6928 §2.
        self.cwnd = (10 * mss).min(14_600.max(2 * mss));
    }

    fn acked(&mut self, bytes: u64, mss: u64) {
        self.flight -= bytes;
        self.duplicates = 0;
        self.backed_off = false;
        let threshold = self.ssthresh.unwrap_or(u64::MAX);
        if self.recovering {
            // RFC 5681 §3.2, step 6.
            self.recovering = false;
            self.cwnd = threshold;
        } else if self.cwnd < threshold {
            self.cwnd += bytes.min(mss);
        } else {
            self.cwnd += (mss * mss / self.cwnd).max(1);
        }
    }

    fn duplicate(&mut self, mss: u64) {
        // RFC 5681 §2: without data on the way an ACK is no duplicate.
        if self.flight == 0 {
            return;
        }
        self.duplicates += 1;
        if self.recovering {
            self.cwnd += mss;
        } else if self.duplicates == 3 {
            self.recovering = true;
            let half = self.half(mss);
            self.ssthresh = Some(half);
            self.cwnd = half + 3 * mss;
        }
    }

    fn timed_out(&mut self, mss: u64) {
        if !self.backed_off {
            self.ssthresh = Some(self.half(mss));
        }
        self.backed_off = true;
        self.cwnd = mss;
        self.recovering = false;
        self.duplicates = 0;
    }

    /// RFC 5681 §3.1, equation 4.
    fn half(&self, mss: u64) -> u64 {
        (self.flight / 2).max(2 * mss)
    }
}

/// One to nine digits, and not 0.
fn number(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let fits = (1..=9).contains(&text.len());
    text.parse().ok().filter(|it| digits && fits && *it > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(lines: &str) -> String {
        let mut sender = Sender::default();
        let answers = lines.lines().map(|it| sender.answer(it.as_bytes()));
        answers.last().expect("a line")
    }

    #[test]
    fn a_loss_is_followed_by_hand() {
        let start = "mss 1000\nsend 20000\n";
        assert_eq!(last(start), "10000 - 10000");
        let dups = format!("{start}ack 1000\ndup\ndup\n");
        assert_eq!(last(&dups), "11000 - 9000");
        let lost = format!("{dups}dup\n");
        // Half of 9,000 in flight, and three segments.
        assert_eq!(last(&lost), "7500 4500 9000");
        assert_eq!(last(&format!("{lost}dup\n")), "8500 4500 9000");
        let repaired = format!("{lost}dup\nack 9000\n");
        assert_eq!(last(&repaired), "4500 4500 0");
        // 1,000,000 / 4,500 = 222.2.
        let avoids = format!("{repaired}send 1\nack 1\n");
        assert_eq!(last(&avoids), "4722 4500 0");
        let late = format!("{start}timeout\n");
        assert_eq!(last(&late), "1000 5000 10000");
        let later = format!("{late}timeout\n");
        assert_eq!(last(&later), "1000 5000 10000");
    }

    #[test]
    fn bad_lines_change_nothing() {
        assert_eq!(last("mss 0"), "error");
        assert_eq!(last("mss 65536"), "error");
        assert_eq!(last("mss 1000\nack 1"), "error");
        assert_eq!(last("mss 1000\ntimeout"), "error");
        assert_eq!(last("mss 1000\nmss 1000"), "error");
        assert_eq!(last("mss 1000\nsend 0"), "error");
        assert_eq!(last("mss 1000\nack 1\ndup"), "10000 - 0");
    }
}
