//! Exercise 6: a peer that believes in hashes only.
//!
//!     cargo run -- check 6
//!
//! Write a program that collects a file from peers it does not trust. It is
//! started with one argument, the address of a tracker. It connects there
//! and reads lines, each ending with `\n`:
//!
//! * `piece LENGTH HASH`: the next piece of the file, the first being piece
//!   0: its length in bytes and its SHA-256, as 64 hexadecimal digits.
//! * `peer ADDRESS`: somebody who may have pieces: `127.0.0.1:4711`.
//! * `end`: that was all. The connection stays open.
//!
//! To a peer it sends `get N\n`, one request for each connection, and reads
//! piece N: LENGTH bytes, whatever follows them. A peer that ends without a
//! byte lacks this piece. One that needs more than two seconds, from the
//! connect to the last byte, is late, and its piece does not count.
//!
//! Within 20 s after `end` it reports on the tracker's connection, whatever
//! the peers do:
//!
//! * `file HASH\n`: the SHA-256 of all pieces, one after the other.
//! * `missing N\n`: the lowest number of a piece that nobody gave.

use std::env;
use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).ok_or("the first argument: an address")?;
    let mut tracker = BufReader::new(TcpStream::connect(address)?);
    let (mut pieces, mut peers) = (Vec::new(), Vec::new());
    loop {
        let mut line = String::new();
        tracker.read_line(&mut line)?;
        match line.trim_end().split(' ').collect::<Vec<_>>()[..] {
            ["piece", _length, hash] => pieces.push(hash.to_owned()),
            ["peer", address] => peers.push(address.to_owned()),
            _ => break,
        }
    }

    // TODO: this believes the first peer, waits for as long as it likes, and
    // takes what one `read` returns for the piece.
    let mut file = Sha256::new();
    for number in 0..pieces.len() {
        let mut peer = TcpStream::connect(&peers[0])?;
        peer.write_all(format!("get {number}\n").as_bytes())?;
        let mut piece = [0; 1000];
        let count = peer.read(&mut piece)?;
        file.update(&piece[..count]);
    }
    let hash: String =
        file.finalize().iter().map(|b| format!("{b:02x}")).collect();
    tracker
        .get_mut()
        .write_all(format!("file {hash}\n").as_bytes())?;
    Ok(())
}
