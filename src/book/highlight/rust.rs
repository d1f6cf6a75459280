//! Rust, cut into tokens by the compiler's own lexer.

use ra_ap_rustc_lexer::{FrontmatterAllowed, Token, TokenKind, tokenize};
use ra_ap_rustc_lexer::{LiteralKind, TokenKind::*};

use super::Stretch;

const KEYWORDS: &[&str] = &[
    "as", "async", "await", "break", "const", "continue", "crate", "dyn",
    "else", "enum", "extern", "false", "fn", "for", "if", "impl", "in", "let",
    "loop", "match", "mod", "move", "mut", "pub", "ref", "return", "self",
    "Self", "static", "struct", "super", "trait", "true", "type", "unsafe",
    "use", "where", "while",
];

const TYPES: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize",
    "str", "u8", "u16", "u32", "u64", "u128", "usize",
];

/// The coloured stretches of a program, in order.
pub(super) fn stretches(code: &str) -> Vec<Stretch> {
    let mut at = 0;
    let mut tokens = Vec::new();
    for Token { kind, len } in tokenize(code, FrontmatterAllowed::No) {
        let end = at + len as usize;
        tokens.push((kind, at..end));
        at = end;
    }
    let mut found = Vec::new();
    let (mut index, mut after_fn) = (0, false);
    while let Some((kind, range)) = tokens.get(index) {
        let kinds = |offset: usize| tokens.get(index + offset).map(|t| t.0);
        let mut taken = 1;
        let class = match kind {
            LineComment { .. } | BlockComment { .. } => Some('c'),
            Lifetime { .. } | RawLifetime => Some('l'),
            Literal { kind, .. } => Some(literal(*kind)),
            Pound => {
                taken = attribute(&tokens[index..]);
                (taken > 1).then_some('l')
            }
            Ident if is_macro(&kinds) => {
                taken = 2;
                Some('m')
            }
            Ident if after_fn => Some('f'),
            Ident => identifier(&code[range.clone()], &kinds),
            _ => None,
        };
        if *kind != Whitespace {
            after_fn = &code[range.clone()] == "fn";
        }
        if let Some(class) = class {
            let end = tokens[index + taken - 1].1.end;
            found.push((range.start..end, class));
        }
        index += taken;
    }
    found
}

fn literal(kind: LiteralKind) -> char {
    match kind {
        LiteralKind::Int { .. } | LiteralKind::Float { .. } => 'n',
        _ => 's',
    }
}

/// A name and `!`, but not `a != b`.
fn is_macro(kinds: &dyn Fn(usize) -> Option<TokenKind>) -> bool {
    kinds(1) == Some(Bang) && kinds(2) != Some(Eq)
}

fn identifier(
    name: &str,
    kinds: &dyn Fn(usize) -> Option<TokenKind>,
) -> Option<char> {
    if KEYWORDS.contains(&name) {
        return Some('k');
    }
    if TYPES.contains(&name) {
        return Some('t');
    }
    let generic = kinds(1) == Some(Colon)
        && kinds(2) == Some(Colon)
        && kinds(3) == Some(Lt);
    let capital = name.starts_with(|c: char| c.is_uppercase());
    match kinds(1) {
        // A constant is neither a type nor a call.
        _ if capital
            && name.len() > 1
            && !name.contains(char::is_lowercase) =>
        {
            None
        }
        _ if capital => Some('t'),
        Some(OpenParen) => Some('f'),
        _ if generic => Some('f'),
        _ => None,
    }
}

/// How many tokens `#[…]` or `#![…]` takes; 1 if this is no attribute.
fn attribute(tokens: &[(TokenKind, std::ops::Range<usize>)]) -> usize {
    let mut at = 1;
    if tokens.get(at).is_some_and(|t| t.0 == Bang) {
        at += 1;
    }
    if tokens.get(at).is_none_or(|t| t.0 != OpenBracket) {
        return 1;
    }
    let mut depth = 0;
    for (index, (kind, _)) in tokens.iter().enumerate().skip(at) {
        match kind {
            OpenBracket => depth += 1,
            CloseBracket => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    1
}
