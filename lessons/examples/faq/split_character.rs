//! A character of two bytes arrives in two pieces.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::str;

use super::Result;
use super::other::{Other, wait};

pub fn show() -> Result {
    println!("It happens:");
    let (mut server, mut stream) = Other::with_client("split-character")?;
    let mut piece = [0; 64];
    let n = stream.read(&mut piece)?;
    let error = str::from_utf8(&piece[..n]).err().ok_or("it is whole")?;
    println!("[client] {n} bytes: {error}");
    server.go_on()?;

    println!("The cure:");
    let (mut server, mut stream) = Other::with_client("split-character")?;
    server.go_on()?;
    let mut all = Vec::new();
    stream.read_to_end(&mut all)?;
    println!("[client] {} bytes: {:?}", all.len(), str::from_utf8(&all)?);
    Ok(())
}

pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    let text = "café".as_bytes();
    stream.write_all(&text[..4])?;
    println!(
        "[server] sends \"café\", {} bytes, in two pieces",
        text.len()
    );
    wait()?;
    Ok(stream.write_all(&text[4..])?)
}
