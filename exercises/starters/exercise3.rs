//! Exercise 3: a reassembler that trusts no packet.
//!
//!     cargo run -- check 3
//!
//! Write a server. It is started with one argument, the address to listen
//! on. A client sends lines that end with `\n`, their fields separated by
//! one space:
//!
//! * `message TOTAL`: the first line, once; TOTAL is a length in bytes
//! * `packet OFFSET HEX`: in any order, duplicates and overlaps allowed;
//!   HEX has digits of either case and at least one byte
//! * `end`
//!
//! Nothing is answered before `end`; then one line, and close:
//!
//! * `complete HEX`: the message, in lower case
//! * `missing OFFSET LENGTH`: the first gap, whole
//! * `conflict OFFSET`: the lowest offset at which a packet disagrees with
//!   earlier bytes
//! * `error out of range`: a packet reaches past TOTAL
//! * `error too large`: TOTAL is over 1,048,576. Any number up to 2^63 - 1
//!   may come, and nothing of that size is allocated.
//! * `error bad line`: anything else, such as an unknown word, a missing
//!   field, odd or wrong HEX, a sign, a second `message`
//!
//! The first problem in order of arrival wins; within one packet, out of
//! range comes before conflict. A problem wins over a gap. If the stream
//! ends without `end`: close without an answer. Lines have up to 4,096
//! bytes, and up to 10,000 packets come.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

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
    let mut hex = String::new();
    for line in lines {
        let line = line?;
        let fields: Vec<&str> = line.split(' ').collect();
        match fields.as_slice() {
            ["packet", _offset, bytes] => hex.push_str(bytes),
            ["end"] => break,
            _ => {}
        }
    }
    // TODO: this trusts that all packets come once, in order, and whole. Put
    // each one where it belongs, and find out what is wrong or missing.
    stream.write_all(format!("complete {hex}\n").as_bytes())
}
