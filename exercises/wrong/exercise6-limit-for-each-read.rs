//! Caught by: peers that say nothing, drip, or are late
//!
//! Two seconds for each `read`, and not for the piece.

use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

/// For one piece of one peer, from `connect` to the last byte.
const PATIENCE: Duration = Duration::from_secs(2);

/// Longest line of a tracker, and longest piece, in bytes.
const MAX_LINE: u64 = 256;
const MAX_PIECE: usize = 65_536;

fn main() -> Result<(), Box<dyn Error>> {
    let address = env::args().nth(1).ok_or("the first argument: an address")?;
    let mut tracker = BufReader::new(TcpStream::connect(address)?);
    let list = read_list(&mut tracker)?;
    let report = match collect(list) {
        Ok(file) => format!("file {}\n", hash(&file)),
        Err(number) => format!("missing {number}\n"),
    };
    tracker.get_mut().write_all(report.as_bytes())?;
    Ok(())
}

/// A line of the tracker.
pub enum Line {
    Piece { length: usize, hash: String },
    Peer(SocketAddr),
    End,
}

/// Reads a line without its ending; `None` if it is not one.
pub fn parse_line(line: &[u8]) -> Option<Line> {
    let fields: Vec<&str> = str::from_utf8(line).ok()?.split(' ').collect();
    match fields[..] {
        ["piece", length, hash] => {
            let length = length.parse().ok().filter(|&it| it <= MAX_PIECE)?;
            let hash = hash.to_string();
            Some(Line::Piece { length, hash })
        }
        ["peer", address] => Some(Line::Peer(address.parse().ok()?)),
        ["end"] => Some(Line::End),
        _ => None,
    }
}

#[derive(Default)]
struct List {
    pieces: Vec<(usize, String)>,
    peers: Vec<SocketAddr>,
}

fn read_list(tracker: &mut impl BufRead) -> Result<List, Box<dyn Error>> {
    let mut list = List::default();
    loop {
        let mut line = Vec::new();
        tracker.take(MAX_LINE).read_until(b'\n', &mut line)?;
        let line = line.strip_suffix(b"\n").ok_or("half a line")?;
        match parse_line(line).ok_or("a line that is none")? {
            Line::Piece { length, hash } => list.pieces.push((length, hash)),
            Line::Peer(address) => list.peers.push(address),
            Line::End => return Ok(list),
        }
    }
}

/// The file, or the lowest number of a piece that nobody gave.
fn collect(mut list: List) -> Result<Vec<u8>, usize> {
    let mut file = Vec::new();
    for (number, (length, wanted)) in list.pieces.iter().enumerate() {
        let mut found = None;
        // Whoever fails is not asked again; whoever lacks a piece is.
        list.peers.retain(|&peer| {
            if found.is_some() {
                return true;
            }
            match ask(peer, number, *length) {
                Ok(None) => true,
                Ok(Some(piece)) if hash(&piece) == *wanted => {
                    found = Some(piece);
                    true
                }
                Ok(Some(_)) => {
                    eprintln!("{peer} lies about piece {number}");
                    false
                }
                Err(error) => {
                    eprintln!("{peer}, piece {number}: {error}");
                    false
                }
            }
        });
        file.extend(found.ok_or(number)?);
    }
    Ok(file)
}

/// What a peer sends for a piece; `None` if it ends without a byte.
fn ask(
    peer: SocketAddr,
    number: usize,
    length: usize,
) -> io::Result<Option<Vec<u8>>> {
    let deadline = Instant::now() + PATIENCE;
    let mut stream = TcpStream::connect_timeout(&peer, PATIENCE)?;
    stream.set_write_timeout(Some(time_left(deadline)?))?;
    stream.write_all(format!("get {number}\n").as_bytes())?;
    let mut piece = vec![0; length];
    let mut got = 0;
    while got < length {
        stream.set_read_timeout(Some(PATIENCE))?;
        match stream.read(&mut piece[got..]) {
            Ok(0) if got == 0 => return Ok(None),
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => got += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Some(piece))
}

/// What is left until `deadline`; an error once it has passed, for a
/// timeout of zero cannot be set.
fn time_left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(ErrorKind::TimedOut.into());
    }
    Ok(left)
}

/// In lower case.
fn hash(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
