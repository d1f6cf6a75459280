//! No way leads there, or none that this machine knows.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::Result;
use super::other::{Other, wait};

const PATIENCE: Duration = Duration::from_secs(1);

pub fn show() -> Result {
    println!("It happens:");
    // Reserved for examples (RFC 5737): nobody is there.
    let nowhere: SocketAddr = "192.0.2.1:80".parse()?;
    let error = TcpStream::connect_timeout(&nowhere, PATIENCE)
        .err()
        .ok_or("somebody is there")?;
    println!("[client] connect to 192.0.2.1: {:?}", error.kind());
    // With a default route the packets leave, and nothing comes back.
    let meaning = match error.kind() {
        ErrorKind::NetworkUnreachable => "this machine knows no route there",
        ErrorKind::HostUnreachable => "a router on the way knows no route",
        ErrorKind::TimedOut => "there is a route, and nobody at its end",
        _ => "something else is wrong",
    };
    println!("[client] {meaning}");

    println!("The cure:");
    let mut server = Other::start("no-route", "server")?;
    TcpStream::connect(server.address()?)?;
    println!("[client] connect to 127.0.0.1, which is always there: Ok");
    Ok(())
}

pub fn other(_: &str) -> Result {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    println!("{}", listener.local_addr()?);
    wait()
}
