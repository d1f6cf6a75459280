//! Exercise 7: an echo that survives its clients.
//!
//!     cargo run -- check 7
//!
//! Write a server. It is started with one argument, the address to listen
//! on. A frame is a length, two bytes, big-endian, and a message of that
//! many bytes. Each frame is answered by a frame: the same message with its
//! ASCII letters in upper case, all other bytes unchanged.
//!
//! * A length of 0 is a message like any other.
//! * A length over 1,024: close the connection without answering it, after
//!   the frames before it were answered.
//! * The end between two frames is a goodbye: close too. The end inside a
//!   frame: close, and send no more bytes.
//! * When a client has closed only its sending half, its whole frames are
//!   still answered.
//! * While one client sits on half a frame, and after one has left without
//!   reading its answers, others are served.

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
    // TODO: this takes whatever one `read` returns for a frame, and sends it
    // back as it is. Read frame by frame instead, and answer each one.
    let mut buffer = [0; 1024];
    let count = stream.read(&mut buffer)?;
    stream.write_all(&buffer[..count])
}
