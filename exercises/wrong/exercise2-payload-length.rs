//! Caught by: a TCP segment in IPv4 in Ethernet
//!
//! The pseudo-header of TCP holds the length of the payload alone.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener, TcpStream};

/// Longest line, in bytes, with its ending.
const MAX_LINE: u64 = 4096;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        // One client's error ends its conversation, not the server.
        if let Err(error) = stream.and_then(serve) {
            eprintln!("a client was dropped: {error}");
        }
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    loop {
        let mut line = Vec::new();
        lines.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
        // Half a line: its client has ended, or never ends it.
        let Some(hex) = line.strip_suffix(b"\n") else {
            return Ok(());
        };
        let answer = bytes(hex).map(|frame| parse(&frame));
        let answer = answer.unwrap_or_else(|| "bad line".to_owned());
        stream.write_all(format!("{answer}\n").as_bytes())?;
    }
}

fn bytes(hex: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let byte = |pair: &[u8]| match *pair {
        [high, low] => Some((digit(high)? * 16 + digit(low)?) as u8),
        _ => None,
    };
    hex.chunks(2).map(byte).collect()
}

/// What is in a frame, from the outside in.
pub fn parse(frame: &[u8]) -> String {
    let mut line = Line::default();
    if let Err(problem) = ethernet(frame, &mut line) {
        line.parts.push(problem);
    } else if line.padding > 0 {
        line.parts.push(format!("padding {}", line.padding));
    }
    line.parts.join(", ")
}

#[derive(Default)]
struct Line {
    parts: Vec<String>,
    /// Bytes that are in no layer.
    padding: usize,
}

impl Line {
    fn add(&mut self, part: String) {
        self.parts.push(part);
    }

    fn payload(&mut self, bytes: &[u8]) -> Layer {
        self.add(format!("payload {}", bytes.len()));
        Ok(())
    }
}

/// The last part of a line that ends early is its error.
type Layer = Result<(), String>;

fn ethernet(frame: &[u8], line: &mut Line) -> Layer {
    let (header, mut rest) = header::<14>(frame, "ethernet")?;
    let address = |at: usize| {
        let bytes = header[at..at + 6].iter();
        let bytes: Vec<_> = bytes.map(|byte| format!("{byte:02x}")).collect();
        bytes.join(":")
    };
    line.add(format!("ethernet {} {}", address(6), address(0)));
    let mut kind = u16::from_be_bytes([header[12], header[13]]);
    while kind == 0x8100 {
        let (tag, inner) = self::header::<4>(rest, "vlan")?;
        let number = u16::from_be_bytes([tag[0], tag[1]]) & 0xfff;
        line.add(format!("vlan {number}"));
        kind = u16::from_be_bytes([tag[2], tag[3]]);
        rest = inner;
    }
    match kind {
        0x0800 => ipv4(rest, line),
        0x0806 => arp(rest, line),
        0x86dd => ipv6(rest, line),
        other => {
            line.add(format!("type {other:04x}"));
            line.payload(rest)
        }
    }
}

fn arp(bytes: &[u8], line: &mut Line) -> Layer {
    let (packet, rest) = header::<28>(bytes, "arp")?;
    // Ethernet and IPv4, with addresses of 6 and 4 bytes.
    if packet[..6] != [0, 1, 8, 0, 6, 4] {
        return Err("bad arp".to_owned());
    }
    let operation = u16::from_be_bytes([packet[6], packet[7]]);
    let (sender, target) = (ipv4_at(packet, 14), ipv4_at(packet, 24));
    line.add(format!("arp {operation} {sender} {target}"));
    line.padding += rest.len();
    Ok(())
}

fn ipv4(bytes: &[u8], line: &mut Line) -> Layer {
    let (fixed, _) = header::<20>(bytes, "ipv4")?;
    let length = usize::from(fixed[0] & 15) * 4;
    let total = usize::from(u16::from_be_bytes([fixed[2], fixed[3]]));
    if fixed[0] >> 4 != 4 || length < 20 || total < length {
        return Err("bad ipv4".to_owned());
    }
    let header = bytes.get(..length).ok_or("truncated ipv4")?;
    let (source, destination) = (ipv4_at(fixed, 12), ipv4_at(fixed, 16));
    line.add(format!(
        "ipv4 {source} {destination} ttl {} options {} checksum {}",
        fixed[8],
        length - 20,
        verdict(&[header]),
    ));
    let packet = within(bytes, total, line)?;
    let rest = &packet[length..];
    let fragment = u16::from_be_bytes([fixed[6], fixed[7]]);
    // "More fragments" is the bit above the offset.
    if fragment & 0x3fff != 0 {
        line.add(format!("fragment {}", (fragment & 0x1fff) * 8));
        return line.payload(rest);
    }
    match fixed[9] {
        1 => icmp("icmp", &[], rest, line),
        protocol => transport(protocol, &fixed[12..20], rest, line),
    }
}

fn ipv6(bytes: &[u8], line: &mut Line) -> Layer {
    let (fixed, _) = header::<40>(bytes, "ipv6")?;
    if fixed[0] >> 4 != 6 {
        return Err("bad ipv6".to_owned());
    }
    let (source, destination) = (ipv6_at(fixed, 8), ipv6_at(fixed, 24));
    line.add(format!("ipv6 {source} {destination} hops {}", fixed[7]));
    let length = usize::from(u16::from_be_bytes([fixed[4], fixed[5]]));
    let mut rest = &within(bytes, 40 + length, line)?[40..];
    let mut next = fixed[6];
    while let 0 | 60 = next {
        let (start, _) = header::<8>(rest, "extension")?;
        let length = (usize::from(start[1]) + 1) * 8;
        let after = rest.get(length..).ok_or("truncated extension")?;
        line.add(format!("extension {next}"));
        next = start[0];
        rest = after;
    }
    let addresses = &fixed[8..40];
    match next {
        44 => {
            let (start, rest) = header::<8>(rest, "fragment")?;
            let offset = u16::from_be_bytes([start[2], start[3]]) & 0xfff8;
            line.add(format!("fragment {offset}"));
            line.payload(rest)
        }
        58 => {
            let pseudo = pseudo(addresses, rest.len(), 58);
            icmp("icmpv6", &pseudo, rest, line)
        }
        _ => transport(next, addresses, rest, line),
    }
}

fn transport(
    protocol: u8,
    addresses: &[u8],
    bytes: &[u8],
    line: &mut Line,
) -> Layer {
    match protocol {
        6 => tcp(addresses, bytes, line),
        17 => udp(addresses, bytes, line),
        other => {
            line.add(format!("protocol {other}"));
            line.payload(bytes)
        }
    }
}

fn tcp(addresses: &[u8], bytes: &[u8], line: &mut Line) -> Layer {
    let (fixed, _) = header::<20>(bytes, "tcp")?;
    let length = usize::from(fixed[12] >> 4) * 4;
    if length < 20 {
        return Err("bad tcp".to_owned());
    }
    let rest = bytes.get(length..).ok_or("truncated tcp")?;
    let pseudo = pseudo(addresses, rest.len(), 6);
    line.add(format!(
        "tcp {} {} {} options {} checksum {}",
        u16::from_be_bytes([fixed[0], fixed[1]]),
        u16::from_be_bytes([fixed[2], fixed[3]]),
        flags(fixed[13]),
        length - 20,
        verdict(&[&pseudo, bytes]),
    ));
    line.payload(rest)
}

fn flags(bits: u8) -> String {
    let names = ["CWR", "ECE", "URG", "ACK", "PSH", "RST", "SYN", "FIN"];
    let set = |(bit, name)| (bits & (0x80u8 >> bit) != 0).then_some(name);
    let set: Vec<&str> =
        names.into_iter().enumerate().filter_map(set).collect();
    match set.is_empty() {
        true => "none".to_owned(),
        false => set.join("+"),
    }
}

fn udp(addresses: &[u8], bytes: &[u8], line: &mut Line) -> Layer {
    let (fixed, _) = header::<8>(bytes, "udp")?;
    let length = usize::from(u16::from_be_bytes([fixed[4], fixed[5]]));
    if length < 8 || length > bytes.len() {
        return Err("bad udp".to_owned());
    }
    let datagram = within(bytes, length, line)?;
    let pseudo = pseudo(addresses, length, 17);
    let checksum = match (fixed[6], fixed[7], addresses.len()) {
        // Two IPv4 addresses: the sender may have taken no sum.
        (0, 0, 8) => "none",
        (0, 0, _) => "wrong",
        _ => verdict(&[&pseudo, datagram]),
    };
    line.add(format!(
        "udp {} {} checksum {checksum}",
        u16::from_be_bytes([fixed[0], fixed[1]]),
        u16::from_be_bytes([fixed[2], fixed[3]]),
    ));
    line.payload(&datagram[8..])
}

fn icmp(name: &str, pseudo: &[u8], bytes: &[u8], line: &mut Line) -> Layer {
    let (start, rest) = header::<4>(bytes, name)?;
    let checksum = verdict(&[pseudo, bytes]);
    line.add(format!(
        "{name} {} {} checksum {checksum}",
        start[0], start[1]
    ));
    line.payload(rest)
}

/// The first bytes, if there are so many, and the rest.
fn header<'a, const N: usize>(
    bytes: &'a [u8],
    name: &str,
) -> Result<(&'a [u8; N], &'a [u8]), String> {
    let split = bytes.split_first_chunk();
    split.ok_or_else(|| format!("truncated {name}"))
}

/// The first `length` bytes; what is behind them is padding.
fn within<'a>(
    bytes: &'a [u8],
    length: usize,
    line: &mut Line,
) -> Result<&'a [u8], String> {
    let Some((inside, outside)) = bytes.split_at_checked(length) else {
        return Err(format!("short {}", length - bytes.len()));
    };
    line.padding += outside.len();
    Ok(inside)
}

/// What the sums of TCP, UDP and ICMPv6 take in of IP's header. The order of
/// its fields and the zeros between them change nothing in a sum.
fn pseudo(addresses: &[u8], length: usize, protocol: u8) -> Vec<u8> {
    let length = (length as u32).to_be_bytes();
    [addresses, &length, &[0, protocol]].concat()
}

/// Whether all words of the parts add up to ffff, carries added back in.
/// Each part but the last has an even number of bytes.
fn verdict(parts: &[&[u8]]) -> &'static str {
    let words = parts.iter().flat_map(|part| part.chunks(2));
    let word = |pair: &[u8]| {
        let low = pair.get(1).copied().unwrap_or(0);
        u32::from(u16::from_be_bytes([pair[0], low]))
    };
    let mut sum: u32 = words.map(word).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    if sum == 0xffff { "ok" } else { "wrong" }
}

fn ipv4_at(bytes: &[u8], at: usize) -> Ipv4Addr {
    Ipv4Addr::from(std::array::from_fn::<u8, 4, _>(|index| bytes[at + index]))
}

fn ipv6_at(bytes: &[u8], at: usize) -> Ipv6Addr {
    Ipv6Addr::from(std::array::from_fn::<u8, 16, _>(|index| bytes[at + index]))
}
