//! The tools of each language: in goes what is on the PATH, out come programs
//! that are ready to start, or why there are none.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, bail, ensure};
use tempfile::TempDir;
use wire::cargo::{Built, Progress, build_example};
use wire::course::Course;

use crate::{ALL, ENDS, LESSONS, Language};

/// How a program is started.
#[derive(Debug, Clone)]
pub struct Program(Vec<OsString>);

impl Program {
    fn of<T: Into<OsString>>(words: impl IntoIterator<Item = T>) -> Program {
        Program(words.into_iter().map(Into::into).collect())
    }

    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.0[0]);
        command.args(&self.0[1..]);
        command
    }
}

/// All programs, built, of those languages that this machine has.
pub struct Toolbox {
    course: Course,
    /// What compilers write.
    folder: TempDir,
    found: Vec<(Language, Tool)>,
    /// Tests that take the time of virtual machines do it one by one.
    _alone: MutexGuard<'static, ()>,
}

/// What there is, by name.
#[derive(Debug, Clone)]
enum Tool {
    Cargo,
    Interpreter(&'static str),
    Compiler(&'static str),
    Java,
}

static ALONE: Mutex<()> = Mutex::new(());

impl Toolbox {
    pub fn open() -> Result<Toolbox> {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let mut toolbox = Toolbox {
            course: Course::load(env!("CARGO_MANIFEST_DIR"))?,
            folder: tempfile::tempdir()?,
            found: Vec::new(),
            _alone: alone,
        };
        for language in ALL {
            match tool(language) {
                Ok(tool) => {
                    toolbox.build(language, &tool)?;
                    toolbox.found.push((*language, tool));
                }
                Err(why) if env::var_os("REQUIRE_ALL").is_some() => {
                    bail!("{why}, and REQUIRE_ALL is set");
                }
                Err(why) => println!("skipped: {}: {why}", language.name),
            }
        }
        Ok(toolbox)
    }

    pub fn found(&self) -> impl Iterator<Item = &Language> {
        self.found.iter().map(|(language, _)| language)
    }

    pub fn source(&self, of: &Language, lesson: u8, end: &str) -> PathBuf {
        let examples = self.course.root.join("lessons/examples");
        examples.join(of.path(lesson, end))
    }

    pub fn python(&self, script: &Path) -> Result<Program> {
        let of_python = |it: &&(Language, Tool)| it.0.end == "py";
        match self.found.iter().find(of_python) {
            Some((_, Tool::Interpreter(name))) => {
                Ok(Program::of([OsString::from(name), script.into()]))
            }
            _ => bail!("there is no Python"),
        }
    }

    pub fn program(
        &self,
        of: &Language,
        lesson: u8,
        end: &str,
    ) -> Result<Program> {
        let found = self.found.iter().find(|(language, _)| language == of);
        let (_, tool) = found.context("not on this machine")?;
        Ok(match tool {
            Tool::Cargo => {
                let name = format!("lesson{lesson}_{end}");
                match build_example(&self.course, &name, &mut Loud)? {
                    Built::Program(program) => Program::of([program]),
                    Built::Failed => bail!("{name} does not compile"),
                }
            }
            Tool::Interpreter(name) => {
                let script = self.source(of, lesson, end).into();
                Program::of([OsString::from(name), script])
            }
            Tool::Compiler(_) => Program::of([self.output(lesson).join(end)]),
            Tool::Java => {
                let class = self.source(of, lesson, end);
                let class = class.file_stem().context("no name")?;
                let path = OsString::from("-cp");
                let folder = self.output(lesson).into();
                Program::of(["java".into(), path, folder, class.into()])
            }
        })
    }

    /// Two lessons have programs of the same name.
    fn output(&self, lesson: u8) -> PathBuf {
        self.folder.path().join(format!("lesson{lesson}"))
    }

    fn build(&self, language: &Language, tool: &Tool) -> Result<()> {
        for lesson in LESSONS {
            let output = self.output(*lesson);
            std::fs::create_dir_all(&output)?;
            for end in ENDS {
                let mut command = match tool {
                    Tool::Cargo | Tool::Interpreter(_) => continue,
                    Tool::Compiler(name) => {
                        let mut cc = Command::new(name);
                        cc.args(["-std=c11", "-Wall", "-Wextra", "-Werror"]);
                        cc.arg("-o").arg(output.join(end));
                        cc
                    }
                    Tool::Java => {
                        let mut javac = Command::new("javac");
                        javac.args(["-Xlint:all", "-Werror", "-d"]);
                        javac.arg(&output);
                        javac
                    }
                };
                let source = self.source(language, *lesson, end);
                let said = command.arg(&source).output()?;
                let errors = String::from_utf8_lossy(&said.stderr);
                let name = source.display();
                ensure!(said.status.success(), "{name}: {errors}");
            }
        }
        Ok(())
    }
}

/// What builds or runs a language here, or why nothing does.
fn tool(language: &Language) -> Result<Tool, String> {
    match language.end {
        "rs" => Ok(Tool::Cargo),
        "py" => {
            let names = ["python3", "python"];
            let name = names.iter().find(|it| at_least(it, "--version", 3));
            let name = name.ok_or("there is no Python 3")?;
            Ok(Tool::Interpreter(name))
        }
        // Windows has other sockets: Winsock.
        "c" if cfg!(windows) => Err("the programs in C are for POSIX".into()),
        "c" => {
            let names = ["cc", "gcc", "clang"];
            let name = names.iter().find(|it| says(it, "--version").is_some());
            Ok(Tool::Compiler(name.ok_or("there is no cc")?))
        }
        "java" => {
            // `var` came with Java 10.
            let both = ["javac", "java"].iter();
            match both.clone().all(|it| at_least(it, "--version", 10)) {
                true => Ok(Tool::Java),
                false => Err("there is no JDK 10 or newer".into()),
            }
        }
        // `?.` and `??` came with Node.js 14.
        "js" if at_least("node", "--version", 14) => {
            Ok(Tool::Interpreter("node"))
        }
        "js" => Err("there is no Node.js 14 or newer".into()),
        other => Err(format!("nobody knows how to run a .{other}")),
    }
}

/// The first number that a tool prints is its version.
fn at_least(name: &str, option: &str, version: u32) -> bool {
    let said = says(name, option).unwrap_or_default();
    let mut numbers = said.split(|c: char| !c.is_ascii_digit());
    let first = numbers.find(|it| !it.is_empty());
    first.is_some_and(|it| it.parse().is_ok_and(|it: u32| it >= version))
}

fn says(name: &str, option: &str) -> Option<String> {
    let said = Command::new(name).arg(option).output();
    let worked = |it: &Output| it.status.success();
    let said = said.ok().filter(worked)?;
    Some(String::from_utf8_lossy(&said.stdout).into_owned())
}

struct Loud;

impl Progress for Loud {
    fn compiled(&mut self, _: &str) {}

    fn says(&mut self, line: &str) {
        eprintln!("{line}");
    }
}
