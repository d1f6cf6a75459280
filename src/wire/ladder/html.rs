//! Text for HTML: in goes what was on the wire, out comes what a browser and
//! Markdown both take for text.

/// Text for a place between tags or within a quoted attribute.
///
/// Line breaks become references, because a blank line would end the block
/// of HTML in a Markdown page; `{{#` is taken apart, because mdBook would
/// look for an include there, and a payload is anybody's text.
pub(super) fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            '\n' => html.push_str("&#10;"),
            '#' if html.ends_with("{{") => html.push_str("&#35;"),
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_on_the_wire_is_no_markup() {
        let text = escape("<b onclick='x'>\"\n\n{{#include /etc/passwd}}&");
        assert_eq!(
            text,
            "&lt;b onclick=&#39;x&#39;&gt;&quot;&#10;&#10;\
             {{&#35;include /etc/passwd}}&amp;"
        );
    }
}
