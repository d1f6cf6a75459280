//! `{{#faq connection-reset}}`: the recorded run of a question's program, the
//! program, and what the error is called. The page's script puts a Run button
//! over the run where the companion serves.

use crate::book::html::escape;
use crate::book::press::Press;
use crate::book::words;
use crate::faq::{self, Fault};

use super::run::Pane;

pub(super) fn html(name: &str, press: &mut Press) -> Result<String, String> {
    let entry = faq::entry(name).ok_or_else(|| {
        let names: Vec<_> = faq::ALL.iter().map(|it| it.name).collect();
        format!(
            "there is no question `{name}`: there are {}",
            names.join(", ")
        )
    })?;
    let source = format!("faq/{}.rs", name.replace('-', "_"));
    let pane = Pane {
        data: format!("data-faq=\"{name}\""),
        command: format!("cargo run -- faq {name}"),
        program: press.program(&source)?,
        recording: format!("tests/snapshots/faq/{name}.snap"),
        id: None,
    };
    Ok(pane.html(press)? + &names(entry.errors, press))
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
