//! Curves in a terminal: in go points, out come lines of Braille, two dots
//! wide and four high each character.

use std::fmt::Write as _;

use super::sample::Sample;

/// Size of a curve, in characters.
const WIDTH: usize = 64;
const HEIGHT: usize = 6;

/// The dots of a Braille character, by column and row (Unicode 15, block
/// 2800): a bit each.
const DOTS: [[u8; 4]; 2] = [[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]];

/// Draws what became of the connection that sent most: congestion window
/// with its threshold, round-trip time, goodput, queue, retransmissions.
pub fn plot(samples: &[Sample]) -> String {
    let Some(busiest) = busiest(samples) else {
        return "no connection lived long enough to be sampled\n".to_owned();
    };
    let (first, last) = (busiest[0], busiest[busiest.len() - 1]);
    let points = |value: &dyn Fn(&Sample) -> Option<f64>| -> Vec<_> {
        let point = |it: &&Sample| Some((it.ms, value(it)?));
        busiest.iter().filter_map(point).collect()
    };
    let mut text = format!(
        "{} → {}, {}, {:.1} s, {} segments sent again\n",
        last.local,
        last.peer,
        last.control,
        (last.ms - first.ms) / 1000.0,
        last.retransmissions,
    );
    let window = points(&|it| Some(f64::from(it.cwnd)));
    let threshold = points(&|it| it.ssthresh.map(f64::from));
    text += &curve("congestion window, segments", &[&window, &threshold]);
    let srtt = points(&|it| Some(it.srtt));
    text += &curve("smoothed round-trip time, ms", &[&srtt]);
    text += &curve("goodput, Mbit/s", &[&goodput(&busiest)]);
    let queue = points(&|it| {
        Some(it.queued.iter().max().copied().unwrap_or(0) as f64 / 1000.0)
    });
    text += &curve("queue before the link, kB", &[&queue]);
    text
}

/// The samples of the socket that had most acknowledged.
fn busiest(samples: &[Sample]) -> Option<Vec<&Sample>> {
    let most = samples.iter().max_by_key(|it| it.acked)?;
    let same = |it: &&Sample| it.local == most.local && it.peer == most.peer;
    Some(samples.iter().filter(same).collect())
}

/// Megabits per second that were acknowledged, over a tenth of the time.
fn goodput(samples: &[&Sample]) -> Vec<(f64, f64)> {
    let (first, last) = (samples[0], samples[samples.len() - 1]);
    let span = ((last.ms - first.ms) / 20.0).max(20.0);
    let mut points = Vec::new();
    let mut from = first;
    for it in samples {
        let ms = it.ms - from.ms;
        if ms >= span {
            let bits = 8.0 * (it.acked.saturating_sub(from.acked)) as f64;
            points.push((it.ms, bits / ms / 1000.0));
            from = it;
        }
    }
    points
}

/// One diagram of a few lines, from 0 to the largest value.
fn curve(name: &str, lines: &[&[(f64, f64)]]) -> String {
    let all = || lines.iter().flat_map(|line| line.iter());
    let top = all().map(|it| it.1).fold(0.0, f64::max);
    let begin = all().map(|it| it.0).fold(f64::INFINITY, f64::min);
    let end = all().map(|it| it.0).fold(begin, f64::max);
    let mut text = format!("\n{name}\n");
    if top <= 0.0 {
        text += "  (always 0)\n";
        return text;
    }
    let mut cells = [[0u8; WIDTH]; HEIGHT];
    for line in lines {
        dot(&mut cells, line, (begin, end), top);
    }
    for (row, cells) in cells.iter().enumerate() {
        let label = match row {
            0 => format!("{top:.1}"),
            row if row == HEIGHT - 1 => "0".to_owned(),
            _ => String::new(),
        };
        let braille = cells.iter().map(|dots| {
            char::from_u32(0x2800 + u32::from(*dots)).unwrap_or(' ')
        });
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{label:>10} ┤{}",
            braille.collect::<String>().trim_end_matches('\u{2800}')
        );
    }
    let seconds = (end - begin) / 1000.0;
    let _ = writeln!(text, "{:>12}0 … {seconds:.1} s", "");
    text
}

/// Sets the dots of a line: every column shows the latest value before it,
/// and a jump is drawn as a stroke.
fn dot(
    cells: &mut [[u8; WIDTH]; HEIGHT],
    line: &[(f64, f64)],
    (begin, end): (f64, f64),
    top: f64,
) {
    let (columns, rows) = (2 * WIDTH, 4 * HEIGHT);
    let mut before = None;
    for column in 0..columns {
        let share = column as f64 / (columns - 1) as f64;
        let at = begin + (end - begin) * share;
        let after = line.partition_point(|it| it.0 <= at);
        let Some((_, value)) = after.checked_sub(1).map(|i| line[i]) else {
            continue;
        };
        let height = (value / top * (rows - 1) as f64).round() as usize;
        let row = rows - 1 - height.min(rows - 1);
        let from = before.unwrap_or(row);
        for row in from.min(row)..=from.max(row) {
            cells[row / 4][column / 2] |= DOTS[column % 2][row % 4];
        }
        before = Some(row);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rising_line_goes_from_one_corner_to_the_other() {
        let line: Vec<_> =
            (0..=100).map(|n| (f64::from(n), f64::from(n))).collect();
        let text = curve("rising", &[&line]);
        let rows: Vec<&str> = text.lines().collect();
        assert_eq!(rows.len(), 3 + HEIGHT, "{text}");
        assert!(rows[2].starts_with("     100.0 ┤"), "{text}");
        assert!(rows[2].trim_end().ends_with(|it| it > '\u{2800}'), "{text}");
        assert!(rows[1 + HEIGHT].contains("┤⣀"), "{text}");
        assert_eq!(rows[2 + HEIGHT].trim(), "0 … 0.1 s");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert!(curve("none", &[&[]]).contains("always 0"));
        assert!(plot(&[]).contains("no connection"));
    }
}
