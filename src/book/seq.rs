//! Sequence diagrams: in goes a ```` ```seq ```` fence, out comes an SVG that
//! takes its colours from the page.
//!
//! ```text
//! title: Opening a connection
//! client -> server: SYN
//! client --> server: dashed
//! client -x server: lost on the way
//! note: both sides are connected
//! ```

use std::ops::Range;

use super::html::{escape, one_line};

/// Between two lifelines, and around the outer ones; one row's height.
const GAP: usize = 260;
const MARGIN: usize = 80;
const TOP: usize = 64;
const STEP: usize = 44;

#[derive(Debug, PartialEq)]
enum Row {
    Arrow {
        from: usize,
        to: usize,
        kind: Kind,
        text: String,
    },
    Note(String),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Solid,
    Dashed,
    Lost,
}

#[derive(Debug, Default)]
struct Diagram {
    title: String,
    who: Vec<String>,
    rows: Vec<Row>,
}

/// The figure, or the line (from 0) that cannot be read, and why.
pub(crate) fn svg(source: &str) -> Result<String, (usize, String)> {
    let mut diagram = Diagram::default();
    for (number, line) in source.lines().enumerate() {
        if !line.trim().is_empty() {
            diagram.read(line.trim()).map_err(|text| (number, text))?;
        }
    }
    if diagram.title.is_empty() {
        let text = "a diagram needs `title:`, for those who cannot see it";
        return Err((0, text.to_string()));
    }
    Ok(one_line(&diagram.draw()))
}

/// The words of a diagram that are translated: title, notes, arrows' texts,
/// and who stands at an arrow's ends.
pub(crate) fn labels(source: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in source.split_inclusive('\n') {
        if let Some((head, label)) = line.split_once(':') {
            if let Some((from, to, _)) = ends(head) {
                let start = at + head.len() - head.trim_start().len();
                let end = at + head.trim_end().len();
                found.push(start..start + from.len());
                found.push(end - to.len()..end);
            }
            let text = label.trim();
            let before = label.len() - label.trim_start().len();
            let start = at + head.len() + 1 + before;
            if text.chars().any(char::is_alphabetic) {
                found.push(start..start + text.len());
            }
        }
        at += line.len();
    }
    found
}

/// Both ends of an arrow, and what it means.
fn ends(head: &str) -> Option<(&str, &str, Kind)> {
    let kinds = [
        ("-->", Kind::Dashed),
        ("->", Kind::Solid),
        ("-x", Kind::Lost),
    ];
    kinds.iter().find_map(|(sign, kind)| {
        let (from, to) = head.split_once(sign)?;
        Some((from.trim(), to.trim(), *kind))
    })
}

impl Diagram {
    fn read(&mut self, line: &str) -> Result<(), String> {
        let (head, text) = line.split_once(':').unwrap_or((line, ""));
        let text = text.trim().to_string();
        match head {
            "title" => self.title = text,
            "note" => self.rows.push(Row::Note(text)),
            _ => {
                let Some((from, to, kind)) = ends(head) else {
                    return Err(format!(
                        "{line:?} is no row of a diagram: write `a -> b: \
                         text`, `a --> b:`, `a -x b:`, `note:` or `title:`"
                    ));
                };
                let (from, to) = (self.index(from), self.index(to));
                self.rows.push(Row::Arrow {
                    from,
                    to,
                    kind,
                    text,
                });
            }
        }
        Ok(())
    }

    fn index(&mut self, name: &str) -> usize {
        let known = self.who.iter().position(|who| who == name);
        known.unwrap_or_else(|| {
            self.who.push(name.to_string());
            self.who.len() - 1
        })
    }

    fn draw(&self) -> String {
        let width = GAP * (self.who.len().max(2) - 1) + 2 * MARGIN;
        let height = TOP + STEP * self.rows.len() + 30;
        let title = escape(&self.title);
        let mut svg = format!(
            "<figure class=\"seq\"><svg role=\"img\" aria-label=\"{title}\" \
             viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\">"
        );
        for (index, name) in self.who.iter().enumerate() {
            svg.push_str(&lifeline(middle(index), height, name));
        }
        for (index, row) in self.rows.iter().enumerate() {
            let y = TOP + STEP * index + 20;
            svg.push_str(&match row {
                Row::Note(text) => note(y, width, text),
                Row::Arrow {
                    from,
                    to,
                    kind,
                    text,
                } => arrow(y, middle(*from), middle(*to), *kind, text),
            });
        }
        svg + &format!("</svg><figcaption>{title}</figcaption></figure>")
    }
}

fn middle(index: usize) -> usize {
    MARGIN + index * GAP
}

fn lifeline(x: usize, height: usize, name: &str) -> String {
    format!(
        "<line x1=\"{x}\" x2=\"{x}\" y1=\"40\" y2=\"{}\" class=\"life\"/>\
         <rect x=\"{}\" y=\"8\" width=\"120\" height=\"32\" rx=\"6\" \
         class=\"box\"/><text x=\"{x}\" y=\"29\" text-anchor=\"middle\" \
         class=\"who\">{}</text>",
        height - 8,
        x - 60,
        escape(name),
    )
}

fn note(y: usize, width: usize, text: &str) -> String {
    format!(
        "<rect x=\"20\" y=\"{}\" width=\"{}\" height=\"24\" rx=\"4\" \
         class=\"note\"/><text x=\"{}\" y=\"{y}\" text-anchor=\"middle\" \
         class=\"msg\">{}</text>",
        y - 17,
        width - 40,
        width / 2,
        escape(text),
    )
}

fn arrow(y: usize, from: usize, to: usize, kind: Kind, text: &str) -> String {
    let to_right = to >= from;
    // A lost packet ends in a cross before it arrives.
    let end = match kind {
        Kind::Lost => {
            from + (to.max(from) - from) * 2 / 3 - (from.max(to) - to) * 2 / 3
        }
        _ if to_right => to - 2,
        _ => to + 2,
    };
    let back = if to_right { end - 9 } else { end + 9 };
    let (top, bottom) = (y - 5, y + 5);
    let head = match kind {
        Kind::Lost => {
            format!("M{back} {top}L{end} {bottom}M{back} {bottom}L{end} {top}")
        }
        _ => format!("M{back} {top}L{end} {y}L{back} {bottom}"),
    };
    let class = match kind {
        Kind::Solid => "arrow",
        Kind::Dashed => "arrow dash",
        Kind::Lost => "arrow lost",
    };
    format!(
        "<path d=\"M{from} {y}H{end}\" class=\"{class}\"/>\
         <path d=\"{head}\" class=\"head\"/>\
         <text x=\"{}\" y=\"{}\" text-anchor=\"middle\" class=\"msg\">\
         {}</text>",
        (from + to) / 2,
        y - 7,
        escape(text),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str =
        "title: Hello\na -> b: x < y\nb -x a: gone\nnote: end\n";

    #[test]
    fn a_diagram_is_drawn_with_its_words_escaped() {
        let svg = svg(SOURCE).unwrap();
        assert!(svg.contains(">x &lt; y</text>"), "{svg}");
        assert!(svg.contains("M80 84H338"), "{svg}");
        assert!(svg.contains("arrow lost"), "{svg}");
        assert!(!svg.contains('\n'));
    }

    #[test]
    fn a_row_that_is_none_is_refused_with_its_line() {
        assert_eq!(svg("title: t\nwhat").unwrap_err().0, 1);
        assert!(svg("a -> b: x").unwrap_err().1.contains("title"));
    }

    #[test]
    fn the_words_are_found_in_place() {
        let words: Vec<_> =
            labels(SOURCE).into_iter().map(|r| &SOURCE[r]).collect();
        assert_eq!(
            words,
            ["Hello", "a", "b", "x < y", "b", "a", "gone", "end"]
        );
    }
}
