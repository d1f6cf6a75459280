//! Gossip: in go nodes of which one knows something, out comes how many
//! rounds pass until all do.

use super::chance::Chance;

/// Push gossip: in each round everybody who knows tells one node drawn at
/// random, itself among them, and never learns whether it was news
/// (Demers et al., 1987). The number that know after each round, from the
/// first to the one in which all do.
pub fn push(nodes: usize, seed: u64) -> Vec<usize> {
    let mut chance = Chance::new(seed);
    let mut knows = vec![false; nodes.max(1)];
    knows[0] = true;
    let (mut count, mut rounds) = (1, Vec::new());
    while count < nodes {
        // Who hears it in this round tells it in the next.
        for _ in 0..count {
            let told = chance.below(nodes as u64) as usize;
            knows[told] = true;
        }
        count = knows.iter().filter(|it| **it).count();
        rounds.push(count);
    }
    rounds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_first_it_doubles_and_at_last_all_know() {
        let rounds = push(1000, 1);
        let begin = rounds.iter().zip([2, 4, 8, 16, 32]);
        assert!(
            begin.into_iter().all(|(is, most)| *is <= most),
            "{rounds:?}"
        );
        assert!(rounds[5] > 40, "{rounds:?}");
        assert!(rounds.is_sorted());
        assert_eq!(rounds.last(), Some(&1000));
        assert!(push(1, 1).is_empty() && push(0, 1).is_empty());
    }
}
