//! A learner's own file: in goes a path in `my/`, out comes an executable.
//!
//! The file belongs to no package: a target of the workspace that is not
//! there in a fresh clone breaks `cargo fmt`, and a workspace of its own
//! would unify features differently and build every library a second time.
//! So cargo builds the library of `exercises`, which does nothing but depend
//! on what an exercise may use, and `rustc` is told where those crates lie.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Built, Message, Progress, cargo, exe, output_dir, tool};
use crate::course::Course;

/// Builds a file of the learner's; nothing is done where it is up to date.
pub fn build_mine(
    course: &Course,
    source: &Path,
    progress: &mut dyn Progress,
) -> Result<Built> {
    let made = Made::of(source)?;
    let lock = fs::read_to_string(course.lock_file())
        .context("cannot read Cargo.lock")?;
    let text = fs::read_to_string(source)
        .with_context(|| format!("cannot read {}", source.display()))?;
    if made.is_of(&text, &lock) {
        return Ok(Built::Program(made.program));
    }
    let Some(crates) = Crates::of(course, &lock, progress)? else {
        return Ok(Built::Failed);
    };
    let output = crates
        .rustc(course, source, &made.program)
        .stdin(Stdio::null())
        .output()
        .context("cannot start rustc: is Rust installed and on the PATH?")?;
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        progress.says(line);
    }
    if !output.status.success() {
        return Ok(Built::Failed);
    }
    made.remember(&text, &lock)?;
    Ok(Built::Program(made.program))
}

/// What has been made of a file, in `my/.built/`.
///
/// Whether it is up to date is told by the text and not by the time: a file
/// that is moved back from `my/backup/` is older than what was built since.
struct Made {
    program: PathBuf,
    /// What the program was made of.
    text: PathBuf,
    lock: PathBuf,
}

impl Made {
    fn of(source: &Path) -> Result<Made> {
        let name = source.file_stem().context("a source file has a name")?;
        let name = name.to_string_lossy();
        let folder = source.with_file_name(".built");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Made {
            program: folder.join(exe(&name)),
            text: folder.join(format!("{name}.rs")),
            lock: folder.join(format!("{name}.lock")),
        })
    }

    fn is_of(&self, text: &str, lock: &str) -> bool {
        let is = |path: &Path, expected: &str| {
            fs::read_to_string(path).is_ok_and(|it| it == expected)
        };
        self.program.exists() && is(&self.text, text) && is(&self.lock, lock)
    }

    fn remember(&self, text: &str, lock: &str) -> Result<()> {
        fs::write(&self.text, text)
            .and_then(|()| fs::write(&self.lock, lock))
            .with_context(|| format!("cannot write {}", self.text.display()))
    }
}

/// The crates that an exercise may use, as cargo has built them.
struct Crates {
    /// Name in the source → the library.
    libraries: BTreeMap<String, PathBuf>,
    /// Where build scripts say that native libraries lie.
    native: Vec<String>,
}

impl Crates {
    /// `None` if they could not be built, which has been said.
    fn of(
        course: &Course,
        lock: &str,
        progress: &mut dyn Progress,
    ) -> Result<Option<Crates>> {
        let (success, messages) = cargo(course, &["build", "--lib"], progress)?;
        if !success {
            return Ok(None);
        }
        let mut libraries = BTreeMap::new();
        for (name, package) in dependencies(lock)? {
            let library = library(&messages, &package)
                .with_context(|| format!("cargo built no library {name}"))?;
            libraries.insert(name, library);
        }
        let native = messages.into_iter().flat_map(|it| it.linked_paths);
        let native = native.collect();
        Ok(Some(Crates { libraries, native }))
    }

    fn rustc(&self, course: &Course, source: &Path, program: &Path) -> Command {
        let mut rustc = Command::new(tool("RUSTC", "rustc"));
        // Errors name the file as the learner does, `my/exercise7.rs`.
        let short = source.strip_prefix(&course.root).unwrap_or(source);
        rustc
            .current_dir(&course.root)
            .arg(short)
            .args(["--edition", "2024", "--crate-type", "bin"])
            .args(["-C", "debuginfo=line-tables-only"])
            .args(["-C", "overflow-checks=yes", "-o"])
            .arg(program);
        let mut found = std::ffi::OsString::from("dependency=");
        found.push(output_dir(course).join("deps"));
        rustc.arg("-L").arg(found);
        for path in &self.native {
            rustc.arg("-L").arg(path);
        }
        for (name, library) in &self.libraries {
            let mut extern_ = std::ffi::OsString::from(format!("{name}="));
            extern_.push(library);
            rustc.arg("--extern").arg(extern_);
        }
        rustc
    }
}

/// The library of `package`. Cargo may have built it twice, with other
/// features for build scripts and macros: the right one has more of them.
fn library(messages: &[Message], package: &str) -> Option<PathBuf> {
    let is_of = |message: &&Message| message.package_id.ends_with(package);
    messages
        .iter()
        .filter(is_of)
        .max_by_key(|message| message.features.len())?
        .filenames
        .iter()
        .find(|file| file.extension().is_some_and(|end| end == "rlib"))
        .cloned()
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    #[serde(default)]
    dependencies: Vec<String>,
}

/// What the package `exercises` depends on: name in the source, and the end
/// of the package id, such as `#tokio@1.54.1`.
fn dependencies(lock: &str) -> Result<Vec<(String, String)>> {
    let lock: Lock = toml::from_str(lock)?;
    let named = |name: &str| {
        let mut all = lock.package.iter().filter(|it| it.name == name);
        all.next()
            .with_context(|| format!("Cargo.lock has no {name}"))
    };
    let own = named("exercises")?;
    let dependency = |entry: &String| {
        // `tokio`, or `socket2 0.6.5` where there are two versions of it.
        let (name, version) = match entry.split_once(' ') {
            Some((name, version)) => (name, version),
            None => (entry.as_str(), named(entry)?.version.as_str()),
        };
        // A package of our own is named by its folder: `…/lessons#0.1.0`.
        let id = match *entry == "lessons" {
            true => format!("/{name}#{version}"),
            false => format!("#{name}@{version}"),
        };
        Ok((name.replace('-', "_"), id))
    };
    own.dependencies.iter().map(dependency).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_names_the_crates() -> Result<()> {
        let lock = r#"
            [[package]]
            name = "exercises"
            version = "0.1.0"
            dependencies = ["socket2 0.6.5", "serde-json"]
            [[package]]
            name = "serde-json"
            version = "1.0.0"
            [[package]]
            name = "socket2"
            version = "0.5.0"
            [[package]]
            name = "socket2"
            version = "0.6.5"
        "#;
        let found = dependencies(lock)?;
        let expected = [
            ("socket2".into(), "#socket2@0.6.5".into()),
            ("serde_json".into(), "#serde-json@1.0.0".into()),
        ];
        assert_eq!(found, expected);
        Ok(())
    }
}
