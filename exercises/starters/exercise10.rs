//! Exercise 10: a responder that nobody can turn into a weapon.
//!
//!     cargo run -- check 10
//!
//! Write a server that speaks UDP. It is started with one argument, the
//! address to bind to, and answers from it. A question is one datagram of 4
//! to 400 bytes:
//!
//! * `Q`, one byte; ID, two bytes; COUNT, one byte; TEXT, what is left.
//!
//! Its answer is one datagram, to the address that it came from:
//!
//! * `A`, the same ID, and TEXT, COUNT times; but if that is more than three
//!   times as long as the question:
//! * `T`, the same ID.
//!
//! Any other datagram, also one of 0 or of 65,507 bytes, is not answered at
//! all. A question that comes again is answered again. No client may end the
//! server: not by what it sends, and not by leaving before its answer comes.

use std::net::UdpSocket;
use std::{env, io};

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let socket = UdpSocket::bind(address)?;
    let mut buffer = [0; 400];
    loop {
        // TODO: this sends back what came, whatever it was. Answer questions,
        // and only questions.
        let (count, peer) = socket.recv_from(&mut buffer)?;
        socket.send_to(&buffer[..count], peer)?;
    }
}
