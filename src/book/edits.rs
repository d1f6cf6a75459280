//! Changes to a page's source that keep its line numbers: in go replacements,
//! out comes the new text, which still knows the line each part came from.

use std::ops::Range;

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
    pub(crate) fn edit(&self, mut edits: Vec<(Range<usize>, String)>) -> Text {
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut text = String::with_capacity(self.text.len());
        let mut marks = Vec::with_capacity(edits.len() * 2 + 1);
        let mut at = 0;
        let mut lines = Lines::new(self);
        marks.push((0, 1));
        for (range, new) in edits {
            text.push_str(&self.text[at..range.start]);
            marks.push((text.len(), lines.at(range.start)));
            text.push_str(&new);
            marks.push((text.len(), lines.at(range.end)));
            at = range.end;
        }
        text.push_str(&self.text[at..]);
        Text { text, marks }
    }
}

/// Line numbers at growing offsets, counted once over the whole text.
struct Lines<'a> {
    of: &'a Text,
    mark: usize,
    offset: usize,
    line: usize,
}

impl<'a> Lines<'a> {
    fn new(of: &'a Text) -> Self {
        Lines {
            of,
            mark: 0,
            offset: 0,
            line: 1,
        }
    }

    fn at(&mut self, offset: usize) -> usize {
        while let Some((start, line)) = self.of.marks.get(self.mark) {
            if *start > offset {
                break;
            }
            (self.offset, self.line) = (*start, *line);
            self.mark += 1;
        }
        let between = &self.of.text[self.offset..offset];
        self.line += between.matches('\n').count();
        self.offset = offset;
        self.line
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
