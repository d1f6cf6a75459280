//! Every formula of the course: one function, and beside it what the book
//! shows of it.
//!
//! In goes a number with a unit that the [`Formula`] names, out comes a
//! number or the reason why there is none. The book renders [`ALL`].

use std::fmt;

/// A formula as the book shows it. Texts are English and are translated
/// with the book; LaTeX is what `math-core` reads.
#[derive(Debug)]
pub struct Formula {
    /// The name of its function, and of `{{#formula NAME}}`.
    pub name: &'static str,
    /// The lesson that derives it.
    pub lesson: u8,
    pub latex: &'static str,
    /// One sentence: what the left side is.
    pub meaning: &'static str,
    pub symbols: &'static [Symbol],
    /// Where it comes from, as Markdown.
    pub source: &'static str,
}

/// One letter of a formula.
#[derive(Debug)]
pub struct Symbol {
    pub latex: &'static str,
    pub meaning: &'static str,
    /// `"1"` where it is a plain number.
    pub unit: &'static str,
}

/// A number outside a formula's domain: which, and what is allowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutOfDomain {
    pub symbol: &'static str,
    pub value: f64,
    pub allowed: &'static str,
}

impl fmt::Display for OutOfDomain {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self {
            symbol,
            value,
            allowed,
        } = self;
        write!(f, "{symbol} = {value}, but it must be {allowed}")
    }
}

impl std::error::Error for OutOfDomain {}

/// All formulas, in the order of their lessons.
pub const ALL: &[&Formula] = &[&EFFICIENCY];

pub const EFFICIENCY: Formula = Formula {
    name: "efficiency",
    lesson: 7,
    latex: r"\eta = \frac{m}{m + h}",
    meaning: "The share of the bytes sent that are message.",
    symbols: &[
        Symbol {
            latex: "m",
            meaning: "length of the message",
            unit: "byte",
        },
        Symbol {
            latex: "h",
            meaning: "length of the header",
            unit: "byte",
        },
    ],
    source: "Follows from the definition: useful bytes over all bytes.",
};

/// Efficiency η, 0 to 1, of a message of `m` bytes behind a header of `h`.
pub fn efficiency(m: u64, h: u64) -> Result<f64, OutOfDomain> {
    if m == 0 && h == 0 {
        let allowed = "more than 0 where h is 0";
        return Err(OutOfDomain {
            symbol: "m",
            value: 0.0,
            allowed,
        });
    }
    Ok(m as f64 / (m as f64 + h as f64))
}
