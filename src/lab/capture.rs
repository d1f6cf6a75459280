//! What a host's device carried: in go a host and the device's name, out
//! come frames, as they pass.
//!
//! For `lo` of a lesson. A link has no need of it: it sees every packet
//! itself, and loses none.

use std::io::{self, IoSliceMut, PipeReader, PipeWriter, Write};
use std::os::fd::{AsFd, AsRawFd};
use std::panic::resume_unwind;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{
    ControlMessageOwned, LinkAddr, MsgFlags, recvmsg, setsockopt, sockopt,
};
use nix::sys::time::TimeSpec;
use socket2::{Domain, Protocol, Socket, Type};

use super::blocked::Blocked;
use super::namespace::Host;
use super::route::index;
use super::sys;
use crate::wire::Frame;

/// `ETH_P_ALL`, `ETH_P_IP` and `ETH_P_IPV6` of linux/if_ether.h
const EVERY: u16 = 3;
const IP: [u16; 2] = [0x0800, 0x86dd];
/// The kernel may send up to 64 KiB in one piece over `lo`.
const LONGEST: usize = 1 << 17;

/// A capture that is going on.
#[derive(Debug)]
pub struct Capture {
    /// A byte through it, or its end, is the sign to stop.
    stop: PipeWriter,
    reader: JoinHandle<io::Result<Counts>>,
}

/// How complete a capture is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Frames handed out.
    pub captured: u64,
    /// Frames for which the kernel had no room: to be told whenever it is
    /// not 0.
    pub dropped: u64,
}

impl Capture {
    /// Hands every IP packet on `device` of `host` to `sink`, from now on.
    ///
    /// Of `lo`, where each packet passes twice, as it is sent. Checksums are
    /// as the kernel left them, which on `lo` means not filled in.
    pub fn start(
        host: &Host,
        device: &str,
        sink: impl FnMut(Frame) + Send + 'static,
    ) -> Result<Capture, Blocked> {
        let blocked = |error: io::Error| {
            Blocked::when(format!("capture on {device}"), &error)
        };
        let socket = host.run(|| open(device)).map_err(blocked)?;
        let (stopped, stop) = io::pipe().map_err(blocked)?;
        let reader = Builder::new()
            .name("capture".into())
            .spawn(move || read(&socket, &stopped, sink))
            .map_err(blocked)?;
        Ok(Capture { stop, reader })
    }

    /// Ends it when all that has passed by now has been handed out.
    pub fn finish(mut self) -> io::Result<Counts> {
        // A reader that has failed has closed its end, and says why itself.
        let _ = self.stop.write_all(&[0]);
        let ended = self.reader.join();
        ended.unwrap_or_else(|panic| resume_unwind(panic))
    }
}

/// A packet socket on `device` of the calling thread's namespace.
pub fn open(device: &str) -> io::Result<Socket> {
    // Protocol 0: nothing arrives before the socket is bound, so nothing of
    // other devices slips in.
    let none = Some(Protocol::from(0));
    let socket = Socket::new(Domain::PACKET, Type::DGRAM, none)?;
    // Silently cut down to net.core.rmem_max.
    socket.set_recv_buffer_size(32 << 20)?;
    setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
    if device == "lo" {
        keep_outgoing(&socket)?;
    }
    let address = sys::packet_address(index(device)?, EVERY, [0; 6]);
    socket.bind(&address)?;
    Ok(socket)
}

/// The other copy would fill half of the buffer.
fn keep_outgoing(socket: &Socket) -> io::Result<()> {
    // Numbers of linux/filter.h: load the packet's type (SKF_AD_OFF +
    // SKF_AD_PKTTYPE), compare, return all of it or nothing.
    let step = |code, jf, k| libc::sock_filter { code, jt: 0, jf, k };
    sys::set_filter(
        socket,
        &mut [
            step(0x30, 0, 0xffff_f004),
            step(0x15, 1, u32::from(libc::PACKET_OUTGOING)),
            step(0x06, 0, u32::MAX),
            step(0x06, 0, 0),
        ],
    )
}

fn read(
    socket: &Socket,
    stopped: &PipeReader,
    mut sink: impl FnMut(Frame),
) -> io::Result<Counts> {
    let mut buffer = vec![0; LONGEST];
    let mut counts = Counts::default();
    loop {
        let both = [socket.as_fd(), stopped.as_fd()];
        let mut both = both.map(|fd| PollFd::new(fd, PollFlags::POLLIN));
        match poll(&mut both, PollTimeout::NONE) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(code) => return Err(code.into()),
        }
        let last = both[1].any().unwrap_or(true);
        while let Some(frame) = receive(socket, &mut buffer)? {
            if let Some(frame) = frame {
                counts.captured += 1;
                sink(frame);
            }
        }
        if last {
            counts.dropped = sys::packet_drops(socket)?.into();
            return Ok(counts);
        }
    }
}

/// The next frame that waits, if it is an IP packet; `None` if none waits.
fn receive(
    socket: &Socket,
    buffer: &mut [u8],
) -> io::Result<Option<Option<Frame>>> {
    let mut control = nix::cmsg_space!(TimeSpec);
    let mut pieces = [IoSliceMut::new(buffer)];
    // MSG_TRUNC: the length that it had, not the one that fits.
    let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_TRUNC;
    let descriptor = socket.as_raw_fd();
    let message =
        recvmsg::<LinkAddr>(descriptor, &mut pieces, Some(&mut control), flags);
    let message = match message {
        Ok(message) => message,
        Err(Errno::EAGAIN | Errno::EINTR) => return Ok(None),
        // The device has gone down; what was before it is still there.
        Err(Errno::ENETDOWN) => return Ok(Some(None)),
        Err(code) => return Err(code.into()),
    };
    let protocol = message.address.map(|address| address.protocol());
    let ip = protocol.is_some_and(|it| IP.contains(&u16::from_be(it)));
    let mut notes = message.cmsgs()?;
    let time = notes.find_map(|note| match note {
        ControlMessageOwned::ScmTimestampns(time) => Some(time.into()),
        _ => None,
    });
    let len = message.bytes;
    Ok(Some(ip.then(|| Frame {
        time: time.unwrap_or(Duration::ZERO),
        bytes: buffer[..len.min(buffer.len())].to_vec(),
        len,
        comment: None,
    })))
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;
    use std::sync::mpsc::channel;

    use anyhow::Result;

    use super::*;
    use crate::lab::testing::inside;

    #[test]
    fn lo_is_captured_once_and_to_the_last_packet() -> Result<()> {
        inside("lab::capture::tests::lo_is_captured", || {
            let host = Host::new("client")?;
            let (sender, frames) = channel();
            let started = Duration::from_secs(1_700_000_000);
            let capture = Capture::start(&host, "lo", move |frame| {
                sender.send(frame).expect("the test listens");
            })?;
            let sockets = host.run(|| {
                let one = UdpSocket::bind("127.0.0.1:0")?;
                let six = UdpSocket::bind("[::1]:0")?;
                for text in ["a", "bc"] {
                    one.send_to(text.as_bytes(), one.local_addr()?)?;
                    six.send_to(text.as_bytes(), six.local_addr()?)?;
                }
                // In one piece: the MTU of lo is 65,536 bytes.
                one.send_to(&[7; 65_500], one.local_addr()?)?;
                Ok::<_, io::Error>((one, six))
            })?;
            let before = std::time::Instant::now();
            let counts = capture.finish()?;
            assert!(before.elapsed() < Duration::from_millis(100));
            let frames: Vec<Frame> = frames.iter().collect();
            let lengths: Vec<usize> = frames.iter().map(|it| it.len).collect();
            assert_eq!(lengths, [29, 49, 30, 50, 65_528]);
            assert_eq!((counts.captured, counts.dropped), (5, 0));
            for frame in &frames {
                assert_eq!(frame.bytes.len(), frame.len);
                assert!(frame.time > started, "{:?}", frame.time);
            }
            assert_eq!(frames[0].bytes[28], b'a');
            drop(sockets);
            Ok(())
        })
    }
}
