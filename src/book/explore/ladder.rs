//! A ladder of frames: in go what a simulated sender and receiver sent, out
//! come arrows from one line of life to the other, time going down.

use super::data::said;
use super::{Arrow, chart::Say};
use crate::book::html::escape;

/// Above the first arrow, and for each unit of time, in pixels; where the
/// two lines of life are, in per cent. `explore.js` knows them too.
const TOP: u32 = 30;
const STEP: u32 = 15;
const ENDS: [u32; 2] = [8, 92];

/// The two ends, and the arrows between them.
pub(super) fn svg(
    arrows: &[Arrow],
    names: &[&str; 2],
    span: u32,
    say: Say,
) -> String {
    let bottom = TOP + STEP * span;
    let mut svg = String::new();
    for (name, (at, class)) in names.iter().zip([(0, ""), (100, "end")]) {
        svg.push_str(&format!(
            "<text class=\"{class} who\" x=\"{at}%\" y=\"14\">{}</text>",
            escape(&said(name, say))
        ));
    }
    for at in ENDS {
        svg.push_str(&format!(
            "<line class=\"life\" x1=\"{at}%\" y1=\"{TOP}\" x2=\"{at}%\" \
             y2=\"{bottom}\"/>"
        ));
    }
    let arrows: String = arrows.iter().map(arrow).collect();
    svg + "<g>" + &arrows + "</g>"
}

/// The height of the whole picture.
pub(super) fn height(span: u32) -> u32 {
    TOP + STEP * span + 10
}

/// A line down to the other side, or to a cross half-way; its number stands
/// where it begins.
fn arrow(it: &Arrow) -> String {
    let [from, to] = match it.kind {
        Arrow::ACK => [ENDS[1], ENDS[0]],
        _ => ENDS,
    };
    let part = if it.lost { 2 } else { 1 };
    let x2 = from as i32 + (to as i32 - from as i32) / part;
    let y1 = TOP + STEP * it.at;
    let y2 = f64::from(y1) + f64::from(STEP * it.took) / f64::from(part);
    let (x, class) = match it.kind {
        Arrow::ACK => (ENDS[1] + 2, ""),
        _ => (ENDS[0] - 2, "end"),
    };
    let mut svg = format!(
        "<line class=\"line{}\" x1=\"{from}%\" y1=\"{y1}\" x2=\"{x2}%\" \
         y2=\"{y2}\"/><text class=\"{class}\" x=\"{x}%\" y=\"{}\">{}</text>",
        it.kind,
        y1 + 4,
        it.number
    );
    if it.lost {
        svg.push_str(&format!(
            "<text class=\"middle gone\" x=\"{x2}%\" y=\"{}\">×</text>",
            y2 + 5.0
        ));
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_ends_half_way() {
        let mut it = Arrow {
            kind: Arrow::FRAME,
            lost: false,
            number: 7,
            at: 2,
            took: 4,
        };
        let whole = arrow(&it);
        let drawn = "x1=\"8%\" y1=\"60\" x2=\"92%\" y2=\"120\"/>";
        assert!(whole.contains(drawn), "{whole}");
        assert!(whole.contains(">7</text>") && !whole.contains('×'));
        it.lost = true;
        let half = arrow(&it);
        assert!(half.contains("x2=\"50%\" y2=\"90\"/>"), "{half}");
        it = Arrow {
            kind: Arrow::ACK,
            lost: false,
            ..it
        };
        let back = arrow(&it);
        assert!(back.contains("x1=\"92%\" y1=\"60\" x2=\"8%\""), "{back}");
    }
}
