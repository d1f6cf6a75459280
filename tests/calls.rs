//! The names in `book/calls.toml` exist: those of Rust are compiled here, and
//! Python is asked for each of its own.

use std::collections::BTreeSet;
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};
use toml::{Table, Value};

/// Compiled, and never called. A name that the page has and this has not, or
/// the other way round, fails the test below.
#[allow(dead_code, path_statements, clippy::no_effect)]
mod names {
    pub fn std() {
        use std::io::{Read, Write};
        use std::net::*;
        TcpListener::bind::<&str>;
        UdpSocket::bind::<&str>;
        TcpListener::accept;
        TcpListener::incoming;
        TcpStream::connect::<&str>;
        TcpStream::connect_timeout;
        UdpSocket::connect::<&str>;
        <TcpStream as Write>::write;
        <TcpStream as Write>::write_all;
        UdpSocket::send;
        <TcpStream as Read>::read;
        <TcpStream as Read>::read_exact;
        TcpStream::peek;
        UdpSocket::recv;
        <TcpStream as Write>::write_vectored;
        <TcpStream as Read>::read_vectored;
    }

    pub fn std_rest() {
        use std::net::*;
        use std::str::FromStr;
        UdpSocket::send_to::<&str>;
        UdpSocket::recv_from;
        UdpSocket::peek_from;
        TcpStream::shutdown;
        TcpListener::local_addr;
        TcpStream::local_addr;
        TcpStream::peer_addr;
        TcpStream::set_nodelay;
        TcpStream::set_read_timeout;
        UdpSocket::set_broadcast;
        TcpStream::take_error;
        UdpSocket::take_error;
        TcpStream::set_nonblocking;
        TcpListener::set_nonblocking;
        UdpSocket::set_nonblocking;
        <str as ToSocketAddrs>::to_socket_addrs;
        IpAddr::from_str;
        SocketAddr::from_str;
        u16::to_be_bytes;
        u32::from_be_bytes;
    }

    pub fn tokio() {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        use tokio::net::*;
        TcpSocket::new_v4;
        TcpSocket::new_v6;
        TcpListener::bind::<&str>;
        UdpSocket::bind::<&str>;
        TcpSocket::bind;
        TcpSocket::listen;
        TcpListener::accept;
        TcpStream::connect::<&str>;
        TcpSocket::connect;
        UdpSocket::connect::<&str>;
        <TcpStream as AsyncWriteExt>::write;
        <TcpStream as AsyncWriteExt>::write_all;
        TcpStream::try_write;
        UdpSocket::send;
        <TcpStream as AsyncReadExt>::read;
        <TcpStream as AsyncReadExt>::read_exact;
        TcpStream::try_read;
        UdpSocket::recv;
        UdpSocket::send_to::<&str>;
        UdpSocket::recv_from;
        TcpStream::try_write_vectored;
        TcpStream::try_read_vectored;
        <TcpStream as AsyncWriteExt>::shutdown;
        TcpListener::local_addr;
        TcpStream::local_addr;
        TcpStream::peer_addr;
        TcpSocket::set_reuseaddr;
        TcpStream::set_nodelay;
        UdpSocket::set_broadcast;
        TcpStream::take_error;
        UdpSocket::take_error;
        TcpStream::ready;
        TcpStream::readable;
        UdpSocket::readable;
        lookup_host::<&str>;
    }

    pub fn socket2() {
        use socket2::*;
        use std::net::TcpStream;
        type Of = fn(&'static TcpStream) -> SockRef<'static>;
        Socket::new;
        Socket::bind;
        Socket::listen;
        Socket::accept;
        Socket::connect;
        Socket::connect_timeout;
        Socket::send;
        Socket::recv;
        Socket::send_to;
        Socket::recv_from;
        Socket::send_vectored;
        Socket::recv_vectored;
        Socket::shutdown;
        Socket::local_addr;
        Socket::peer_addr;
        Socket::set_reuse_address;
        Socket::set_tcp_keepalive;
        Socket::set_linger;
        Socket::set_only_v6;
        let _: Of = SockRef::from;
        Socket::take_error;
        Socket::set_nonblocking;
    }

    pub fn kinds() {
        use std::io::ErrorKind;
        ErrorKind::AddrInUse;
        ErrorKind::AddrNotAvailable;
        ErrorKind::PermissionDenied;
        ErrorKind::WouldBlock;
        ErrorKind::ConnectionAborted;
        ErrorKind::ConnectionRefused;
        ErrorKind::TimedOut;
        ErrorKind::NetworkUnreachable;
        ErrorKind::HostUnreachable;
        ErrorKind::BrokenPipe;
        ErrorKind::ConnectionReset;
        ErrorKind::UnexpectedEof;
        ErrorKind::NotConnected;
        ErrorKind::InvalidInput;
    }
}

#[test]
fn the_names_of_rust_are_those_that_compile() -> Result<()> {
    let source = include_str!("calls.rs");
    for column in ["std", "tokio", "socket2", "kinds"] {
        let listed = listed(column)?;
        let compiled = compiled(source, column)?;
        assert_eq!(listed, compiled, "{column}");
    }
    Ok(())
}

#[test]
fn python_has_its_names() -> Result<()> {
    let mut script = String::from(
        "import ipaddress, select, selectors, socket, struct, sys\n\
         unix = sys.platform != 'win32'\n",
    );
    let mut names = listed("python")?;
    for name in ["socket.socket.sendmsg", "socket.socket.recvmsg"] {
        ensure!(names.remove(name), "{name} is said to be Unix's alone");
        script += &format!("if unix: {name}\n");
    }
    for name in names {
        script += &format!("{name}\n");
    }
    let run = match Command::new("python3").args(["-c", &script]).output() {
        Err(error) if env::var_os("REQUIRE_ALL").is_some() => {
            bail!("python3: {error}")
        }
        Err(_) => {
            eprintln!("skipped: there is no python3");
            return Ok(());
        }
        Ok(run) => run,
    };
    let said = String::from_utf8_lossy(&run.stderr);
    ensure!(run.status.success(), "{said}");
    Ok(())
}

/// The names in a column of the list.
fn listed(column: &str) -> Result<BTreeSet<String>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/book/calls.toml");
    let list: Table = fs::read_to_string(path)?.parse()?;
    let calls = list["call"].as_array().context("no calls")?;
    let names = calls.iter().filter_map(|call| call.get(column)?.as_array());
    let names = names.flatten().filter_map(Value::as_str);
    Ok(names.map(str::to_owned).collect())
}

/// The names in the functions above that begin so, without their type
/// parameters.
fn compiled(source: &str, function: &str) -> Result<BTreeSet<String>> {
    let head = format!("    pub fn {function}");
    let functions = source.split(&head).skip(1);
    let bodies = functions.filter_map(|it| {
        let (_, body) = it.split_once("() {\n")?;
        Some(body.split_once("\n    }\n")?.0)
    });
    let body = bodies.collect::<Vec<_>>().join("\n");
    ensure!(!body.is_empty(), "no function {function}");
    let lines = body.lines().map(str::trim);
    let names = lines
        .filter(|line| !line.starts_with("use ") && !line.starts_with("type "))
        .map(|line| {
            let name = line.trim_end_matches(';');
            let name = name.rsplit(" = ").next().unwrap_or(name);
            let name = name.strip_prefix("ErrorKind::").unwrap_or(name);
            match name.split_once(" as ") {
                Some((_, method)) => method.replacen('>', "", 1),
                None => name.to_owned(),
            }
        });
    let names = names.map(|name| match name.split_once("::<") {
        Some((name, _)) => name.to_owned(),
        None => name,
    });
    Ok(names.collect())
}
