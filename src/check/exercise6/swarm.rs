//! A tracker and its peers: a file and its seeders go in, whether the
//! program's report is right comes out.

use std::fmt::Write;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::ops::RangeInclusive;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, Scope};
use std::time::{Duration, Instant};

use fastrand::Rng;
use sha2::{Digest, Sha256};
use socket2::{Domain, Socket, Type};

use super::seeder::{Manner, Seeder};
use super::{
    A_CONNECTION, A_REQUEST, ITS_END, NO_REPORT, NOT_A_REQUEST, ONE_REPORT,
    TOO_LONG,
};
use crate::check::client::Client;
use crate::check::{Bench, Failure, Outcome, Shown};
use crate::peer::{Got, Interrupt, Limit, Peer, Then, cut};

/// How long the whole may take, from the tracker's `end` to the report.
const BOUND: Duration = Duration::from_secs(20);

/// Bytes of the list in one part of it, at most.
const LONGEST: usize = 50;

/// After each part.
const PAUSE: Duration = Duration::from_millis(5);

/// A report and more than that, in bytes.
const TOO_MUCH: usize = 128;

/// How often a listener looks whether all is over.
const LOOK_UP: Duration = Duration::from_millis(100);

/// What is shared.
pub(super) struct File {
    pub pieces: Vec<Vec<u8>>,
}

impl File {
    /// Random pieces, as long as one of `lengths`.
    pub fn new(
        count: usize,
        lengths: RangeInclusive<usize>,
        rng: &mut Rng,
    ) -> File {
        let piece = |_| {
            let length = rng.usize(lengths.clone());
            (0..length).map(|_| rng.u8(..)).collect()
        };
        File {
            pieces: (0..count).map(piece).collect(),
        }
    }

    /// What the tracker says.
    fn list(&self, peers: &[SocketAddr]) -> String {
        let mut list = String::new();
        for piece in &self.pieces {
            let line = format!("piece {} {}\n", piece.len(), hash(piece));
            list.push_str(&line);
        }
        for peer in peers {
            list.push_str(&format!("peer {peer}\n"));
        }
        list + "end\n"
    }
}

/// In lower case.
fn hash(bytes: &[u8]) -> String {
    let mut hash = String::new();
    for byte in Sha256::digest(bytes) {
        // A string takes everything.
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

/// A file, and those who are said to have it.
pub(super) struct Swarm {
    file: File,
    /// Whether the tracker's list comes in many parts.
    parts: bool,
    seeders: Vec<Seeder>,
}

/// What a seeder's address is held by.
enum Place {
    Listener(TcpListener),
    /// Bound, and not listening: nobody else can take the port meanwhile.
    Nobody(Socket),
}

/// The first line at a peer that is no request.
type Odd = Mutex<Option<Vec<u8>>>;

impl Swarm {
    pub fn new(file: File) -> Swarm {
        Swarm {
            file,
            parts: false,
            seeders: Vec::new(),
        }
    }

    /// Adds a peer to the end of the list.
    pub fn seeder(mut self, seeder: Seeder) -> Swarm {
        self.seeders.push(seeder);
        self
    }

    /// The tracker sends its list a few bytes at a time.
    pub fn list_in_parts(self) -> Swarm {
        Swarm {
            parts: true,
            ..self
        }
    }

    /// The program must report the file's hash.
    pub fn gives_file(
        self,
        bench: &mut Bench,
        situation: &'static str,
        likely: &'static str,
    ) -> Outcome {
        let report = format!("file {}\n", hash(&self.file.pieces.concat()));
        self.play(bench, report, situation, likely)
    }

    /// The program must report that `piece` is the first that is missing.
    pub fn lacks(
        self,
        piece: usize,
        bench: &mut Bench,
        situation: &'static str,
        likely: &'static str,
    ) -> Outcome {
        self.play(bench, format!("missing {piece}\n"), situation, likely)
    }

    fn play(
        &self,
        bench: &mut Bench,
        report: String,
        situation: &'static str,
        likely: &'static str,
    ) -> Outcome {
        let places = self.places(bench)?;
        let addresses: io::Result<Vec<SocketAddr>> =
            places.iter().map(Place::address).collect();
        let list = self.file.list(&addresses?);
        let odd = Odd::default();
        let parts = match self.parts {
            true => cut(list.as_bytes(), LONGEST, &mut bench.rng),
            false => vec![list.as_bytes()],
        };
        let (got, client) = self.seed(bench, &places, &parts, &odd)?;
        let odd = odd.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(line) = odd {
            return Err(not_a_request(&line).into());
        }
        if got.bytes == report.as_bytes() {
            return Ok(());
        }
        Err(Failure {
            sent: Shown::lines(list.as_bytes()).note(situation),
            expected: Shown::text(report.as_bytes()).note(ONE_REPORT),
            got: shown(&got, client),
            likely,
            died: None,
        }
        .into())
    }

    /// Keeps the seeders at work until the program has reported.
    fn seed(
        &self,
        bench: &Bench,
        places: &[Place],
        list: &[&[u8]],
        odd: &Odd,
    ) -> Outcome<(Got, Client)> {
        // Its interrupt ends the seeders, and nothing else.
        let limit = Limit {
            deadline: bench.limit().deadline,
            interrupt: Interrupt::default(),
        };
        thread::scope(|scope| {
            for (seeder, place) in self.seeders.iter().zip(places) {
                if let Place::Listener(listener) = place {
                    let seeding = Seeding {
                        seeder,
                        pieces: &self.file.pieces,
                        odd,
                        limit: limit.clone(),
                    };
                    scope.spawn(move || seeding.accept(scope, listener));
                }
            }
            let reported = reported(bench, list);
            limit.interrupt.set();
            reported
        })
    }

    fn places(&self, bench: &Bench) -> Outcome<Vec<Place>> {
        let place = |seeder: &Seeder| {
            if seeder.manner != Manner::Absent {
                return Ok(Place::Listener(bench.listen()?));
            }
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
            let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
            socket.bind(&any.into())?;
            Ok(Place::Nobody(socket))
        };
        self.seeders.iter().map(place).collect()
    }
}

impl Place {
    fn address(&self) -> io::Result<SocketAddr> {
        match self {
            Place::Listener(listener) => listener.local_addr(),
            Place::Nobody(socket) => {
                let address = socket.local_addr()?.as_socket();
                address.ok_or_else(|| io::Error::other("no address"))
            }
        }
    }
}

/// A seeder at work.
struct Seeding<'a> {
    seeder: &'a Seeder,
    pieces: &'a [Vec<u8>],
    odd: &'a Odd,
    limit: Limit,
}

impl<'a> Seeding<'a> {
    /// Serves each connection in a thread of its own, until all is over.
    fn accept<'s>(self, scope: &'s Scope<'s, 'a>, listener: &TcpListener)
    where
        'a: 's,
    {
        let Seeding {
            seeder,
            pieces,
            odd,
            limit,
        } = self;
        while !limit.interrupt.is_set() && Instant::now() < limit.deadline {
            let Ok(accepted) = Peer::accept(listener, LOOK_UP, limit.clone())
            else {
                return;
            };
            let Some(peer) = accepted else { continue };
            scope.spawn(move || {
                if let Err(line) = seeder.serve(peer, pieces) {
                    let odd = odd.lock();
                    let mut odd = odd.unwrap_or_else(PoisonError::into_inner);
                    odd.get_or_insert(line);
                }
            });
        }
    }
}

/// Starts the program, gives it the list, and reads its report.
fn reported(bench: &Bench, list: &[&[u8]]) -> Outcome<(Got, Client)> {
    let mut client = Client::start(bench)?;
    client.peer.send_pieces(list, PAUSE);
    let until = Instant::now() + BOUND;
    let got = client.peer.read_while(TOO_MUCH, |bytes| {
        if bytes.ends_with(b"\n") {
            return Duration::ZERO;
        }
        until.saturating_duration_since(Instant::now())
    });
    Ok((got, client))
}

fn not_a_request(line: &[u8]) -> Failure {
    Failure {
        sent: Shown::words(A_CONNECTION),
        expected: Shown::text(b"get 0\n").note(A_REQUEST),
        got: Shown::text(line),
        likely: NOT_A_REQUEST,
        died: None,
    }
}

/// What came instead of the report, and the program's last words if nothing
/// did.
fn shown(got: &Got, client: Client) -> Shown {
    let note = match got.then {
        Then::Enough => TOO_LONG,
        Then::End | Then::Reset => ITS_END,
        Then::Silence if got.bytes.ends_with(b"\n") => "",
        Then::Silence => NO_REPORT,
    };
    if !got.bytes.is_empty() {
        return Shown::text(&got.bytes).note(note);
    }
    // A program that has failed ends at once.
    let ended = client.program.finish(Duration::from_millis(500));
    ended.shown().note(note)
}
