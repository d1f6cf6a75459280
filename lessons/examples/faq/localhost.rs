//! `localhost` is a name, and it has two addresses.

use std::net::{Ipv6Addr, TcpListener, TcpStream};

use super::Result;
use super::other::{Other, wait};

pub fn show() -> Result {
    let mut server = Other::start("localhost", "server")?;
    let port = server.address()?.port();

    println!("It happens:");
    server.shows()?;
    // Where there is no IPv6 the error is another one, but an error.
    let failed = TcpStream::connect((Ipv6Addr::LOCALHOST, port)).is_err();
    println!("[client] localhost as ::1: nobody there: {failed}");
    TcpStream::connect(("127.0.0.1", port))?;
    println!("[client] localhost as 127.0.0.1: Ok");

    println!("The cure:");
    // Given a name, std tries each of its addresses.
    TcpStream::connect(("localhost", port))?;
    println!("[client] localhost, all its addresses in turn: Ok");
    Ok(())
}

pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    println!("[server] listens on 127.0.0.1");
    wait()
}
