//! The letters of a formula: in goes its LaTeX, out come the names in it,
//! each with its index, such as `x_i` or `t_{\mathrm{hit}}`.

use super::*;

/// Commands that are no names: they draw, compare or compute.
const NO_NAMES: &[&str] = &[
    "begin",
    "cdot",
    "end",
    "equiv",
    "frac",
    "ge",
    "iff",
    "in",
    "lceil",
    "le",
    "left",
    "leftarrow",
    "ln",
    "log",
    "max",
    "min",
    "pmod",
    "qquad",
    "rceil",
    "right",
    "sim",
    "sqrt",
    "sum",
    "approx",
    "Theta",
];

/// Commands that are names.
const NAMES: &[&str] = &["lambda", "mu", "rho", "tau", "eta"];

/// A command, a letter, or any other character.
fn tokens(latex: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut chars = latex.chars().peekable();
    while let Some(first) = chars.next() {
        let mut token = String::from(first);
        if first == '\\' {
            while let Some(c) = chars.next_if(char::is_ascii_alphabetic) {
                token.push(c);
            }
            // `\,` and `\\` are commands of one sign.
            if token.len() == 1 {
                token.extend(chars.next());
            }
        }
        if !first.is_whitespace() {
            tokens.push(token);
        }
    }
    tokens
}

/// What stands from `at` on between braces, or the one token there.
fn group(tokens: &[String], at: usize) -> &[String] {
    if tokens.get(at).is_none_or(|it| it != "{") {
        return &tokens[at.min(tokens.len())..(at + 1).min(tokens.len())];
    }
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().skip(at) {
        match token.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &tokens[at..=index];
        }
    }
    panic!("a brace is never closed in {tokens:?}");
}

/// The names in a formula, in their order; an index belongs to its name.
fn names(latex: &str) -> Vec<String> {
    let tokens = tokens(latex);
    let (mut names, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        let token = &tokens[at];
        let command = token.strip_prefix('\\').unwrap_or_default();
        let mut name = None;
        if matches!(command, "begin" | "end") {
            at += group(&tokens, at + 1).len();
        } else if command == "mathrm" {
            let text = group(&tokens, at + 1).concat();
            name = Some(format!("{token}{text}"));
            at += group(&tokens, at + 1).len();
        } else if NAMES.contains(&command)
            || token.chars().all(|c| c.is_ascii_alphabetic())
        {
            name = Some(token.clone());
        } else if command.chars().any(|c| c.is_ascii_alphabetic()) {
            assert!(NO_NAMES.contains(&command), "{token} is not known here");
        }
        at += 1;
        if let Some(mut name) = name {
            if tokens.get(at).is_some_and(|it| it == "_") {
                let index = group(&tokens, at + 1);
                name = format!("{name}_{}", index.concat());
                at += 1 + index.len();
            }
            names.push(name);
        }
    }
    names
}

/// The names that stand left of the first sign of each equation.
fn left_sides(latex: &str) -> Vec<String> {
    let signs = [
        "=",
        r"\le ",
        r"\ge",
        r"\approx",
        r"\sim",
        r"\leftarrow",
        r"\equiv",
    ];
    let equations = latex.split(r"\qquad");
    let sides = equations.filter_map(|equation| {
        let ends = signs.iter().filter_map(|sign| equation.find(sign));
        names(&equation[..ends.min()?]).into_iter().next()
    });
    sides.collect()
}

#[test]
fn a_name_keeps_its_index() {
    let found = names(r"t_{\mathrm{hit}} + \frac{x_i^{2}}{\lambda} \max(a, B)");
    assert_eq!(found, [r"t_{\mathrm{hit}}", "x_i", r"\lambda", "a", "B"]);
    let found = left_sides(r"N = n + c, \qquad T \ge N \cdot \mathrm{RTT}");
    assert_eq!(found, ["N", "T"]);
}

#[test]
fn every_letter_is_explained_and_every_explanation_has_its_letter() {
    for formula in ALL {
        let (name, found) = (formula.name, names(formula.latex));
        let known: Vec<String> = formula
            .symbols
            .iter()
            .map(|it| tokens(it.latex).concat())
            .collect();
        let left = left_sides(formula.latex);
        for letter in &found {
            // `i` below a sum counts, and `(t)` names what W depends on.
            let counts = letter == "i" && formula.latex.contains(r"\sum_{i=1}");
            let explained =
                known.contains(letter) || left.contains(letter) || counts;
            assert!(explained, "{name}: nothing explains {letter}");
        }
        for letter in &known {
            assert!(found.contains(letter), "{name}: {letter} is not in it");
        }
        let unique: HashSet<_> = known.iter().collect();
        assert_eq!(unique.len(), known.len(), "{name} explains one twice");
    }
}
