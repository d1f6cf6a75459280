//! Exercise 8: a codec that takes no byte on trust.
//!
//!     cargo run -- check 8
//!
//! Write a server. It is started with one argument, the address to listen
//! on, and answers each record that a client sends.
//!
//! * A record is LENGTH BODY CHECKSUM: a varint (the bytes of the body), the
//!   body, and its CRC-32 in four bytes, big-endian.
//! * A body is a row of fields, each TAG LENGTH VALUE: two varints, and so
//!   many bytes.
//! * Tag 1 is an id (one varint, required), 2 a name (UTF-8), 3 numbers
//!   (varints, to the end of the value), 4 a temperature (four bytes, a
//!   big-endian 32-bit float). Any other tag is skipped.
//! * The answer is a record: the known fields in ascending order of their
//!   tags, the numbers in ascending order.
//! * If something is wrong, the answer is a record with field 15 alone, one
//!   byte: 1 the record's length is over 4,096 (answer, then close);
//!   2 checksum; 3 a varint that is longer than it must be or has more than
//!   64 bits (in a record's length: answer, then close); 4 a field, varint or
//!   float reaches past the end of what it stands in; 5 bytes left over in an
//!   id or float; 6 a known tag twice; 7 not UTF-8; 8 NaN; 9 no id.
//! * The first problem from left to right wins; the checksum comes before
//!   all in the body, the missing id after it.
//! * The end between two records: close. The end inside one: send nothing
//!   for it, and close.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::{env, thread};

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let stream = stream?;
        thread::spawn(move || {
            if let Err(error) = serve(stream) {
                eprintln!("a client was dropped: {error}");
            }
        });
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    loop {
        // TODO: this sends back whatever one `read` returns. Read record by
        // record, look at each byte, and answer in order.
        let mut buffer = [0; 1024];
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            count => stream.write_all(&buffer[..count])?,
        }
    }
}
