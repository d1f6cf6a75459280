//! `{{#run lesson7}}`: the recorded run of a lesson, and its whole program.
//! The page's script puts a Run button over it where the companion serves.
//! `{{#run lesson7 lab}}` also offers to bend the network, and draws what TCP
//! thinks, where there can be a laboratory.

use crate::book::highlight;
use crate::book::html::{escape, one_line};
use crate::book::press::{Press, number_of, read_text};
use crate::book::words;
use crate::course::snapshot_text;

pub(super) fn html(
    name: &str,
    lab: bool,
    press: &mut Press,
) -> Result<String, String> {
    let number = number_of("lesson", name)
        .ok_or_else(|| format!("`{name}` is not the name of a lesson"))?;
    press.course.lesson(number).map_err(|e| e.to_string())?;
    let program = press.program(name)?;
    let transcript = transcript(number, press)?;
    let words = press.words(words::RUN);
    let lab = match lab {
        true => format!(" data-lab=\"{}\"", press.words(words::LAB)),
        false => String::new(),
    };
    let recorded = escape(&press.word(words::RECORDED));
    let path = format!("<code>{}</code>", escape(&program.path));
    let whole = press.word_html(words::WHOLE, &[("path", path)]);
    let pre = highlight::block(program.language, &program.whole());
    Ok(format!(
        "<section class=\"run\" data-lesson=\"{number}\" \
         data-words=\"{words}\"{lab}>\
         <p class=\"run-head\">\
         <code>cargo run --example lesson{number}</code></p>\
         <pre class=\"transcript\" tabindex=\"0\" role=\"log\" \
         aria-label=\"{recorded}\">{}</pre>\
         <details class=\"program\" id=\"program\">\
         <summary>{whole}</summary>{pre}</details></section>",
        one_line(&escape(&transcript)),
    ))
}

fn transcript(number: u8, press: &Press) -> Result<String, String> {
    let path = press.course.transcript(number);
    let shown = format!("tests/snapshots/lesson{number}.snap");
    let text = read_text(&path).map_err(|_| {
        format!(
            "there is no recorded run {shown}: `INSTA_UPDATE=always cargo \
             test --test transcripts` records it"
        )
    })?;
    snapshot_text(&text)
        .map(|text| text.trim_end().to_string())
        .ok_or_else(|| format!("{shown} is not a recorded run: delete it"))
}
