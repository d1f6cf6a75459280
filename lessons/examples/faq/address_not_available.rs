//! Binding to an address that this machine does not have.

use std::net::{TcpListener, TcpStream};

use super::Result;
use super::other::{Other, wait};

pub fn show() -> Result {
    println!("It happens:");
    // Reserved for examples (RFC 5737): no machine has it.
    let error = TcpListener::bind("192.0.2.1:0").err().ok_or("it is ours")?;
    println!("[server] bind to 192.0.2.1: {:?}", error.kind());

    println!("The cure:");
    let mut server = Other::start("address-not-available", "server")?;
    let mut address = server.address()?;
    server.shows()?;
    address.set_ip([127, 0, 0, 1].into());
    TcpStream::connect(address)?;
    println!("[client] connect: Ok");
    Ok(())
}

pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("0.0.0.0:0")?;
    println!("{}", listener.local_addr()?);
    println!("[server] bind to 0.0.0.0, whatever addresses there are: Ok");
    listener.accept()?;
    wait()
}
