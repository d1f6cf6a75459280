//! Exercise 4, a table: routes go in, the right answer to each line comes
//! out.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::net::Ipv4Addr;

/// The first address of a network, and how many bits all of it share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Prefix {
    pub first: u32,
    pub length: u32,
}

impl Prefix {
    pub fn new(address: u32, length: u32) -> Prefix {
        let first = address & mask(length);
        Prefix { first, length }
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", dotted(self.first), self.length)
    }
}

/// The first `length` bits, at most 32.
pub fn mask(length: u32) -> u32 {
    u32::MAX.checked_shl(32 - length).unwrap_or(0)
}

pub fn dotted(address: u32) -> Ipv4Addr {
    Ipv4Addr::from_bits(address)
}

/// For each prefix the costs of its next steps.
#[derive(Debug, Default)]
pub struct Table(HashMap<Prefix, BTreeMap<String, u32>>);

impl Table {
    pub fn add(&mut self, prefix: Prefix, next: &str, cost: u32) {
        let routes = self.0.entry(prefix).or_default();
        routes.insert(next.to_owned(), cost);
    }

    pub fn withdraw(&mut self, prefix: Prefix, next: &str) -> &'static str {
        let routes = self.0.get_mut(&prefix);
        match routes.and_then(|routes| routes.remove(next)) {
            Some(_) => "ok",
            None => "error no such route",
        }
    }

    pub fn forward(&self, address: u32, ttl: u8) -> String {
        if ttl <= 1 {
            return "drop ttl".to_owned();
        }
        let prefixes = (0..=32).rev().map(|it| Prefix::new(address, it));
        let best = prefixes.filter_map(|prefix| {
            let routes = self.0.get(&prefix)?.iter();
            // Of several least the first, and names are in order.
            routes.min_by_key(|(_, cost)| **cost)
        });
        match best.map(|(next, _)| next).next() {
            Some(next) => format!("send {next} {}", ttl - 1),
            None => "drop no route".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_keeps_the_rules() {
        let mut table = Table::default();
        let ten = Prefix::new(0x0a01_0203, 8);
        assert_eq!(ten.to_string(), "10.0.0.0/8");
        table.add(ten, "b", 3);
        table.add(ten, "a", 3);
        table.add(ten, "c", 4);
        assert_eq!(table.forward(0x0a01_0203, 2), "send a 1");
        assert_eq!(table.forward(0x0a01_0203, 1), "drop ttl");
        assert_eq!(table.forward(0x0b01_0203, 2), "drop no route");
        table.add(Prefix::new(0, 0), "z", 1);
        assert_eq!(table.forward(0x0b01_0203, 2), "send z 1");
        assert_eq!(table.withdraw(ten, "a"), "ok");
        assert_eq!(table.withdraw(ten, "a"), "error no such route");
        assert_eq!(table.forward(0x0a01_0203, 2), "send b 1");
    }
}
