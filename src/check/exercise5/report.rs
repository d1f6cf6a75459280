//! What a stopwatch prints: bytes go in, the numbers of its one line come
//! out, or nothing if the line is not of that form.

/// The four phases, by the names that the line gives them.
pub const PHASES: [&str; 4] = ["lookup", "connect", "first", "transfer"];

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub struct Report {
    /// Milliseconds of the phases that ended, in order.
    pub times: Vec<u64>,
    pub end: End,
}

/// What follows the phases.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// All four have ended; so many milliseconds together.
    Total(u64),
    /// The next phase has failed.
    Failed,
}

impl Report {
    /// A line as the page states it: names in order, one space between two
    /// fields, plain decimal numbers.
    pub fn parse(line: &[u8]) -> Option<Report> {
        let line = std::str::from_utf8(line).ok()?;
        let mut fields = line.split(' ');
        let mut times = Vec::new();
        for phase in PHASES {
            let (name, value) = fields.next()?.split_once('=')?;
            if (name, value) == ("failed", phase) {
                let end = End::Failed;
                return fields
                    .next()
                    .is_none()
                    .then_some(Report { times, end });
            }
            times.push(number(value).filter(|_| name == phase)?);
        }
        let (name, value) = fields.next()?.split_once('=')?;
        let end = End::Total(number(value).filter(|_| name == "total")?);
        fields.next().is_none().then_some(Report { times, end })
    }
}

fn number(digits: &str) -> Option<u64> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_as_it_is_stated() {
        let whole = b"lookup=1 connect=0 first=300 transfer=20 total=321";
        let report = Report::parse(whole).unwrap();
        assert_eq!(report.times, [1, 0, 300, 20]);
        assert_eq!(report.end, End::Total(321));
        let report = Report::parse(b"lookup=1 failed=connect").unwrap();
        assert_eq!((report.times, report.end), (vec![1], End::Failed));
        let report = Report::parse(b"failed=lookup").unwrap();
        assert!(report.times.is_empty());
    }

    #[test]
    fn anything_else_is_no_report() {
        for line in [
            "",
            "lookup=1",
            "lookup=1.5 connect=0 first=300 transfer=20 total=321",
            "lookup=+1 connect=0 first=300 transfer=20 total=321",
            "lookup= connect=0 first=300 transfer=20 total=321",
            "lookup=1  connect=0 first=300 transfer=20 total=321",
            "connect=1 lookup=0 first=300 transfer=20 total=321",
            "lookup=1 connect=0 first=300 transfer=20 sum=321",
            "lookup=1 connect=0 first=300 transfer=20 total=321 ",
            "lookup=1 connect=0 first=300 transfer=20",
            "lookup=1 failed=first",
            "failed=lookup total=0",
            "failed=nothing",
        ] {
            assert_eq!(Report::parse(line.as_bytes()), None, "{line}");
        }
        assert_eq!(Report::parse(b"lookup=\xff"), None);
    }
}
