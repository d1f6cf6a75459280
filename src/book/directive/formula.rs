//! `{{#formula efficiency}}`: a formula from its function's own definition.

use lessons::formulas::{ALL, Formula, Symbol};

use crate::book::mistakes::Place;
use crate::book::press::Press;
use crate::book::words;

use super::Call;

pub(super) const FILE: &str = "lessons/src/formulas.rs";

pub(super) fn html(
    name: &str,
    call: &Call,
    press: &mut Press,
) -> Result<String, String> {
    let Some(formula) = ALL.iter().find(|f| f.name == name) else {
        let known: Vec<_> = ALL.iter().map(|f| f.name).collect();
        return Err(format!(
            "{FILE} has no formula `{name}`: it has {}",
            known.join(", ")
        ));
    };
    figure(formula, "", call, press)
}

/// A formula with its symbols, then `more`, then its source.
pub(super) fn figure(
    formula: &Formula,
    more: &str,
    call: &Call,
    press: &mut Press,
) -> Result<String, String> {
    let name = formula.name;
    let math = press.math.block(formula.latex)?;
    let place = Place::new(FILE, 0);
    let meaning = press.inline(formula.meaning, &place);
    let mut symbols = String::new();
    for symbol in formula.symbols {
        symbols.push_str(&symbol_html(symbol, call, press));
    }
    let source = press.inline(formula.source, &place);
    let source = press.word_html(words::SOURCE, &[("source", source)]);
    Ok(format!(
        "<figure class=\"formula\" id=\"formula-{name}\">{math}\
         <figcaption>{meaning}</figcaption><dl>{symbols}</dl>{more}\
         <p class=\"source\">{source}</p></figure>"
    ))
}

fn symbol_html(symbol: &Symbol, call: &Call, press: &mut Press) -> String {
    let place = Place::new(FILE, 0);
    let math = press.math.inline(symbol.latex).unwrap_or_else(|error| {
        press.mistakes.add(&call.place, error);
        String::new()
    });
    let mut meaning = press.inline(symbol.meaning, &place);
    if symbol.unit != "1" {
        let unit = press.inline(symbol.unit, &place);
        let fill = [("meaning", meaning), ("unit", unit)];
        meaning = press.word_html(words::UNIT, &fill);
    }
    format!("<dt>{math}</dt><dd>{meaning}</dd>")
}

/// The texts of all formulas.
pub(crate) fn messages() -> Vec<(String, Place)> {
    let texts = |formula: &&'static Formula| {
        let symbols = formula.symbols.iter();
        let symbols = symbols.flat_map(|s| [s.meaning, s.unit]);
        [formula.meaning, formula.source, formula.unit]
            .into_iter()
            .chain(symbols)
            .filter(|text| *text != "1")
            .collect::<Vec<_>>()
    };
    let place = Place::new(FILE, 0);
    let texts = ALL.iter().flat_map(texts);
    texts
        .map(|text| (text.to_string(), place.clone()))
        .collect()
}
