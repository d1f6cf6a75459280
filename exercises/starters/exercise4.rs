//! Exercise 4: a forwarder whose table changes while it runs.
//!
//!     cargo run -- check 4
//!
//! Write a server. It is started with one argument, the address to listen
//! on, and serves one client after another. Each connection begins with an
//! empty table. A client sends lines that end with `\n`, their fields
//! separated by one space; each is answered at once by one line:
//!
//! * `add PREFIX NEXT COST`: `ok`. PREFIX and NEXT together are a route; one
//!   that is there already gets the new cost.
//! * `withdraw PREFIX NEXT`: `ok`, or `error no such route`
//! * `forward ADDRESS TTL`: `drop ttl` if TTL is 0 or 1; else `send NEXT
//!   LEFT`, LEFT being TTL - 1, or `drop no route`. The longest prefix that
//!   matches wins; of its routes the lowest COST; of those the NEXT that
//!   comes first byte by byte.
//!
//! ADDRESS is four numbers from 0 to 255 with dots; PREFIX an address, `/`
//! and a length from 0 to 32, with all bits 0 behind that length; NEXT 1 to
//! 8 ASCII letters or digits; COST 1 to 65535; TTL 0 to 255. No sign, no
//! leading zero.
//!
//! A line with a mistake changes nothing, and the conversation goes on:
//! `error bad line` if the word or the number of fields is wrong, else
//! `error bad` and `prefix`, `next`, `cost`, `address` or `ttl`: the first
//! field, from the left, that is wrong.
//!
//! Lines have up to 100 bytes. 20,000 routes and then 20,000 datagrams are
//! answered within 30 s. At the end of the stream: close.

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
    for line in lines {
        let line = line?;
        let fields: Vec<&str> = line.split(' ').collect();
        let answer = match fields.as_slice() {
            ["add", _prefix, _next, _cost] => "ok",
            ["withdraw", _prefix, _next] => "error no such route",
            ["forward", _address, _ttl] => "drop no route",
            _ => "error bad line",
        };
        // TODO: this has no table, and believes every field. Keep the routes,
        // and find the longest prefix that matches.
        stream.write_all(format!("{answer}\n").as_bytes())?;
    }
    Ok(())
}
