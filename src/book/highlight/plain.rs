//! A small lexer for the languages of which a page shows a few lines:
//! comments, strings, numbers, words, and what begins a line.

use super::Stretch;
use super::table::{C, JAVA, JAVASCRIPT, JSON, PYTHON, Rules, SHELL, TOML};

/// The coloured stretches of `code`, in order; none for plain text.
pub(super) fn stretches(language: &str, code: &str) -> Vec<Stretch> {
    match language {
        "python" => Lexer::new(code, &PYTHON).run(),
        "c" => Lexer::new(code, &C).run(),
        "java" => Lexer::new(code, &JAVA).run(),
        "javascript" => Lexer::new(code, &JAVASCRIPT).run(),
        "json" => keys(code, Lexer::new(code, &JSON).run()),
        "toml" => tables(code, Lexer::new(code, &TOML).run()),
        "shell" => Lexer::new(code, &SHELL).run(),
        "console" => by_line(code, prompt),
        "http" => by_line(code, http),
        _ => Vec::new(),
    }
}

struct Lexer<'a> {
    code: &'a str,
    rules: &'a Rules,
    at: usize,
    found: Vec<Stretch>,
}

impl<'a> Lexer<'a> {
    fn new(code: &'a str, rules: &'a Rules) -> Self {
        Lexer {
            code,
            rules,
            at: 0,
            found: Vec::new(),
        }
    }

    fn run(mut self) -> Vec<Stretch> {
        while let Some(c) = self.rest().chars().next() {
            let (length, class) = if let Some(length) = self.comment() {
                (length, Some('c'))
            } else if c == '#' && self.rules.directives {
                (1 + self.name_after(1), Some('l'))
            } else if self.rules.quotes.contains(&c) {
                (self.string(c), Some('s'))
            } else if c.is_ascii_digit() {
                (self.word(), Some('n'))
            } else if c.is_alphabetic() || c == '_' {
                self.name()
            } else {
                (c.len_utf8(), None)
            };
            if let Some(class) = class {
                self.found.push((self.at..self.at + length, class));
            }
            self.at += length;
        }
        self.found
    }

    fn rest(&self) -> &'a str {
        &self.code[self.at..]
    }

    /// The length of the comment that begins here, if one does.
    fn comment(&self) -> Option<usize> {
        let (rest, rules) = (self.rest(), self.rules);
        if !rules.comment.is_empty() && rest.starts_with(rules.comment) {
            return Some(rest.find('\n').unwrap_or(rest.len()));
        }
        let (open, close) = rules.block?;
        let body = rest.strip_prefix(open)?;
        let end = body.find(close).map(|end| end + close.len());
        Some(open.len() + end.unwrap_or(body.len()))
    }

    fn word(&self) -> usize {
        let outside = |c: char| !(c.is_alphanumeric() || "_.".contains(c));
        self.rest().find(outside).unwrap_or(self.rest().len())
    }

    fn name_after(&self, start: usize) -> usize {
        let rest = &self.rest()[start..];
        let outside = |c: char| !(c.is_alphanumeric() || c == '_');
        rest.find(outside).unwrap_or(rest.len())
    }

    fn name(&self) -> (usize, Option<char>) {
        let length = self.name_after(0);
        let (name, after) = self.rest().split_at(length);
        let capital = name.starts_with(char::is_uppercase)
            && name.contains(char::is_lowercase);
        let class = if self.rules.keywords.contains(&name) {
            Some('k')
        } else if self.rules.types.contains(&name)
            || self.rules.capitals && capital
        {
            Some('t')
        } else if self.rules.calls && after.starts_with('(') {
            Some('f')
        } else {
            None
        };
        (length, class)
    }

    /// A string with its quotes; three of them open a long one.
    fn string(&self, quote: char) -> usize {
        let long = quote.to_string().repeat(3);
        let rest = self.rest();
        if self.rules.calls && rest.starts_with(&long) {
            let body = rest[3..].find(&long);
            return body.map_or(rest.len(), |end| end + 6);
        }
        let mut escaped = false;
        for (index, c) in rest.char_indices().skip(1) {
            match c {
                // Without its end on the line it was an apostrophe.
                '\n' if quote != '`' => return 1,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == quote => return index + 1,
                _ => {}
            }
        }
        1
    }
}

/// In JSON, a string before a colon is a key.
fn keys(code: &str, mut found: Vec<Stretch>) -> Vec<Stretch> {
    for (range, class) in &mut found {
        let after = code[range.end..].trim_start();
        if *class == 's' && after.starts_with(':') {
            *class = 'f';
        }
    }
    found
}

/// In TOML, a line in brackets opens a table.
fn tables(code: &str, found: Vec<Stretch>) -> Vec<Stretch> {
    let heads = by_line(code, |line| {
        let table = line.starts_with('[') && line.ends_with(']');
        if table {
            vec![(0..line.len(), 't')]
        } else {
            vec![]
        }
    });
    let inside = |at: usize| heads.iter().any(|(head, _)| head.contains(&at));
    let rest = found.into_iter().filter(|(range, _)| !inside(range.start));
    let mut all: Vec<Stretch> = heads.iter().cloned().chain(rest).collect();
    all.sort_by_key(|(range, _)| range.start);
    all
}

fn by_line(code: &str, rule: impl Fn(&str) -> Vec<Stretch>) -> Vec<Stretch> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        for (range, class) in rule(line.trim_end()) {
            found.push((at + range.start..at + range.end, class));
        }
        at += line.len();
    }
    found
}

/// What the reader types stands behind a prompt.
fn prompt(line: &str) -> Vec<Stretch> {
    match ["$ ", "> ", ">>> "].iter().find(|p| line.starts_with(**p)) {
        None => vec![],
        Some(prompt) => {
            let end = prompt.len();
            vec![(0..end, 'c'), (end..line.len(), 'f')]
        }
    }
}

/// A request or status line, or a header.
fn http(line: &str) -> Vec<Stretch> {
    let first = line.split(' ').next().unwrap_or(line);
    let method = !first.is_empty()
        && first.chars().all(|c| c.is_ascii_uppercase())
        && line.contains(" HTTP/");
    if method || first.starts_with("HTTP/") {
        let mut found = vec![(0..first.len(), 'k')];
        let start = first.len() + 1;
        let status = line.get(start..start + 3);
        let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
        if !method && status.is_some_and(digits) {
            found.push((start..start + 3, 'n'));
        }
        return found;
    }
    let name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    match line.split_once(": ") {
        Some((header, _)) if !header.is_empty() && header.chars().all(name) => {
            vec![(0..header.len(), 'f')]
        }
        _ => vec![],
    }
}
