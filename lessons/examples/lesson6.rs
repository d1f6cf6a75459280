//! Lesson 6: client–server has a centre; peer-to-peer has neighbours.
//!
//!     cargo run --example lesson6
//!
//! One file for many, over links that carry so many pieces in a unit of
//! time: from one server, then from each other. Then the server leaves, and
//! then a receiver lies.
// house: allow length: both models, and what each does without its centre.
// wire: streams: a hundred connections, each with many short messages.

use std::error::Error;
use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::iter;
use std::net::{TcpListener, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use fastrand::Rng;
use lessons::formulas::{client_server, peer_to_peer};
use sha2::{Digest, Sha256};

/// Twelve pieces, with hashes that everybody knows beforehand.
#[rustfmt::skip]
const FILE: [&str; 12] = [
    "Whoever", "has", "a piece", "can", "pass", "it on:", "its hash", "says",
    "that", "it is", "the right", "one.",
];
type Pieces = [Option<String>; 12];
/// What a link carries in a unit of time, in pieces.
const SERVER_SENDS: u32 = 2;
const EACH_SENDS: u32 = 1;
const EACH_TAKES: usize = 4;
/// With the same seed, the same choices in every run.
const SEED: u64 = 7;

/// One way to give the file to all.
#[derive(Clone, Copy)]
struct Trial {
    receivers: usize,
    /// How many others each receiver asks, beside the server.
    neighbours: usize,
    /// Whether the piece that the fewest have comes first, or any piece.
    rarest: bool,
    /// The server's last unit of time.
    leaves: u32,
    /// Whether the first receiver passes on something else.
    lie: bool,
}

const ALONE: Trial = Trial {
    receivers: 4,
    neighbours: 0,
    rarest: true,
    leaves: u32::MAX,
    lie: false,
};
const SWARM: Trial = Trial {
    neighbours: 3,
    ..ALONE
};

fn main() -> Result<(), Box<dyn Error>> {
    println!("units of time until all have the file (and at least)");
    let file = FILE.len() as f64;
    let rates = [SERVER_SENDS, EACH_SENDS, EACH_TAKES as u32];
    let [server, each, takes] = rates.map(f64::from);
    for receivers in [4, 8] {
        let (units, ..) = run(Trial { receivers, ..ALONE })?;
        let least = client_server(receivers as u32, file, server, takes)?;
        print!("  {receivers} receivers: one server {units} ({least:.1})");
        let (units, ..) = run(Trial { receivers, ..SWARM })?;
        let each = vec![each; receivers];
        let least = peer_to_peer(file, server, takes, &each)?;
        println!(", peer to peer {units} ({least:.1})");
    }
    println!("the server leaves after 8 units");
    let mut any = SWARM;
    any.rarest = false;
    for (name, trial) in [
        ("one server", ALONE),
        ("any piece first", any),
        ("rarest piece first", SWARM),
    ] {
        let (_, whole, _) = run(Trial { leaves: 8, ..trial })?;
        println!("  {name}: {whole} of 4 have the file");
    }
    println!("one of the receivers lies");
    let (units, whole, refused) = run(Trial { lie: true, ..SWARM })?;
    println!("  pieces refused: {refused}");
    println!("  {whole} of 4 have the file, after {units} units");
    Ok(())
}

// ANCHOR: answer
/// What a node can pass on.
pub struct Shelf {
    pieces: Pieces,
    /// What its link carries in a unit of time, and what is left of that.
    sends: u32,
    left: u32,
    lies: bool,
}

/// The answer to a line; none if there is nothing to be said to it.
pub fn answer(request: &[u8], shelf: &mut Shelf) -> Option<String> {
    if request == b"have\n" {
        let mark = |piece: &Option<_>| piece.as_ref().map_or('-', |_| 'x');
        return Some(shelf.pieces.iter().map(mark).collect());
    }
    let number = request.strip_prefix(b"piece ")?.strip_suffix(b"\n")?;
    let number: usize = str::from_utf8(number).ok()?.parse().ok()?;
    let piece = shelf.pieces.get(number)?.clone()?;
    if shelf.left == 0 {
        return Some("busy".into());
    }
    shelf.left -= 1;
    let lie = shelf.lies.then(|| piece.to_uppercase());
    Some(lie.unwrap_or(piece))
}
// ANCHOR_END: answer

/// A server or a receiver, as the others see it.
struct Node {
    listener: TcpListener,
    shelf: Mutex<Shelf>,
}

impl Node {
    fn new(pieces: Pieces, sends: u32) -> io::Result<Node> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let (left, lies) = (0, false);
        let shelf = Mutex::new(Shelf {
            pieces,
            sends,
            left,
            lies,
        });
        Ok(Node { listener, shelf })
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers the lines of one connection until it ends.
    fn serve(&self, stream: TcpStream) -> io::Result<()> {
        let mut reader = BufReader::new(&stream);
        loop {
            let mut line = Vec::new();
            // A line without an end must not fill the memory.
            reader.by_ref().take(64).read_until(b'\n', &mut line)?;
            let Some(answer) = answer(&line, &mut self.shelf()) else {
                return Ok(());
            };
            (&stream).write_all(format!("{answer}\n").as_bytes())?;
        }
    }
}

/// A connection to somebody who may have pieces.
struct Source {
    stream: BufReader<TcpStream>,
    has: String,
    lied: bool,
}

impl Source {
    fn connect(node: &Node) -> io::Result<Source> {
        let stream = TcpStream::connect(node.listener.local_addr()?)?;
        Ok(Source {
            stream: BufReader::new(stream),
            has: "-".into(),
            lied: false,
        })
    }

    fn ask(&mut self, request: &str) -> io::Result<()> {
        let request = format!("{request}\n");
        self.stream.get_mut().write_all(request.as_bytes())
    }

    fn hear(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.stream.by_ref().take(64).read_line(&mut line)?;
        let line = line.strip_suffix('\n').map(String::from);
        line.ok_or(ErrorKind::UnexpectedEof.into())
    }

    fn has(&self, piece: usize) -> bool {
        self.has.as_bytes().get(piece) == Some(&b'x')
    }
}

struct Receiver<'a> {
    node: &'a Node,
    hashes: [[u8; 32]; 12],
    rarest: bool,
    rng: Rng,
    /// Those of its node, and those that came in this unit of time.
    pieces: Pieces,
    sources: Vec<Source>,
    refused: u32,
}

impl Receiver<'_> {
    fn new(node: &Node, trial: Trial, seed: u64) -> Receiver<'_> {
        Receiver {
            node,
            hashes: FILE.map(hash),
            rarest: trial.rarest,
            rng: Rng::with_seed(seed),
            pieces: Pieces::default(),
            sources: Vec::new(),
            refused: 0,
        }
    }

    fn missing(&self) -> Vec<usize> {
        let missing = |&piece: &usize| self.pieces[piece].is_none();
        (0..self.pieces.len()).filter(missing).collect()
    }

    // ANCHOR: choose
    /// Missing pieces, and for each a source: each source is asked for one.
    fn choose(&mut self) -> Vec<(usize, usize)> {
        let mut wanted = self.missing();
        self.rng.shuffle(&mut wanted);
        if self.rarest {
            let sources = || self.sources.iter();
            let holders = |piece| sources().filter(|it| it.has(piece)).count();
            wanted.sort_by_key(|&piece| holders(piece));
        }
        let mut free: Vec<usize> = (0..self.sources.len()).collect();
        let mut requests = Vec::new();
        for piece in wanted {
            let holder = |&source: &usize| self.sources[source].has(piece);
            if let Some(place) = free.iter().position(holder) {
                requests.push((piece, free.remove(place)));
            }
        }
        requests
    }
    // ANCHOR_END: choose

    // ANCHOR: turn
    /// Takes what it can get, and says whether that was anything.
    fn turn(&mut self) -> io::Result<bool> {
        let mut requests = self.choose();
        requests.truncate(EACH_TAKES);
        for &(piece, source) in &requests {
            self.sources[source].ask(&format!("piece {piece}"))?;
        }
        let mut taken = false;
        for (piece, source) in requests {
            let answer = self.sources[source].hear()?;
            if answer == "busy" {
                continue;
            }
            taken = true;
            if hash(&answer) == self.hashes[piece] {
                self.pieces[piece] = Some(answer);
            } else {
                self.refused += 1;
                self.sources[source].lied = true;
            }
        }
        // Whoever lied is not asked again.
        self.sources.retain(|source| !source.lied);
        Ok(taken)
    }
    // ANCHOR_END: turn
}

fn hash(piece: &str) -> [u8; 32] {
    Sha256::digest(piece).into()
}

/// The last unit of time in which a piece was sent, how many receivers have
/// the whole file, and how many pieces were refused.
type Ended = (u32, usize, u32);

fn run(trial: Trial) -> io::Result<Ended> {
    let file = FILE.map(|piece| Some(piece.to_string()));
    let mut nodes = vec![Node::new(file, SERVER_SENDS)?];
    for _ in 0..trial.receivers {
        nodes.push(Node::new(Pieces::default(), EACH_SENDS)?);
    }
    nodes[1].shelf().lies = trial.lie;
    thread::scope(|scope| {
        let mut threads = Vec::new();
        let mut receivers = Vec::new();
        for index in 0..trial.receivers {
            let next = |step| 1 + (index + step) % trial.receivers;
            let neighbours = (1..=trial.neighbours).map(next);
            let mut receiver =
                Receiver::new(&nodes[1 + index], trial, SEED + index as u64);
            for source in iter::once(0).chain(neighbours) {
                let source = &nodes[source];
                receiver.sources.push(Source::connect(source)?);
                let (stream, _) = source.listener.accept()?;
                threads.push(scope.spawn(move || source.serve(stream)));
            }
            receivers.push(receiver);
        }
        let ended = distribute(&nodes, receivers, trial.leaves)?;
        for thread in threads {
            // One that panicked has said why.
            thread.join().map_err(|_| ErrorKind::Other)??;
        }
        Ok(ended)
    })
}

/// Hands out turns, unit by unit, until there is nothing more to take.
fn distribute(
    nodes: &[Node],
    mut receivers: Vec<Receiver>,
    leaves: u32,
) -> io::Result<Ended> {
    for units in 0.. {
        for node in nodes {
            let mut shelf = node.shelf();
            shelf.left = shelf.sends;
        }
        if units == leaves {
            for receiver in &mut receivers {
                receiver.sources.remove(0);
            }
        }
        // All ask, and then all hear: nobody waits for the one before.
        partial(&mut receivers).try_for_each(|it| it.ask("have"))?;
        for source in partial(&mut receivers) {
            source.has = source.hear()?;
        }
        let mut sent = false;
        for receiver in &mut receivers {
            sent |= receiver.turn()?;
        }
        if !sent {
            let whole = |it: &&Receiver| it.missing().is_empty();
            let whole = receivers.iter().filter(whole).count();
            let refused = receivers.iter().map(|it| it.refused).sum();
            return Ok((units, whole, refused));
        }
        // What has come in this unit can be passed on in the next.
        for receiver in &receivers {
            receiver.node.shelf().pieces.clone_from(&receiver.pieces);
        }
        // Nobody is always first.
        receivers.rotate_left(1);
    }
    Err(ErrorKind::Other.into())
}

/// The sources that may have something new to tell.
fn partial<'a>(
    receivers: &'a mut [Receiver],
) -> impl Iterator<Item = &'a mut Source> {
    let sources = receivers.iter_mut().flat_map(|it| &mut it.sources);
    sources.filter(|source| source.has.contains('-'))
}
