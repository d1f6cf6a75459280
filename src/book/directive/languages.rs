//! `{{#languages lesson7 server}}`: one program in every language, a tab each.
//! The tabs are radio buttons, so that they need no script; and without a
//! style the listings stand below one another.

use crate::book::highlight;
use crate::book::html::escape;
use crate::book::press::{Press, number_of};
use crate::book::words;
use crate::languages::{ALL, ENDS, LESSONS, Language};

pub(super) fn html(
    lesson: &str,
    end: &str,
    press: &mut Press,
) -> Result<String, String> {
    let number = number_of("lesson", lesson)
        .filter(|it| LESSONS.contains(it))
        .ok_or_else(|| {
            let known: Vec<_> =
                LESSONS.iter().map(|it| format!("lesson{it}")).collect();
            format!("several languages have only {}", known.join(", "))
        })?;
    if !ENDS.contains(&end) {
        return Err(format!("there are only {}", ENDS.join(" and ")));
    }
    let (mut tabs, mut listings) = (String::new(), String::new());
    for (index, language) in ALL.iter().enumerate() {
        let program = press.program(&language.path(number, end))?;
        tabs.push_str(&tab(lesson, end, index, language));
        let pre = highlight::block(program.language, &program.whole());
        listings.push_str(&format!(
            "<figure class=\"listing\"><figcaption><code>{}</code>\
             </figcaption>{pre}</figure>",
            escape(&program.path)
        ));
    }
    let label = escape(&press.word(words::LANGUAGE));
    Ok(format!(
        "<div class=\"languages\" role=\"radiogroup\" \
         aria-label=\"{label}\">{tabs}{listings}</div>"
    ))
}

fn tab(lesson: &str, end: &str, index: usize, language: &Language) -> String {
    let checked = if index == 0 { " checked" } else { "" };
    let group = format!("{lesson}-{end}");
    let id = format!("{group}-{}", language.end);
    format!(
        "<input type=\"radio\" class=\"unseen\" name=\"{group}\" id=\"{id}\" \
         value=\"{}\"{checked}><label for=\"{id}\">{}</label>",
        language.end, language.name
    )
}
