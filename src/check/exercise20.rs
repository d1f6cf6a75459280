//! Exercise 20, a file over UDP: a network that loses, doubles and reorders,
//! and a receiver behind it; whether the file comes through, and at what
//! price, comes out.

use std::time::Duration;

use super::{Bench, Exercise, Outcome, Role, Step, Stop};

mod lies;
mod line;
mod plan;
mod receiver;
mod stranger;
mod transfer;
mod words;

use self::line::{Impairment, Sent};
use self::plan::{Plan, plan};
use self::receiver::Says;
use self::transfer::play;
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
        Step::new("what is lost is sent again, after 100 ms or more", waits),
        Step::new(
            "ACKs for what was never sent, and very old ones",
            lies::false_acks,
        ),
        Step::new("a stranger says that all has arrived", lies::stranger),
        Step::new("another host says so, from the same port", lies::other_host),
        Step::new("bytes that are no answer at all", lies::garbage),
        Step::new("the receiver is silent for two seconds", silent),
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
            together: true,
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
    // Two gaps: a program that a busy machine stopped in one of them has
    // shown nothing.
    let lost =
        |sent: Sent| matches!(sent.number, Some(10 | 30)) && sent.attempt <= 2;
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

/// Each in a round of its own: they are late one by one, if they are.
fn waits(bench: &mut Bench) -> Outcome {
    let lost = |sent: Sent| {
        sent.attempt == 1 && sent.number.is_some_and(|it| it % 8 == 4)
    };
    let wait = Some(Duration::from_millis(100));
    play(
        bench,
        &Plan {
            lost,
            wait,
            likely: TOO_SOON,
            ..plan(40, 8)
        },
    )
}

fn silent(bench: &mut Bench) -> Outcome {
    let silence = Some((20, Duration::from_secs(2)));
    play(
        bench,
        &Plan {
            silence,
            likely: NO_PATIENCE,
            // Every 100 ms all of so small a window is not too much.
            ..plan(80, 4)
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
