//! Exercise 20, a file over UDP: a network that loses, doubles and reorders,
//! and a receiver behind it; whether the file comes through, and at what
//! price, comes out.

use std::time::Duration;

use super::{Bench, Exercise, Outcome, Role, Step, Stop};

mod line;
mod receiver;
mod transfer;
mod words;

use self::line::{Impairment, Sent};
use self::receiver::{Says, ack};
use self::transfer::{Plan, play};
use self::words::*;

/// How far each packet is held back that is overtaken.
const HELD_BACK: Duration = Duration::from_millis(15);

pub static EXERCISE: Exercise = Exercise {
    number: 20,
    title: "a file through a network that loses",
    role: Role::Client,
    steps: &[
        Step::new("a file of one packet", one_packet),
        Step::new("100 packets, and the last one is short", short_end),
        Step::new("no more than the window is on its way", small_window),
        Step::new("the first HELLO and the first START are lost", hello_lost),
        Step::new("the last packet is lost, twice", last_lost),
        Step::new("the last ACK is lost, three times", last_ack_lost),
        Step::new("every second ACK is lost, the others come twice", few_acks),
        Step::new("a gap holds the window up", gap),
        Step::new("packets overtake each other, none is lost", overtaken),
        Step::new(
            "ACKs for what was never sent, and very old ones",
            false_acks,
        ),
        Step::new("a stranger says that all has arrived", stranger),
        Step::new("bytes that are no answer at all", garbage),
        Step::new("the receiver is silent for a second", silent),
        Step::new("one in five lost each way, and the rest in disorder", storm),
    ],
    after: None,
    words: WORDS,
    hint: &[
        "Keep a table: for each packet of the window, whether it was \
         acknowledged and when it was sent last.",
        "Wait with a read timeout for the next answer; take all answers that \
         have arrived; then send again what is older than the timeout, then \
         what the window allows.",
        "The timeout follows the round trips that you measure: SRTT + 4 · \
         RTTVAR, never below 100 ms. A packet that was sent twice measures \
         nothing.",
        "Check an answer before you believe it: its sender, its length, its \
         first byte, and whether all it names was ever sent.",
    ],
};

/// What most steps have: a line of 10 ms each way.
fn plan(packets: u32, window: u16) -> Plan {
    Plan {
        size: packets * 500,
        window,
        line: Impairment::default(),
        most: packets * 2 + 20,
        within: None,
        likely: NO_END,
        lost: |_| false,
        lost_ack: |_, _| false,
        says: |_, _| Vec::new(),
        stranger: false,
        silence: None,
    }
}

fn one_packet(bench: &mut Bench) -> Outcome {
    let size = bench.rng.u32(1..500);
    play(bench, &Plan { size, ..plan(1, 8) })
}

fn short_end(bench: &mut Bench) -> Outcome {
    let size = 99 * 500 + bench.rng.u32(1..500);
    play(
        bench,
        &Plan {
            size,
            ..plan(100, 100)
        },
    )
}

fn small_window(bench: &mut Bench) -> Outcome {
    let window = bench.rng.u16(4..8);
    play(
        bench,
        &Plan {
            likely: NO_WINDOW,
            ..plan(60, window)
        },
    )
}

fn hello_lost(bench: &mut Bench) -> Outcome {
    let lost = |sent: Sent| sent.number.is_none() && sent.attempt == 1;
    let lost_ack = |what, attempt| what == Says::Start && attempt == 1;
    let likely = HELLO_AGAIN;
    play(
        bench,
        &Plan {
            lost,
            lost_ack,
            likely,
            ..plan(10, 8)
        },
    )
}

fn last_lost(bench: &mut Bench) -> Outcome {
    let lost = |sent: Sent| sent.number == Some(19) && sent.attempt <= 2;
    play(
        bench,
        &Plan {
            lost,
            likely: TAIL,
            ..plan(20, 8)
        },
    )
}

fn last_ack_lost(bench: &mut Bench) -> Outcome {
    let lost_ack = |what, attempt| what == Says::All && attempt <= 3;
    play(
        bench,
        &Plan {
            lost_ack,
            likely: LAST_ACK,
            ..plan(20, 8)
        },
    )
}

fn few_acks(bench: &mut Bench) -> Outcome {
    // Each packet comes twice, and so is acknowledged twice.
    let lost_ack =
        |what, attempt| what == Says::Ack && (attempt - 1) / 2 % 2 == 1;
    let line = Impairment {
        duplicate: 1.0,
        ..Impairment::default()
    };
    play(
        bench,
        &Plan {
            line,
            lost_ack,
            likely: NEXT_IS_ALL,
            ..plan(60, 16)
        },
    )
}

fn gap(bench: &mut Bench) -> Outcome {
    let lost = |sent: Sent| sent.number == Some(10) && sent.attempt <= 2;
    let likely = MASK;
    play(
        bench,
        &Plan {
            lost,
            likely,
            ..plan(60, 8)
        },
    )
}

fn overtaken(bench: &mut Bench) -> Outcome {
    let line = Impairment {
        reorder: 0.3,
        ..Impairment::default()
    };
    let (most, likely) = (125, IMPATIENT);
    play(
        bench,
        &Plan {
            line,
            most,
            likely,
            ..plan(100, 32)
        },
    )
}

fn false_acks(bench: &mut Bench) -> Outcome {
    // No window is as far as 20, so none of these was ever sent.
    let says = |number: u32, packets: u32| match number {
        1 => vec![ack(packets, 0), ack(packets + 1, 0), ack(u32::MAX, 1)],
        3 => vec![ack(0, u32::MAX), ack(1, 1 << 31)],
        30 => vec![ack(1, 0), ack(0, 0)],
        // Whoever takes back what was acknowledged sends it all again.
        // So does who begins again at a second START, here of 80,000 bytes.
        60.. => vec![ack(0, 0), b"S\0\x01\x38\x80\0\x08".into()],
        _ => Vec::new(),
    };
    // While the last packet is missing, nothing new corrects the old ones.
    let lost = |sent: Sent| sent.number == Some(159) && sent.attempt <= 2;
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

fn stranger(bench: &mut Bench) -> Outcome {
    let lost = |sent: Sent| sent.number == Some(10) && sent.attempt == 1;
    let likely = ANYBODY;
    play(
        bench,
        &Plan {
            stranger: true,
            lost,
            likely,
            ..plan(60, 8)
        },
    )
}

fn garbage(bench: &mut Bench) -> Outcome {
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

fn silent(bench: &mut Bench) -> Outcome {
    let silence = Some((20, Duration::from_secs(1)));
    play(
        bench,
        &Plan {
            silence,
            likely: NO_PATIENCE,
            ..plan(100, 8)
        },
    )
}

fn storm(bench: &mut Bench) -> Outcome {
    match one_storm(bench) {
        // Luck may be bad once: the last packets lost, and lost again.
        Err(Stop::Failed(failure)) if failure.likely == TOO_SLOW => {
            one_storm(bench)
        }
        outcome => outcome,
    }
}

fn one_storm(bench: &mut Bench) -> Outcome {
    let line = Impairment {
        loss: 0.2,
        duplicate: 0.05,
        reorder: 0.1,
    };
    let within = Some(Duration::from_secs(3));
    let likely = TOO_SLOW;
    play(
        bench,
        &Plan {
            line,
            within,
            likely,
            ..plan(150, 32)
        },
    )
}
