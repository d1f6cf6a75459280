//! Sharding: in go keys and machines, out comes which machine has a key, and
//! how many keys move when a machine is added.

use super::chance::hash;

/// A machine, by its number.
pub type Machine = u64;

/// One salt for each thing that is hashed, so that none follows another.
const KEYS: u64 = 1;
const POINTS: u64 = 2;

/// A way to share out keys.
pub trait Sharding {
    /// The machine that has this key.
    fn machine(&self, key: u64) -> Machine;
}

/// The remainder of the key's hash.
#[derive(Debug, Clone, Copy)]
pub struct Modulo {
    pub machines: u64,
}

impl Sharding for Modulo {
    fn machine(&self, key: u64) -> Machine {
        hash(KEYS, key) % self.machines.max(1)
    }
}

/// Consistent hashing: each machine has points on a ring, and a key belongs
/// to the next point (Karger et al., 1997).
#[derive(Debug, Clone)]
pub struct Ring {
    /// In the order of the ring.
    points: Vec<(u64, Machine)>,
}

impl Ring {
    /// `virtual_nodes` points for each machine; `seed` says where.
    pub fn new(machines: u64, virtual_nodes: u64, seed: u64) -> Ring {
        let points = (0..machines).flat_map(|machine| {
            let salt = hash(hash(POINTS, seed), machine);
            (0..virtual_nodes).map(move |node| (hash(salt, node), machine))
        });
        let mut points: Vec<_> = points.collect();
        points.sort_unstable();
        Ring { points }
    }
}

impl Sharding for Ring {
    fn machine(&self, key: u64) -> Machine {
        let hash = hash(KEYS, key);
        let next = self.points.partition_point(|(point, _)| *point < hash);
        // Behind the last point comes the first one: it is a ring.
        let point = self.points.get(next).or(self.points.first());
        point.map_or(0, |(_, machine)| *machine)
    }
}

/// Rendezvous hashing: each machine draws for each key, and the highest has
/// it (Thaler and Ravishankar, 1998).
#[derive(Debug, Clone, Copy)]
pub struct Rendezvous {
    pub machines: u64,
    pub seed: u64,
}

impl Sharding for Rendezvous {
    fn machine(&self, key: u64) -> Machine {
        let salt = hash(hash(KEYS, self.seed), key);
        let highest = (0..self.machines).max_by_key(|it| hash(salt, *it));
        highest.unwrap_or(0)
    }
}

/// The share of the keys 0 to `keys` - 1 that are elsewhere afterwards.
pub fn moved(before: &dyn Sharding, after: &dyn Sharding, keys: u64) -> f64 {
    let moved = |key: &u64| before.machine(*key) != after.machine(*key);
    (0..keys).filter(moved).count() as f64 / keys.max(1) as f64
}

/// How many keys the fullest machine has, as a multiple of its fair share.
pub fn imbalance(sharding: &dyn Sharding, machines: u64, keys: u64) -> f64 {
    let mut counts = vec![0u64; machines.max(1) as usize];
    for key in 0..keys {
        counts[sharding.machine(key) as usize] += 1;
    }
    let fullest = counts.iter().copied().max().unwrap_or(0);
    fullest as f64 * machines as f64 / keys.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_moves_to_the_new_machine() {
        fn check(before: impl Sharding, after: impl Sharding) {
            for key in 0..5000 {
                let (old, new) = (before.machine(key), after.machine(key));
                assert!(old == new || new == 9, "{key}: {old} to {new}");
            }
        }
        check(Ring::new(9, 20, 1), Ring::new(10, 20, 1));
        let rendezvous = |machines| Rendezvous { machines, seed: 1 };
        check(rendezvous(9), rendezvous(10));
    }

    #[test]
    fn virtual_nodes_share_more_evenly() {
        let of = |nodes| imbalance(&Ring::new(10, nodes, 1), 10, 20_000);
        let (one, many) = (of(1), of(200));
        assert!(one > 1.8 && many < 1.25, "{one} {many}");
        let rendezvous = Rendezvous {
            machines: 10,
            seed: 1,
        };
        let even = imbalance(&rendezvous, 10, 20_000);
        assert!(even < 1.1, "{even}");
    }

    #[test]
    fn without_machines_there_is_no_panic() {
        assert_eq!(Ring::new(0, 5, 1).machine(7), 0);
        assert_eq!(Modulo { machines: 0 }.machine(7), 0);
    }
}
