//! The modules of the formulas: in goes their text, out comes a definition
//! without a function, or one that the book never sees.

use std::fs;
use std::path::Path;

use super::*;

/// All sources in the folder of the formulas.
fn sources() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/formulas");
    let mut text = String::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.extension().is_some_and(|it| it == "rs") {
            text += &fs::read_to_string(path).expect("it is a text");
        }
    }
    text
}

#[test]
fn each_formula_has_the_function_of_its_name_and_is_in_the_book() {
    let text = sources();
    for formula in ALL {
        let name = formula.name;
        let function = format!("\npub fn {name}(");
        assert!(text.contains(&function), "there is no function {name}");
        let constant = name.to_uppercase();
        let definition = format!(
            "\npub const {constant}: Formula = Formula {{\n    name: \"{name}\""
        );
        assert!(text.contains(&definition), "{name} is not {constant}");
    }
    let defined = text.matches(": Formula = Formula {\n").count();
    assert_eq!(defined, ALL.len(), "one of them is not in ALL");
}
