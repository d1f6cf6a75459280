//! Lesson 4: Nobody knows the way; everybody knows the next step.
//!
//!     cargo run --example lesson4
//!
//! Five routers, each with sockets of its own, tell each other how far it is,
//! and hand a datagram on. Then a link is cut, and they believe a rumour.
// house: allow length: three ways to fill a table, and routers that use it.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

use lessons::formulas::{hosts, shortest_path};

/// The cost that means "no way" (RFC 2453 §3.4.2).
const INFINITY: u8 = 16;

/// Two routers, and what their link costs in either direction.
type Link = (u8, u8, u8);

const MAP: &[Link] = &[
    (b'A', b'B', 1),
    (b'A', b'C', 4),
    (b'B', b'D', 5),
    (b'C', b'D', 1),
    (b'D', b'E', 1),
];
const ROW: &[Link] = &[(b'A', b'B', 1), (b'B', b'C', 1)];

fn main() -> Result<(), Box<dyn Error>> {
    println!("one table, and the longest prefix wins");
    longest_prefixes()?;

    println!("A with the whole map");
    show(&dijkstra(MAP, b'A'));
    println!("A with what its neighbours say");
    let mut routers = routers(MAP, false)?;
    let rounds = settle(&mut routers)?;
    show(&routers[0].table);
    let best = shortest_path(&[(1.0, 5.0), (4.0, 1.0)])?;
    println!("  after {rounds} rounds; to D, by the formula: {best}");

    println!("to E, with a TTL of 1, 2, 3 and 4");
    let host = host()?;
    for ttl in 1..=4 {
        println!("  {}", travel(&host, &routers, ttl, b'E')?);
    }
    println!("A, B and C in a row; then the link to C is cut");
    rumour(&host, false)?;
    println!("the same with poisoned reverse");
    rumour(&host, true)
}

// ANCHOR: longest
/// The next step of the longest prefix that the address begins with.
fn look_up(table: &[(Ipv4Addr, u32, char)], to: Ipv4Addr) -> Option<char> {
    let matching = table.iter().filter(|(prefix, length, _)| {
        // Shifted by 32, all bits are gone: a /0 matches everything.
        let differing = prefix.to_bits() ^ to.to_bits();
        differing.checked_shr(32 - length).unwrap_or(0) == 0
    });
    let longest = matching.max_by_key(|(_, length, _)| length);
    longest.map(|(_, _, next)| *next)
}
// ANCHOR_END: longest

fn longest_prefixes() -> Result<(), Box<dyn Error>> {
    let mut table = Vec::new();
    for (prefix, length, next) in [
        ("0.0.0.0", 0, 'A'),
        ("10.0.0.0", 8, 'B'),
        ("10.1.2.0", 24, 'C'),
        ("10.1.2.7", 32, 'D'),
    ] {
        let room = hosts(length)?;
        println!("  {prefix}/{length} goes to {next}, hosts: {room}");
        table.push((prefix.parse()?, length, next));
    }
    for to in ["10.1.2.7", "10.1.2.8", "10.1.3.7", "11.1.2.7"] {
        let next = look_up(&table, to.parse()?).unwrap_or('-');
        print!("  {to} to {next}");
    }
    println!();
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
struct Route {
    cost: u8,
    /// The neighbour that a datagram is handed to.
    next: u8,
}

/// The route to each router that can be reached.
type Table = BTreeMap<u8, Route>;

// ANCHOR: dijkstra
/// All cheapest ways from `source`, for a router that knows every link.
fn dijkstra(map: &[Link], source: u8) -> Table {
    let mut table = Table::new();
    let mut candidates = BTreeSet::from([(0, source, source)]);
    while let Some((cost, router, next)) = candidates.pop_first() {
        if table.contains_key(&router) {
            continue;
        }
        // The cheapest candidate is final: every other way costs more
        // already, and no link makes it cheaper again.
        table.insert(router, Route { cost, next });
        for &(left, right, link) in map {
            for (here, there) in [(left, right), (right, left)] {
                if here == router {
                    let next = if router == source { there } else { next };
                    candidates.insert((cost + link, there, next));
                }
            }
        }
    }
    table
}
// ANCHOR_END: dijkstra

struct Neighbour {
    name: u8,
    cost: u8,
    /// Where it listens for vectors, and where for datagrams.
    ears: SocketAddr,
    door: SocketAddr,
}

struct Router {
    name: u8,
    ears: UdpSocket,
    door: UdpSocket,
    neighbours: Vec<Neighbour>,
    table: Table,
    /// Whether it tells a neighbour "no way" of what leads through it.
    poisons: bool,
}

impl Router {
    // ANCHOR: tell
    /// Tells each neighbour how far everything is from here.
    fn tell(&self) -> io::Result<()> {
        for neighbour in &self.neighbours {
            let mut vector = Vec::new();
            for (&to, route) in &self.table {
                let back = route.next == neighbour.name && self.poisons;
                vector.extend([to, if back { INFINITY } else { route.cost }]);
            }
            self.ears.send_to(&vector, neighbour.ears)?;
        }
        Ok(())
    }

    /// Makes a new table of what the neighbours tell; whether it differs.
    fn listen(&mut self) -> io::Result<bool> {
        let (cost, next) = (0, self.name);
        let mut table = Table::from([(self.name, Route { cost, next })]);
        for _ in &self.neighbours {
            let mut vector = [0; 64];
            let (n, from) = self.ears.recv_from(&mut vector)?;
            let by = self.neighbours.iter().find(|it| it.ears == from);
            // Anybody may send to this port: strangers are not believed.
            let Some(by) = by else { continue };
            for &[to, cost] in vector[..n].as_chunks().0 {
                let cost = cost.saturating_add(by.cost);
                let known = table.get(&to).map_or(INFINITY, |it| it.cost);
                if cost < known {
                    let next = by.name;
                    table.insert(to, Route { cost, next });
                }
            }
        }
        let differs = table != self.table;
        self.table = table;
        Ok(differs)
    }
    // ANCHOR_END: tell

    // ANCHOR: forward
    /// Hands datagrams on, until an empty one comes. What becomes of one
    /// here is reported to the host that sent it.
    fn forward(&self, host: SocketAddr) -> io::Result<()> {
        loop {
            let mut datagram = [0; 64];
            let n = self.door.recv(&mut datagram)?;
            let [ttl, to, ..] = datagram[..n] else {
                return Ok(());
            };
            let next = self.table.get(&to).map(|route| route.next);
            let next = self.neighbours.iter().find(|it| Some(it.name) == next);
            let fate = match next {
                // Whoever it is for takes it, whatever the TTL says.
                _ if to == self.name => "it has arrived at",
                _ if ttl <= 1 => "its TTL has run out at",
                None => "nobody knows a way from",
                Some(next) => {
                    datagram[0] = ttl - 1;
                    self.door.send_to(&datagram[..n], next.door)?;
                    continue;
                }
            };
            let report = format!("{fate} {}", char::from(self.name));
            self.door.send_to(report.as_bytes(), host)?;
        }
    }
    // ANCHOR_END: forward
}

/// A socket that waits for a datagram no longer than this.
fn host() -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    // The real TTL, in the IP header: no real router lies in between.
    socket.set_ttl(1)?;
    socket.set_read_timeout(Some(Duration::from_secs(5)))?;
    Ok(socket)
}

/// The routers of a map, each of which knows its own links only.
fn routers(map: &[Link], poisons: bool) -> io::Result<Vec<Router>> {
    let names = map.iter().flat_map(|link| [link.0, link.1]);
    let mut routers = Vec::new();
    for name in names.collect::<BTreeSet<u8>>() {
        let (cost, next) = (0, name);
        routers.push(Router {
            name,
            ears: host()?,
            door: host()?,
            neighbours: Vec::new(),
            table: Table::from([(name, Route { cost, next })]),
            poisons,
        });
    }
    for &(left, right, cost) in map {
        for (here, name) in [(left, right), (right, left)] {
            let there = router(&mut routers, name);
            let neighbour = Neighbour {
                name,
                cost,
                ears: there.ears.local_addr()?,
                door: there.door.local_addr()?,
            };
            router(&mut routers, here).neighbours.push(neighbour);
        }
    }
    Ok(routers)
}

fn router(routers: &mut [Router], name: u8) -> &mut Router {
    let found = routers.iter_mut().find(|it| it.name == name);
    found.expect("each name of a map has its router")
}

/// Everybody tells, then everybody listens; whether a table has changed.
fn round(routers: &mut [Router]) -> io::Result<bool> {
    for router in &*routers {
        router.tell()?;
    }
    let mut changed = false;
    for router in routers {
        changed |= router.listen()?;
    }
    Ok(changed)
}

/// Rounds until nothing changes.
fn settle(routers: &mut [Router]) -> io::Result<u32> {
    let mut rounds = 0;
    while round(routers)? {
        rounds += 1;
    }
    Ok(rounds)
}

/// Sends a datagram to A, the host's router, and waits for its fate.
fn travel(
    host: &UdpSocket,
    routers: &[Router],
    ttl: u8,
    to: u8,
) -> io::Result<String> {
    thread::scope(|scope| {
        let address = host.local_addr()?;
        let start = |it| scope.spawn(move || Router::forward(it, address));
        let threads: Vec<_> = routers.iter().map(start).collect();
        let first = routers[0].door.local_addr()?;
        host.send_to(&[&[ttl, to], &b" hello"[..]].concat(), first)?;
        let mut report = [0; 64];
        let n = host.recv(&mut report)?;
        for router in routers {
            host.send_to(b"", router.door.local_addr()?)?;
        }
        for thread in threads {
            thread.join().map_err(|_| io::Error::other("a panic"))??;
        }
        Ok(String::from_utf8_lossy(&report[..n]).into_owned())
    })
}

/// What A and B believe about C, when C can no longer be reached.
fn rumour(host: &UdpSocket, poisons: bool) -> Result<(), Box<dyn Error>> {
    let mut row = routers(ROW, poisons)?;
    settle(&mut row)?;
    println!("  before: {}", travel(host, &row, 8, b'C')?);
    row[1].neighbours.retain(|it| it.name != b'C');
    row[2].neighbours.retain(|it| it.name != b'B');
    let mut changed = round(&mut row)?;
    println!("  after one round: {}", travel(host, &row, 8, b'C')?);
    let mut believed = [String::new(), String::new()];
    while changed {
        for (said, router) in believed.iter_mut().zip(&row) {
            let cost = router.table.get(&b'C').map(|it| it.cost.to_string());
            *said += &format!(" {:>2}", cost.as_deref().unwrap_or("-"));
        }
        changed = round(&mut row)?;
    }
    println!("  A to C:{}", believed[0]);
    println!("  B to C:{}", believed[1]);
    Ok(())
}

/// Every route but the one to itself.
fn show(table: &Table) {
    for (&to, Route { cost, next }) in table {
        if *cost > 0 {
            let (to, next) = (char::from(to), char::from(*next));
            print!("  {to} costs {cost} by {next}");
        }
    }
    println!();
}
