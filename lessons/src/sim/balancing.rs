//! Load balancing: in go requests, out comes how unequally they are shared.

use super::chance::Chance;
use super::world::Agenda;
use crate::link::Nanos;

/// How a server is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    Random,
    RoundRobin,
    /// The less busy of two that are drawn (Azar et al., 1999).
    TwoChoices,
    /// The least busy of all.
    LeastConnections,
}

/// Servers, each with the number of its requests.
#[derive(Debug, Clone)]
pub struct Balancer {
    choice: Choice,
    loads: Vec<u32>,
    turn: usize,
}

impl Balancer {
    /// At least one server.
    pub fn new(choice: Choice, servers: usize) -> Balancer {
        let loads = vec![0; servers.max(1)];
        let turn = 0;
        Balancer {
            choice,
            loads,
            turn,
        }
    }

    /// Gives a request to a server: which.
    pub fn assign(&mut self, chance: &mut Chance) -> usize {
        let servers = self.loads.len() as u64;
        let mut random = || chance.below(servers) as usize;
        let server = match self.choice {
            Choice::Random => random(),
            Choice::RoundRobin => {
                self.turn = (self.turn + 1) % self.loads.len();
                self.turn
            }
            Choice::TwoChoices => {
                let (one, other) = (random(), random());
                if self.loads[other] < self.loads[one] {
                    other
                } else {
                    one
                }
            }
            Choice::LeastConnections => self.least(),
        };
        self.loads[server] += 1;
        server
    }

    fn least(&self) -> usize {
        let servers = 0..self.loads.len();
        servers.min_by_key(|it| self.loads[*it]).unwrap_or(0)
    }

    /// A request of this server is done.
    pub fn done(&mut self, server: usize) {
        self.loads[server] = self.loads[server].saturating_sub(1);
    }

    pub fn loads(&self) -> &[u32] {
        &self.loads
    }

    /// The requests of the busiest server.
    pub fn greatest(&self) -> u32 {
        self.loads.iter().copied().max().unwrap_or(0)
    }
}

/// The load of the busiest server after as many requests as there are
/// servers, none of which ends.
pub fn greatest_load(choice: Choice, servers: usize, seed: u64) -> u32 {
    let mut chance = Chance::new(seed);
    let mut balancer = Balancer::new(choice, servers);
    for _ in 0..servers {
        balancer.assign(&mut chance);
    }
    balancer.greatest()
}

/// Requests that come and go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    pub servers: usize,
    /// Mean time between two requests.
    pub gap: Nanos,
    /// Mean time that a request stays.
    pub stay: Nanos,
    pub requests: u64,
    pub seed: u64,
}

/// The average, over all arrivals, of the busiest server's requests.
pub fn busiest(choice: Choice, traffic: Traffic) -> f64 {
    let mut chance = Chance::new(traffic.seed);
    let mut balancer = Balancer::new(choice, traffic.servers);
    let mut leaving = Agenda::default();
    let (mut now, mut sum) = (0, 0u64);
    for _ in 0..traffic.requests {
        now += chance.exponential(traffic.gap);
        while leaving.next_at().is_some_and(|at| at <= now) {
            if let Some((_, server)) = leaving.pop() {
                balancer.done(server);
            }
        }
        let server = balancer.assign(&mut chance);
        leaving.add(now + chance.exponential(traffic.stay), server);
        sum += u64::from(balancer.greatest());
    }
    sum as f64 / traffic.requests.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::MILLISECOND;

    #[test]
    fn who_knows_more_shares_better() {
        let traffic = Traffic {
            servers: 20,
            gap: MILLISECOND,
            stay: 40 * MILLISECOND,
            requests: 20_000,
            seed: 1,
        };
        let busiest = |choice| busiest(choice, traffic);
        let random = busiest(Choice::Random);
        let round = busiest(Choice::RoundRobin);
        let two = busiest(Choice::TwoChoices);
        let least = busiest(Choice::LeastConnections);
        // Two requests for each server on average.
        let text = format!("{random} {round} {two} {least}");
        assert!(2.0 < least && least < two, "{text}");
        assert!(two < round && round < random, "{text}");
    }

    #[test]
    fn in_turn_everybody_gets_one() {
        assert_eq!(greatest_load(Choice::RoundRobin, 1000, 1), 1);
        assert_eq!(greatest_load(Choice::LeastConnections, 100, 1), 1);
        assert!(greatest_load(Choice::Random, 1000, 1) > 3);
        assert_eq!(greatest_load(Choice::Random, 0, 1), 0);
    }
}
