//! Lesson 1's server: reads a greeting to its end, then answers.
//!
//!     cargo run --example lesson1_server        (prints its address)

use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::process::ExitCode;

fn main() -> ExitCode {
    match serve_one() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve_one() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);

    let (mut stream, _) = listener.accept()?;
    let mut greeting = Vec::new();
    // Reads until a read returns 0, the client's "I have sent everything".
    stream.read_to_end(&mut greeting)?;
    println!(
        "[server] received \"{}\", {} bytes, then the end",
        String::from_utf8_lossy(&greeting),
        greeting.len(),
    );
    // Writes until all of it is written. Leaving the scope closes both.
    stream.write_all(b"Hello, client!")
}
