//! `wire`, the companion of Bytes on the Wire.

#![deny(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use wire::terminal::remark;

fn main() -> ExitCode {
    match wire::cli::main() {
        Ok(code) => code,
        Err(error) => {
            if let Some(words) = wire::cli::words(&error) {
                remark(format_args!("wire: {words}\n"));
            }
            wire::cli::exit_code(&error)
        }
    }
}
