//! Which way a packet goes on a bent loopback, where both ends have one
//! address: in goes a packet, out comes its direction.

use std::collections::HashSet;
use std::net::SocketAddr;

use lessons::link::Direction;

use crate::wire::{LinkType, Packet, Transport};

/// Remembers who listens: whoever is called first is the server.
#[derive(Debug, Default)]
pub struct Guide {
    servers: HashSet<SocketAddr>,
}

impl Guide {
    /// Up for what a client sends, down for the answers.
    pub fn direction(&mut self, bytes: &[u8]) -> Direction {
        let packet = Packet::decode(LinkType::Raw, bytes, bytes.len());
        let Some((source, destination)) = packet.ends() else {
            return self.of_other(&packet, bytes);
        };
        let opens = match &packet.transport {
            Transport::Tcp(tcp) => tcp.flags.syn && !tcp.flags.ack,
            _ => !self.servers.contains(&source),
        };
        if opens {
            self.servers.insert(destination);
        }
        // A port that called once may listen later; who is being called
        // counts for more than who calls.
        match self.servers.contains(&destination) {
            true => Direction::Up,
            false if self.servers.contains(&source) => Direction::Down,
            false => Direction::Up,
        }
    }

    /// An ICMP error goes against the packet that it quotes.
    fn of_other(&self, packet: &Packet, bytes: &[u8]) -> Direction {
        let quoted = bytes.get(packet.payload.clone()).unwrap_or_default();
        let quoted = Packet::decode(LinkType::Raw, quoted, quoted.len());
        match quoted.ends() {
            Some((_, destination)) if self.servers.contains(&destination) => {
                Direction::Down
            }
            _ => Direction::Up,
        }
    }
}

#[cfg(test)]
mod tests {
    use etherparse::PacketBuilder;

    use super::*;

    const HOST: [u8; 4] = [127, 0, 0, 1];

    fn segment(from: u16, to: u16, syn: bool, ack: bool) -> Vec<u8> {
        let mut tcp = PacketBuilder::ipv4(HOST, HOST, 64).tcp(from, to, 1, 9);
        if syn {
            tcp = tcp.syn();
        }
        if ack {
            tcp = tcp.ack(1);
        }
        let mut bytes = Vec::new();
        tcp.write(&mut bytes, b"").expect("a vector takes all");
        bytes
    }

    fn datagram(from: u16, to: u16) -> Vec<u8> {
        let udp = PacketBuilder::ipv4(HOST, HOST, 64).udp(from, to);
        let mut bytes = Vec::new();
        udp.write(&mut bytes, b"x").expect("a vector takes all");
        bytes
    }

    #[test]
    fn who_is_called_first_is_the_server() {
        let mut guide = Guide::default();
        let ways = [
            (segment(50_000, 7000, true, false), Direction::Up),
            (segment(7000, 50_000, true, true), Direction::Down),
            (segment(50_000, 7000, false, true), Direction::Up),
            (datagram(50_001, 53), Direction::Up),
            (datagram(53, 50_001), Direction::Down),
        ];
        for (number, (packet, way)) in ways.iter().enumerate() {
            assert_eq!(guide.direction(packet), *way, "packet {number}");
        }
        assert_eq!(guide.direction(b"no packet"), Direction::Up);
    }
}
