//! Any bytes, for the programs that read a peer's: the fuzz targets of
//! `fuzz/` that need the libraries of a lesson, with their seeds.

#[path = "../../fuzz/src/driver.rs"]
mod driver;
#[path = "../../fuzz/src/programs.rs"]
mod programs;

use std::path::Path;

#[test]
fn no_bytes_make_a_program_panic() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz");
    driver::run(Path::new(folder), programs::ALL);
}
