//! Chance for the models: in goes a seed, out comes the same sequence of
//! draws on every system.
//!
//! The generator is the link's, SplitMix64.

use crate::link::Nanos;
use crate::link::random::splitmix64;

/// A sequence of draws.
#[derive(Debug, Clone)]
pub struct Chance {
    seed: u64,
    drawn: u64,
}

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance { seed, drawn: 0 }
    }

    /// Any number, all equally likely.
    pub fn draw(&mut self) -> u64 {
        let number = self.drawn;
        self.drawn += 1;
        splitmix64(self.seed, number)
    }

    /// A whole number from 0 to `limit` - 1, all equally likely; 0 where
    /// `limit` is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.draw()) * u128::from(limit)) >> 64) as u64
    }

    /// A number from 0 to 1, without 1.
    pub fn share(&mut self) -> f64 {
        // The upper 53 bits are all that a float below 1 can hold.
        (self.draw() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Whether what has this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A time until an event that happens at random, once in `mean`
    /// nanoseconds on average: exponentially distributed.
    ///
    /// The usual way, -ln(u), asks the system for a logarithm, and systems
    /// differ in its last digit. Von Neumann's way compares uniform draws
    /// and nothing else (*Various techniques used in connection with random
    /// digits*, 1951): the length of a falling run is odd with probability
    /// e^-u, where u is its first draw.
    pub fn exponential(&mut self, mean: Nanos) -> Nanos {
        let mut whole = 0;
        loop {
            let first = self.draw();
            if self.falling_run(first) % 2 == 1 {
                let rest = (u128::from(mean) * u128::from(first)) >> 64;
                return mean.saturating_mul(whole).saturating_add(rest as u64);
            }
            whole += 1;
        }
    }

    /// How many draws in a row are each less than the one before, `first`
    /// being one of them.
    fn falling_run(&mut self, first: u64) -> u32 {
        let (mut last, mut length) = (first, 1);
        loop {
            let next = self.draw();
            if next >= last {
                return length;
            }
            (last, length) = (next, length + 1);
        }
    }
}

/// A number that looks drawn, but depends on `key` and `salt` alone.
pub fn hash(salt: u64, key: u64) -> u64 {
    splitmix64(salt, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_times_have_the_mean_and_the_shape_of_the_exponential() {
        let mut chance = Chance::new(1);
        let mean = 1_000_000;
        let times: Vec<Nanos> =
            (0..100_000).map(|_| chance.exponential(mean)).collect();
        // The standard deviation of this average is mean / 316.
        let average = times.iter().sum::<Nanos>() / times.len() as u64;
        assert!(average.abs_diff(mean) < mean / 80, "{average}");
        // P(t > 2 means) = e^-2 = 13.53 %, of the median 50 %.
        let longer = |limit| times.iter().filter(|it| **it > limit).count();
        let two = longer(2 * mean);
        assert!((13_100..13_950).contains(&two), "{two}");
        let half = longer(693_147);
        assert!((49_300..50_700).contains(&half), "{half}");
    }

    #[test]
    fn draws_are_below_their_limit() {
        let mut chance = Chance::new(2);
        let mut times = [0; 5];
        (0..5000).for_each(|_| times[chance.below(5) as usize] += 1);
        assert!(times.iter().all(|it| (900..1100).contains(it)), "{times:?}");
        assert_eq!(chance.below(0), 0);
        assert!(!chance.happens(0.0) && chance.happens(1.0));
    }
}
