//! Lesson 1's client: greets a server, and prints its whole answer.
//!
//!     cargo run --example lesson1_client 127.0.0.1:PORT

use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(address) = env::args().nth(1) else {
        eprintln!("client: give it the address that the server printed");
        return ExitCode::FAILURE;
    };
    match greet(&address) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("client: {error}");
            ExitCode::FAILURE
        }
    }
}

fn greet(address: &str) -> io::Result<()> {
    // A name may have several addresses: this tries one after the other.
    let mut stream = TcpStream::connect(address)?;
    stream.write_all("Hello, World!".as_bytes())?;
    // "I have sent everything." The other direction stays open.
    stream.shutdown(Shutdown::Write)?;

    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let text = String::from_utf8_lossy(&answer);
    println!("[client] received \"{text}\"");
    Ok(())
}
