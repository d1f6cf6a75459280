//! Both sides read to the end, and neither has said that it is done.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::time::Duration;

use super::Result;
use super::other::Other;

pub fn show() -> Result {
    println!("It happens:");
    let (_server, mut stream) = ask()?;
    // Only this limit ends it.
    stream.set_read_timeout(Some(Duration::from_millis(300)))?;
    let error = stream.read_to_end(&mut Vec::new()).err();
    let error = error.ok_or("an answer came")?;
    let timed_out =
        matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
    println!("[client] no answer, no end, for 300 ms: {timed_out}");

    println!("The cure:");
    let (_server, mut stream) = ask()?;
    stream.shutdown(Shutdown::Write)?;
    println!("[client] says that it will write no more");
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    println!("[client] received {answer:?}");
    Ok(())
}

fn ask() -> Result<(Other, TcpStream)> {
    let mut server = Other::start("nobody-ends", "server")?;
    let mut stream = TcpStream::connect(server.address()?)?;
    stream.write_all(b"a question")?;
    server.shows()?;
    Ok((server, stream))
}

pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    let (mut stream, _) = listener.accept()?;
    println!("[server] reads to the end of the question");
    let mut question = Vec::new();
    stream.read_to_end(&mut question)?;
    Ok(stream.write_all(b"an answer")?)
}
