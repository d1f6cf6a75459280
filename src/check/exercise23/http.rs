//! Exercise 23, HTTP: what the origin is to say goes in, its bytes come out;
//! the bytes of an answer go in, its parts come out.

/// What the origin does with a request.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    Bytes(Vec<u8>),
    /// No byte, only the end.
    End,
}

impl Reply {
    /// A page, with headers that each end with `\r\n`.
    pub fn page(headers: &str, body: &str) -> Reply {
        Reply::new("200 OK", headers, body)
    }

    pub fn new(status: &str, headers: &str, body: &str) -> Reply {
        let length = body.len().to_string();
        Reply::claiming(&length, status, headers, body)
    }

    /// An answer that claims a body of another length.
    pub fn claiming(
        length: &str,
        status: &str,
        headers: &str,
        body: &str,
    ) -> Reply {
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: text/x-shop\r\n{headers}\
             Content-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        Reply::Bytes((head + body).into_bytes())
    }

    /// A page whose head has so many bytes, its empty line included.
    pub fn with_head_of(length: usize, body: &str) -> Reply {
        let page = |pad| Reply::page(&format!("X-Pad: {pad}\r\n"), body);
        let rest = page("x".to_owned()).text().len() - body.len() - 1;
        page("x".repeat(length.saturating_sub(rest)))
    }

    /// "Not modified": a head, and no body.
    pub fn not_modified(headers: &str) -> Reply {
        let head = format!(
            "HTTP/1.1 304 Not Modified\r\n{headers}Connection: close\r\n\r\n"
        );
        Reply::Bytes(head.into_bytes())
    }

    /// For the story, which has few lines: without what all of them have.
    pub fn shown(&self) -> String {
        self.text().replacen("Connection: close\r\n", "", 1)
    }

    fn text(&self) -> String {
        match self {
            Reply::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Reply::End => String::new(),
        }
    }
}

/// An answer that the proxy gave, whole.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Answer {
    /// `None` if it is no HTTP, or its body has another length than it says.
    pub fn parse(bytes: &[u8]) -> Option<Answer> {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut words = head.lines().next()?.split(' ');
        let version = words.next()?;
        if !matches!(version, "HTTP/1.1" | "HTTP/1.0") {
            return None;
        }
        let status = words.next()?.parse().ok()?;
        let body = bytes[end + 4..].to_vec();
        let length: usize = header(&head, "Content-Length")?.parse().ok()?;
        (length == body.len()).then_some(Answer { status, head, body })
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.head, name)
    }
}

/// The first value of a header, whose name may be in any letters.
pub(super) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    headers(head, name).next()
}

/// All values of a header.
pub(super) fn headers<'a>(
    head: &'a str,
    name: &str,
) -> impl Iterator<Item = &'a str> {
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    fields
        .filter(move |(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_whole_answer_is_one() {
        let Reply::Bytes(bytes) = Reply::page("Age: 7\r\n", "hi") else {
            panic!("a page has bytes");
        };
        let answer = Answer::parse(&bytes).unwrap();
        assert_eq!((answer.status, &*answer.body), (200, &b"hi"[..]));
        assert_eq!(answer.header("age"), Some("7"));
        assert!(Answer::parse(&bytes[..bytes.len() - 1]).is_none());
        assert!(Answer::parse(b"HTTP/1.1 200 OK\r\n\r\n").is_none());
        assert!(Answer::parse(b"").is_none());
    }

    #[test]
    fn a_head_is_as_long_as_asked_for() {
        let text = Reply::with_head_of(8192, "hi").text();
        assert_eq!(text.find("\r\n\r\n"), Some(8188));
        assert!(text.ends_with("\r\nhi"));
        let twice = "A: 1\r\nb: 2\r\na: 3";
        assert!(headers(twice, "A").eq(["1", "3"]));
    }
}
