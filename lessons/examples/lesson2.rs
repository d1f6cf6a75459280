//! Lesson 2: Your 13 bytes travel inside three envelopes.
//!
//!     cargo run --example lesson2
//!
//! Captured frames are opened, envelope by envelope: lesson 1's, and one that
//! went through a router. Then the same 13 bytes leave in smaller envelopes.
// house: allow length: three envelopes, a file of frames, and the formula.

use std::error::Error;
use std::net::UdpSocket;
use std::time::Duration;

use etherparse::{Ethernet2Slice, Ipv4Slice, TcpSlice};
use lessons::formulas::efficiency;

const GREETING: &[u8] = b"Hello, World!";

/// What lesson 1 put on the wire, as the laboratory recorded it.
const LESSON1: &[u8] = include_bytes!("../../tests/snapshots/lesson1.pcapng");

/// The same greeting on two Ethernets, with a router between them.
const ROUTER: &[u8] = include_bytes!("lesson2.pcapng");

/// Link types, as capture files number them.
const ETHERNET: u32 = 1;
const RAW_IP: u32 = 101;

type Fallible<T> = Result<T, Box<dyn Error>>;

fn main() -> Fallible<()> {
    let (link, frames) = greetings(LESSON1).ok_or("the capture is cut")?;
    let [loopback] = frames[..] else {
        return Err("lesson 1 greets once".into());
    };
    println!("on the loopback, from lesson 1's recording");
    show(&open(link, loopback)?)?;

    let (link, frames) = greetings(ROUTER).ok_or("the capture is cut")?;
    let [before, behind] = frames[..] else {
        return Err("one segment, captured twice".into());
    };
    println!("on an Ethernet, in front of a router");
    show(&open(link, before)?)?;
    println!("the bytes that differ behind the router");
    compare(&open(link, before)?, &open(link, behind)?);

    let mut damaged = behind.to_vec();
    damaged[behind.len() - 1] ^= 1;
    println!("with one bit of the payload flipped");
    for Envelope { name, says, .. } in &open(link, &damaged)?[1..3] {
        println!("  {name:<8} {says}");
    }

    send_datagram()?;
    println!("η = m/(m+h)                       m = 1       13     1460");
    cost("UDP on IPv4", 8 + 20)?;
    cost("TCP on IPv4", 20 + 20)?;
    cost("the same, on an Ethernet", 20 + 20 + 14)
}

// ANCHOR: open
pub struct Envelope<'a> {
    name: &'static str,
    /// Its header. What is inside all envelopes has none, and stands here.
    bytes: &'a [u8],
    says: String,
}

/// Opens one envelope after another: each holds the next.
pub fn open(link: u32, frame: &[u8]) -> Fallible<Vec<Envelope<'_>>> {
    let mut opened = Vec::new();
    let mut add =
        |name, bytes, says| opened.push(Envelope { name, bytes, says });
    let packet = match link {
        ETHERNET => {
            let frame = Ethernet2Slice::from_slice_without_fcs(frame)?;
            let (header, packet) = frame.slice().split_at(14);
            let says = format!("type {:04x}", frame.ether_type().0);
            add("Ethernet", header, says);
            packet
        }
        RAW_IP => frame,
        other => return Err(format!("link type {other}").into()),
    };
    let slice = Ipv4Slice::from_slice(packet)?;
    let ip = slice.header().to_header();
    let sum = verdict(ip.calc_header_checksum() == ip.header_checksum);
    let from = slice.header().source_addr();
    let to = slice.header().destination_addr();
    let says = format!("{from} to {to}, TTL {}, {sum}", ip.time_to_live);
    add("IPv4", &packet[..ip.header_len()], says);

    let tcp = TcpSlice::from_slice(slice.payload().payload)?;
    // This sum takes in IP's addresses: it fails at a wrong host, too.
    let sum = tcp.calc_checksum_ipv4(ip.source, ip.destination)?;
    let sum = verdict(sum == tcp.checksum());
    let (from, to) = (tcp.source_port(), tcp.destination_port());
    add("TCP", tcp.header_slice(), format!("{from} to {to}, {sum}"));

    let text = String::from_utf8_lossy(tcp.payload());
    add("payload", tcp.payload(), format!("{text:?}"));
    Ok(opened)
}
// ANCHOR_END: open

fn verdict(holds: bool) -> &'static str {
    match holds {
        true => "checksum right",
        false => "checksum WRONG",
    }
}

fn show(envelopes: &[Envelope]) -> Fallible<()> {
    for Envelope { name, bytes, says } in envelopes {
        println!("  {name:<8} {:>2} bytes: {says}", bytes.len());
        for row in bytes.chunks(16) {
            let row: Vec<_> = row.iter().map(|b| format!("{b:02x}")).collect();
            println!("           {}", row.join(" "));
        }
    }
    let frame: usize = envelopes.iter().map(|one| one.bytes.len()).sum();
    let message = GREETING.len();
    println!(
        "  η = {message}/{frame} = {:.1} % ({:.1} %)",
        100.0 * message as f64 / frame as f64,
        100.0 * efficiency(message as u64, (frame - message) as u64)?,
    );
    Ok(())
}

// ANCHOR: compare
fn compare(before: &[Envelope], behind: &[Envelope]) {
    for (one, other) in before.iter().zip(behind) {
        print!("  {:<8}", one.name);
        if one.bytes == other.bytes {
            print!(" none");
        }
        let pairs = one.bytes.iter().zip(other.bytes).enumerate();
        for (at, (old, new)) in pairs.filter(|(_, (old, new))| old != new) {
            print!(" [{at}] {old:02x}→{new:02x}");
        }
        println!();
    }
}
// ANCHOR_END: compare

// ANCHOR: datagram
/// No connection, no options: 8 bytes of UDP instead of 32 of TCP.
fn send_datagram() -> Fallible<()> {
    let receiver = UdpSocket::bind("127.0.0.1:0")?;
    receiver.set_read_timeout(Some(Duration::from_secs(1)))?;
    let sender = UdpSocket::bind("127.0.0.1:0")?;
    sender.send_to(GREETING, receiver.local_addr()?)?;
    let mut buffer = [0; 64];
    let n = receiver.recv(&mut buffer)?;
    println!("now as a datagram: {n} bytes came");
    Ok(())
}
// ANCHOR_END: datagram

// ANCHOR: cost
fn cost(what: &str, headers: u64) -> Fallible<()> {
    print!("  {what:<24} h = {headers}");
    for message in [1, 13, 1460] {
        print!("  {:>5.1} %", 100.0 * efficiency(message, headers)?);
    }
    println!();
    Ok(())
}
// ANCHOR_END: cost

/// The link type of a pcapng, and its frames that hold the greeting.
pub fn greetings(mut file: &[u8]) -> Option<(u32, Vec<&[u8]>)> {
    let number = |bytes: &[u8]| Some(u32::from_le_bytes(*bytes.first_chunk()?));
    let (mut link, mut frames) = (0, Vec::new());
    // Blocks: a kind, a length, a body, and the length again.
    while let Some(kind) = number(file) {
        let length = number(file.get(4..)?)?.max(12) as usize;
        let block = file.get(..length)?;
        match kind {
            1 => link = number(block.get(8..)?)? & 0xffff,
            6 => {
                let length = number(block.get(20..)?)? as usize;
                frames.push(block.get(28..28 + length)?);
            }
            _ => {}
        }
        file = &file[block.len()..];
    }
    frames.retain(|frame| frame.ends_with(GREETING));
    Some((link, frames))
}
