//! `{{#listing lesson7 frame}}`: a piece of a program, or the whole of a file
//! that stands beside one.

use crate::book::highlight;
use crate::book::html::escape;
use crate::book::press::{Press, number_of};
use crate::book::program::Program;
use crate::book::words;

use super::Call;

/// A file of its own, from its first line to its last.
pub(super) fn whole(
    name: &str,
    call: &Call,
    press: &mut Press,
) -> Result<String, String> {
    let program = press.program(name)?;
    if program.path.ends_with(".rs") {
        return Err(format!(
            "which piece of {}? Name an anchor: {{{{#run}}}} shows the whole \
             of a lesson's program",
            program.path
        ));
    }
    let pre = highlight::block(program.language, &program.whole());
    Ok(figure(&caption(&program, call), &pre))
}

/// The lines between an anchor's two marks.
pub(super) fn piece(
    name: &str,
    anchor: &str,
    call: &Call,
    press: &mut Press,
) -> Result<String, String> {
    let program = press.program(name)?;
    let Some((lines, numbers)) = program.piece(anchor) else {
        let known: Vec<_> = program.anchors().map(|a| a.0).collect();
        return Err(format!(
            "{} has no anchor `{anchor}` around a line of code: it has {}",
            program.path,
            match known.as_slice() {
                [] => "none".to_string(),
                known => known.join(", "),
            }
        ));
    };
    press.used(&program, anchor);
    let (first, last) = (numbers.start(), numbers.end());
    let word = if first == last {
        words::LINE
    } else {
        words::LINES
    };
    let fill = [("first", first.to_string()), ("last", last.to_string())];
    let lines_word = press.word_html(word, &fill);
    let caption =
        format!("{} <span>{lines_word}</span>", caption(&program, call));
    let pre = highlight::block(program.language, &lines);
    Ok(figure(&caption, &pre))
}

/// The file's name, a link where a page shows the whole of it.
fn caption(program: &Program, call: &Call) -> String {
    let path = escape(&program.path);
    let stem = program
        .path
        .strip_prefix("lessons/examples/")
        .and_then(|file| file.strip_suffix(".rs"));
    match stem.and_then(|stem| number_of("lesson", stem)) {
        Some(n) if call.page_runs == Some(n) => {
            format!("<a href=\"#program\">{path}</a>")
        }
        Some(n) => format!("<a href=\"lesson{n}.html#program\">{path}</a>"),
        None => format!("<code>{path}</code>"),
    }
}

fn figure(caption: &str, pre: &str) -> String {
    format!(
        "<figure class=\"listing\"><figcaption>{caption}</figcaption>\
         {pre}</figure>"
    )
}
