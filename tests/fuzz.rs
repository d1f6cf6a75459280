//! Any bytes, for everything in the companion that reads a peer's: the fuzz
//! targets of `fuzz/`, with their seeds, on this toolchain.

#[path = "../fuzz/src/companion.rs"]
mod companion;
#[path = "../fuzz/src/driver.rs"]
mod driver;
#[path = "../fuzz/src/models.rs"]
mod models;

use std::fs;
use std::path::Path;

use toml::Table;

/// The targets that are tested here.
fn here() -> impl Iterator<Item = &'static str> {
    companion::ALL.iter().chain(models::ALL).map(|it| it.0)
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz"))
}

#[test]
fn no_bytes_make_the_companion_panic() {
    driver::run(folder(), companion::ALL);
}

#[test]
fn solutions_say_what_the_models_of_their_checks_say() {
    driver::run(folder(), models::ALL);
}

#[test]
fn each_target_has_its_program_its_seeds_and_its_test() {
    let manifest = fs::read_to_string(folder().join("Cargo.toml")).unwrap();
    let programs = fs::read_to_string(folder().join("src/programs.rs"));
    let programs = programs.unwrap();
    let files = fs::read_dir(folder().join("fuzz_targets")).unwrap();
    let mut names = Vec::new();
    for file in files {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let tested = here().any(|it| it == name)
            || programs.contains(&format!("(\"{name}\", {name})"));
        assert!(tested, "{name} is in no list `ALL`");
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
        assert!(folder().join("seeds").join(&name).is_dir(), "{name}");
        names.push(name);
    }
    for name in here() {
        assert!(names.iter().any(|it| it == name), "{name} has no program");
    }
}

/// A library of another version would be another library: what is fuzzed is
/// to be what runs.
#[test]
fn versions_are_those_of_the_root_manifest() {
    let read = |path: &Path| -> Table {
        fs::read_to_string(path).unwrap().parse().unwrap()
    };
    let root = read(&folder().join("../Cargo.toml"));
    let fuzz = read(&folder().join("Cargo.toml"));
    let ours = root["workspace"]["dependencies"].as_table().unwrap();
    let theirs = fuzz["dependencies"].as_table().unwrap();
    let mut compared = 0;
    for (name, dependency) in theirs {
        let Some(here) = ours.get(name).filter(|it| it.get("path").is_none())
        else {
            continue;
        };
        assert_eq!(dependency, here, "fuzz/Cargo.toml: {name}");
        compared += 1;
    }
    assert!(compared > 0);
}
