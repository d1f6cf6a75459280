//! Makes programs out of sources: in goes which, out comes the path of the
//! executable, or what the compiler said.
//!
//! A lesson is an example of this workspace and is built by cargo. A file of
//! the learner's in `my/` belongs to no package, so that neither git nor
//! `cargo test` ever meets it; [`mine`] has it linked by `rustc` against the
//! crates that cargo built for the package `exercises`.

mod fresh;
mod mine;

use std::env;
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::course::Course;

pub use mine::build_mine;

/// Hears how a build goes on.
pub trait Progress: Send {
    /// A crate has been compiled; a fresh one is not reported.
    fn compiled(&mut self, name: &str);
    /// A line for the eyes of who wrote the program, as the compiler prints
    /// it.
    fn says(&mut self, line: &str);
}

/// What became of a build.
#[derive(Debug)]
pub enum Built {
    Program(PathBuf),
    /// The compiler has said why; there is nothing to add.
    Failed,
}

/// One message of `cargo --message-format=json`, as far as it matters here.
#[derive(Debug, Clone, Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    package_id: String,
    #[serde(default)]
    target: Target,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    filenames: Vec<PathBuf>,
    #[serde(default)]
    linked_paths: Vec<String>,
    #[serde(default)]
    fresh: bool,
    executable: Option<PathBuf>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Target {
    name: String,
}

/// Builds lesson `number`; nothing is done where nothing has changed.
pub fn build_lesson(
    course: &Course,
    number: u8,
    progress: &mut dyn Progress,
) -> Result<Built> {
    build_example(course, &format!("lesson{number}"), progress)
}

/// Builds the program that answers the questions.
pub fn build_faq(
    course: &Course,
    progress: &mut dyn Progress,
) -> Result<Built> {
    build_example(course, "faq", progress)
}

/// Builds an example of the package `lessons`.
pub fn build_example(
    course: &Course,
    name: &str,
    progress: &mut dyn Progress,
) -> Result<Built> {
    let program = output_dir(course).join("examples").join(exe(name));
    if fresh::is_fresh(course, &program) {
        return Ok(Built::Program(program));
    }
    let (success, messages) =
        cargo(course, &["build", "--example", name], progress)?;
    let built = messages
        .into_iter()
        .filter(|message| message.target.name == name)
        .find_map(|message| message.executable);
    match built {
        Some(program) if success => Ok(Built::Program(program)),
        _ => Ok(Built::Failed),
    }
}

/// Programs that checks start by themselves, in `exercises/helpers`.
const HELPERS: [&str; 1] = ["resolve11"];

/// Builds everything a learner will run: all lessons, what exercises are
/// linked against, and the checks' helpers. `false` if the compiler refused
/// something.
pub fn prepare(course: &Course, progress: &mut dyn Progress) -> Result<bool> {
    let mut arguments = vec!["build", "--lib", "--examples"];
    for helper in HELPERS {
        arguments.extend(["--bin", helper]);
    }
    let (success, _) = cargo(course, &arguments, progress)?;
    Ok(success)
}

/// Builds one of the checks' helpers, in silence; nothing is done where
/// nothing has changed. The error is what the compiler said.
pub fn build_helper(name: &str) -> Result<PathBuf> {
    struct Words(Vec<String>);
    impl Progress for Words {
        fn compiled(&mut self, _: &str) {}
        fn says(&mut self, line: &str) {
            self.0.push(line.to_owned());
        }
    }
    let course = Course::find()?;
    let program = output_dir(&course).join(exe(name));
    if fresh::is_fresh(&course, &program) {
        return Ok(program);
    }
    let mut words = Words(Vec::new());
    let (success, messages) =
        cargo(&course, &["build", "--bin", name], &mut words)?;
    let built = messages
        .into_iter()
        .filter(|message| message.target.name == name)
        .find_map(|message| message.executable);
    match built {
        Some(program) if success => Ok(program),
        _ => bail!("{}", words.0.join(" ")),
    }
}

/// Runs cargo with JSON messages. Never with `-p`: one selection of packages
/// in every command, or features unify differently and all is built twice.
fn cargo(
    course: &Course,
    arguments: &[&str],
    progress: &mut dyn Progress,
) -> Result<(bool, Vec<Message>)> {
    let mut child = Command::new(tool("CARGO", "cargo"))
        .current_dir(&course.root)
        .args(arguments)
        .args(["--quiet", "--message-format=json-render-diagnostics"])
        // On a train, say so at once instead of trying for minutes.
        .env("CARGO_NET_RETRY", "1")
        .env("CARGO_HTTP_TIMEOUT", "10")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start cargo: is Rust installed and on the PATH?")?;
    let stdout = child.stdout.take().context("cargo without output")?;
    let stderr = child.stderr.take().context("cargo without output")?;
    let words = thread::spawn(move || {
        let lines = BufReader::new(stderr).lines();
        lines.map_while(Result::ok).collect::<Vec<_>>()
    });
    let mut messages = Vec::new();
    for line in BufReader::new(stdout).lines() {
        let line = line.context("cannot read what cargo says")?;
        let Ok(message) = serde_json::from_str::<Message>(&line) else {
            continue;
        };
        if message.reason == "compiler-artifact" && !message.fresh {
            progress.compiled(&message.target.name);
        }
        messages.push(message);
    }
    let status = child.wait().context("cannot wait for cargo")?;
    let words = words.join().unwrap_or_default();
    report(&words, status.success(), progress);
    Ok((status.success(), messages))
}

fn report(words: &[String], success: bool, progress: &mut dyn Progress) {
    for line in words {
        progress.says(line);
    }
    let offline = ["failed to download", "Could not resolve host"];
    let blamed = |line: &String| offline.iter().any(|why| line.contains(why));
    if !success && words.iter().any(blamed) {
        progress.says(
            "The libraries for this are not on this machine yet: \
             run `cargo run -- prepare` once while there is a network.",
        );
    }
}

/// Where cargo puts what it builds, such as `target/debug`.
fn output_dir(course: &Course) -> PathBuf {
    // This very program lies there, unless it was installed elsewhere.
    let beside = env::current_exe().ok().and_then(|exe| {
        let dir = exe.ancestors().find(|dir| dir.ends_with("debug"))?;
        dir.join("deps").is_dir().then(|| dir.to_path_buf())
    });
    beside.unwrap_or_else(|| match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => course.root.join(dir).join("debug"),
        None => course.root.join("target/debug"),
    })
}

/// Cargo and rustc as this process was given them, or those on the PATH.
fn tool(variable: &str, name: &str) -> OsString {
    env::var_os(variable).unwrap_or_else(|| name.into())
}

/// `lesson7`, or `lesson7.exe`.
fn exe(name: &str) -> String {
    format!("{name}{}", env::consts::EXE_SUFFIX)
}

/// The size of everything that has been built, in bytes.
pub fn built_size(course: &Course) -> u64 {
    fn walk(dir: &Path) -> u64 {
        let Ok(entries) = dir.read_dir() else {
            return 0;
        };
        let size = |entry: std::fs::DirEntry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => walk(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        };
        entries.flatten().map(size).sum()
    }
    walk(&output_dir(course))
}
