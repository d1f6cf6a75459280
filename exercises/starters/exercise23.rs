//! Exercise 23: a caching proxy.
//!
//!     cargo run -- check 23
//!
//! Write a server. It is started with one argument, the address to listen
//! on. A client sends one request and gets one answer, then the connection
//! is closed:
//!
//!     GET http://127.0.0.1:4711/path?query HTTP/1.1
//!
//! * Ask the origin, at the host and port of the URL, for the path with its
//!   query, with `Host` and `Connection: close`. Pass its answer on: status,
//!   headers and body, with `Content-Length` and `Connection: close`.
//! * Keep a 200 that has `max-age` or `ETag`, and no `no-store`. While its
//!   age is below `max-age`, give it out with an `Age`, and ask nobody.
//! * When it is stale, ask with its `ETag` in `If-None-Match`. After a 304
//!   the stored body is the answer, with status 200, and its age begins anew.
//! * While an answer is on its way, others who want the same URL wait for
//!   it. Not so with `no-store`: the others ask for themselves.
//! * An origin that cannot be reached, or whose answer is broken, is a 502.
//!   Anything but a GET of a whole `http://` URL is a 400.
//!
//! The page of lesson 23 says the rest.

use std::io::{self, BufRead, BufReader, Read, Write};
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

// TODO: this passes on whatever comes, and remembers nothing.
fn serve(mut client: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(client.try_clone()?).lines();
    let line = lines.next().ok_or(io::ErrorKind::UnexpectedEof)??;
    while lines
        .next()
        .transpose()?
        .is_some_and(|line| !line.is_empty())
    {}
    let url = line.split(' ').nth(1).unwrap_or_default();
    let url = url.strip_prefix("http://").unwrap_or_default();
    let (host, path) = url.split_once('/').unwrap_or((url, ""));

    let mut origin = TcpStream::connect(host)?;
    let head = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n");
    origin.write_all((head + "Connection: close\r\n\r\n").as_bytes())?;
    let mut answer = Vec::new();
    origin.read_to_end(&mut answer)?;
    client.write_all(&answer)
}
