//! Lesson 3: What is cut up can be put together again, in any order.
//!
//!     cargo run --example lesson3
//!
//! A network shuffles packets, doubles one and loses another. Watch the sums
//! agree where the message is broken, and the offsets name the hole.
// house: allow length: both ends of the wire, and the count by the formula.

use std::error::Error;
use std::io::{
    self,
    ErrorKind::{TimedOut, WouldBlock},
};
use std::net::UdpSocket;
use std::ops::Range;
use std::time::Duration;

use fastrand::Rng;
use lessons::formulas::{self, OutOfDomain};

const MESSAGE: &[u8] = b"cut it up and put it together!";

#[derive(Clone)]
struct Packet {
    /// Where its bytes stand in the message, counted from 0.
    offset: usize,
    bytes: Vec<u8>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let sent = cut(MESSAGE, 6);
    show("sent", &sent);
    // A seed makes chance repeat itself: the same shuffle on every machine.
    let mut rng = Rng::with_seed(7);
    let mut arrived = sent.clone();
    rng.shuffle(&mut arrived);
    show("arrived, in another order", &carry(&arrived)?);

    let twice = rng.usize(..sent.len());
    arrived.push(arrived[twice].clone());
    show("arrived, one of them twice", &carry(&arrived)?);

    let another = (twice + rng.usize(1..sent.len())) % sent.len();
    let lost = arrived.remove(another);
    show("arrived, one twice and another one lost", &carry(&arrived)?);

    arrived.push(lost);
    show("arrived, the lost one sent again", &carry(&arrived)?);

    println!("10,000 bytes: counted, and by the formula");
    // The defaults of TCP over IPv4 and IPv6, then those of an Ethernet.
    compare(536, 20 + 20)?;
    compare(1220, 20 + 40)?;
    compare(1460, 20 + 20)?;
    Ok(compare(1440, 20 + 40)?)
}

// ANCHOR: cut
/// Cuts a message into packets of at most `mss` bytes.
fn cut(message: &[u8], mss: usize) -> Vec<Packet> {
    let mut packets = Vec::new();
    for bytes in message.chunks(mss) {
        let offset = packets.len() * mss;
        let bytes = bytes.to_vec();
        packets.push(Packet { offset, bytes });
    }
    packets
}
// ANCHOR_END: cut

// ANCHOR: carry
/// Sends each packet as a datagram, in this order, and takes what arrives.
fn carry(packets: &[Packet]) -> io::Result<Vec<Packet>> {
    let receiver = UdpSocket::bind("127.0.0.1:0")?;
    // A datagram may be lost: who waits for it waits no longer than this.
    receiver.set_read_timeout(Some(Duration::from_millis(300)))?;
    let sender = UdpSocket::bind("127.0.0.1:0")?;
    sender.connect(receiver.local_addr()?)?;
    for Packet { offset, bytes } in packets {
        let header = (*offset as u16).to_be_bytes();
        sender.send(&[&header[..], bytes].concat())?;
    }
    let mut arrived = Vec::new();
    for _ in packets {
        let mut datagram = [0; 64];
        let n = match receiver.recv(&mut datagram) {
            Ok(n) => n,
            // Both names of a timeout: nothing more is on its way.
            Err(e) if matches!(e.kind(), WouldBlock | TimedOut) => break,
            Err(e) => return Err(e),
        };
        // Anybody may send to this port, also one byte.
        if let Some((header, bytes)) = datagram[..n].split_first_chunk() {
            let offset = u16::from_be_bytes(*header).into();
            let bytes = bytes.to_vec();
            arrived.push(Packet { offset, bytes });
        }
    }
    Ok(arrived)
}
// ANCHOR_END: carry

// ANCHOR: reassemble
/// The message, whatever order its packets came in; or else its first gap.
fn reassemble(
    total: usize,
    arrived: &[Packet],
) -> Result<Vec<u8>, Range<usize>> {
    let mut message = vec![0; total];
    let mut known = vec![false; total];
    for packet in arrived {
        // We cut it, so it fits. A stranger's offset is checked first.
        let place = packet.offset..packet.offset + packet.bytes.len();
        message[place.clone()].copy_from_slice(&packet.bytes);
        known[place].fill(true);
    }
    match known.iter().position(|known| !known) {
        None => Ok(message),
        Some(start) => {
            let hole = known[start..].iter().take_while(|known| !**known);
            Err(start..start + hole.count())
        }
    }
}
// ANCHOR_END: reassemble

fn show(what: &str, packets: &[Packet]) {
    println!("{what}");
    for Packet { offset, bytes } in packets {
        print!("  {offset} {:?}", String::from_utf8_lossy(bytes));
    }
    println!();
    let sum: usize = packets.iter().map(|packet| packet.bytes.len()).sum();
    match reassemble(MESSAGE.len(), packets) {
        Ok(message) if message == MESSAGE => {
            println!("  = {sum} bytes, and the message is whole");
        }
        Ok(_) => println!("  = {sum} bytes, but of another message"),
        Err(Range { start, end }) => {
            println!("  = {sum} bytes, but {start}..{end} is missing");
        }
    }
}

// ANCHOR: compare
fn compare(mss: u64, headers: u64) -> Result<(), OutOfDomain> {
    let packets = cut(&[0; 10_000], mss as usize);
    let sizes = packets.iter().map(|p| p.bytes.len() as u64 + headers);
    let sent = formulas::sent(&sizes.collect::<Vec<u64>>())?;
    let share = (sent - 10_000) as f64 / sent as f64;
    println!(
        "  MSS {mss:>4}: n = {} ({}), headers {:.1} % ({:.1} %)",
        packets.len(),
        formulas::packets(10_000, mss)?,
        100.0 * share,
        100.0 * formulas::overhead(10_000, mss, headers)?,
    );
    Ok(())
}
// ANCHOR_END: compare
