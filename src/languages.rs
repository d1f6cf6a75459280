//! The programs that the book has in several languages: which languages, of
//! which lessons, and where each of them lies.

/// A language, as the page names it, and the end of its files' names.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Language {
    pub name: &'static str,
    pub end: &'static str,
}

const fn of(name: &'static str, end: &'static str) -> Language {
    Language { name, end }
}

/// In the order of the page's tabs: the first is shown first.
pub const ALL: &[Language] = &[
    of("Rust", "rs"),
    of("Python", "py"),
    of("C", "c"),
    of("Java", "java"),
    of("JavaScript", "js"),
];

/// The lessons whose conversation there is in all of them.
pub const LESSONS: &[u8] = &[1, 7];

/// The two programs of each.
pub const ENDS: &[&str] = &["server", "client"];

impl Language {
    /// From `lessons/examples`: `languages/lesson7/client.py`.
    pub fn path(&self, lesson: u8, end: &str) -> String {
        // Java names a file as its public class.
        let stem = match (self.end, end) {
            ("java", "server") => "Server",
            ("java", "client") => "Client",
            _ => end,
        };
        format!("languages/lesson{lesson}/{stem}.{}", self.end)
    }
}
