//! Maths: in goes LaTeX, out comes MathML that may stand in Markdown.

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

use super::markdown;
use mdbook_markdown::pulldown_cmark::Event;

/// The converter, made once for a build.
pub(crate) struct Math(LatexToMathML);

impl Math {
    pub(crate) fn new() -> Math {
        // Only macros of our own could fail here, and there are none.
        Math(LatexToMathML::new(MathCoreConfig::default()).unwrap_or_default())
    }

    /// Maths within a line.
    pub(crate) fn inline(&self, latex: &str) -> Result<String, String> {
        self.convert(latex, MathDisplay::Inline)
    }

    /// Maths on lines of its own.
    pub(crate) fn block(&self, latex: &str) -> Result<String, String> {
        self.convert(latex, MathDisplay::Block)
    }

    fn convert(
        &self,
        latex: &str,
        display: MathDisplay,
    ) -> Result<String, String> {
        match self.0.convert_with_local_state(latex.trim(), display) {
            Ok(converted) => Ok(guarded(&converted.mathml)),
            Err(error) => Err(format!(
                "`{}` is not LaTeX that can be shown: {error} (at character \
                 {})",
                latex.trim(),
                error.0.start + 1,
            )),
        }
    }

    /// A message with each `` $`…`$ `` in it replaced by MathML.
    pub(crate) fn in_text(&self, text: &str) -> Result<String, String> {
        let mut html = text.to_string();
        let found: Vec<_> = spans(text).collect();
        for (range, latex) in found.into_iter().rev() {
            html.replace_range(range, &self.inline(&latex)?);
        }
        Ok(html)
    }
}

/// The `` $`…`$ `` of a text: where each stands, dollars included, and what
/// is in it.
fn spans(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, String)> {
    markdown::placed(text).filter_map(|(event, range)| match event {
        Event::Code(latex) => {
            dollars(text, &range).map(|range| (range, latex.to_string()))
        }
        _ => None,
    })
}

/// The range of a piece of code with the dollars around it, if it has them.
pub(crate) fn dollars(
    text: &str,
    code: &std::ops::Range<usize>,
) -> Option<std::ops::Range<usize>> {
    let before = text[..code.start].ends_with('$');
    let after = text[code.end..].starts_with('$');
    (before && after).then(|| code.start - 1..code.end + 1)
}

/// Markdown looks into the text between two tags: what it would take for
/// emphasis, a link or a table's border is written as a number.
fn guarded(mathml: &str) -> String {
    let mut html = String::with_capacity(mathml.len());
    let mut in_tag = false;
    for c in mathml.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            '*' | '_' | '[' | ']' | '|' | '\\' | '`' | '~' | '!' | ':'
                if !in_tag =>
            {
                html.push_str(&format!("&#{};", u32::from(c)));
                continue;
            }
            '\n' => {
                html.push(' ');
                continue;
            }
            _ => {}
        }
        html.push(c);
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_what_is_not_maths() {
        let math = Math::new();
        let html = math.in_text("a `b` and $`x_1 * y`$.").unwrap();
        assert!(html.starts_with("a `b` and <math>"), "{html}");
        assert!(html.ends_with("</math>."), "{html}");
        assert!(html.contains("<msub><mi>x</mi><mn>1</mn></msub>"), "{html}");
    }

    #[test]
    fn bad_latex_is_refused_with_its_place() {
        let error = Math::new().block(r"\frac{1}").unwrap_err();
        assert!(error.contains(r"`\frac{1}` is not LaTeX"), "{error}");
    }
}
