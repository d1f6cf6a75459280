//! A tracker and its peers: a file and its seeders go in; out come the list,
//! and peers at work for as long as somebody asks them.

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

use super::case::Case;
use super::seeder::{Manner, Seeder};
use crate::check::{Bench, Outcome};
use crate::peer::{Interrupt, Limit, Peer};

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
    pub parts: bool,
    seeders: Vec<Seeder>,
}

/// What a seeder's address is held by.
pub(super) enum Place {
    Listener(TcpListener),
    /// Bound, and not listening: nobody else can take the port meanwhile.
    Nobody(Socket),
}

/// The first line at a peer that is no request.
pub(super) type Odd = Mutex<Option<Vec<u8>>>;

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
        situation: &'static str,
        likely: &'static str,
    ) -> Case {
        let report = format!("file {}\n", hash(&self.file.pieces.concat()));
        Case {
            swarm: self,
            report,
            situation,
            likely,
        }
    }

    /// The program must report that `piece` is the first that is missing.
    pub fn lacks(
        self,
        piece: usize,
        situation: &'static str,
        likely: &'static str,
    ) -> Case {
        Case {
            swarm: self,
            report: format!("missing {piece}\n"),
            situation,
            likely,
        }
    }

    /// Keeps the seeders at work until `program` is done with them; its
    /// outcome.
    pub fn seed<T>(
        &self,
        bench: &Bench,
        places: &[Place],
        odd: &Odd,
        program: impl FnOnce() -> T,
    ) -> T {
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
            let outcome = program();
            limit.interrupt.set();
            outcome
        })
    }

    /// Where the seeders are.
    pub fn places(&self, bench: &Bench) -> Outcome<Vec<Place>> {
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

    /// What the tracker says.
    pub fn list(&self, places: &[Place]) -> io::Result<String> {
        let peers: io::Result<Vec<SocketAddr>> =
            places.iter().map(Place::address).collect();
        Ok(self.file.list(&peers?))
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
