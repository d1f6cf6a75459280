//! Exercise 9: a sorter that answers on half-close.
//!
//!     cargo run -- check 9
//!
//! Write a server. It is started with one argument, the address to listen
//! on. A client sends lines, ends its sending half, and reads. The server
//! answers with the same lines, sorted by bytes, and ends the connection.
//!
//! * Only `\n` ends a line, and each line of the answer ends with it. The
//!   last line may come without. Lines need not be UTF-8. Equal lines and
//!   empty lines stay.
//! * Answer nothing before the client's end. No byte: answer no byte.
//! * After the answer the connection ends in order: with FIN, not with RST.
//! * More than 8,388,608 bytes: close at once, without an answer.
//! * While one client is silent, reads slowly, or resets its connection,
//!   others are served.

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
    // TODO: this sends back whatever one `read` returns, as it is. Read to
    // the client's end instead, sort the lines, and answer with them.
    let mut buffer = [0; 1024];
    let count = stream.read(&mut buffer)?;
    stream.write_all(&buffer[..count])
}
