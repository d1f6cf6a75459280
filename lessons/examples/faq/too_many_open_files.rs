//! Every connection is an open file, and a process may have only so many.

use std::env;
use std::io;
use std::net::{TcpListener, TcpStream};
use std::process::Command;

use super::Result;
use super::other::{Other, wait};

/// How many files the server may have open.
const LIMIT: usize = 32;

pub fn show() -> Result {
    if cfg!(windows) {
        println!("Windows sets no such limit: there is nothing to show.");
        return Ok(());
    }
    println!("It happens:");
    let mut server = limited("keeps everybody")?;
    let clients = crowd(&mut server)?;
    server.shows()?;
    drop(clients);

    println!("The cure:");
    let mut server = limited("makes room")?;
    let clients = crowd(&mut server)?;
    server.shows()?;
    server.shows()?;
    drop(clients);
    Ok(())
}

/// A server that the shell allows only so many files.
fn limited(part: &str) -> Result<Other> {
    let script = format!("ulimit -n {LIMIT} && exec \"$0\" \"$@\"");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).arg(env::current_exe()?);
    Other::of(shell.args(["too-many-open-files", part]))
}

/// More clients than the server may have files.
fn crowd(server: &mut Other) -> Result<Vec<TcpStream>> {
    let address = server.address()?;
    let clients = (0..LIMIT).map(|_| TcpStream::connect(address));
    Ok(clients.collect::<io::Result<_>>()?)
}

pub fn other(part: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let mut clients = Vec::new();
    let mut refused = 0;
    for _ in 0..LIMIT {
        match listener.accept() {
            Ok((stream, _)) => clients.push(stream),
            // "Too many open files" is number 24 on Linux and macOS.
            Err(e) if e.raw_os_error() == Some(24) => refused += 1,
            Err(e) => return Err(e.into()),
        }
        if refused > 0 && part == "makes room" {
            // The oldest are asked to come again; a real server would rather
            // close those that have been quiet for long.
            clients.drain(..clients.len() / 2);
            clients.push(listener.accept()?.0);
            println!("[server] too many open files: closed half of the");
            println!("         clients, and accepted the next one");
            return wait();
        }
    }
    println!("[server] accept: too many open files: {}", refused > 0);
    wait()
}
