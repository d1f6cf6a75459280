//! What an arrow opens to: in goes a frame, out comes a table in which each
//! of its bytes has a name, a value and a reason to be there.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::html::escape;
use super::{Say, rounded, words};
use crate::wire::conversation::Step;
use crate::wire::fields::{self, Field};
use crate::wire::{Frame, LinkType};

/// So many bytes of a field are shown: all of a header, and of a payload
/// enough to see what it is. The rest is in the capture.
const SHOWN: usize = 64;

pub(super) fn html(
    link: LinkType,
    frame: &Frame,
    step: &Step,
    say: &mut Say,
) -> String {
    let mut html = format!("<p>{}", escape(&when(step, say)));
    if let Some(remark) = step.remark {
        let explained = escape(&say(words::explained(remark)));
        html.push_str(&format!("<br><strong>{explained}</strong>"));
    }
    if let Some(comment) = &frame.comment {
        html.push_str(&format!("<br><em>{}</em>", escape(comment)));
    }
    html.push_str("</p>");
    let fields = fields::of(link, &frame.bytes);
    let layers: Vec<_> = fields
        .chunk_by(|a, b| whole_layer(a) == whole_layer(b))
        .collect();
    // Frames within frames: open is what travels from end to end.
    let first_open = layers
        .iter()
        .position(|layer| layer.first().is_some_and(is_transport))
        .unwrap_or(layers.len().saturating_sub(1));
    for (index, layer) in layers.iter().enumerate() {
        let open = if index >= first_open { " open" } else { "" };
        html.push_str(&format!("<details class=\"layer\"{open}>"));
        html.push_str(&body(layer, &frame.bytes, say));
        html.push_str("</details>");
    }
    html
}

fn is_transport(field: &Field) -> bool {
    let layer = field.layer;
    ["TCP", "UDP"].contains(&layer) || layer.starts_with("ICMP")
}

/// A header's options are a part of it.
fn whole_layer(field: &Field) -> &'static str {
    field.layer.strip_suffix(" option").unwrap_or(field.layer)
}

/// Its place in the capture, and its time with two digits: enough to see
/// whether a kernel answered, or a timer.
fn when(step: &Step, say: &mut Say) -> String {
    say(words::WHEN)
        .replace("{n}", &step.number.to_string())
        .replace("{time}", &rounded(step.since, 2))
}

/// The fields of one layer.
fn body(fields: &[Field], frame: &[u8], say: &mut Say) -> String {
    let name = fields.first().map_or("", whole_layer);
    let name = escape(&word(name, say));
    let start = fields.first().map_or(0, |field| field.range.start);
    let end = fields.last().map_or(0, |field| field.range.end);
    let size = escape(&super::label::size(end - start, say));
    let mut html =
        format!("<summary><b>{name}</b> {size}</summary><table><tbody>");
    for (index, field) in fields.iter().enumerate() {
        let before = index.checked_sub(1).map(|index| &fields[index].range);
        // Fields that share a byte show it once.
        let bytes = match before == Some(&field.range) {
            true => String::new(),
            false => hex(frame, field, say),
        };
        let title = match field.source {
            "" => String::new(),
            source => format!(" title=\"{}\"", escape(source)),
        };
        html.push_str(&format!(
            "<tr{title}><td>{bytes}</td><th scope=\"row\">{}</th>\
             <td>{} <i>{}</i></td></tr>",
            escape(&word(field.name, say)),
            escape(&value(&field.value, say)),
            escape(&word(field.phrase, say)),
        ));
    }
    html + "</tbody></table>"
}

fn hex(frame: &[u8], field: &Field, say: &mut Say) -> String {
    let bytes = frame.get(field.range.clone()).unwrap_or_default();
    let shown = bytes.iter().take(SHOWN).map(|byte| format!("{byte:02x}"));
    let shown = shown.collect::<Vec<_>>().join(" ");
    match bytes.len().saturating_sub(SHOWN) {
        0 => shown,
        more => {
            let more = say(words::MORE_BYTES).replace("{n}", &more.to_string());
            format!("{shown} {}", escape(&more))
        }
    }
}

/// A value in the reader's language: `20 bytes` and `3 (port unreachable)`
/// hold a word, most values are numbers and names of the protocol.
fn value(text: &str, say: &mut Say) -> String {
    if let Some((number, unit)) = text.split_once(' ')
        && is_word(unit)
    {
        return format!("{number} {}", say(unit));
    }
    if let Some((number, rest)) = text.split_once(" (")
        && let Some(word) = rest.strip_suffix(')')
        && is_word(word)
    {
        return format!("{number} ({})", say(word));
    }
    word(text, say)
}

fn word(text: &str, say: &mut Say) -> String {
    match is_word(text) {
        true => say(text),
        false => text.to_string(),
    }
}

/// Whether it is one of the fields' words, and no name of a protocol.
fn is_word(text: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| fields::messages().into_iter().collect());
    WORDS.contains(text)
}
