//! The command line: in go the arguments, out comes an exit code.
//!
//! 0 done, or passed; 1 the exercise failed its check, or the lesson failed;
//! 2 wrong usage; 3 not possible on this machine; 141 nobody reads what it
//! prints any more.

mod check;
mod faq;
mod lab;
mod learner;
mod maker;
mod run;

use std::ffi::OsString;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Error, Result};
use clap::{Parser, Subcommand};

use crate::book::LANGUAGES;
use crate::check as judge;
use crate::course::Course;
use crate::lab::plan::LinkOptions;
use crate::serve::{self, Options};
use crate::terminal::Unread;

/// How the companion is called where nothing is installed.
const COMMAND: &str = "cargo run --";

/// Bytes on the Wire: the book, the programs, the hostile peer.
#[derive(Debug, Parser)]
#[command(name = "wire", version, disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Build the book, serve it on 127.0.0.1 and open the browser (default)
    Serve(ServeArguments),
    /// Run a lesson
    Run(Box<RunArguments>),
    /// Copy a lesson to my/ to play with
    Try { lesson: u8 },
    /// Judge an exercise: yours in my/, or any program in any language
    Check(CheckArguments),
    /// The laboratory: real packets, and a network that does as told
    Lab {
        #[command(subcommand)]
        command: Box<lab::LabCommand>,
    },
    /// Make a common error happen, and cure it; without a name, list them
    Faq { name: Option<String> },
    /// List lessons and exercises, and what is done
    List,
    /// Show the next hint for an exercise
    Hint { exercise: u8 },
    /// Start an exercise again; what you wrote is kept in my/backup/
    Reset { exercise: u8 },
    /// Print the solution of an exercise that you have solved
    Solution {
        exercise: u8,
        /// Print it although the exercise is not solved yet
        #[arg(long)]
        spoil: bool,
    },
    /// Build everything once, for a class or a journey without a network
    Prepare,
    /// Write the book as a static site
    Export { dir: PathBuf },
    /// Extract what is to be translated and merge it into book/po/
    Po {
        /// Change nothing; fail if a translation is missing or out of date
        #[arg(long)]
        check: bool,
    },
    /// Be a preprocessor of mdBook
    Preprocess {
        /// `supports RENDERER`, as mdBook asks
        #[arg(num_args = 0..=2)]
        question: Vec<String>,
    },
    /// Be the laboratory of a plan
    #[command(hide = true)]
    Inside {
        #[arg(long)]
        first: bool,
        plan: String,
    },
    /// Try what the laboratory needs, and tell it as JSON
    #[command(hide = true)]
    Examine,
}

#[derive(Debug, clap::Args)]
struct ServeArguments {
    /// The first port to try; 0 takes any that is free
    #[arg(long, default_value_t = 3000)]
    port: u16,
    /// Do not open the browser
    #[arg(long)]
    no_open: bool,
    /// The language to open: en or zh-CN
    #[arg(long, value_parser = language)]
    lang: Option<&'static str>,
}

#[derive(Debug, clap::Args)]
struct RunArguments {
    lesson: u8,
    /// Run your own copy, my/lessonN.rs
    #[arg(long)]
    mine: bool,
    #[command(flatten)]
    watch: lab::WatchArguments,
    #[command(flatten)]
    link: LinkOptions,
    /// What the program is given
    #[arg(last = true)]
    arguments: Vec<OsString>,
}

#[derive(Debug, clap::Args)]
struct CheckArguments {
    exercise: u8,
    /// Check again whenever the exercise is saved
    #[arg(long, conflicts_with_all = ["at", "command"])]
    watch: bool,
    /// Play the bytes of an earlier check again
    #[arg(long)]
    seed: Option<u64>,
    /// Judge a server that is running already, such as 127.0.0.1:7000
    #[arg(long, value_name = "ADDR", conflicts_with = "command")]
    at: Option<SocketAddr>,
    /// A program and its first arguments; the address is added
    #[arg(last = true)]
    command: Vec<OsString>,
}

/// An error that is not the program's under judgement: its exit code says
/// whose it is.
#[derive(Debug)]
pub struct Refusal {
    code: u8,
    error: Error,
}

impl Refusal {
    /// Exit 2: asked for what there is not.
    fn usage(error: impl Into<Error>) -> Error {
        let (code, error) = (2, error.into());
        Error::new(Refusal { code, error })
    }

    /// Exit 3: this machine cannot do it.
    fn impossible(error: impl Into<Error>) -> Error {
        let (code, error) = (3, error.into());
        Error::new(Refusal { code, error })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.error)
    }
}

impl std::error::Error for Refusal {}

/// What is to be said of an error, if anything.
pub fn words(error: &Error) -> Option<String> {
    (!error.is::<Unread>()).then(|| format!("{error:#}"))
}

/// The exit code that an error asks for.
pub fn exit_code(error: &Error) -> ExitCode {
    // What a shell shows of a program that SIGPIPE (13) has ended: it is
    // neither a success nor the learner's mistake.
    if error.is::<Unread>() {
        return ExitCode::from(128 + 13);
    }
    let code = error.downcast_ref::<Refusal>().map_or(1, |it| it.code);
    ExitCode::from(code)
}

/// Does what the arguments say.
pub fn main() -> Result<ExitCode> {
    let default = Command::Serve(ServeArguments {
        port: 3000,
        no_open: false,
        lang: None,
    });
    match Arguments::parse().command.unwrap_or(default) {
        // What needs no course; and a namespace is entered by a process that
        // has done nothing yet.
        Command::Lab { command } => lab::lab(&command),
        Command::Inside { first, plan } => lab::inside(first, &plan),
        Command::Examine => lab::examine(),
        Command::Preprocess { question } => maker::preprocess(&question),
        command => {
            let course = Course::find().map_err(Refusal::usage)?;
            work(course, command)
        }
    }
}

/// Does what needs the course.
fn work(course: Course, command: Command) -> Result<ExitCode> {
    match command {
        Command::Serve(arguments) => serve(course, &arguments),
        Command::Run(arguments) => run::run(&course, &arguments),
        Command::Faq { name } => faq::faq(&course, name.as_deref()),
        Command::Try { lesson } => learner::try_lesson(&course, lesson),
        Command::Check(arguments) => check::check(&course, &arguments),
        Command::List => learner::list(&course),
        Command::Hint { exercise } => learner::hint(&course, exercise),
        Command::Reset { exercise } => learner::reset(&course, exercise),
        Command::Solution { exercise, spoil } => {
            learner::solution(&course, exercise, spoil)
        }
        Command::Prepare => run::prepare(&course),
        Command::Export { dir } => maker::export(&course, &dir),
        Command::Po { check } => maker::po(&course, check),
        Command::Lab { .. }
        | Command::Inside { .. }
        | Command::Examine
        | Command::Preprocess { .. } => {
            unreachable!("`main` has done what needs no course")
        }
    }
}

fn serve(course: Course, arguments: &ServeArguments) -> Result<ExitCode> {
    let options = Options {
        port: arguments.port,
        open: !arguments.no_open,
        lang: arguments.lang,
    };
    serve::serve(course, options)?;
    Ok(ExitCode::SUCCESS)
}

fn language(name: &str) -> Result<&'static str, String> {
    let found = LANGUAGES.iter().find(|lang| **lang == name);
    found
        .copied()
        .ok_or_else(|| format!("the book is in {}", LANGUAGES.join(" and ")))
}

/// The exercise of a lesson that is written.
fn exercise(course: &Course, number: u8) -> Result<&'static judge::Exercise> {
    course.lesson(number).map_err(Refusal::usage)?;
    judge::exercise(number).ok_or_else(|| {
        Refusal::usage(Error::msg(format!(
            "there is no exercise {number}: `{COMMAND} list` shows which \
             there are"
        )))
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_arguments_make_sense() {
        Arguments::command().debug_assert();
    }
}
