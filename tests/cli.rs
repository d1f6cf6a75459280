//! The command line: exit codes, one sentence for each mistake, and nothing
//! of the learner's lost.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Output};

use anyhow::{Context, Result};
use tempfile::TempDir;
use wire::course::Course;

/// A learner with an empty folder.
struct Learner(TempDir);

impl Learner {
    fn new() -> Result<Learner> {
        Ok(Learner(tempfile::tempdir()?))
    }

    fn my(&self) -> &Path {
        self.0.path()
    }

    fn wire(&self, arguments: &[&str]) -> Result<Output> {
        let output = self.command(arguments).output();
        output.context("cannot start wire")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wire"));
        command
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .env("WIRE_MY", self.my());
        command
    }

    /// Runs it and expects an exit code; what it printed.
    fn expect(&self, code: i32, arguments: &[&str]) -> Result<String> {
        let output = self.wire(arguments)?;
        let out = String::from_utf8_lossy(&output.stdout);
        let err = String::from_utf8_lossy(&output.stderr);
        let all = format!("{out}{err}");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {all}");
        assert!(!all.contains("panicked"), "{all}");
        Ok(all)
    }
}

#[test]
fn what_there_is_not_is_wrong_usage() -> Result<()> {
    let learner = Learner::new()?;
    for arguments in [
        &["run", "33"][..],
        &["run", "256"],
        &["run", "7", "--mine"],
        &["hint", "0"],
        &["serve", "--lang", "fr"],
        &["check", "7", "--at", "localhost"],
        &["check", "7", "--at", "127.0.0.1:1", "--", "x"],
        &["check", "7", "--", "no-such-program-here"],
        &["check", "18", "--at", "127.0.0.1:7000"],
        &["frobnicate"],
    ] {
        learner.expect(2, arguments)?;
    }
    Ok(())
}

#[test]
fn a_lesson_to_come_is_wrong_usage() -> Result<()> {
    let learner = Learner::new()?;
    let course = Course::load(env!("CARGO_MANIFEST_DIR"))?;
    for lesson in course.lessons.iter().filter(|it| !it.written) {
        let number = lesson.number.to_string();
        let told =
            format!("lesson {number}, \"{}\", is not written", lesson.title);
        for command in ["run", "try", "check", "reset", "solution"] {
            let said = learner.expect(2, &[command, &number])?;
            assert!(said.contains(&told), "{said}");
            assert_eq!(said.lines().count(), 1, "{said}");
        }
    }
    Ok(())
}

#[test]
fn a_lesson_is_run_and_its_failure_is_1() -> Result<()> {
    let learner = Learner::new()?;
    let said = learner.expect(0, &["run", "3"])?;
    assert!(said.contains("and the message is whole"), "{said}");

    learner.expect(0, &["try", "3"])?;
    let mine = learner.my().join("lesson3.rs");
    let fails = "fn main() -> Result<(), String> { Err(\"so\".into()) }";
    fs::write(&mine, fails)?;
    let said = learner.expect(0, &["try", "3"])?;
    assert!(said.contains("stays as it is"), "{said}");
    assert_eq!(fs::read_to_string(&mine)?, fails);
    learner.expect(1, &["run", "3", "--mine"])?;
    fs::write(&mine, "fn main() { nothing }")?;
    let said = learner.expect(1, &["run", "3", "--mine"])?;
    assert!(said.contains("error[E0425]"), "{said}");
    Ok(())
}

#[test]
fn an_exercise_from_beginning_to_end() -> Result<()> {
    let learner = Learner::new()?;
    let mine = learner.my().join("exercise7.rs");
    let said = learner.expect(1, &["check", "7"])?;
    assert!(said.contains("is yours now"), "{said}");
    assert!(mine.exists());
    learner.expect(1, &["solution", "7"])?;
    learner.expect(0, &["solution", "7", "--spoil"])?;

    let first = learner.expect(0, &["hint", "7"])?;
    let second = learner.expect(0, &["hint", "7"])?;
    assert!(
        first.starts_with("1. ") && !first.contains("\n2. "),
        "{first}"
    );
    assert!(second.contains("\n2. "), "{second}");

    let solution = "exercises/solutions/exercise7.rs";
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::copy(root.join(solution), &mine)?;
    let said = learner.expect(0, &["check", "7", "--seed", "11"])?;
    assert!(said.contains("--seed 11"), "{said}");
    learner.expect(0, &["solution", "7"])?;
    let list = learner.expect(0, &["list"])?;
    let seven = list.lines().find(|line| line.starts_with("   7"));
    assert!(seven.context("no lesson 7")?.ends_with("exercise solved"));

    let solved = fs::read_to_string(&mine)?;
    learner.expect(0, &["reset", "7"])?;
    let kept = learner.my().join("backup/exercise7-1.rs");
    assert_eq!(fs::read_to_string(kept)?, solved);
    assert_ne!(fs::read_to_string(&mine)?, solved);
    learner.expect(1, &["solution", "7"])?;
    Ok(())
}

/// It is linked against the libraries that cargo built for the course, and
/// their types have to fit each other.
#[test]
fn a_learners_file_may_use_the_libraries_of_the_course() -> Result<()> {
    let learner = Learner::new()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let solution = root.join("exercises/solutions/exercise14.rs");
    assert!(fs::read_to_string(&solution)?.contains("use reqwest"));
    fs::copy(solution, learner.my().join("exercise14.rs"))?;
    learner.expect(0, &["check", "14"])?;
    Ok(())
}

#[test]
fn what_does_not_compile_fails_the_check() -> Result<()> {
    let learner = Learner::new()?;
    let mine = learner.my().join("exercise7.rs");
    fs::write(&mine, "fn main() { let x: u8 = \"\"; }")?;
    let said = learner.expect(1, &["check", "7"])?;
    assert!(said.contains("error[E0308]: mismatched types"), "{said}");
    assert!(said.contains("does not compile yet"), "{said}");
    Ok(())
}

#[test]
fn the_site_goes_into_a_new_folder_only() -> Result<()> {
    let learner = Learner::new()?;
    let site = learner.my().join("site");
    let name = site.to_string_lossy().into_owned();
    let said = learner.expect(0, &["export", &name])?;
    assert!(said.contains("open index.html"), "{said}");
    for page in ["index.html", "en/lesson7.html", "zh-CN/lesson7.html"] {
        assert!(site.join(page).is_file(), "{page}");
    }
    let said = learner.expect(2, &["export", &name])?;
    assert!(said.contains("is not empty"), "{said}");
    Ok(())
}

#[test]
fn a_busy_port_gives_the_next_one() -> Result<()> {
    use std::io::{BufRead, BufReader};
    use std::net::TcpListener;
    use std::process::Stdio;

    let learner = Learner::new()?;
    let taken = TcpListener::bind("127.0.0.1:0")?;
    let port = taken.local_addr()?.port();
    if port > u16::MAX - 20 {
        // No room for the next one: as good as never.
        return Ok(());
    }
    let mut server = Command::new(env!("CARGO_BIN_EXE_wire"))
        .args(["serve", "--no-open", "--port", &port.to_string()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("WIRE_MY", learner.my())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = [String::new(), String::new()];
    let out = server.stdout.take().context("no output")?;
    let err = server.stderr.take().context("no output")?;
    BufReader::new(err).read_line(&mut lines[0])?;
    BufReader::new(out).read_line(&mut lines[1])?;
    server.kill()?;
    server.wait()?;
    let [said, address] = lines;
    assert!(said.contains(&format!("Port {port} is busy")), "{said}");
    let given = address.split(['/', ':']).nth(4).unwrap_or_default();
    let given: u16 = given.parse().with_context(|| address.clone())?;
    assert!(given > port, "{address}");
    Ok(())
}

/// As `wire list | head -1` has it, at the latest after that line.
#[test]
fn nobody_has_to_read_to_the_end() -> Result<()> {
    let learner = Learner::new()?;
    for arguments in [
        &["list"][..],
        &["faq"],
        &["hint", "7"],
        &["solution", "7", "--spoil"],
        &["reset", "7"],
        &["try", "3"],
        &["check", "7"],
    ] {
        let (reader, writer) = io::pipe()?;
        drop(reader);
        let output = learner.command(arguments).stdout(writer).output()?;
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(141), "{arguments:?}: {err}");
        // A build may be told of there; the rest is told nowhere.
        let says = ["panicked", "wire: ", "error"];
        let said = says.iter().find(|it| err.contains(**it));
        assert_eq!(said, None, "{arguments:?}: {err}");
        // And where nobody reads either of them.
        let (reader, writer) = io::pipe()?;
        drop(reader);
        let mut deaf = learner.command(arguments);
        let status =
            deaf.stdout(writer.try_clone()?).stderr(writer).status()?;
        assert_eq!(status.code(), Some(141), "{arguments:?}");
    }
    Ok(())
}

#[test]
fn a_server_needs_nobody_at_the_terminal() -> Result<()> {
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};
    use std::thread::sleep;
    use std::time::Duration;

    let learner = Learner::new()?;
    let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let port = free.port().to_string();
    let (reader, writer) = io::pipe()?;
    drop(reader);
    let mut server = learner
        .command(&["serve", "--no-open", "--port", &port])
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .spawn()?;
    let mut answer = String::new();
    while server.try_wait()?.is_none() {
        if let Ok(mut stream) = TcpStream::connect(free) {
            stream.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
            stream.read_to_string(&mut answer)?;
            break;
        }
        sleep(Duration::from_millis(50));
    }
    // Fails if it has ended, which the answer tells.
    let _ = server.kill();
    server.wait()?;
    assert!(answer.starts_with("HTTP/1."), "{answer:?}");
    Ok(())
}
