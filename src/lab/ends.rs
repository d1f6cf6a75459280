//! The two ends of a link: in goes a direction, out comes the port at which
//! such packets leave or arrive.

use std::os::fd::BorrowedFd;
use std::sync::Arc;

use lessons::link::Direction;

use super::port::{Outlet, Port};

/// Where the link's packets come from and go to.
pub enum Ends {
    /// A host's own loopback: one port is both ends.
    Bent(Box<dyn Port>),
    /// The client's port, then the server's.
    Two(Box<dyn Port>, Box<dyn Port>),
}

/// The end of the link at which something was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Client,
    Server,
}

impl Ends {
    pub(super) fn count(&self) -> usize {
        match self {
            Ends::Bent(_) => 1,
            Ends::Two(..) => 2,
        }
    }

    /// What can be waited for: of a bent loopback the same port twice.
    pub(super) fn descriptors(&self) -> [BorrowedFd<'_>; 2] {
        match self {
            Ends::Bent(port) => [port.as_fd(), port.as_fd()],
            Ends::Two(client, server) => [client.as_fd(), server.as_fd()],
        }
    }

    pub(super) fn port(&mut self, index: usize) -> &mut dyn Port {
        match (self, index) {
            (Ends::Bent(port), _) | (Ends::Two(port, _), 0) => port.as_mut(),
            (Ends::Two(_, port), _) => port.as_mut(),
        }
    }

    /// The port at which a packet of this direction arrives.
    pub(super) fn target(&self, direction: Direction) -> usize {
        match (self, direction) {
            (Ends::Two(..), Direction::Up) => 1,
            _ => 0,
        }
    }

    /// The way out of each port.
    pub(super) fn outlets(&self) -> Vec<Arc<dyn Outlet>> {
        match self {
            Ends::Bent(port) => vec![port.outlet()],
            Ends::Two(client, server) => {
                vec![client.outlet(), server.outlet()]
            }
        }
    }
}

impl Place {
    /// Where packets of this direction are sent.
    pub(super) fn origin(direction: Direction) -> Place {
        match direction {
            Direction::Up => Place::Client,
            Direction::Down => Place::Server,
        }
    }

    pub(super) fn other(self) -> Place {
        match self {
            Place::Client => Place::Server,
            Place::Server => Place::Client,
        }
    }
}
