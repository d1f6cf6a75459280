//! Lesson 1: Two programs need an address, a port and five steps to talk.
//!
//!     cargo run --example lesson1
//!
//! A client greets a server, both in this one process, and its first read
//! brings half an answer. With `-- serve` the server waits for your client.
// wire: without acks: when the kernel says it alone depends on its timers.

use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{self, Sender};
use std::thread;

fn main() -> io::Result<()> {
    // Port 0 means: any free one. A number of our own may be taken.
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    if env::args().nth(1).as_deref() == Some("serve") {
        println!("{address}");
        return answer_one_client(&listener, || {});
    }
    println!("[server] listening on a port that the system chose");
    let (client_has_read, wait) = mpsc::channel();
    let server = thread::spawn(move || {
        // `ok`: if the client has gone, there is nothing to wait for.
        answer_one_client(&listener, || {
            wait.recv().ok();
        })
    });
    greet(address, client_has_read)?;
    let panicked = |_| io::Error::other("the server's thread panicked");
    server.join().map_err(panicked)?
}

// ANCHOR: server
/// Answers one client, and does `pause` in the middle of its answer.
fn answer_one_client(
    listener: &TcpListener,
    pause: impl FnOnce(),
) -> io::Result<()> {
    let (mut stream, _) = listener.accept()?;
    let mut greeting = Vec::new();
    // Reads until the client says that it has sent everything.
    stream.read_to_end(&mut greeting)?;
    println!(
        "[server] received {:?}, {} bytes, then the end",
        text(&greeting),
        greeting.len(),
    );
    stream.write_all(b"Hello, ")?;
    // A network may stop here for a moment; this one always does.
    pause();
    stream.write_all(b"client!")
}
// ANCHOR_END: server

// ANCHOR: client
fn greet(address: SocketAddr, has_read: Sender<()>) -> io::Result<()> {
    println!("[client] connecting");
    let mut stream = TcpStream::connect(address)?;

    println!("[client] sending  \"Hello, World!\"");
    stream.write_all("Hello, World!".as_bytes())?;
    // "I have sent everything." The other direction stays open.
    stream.shutdown(Shutdown::Write)?;

    let mut buffer = [0; 1024];
    let n = stream.read(&mut buffer)?;
    println!("[client] one read: {:?}", text(&buffer[..n]));
    has_read.send(()).ok();

    let mut rest = Vec::new();
    stream.read_to_end(&mut rest)?;
    println!("[client] the rest: {:?}", text(&rest));

    println!("[client] closing");
    // Rust closes the connection here, where its owner goes out of scope.
    Ok(())
}
// ANCHOR_END: client

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
