//! `{{#run lesson7}}`: the recorded run of a lesson, and its whole program.
//! The page's script puts a Run button over it where the companion serves.
//! `{{#run lesson7 lab}}` also offers to bend the network, and draws what TCP
//! thinks, where there can be a laboratory.

use std::rc::Rc;

use crate::book::highlight;
use crate::book::html::{escape, one_line};
use crate::book::press::{Press, number_of, read_text};
use crate::book::program::Program;
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
    let lab = match lab {
        true => format!(" data-lab=\"{}\"", press.words(words::LAB)),
        false => String::new(),
    };
    let pane = Pane {
        data: format!("data-lesson=\"{number}\"{lab}"),
        command: format!("cargo run --example lesson{number}"),
        program: press.program(name)?,
        recording: format!("tests/snapshots/lesson{number}.snap"),
        id: Some("program"),
    };
    pane.html(press)
}

/// A recorded run with its program below; the page's script makes it live.
pub(super) struct Pane {
    /// Attributes that tell the script what it runs.
    pub data: String,
    /// The same at a terminal.
    pub command: String,
    pub program: Rc<Program>,
    /// Where the recorded run is, from the root of the course.
    pub recording: String,
    /// What links to the program lead to.
    pub id: Option<&'static str>,
}

impl Pane {
    pub fn html(&self, press: &mut Press) -> Result<String, String> {
        let transcript = self.transcript(press)?;
        let said = press.words(words::RUN);
        let recorded = escape(&press.word(words::RECORDED));
        let path = format!("<code>{}</code>", escape(&self.program.path));
        let whole = press.word_html(words::WHOLE, &[("path", path)]);
        let pre =
            highlight::block(self.program.language, &self.program.whole());
        let id = self.id.map(|id| format!(" id=\"{id}\""));
        Ok(format!(
            "<section class=\"run\" {} data-words=\"{said}\">\
             <p class=\"run-head\"><code>{}</code></p>\
             <pre class=\"transcript\" tabindex=\"0\" role=\"log\" \
             aria-label=\"{recorded}\">{}</pre>\
             <details class=\"program\"{}><summary>{whole}</summary>{pre}\
             </details></section>",
            self.data,
            self.command,
            one_line(&escape(&transcript)),
            id.unwrap_or_default(),
        ))
    }

    fn transcript(&self, press: &Press) -> Result<String, String> {
        let shown = &self.recording;
        let text = read_text(&press.course.root.join(shown)).map_err(|_| {
            format!(
                "there is no recorded run {shown}: `INSTA_UPDATE=always cargo \
                 test --test transcripts` records it"
            )
        })?;
        snapshot_text(&text)
            .map(|text| text.trim_end().to_string())
            .ok_or_else(|| format!("{shown} is not a recorded run: delete it"))
    }
}
