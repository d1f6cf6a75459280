//! Exercise 2, a dissector: frames that were captured come in, one line of
//! hex each; what is in them goes out.

mod frames;
mod lengths;
mod model;
mod stream;
mod words;

use self::frames::{all, damaged, line, named, padded, with};
pub use self::model::dissect;
use self::words::*;
use super::{Bench, Exchange, Exercise, Outcome, Role, Shown, Step};
use crate::peer::Peer;

pub static EXERCISE: Exercise = Exercise {
    number: 2,
    title: "a dissector that believes no length",
    role: Role::Server,
    steps: &[
        Step::new("a TCP segment in IPv4 in Ethernet", segment),
        Step::new("flags and options of TCP", tcp),
        Step::new("ARP", arp),
        Step::new("UDP, also empty and without a checksum", udp),
        Step::new("ICMP", icmp),
        Step::new("IPv6 with TCP, UDP and ICMPv6", ipv6),
        Step::new("VLAN tags", vlan),
        Step::new("options of IPv4", options),
        Step::new("extension headers of IPv6", extensions),
        Step::new("fragments", fragments),
        Step::new("types and protocols that are not taken apart", others),
        Step::hostile("padding behind the packet", padding),
        Step::hostile("frames that end anywhere", cut_anywhere),
        Step::hostile("an IPv4 header that contradicts itself", lengths::ipv4),
        Step::hostile("an IPv6 header that contradicts itself", lengths::ipv6),
        Step::hostile(
            "lengths of TCP and UDP that cannot be",
            lengths::transport,
        ),
        Step::hostile("ARP for other addresses than these", lengths::arp),
        Step::hostile("a wrong checksum is named", checksums),
        Step::hostile("200 damaged frames", at_random),
        Step::hostile("a line that is not hex", stream::not_hex),
        Step::hostile("every frame on one connection", stream::together),
        Step::hostile("lines cut anywhere", stream::in_pieces),
        Step::hostile("half a line, then the end", stream::half_a_line),
        Step::hostile("a client that leaves at once", stream::leaves),
    ],
    after: Some(stream::still_serves),
    words: WORDS,
    hint: &[
        "One function per layer. It takes the bytes that the layer around it \
         holds, and hands on the bytes that it holds itself.",
        "Before you touch byte 13, look whether there are 14: `get(..14)` \
         says None where an index would end your server.",
        "The length in the IP header says where the packet ends. What the \
         frame has behind it is padding, and belongs to nobody.",
        "A checksum is right if the 16-bit words add up to ffff, carries \
         added back in and the checksum itself among the words. For TCP, UDP \
         and ICMPv6, the pseudo-header is added too.",
    ],
};

/// Where captured frames have their checksums: each kind once.
const CHECKSUMS: [(&str, usize); 7] = [
    ("udp", 14 + 20 + 6),
    ("ipv6 udp", 14 + 40 + 6),
    ("ping", 14 + 10),
    ("ping", 14 + 20 + 2),
    ("tcp hello", 14 + 20 + 16),
    ("ipv6 ping", 14 + 40 + 2),
    ("ipv6 tcp hello", 14 + 40 + 16),
];

fn segment(bench: &mut Bench) -> Outcome {
    each(bench, &["tcp hello"], CONTRACT)
}

fn tcp(bench: &mut Bench) -> Outcome {
    let names = [
        "tcp syn",
        "tcp syn ack",
        "tcp ack",
        "tcp fin",
        "tcp refused",
    ];
    each(bench, &names, TCP)?;
    // Every flag, and none.
    let hello = named("tcp hello");
    let mut peer = bench.connect()?;
    for flags in [0, 0xff, 1 << bench.rng.u8(..8), bench.rng.u8(..)] {
        let frame = with(hello, 14 + 20 + 13, &[flags]);
        answers(&mut peer, &frame, FLAGS)?;
    }
    // The four bits between the length and the flags.
    let frame = with(hello, 14 + 20 + 12, &[hello[14 + 20 + 12] | 0xf]);
    answers(&mut peer, &frame, RESERVED)
}

fn arp(bench: &mut Bench) -> Outcome {
    each(bench, &["arp request", "arp reply"], ARP)
}

fn udp(bench: &mut Bench) -> Outcome {
    each(bench, &["udp", "udp empty", "udp without checksum"], UDP)
}

fn icmp(bench: &mut Bench) -> Outcome {
    let names = ["ping", "pong", "time exceeded", "port unreachable"];
    each(bench, &names, ICMP)
}

fn ipv6(bench: &mut Bench) -> Outcome {
    let names = [
        "ipv6 tcp syn",
        "ipv6 tcp hello",
        "ipv6 udp",
        "ipv6 ping",
        "ipv6 neighbour solicitation",
        "ipv6 neighbour advertisement",
        "ipv6 port unreachable",
    ];
    each(bench, &names, IPV6)?;
    let mut peer = bench.connect()?;
    // Behind the version come the traffic class and the flow label.
    let frame = with(named("ipv6 udp"), 14, &[0x6f, 0xff, 0xff, 0xff]);
    answers(&mut peer, &frame, RESERVED)?;
    // Next header 59 has nothing behind it, and no sum over the addresses.
    let frame = with(named("ipv6 udp"), 14 + 6, &[59]);
    answers(&mut peer, &frame, OTHER)?;
    for source in frames::ADDRESSES {
        let source = source.map(u16::to_be_bytes).concat();
        answers(&mut peer, &with(&frame, 14 + 8, &source), ADDRESS)?;
    }
    Ok(())
}

fn vlan(bench: &mut Bench) -> Outcome {
    let names = ["vlan ping", "vlan tcp hello", "vlan arp", "vlan in vlan"];
    each(bench, &names, VLAN)?;
    // The same with another priority, which is no part of the number; nor is
    // the bit between the two.
    let frame = named("vlan ping");
    let tag = [frame[14] | (bench.rng.u8(1..8) << 5), frame[15]];
    let mut peer = bench.connect()?;
    for tag in [tag, [0x10, 5], [0x0f, 0xff], [0xff, 0xff], [0, 0]] {
        answers(&mut peer, &with(frame, 14, &tag), VLAN)?;
    }
    Ok(())
}

fn options(bench: &mut Bench) -> Outcome {
    let names = ["ipv4 record route", "ipv4 timestamps", "ipv4 options tcp"];
    each(bench, &names, OPTIONS)
}

fn extensions(bench: &mut Bench) -> Outcome {
    let names = ["ipv6 hop by hop", "ipv6 destination options"];
    each(bench, &names, EXTENSION)
}

fn fragments(bench: &mut Bench) -> Outcome {
    let names = [
        "ipv4 first fragment",
        "ipv4 last fragment",
        "ipv6 first fragment",
        "ipv6 last fragment",
    ];
    each(bench, &names, FRAGMENT)?;
    // A fragment header in a packet that is whole.
    let whole = with(named("ipv6 first fragment"), 14 + 40 + 2, &[0, 0]);
    let mut peer = bench.connect()?;
    answers(&mut peer, &whole, WHOLE_FRAGMENT)?;
    // The two bits between the offset and the last one.
    let last = named("ipv6 last fragment");
    let reserved = with(last, 14 + 40 + 3, &[last[14 + 40 + 3] | 0b110]);
    answers(&mut peer, &reserved, RESERVED)?;
    // The bit in front of "don't fragment", without it and with it.
    for flags in [0x80, 0xc0] {
        let frame = with(named("tcp hello"), 14 + 6, &[flags, 0]);
        answers(&mut peer, &frames::right_ipv4(frame), NO_FRAGMENT)?;
    }
    Ok(())
}

fn others(bench: &mut Bench) -> Outcome {
    each(bench, &["igmp", "spanning tree", "provider vlan"], OTHER)?;
    let mut peer = bench.connect()?;
    // A routing header, nothing, and what only the other version has.
    for next in [43, 59, 1] {
        let frame = with(named("ipv6 ping"), 14 + 6, &[next]);
        answers(&mut peer, &frame, OTHER_VERSION)?;
    }
    for protocol in [58, 0, 60, 44] {
        let frame = with(named("ping"), 14 + 9, &[protocol]);
        let frame = frames::right_ipv4(frame);
        answers(&mut peer, &frame, OTHER_VERSION)?;
    }
    let longer = [named("spanning tree"), &[0; 8]].concat();
    answers(&mut peer, &longer, LENGTH_TYPE)
}

fn padding(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for name in ["arp request", "tcp refused", "udp", "udp empty", "igmp"] {
        let frame = padded(named(name), &mut bench.rng);
        answers(&mut peer, &frame, PADDING)?;
    }
    // More than a card would add, and behind every kind of packet.
    for name in ["tcp hello", "ipv6 tcp hello", "vlan arp", "ping"] {
        let mut frame = named(name).to_vec();
        frame.extend((0..bench.rng.usize(1..60)).map(|_| bench.rng.u8(..)));
        answers(&mut peer, &frame, PADDING)?;
    }
    Ok(())
}

fn cut_anywhere(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let names = ["tcp hello", "vlan in vlan", "ipv6 hop by hop", "arp reply"];
    for frame in names.map(named) {
        for end in 0..frame.len() {
            let likely = if end == 0 { NO_BYTES } else { CUT };
            answers(&mut peer, &frame[..end], likely)?;
        }
    }
    Ok(())
}

fn checksums(bench: &mut Bench) -> Outcome {
    flipped(bench)?;
    right_sums(bench)
}

/// One bit is another one, words are swapped, addresses are changed.
fn flipped(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    for name in ["tcp hello", "udp", "ping", "ipv6 udp", "ipv6 ping"] {
        let frame = named(name);
        let payload = frame.len() - 13;
        let at = bench.rng.usize(payload..frame.len());
        let flipped = frame[at] ^ (1 << bench.rng.u8(..8));
        answers(&mut peer, &with(frame, at, &[flipped]), CHECKSUM)?;
    }
    // The sum is blind to the order of words, and takes in the addresses.
    let frame = named("tcp hello");
    let (one, two) = (frame[66..68].to_vec(), frame[68..70].to_vec());
    let swapped = with(frame, 66, &[two, one].concat());
    answers(&mut peer, &swapped, BLIND)?;
    let ttl = with(frame, 14 + 8, &[frame[14 + 8] - 1]);
    answers(&mut peer, &ttl, CHECKSUM)?;
    let readdressed = with(frame, 14 + 16, &[10, 2, 2, 3]);
    answers(&mut peer, &readdressed, PSEUDO)?;
    let readdressed = frames::right_ipv4(readdressed);
    answers(&mut peer, &readdressed, PSEUDO)
}

/// What a sum that is right may look like, and one that is missing.
fn right_sums(bench: &mut Bench) -> Outcome {
    let mut peer = bench.connect()?;
    let none = with(named("ipv6 udp"), 14 + 40 + 6, &[0, 0]);
    answers(&mut peer, &none, NO_CHECKSUM)?;
    // The same where all words but the missing one add up to ffff.
    let none = frames::other_sum(named("ipv6 udp"), 14 + 40 + 6, 0);
    answers(&mut peer, &none, NO_CHECKSUM)?;
    // Who has come to 0 sends ffff over UDP (RFC 768): there and elsewhere
    // both make the sum right.
    for (name, at) in CHECKSUMS {
        let ones = frames::other_sum(named(name), at, 0xffff);
        answers(&mut peer, &ones, ALL_ONES)?;
        if name.contains("udp") {
            continue;
        }
        let zeros = frames::other_sum(named(name), at, 0);
        answers(&mut peer, &zeros, ALL_ZEROS)?;
    }
    // Words that are all 0 add up to 0, and to nothing else.
    let pong = named("pong");
    let zeros = with(pong, 14 + 20, &vec![0; pong.len() - 14 - 20]);
    answers(&mut peer, &zeros, SUM_OF_0)?;
    answers(&mut peer, &frames::behind_udp(), OWN_LENGTH)
}

fn at_random(bench: &mut Bench) -> Outcome {
    // Near :: libraries write addresses in two ways, and both are right.
    let plain = |it: &&[u8]| it.get(22..38) != Some(&[0; 16]);
    let captured: Vec<&[u8]> = all().filter(plain).collect();
    let mut peer = bench.connect()?;
    for _ in 0..200 {
        let frame = captured[bench.rng.usize(..captured.len())];
        let frame = damaged(frame, &mut bench.rng);
        answers(&mut peer, &frame, MODEL)?;
    }
    Ok(())
}

/// Each of these captured frames is answered rightly.
fn each(bench: &mut Bench, names: &[&str], likely: &'static str) -> Outcome {
    let mut peer = bench.connect()?;
    for name in names {
        answers(&mut peer, named(name), likely)?;
    }
    Ok(())
}

/// A frame is answered by the line that says what is in it.
fn answers(peer: &mut Peer, frame: &[u8], likely: &'static str) -> Outcome {
    let sent = line(frame);
    peer.send(sent.as_bytes());
    let expected = dissect(frame) + "\n";
    Exchange {
        sent: match frame {
            [] => Shown::words(EMPTY_LINE),
            _ => Shown::plain(sent.trim_end()),
        },
        expected: expected.as_bytes(),
        close: false,
        likely,
        show: Shown::text,
    }
    .judge(peer)
}
