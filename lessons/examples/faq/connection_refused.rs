//! Nobody listens there.

use std::io::Read;
use std::net::{TcpListener, TcpStream};

use super::Result;
use super::other::Other;

pub fn show() -> Result {
    println!("It happens:");
    // A port that was free a moment ago: nobody listens on it now.
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let error = TcpStream::connect(address).err().ok_or("it is taken")?;
    println!("[client] connect: {:?}", error.kind());

    println!("The cure:");
    let mut server = Other::start("connection-refused", "server")?;
    // It has said its address, so it listens.
    let mut stream = TcpStream::connect(server.address()?)?;
    println!("[client] connect, once the server listens: Ok");
    stream.read_to_end(&mut Vec::new())?;
    Ok(())
}

pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    listener.accept()?;
    Ok(())
}
