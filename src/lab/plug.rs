//! A host's end of a link: in go a host and a device's name, out comes the
//! port that this machine can give it.

use super::Blocked;
use super::namespace::Host;
use super::port::{Device, Port, Tun, Veth};

/// A TUN device; without `/dev/net/tun` one end of a cable, which is slower
/// (100 Mbit/s are sure) and does the same.
pub(super) fn open(
    host: &Host,
    device: Device,
) -> Result<Box<dyn Port>, Blocked> {
    match Tun::open(host, device) {
        Ok(tun) => Ok(Box::new(tun)),
        Err(Blocked::NoTun | Blocked::TunRights) => {
            Ok(Box::new(Veth::open(host, device)?))
        }
        Err(other) => Err(other),
    }
}
