//! A program as the book shows it: in goes a file of the tree, out come its
//! lines as HTML and its anchored pieces.
//!
//! A piece is what stands between `ANCHOR: name` and `ANCHOR_END: name`, each
//! alone in a comment; those two lines are never shown.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::highlight;

/// A file, lexed once.
#[derive(Debug)]
pub(crate) struct Program {
    /// From the root of the tree, with `/`.
    pub(crate) path: String,
    pub(crate) language: &'static str,
    lines: Vec<Line>,
    anchors: BTreeMap<String, RangeInclusive<usize>>,
    /// What is wrong with its anchors: line and sentence.
    pub(crate) faults: Vec<(usize, String)>,
}

#[derive(Debug)]
struct Line {
    html: String,
    is_anchor: bool,
}

impl Program {
    pub(crate) fn parse(path: &str, text: &str) -> Program {
        let language = highlight::language_of(path);
        let html = highlight::lines(language, text);
        let mut program = Program {
            path: path.to_string(),
            language,
            lines: Vec::with_capacity(html.len()),
            anchors: BTreeMap::new(),
            faults: Vec::new(),
        };
        let mut open = BTreeMap::new();
        for (index, (html, source)) in
            html.into_iter().zip(text.lines()).enumerate()
        {
            let mark = mark(source);
            if let Some(mark) = mark {
                program.read_mark(mark, index + 1, &mut open);
            }
            let is_anchor = mark.is_some();
            program.lines.push(Line { html, is_anchor });
        }
        for (name, line) in open {
            program
                .faults
                .push((line, format!("anchor `{name}` has no end")));
        }
        program
    }

    fn read_mark<'t>(
        &mut self,
        mark: Mark<'t>,
        line: usize,
        open: &mut BTreeMap<&'t str, usize>,
    ) {
        match mark {
            Mark::Begin(name) => {
                let twice = self.anchors.contains_key(name)
                    || open.insert(name, line).is_some();
                if twice {
                    let text = format!("anchor `{name}` begins a second time");
                    self.faults.push((line, text));
                }
            }
            Mark::End(name) => match open.remove(name) {
                Some(begin) => {
                    self.anchors.insert(name.to_string(), begin..=line);
                }
                None => {
                    let text = format!("anchor `{name}` ends before it begins");
                    self.faults.push((line, text));
                }
            },
        }
    }

    /// The names of its anchors, each with the line where it begins.
    pub(crate) fn anchors(&self) -> impl Iterator<Item = (&str, usize)> {
        self.anchors
            .iter()
            .map(|(name, lines)| (name.as_str(), *lines.start()))
    }

    /// All of it.
    pub(crate) fn whole(&self) -> Vec<String> {
        self.shown(1..=self.lines.len()).map(|(_, l)| l).collect()
    }

    /// A piece, and the file's own numbers of its first and last line.
    pub(crate) fn piece(
        &self,
        anchor: &str,
    ) -> Option<(Vec<String>, RangeInclusive<usize>)> {
        let range = self.anchors.get(anchor)?;
        let shown: Vec<_> = self.shown(range.clone()).collect();
        let (first, last) = (shown.first()?.0, shown.last()?.0);
        let lines = shown.into_iter().map(|(_, line)| line).collect();
        Some((outdent(lines), first..=last))
    }

    fn shown(
        &self,
        range: RangeInclusive<usize>,
    ) -> impl Iterator<Item = (usize, String)> {
        range
            .map(|number| (number, &self.lines[number - 1]))
            .filter(|(_, line)| !line.is_anchor)
            .map(|(number, line)| (number, line.html.clone()))
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mark<'t> {
    Begin(&'t str),
    End(&'t str),
}

fn mark(line: &str) -> Option<Mark<'_>> {
    let comment = line.trim();
    let comment = comment
        .strip_prefix("//")
        .or_else(|| comment.strip_prefix('#'))?
        .trim();
    if let Some(name) = comment.strip_prefix("ANCHOR_END:") {
        return Some(Mark::End(name.trim()));
    }
    Some(Mark::Begin(comment.strip_prefix("ANCHOR:")?.trim()))
}

/// A piece from inside a function begins at the margin.
fn outdent(lines: Vec<String>) -> Vec<String> {
    let indent = lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let cut = |line: String| line.get(indent..).unwrap_or("").to_string();
    lines.into_iter().map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "fn a() {\n    // ANCHOR: outer\n    x\n    \
        // ANCHOR: inner\n\n    y\n    // ANCHOR_END: inner\n    \
        // ANCHOR_END: outer\n}\n";

    #[test]
    fn a_piece_keeps_the_files_own_numbers_and_loses_the_marks() {
        let program = Program::parse("a.rs", TEXT);
        let (lines, numbers) = program.piece("outer").unwrap();
        assert_eq!(lines, ["x", "", "y"]);
        assert_eq!(numbers, 3..=6);
        let (_, numbers) = program.piece("inner").unwrap();
        assert_eq!(numbers, 5..=6);
        assert!(program.piece("none").is_none());
        assert!(!program.whole().concat().contains("ANCHOR"));
    }

    #[test]
    fn anchors_that_do_not_pair_are_faults() {
        let text = "# ANCHOR: a\n# ANCHOR_END: b\n# ANCHOR: a\n";
        let program = Program::parse("a.py", text);
        let faults: Vec<_> = program.faults.iter().map(|f| f.0).collect();
        assert_eq!(faults, [2, 3, 3]);
    }
}
