//! Exercise 6, a peer: a tracker's list and a swarm of good, dead, slow and
//! lying peers go out; the hash of what the program made of them comes back.

use std::time::Duration;

mod case;
mod seeder;
mod swarm;

use self::case::{Case, side_by_side};
pub use self::seeder::requested_piece;
use self::seeder::{Manner, Seeder};
use self::swarm::{File, Swarm};
use super::{Bench, Exercise, Outcome, Role, Step};

/// How long an honest but slow peer takes for a piece.
const SLOW: Duration = Duration::from_millis(800);

/// When a piece comes that is late, for its program had two seconds: all of
/// it, or the last of its parts. The first is the simpler mistake.
const LATE: Duration = Duration::from_millis(2500);
const LATE_IN_PARTS: Duration = Duration::from_millis(2800);

pub static EXERCISE: Exercise = Exercise {
    number: 6,
    title: "a peer that believes in hashes only",
    role: Role::Client,
    steps: &[
        Step::new("one piece, at one peer", one_piece),
        Step::new("one peer has all, and the last piece is short", all_at_one),
        Step::new("a list that comes in many parts", list_in_parts),
        Step::new("each piece at another peer", each_at_another),
        Step::new("two pieces are equal", two_equal),
        Step::new("a piece that comes in many parts", many_parts),
        Step::new("a piece, and more bytes behind it", more_behind),
        Step::new("the only one who has it takes 800 ms", slow_in_time),
        Step::new("a peer that lies about a piece", a_lie),
        Step::new("a piece that nobody has", nobody_has_it),
        Step::new("pieces that nobody has right", nobody_has_it_right),
        Step::new("an end and a reset within a piece", cut_off),
        Step::new("a peer where nobody listens", nobody),
        Step::new("peers that say nothing, drip, or are late", late),
        Step::new("all of these at once, and 24 pieces", all_at_once),
    ],
    after: None,
    words: WORDS,
    hint: &[
        "Begin with one function for one piece of one peer: address, number \
         and length go in, the piece comes out, or an error of any kind.",
        "Give that function one deadline, two seconds from its start: what \
         is left of it is the limit of `connect` and of every single `read`.",
        "Compare the hash before you keep a piece. A wrong piece is treated \
         like no piece: ask the next peer.",
        "Keep a list of the peers that are still worth asking. Whoever was \
         late or not there leaves it; whoever only lacks a piece stays.",
    ],
};

words! {
    REPORT = "send `file ` and the SHA-256 of all pieces, one after the \
        other, in lower case, and a `\\n`, on the tracker's connection.";
    BY_NUMBER = "a piece is known by its number: equal ones have one hash, \
        and each has its own place in the file.";
    IN_ORDER = "the file is the pieces in the tracker's order, whichever of \
        them came first.";
    LIST_READ_ON = "one `read` brings what has arrived of the list, which may \
        end within a line. Keep what has no `\\n` yet, and read on until \
        `end`.";
    ANOTHER_PEER = "an end without a byte only means that this peer lacks \
        this piece. Ask the next one, and ask it again for others.";
    READ_ON = "one `read` brings what has arrived, not a piece. Read on until \
        there are LENGTH bytes.";
    LENGTH_ENDS = "a piece ends after LENGTH bytes. Do not wait for the end \
        of the stream, and do not count what follows.";
    TOO_IMPATIENT = "a peer has two seconds for a piece. This one took less, \
        and nobody else has it.";
    NOT_HASHED = "that is not the file: one of its pieces does not match the \
        tracker's hash. Compare before you keep it, and ask another peer.";
    CUT_OFF = "an end or a reset within a piece is an error of one peer, not \
        of the program: ask another.";
    NOT_THERE = "a peer that is not there is an error of one peer, not of the \
        program: ask another.";
    NO_LIMIT = "a read without a limit waits for ever. Two seconds for a \
        piece, then ask another peer.";
    TOO_PATIENT = "two seconds after `connect` a piece counts no longer, even \
        a whole and a right one: whoever is late has failed for it.";
    NO_DEADLINE = "every read was in time, and the piece as a whole was \
        not. Set each read's limit to what is left of the two seconds.";
    ASKED_AGAIN = "a peer that was late once costs two seconds each time it \
        is asked. Leave it alone from then on.";
    MISSING = "once every peer has failed for a piece, report `missing`, its \
        number and a `\\n`: the lowest such number.";
    NOT_A_REQUEST = "a request is `get `, the number of a piece in the list, \
        and a `\\n`, on a connection of its own.";

    ONE_REPORT = "one line, within 20 s";
    A_REQUEST = "one line with a number from the list";
    A_CONNECTION = "the connection of a peer";
    ALL_PROMPT = "all peers are prompt";
    LIST_IN_PARTS = "the list comes a few bytes at a time";
    SCATTERED = "each peer has one piece only";
    IN_PARTS = "the peer sends a few bytes at a time";
    MORE = "the peer sends more, and does not close";
    TAKES_800_MS = "the second peer takes 800 ms for a piece";
    LIES = "the first peer sends piece 1 with a wrong byte";
    EQUAL = "pieces 1 and 3 are equal";
    CUTS = "the first peer ends, the second resets within a piece, the third \
        resets without a byte";
    REFUSES = "nobody listens at the first peer's address";
    SAYS_NOTHING = "the first peer never answers";
    DRIPS = "the first peer sends a byte every 100 ms";
    ONLY_SILENT = "the only one who has piece 1 never answers";
    ONLY_LATE = "the only one who has piece 1 sends it after 2.5 s";
    ONLY_SLOW = "the only one who has piece 1 takes 2.8 s, in four parts";
    MANY_BAD = "five bad peers first, then two good ones";
    NONE_HAS_IT = "nobody has piece 3";
    NONE_RIGHT = "nobody has piece 4, and piece 2 is a lie";
    NO_REPORT = "no whole line within 20 s";
    TOO_LONG = "more than a report";
    ITS_END = "and the connection has ended";
}

fn one_piece(bench: &mut Bench) -> Outcome {
    let file = File::new(1, 900..=1100, &mut bench.rng);
    let swarm = Swarm::new(file).seeder(Seeder::new(Manner::Prompt));
    swarm.gives_file(ALL_PROMPT, REPORT).judge(bench)
}

fn all_at_one(bench: &mut Bench) -> Outcome {
    // Small enough to come in one piece: many parts are a step of their own.
    let mut file = File::new(5, 3000..=3000, &mut bench.rng);
    file.pieces[4].truncate(bench.rng.usize(1..100));
    let swarm = Swarm::new(file).seeder(Seeder::new(Manner::Prompt));
    swarm.gives_file(ALL_PROMPT, IN_ORDER).judge(bench)
}

fn list_in_parts(bench: &mut Bench) -> Outcome {
    let file = File::new(4, 1..=3000, &mut bench.rng);
    let swarm = Swarm::new(file).seeder(Seeder::new(Manner::Prompt));
    let swarm = swarm.list_in_parts();
    swarm.gives_file(LIST_IN_PARTS, LIST_READ_ON).judge(bench)
}

fn each_at_another(bench: &mut Bench) -> Outcome {
    let file = File::new(6, 1..=3000, &mut bench.rng);
    let mut order = [0, 1, 2, 3, 4, 5];
    bench.rng.shuffle(&mut order);
    let swarm = order.into_iter().fold(Swarm::new(file), |swarm, piece| {
        swarm.seeder(Seeder::new(Manner::Prompt).only([piece]))
    });
    swarm.gives_file(SCATTERED, ANOTHER_PEER).judge(bench)
}

fn two_equal(bench: &mut Bench) -> Outcome {
    let mut file = File::new(5, 1000..=3000, &mut bench.rng);
    file.pieces[3] = file.pieces[1].clone();
    let swarm = Swarm::new(file).seeder(Seeder::new(Manner::Prompt));
    swarm.gives_file(EQUAL, BY_NUMBER).judge(bench)
}

fn many_parts(bench: &mut Bench) -> Outcome {
    let file = File::new(3, 5000..=9000, &mut bench.rng);
    let swarm = Swarm::new(file).seeder(Seeder::new(Manner::Parts));
    swarm.gives_file(IN_PARTS, READ_ON).judge(bench)?;
    let longest = File::new(3, 65_536..=65_536, &mut bench.rng);
    let swarm = Swarm::new(longest).seeder(Seeder::new(Manner::Prompt));
    swarm.gives_file(ALL_PROMPT, READ_ON).judge(bench)
}

fn more_behind(bench: &mut Bench) -> Outcome {
    let file = File::new(3, 100..=5000, &mut bench.rng);
    let swarm = Swarm::new(file).seeder(Seeder::new(Manner::More));
    swarm.gives_file(MORE, LENGTH_ENDS).judge(bench)
}

fn slow_in_time(bench: &mut Bench) -> Outcome {
    let file = File::new(4, 2000..=4000, &mut bench.rng);
    let swarm = Swarm::new(file)
        .seeder(Seeder::new(Manner::Prompt).only([0, 1, 3]))
        .seeder(Seeder::new(Manner::Slow(SLOW)).only([2]));
    swarm.gives_file(TAKES_800_MS, TOO_IMPATIENT).judge(bench)
}

fn a_lie(bench: &mut Bench) -> Outcome {
    let file = File::new(4, 2000..=4000, &mut bench.rng);
    let swarm = Swarm::new(file)
        .seeder(Seeder::new(Manner::Prompt).lies_about(1))
        .seeder(Seeder::new(Manner::Prompt));
    swarm.gives_file(LIES, NOT_HASHED).judge(bench)
}

fn cut_off(bench: &mut Bench) -> Outcome {
    let file = File::new(4, 2000..=4000, &mut bench.rng);
    let swarm = Swarm::new(file)
        .seeder(Seeder::new(Manner::Ends))
        .seeder(Seeder::new(Manner::Resets))
        .seeder(Seeder::new(Manner::ResetsAtOnce))
        .seeder(Seeder::new(Manner::Prompt));
    swarm.gives_file(CUTS, CUT_OFF).judge(bench)
}

fn nobody(bench: &mut Bench) -> Outcome {
    let case = bad_one_first(bench, Manner::Absent, REFUSES, NOT_THERE);
    case.judge(bench)
}

/// All of them take two seconds or more, so they do so at once. A program
/// that waits for ever takes the late piece, and is told at once.
fn late(bench: &mut Bench) -> Outcome {
    let (late, slow) = (Manner::Late(LATE), Manner::Slow(LATE_IN_PARTS));
    let cases = [
        bad_one_first(bench, Manner::Silent, SAYS_NOTHING, NO_LIMIT),
        bad_one_first(bench, Manner::Drip, DRIPS, NO_DEADLINE),
        only_at(bench, Manner::Silent, ONLY_SILENT, NO_LIMIT),
        only_at(bench, late, ONLY_LATE, TOO_PATIENT),
        only_at(bench, slow, ONLY_SLOW, NO_DEADLINE),
    ];
    side_by_side(bench, &cases)
}

fn all_at_once(bench: &mut Bench) -> Outcome {
    let file = File::new(24, 2000..=4000, &mut bench.rng);
    let swarm = Swarm::new(file)
        .seeder(Seeder::new(Manner::Silent))
        .seeder(Seeder::new(Manner::Drip))
        .seeder(Seeder::new(Manner::Absent))
        .seeder(Seeder::new(Manner::Ends))
        .seeder(Seeder::new(Manner::Prompt).lies_about(7))
        .seeder(Seeder::new(Manner::Parts).only(0..12))
        .seeder(Seeder::new(Manner::Prompt).only(7..24));
    swarm.gives_file(MANY_BAD, ASKED_AGAIN).judge(bench)
}

fn nobody_has_it(bench: &mut Bench) -> Outcome {
    let file = File::new(5, 1..=3000, &mut bench.rng);
    let swarm = Swarm::new(file)
        .seeder(Seeder::new(Manner::Prompt).only([0, 1, 2]))
        .seeder(Seeder::new(Manner::Prompt).only([1, 2, 4]));
    swarm.lacks(3, NONE_HAS_IT, MISSING).judge(bench)
}

fn nobody_has_it_right(bench: &mut Bench) -> Outcome {
    let file = File::new(6, 1..=3000, &mut bench.rng);
    let swarm = Swarm::new(file)
        .seeder(Seeder::new(Manner::Prompt).only(0..4).lies_about(2))
        .seeder(Seeder::new(Manner::Prompt).only([0, 1, 3, 5]));
    swarm.lacks(2, NONE_RIGHT, MISSING).judge(bench)
}

/// A bad peer that would have everything, and a good one that has it.
fn bad_one_first(
    bench: &mut Bench,
    manner: Manner,
    situation: &'static str,
    likely: &'static str,
) -> Case {
    let file = File::new(4, 2000..=4000, &mut bench.rng);
    let swarm = Swarm::new(file)
        .seeder(Seeder::new(manner))
        .seeder(Seeder::new(Manner::Prompt));
    swarm.gives_file(situation, likely)
}

/// A good peer that lacks piece 1, and a bad one that would have it.
fn only_at(
    bench: &mut Bench,
    manner: Manner,
    situation: &'static str,
    likely: &'static str,
) -> Case {
    let file = File::new(3, 2000..=4000, &mut bench.rng);
    let swarm = Swarm::new(file)
        .seeder(Seeder::new(Manner::Prompt).only([0, 2]))
        .seeder(Seeder::new(manner).only([1]));
    swarm.lacks(1, situation, likely)
}
