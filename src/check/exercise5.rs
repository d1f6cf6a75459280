//! Exercise 5, a stopwatch client: a name service and a server that take a
//! known time for each phase; whether the client measures it comes out.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use socket2::{Domain, Socket, Type};

mod judged;
mod played;
mod report;

use self::judged::judge;
use self::played::{Break, Script};
pub use self::report::{End, PHASES, Report};
use super::client::side_by_side;
use super::{Bench, Exercise, Outcome, Role, Step};

/// A phase that takes longer than a timeout of one second allows, in ms.
const SLOW: u64 = 1200;

pub static EXERCISE: Exercise = Exercise {
    number: 5,
    title: "a stopwatch for four phases",
    role: Role::Client,
    steps: &[
        Step::new("four phases, each of its own length", each_its_own),
        Step::new("nobody waits: four small numbers", nobody_waits),
        Step::new("one phase takes 1.2 s, the others nothing", one_slow),
        Step::new("both lines come in pieces", in_pieces),
        Step::new("the first byte comes at once, the rest drips", drip),
        Step::new("an answer of one byte", one_byte),
        Step::new("an answer of 300,000 bytes", long_answer),
        Step::new("no address, and the end: failed=lookup", no_address),
        Step::new("half an address, then the end: failed=lookup", half),
        Step::new("nobody to ask for the address: failed=lookup", nobody_asked),
        Step::new("no address, and a reset: failed=lookup", reset_early),
        Step::new("nobody is at that address: failed=connect", nobody),
        Step::new("a reset, and no `ready`: failed=connect", reset),
        Step::new("`ready` without `\\n`, then the end: failed=connect", cut),
        Step::new("the end, and no first byte: failed=first", no_byte),
        Step::new("a reset, and no first byte: failed=first", reset_first),
        Step::new("a reset in the answer: failed=transfer", reset_late),
    ],
    after: None,
    words: WORDS,
    hint: &[
        "Read the clock five times: before the first `connect`, after the \
         address, after `ready`, after the first byte, after the end.",
        "Subtract neighbours, and turn each difference into whole \
         milliseconds. Add those up for `total`.",
        "Read both lines up to their `\\n`, then one single byte, then until \
         a read returns nothing.",
        "Print each phase when all is over, also when the next one has \
         failed: keep the times in a list, and the phase at work beside it.",
    ],
};

words! {
    WHERE_FIRST = "connect to the address in the first argument and send \
        the six bytes `where\\n`.";
    NO_SECOND_CONNECTION = "connect to the address that the name service \
        sends, once its line is complete: a `read` may bring half of it, and \
        the connection stays open behind it.";
    GREETING_FIRST = "wait until the line `ready` is complete, then send the \
        four bytes `get\\n`.";
    ONE_LINE = "print one line, in this form and in whole milliseconds: \
        `lookup=12 connect=3 first=405 transfer=80 total=500`.";
    NOT_THE_SUM = "`total` is the sum of the four numbers as you print them.";
    ONLY_WHAT_ENDED = "print the phases that ended, then `failed=` and the \
        phase that did not, and exit with status 1.";
    STATUS = "exit with status 0 if all four phases ended, otherwise with 1.";
    TOO_IMPATIENT = "a phase may take two seconds. One that fails before that, \
        with nothing wrong on the line, ran into a timeout of your own.";
    SINCE_THE_BEGINNING = "these are times since the beginning, as `curl` \
        gives them. Each phase is the difference of two moments.";
    LOOKUP = "the look-up begins before you connect to the name service, and \
        ends with the `\\n` of its answer.";
    CONNECT = "`connect` begins when you know the address, and ends with the \
        `\\n` of `ready`, not when the system says \"connected\".";
    FIRST = "`first` begins when `ready` is there, and ends with one byte, \
        whatever comes with it or after it.";
    TRANSFER = "`transfer` begins with the first byte, and ends when a read \
        returns nothing: the end of the stream.";

    SILENCE = "nothing";
    THE_NAMED_ADDRESS = "the address of the server";
    CONNECTION_THERE = "a connection to that address";
    WAITS = "how long each phase was made to last";
    EARLY_END = "then the end, too early";
    A_RESET = "then a reset";
    NOBODY_TO_ASK = "nobody at the name service's address";
    NOBODY_LISTENS = "then nobody at that address";
    STATUS_0 = "with exit status 0";
    STATUS_1 = "with exit status 1";
}

fn each_its_own(bench: &mut Bench) -> Outcome {
    let mut waits = [200, 350, 500, 650];
    bench.rng.shuffle(&mut waits);
    judge(bench, &Script::new(waits))
}

fn nobody_waits(bench: &mut Bench) -> Outcome {
    judge(bench, &Script::new([0; 4]))
}

/// Each phase in turn, with a program of its own and all at once: no phase
/// is too slow for a socket whose timeout is the two seconds of the page.
fn one_slow(bench: &mut Bench) -> Outcome {
    let bench = &*bench;
    side_by_side((0..4).map(|phase| {
        let mut waits = [0; 4];
        waits[phase] = SLOW;
        move || judge(bench, &Script::new(waits))
    }))
}

fn in_pieces(bench: &mut Bench) -> Outcome {
    let pieces = true;
    judge(
        bench,
        &Script {
            pieces,
            ..Script::new([200, 200, 0, 0])
        },
    )
}

fn drip(bench: &mut Bench) -> Outcome {
    let rest = (0..15)
        .map(|_| vec![bench.rng.alphabetic() as u8])
        .collect();
    judge(
        bench,
        &Script {
            rest,
            ..Script::new([0, 0, 0, 600])
        },
    )
}

fn one_byte(bench: &mut Bench) -> Outcome {
    let rest = vec![];
    judge(
        bench,
        &Script {
            rest,
            ..Script::new([0, 0, 300, 0])
        },
    )
}

fn long_answer(bench: &mut Bench) -> Outcome {
    let first = vec![b'a'; 150_000];
    let rest = vec![vec![b'\n'; 75_000], vec![0; 75_000]];
    judge(
        bench,
        &Script {
            first,
            rest,
            ..Script::new([0, 0, 300, 600])
        },
    )
}

fn nobody_asked(bench: &mut Bench) -> Outcome {
    breaks(bench, [0; 4], Break::NobodyAsked)
}

fn no_address(bench: &mut Bench) -> Outcome {
    breaks(bench, [100, 0, 0, 0], Break::NoAddress)
}

fn reset_early(bench: &mut Bench) -> Outcome {
    breaks(bench, [100, 0, 0, 0], Break::ResetNotAddress)
}

fn half(bench: &mut Bench) -> Outcome {
    breaks(bench, [100, 0, 0, 0], Break::HalfAnAddress)
}

fn nobody(bench: &mut Bench) -> Outcome {
    breaks(bench, [300, 0, 0, 0], Break::NobodyThere)
}

fn reset(bench: &mut Bench) -> Outcome {
    breaks(bench, [300, 100, 0, 0], Break::ResetNotReady)
}

fn cut(bench: &mut Bench) -> Outcome {
    breaks(bench, [300, 100, 0, 0], Break::HalfReady)
}

fn no_byte(bench: &mut Bench) -> Outcome {
    breaks(bench, [0, 300, 100, 0], Break::EndNotFirst)
}

fn reset_first(bench: &mut Bench) -> Outcome {
    breaks(bench, [0, 300, 100, 0], Break::ResetNotFirst)
}

fn reset_late(bench: &mut Bench) -> Outcome {
    breaks(bench, [0, 0, 300, 300], Break::ResetInTransfer)
}

fn breaks(bench: &mut Bench, waits: [u64; 4], how: Break) -> Outcome {
    let breaks = Some(how);
    judge(
        bench,
        &Script {
            breaks,
            ..Script::new(waits)
        },
    )
}

/// An address where nobody listens while the socket is there.
fn bound() -> io::Result<(Socket, SocketAddr)> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    let address = socket.local_addr()?.as_socket();
    let address = address.expect("a socket bound to an IPv4 address has one");
    Ok((socket, address))
}
