//! What the packages depend on: versions in one place, and the same features
//! whatever is built.

use std::collections::BTreeMap;
use std::env;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::{File, none, root};

#[test]
fn versions_stand_in_the_root_manifest_only() -> Result<()> {
    let mut mistakes = Vec::new();
    for manifest in ["lessons/Cargo.toml", "exercises/Cargo.toml"] {
        let file = File::read(&root().join(manifest))?;
        let table: toml::Table = file.text.parse()?;
        for section in ["dependencies", "dev-dependencies"] {
            let Some(toml::Value::Table(section)) = table.get(section) else {
                continue;
            };
            for (name, value) in section {
                if value.get("workspace").is_none() {
                    mistakes.push(format!("{manifest}: {name}"));
                }
            }
        }
    }
    none(&mistakes);
    Ok(())
}

/// With other features a library is built a second time, and everything that
/// uses it too: `cargo run`, `cargo run --example` and `cargo test` have to
/// agree.
#[test]
fn tests_leave_the_features_of_libraries_alone() -> Result<()> {
    let (plain, with_tests) =
        (features("normal,build")?, features("normal,build,dev")?);
    ensure!(plain.len() > 100, "cargo tree lists {} crates", plain.len());
    let mut mistakes = Vec::new();
    for (library, features) in plain {
        let tests = with_tests.get(&library);
        if tests != Some(&features) {
            mistakes.push(format!("{library}: {features:?}, then {tests:?}"));
        }
    }
    none(&mistakes);
    Ok(())
}

/// Library → the sets of features it is built with.
fn features(edges: &str) -> Result<BTreeMap<String, Vec<String>>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root())
        .args(["tree", "--offline", "--edges", edges, "--prefix", "none"])
        .args(["--no-dedupe", "--format", "{p}|{f}"])
        .output()
        .context("cannot start cargo")?;
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "cargo tree: {errors}");
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let Some((library, features)) = line.split_once('|') else {
            continue;
        };
        let sets = found.entry(library.to_owned()).or_default();
        if !sets.iter().any(|set| set == features) {
            sets.push(features.to_owned());
            sets.sort();
        }
    }
    Ok(found)
}
