//! Two programs want the same port.

use std::net::TcpListener;

use super::Result;
use super::other::{Other, wait};

pub fn show() -> Result {
    let mut server = Other::start("address-in-use", "server")?;
    let address = server.address()?;

    println!("It happens:");
    server.shows()?;
    let error = TcpListener::bind(address).err().ok_or("bound twice")?;
    println!("[second] bind to the same port: {:?}", error.kind());

    println!("The cure:");
    let any = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let differs = any.port() != address.port();
    println!("[second] bind to port 0: Ok, and another port: {differs}");
    server.kill()?;
    println!("[first]  ended");
    TcpListener::bind(address)?;
    println!("[second] bind to the same port: Ok");
    Ok(())
}

pub fn other(_: &str) -> Result {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    println!("[first]  listens on a port");
    wait()
}
