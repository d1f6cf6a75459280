//! Highlighting at build time: in goes code, out come its lines as HTML, so
//! that no highlighter travels to the reader.
//!
//! Classes: `k` keyword, `s` string, `c` comment, `n` number, `t` type,
//! `f` function, `m` macro, `l` lifetime or attribute.

mod plain;
mod rust;
mod table;

use std::ops::Range;

use super::html;

/// A stretch of code and its class.
pub(super) type Stretch = (Range<usize>, char);

/// What a fence or a file may be written in.
pub(crate) const LANGUAGES: &[&str] = &[
    "rust",
    "python",
    "c",
    "java",
    "javascript",
    "json",
    "toml",
    "shell",
    "console",
    "http",
    "text",
];

/// The language of a file, by the end of its name.
pub(crate) fn language_of(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, end)| end) {
        Some("rs") => "rust",
        Some("py") => "python",
        Some("c") => "c",
        Some("java") => "java",
        Some("js") => "javascript",
        Some("json") => "json",
        Some("toml") => "toml",
        Some("sh") => "shell",
        _ => "text",
    }
}

/// Each line of `code` as HTML; a string or comment over several lines is
/// closed and opened again at each line's end, so that any run of lines
/// stands for itself.
pub(crate) fn lines(language: &str, code: &str) -> Vec<String> {
    let stretches = match language {
        "rust" => rust::stretches(code),
        other => plain::stretches(other, code),
    };
    let mut writer = Writer::default();
    let mut at = 0;
    for (range, class) in stretches {
        writer.write(&code[at..range.start], None);
        writer.write(&code[range.clone()], Some(class));
        at = range.end;
    }
    writer.write(&code[at..], None);
    writer.lines(code.ends_with('\n'))
}

/// `code` as a `<pre>` block, on one line of the page's source.
pub(crate) fn block(language: &str, lines: &[String]) -> String {
    let body = lines.join("\n");
    html::one_line(&format!(
        "<pre tabindex=\"0\"><code class=\"language-{language}\">\
         {}</code></pre>",
        if body.contains('<') {
            body
        } else {
            // mdBook hides lines that begin with `# ` in code without tags.
            format!("<span>{body}</span>")
        }
    ))
}

#[derive(Default)]
struct Writer {
    done: Vec<String>,
    line: String,
}

impl Writer {
    fn write(&mut self, text: &str, class: Option<char>) {
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 {
                self.done.push(std::mem::take(&mut self.line));
            }
            let escaped = html::escape(part);
            match class {
                _ if part.is_empty() => {}
                None => self.line.push_str(&escaped),
                Some(class) => self.line.push_str(&format!(
                    "<span class=\"{class}\">{escaped}</span>"
                )),
            }
        }
    }

    fn lines(mut self, ended: bool) -> Vec<String> {
        if !ended {
            self.done.push(self.line);
        }
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_is_told_apart() {
        let html = lines(
            "rust",
            "#[test]\nfn f<'a>(x: &'a Vec<u8>) { g!(\"{}\", 0x1F); } // no\n",
        );
        assert_eq!(html[0], "<span class=\"l\">#[test]</span>");
        for piece in [
            "<span class=\"k\">fn</span> <span class=\"f\">f</span>",
            "<span class=\"l\">&#39;a</span>",
            "<span class=\"t\">Vec</span>&lt;<span class=\"t\">u8</span>",
            "<span class=\"m\">g!</span>",
            "<span class=\"s\">&quot;{}&quot;</span>",
            "<span class=\"n\">0x1F</span>",
            "<span class=\"c\">// no</span>",
        ] {
            assert!(html[1].contains(piece), "{piece} in {}", html[1]);
        }
    }

    #[test]
    fn a_string_over_two_lines_is_closed_on_each() {
        let html = lines("rust", "\"a\nb\"");
        assert_eq!(
            html,
            [
                "<span class=\"s\">&quot;a</span>",
                "<span class=\"s\">b&quot;</span>"
            ]
        );
    }

    #[test]
    fn no_language_loses_a_byte() {
        let code = "$ x 'y\n# c\n\"a\\\"b\" 12 {\"k\": null}\nGET / HTTP/1.1\n\
                    Host: a\n\n'''d\ne''' def f(): pass\n[t]\nk = 1 é\n";
        for language in LANGUAGES {
            let text = lines(language, code).join("\n");
            let mut plain = String::new();
            let mut in_tag = false;
            for c in text.chars() {
                match c {
                    '<' => in_tag = true,
                    '>' => in_tag = false,
                    c if !in_tag => plain.push(c),
                    _ => {}
                }
            }
            assert_eq!(plain + "\n", html::escape(code), "{language}");
        }
    }

    #[test]
    fn the_other_languages_have_their_marks() {
        let has = |language, code: &str, piece: &str| {
            let html = lines(language, code).join("\n");
            assert!(html.contains(piece), "{piece} in {html}");
        };
        has(
            "python",
            "import socket\n",
            "<span class=\"k\">import</span>",
        );
        has("python", "f('x')  # y", "<span class=\"c\"># y</span>");
        has("python", "\"\"\"a\nb\"\"\"", "<span class=\"s\">b");
        has("c", "#include <a.h>", "<span class=\"l\">#include</span>");
        has("c", "/* a\nb */ int c;", "<span class=\"c\">b */</span>");
        has("c", "f('\\'', x)", "<span class=\"s\">&#39;\\&#39;&#39;");
        has("java", "new Socket(a)", "<span class=\"t\">Socket</span>");
        has("java", "int MAX = 1;", " MAX = <span class=\"n\">1</span>");
        has("javascript", "`a\n${b}`", "<span class=\"s\">${b}`</span>");
        has("javascript", "f() // g", "<span class=\"c\">// g</span>");
        has(
            "json",
            "{\"a\": 1}",
            "<span class=\"f\">&quot;a&quot;</span>",
        );
        has("json", "[true]", "<span class=\"k\">true</span>");
        has("toml", "[a]\n", "<span class=\"t\">[a]</span>");
        has("console", "$ cargo run\nout 1\n", "\nout 1");
        has("console", "$ cargo run\n", "<span class=\"c\">$ </span>");
        has("http", "GET / HTTP/1.1\n", "<span class=\"k\">GET</span>");
        has("http", "Host: a\n", "<span class=\"f\">Host</span>");
        has("shell", "echo \"$x\" # y", "<span class=\"c\"># y</span>");
    }
}
