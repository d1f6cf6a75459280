//! Exercise 4, a forwarder: routes are added and withdrawn, datagrams come
//! in; for each of them the next step goes out.

mod mistakes;
mod stream;
mod table;
mod talk;
mod words;

pub use self::table::{Prefix, Table};
use self::table::{dotted, mask};
use self::talk::Talk;
use self::words::*;
use super::{Bench, Exercise, Outcome, Role, Step};

pub static EXERCISE: Exercise = Exercise {
    number: 4,
    title: "a forwarder whose table changes while it runs",
    role: Role::Server,
    steps: &[
        Step::new("one route, one datagram, and a TTL one less", one_route),
        Step::new("/0 matches everything, /32 one address", ends),
        Step::new("a new connection has an empty table", stream::empty),
        Step::new("the longest prefix wins, in any order", longest),
        Step::new("no prefix matches: no route", no_route),
        Step::new("the lowest cost wins, then the first name", ties),
        Step::new("a route that is added again has a new cost", again),
        Step::new("what is withdrawn is gone, and nothing else", withdrawn),
        Step::new("a TTL of 0 or 1 is dropped, route or not", ttl),
        Step::hostile("first and last address of each length", borders),
        Step::hostile("a bad prefix is refused", mistakes::prefixes),
        Step::hostile("a bad address is refused", mistakes::addresses),
        Step::hostile("a bad name, cost or TTL is refused", mistakes::others),
        Step::hostile("any other line is a bad line", mistakes::lines),
        Step::hostile("the first bad field is named", mistakes::first),
        Step::hostile("a bad line changes nothing", mistakes::nothing),
        Step::hostile("lines cut anywhere, and many in one", stream::cut_up),
        Step::hostile("40 tables at random", stream::at_random),
        Step::hostile("20,000 routes, 20,000 datagrams", stream::many),
        Step::hostile("half a line, then the end", stream::half_a_line),
        Step::hostile("a client that leaves at once", stream::leaves),
    ],
    after: Some(stream::still_serves),
    words: WORDS,
    hint: &[
        "Turn an address into one number of 32 bits. When are the first 8 \
         bits of two such numbers equal? And the first 0?",
        "A map from (length, prefix) to its routes: try the lengths from 32 \
         down to 0, each time with the other bits set to 0.",
        "Split at each single space, count the fields, then read them from \
         left to right; the first that is wrong is the answer.",
        "Shifting 32 bits by 32 is an error in some languages and does \
         nothing in others: treat a length of 0 apart, or use 64 bits.",
    ],
};

fn one_route(bench: &mut Bench) -> Outcome {
    Talk::begin(bench)?.all(
        &[
            ("add 10.0.0.0/8 B 1", "ok"),
            ("forward 10.1.2.3 64", "send B 63"),
            ("forward 10.255.255.255 255", "send B 254"),
            ("forward 10.0.0.0 2", "send B 1"),
        ],
        CONTRACT,
    )
}

fn longest(bench: &mut Bench) -> Outcome {
    let mut routes = [
        ("add 10.0.0.0/8 eight 1", "ok"),
        ("add 10.1.0.0/16 sixteen 9", "ok"),
        ("add 10.1.2.0/24 more 5", "ok"),
        ("add 10.1.2.3/32 most 60000", "ok"),
    ];
    for _ in 0..4 {
        bench.rng.shuffle(&mut routes);
        let mut talk = Talk::begin(bench)?;
        talk.all(&routes, CONTRACT)?;
        talk.all(
            &[
                ("forward 10.1.2.3 64", "send most 63"),
                ("forward 10.1.2.4 64", "send more 63"),
                ("forward 10.1.3.3 64", "send sixteen 63"),
                ("forward 10.2.2.3 64", "send eight 63"),
                ("forward 11.1.2.3 64", "drop no route"),
            ],
            LONGEST,
        )?;
    }
    Ok(())
}

fn ends(bench: &mut Bench) -> Outcome {
    Talk::begin(bench)?.all(
        &[
            ("add 0.0.0.0/0 default 1", "ok"),
            ("forward 0.0.0.0 9", "send default 8"),
            ("forward 127.0.0.1 9", "send default 8"),
            ("forward 255.255.255.255 9", "send default 8"),
            ("withdraw 0.0.0.0/0 default", "ok"),
            ("add 192.0.2.1/32 one 1", "ok"),
            ("forward 192.0.2.1 9", "send one 8"),
            ("forward 192.0.2.0 9", "drop no route"),
            ("forward 192.0.2.2 9", "drop no route"),
            ("add 255.255.255.255/32 last 1", "ok"),
            ("forward 255.255.255.255 9", "send last 8"),
            ("forward 255.255.255.254 9", "drop no route"),
        ],
        ENDS,
    )
}

fn no_route(bench: &mut Bench) -> Outcome {
    Talk::begin(bench)?.all(
        &[
            ("forward 192.0.2.1 64", "drop no route"),
            ("add 192.0.2.0/24 A 1", "ok"),
            ("forward 192.0.3.1 64", "drop no route"),
            ("forward 0.0.0.0 64", "drop no route"),
            ("forward 192.0.2.1 64", "send A 63"),
        ],
        NO_ROUTE,
    )
}

fn ties(bench: &mut Bench) -> Outcome {
    let mut talk = Talk::begin(bench)?;
    talk.all(
        &[
            ("add 10.0.0.0/8 far 300", "ok"),
            ("add 10.0.0.0/8 near 29", "ok"),
            ("forward 10.1.2.3 64", "send near 63"),
            ("add 10.0.0.0/8 nearer 5", "ok"),
            ("forward 10.1.2.3 64", "send nearer 63"),
        ],
        COST,
    )?;
    let mut talk = Talk::begin_after(bench, talk)?;
    talk.all(
        &[
            ("add 10.0.0.0/8 b 7", "ok"),
            ("add 10.0.0.0/8 B2 7", "ok"),
            ("forward 10.1.2.3 64", "send B2 63"),
            ("add 10.0.0.0/8 B1 7", "ok"),
            ("add 10.0.0.0/8 C 7", "ok"),
            ("forward 10.1.2.3 64", "send B1 63"),
            ("add 10.0.0.0/8 9 7", "ok"),
            ("add 10.0.0.0/8 10 7", "ok"),
            ("forward 10.1.2.3 64", "send 10 63"),
            ("add 10.0.0.0/8 1 7", "ok"),
            ("forward 10.1.2.3 64", "send 1 63"),
        ],
        TIE,
    )
}

fn again(bench: &mut Bench) -> Outcome {
    Talk::begin(bench)?.all(
        &[
            ("add 10.0.0.0/8 A 5", "ok"),
            ("add 10.0.0.0/8 B 6", "ok"),
            ("forward 10.1.2.3 64", "send A 63"),
            ("add 10.0.0.0/8 A 7", "ok"),
            ("forward 10.1.2.3 64", "send B 63"),
            ("withdraw 10.0.0.0/8 A", "ok"),
            ("withdraw 10.0.0.0/8 A", "error no such route"),
            ("forward 10.1.2.3 64", "send B 63"),
        ],
        AGAIN,
    )
}

fn withdrawn(bench: &mut Bench) -> Outcome {
    Talk::begin(bench)?.all(
        &[
            ("withdraw 10.0.0.0/8 A", "error no such route"),
            ("add 10.0.0.0/8 A 1", "ok"),
            ("add 10.1.0.0/16 A 1", "ok"),
            ("add 10.1.0.0/16 B 2", "ok"),
            ("withdraw 10.1.0.0/16 C", "error no such route"),
            ("withdraw 10.1.0.0/17 A", "error no such route"),
            ("withdraw 10.1.0.0/16 A", "ok"),
            ("forward 10.1.2.3 64", "send B 63"),
            ("withdraw 10.1.0.0/16 B", "ok"),
            ("forward 10.1.2.3 64", "send A 63"),
            ("withdraw 10.0.0.0/8 A", "ok"),
            ("forward 10.1.2.3 64", "drop no route"),
        ],
        WITHDRAWN,
    )
}

fn ttl(bench: &mut Bench) -> Outcome {
    Talk::begin(bench)?.all(
        &[
            ("forward 10.1.2.3 1", "drop ttl"),
            ("add 10.0.0.0/8 A 1", "ok"),
            ("forward 10.1.2.3 0", "drop ttl"),
            ("forward 10.1.2.3 1", "drop ttl"),
            ("forward 11.1.2.3 0", "drop ttl"),
            ("forward 10.1.2.3 2", "send A 1"),
        ],
        TTL,
    )
}

/// A prefix of each length in turn: inside and outside, next to its border.
fn borders(bench: &mut Bench) -> Outcome {
    let mut talk = Talk::begin(bench)?;
    for length in 1..=32 {
        // Bits of either kind on both sides of each border.
        let first = 0xa5c3_965a & mask(length);
        let last = first | !mask(length);
        let prefix = Prefix { first, length };
        talk.ask(format!("add {prefix} A 1"), "ok", CONTRACT)?;
        for (address, answer) in [
            (first, "send A 63"),
            (last, "send A 63"),
            (first.wrapping_sub(1), "drop no route"),
            (last.wrapping_add(1), "drop no route"),
        ] {
            let line = format!("forward {} 64", dotted(address));
            talk.ask(line, answer, BORDER)?;
        }
        talk.ask(format!("withdraw {prefix} A"), "ok", WITHDRAWN)?;
    }
    Ok(())
}
