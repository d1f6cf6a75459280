//! What the small lexer knows of each language: how its comments and strings
//! look, and its keywords.

pub(super) struct Rules {
    /// Begins a comment that ends with the line; empty: there is none.
    pub(super) comment: &'static str,
    /// Opens and closes a comment over several lines.
    pub(super) block: Option<(&'static str, &'static str)>,
    pub(super) quotes: &'static [char],
    pub(super) keywords: &'static [&'static str],
    pub(super) types: &'static [&'static str],
    /// A name before `(` is a call, and three quotes open a long string.
    pub(super) calls: bool,
    /// A name that begins with a capital is a type.
    pub(super) capitals: bool,
    /// A line that begins with `#` is for the preprocessor.
    pub(super) directives: bool,
}

const NONE: Rules = Rules {
    comment: "",
    block: None,
    quotes: &['"'],
    keywords: &[],
    types: &[],
    calls: false,
    capitals: false,
    directives: false,
};

pub(super) const PYTHON: Rules = Rules {
    comment: "#",
    quotes: &['"', '\''],
    keywords: &[
        "False", "None", "True", "and", "as", "async", "await", "break",
        "class", "continue", "def", "del", "elif", "else", "except", "finally",
        "for", "from", "if", "import", "in", "is", "lambda", "not", "or",
        "pass", "raise", "return", "try", "while", "with", "yield",
    ],
    calls: true,
    ..NONE
};

pub(super) const C: Rules = Rules {
    comment: "//",
    block: Some(("/*", "*/")),
    quotes: &['"', '\''],
    keywords: &[
        "break", "case", "const", "continue", "default", "do", "else", "enum",
        "extern", "for", "goto", "if", "return", "sizeof", "static", "struct",
        "switch", "typedef", "union", "volatile", "while",
    ],
    types: &[
        "char",
        "double",
        "float",
        "int",
        "long",
        "short",
        "signed",
        "size_t",
        "socklen_t",
        "ssize_t",
        "uint16_t",
        "uint32_t",
        "uint8_t",
        "unsigned",
        "void",
    ],
    calls: true,
    directives: true,
    ..NONE
};

pub(super) const JAVA: Rules = Rules {
    comment: "//",
    block: Some(("/*", "*/")),
    quotes: &['"', '\''],
    keywords: &[
        "break",
        "case",
        "catch",
        "class",
        "continue",
        "default",
        "do",
        "else",
        "enum",
        "extends",
        "false",
        "final",
        "finally",
        "for",
        "if",
        "implements",
        "import",
        "instanceof",
        "interface",
        "new",
        "null",
        "package",
        "private",
        "protected",
        "public",
        "record",
        "return",
        "static",
        "super",
        "switch",
        "this",
        "throw",
        "throws",
        "true",
        "try",
        "var",
        "while",
    ],
    types: &[
        "boolean", "byte", "char", "double", "float", "int", "long", "short",
        "void",
    ],
    calls: true,
    capitals: true,
    ..NONE
};

pub(super) const JAVASCRIPT: Rules = Rules {
    comment: "//",
    block: Some(("/*", "*/")),
    quotes: &['"', '\'', '`'],
    keywords: &[
        "async",
        "await",
        "break",
        "case",
        "catch",
        "class",
        "const",
        "continue",
        "default",
        "do",
        "else",
        "export",
        "extends",
        "false",
        "finally",
        "for",
        "function",
        "if",
        "import",
        "in",
        "instanceof",
        "let",
        "new",
        "null",
        "of",
        "return",
        "static",
        "super",
        "switch",
        "this",
        "throw",
        "true",
        "try",
        "typeof",
        "undefined",
        "var",
        "while",
        "yield",
    ],
    calls: true,
    capitals: true,
    ..NONE
};

pub(super) const JSON: Rules = Rules {
    keywords: &["false", "null", "true"],
    ..NONE
};

pub(super) const TOML: Rules = Rules {
    comment: "#",
    quotes: &['"', '\''],
    keywords: &["false", "true"],
    ..NONE
};

pub(super) const SHELL: Rules = Rules {
    comment: "#",
    quotes: &['"', '\''],
    keywords: &[
        "case", "do", "done", "elif", "else", "esac", "export", "fi", "for",
        "if", "in", "then", "while",
    ],
    ..NONE
};
