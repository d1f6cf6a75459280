//! `{{#wire lesson7}}`: the packets of a lesson's recorded run as a ladder.
//! `{{#wire lesson14 3 5}}` shows only these connections of it.

use std::fs;

use crate::book::html::escape;
use crate::book::mistakes::Place;
use crate::book::press::{Press, number_of};
use crate::book::words;
use crate::wire::{fields, ladder, pcapng};

/// Where the ladder's own words stand, and those of the fields.
const LADDER: &str = "src/wire/ladder/words.rs";
const FIELDS: &str = "src/wire/fields.rs";

/// A file up to this size travels within the page. mdBook's stock program
/// copies nothing that a preprocessor makes, so an address of its own would
/// lead nowhere there; and most captures are a few kilobytes. What is larger
/// would weigh as much as all the rest of its page.
const LARGEST: usize = 16 * 1024;

/// What makes a capture where there is none, or another one.
const AGAIN: &str = "on Linux, `INSTA_UPDATE=always cargo test --test wire` \
                     records it";

pub(super) fn html(
    name: &str,
    connections: &[&str],
    press: &mut Press,
) -> Result<String, String> {
    let number = number_of("lesson", name)
        .ok_or_else(|| format!("`{name}` is not the name of a lesson"))?;
    press.course.lesson(number).map_err(|e| e.to_string())?;
    let connections = numbers(connections)?;
    let file = format!("lesson{number}.pcapng");
    let shown = format!("tests/snapshots/{file}");
    let bytes = fs::read(press.course.capture(number)).map_err(|_| {
        format!("there is no recorded capture {shown}: {AGAIN}")
    })?;
    let capture = pcapng::read(&bytes)
        .map_err(|e| format!("{shown} is not a capture: {e:#}; {AGAIN}"))?;
    let mut say = |english: &str| {
        let ours = ladder::WORDS.contains(&english);
        let file = if ours { LADDER } else { FIELDS };
        press.say(english, &Place::new(file, 0))
    };
    let ladder = ladder::whole(&capture, &connections, &mut say)
        .map_err(|error| format!("{shown}: {error:#}; {AGAIN}"))?;
    let label = escape(&press.word(words::PACKETS));
    // A page may have several, and each needs a name of its own.
    let shown = connections.iter().map(|number| format!(" {number}"));
    let shown: String = shown.collect();
    let hint = press.word_html(words::OPEN, &[]);
    let foot = foot(number, &bytes, press);
    Ok(format!(
        "<section class=\"wire\" data-lesson=\"{number}\" \
         aria-label=\"{label}{shown}\"><p class=\"wire-head\"><b>{label}</b> \
         <span>{hint}</span></p>{ladder}<p class=\"wire-foot\">{foot}</p>\
         </section>"
    ))
}

fn numbers(connections: &[&str]) -> Result<Vec<usize>, String> {
    let number = |text: &&str| {
        let number = text.parse().ok().filter(|number| *number > 0);
        number.ok_or(format!("`{text}` is not the number of a connection"))
    };
    connections.iter().map(number).collect()
}

/// How to make a capture of one's own, and this one.
fn foot(number: u8, bytes: &[u8], press: &mut Press) -> String {
    let file = format!("lesson{number}.pcapng");
    let command = format!("cargo run -- run {number} --pcap {file}");
    let command = format!("<code>{}</code>", escape(&command));
    let own = press.word_html(words::CAPTURE, &[("command", command)]);
    let download = download(&file, bytes, press);
    format!("<span>{own}</span> <span>{download}</span>")
}

/// The file itself, or where it lies if it is too large for the page.
fn download(file: &str, bytes: &[u8], press: &mut Press) -> String {
    let size = bytes.len().div_ceil(1000).to_string();
    let fill = |name| [("file", name), ("n", size.clone())];
    if bytes.len() > LARGEST {
        let path = format!("<code>tests/snapshots/{file}</code>");
        return press.word_html(words::WIRESHARK, &fill(path));
    }
    let link = format!(
        "<a download=\"{file}\" href=\"data:application/octet-stream;\
         base64,{}\">{file}</a>",
        base64(bytes)
    );
    press.word_html(words::WIRESHARK, &fill(link))
}

/// RFC 4648 §4.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ\
        abcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let letter = (bits >> (18 - 6 * at)) as usize & 63;
            text.push(match at <= group.len() {
                true => LETTERS[letter] as char,
                false => '=',
            });
        }
    }
    text
}

/// The words of all ladders, and of the fields that they open to.
pub(crate) fn messages() -> Vec<(String, Place)> {
    let ladder = ladder::WORDS.iter().map(|word| (*word, LADDER));
    let fields = fields::messages().into_iter().map(|word| (word, FIELDS));
    ladder
        .chain(fields)
        .map(|(word, file)| (word.to_string(), Place::new(file, 0)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_rfc() {
        // RFC 4648 §10.
        let pairs = [("f", "Zg=="), ("fo", "Zm8="), ("foobar", "Zm9vYmFy")];
        for (text, expected) in pairs {
            assert_eq!(base64(text.as_bytes()), expected);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xbf]), "+/+/");
    }
}
