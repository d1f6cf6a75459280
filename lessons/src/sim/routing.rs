//! Routing: in goes a network of links with costs, out comes for each
//! destination the cost and the next step, by two algorithms: one that knows
//! the whole map, and one that knows what its neighbours say.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A router, by its index.
pub type Router = usize;

/// The cost that means "not reachable" to distance vectors: small, for it is
/// what they count to (RFC 2453 §3.4.2).
pub const INFINITY: u32 = 16;

/// Links with a cost, the same in both directions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    links: Vec<BTreeMap<Router, u32>>,
}

impl Network {
    pub fn new(routers: usize) -> Network {
        Network {
            links: vec![BTreeMap::new(); routers],
        }
    }

    pub fn routers(&self) -> usize {
        self.links.len()
    }

    /// Joins two routers; routers that are not there are added.
    pub fn join(&mut self, left: Router, right: Router, cost: u32) {
        let routers = self.links.len().max(left.max(right) + 1);
        self.links.resize(routers, BTreeMap::new());
        self.links[left].insert(right, cost);
        self.links[right].insert(left, cost);
    }

    /// Cuts the link between two routers.
    pub fn cut(&mut self, left: Router, right: Router) {
        for (from, to) in [(left, right), (right, left)] {
            if let Some(links) = self.links.get_mut(from) {
                links.remove(&to);
            }
        }
    }

    fn cost(&self, from: Router, to: Router) -> Option<u32> {
        self.links[from].get(&to).copied()
    }
}

/// The way to one destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    pub cost: u32,
    /// The neighbour that the packet is handed to; the router itself where
    /// it is the destination.
    pub next: Router,
}

/// Dijkstra's algorithm, as link-state routing runs it on every router
/// (RFC 2328 §16.1): the cheapest way from `source` to each router.
pub fn shortest_paths(network: &Network, source: Router) -> Vec<Option<Route>> {
    let mut routes = vec![None; network.routers()];
    let mut candidates = BinaryHeap::from([Reverse((0, source, source))]);
    while let Some(Reverse((cost, router, next))) = candidates.pop() {
        // The cheapest candidate is final: every other way is dearer, and
        // no link makes it cheaper again.
        if routes[router].is_some() {
            continue;
        }
        routes[router] = Some(Route { cost, next });
        for (&neighbour, &link) in &network.links[router] {
            let next = if router == source { neighbour } else { next };
            let cost = cost + link;
            candidates.push(Reverse((cost, neighbour, next)));
        }
    }
    routes
}

/// What a router tells a neighbour of a route that leads through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Horizon {
    /// Its cost, as to everybody: two routers may send packets, and rumours,
    /// to and fro.
    None,
    /// Nothing (split horizon, RFC 2453 §3.4.3).
    Split,
    /// That it is not reachable (poisoned reverse).
    Poisoned,
}

/// Routers that know what their neighbours told them in the last round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistanceVector {
    network: Network,
    horizon: Horizon,
    /// For each router the routes to each.
    tables: Vec<Vec<Option<Route>>>,
}

impl DistanceVector {
    /// Routers that know themselves, and nobody else.
    pub fn new(network: Network, horizon: Horizon) -> DistanceVector {
        let routers = network.routers();
        let mut tables = vec![vec![None; routers]; routers];
        for (router, table) in tables.iter_mut().enumerate() {
            let next = router;
            table[router] = Some(Route { cost: 0, next });
        }
        DistanceVector {
            network,
            horizon,
            tables,
        }
    }

    /// Routes of one router; what cannot be reached is `None`.
    pub fn routes(&self, router: Router) -> &[Option<Route>] {
        &self.tables[router]
    }

    pub fn network_mut(&mut self) -> &mut Network {
        &mut self.network
    }

    /// Everybody tells its neighbours, and believes what it is told: whether
    /// that changed a table.
    pub fn round(&mut self) -> bool {
        let tables = (0..self.network.routers()).map(|it| self.told(it));
        let tables: Vec<_> = tables.collect();
        let changed = tables != self.tables;
        self.tables = tables;
        changed
    }

    /// Rounds until nothing changes.
    pub fn settle(&mut self) -> u32 {
        let mut rounds = 0;
        while self.round() {
            rounds += 1;
        }
        rounds
    }

    /// A router's table after a round: the best of what it is told.
    fn told(&self, router: Router) -> Vec<Option<Route>> {
        let routers = 0..self.network.routers();
        routers.map(|to| self.best(router, to)).collect()
    }

    fn best(&self, router: Router, to: Router) -> Option<Route> {
        if router == to {
            return self.tables[router][to];
        }
        let offers = self.network.links[router].keys().filter_map(|&next| {
            let link = self.network.cost(router, next)?;
            let cost = self.offer(next, router, to)?.saturating_add(link);
            (cost < INFINITY).then_some(Route { cost, next })
        });
        // The first of the cheapest: a tie must not depend on chance.
        offers.min_by_key(|it| (it.cost, it.next))
    }

    /// What router `from` says to its neighbour `to` about `destination`.
    fn offer(
        &self,
        from: Router,
        to: Router,
        destination: Router,
    ) -> Option<u32> {
        let route = self.tables[from][destination]?;
        match self.horizon {
            Horizon::Split if route.next == to => None,
            Horizon::Poisoned if route.next == to => Some(INFINITY),
            _ => Some(route.cost),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::chance::Chance;

    /// 0 - 1 - 2 in a row.
    fn row() -> Network {
        let mut network = Network::new(3);
        network.join(0, 1, 1);
        network.join(1, 2, 1);
        network
    }

    #[test]
    fn bad_news_are_counted_to_infinity_and_not_behind_a_horizon() {
        let after_cut = |horizon| {
            let mut routers = DistanceVector::new(row(), horizon);
            routers.settle();
            let far = routers.routes(0)[2];
            assert_eq!(far, Some(Route { cost: 2, next: 1 }));
            routers.network_mut().cut(1, 2);
            let mut costs = Vec::new();
            while routers.round() {
                costs.push(routers.routes(1)[2].map(|it| it.cost));
            }
            assert_eq!(routers.routes(0)[2], None);
            costs
        };
        // Router 1 believes that 0 knows a way, which leads through 1.
        let costs = after_cut(Horizon::None);
        assert_eq!(costs[..4], [Some(3), Some(3), Some(5), Some(5)]);
        assert_eq!(costs.len(), 15);
        assert_eq!(after_cut(Horizon::Split), [None, None]);
        assert_eq!(after_cut(Horizon::Poisoned), [None, None]);
    }

    #[test]
    fn in_a_ring_of_three_no_horizon_helps() {
        // RFC 2453 §3.4.4: it prevents loops of two routers, not of three.
        let mut network = row();
        network.join(0, 2, 1);
        network.join(2, 3, 1);
        let mut routers = DistanceVector::new(network, Horizon::Poisoned);
        routers.settle();
        routers.network_mut().cut(2, 3);
        assert!(routers.settle() > 5);
        assert_eq!(routers.routes(0)[3], None);
    }

    #[test]
    fn both_algorithms_find_the_same_costs() {
        let mut chance = Chance::new(1);
        for _ in 0..50 {
            let mut network = Network::new(8);
            for _ in 0..12 {
                let (left, right) = (chance.below(8), chance.below(8));
                if left != right {
                    let cost = 1 + chance.below(2) as u32;
                    network.join(left as usize, right as usize, cost);
                }
            }
            let horizon = Horizon::Split;
            let mut routers = DistanceVector::new(network.clone(), horizon);
            routers.settle();
            for router in 0..8 {
                let told = routers.routes(router);
                let map = shortest_paths(&network, router);
                let costs = |it: &[Option<Route>]| {
                    let cost = it.iter().map(|it| it.map(|it| it.cost));
                    cost.collect::<Vec<_>>()
                };
                assert_eq!(costs(told), costs(&map), "{network:?}");
            }
        }
    }
}
