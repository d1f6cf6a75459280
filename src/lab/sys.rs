//! The laboratory's only `unsafe`: in go descriptors and plain values, out
//! come what Linux answers to calls that no safe crate has.

use std::ffi::{c_int, c_void};
use std::io;
use std::mem::size_of;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;

use nix::sched::{CloneFlags, setns};
use rustix::process::{
    Signal, getpid, getppid, set_parent_process_death_signal,
};
use socket2::{SockAddr, SockAddrStorage};

/// Turns an open `/dev/net/tun` into the TUN device `name` of the network
/// namespace that it was opened in, without a header before each packet.
pub fn make_tun(tun: impl AsFd, name: &str) -> io::Result<()> {
    let mut request = request(name)?;
    request.ifr_ifru.ifru_flags = (libc::IFF_TUN | libc::IFF_NO_PI) as _;
    let descriptor = tun.as_fd().as_raw_fd();
    // SAFETY: the descriptor is open, as it is borrowed; TUNSETIFF reads and
    // writes one `ifreq`, which is initialised and outlives the call.
    let done =
        unsafe { libc::ioctl(descriptor, libc::TUNSETIFF as _, &mut request) };
    check(done)
}

/// Sets one of a device's old boolean features (`ETHTOOL_S…`), through any
/// socket of the device's network namespace.
pub fn set_feature(
    socket: impl AsFd,
    device: &str,
    command: u32,
    on: bool,
) -> io::Result<()> {
    // struct ethtool_value of linux/ethtool.h.
    let mut value: [u32; 2] = [command, on.into()];
    let mut request = request(device)?;
    request.ifr_ifru.ifru_data = (&raw mut value).cast();
    let descriptor = socket.as_fd().as_raw_fd();
    // SAFETY: the descriptor is open, as it is borrowed; for the commands of
    // this form SIOCETHTOOL touches the request and the two numbers that it
    // points to, and both outlive the call.
    let done =
        unsafe { libc::ioctl(descriptor, libc::SIOCETHTOOL, &mut request) };
    check(done)
}

/// An `ifreq` for the device `name`.
fn request(name: &str) -> io::Result<libc::ifreq> {
    // SAFETY: `ifreq` is numbers and pointers, for which zero is a value.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    // One byte stays zero: the kernel expects a C string.
    if name.len() >= request.ifr_name.len() {
        let text = format!("{name}: a device's name has at most 15 bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    }
    for (to, from) in request.ifr_name.iter_mut().zip(name.bytes()) {
        *to = from as _;
    }
    Ok(request)
}

/// The address of a packet socket: the device's index, the protocol by its
/// Ethernet type, and for sending the receiver's hardware address.
pub fn packet_address(index: u32, protocol: u16, to: [u8; 6]) -> SockAddr {
    let mut address = [0; 8];
    address[..6].copy_from_slice(&to);
    let value = libc::sockaddr_ll {
        sll_family: libc::AF_PACKET as _,
        sll_protocol: protocol.to_be(),
        sll_ifindex: index as _,
        sll_hatype: 0,
        sll_pkttype: 0,
        sll_halen: 6,
        sll_addr: address,
    };
    let fill = |storage: *mut SockAddrStorage, length: *mut _| {
        // SAFETY: `try_init` hands out storage that is large enough and
        // aligned for any socket address, and a length to be set.
        unsafe {
            storage.cast::<libc::sockaddr_ll>().write(value);
            *length = size_of::<libc::sockaddr_ll>() as _;
        }
        Ok(())
    };
    // SAFETY: `fill` writes a whole `sockaddr_ll` and its length.
    let made = unsafe { SockAddr::try_init(fill) };
    made.expect("`fill` never fails").1
}

/// Sets a socket option that is one number.
pub fn set_option(
    socket: impl AsFd,
    level: c_int,
    option: c_int,
    value: c_int,
) -> io::Result<()> {
    // SAFETY: the descriptor is open, as it is borrowed; the kernel reads
    // the length that is said to be there.
    let done = unsafe {
        libc::setsockopt(
            socket.as_fd().as_raw_fd(),
            level,
            option,
            (&raw const value).cast(),
            size_of::<c_int>() as _,
        )
    };
    check(done)
}

/// Lets only those packets into a socket that the classic BPF `program`
/// accepts.
pub fn set_filter(
    socket: impl AsFd,
    program: &mut [libc::sock_filter],
) -> io::Result<()> {
    let filter = libc::sock_fprog {
        len: program.len() as _,
        filter: program.as_mut_ptr(),
    };
    // SAFETY: the descriptor is open, as it is borrowed; the kernel copies
    // the program, whose length is right, before the call returns.
    let done = unsafe {
        libc::setsockopt(
            socket.as_fd().as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_ATTACH_FILTER,
            (&raw const filter).cast(),
            size_of::<libc::sock_fprog>() as _,
        )
    };
    check(done)
}

/// How many packets a packet socket has lost since it was last asked.
pub fn packet_drops(socket: impl AsFd) -> io::Result<u32> {
    let mut counts = libc::tpacket_stats {
        tp_packets: 0,
        tp_drops: 0,
    };
    let mut length = size_of::<libc::tpacket_stats>() as libc::socklen_t;
    // SAFETY: the descriptor is open, as it is borrowed; the kernel writes
    // at most `length` bytes, the size of `counts`.
    let done = unsafe {
        libc::getsockopt(
            socket.as_fd().as_raw_fd(),
            libc::SOL_PACKET,
            libc::PACKET_STATISTICS,
            (&raw mut counts).cast::<c_void>(),
            &mut length,
        )
    };
    check(done).map(|()| counts.tp_drops)
}

/// Starts `command` in a network namespace, to end with the thread that
/// starts it.
pub fn start_inside(command: &mut Command, namespace: Arc<OwnedFd>) {
    let parent = Some(getpid());
    let enter = move || {
        setns(&*namespace, CloneFlags::CLONE_NEWNET)?;
        set_parent_process_death_signal(Some(Signal::KILL))?;
        // It may have died before it could be watched.
        match getppid() == parent {
            true => Ok(()),
            false => Err(io::ErrorKind::BrokenPipe.into()),
        }
    };
    // SAFETY: between fork and exec only calls that are async-signal-safe
    // are allowed: `enter` makes three system calls and allocates nothing.
    unsafe {
        command.pre_exec(enter);
    }
}

fn check(result: c_int) -> io::Result<()> {
    match result {
        0.. => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Has a test's child begin with `work`, while it has one thread.
#[cfg(test)]
pub fn begin_with(
    command: &mut Command,
    work: impl FnMut() -> io::Result<()> + Send + Sync + 'static,
) {
    // SAFETY: not kept to the letter, since what the laboratory's tests do
    // here allocates; the C libraries of Linux let a forked child do that.
    unsafe {
        command.pre_exec(work);
    }
}
