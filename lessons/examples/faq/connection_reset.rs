//! The other side has thrown the connection away.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use socket2::SockRef;

use super::Result;
use super::other::{Other, wait};

pub fn show() -> Result {
    println!("It happens:");
    let (mut server, mut stream) = ask("throws away")?;
    server.shows()?;
    let error = stream.read(&mut [0; 64]).err().ok_or("no reset")?;
    println!("[client] read: {:?}", error.kind());

    println!("The cure:");
    let (mut server, mut stream) = ask("closes in order")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    server.shows()?;
    println!("[client] read: Ok, {answer:?}, then the end");
    Ok(())
}

fn ask(part: &str) -> Result<(Other, TcpStream)> {
    let mut server = Other::start("connection-reset", part)?;
    let mut stream = TcpStream::connect(server.address()?)?;
    stream.write_all(b"a question\n")?;
    stream.shutdown(Shutdown::Write)?;
    server.go_on()?;
    Ok((server, stream))
}

pub fn other(part: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    // Until the client has sent it all: it is to fail when it reads.
    wait()?;
    if part == "throws away" {
        // What a close with unread bytes does on Linux, a linger time of
        // zero does everywhere.
        SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
        drop(stream);
        println!("[server] closed, the question unread");
        return Ok(());
    }
    let mut question = Vec::new();
    stream.read_to_end(&mut question)?;
    stream.write_all(b"an answer")?;
    println!("[server] read to the end, answered, closed");
    Ok(())
}
