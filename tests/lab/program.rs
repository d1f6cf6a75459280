//! The programs on the laboratory's hosts: in goes a role, out come lines
//! that begin with `> `. They are this test itself, started again, so that no
//! other program has to be there.

use std::env;
use std::io::{IoSliceMut, Read, Write};
use std::net::{
    IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream,
    ToSocketAddrs, UdpSocket,
};
use std::os::fd::AsRawFd;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, setsockopt,
    sockopt,
};

const PORT: u16 = 7000;

/// What is answered is the end.
const LAST: &[u8] = b"the end";

#[test]
#[ignore = "a program for the hosts, which the other tests start"]
fn on_a_host() -> Result<()> {
    let role = env::var("ROLE").context("a program needs its ROLE")?;
    let words: Vec<&str> = role.split(' ').collect();
    let number = |at: usize| -> Result<usize> {
        let word = words.get(at).context("a number is missing")?;
        Ok(word.parse()?)
    };
    match words[0] {
        "take" => take(),
        "give" => give(number(1)?),
        "hold" => hold(),
        "echo" => echo(),
        "spray" => spray(number(1)?),
        "probe" => probe(number(1)? as u32, number(2)?),
        other => bail!("no such role: {other}"),
    }?;
    // Before the test harness adds its own lines.
    std::process::exit(0)
}

fn say(line: impl std::fmt::Display) {
    // The harness's own line may have no end yet.
    println!("\n> {line}");
}

/// The address of every host's every version of IP, as far as it has them.
fn anywhere() -> [SocketAddr; 2] {
    [
        (Ipv6Addr::UNSPECIFIED, PORT).into(),
        (Ipv4Addr::UNSPECIFIED, PORT).into(),
    ]
}

/// Serves one client: counts its bytes, and answers with how many.
fn take() -> Result<()> {
    let listener = TcpListener::bind(&anywhere()[..])?;
    let (mut stream, peer) = listener.accept()?;
    let known = ("client", PORT).to_socket_addrs()?.next();
    let known = known.context("client has an address")?.ip();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let from = peer.ip().to_canonical();
    say(format!("from the client: {}", from == known));
    writeln!(stream, "{} bytes", bytes.len())?;
    Ok(())
}

fn give(count: usize) -> Result<()> {
    let mut stream = TcpStream::connect(("server", PORT))?;
    say(format!("to {}", stream.peer_addr()?.ip()));
    stream.write_all(&vec![b'.'; count])?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    say(answer.trim());
    Ok(())
}

/// Sends a word, and then says nothing for ever.
fn hold() -> Result<()> {
    let mut stream = TcpStream::connect(("server", PORT))?;
    stream.write_all(b"held")?;
    say("held");
    // The server waits for more, and so sends nothing.
    stream.read_exact(&mut [0])?;
    bail!("the server spoke")
}

/// Sends every datagram back, the last one too.
fn echo() -> Result<()> {
    let socket = UdpSocket::bind(&anywhere()[..])?;
    let mut buffer = [0; 2000];
    loop {
        let (count, peer) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..count], peer)?;
        if &buffer[..count] == LAST {
            return Ok(());
        }
    }
}

fn datagrams() -> Result<UdpSocket> {
    let server = ("server", PORT).to_socket_addrs()?.next();
    let server = server.context("server has an address")?;
    let own: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    let socket = UdpSocket::bind((own, 0))?;
    socket.connect(server)?;
    Ok(socket)
}

/// Sends so many numbered datagrams, and does not end before one more has
/// been answered: then all have been taken by the link.
fn spray(count: usize) -> Result<()> {
    let socket = datagrams()?;
    for number in 0..count {
        socket.send(&(number as u32).to_be_bytes())?;
    }
    socket.set_read_timeout(Some(Duration::from_millis(50)))?;
    loop {
        socket.send(LAST)?;
        let mut answer = [0; 16];
        while let Ok(count) = socket.recv(&mut answer) {
            if &answer[..count] == LAST {
                say("all sent");
                return Ok(());
            }
        }
    }
}

/// Sends one datagram that may pass so many routers, and says what ICMP
/// says of it, and who. Linux sets "don't fragment" by itself.
fn probe(hops: u32, size: usize) -> Result<()> {
    let socket = datagrams()?;
    let v4 = socket.local_addr()?.is_ipv4();
    if v4 {
        setsockopt(&socket, sockopt::Ipv4RecvErr, &true)?;
        socket.set_ttl(hops)?;
    } else {
        setsockopt(&socket, sockopt::Ipv6RecvErr, &true)?;
        setsockopt(&socket, sockopt::Ipv6Ttl, &(hops as i32))?;
    }
    socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    socket.send(&vec![0; size])?;
    ensure!(socket.recv(&mut vec![0; size]).is_err(), "it was answered");
    let mut data = [0; 2000];
    let mut parts = [IoSliceMut::new(&mut data)];
    let mut space = vec![0; 512];
    let message = recvmsg::<SockaddrStorage>(
        socket.as_raw_fd(),
        &mut parts,
        Some(&mut space),
        MsgFlags::MSG_ERRQUEUE,
    )?;
    for control in message.cmsgs()? {
        if let Some((error, who)) = heard(control) {
            let (kind, code) = (error.ee_type, error.ee_code);
            say(format!("{kind}/{code} from {who}, {}", error.ee_info));
        }
    }
    Ok(())
}

/// What was heard by ICMP, and from whom.
fn heard(
    control: ControlMessageOwned,
) -> Option<(nix::libc::sock_extended_err, IpAddr)> {
    match control {
        ControlMessageOwned::Ipv4RecvErr(error, who) => {
            let address = u32::from_be(who?.sin_addr.s_addr);
            Some((error, Ipv4Addr::from(address).into()))
        }
        ControlMessageOwned::Ipv6RecvErr(error, who) => {
            let address = who?.sin6_addr.s6_addr;
            Some((error, Ipv6Addr::from(address).into()))
        }
        _ => None,
    }
}
