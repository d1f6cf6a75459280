//! Exercise 2, headers that cannot be: a captured frame with one length made
//! wrong goes in, and must be named.

use super::super::{Bench, Outcome};
use super::answers;
use super::frames::{named, right_ipv4, with};
use super::words::*;

/// Where the header of IP begins in a frame without tags.
const IP: usize = 14;

/// Where TCP or UDP begins in it, over IPv4 without options.
const TRANSPORT: usize = IP + 20;

pub fn ipv4(bench: &mut Bench) -> Outcome {
    let hello = named("tcp hello");
    let mut peer = bench.connect()?;
    // Version 4 and a header of fewer than 5 words; another version.
    for first in [0x44, 0x40, 0x41, 0x65, 0x05, 0xf5] {
        answers(&mut peer, &with(hello, IP, &[first]), IHL)?;
    }
    // More words than the header has: the rest is read as options.
    for first in [0x46, 0x4f] {
        let frame = right_ipv4(with(hello, IP, &[first]));
        answers(&mut peer, &frame, MORE_OPTIONS)?;
    }
    // More than the packet has, though not more than the frame.
    let refused = named("tcp refused");
    answers(&mut peer, &with(refused, IP, &[0x4f]), BAD_FIRST)?;
    let options = named("ipv4 options tcp");
    for end in [IP + 20, IP + 31] {
        answers(&mut peer, &options[..end], BAD_FIRST)?;
        let bad = with(options, IP + 2, &[0, 31]);
        answers(&mut peer, &bad[..end], BAD_FIRST)?;
    }
    for total in [0, 19, 20, 21, 64, 66, 1500, 65_535] {
        let likely = match total {
            20 | 21 => IN_TRANSPORT,
            _ => TOTAL,
        };
        let total = u16::to_be_bytes(total);
        let frame = right_ipv4(with(hello, IP + 2, &total));
        answers(&mut peer, &frame, likely)?;
    }
    // No larger than 15 words, no smaller than its own header.
    for (total, likely) in [(20, TOTAL), (31, TOTAL), (32, IN_TRANSPORT)] {
        let frame = right_ipv4(with(options, IP + 2, &[0, total]));
        answers(&mut peer, &frame, likely)?;
    }
    Ok(())
}

pub fn ipv6(bench: &mut Bench) -> Outcome {
    let hello = named("ipv6 tcp hello");
    let mut peer = bench.connect()?;
    for first in [0x45, 0x00, 0x70] {
        answers(&mut peer, &with(hello, IP, &[first]), VERSION)?;
    }
    for length in [0, 19, 20, 31] {
        let frame = with(hello, IP + 4, &[0, length]);
        answers(&mut peer, &frame, IN_TRANSPORT)?;
    }
    for length in [44, 46, 65_535] {
        let length = u16::to_be_bytes(length);
        answers(&mut peer, &with(hello, IP + 4, &length), PAYLOAD_LENGTH)?;
    }
    // The length of an extension: its second byte, in units of 8 bytes.
    let extended = named("ipv6 hop by hop");
    for length in [1, 7, 255] {
        let frame = with(extended, IP + 40 + 1, &[length]);
        answers(&mut peer, &frame, EXTENSION_LENGTH)?;
    }
    // An extension after an extension, and a fragment header after it.
    for next in [0, 60, 44, 59] {
        let frame = with(extended, IP + 40, &[next]);
        answers(&mut peer, &frame, EXTENSION_LENGTH)?;
    }
    Ok(())
}

pub fn transport(bench: &mut Bench) -> Outcome {
    let hello = named("tcp hello");
    let mut peer = bench.connect()?;
    for words in [0, 4, 5, 6, 11, 12, 15] {
        let frame = with(hello, TRANSPORT + 12, &[words << 4]);
        answers(&mut peer, &frame, DATA_OFFSET)?;
    }
    // A packet that ends inside the header of TCP.
    for total in 20..=52 {
        let frame = right_ipv4(with(hello, IP + 2, &[0, total]));
        answers(&mut peer, &frame, IN_TRANSPORT)?;
    }
    let datagram = named("udp");
    for length in [0, 7, 8, 20, 22, 65_535] {
        let length = u16::to_be_bytes(length);
        let frame = with(datagram, TRANSPORT + 4, &length);
        answers(&mut peer, &frame, UDP_LENGTH)?;
    }
    for (name, header) in [("udp", 8), ("ping", 4)] {
        for total in 20..=20 + header {
            let frame = right_ipv4(with(named(name), IP + 2, &[0, total]));
            answers(&mut peer, &frame, IN_TRANSPORT)?;
        }
    }
    Ok(())
}

pub fn arp(bench: &mut Bench) -> Outcome {
    let request = named("arp request");
    let mut peer = bench.connect()?;
    // Of hardware, of protocol, and the lengths of both.
    for (at, byte) in [(1, 6), (2, 0x86), (4, 8), (5, 16), (4, 255), (5, 0)] {
        answers(&mut peer, &with(request, IP + at, &[byte]), ARP)?;
    }
    // Bad, and cut as well: whether it is all there is looked at first.
    let cut = with(request, IP + 4, &[8]);
    answers(&mut peer, &cut[..IP + 20], CUT_FIRST)?;
    let operation = bench.rng.u16(3..).to_be_bytes();
    answers(&mut peer, &with(request, IP + 6, &operation), ARP)
}
