//! Exercise 2: a dissector that believes no length.
//!
//!     cargo run -- check 2
//!
//! Write a server. It is started with one argument, the address to listen
//! on. A client sends lines of hex, each an Ethernet frame, and ends each
//! with `\n`. Answer each with one line: the layers from the outside in,
//! separated by a comma and a space, or `bad line` if it is no hex:
//!
//! * `ethernet SOURCE DESTINATION`, then `vlan NUMBER` for each tag 8100
//! * `arp OPERATION SENDER TARGET`, or `type HHHH` for types that are not
//!   taken apart
//! * `ipv4 SOURCE DESTINATION ttl N options BYTES checksum ok|wrong`
//! * `ipv6 SOURCE DESTINATION hops N`, then `extension 0|60` for each
//! * `fragment OFFSET`, `protocol N`
//! * `tcp SOURCE DESTINATION FLAGS options BYTES checksum ok|wrong`
//! * `udp SOURCE DESTINATION checksum ok|wrong|none`
//! * `icmp TYPE CODE checksum ok|wrong`, `icmpv6` likewise
//! * `payload BYTES`, `padding BYTES`
//! * as the last part where it ends early: `truncated LAYER`, `bad LAYER`,
//!   `short BYTES`
//!
//! The page of lesson 2 says when each of them is the answer.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use etherparse::SlicedPacket;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        if let Err(error) = stream.and_then(serve) {
            eprintln!("a client was dropped: {error}");
        }
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let lines = BufReader::new(stream.try_clone()?).lines();
    for line in lines {
        let answer = match bytes(&line?) {
            Some(frame) => dissect(&frame),
            None => "bad line".to_owned(),
        };
        stream.write_all(format!("{answer}\n").as_bytes())?;
    }
    Ok(())
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let byte = |at| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn dissect(frame: &[u8]) -> String {
    // TODO: say what is in it, layer by layer. You may go on with
    // `etherparse`, or read the bytes yourself.
    match SlicedPacket::from_ethernet(frame) {
        Ok(packet) => format!("{:?}", packet.link),
        Err(error) => error.to_string(),
    }
}
