//! Exercise 12, starting and killing: an address goes in, a program that
//! listens there comes out, again and again.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use super::super::{Bench, Failure, Outcome, PATIENCE, Program, Shown, Stop};
use super::words::*;
use crate::check::Error;
use crate::check::bench::{START, free_address};
use crate::peer::Peer;

/// A program that this step has started itself.
#[derive(Debug)]
pub struct Server {
    program: Program,
    /// What it was told.
    argument: SocketAddr,
    /// Where it is called.
    pub address: SocketAddr,
    /// The connection that found it: the first client's.
    first: Option<Peer>,
}

impl Server {
    /// At a port of `ip` that is free.
    pub fn start(bench: &Bench, ip: IpAddr) -> Outcome<Server> {
        let argument = free_address(ip)?;
        let start = Shown::plain(argument.to_string()).note(A_START);
        Server::launch(bench, argument, start, NOT_THERE)
    }

    /// Kills it, and starts it at the same address.
    pub fn restart(self, bench: &Bench) -> Outcome<Server> {
        let Server {
            program,
            argument,
            address,
            first,
        } = self;
        drop((first, program));
        // A process that outlives its parent by a moment still listens.
        let limit = bench.limit();
        limit.poll(PATIENCE, || {
            Peer::connect(address, PATIENCE, limit.clone()).err()
        });
        let start = Shown::plain(argument.to_string()).note(ANOTHER_START);
        Server::launch(bench, argument, start, REUSE)
    }

    fn launch(
        bench: &Bench,
        argument: SocketAddr,
        sent: Shown,
        likely: &'static str,
    ) -> Outcome<Server> {
        let mut program = start(bench, argument)?;
        let address = reachable(argument);
        let limit = bench.limit();
        let found = limit.poll(START, || {
            match Peer::connect(address, PATIENCE, limit.clone()) {
                Ok(peer) => Some(Ok(peer)),
                Err(_) => program.exited(Duration::ZERO).map(Err),
            }
        });
        let died = match found {
            Some(Ok(peer)) => {
                return Ok(Server {
                    program,
                    argument,
                    address,
                    first: Some(peer),
                });
            }
            Some(Err(status)) => Some(status),
            None => None,
        };
        let words = program.last_words(4);
        Err(Failure {
            sent,
            expected: Shown::words(A_SERVER),
            got: Shown::words(NOBODY),
            likely,
            died: died.map(|status| format!("{status}\n{words}")),
        }
        .into())
    }

    /// A client's connection.
    pub fn connect(&mut self, bench: &Bench) -> Outcome<Peer> {
        if let Some(peer) = self.first.take() {
            return Ok(peer);
        }
        let peer = Peer::connect(self.address, PATIENCE, bench.limit());
        Ok(peer.map_err(|_| Failure {
            sent: Shown::words(A_CONNECTION),
            expected: Shown::words(A_CONNECTION),
            got: Shown::words(NO_CONNECTION),
            likely: NOT_THERE,
            died: None,
        })?)
    }

    /// Lets it do nothing, as a busy machine may; false where there is no
    /// way to.
    pub fn freeze(&self) -> bool {
        self.program.freeze()
    }

    pub fn thaw(&self) {
        self.program.thaw();
    }
}

fn start(bench: &Bench, argument: SocketAddr) -> Outcome<Program> {
    bench.start(argument).map_err(|stop| match stop {
        Stop::Error(Error::ClientAtAddress) => Error::RestartAtAddress.into(),
        other => other,
    })
}

/// Nobody can call "any address": its owner is called at loopback.
fn reachable(argument: SocketAddr) -> SocketAddr {
    let ip = match argument.ip() {
        ip if !ip.is_unspecified() => ip,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(ip, argument.port())
}
