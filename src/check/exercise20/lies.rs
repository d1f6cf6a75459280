//! What must not be believed: datagrams that are false, malformed or from
//! somebody else go in; whether they did harm comes out.

use super::line::Sent;
use super::plan::{Plan, plan};
use super::receiver::{ack, start};
use super::stranger::Who;
use super::transfer::play;
use super::words::*;
use crate::check::{Bench, Outcome};

pub fn false_acks(bench: &mut Bench) -> Outcome {
    // No window is as far as 20, so none of these was ever sent.
    let says = |number: u32, packets: u32| match number {
        1 => vec![ack(packets, 0), ack(packets + 1, 0), ack(u32::MAX, 1)],
        3 => vec![ack(0, u32::MAX), ack(1, 1 << 31)],
        // Packet 10 was sent, and is lost; 41 and 43 were not: nothing of
        // it counts.
        12..16 => vec![ack(11, 1 << 31), ack(9, 1 | 1 << 31)],
        30 => vec![ack(1, 0), ack(0, 0)],
        // Whoever takes back what was acknowledged sends it all again.
        // So does who begins again at a second START, here of 80,000 bytes.
        60.. => vec![ack(0, 0), start(80_000, 8)],
        _ => Vec::new(),
    };
    // While the last packet is missing, nothing new corrects the old ones.
    let lost = |sent: Sent| match sent.number {
        Some(10) => sent.attempt == 1,
        Some(159) => sent.attempt <= 2,
        _ => false,
    };
    play(
        bench,
        &Plan {
            says,
            lost,
            likely: FALSE_ACK,
            ..plan(160, 8)
        },
    )
}

pub fn stranger(bench: &mut Bench) -> Outcome {
    a_stranger(bench, Who::OtherPort, ANYBODY)
}

pub fn other_host(bench: &mut Bench) -> Outcome {
    a_stranger(bench, Who::OtherHost, ANY_HOST)
}

fn a_stranger(bench: &mut Bench, who: Who, likely: &'static str) -> Outcome {
    let lost = |sent: Sent| sent.number == Some(10) && sent.attempt == 1;
    let stranger = Some(who);
    play(
        bench,
        &Plan {
            stranger,
            lost,
            likely,
            ..plan(40, 8)
        },
    )
}

pub fn garbage(bench: &mut Bench) -> Outcome {
    let lost = |sent: Sent| sent.number == Some(10) && sent.attempt == 1;
    let says = |number: u32, _| match number {
        // Before START: a file of one packet, in two wrong lengths.
        0 => vec![b"S\0\0\x01\xf4\0".into(), b"S\0\0\x01\xf4\0\x08\0".into()],
        // Only the length is wrong: packet 10 was sent, and has not come.
        12..20 => {
            vec![b"A\0\0\0\x0b\0\0\0".into(), b"A\0\0\0\x0b\0\0\0\0\0".into()]
        }
        1..12 => vec![
            Vec::new(),
            b"A".into(),
            b"A\0\0\0\x3c\0\0\0".into(),
            b"A\0\0\0\x3c\0\0\0\0\0".into(),
            b"a\0\0\0\x3c\0\0\0\0".into(),
            vec![0xff; 1400],
        ],
        _ => Vec::new(),
    };
    play(
        bench,
        &Plan {
            lost,
            says,
            likely: NO_PARSER,
            ..plan(60, 8)
        },
    )
}
