//! Exercise 11: a name server that survives its clients.
//!
//!     cargo run -- check 11
//!
//! Write a name server for the zone `wire.example`. It is started with one
//! argument, the address to serve, over UDP and over TCP. The page of lesson
//! 11 has the zone, and the rules that the check follows:
//!
//! * Copy ID, opcode and RD, set QR, and clear every other bit that no rule
//!   sets. An answer about the zone sets AA.
//! * Fewer than 12 bytes, or QR set: no answer (over TCP: close).
//! * An opcode other than 0: NOTIMP. Not exactly one question, or one that
//!   cannot be read: FORMERR. Both answers are the header alone.
//! * Another class or another zone: REFUSED. No such name: NXDOMAIN.
//! * An alias brings its CNAME, and what it leads to in the zone.
//! * Over 512 bytes over UDP: TC, and no record. Over TCP it comes whole,
//!   behind its length.

use std::io;
use std::net::UdpSocket;

fn main() -> io::Result<()> {
    let address = std::env::args().nth(1);
    let address = address.expect("the first argument: an address");
    let socket = UdpSocket::bind(address)?;
    let mut datagram = [0; 512];
    loop {
        let (n, client) = socket.recv_from(&mut datagram)?;
        socket.send_to(&answer(&datagram[..n]), client)?;
    }
}

/// TODO: this sends the question back, with QR set. Read the name, look it
/// up, and answer. Then do the same over TCP.
fn answer(question: &[u8]) -> Vec<u8> {
    let mut answer = question.to_vec();
    if let Some(flags) = answer.get_mut(2) {
        *flags |= 0x80;
    }
    answer
}
