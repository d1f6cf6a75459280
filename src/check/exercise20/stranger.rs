//! Somebody else who says what the receiver could say: who it is goes in, a
//! socket beside the receiver's comes out.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use super::receiver::{ack, start};
use super::words::NO_OTHER_HOST;
use crate::check::datagrams::says_nothing;
use crate::check::{Outcome, Stop};

/// A second address of this machine. Linux and Windows have it; macOS has it
/// only if somebody has set it up.
const OTHER_HOST: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// How often the receiver looks for another port, where the one that it has
/// is taken at the other host.
const RACES: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// At the receiver's host.
    OtherPort,
    /// At the receiver's port.
    OtherHost,
}

#[derive(Debug)]
pub struct Stranger(UdpSocket);

/// The receiver's socket, and that of the stranger beside it.
pub fn bind(who: Option<Who>) -> Outcome<(UdpSocket, Option<Stranger>)> {
    let receiver = || UdpSocket::bind((Ipv4Addr::LOCALHOST, 0));
    let (socket, stranger) = match who {
        None => return Ok((receiver()?, None)),
        Some(Who::OtherPort) => (receiver()?, receiver()?),
        Some(Who::OtherHost) => {
            if UdpSocket::bind((OTHER_HOST, 0)).is_err() {
                return Err(Stop::Skipped(NO_OTHER_HOST));
            }
            let pair = || -> io::Result<_> {
                let socket = receiver()?;
                let port = socket.local_addr()?.port();
                Ok((socket, UdpSocket::bind((OTHER_HOST, port))?))
            };
            (0..RACES).find_map(|_| pair().ok()).map_or_else(pair, Ok)?
        }
    };
    stranger.set_nonblocking(true)?;
    Ok((socket, Some(Stranger(stranger))))
}

impl Stranger {
    /// The right size, and room for everything at once.
    pub fn starts(&self, size: u32, program: SocketAddr) -> io::Result<()> {
        send(&self.0, &start(size, u16::MAX), program)
    }

    /// That all of these have arrived.
    pub fn acknowledges(
        &self,
        sent: u32,
        program: SocketAddr,
    ) -> io::Result<()> {
        send(&self.0, &ack(sent, 0), program)
    }

    /// What has come to the stranger, who was told nothing by anybody.
    pub fn heard(&self) -> Option<Vec<u8>> {
        // Room for the longest: on Windows one that is cut is an error.
        let mut buffer = vec![0; 65_536];
        let count = self.0.recv(&mut buffer).ok()?;
        buffer.truncate(count);
        Some(buffer)
    }
}

/// Where nobody is bound any more, the program's end will tell.
pub fn send(
    from: &UdpSocket,
    datagram: &[u8],
    to: SocketAddr,
) -> io::Result<()> {
    match from.send_to(datagram, to) {
        Err(error) if !says_nothing(&error) => Err(error),
        _ => Ok(()),
    }
}
