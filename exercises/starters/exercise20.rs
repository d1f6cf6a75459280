//! Exercise 20: a file through a network that loses.
//!
//!     cargo run -- check 20
//!
//! Write a client that sends a file over UDP to the address in its first
//! argument, and exits with status 0 once all of it is acknowledged. Between
//! the two lies a network that loses, doubles and reorders datagrams. All
//! numbers are big-endian.
//!
//! * You say HELLO, the byte `H`, again until a START comes: `S`, the size
//!   of the file (4 bytes), the window (2 bytes).
//! * Byte number i of the file is i mod 251. Packet N, counted from 0, has
//!   the 500 bytes from 500 · N on; the last packet has what is left.
//! * You send DATA: `D`, the packet's number (4 bytes), its bytes.
//! * The receiver answers each with an ACK: `A`, next (4 bytes), mask (4
//!   bytes). All packets below `next` have arrived, and packet
//!   `next` + 1 + i has if bit i of the mask is set (bit 0 is the lowest).
//! * Packet N may be sent only while N < next + window.
//!
//! Whatever comes from elsewhere, is no START or ACK, or acknowledges a
//! packet that you never sent, is to be ignored.

use std::env;
use std::io;
use std::net::UdpSocket;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let socket = UdpSocket::bind("0.0.0.0:0")?;

    // TODO: this says HELLO once, and hopes.
    socket.send_to(b"H", &address)?;
    let mut buffer = [0; 2048];
    let (count, _) = socket.recv_from(&mut buffer)?;
    println!("{:?}", &buffer[..count]);
    Ok(())
}
