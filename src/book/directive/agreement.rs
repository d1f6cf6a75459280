//! `{{#agreement}}`: how far the simulated models are from their formulas, as
//! the tests of `lessons` have recorded it.

use lessons::formulas::Formula;

use crate::book::html::{escape, one_line};
use crate::book::press::{Press, read_text};
use crate::book::words;

const FILE: &str = "lessons/tests/agreement.txt";

/// What makes the table where there is none, or another one.
const AGAIN: &str = "`cargo test -p lessons agree` compares it";

/// Where a formula stands in the table: the start of a group's title, and
/// of its rows there.
const COMPARED: &[(&str, &str, &str)] = &[
    ("stop_and_wait", "Stop and wait", ""),
    ("go_back_n", "Go-Back-N, window spread", ""),
    ("selective_repeat", "Selective repeat", ""),
    ("window_rate", "Receive window", ""),
    ("mathis", "Reno and Mathis", ""),
    ("cubic_window", "CUBIC", ""),
    ("mm1", "M/M/1", ""),
    ("md1", "M/D/1", ""),
    ("token_bucket", "Token bucket", ""),
    ("moved_consistent", "One machine more", "r"),
    ("moved_modulo", "One machine more", "modulo"),
    ("gossip_rounds", "Gossip", ""),
];

/// The whole table, as it was recorded.
pub(super) fn html(press: &mut Press) -> Result<String, String> {
    let table = read(press)?;
    Ok(format!(
        "<figure class=\"listing\"><pre tabindex=\"0\"><code>{}</code></pre>\
         <figcaption><code>{FILE}</code></figcaption></figure>",
        one_line(&escape(table.trim_end()))
    ))
}

/// The greatest difference of a formula's rows, and how many there are.
pub(super) fn of(
    formula: &Formula,
    press: &mut Press,
) -> Result<Option<String>, String> {
    let mut compared = COMPARED.iter();
    let Some((name, title, row)) =
        compared.find(|(name, ..)| *name == formula.name)
    else {
        return Ok(None);
    };
    let table = read(press)?;
    let found = differences(&table, title, row);
    let most = found.iter().map(|(text, size)| (size.abs(), *text));
    let Some((_, most)) = most.max_by(|a, b| a.0.total_cmp(&b.0)) else {
        return Err(format!("{FILE} has no row for `{name}`: {AGAIN}"));
    };
    let most = most.trim_start_matches(['+', '-']).to_string();
    let fill = [("most", most), ("n", found.len().to_string())];
    Ok(Some(press.word_html(words::AGREEMENT, &fill)))
}

fn read(press: &Press) -> Result<String, String> {
    read_text(&press.course.root.join(FILE))
        .map_err(|_| format!("there is no table {FILE}: {AGAIN}"))
}

/// The last column of the rows that begin with `row`, below a title.
fn differences<'a>(
    table: &'a str,
    title: &str,
    row: &str,
) -> Vec<(&'a str, f64)> {
    let lines = table.lines().skip_while(|line| !line.starts_with(title));
    let rows = lines.skip(1).take_while(|line| line.starts_with("  "));
    let rows = rows.filter(|line| line.trim_start().starts_with(row));
    let difference = |line: &'a str| {
        let line = line.trim();
        let at = line.rfind(['+', '-'])?;
        let text = &line[at..];
        let number = text.trim_end_matches(" %");
        Some((text, number.parse().ok()?))
    };
    rows.filter_map(difference).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_below_its_title() {
        let table = "  model   difference\n\nA: share (within 2 %)\n  ring, N \
                     = 4  0.19  0.20  -0.6 %\n  ring, N = 9  0.1  0.1  +2.4 \
                     %\n  modulo  1  1  -3.0 %\n\nB (within 2)\n  push  12.5 \
                     11.2  +1.30\n";
        let found = differences(table, "A", "r");
        assert_eq!(found, [("-0.6 %", -0.6), ("+2.4 %", 2.4)]);
        assert_eq!(differences(table, "B", ""), [("+1.30", 1.3)]);
        assert!(differences(table, "C", "").is_empty());
    }
}
