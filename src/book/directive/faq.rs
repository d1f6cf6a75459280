//! `{{#faq connection-reset}}`: the recorded run of a question's program, the
//! program, and what the error is called. The page's script puts a Run button
//! over the run where the companion serves.

use crate::book::highlight;
use crate::book::html::{escape, one_line};
use crate::book::press::{Press, read_text};
use crate::book::words;
use crate::course::snapshot_text;
use crate::faq::{self, Fault};

pub(super) fn html(name: &str, press: &mut Press) -> Result<String, String> {
    let entry = faq::entry(name).ok_or_else(|| {
        let names: Vec<_> = faq::ALL.iter().map(|it| it.name).collect();
        format!(
            "there is no question `{name}`: there are {}",
            names.join(", ")
        )
    })?;
    let program = press.program(&source(name))?;
    let transcript = transcript(name, press)?;
    let said = press.words(words::RUN);
    let recorded = escape(&press.word(words::RECORDED));
    let path = format!("<code>{}</code>", escape(&program.path));
    let whole = press.word_html(words::WHOLE, &[("path", path)]);
    let pre = highlight::block(program.language, &program.whole());
    let names = names(entry.errors, press);
    Ok(format!(
        "<section class=\"run\" data-faq=\"{name}\" data-words=\"{said}\">\
         <p class=\"run-head\"><code>cargo run -- faq {name}</code></p>\
         <pre class=\"transcript\" tabindex=\"0\" role=\"log\" \
         aria-label=\"{recorded}\">{}</pre>\
         <details class=\"program\"><summary>{whole}</summary>{pre}</details>\
         </section>{names}",
        one_line(&escape(&transcript)),
    ))
}

/// `faq/connection_reset.rs`, below the lessons' programs.
fn source(name: &str) -> String {
    format!("faq/{}.rs", name.replace('-', "_"))
}

fn transcript(name: &str, press: &Press) -> Result<String, String> {
    let shown = format!("tests/snapshots/faq/{name}.snap");
    let text = read_text(&press.course.root.join(&shown)).map_err(|_| {
        format!(
            "there is no recorded run {shown}: `INSTA_UPDATE=always cargo \
             test --test faq` records it"
        )
    })?;
    snapshot_text(&text)
        .map(|text| text.trim_end().to_string())
        .ok_or_else(|| format!("{shown} is not a recorded run: delete it"))
}

/// A row for each system, or nothing where nothing fails.
fn names(errors: &[Fault], press: &mut Press) -> String {
    if errors.is_empty() {
        return String::new();
    }
    let system = press.word(words::SYSTEM);
    let error = press.word(words::ERROR);
    let none = press.word(words::NO_KIND);
    let rows = errors.iter().map(|fault| {
        let kind = match fault.kind {
            Some(kind) => format!("<code>{kind}</code>"),
            None => escape(&none),
        };
        format!(
            "<tr><td>{}</td><td><code>{}</code> ({})</td><td>{kind}</td>\
             <td><code>{}</code></td></tr>",
            fault.system.name(),
            fault.name,
            fault.number,
            fault.python
        )
    });
    format!(
        "<div class=\"table-wrapper\"><table class=\"names\"><thead><tr><th>{system}</th>\
         <th>{error}</th><th><code>io::ErrorKind</code></th><th>Python</th>\
         </tr></thead><tbody>{}</tbody></table></div>",
        rows.collect::<String>()
    )
}
