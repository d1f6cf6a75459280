//! Chance that can be repeated: in go a seed, a direction, a purpose and the
//! number of a packet, out comes the same draw every time.
//!
//! The generator is SplitMix64 (Steele, Lea and Flood, *Fast splittable
//! pseudorandom number generators*, OOPSLA 2014). Its state only counts, so
//! draw n is found without drawing the n - 1 before it. Nothing is stored,
//! and a question that one packet does not ask moves no other's answer.

use super::Direction;

/// What SplitMix64 adds to its state for every draw.
const GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// Draw `number`, from 0, of SplitMix64 with this seed.
pub(crate) fn splitmix64(seed: u64, number: u64) -> u64 {
    let state = number.wrapping_add(1).wrapping_mul(GAMMA);
    let state = seed.wrapping_add(state);
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// What is asked of chance, for every packet anew.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Loss,
    /// Whether the Gilbert-Elliott chain changes its state.
    Turn,
    BurstLoss,
    Jitter,
    Reorder,
    Duplicate,
}

const PURPOSES: u64 = 6;

/// The draws of one direction: a stream of its own for each purpose.
#[derive(Debug)]
pub(super) struct Draws {
    seeds: [u64; PURPOSES as usize],
}

impl Draws {
    pub(super) fn new(seed: u64, direction: Direction) -> Draws {
        let first = direction as u64 * PURPOSES;
        let stream = |purpose| splitmix64(seed, first + purpose as u64);
        Draws {
            seeds: std::array::from_fn(stream),
        }
    }

    /// Whether what happens with this probability happens to this packet:
    /// never at 0, always at 1.
    pub(super) fn happens(
        &self,
        purpose: Purpose,
        number: u64,
        probability: f64,
    ) -> bool {
        // The upper 53 bits are all that a float below 1 can hold.
        let draw = (self.draw(purpose, number) >> 11) as f64;
        draw / ((1u64 << 53) as f64) < probability
    }

    /// A whole number from 0 to `most`, all equally likely.
    pub(super) fn up_to(
        &self,
        purpose: Purpose,
        number: u64,
        most: u64,
    ) -> u64 {
        let draw = u128::from(self.draw(purpose, number));
        ((draw * (u128::from(most) + 1)) >> 64) as u64
    }

    fn draw(&self, purpose: Purpose, number: u64) -> u64 {
        splitmix64(self.seeds[purpose as usize], number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_splitmix64() {
        // The first five numbers of the seed 1234567, as published on
        // rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64.
        let published = [
            6457827717110365317,
            3203168211198807973,
            9817491932198370423,
            4593380528125082431,
            16408922859458223821,
        ];
        for (number, expected) in (0..).zip(published) {
            assert_eq!(splitmix64(1234567, number), expected);
        }
    }

    #[test]
    fn draws_stay_in_bounds_and_reach_them() {
        let draws = Draws::new(1, Direction::Up);
        let drawn = |n| draws.up_to(Purpose::Jitter, n, 3);
        let mut times = [0; 4];
        (0..4000).for_each(|n| times[drawn(n) as usize] += 1);
        // 1,000 each; the standard deviation is 27.
        assert!(times.iter().all(|it| (900..1100).contains(it)), "{times:?}");
        assert_eq!(draws.up_to(Purpose::Jitter, 0, 0), 0);
        for number in 0..1000 {
            assert!(!draws.happens(Purpose::Loss, number, 0.0));
            assert!(draws.happens(Purpose::Loss, number, 1.0));
        }
    }

    #[test]
    fn no_two_streams_agree() {
        let mut seen = std::collections::HashSet::new();
        for seed in 0..50 {
            for direction in [Direction::Up, Direction::Down] {
                let draws = Draws::new(seed, direction);
                assert!(draws.seeds.iter().all(|it| seen.insert(*it)));
            }
        }
    }
}
