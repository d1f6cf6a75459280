//! A server that only its own machine can reach.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};

use super::Result;
use super::other::{Other, wait};

/// An address of this machine that is not 127.0.0.1, without asking the
/// network for one: macOS has no second IPv4 address on its loopback.
fn elsewhere() -> IpAddr {
    match cfg!(target_os = "macos") {
        true => IpAddr::V6(std::net::Ipv6Addr::LOCALHOST),
        false => IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2)),
    }
}

pub fn show() -> Result {
    println!("It happens:");
    let mut server = Other::start("only-from-here", "127.0.0.1:0")?;
    let port = server.address()?.port();
    server.shows()?;
    TcpStream::connect(("127.0.0.1", port))?;
    println!("[client] connect to 127.0.0.1: Ok");
    let address = SocketAddr::new(elsewhere(), port);
    let error = TcpStream::connect(address).err().ok_or("it answered")?;
    println!("[client] connect to another address: {:?}", error.kind());

    println!("The cure:");
    let any = SocketAddr::new(unspecified(), 0).to_string();
    let mut server = Other::start("only-from-here", &any)?;
    let port = server.address()?.port();
    println!("[server] listens on all addresses");
    TcpStream::connect((elsewhere(), port))?;
    println!("[client] connect to another address: Ok");
    Ok(())
}

fn unspecified() -> IpAddr {
    match elsewhere() {
        IpAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        IpAddr::V6(_) => std::net::Ipv6Addr::UNSPECIFIED.into(),
    }
}

pub fn other(address: &str) -> Result {
    let listener = TcpListener::bind(address)?;
    println!("{}", listener.local_addr()?);
    println!("[server] listens on 127.0.0.1");
    wait()
}
