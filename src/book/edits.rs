//! Changes to a page's source that keep its line numbers: in go replacements,
//! out comes the new text, which still knows the line each part came from.

use std::ops::Range;

/// What to replace, and by what.
pub(crate) type Edits = Vec<(Range<usize>, String)>;

/// A text and the source lines of its parts.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) text: String,
    /// From this offset on, lines are counted from this line of the source.
    marks: Vec<(usize, usize)>,
}

impl Text {
    /// A source as it was read.
    pub(crate) fn new(text: String) -> Text {
        let marks = vec![(0, 1)];
        Text { text, marks }
    }

    /// The line of the source, from 1, that the text at `offset` came from.
    pub(crate) fn line(&self, offset: usize) -> usize {
        let index = self.marks.partition_point(|mark| mark.0 <= offset);
        let (start, line) = self.marks[index.saturating_sub(1)];
        line + self.text[start..offset].matches('\n').count()
    }

    /// The text with each range replaced; ranges do not overlap.
    pub(crate) fn edit(&self, mut edits: Edits) -> Text {
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut new = Text {
            text: String::with_capacity(self.text.len()),
            marks: Vec::with_capacity(self.marks.len() + 2 * edits.len()),
        };
        new.marks.push((0, 1));
        let mut at = 0;
        for (range, replacement) in edits {
            self.copy(at..range.start, &mut new);
            new.marks.push((new.text.len(), self.line(range.start)));
            new.text.push_str(&replacement);
            new.marks.push((new.text.len(), self.line(range.end)));
            at = range.end;
        }
        self.copy(at..self.text.len(), &mut new);
        new
    }

    /// Appends a part as it is, with what is known of its lines.
    fn copy(&self, range: Range<usize>, to: &mut Text) {
        let base = to.text.len();
        let marks = self.marks.iter().filter(|mark| range.contains(&mark.0));
        let marks = marks.map(|(at, line)| (base + at - range.start, *line));
        to.marks.extend(marks);
        to.text.push_str(&self.text[range]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_source_after_two_edits() {
        let text = Text::new("a\nb\nc\nd\ne\n".into());
        let text = text.edit(vec![(2..5, "one line".into())]);
        assert_eq!(text.text, "a\none line\nd\ne\n");
        assert_eq!(text.line(text.text.find('d').unwrap()), 4);
        let text = text.edit(vec![(0..1, "x\ny\nz".into())]);
        assert_eq!(text.line(text.text.find("one").unwrap()), 2);
        assert_eq!(text.line(text.text.find('e').unwrap()), 2);
        assert_eq!(text.line(text.text.rfind('e').unwrap()), 5);
    }
}
