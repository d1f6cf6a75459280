//! `wire`, the companion of Bytes on the Wire.

use std::process::ExitCode;

fn main() -> ExitCode {
    match wire::cli::main() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("wire: {error:#}");
            wire::cli::exit_code(&error)
        }
    }
}
