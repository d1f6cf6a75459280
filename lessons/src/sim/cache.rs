//! Caches: in go requests, some for what many ask for, out comes how many
//! were answered without asking the origin.

use std::collections::{BTreeMap, HashMap};

use super::chance::Chance;
use crate::link::Nanos;

/// How unequally the things are asked for: the i-th, from 1, with a
/// probability proportional to 1 / i^(halves / 2). 0: all alike; 2: Zipf.
///
/// Powers of a half are made with `sqrt` and `*`, whose last digit is the
/// same on every system.
#[derive(Debug, Clone)]
pub struct Popularity {
    /// The probability of the first i things together.
    up_to: Vec<f64>,
}

impl Popularity {
    pub fn new(things: u64, halves: u32) -> Popularity {
        let mut sum = 0.0;
        let mut up_to: Vec<f64> = Vec::new();
        for i in 1..=things.max(1) {
            let root = (i as f64).sqrt();
            sum += 1.0 / (0..halves).fold(1.0, |power, _| power * root);
            up_to.push(sum);
        }
        up_to.iter_mut().for_each(|it| *it /= sum);
        Popularity { up_to }
    }

    /// What the next request asks for, from 0: the most popular.
    pub fn draw(&self, chance: &mut Chance) -> u64 {
        let share = chance.share();
        self.up_to.partition_point(|up_to| *up_to <= share) as u64
    }

    /// The probability that a request asks for one of the `first` things.
    pub fn of_first(&self, first: usize) -> f64 {
        let last = first.min(self.up_to.len()).checked_sub(1);
        last.map_or(0.0, |last| self.up_to[last])
    }
}

/// Keeps what was asked for last: least recently used goes first.
#[derive(Debug, Clone)]
pub struct Lru {
    capacity: usize,
    /// When each thing was asked for last, counted in requests; and back.
    used: HashMap<u64, u64>,
    order: BTreeMap<u64, u64>,
    requests: u64,
}

impl Lru {
    pub fn new(capacity: usize) -> Lru {
        Lru {
            capacity,
            used: HashMap::new(),
            order: BTreeMap::new(),
            requests: 0,
        }
    }

    /// Whether it was there. It is now.
    pub fn request(&mut self, thing: u64) -> bool {
        self.requests += 1;
        let before = self.used.insert(thing, self.requests);
        self.order.insert(self.requests, thing);
        if let Some(before) = before {
            self.order.remove(&before);
        } else if self.used.len() > self.capacity
            && let Some((_, oldest)) = self.order.pop_first()
        {
            self.used.remove(&oldest);
        }
        before.is_some()
    }

    pub fn len(&self) -> usize {
        self.used.len()
    }

    pub fn is_empty(&self) -> bool {
        self.used.is_empty()
    }
}

/// Keeps everything, but each thing for one lifetime only, as a response
/// with `max-age` is fresh (RFC 9111 §4.2).
#[derive(Debug, Clone)]
pub struct Ttl {
    lifetime: Nanos,
    fetched: HashMap<u64, Nanos>,
}

impl Ttl {
    pub fn new(lifetime: Nanos) -> Ttl {
        let fetched = HashMap::new();
        Ttl { lifetime, fetched }
    }

    /// Whether it was there and fresh. If not, it is fetched. A hit does not
    /// make it younger.
    pub fn request(&mut self, now: Nanos, thing: u64) -> bool {
        let fetched = self.fetched.get(&thing);
        if fetched.is_some_and(|at| now < at.saturating_add(self.lifetime)) {
            return true;
        }
        self.fetched.insert(thing, now);
        false
    }
}

/// The share of `requests` that an LRU cache answers, once it is full.
pub fn lru_hits(
    popularity: &Popularity,
    capacity: usize,
    requests: u64,
    seed: u64,
) -> f64 {
    let mut chance = Chance::new(seed);
    let mut cache = Lru::new(capacity);
    // So many that what is kept is what is asked for.
    for _ in 0..requests / 2 {
        cache.request(popularity.draw(&mut chance));
    }
    let hits = (0..requests)
        .filter(|_| cache.request(popularity.draw(&mut chance)))
        .count();
    hits as f64 / requests.max(1) as f64
}

/// The share of `requests` for one thing that a cache with a lifetime
/// answers; they come at random, one in `gap` on average.
pub fn ttl_hits(gap: Nanos, lifetime: Nanos, requests: u64, seed: u64) -> f64 {
    let mut chance = Chance::new(seed);
    let mut cache = Ttl::new(lifetime);
    let mut now = 0;
    let hits = (0..requests).filter(|_| {
        now += chance.exponential(gap);
        cache.request(now, 0)
    });
    hits.count() as f64 / requests.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_recently_used_goes() {
        let mut cache = Lru::new(2);
        let hits = [1, 2, 1, 3, 2, 3, 3].map(|thing| cache.request(thing));
        // 3 pushes out 2, which then pushes out 1.
        let expected = [false, false, true, false, false, true, true];
        assert_eq!((hits, cache.len()), (expected, 2));
        assert!(!Lru::new(0).request(1));
    }

    #[test]
    fn a_lifetime_ends() {
        let mut cache = Ttl::new(10);
        let hits = [0, 9, 10, 19, 20].map(|now| cache.request(now, 1));
        assert_eq!(hits, [false, true, false, true, false]);
        assert!(!cache.request(20, 2));
    }

    #[test]
    fn where_all_are_alike_the_share_kept_is_the_share_hit() {
        let alike = Popularity::new(1000, 0);
        let hits = lru_hits(&alike, 250, 20_000, 1);
        assert!((hits - 0.25).abs() < 0.02, "{hits}");
        // Few things are asked for often: the same cache does more.
        let zipf = Popularity::new(1000, 2);
        let more = lru_hits(&zipf, 250, 20_000, 1);
        let best = zipf.of_first(250);
        assert!(0.6 < more && more < best, "{more} {best}");
    }

    #[test]
    fn the_first_of_zipf_is_asked_for_twice_as_often_as_the_second() {
        let zipf = Popularity::new(3, 2);
        assert!((zipf.of_first(1) - 6.0 / 11.0).abs() < 1e-12);
        assert!((zipf.of_first(2) - 9.0 / 11.0).abs() < 1e-12);
        let mut chance = Chance::new(1);
        let mut times = [0u64; 3];
        (0..11_000).for_each(|_| times[zipf.draw(&mut chance) as usize] += 1);
        let near =
            |index: usize, expected: u64| times[index].abs_diff(expected) < 200;
        assert!(near(0, 6000) && near(1, 3000) && near(2, 2000), "{times:?}");
    }
}
