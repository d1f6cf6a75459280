//! Exercise 18, an impatient client: a peer that is prompt, slow, silent or
//! gone; what the client makes of it within 500 ms comes out.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use fastrand::Rng;
use socket2::{Domain, Socket, Type};

mod waiting;

use self::waiting::{After, EARLIEST, Script, Wanted, play};
use super::{Bench, Exercise, Outcome, Role, Shown, Step};

/// A program whose connection is not seen has to start within this as well,
/// and a JVM is slow.
const LATEST_START: Duration = Duration::from_secs(10);

/// The size of a piece that is all there is.
const WHOLE: usize = usize::MAX;

pub static EXERCISE: Exercise = Exercise {
    number: 18,
    title: "an impatient client",
    role: Role::Client,
    steps: &[
        Step::new("an answer at once is printed", at_once),
        Step::new("an answer that ends with \\r\\n", carriage_return),
        Step::new("a line of 1,024 bytes, in pieces", longest),
        Step::new("an answer after 300 ms is in time", after_300_ms),
        Step::new("a drip that is complete in time", drip_in_time),
        Step::new("what follows the line does not matter", more_than_a_line),
        Step::new("nobody listens: refused", nobody),
        Step::new("accepted and silent: timeout", silent),
        Step::new("half a line, then silence: timeout", half_then_silence),
        Step::new("a byte every 100 ms, for ever: timeout", endless_drip),
        Step::new("no byte, and the end: closed", end_at_once),
        Step::new("half a line, then the end: closed", half_then_end),
        Step::new("half a line, then a reset: closed", half_then_reset),
        Step::new("connect is never answered: timeout (Linux)", black_hole),
    ],
    after: None,
    words: WORDS,
    hint: &[
        "Write down when you must be done before you do anything else: \
         `let deadline = Instant::now() + Duration::from_millis(500)`.",
        "Each step gets what is left until then: `connect_timeout`, and \
         `set_read_timeout` before every `read`, not once.",
        "A `read` may bring a part of the line, or 0 for the end. Collect \
         until there is a `\\n`; a reset is an end as well.",
        "Expired read timeouts are `WouldBlock` on Unix and `TimedOut` on \
         Windows; a timeout of zero is refused, so ask before you set it.",
    ],
};

words! {
    PRINT_THE_LINE = "print the line as it came, without its ending, and \
        exit with status 0.";
    CARRIAGE_RETURN = "`\\r\\n` ends a line as well: neither of the two \
        belongs to it.";
    READ_ON = "one `read` brings what has arrived, not a line. Read on until \
        there is a `\\n`.";
    TOO_IMPATIENT = "that answer was in time: there are 500 ms for \
        everything, not for less.";
    FIRST_LINE_ONLY = "the answer is one line. Do not wait for the end of the \
        stream, and print nothing that follows the `\\n`.";
    NOT_REFUSED = "nobody listens there. `connect` says so with an error of \
        its own, `ConnectionRefused`.";
    NO_DEADLINE = "every read was in time, and so each was given its full \
        time again. Set the timeout anew: what is left of the 500 ms.";
    NO_READ_LIMIT = "a read without a limit waits for ever. Give it what is \
        left of the 500 ms.";
    TOO_EARLY = "500 ms are 500 ms: whoever gives up earlier loses answers \
        that would have come.";
    AN_END = "a `read` of 0 bytes is the end: no line will follow. Half a \
        line is no answer.";
    A_RESET = "a reset is an error of `read`, and means the same as the end.";
    NO_CONNECT_LIMIT = "`connect` waits as well, for two minutes and more: \
        give it a limit too (`connect_timeout`).";
    WRONG_REQUEST = "the request is the four bytes `GET\\n`.";

    STATUS_0 = "with exit status 0";
    STATUS_1 = "with exit status 1";
    BETWEEN = "with exit status 1, after 450 ms to 1.5 s";
    REQUEST = "no more and no less";
    IN_PIECES = "in pieces";
    AFTER_300_MS = "after 300 ms";
    DRIP = "a byte at a time, for 250 ms";
    FOR_EVER = "a byte every 100 ms, for ever";
    SILENCE = "nothing";
    THEN_SILENCE = "then nothing";
    AN_END_AT_ONCE = "no byte, only the end";
    THEN_AN_END = "then the end";
    THEN_A_RESET = "then a reset";
    NOBODY = "an address where nobody listens";
    BLACK_HOLE = "an address where connects are never answered";
    EARLY = "too early";
    LATE = "too late";
}

fn at_once(bench: &mut Bench) -> Outcome {
    let line = word(1..=40, &mut bench.rng);
    answers(bench, &line, "\n", WHOLE, 0, "", PRINT_THE_LINE)?;
    answers(bench, b"", "\n", WHOLE, 0, "", PRINT_THE_LINE)?;
    let line = b"  spaces, and a \r, \t ";
    answers(bench, line, "\n", WHOLE, 0, "", PRINT_THE_LINE)
}

fn carriage_return(bench: &mut Bench) -> Outcome {
    let line = word(1..=40, &mut bench.rng);
    answers(bench, &line, "\r\n", WHOLE, 0, "", CARRIAGE_RETURN)?;
    // The last piece is the `\n` alone.
    let size = line.len() + 1;
    answers(bench, &line, "\r\n", size, 20, IN_PIECES, READ_ON)
}

fn longest(bench: &mut Bench) -> Outcome {
    let line = word(1024..=1024, &mut bench.rng);
    answers(bench, &line, "\r\n", 300, 20, IN_PIECES, READ_ON)
}

fn after_300_ms(bench: &mut Bench) -> Outcome {
    let line = word(1..=40, &mut bench.rng);
    answers(bench, &line, "\n", WHOLE, 300, AFTER_300_MS, TOO_IMPATIENT)
}

fn drip_in_time(bench: &mut Bench) -> Outcome {
    let line = word(9..=9, &mut bench.rng);
    answers(bench, &line, "\n", 1, 25, DRIP, READ_ON)
}

fn more_than_a_line(bench: &mut Bench) -> Outcome {
    let line = word(1..=40, &mut bench.rng);
    let more = word(1..=40, &mut bench.rng);
    let more = format!("\n{}", String::from_utf8_lossy(&more));
    answers(bench, &line, &more, WHOLE, 0, "", FIRST_LINE_ONLY)?;
    let more = format!("{more}\n");
    answers(bench, &line, &more, WHOLE, 0, "", FIRST_LINE_ONLY)
}

fn nobody(bench: &mut Bench) -> Outcome {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // Bound, but not listening: nobody else can take the port meanwhile.
    let address = bind(&socket)?;
    let started = Instant::now();
    let ended = bench.start(address)?.finish(LATEST_START);
    let mut wanted = Wanted::word("refused", Shown::words(NOBODY), NOT_REFUSED);
    // Windows tries again for two seconds before it says so.
    if cfg!(windows) && ended.printed(b"timeout") {
        wanted.print = b"timeout".into();
    }
    wanted.judge(&ended, (started, started))
}

fn silent(bench: &mut Bench) -> Outcome {
    times_out(bench, &[], After::Silence, SILENCE, NO_READ_LIMIT)
}

fn half_then_silence(bench: &mut Bench) -> Outcome {
    let half = word(1..=40, &mut bench.rng);
    times_out(bench, &half, After::Silence, THEN_SILENCE, NO_READ_LIMIT)
}

fn endless_drip(bench: &mut Bench) -> Outcome {
    times_out(bench, &[], After::Drip, FOR_EVER, NO_DEADLINE)
}

fn end_at_once(bench: &mut Bench) -> Outcome {
    closes(bench, &[], After::End, AN_END_AT_ONCE, AN_END)
}

fn half_then_end(bench: &mut Bench) -> Outcome {
    let half = word(1..=40, &mut bench.rng);
    closes(bench, &half, After::End, THEN_AN_END, AN_END)
}

fn half_then_reset(bench: &mut Bench) -> Outcome {
    let half = word(1..=40, &mut bench.rng);
    closes(bench, &half, After::Reset, THEN_A_RESET, A_RESET)
}

/// Only Linux ignores a SYN that finds the queue full, on every version and
/// for as long as it is tried.
fn black_hole(bench: &mut Bench) -> Outcome {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    let address = bind(&socket)?;
    socket.listen(1)?;
    let connect =
        || TcpStream::connect_timeout(&address, Duration::from_millis(100));
    let _queue: Vec<_> = (0..512).map_while(|_| connect().ok()).collect();
    let started = Instant::now();
    let ended = bench.start(address)?.finish(LATEST_START);
    let sent = Shown::words(BLACK_HOLE);
    let wanted = Wanted::word("timeout", sent, NO_CONNECT_LIMIT);
    wanted.judge(&ended, (started, started))?;
    // When it was started is known, when it looked at its clock is not.
    match ended.at - started < EARLIEST {
        true => wanted.fail(&ended, EARLY, TOO_EARLY),
        false => Ok(()),
    }
}

/// `line` and `ending` come in pieces of `size` bytes, each after a pause
/// of so many milliseconds.
fn answers(
    bench: &mut Bench,
    line: &[u8],
    ending: &str,
    size: usize,
    pause: u64,
    note: &'static str,
    likely: &'static str,
) -> Outcome {
    let sent = [line, ending.as_bytes()].concat();
    let script = Script {
        pieces: sent.chunks(size).map(Vec::from).collect(),
        pause: Duration::from_millis(pause),
        then: After::Silence,
    };
    let wanted = Wanted {
        print: line.into(),
        code: 0,
        timeout: false,
        sent: Shown::text(&sent).note(note),
        likely,
    };
    play(bench, &script, &wanted)
}

/// After `half` a line nothing comes that could end it.
fn times_out(
    bench: &mut Bench,
    half: &[u8],
    then: After,
    note: &'static str,
    likely: &'static str,
) -> Outcome {
    let sent = Shown::text(half).note(note);
    let mut wanted = Wanted::word("timeout", sent, likely);
    wanted.timeout = true;
    play(bench, &Script::half(half, then), &wanted)
}

/// After `half` a line the connection ends.
fn closes(
    bench: &mut Bench,
    half: &[u8],
    then: After,
    note: &'static str,
    likely: &'static str,
) -> Outcome {
    let sent = Shown::text(half).note(note);
    let wanted = Wanted::word("closed", sent, likely);
    play(bench, &Script::half(half, then), &wanted)
}

fn bind(socket: &Socket) -> std::io::Result<SocketAddr> {
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    let address = socket.local_addr()?.as_socket();
    Ok(address.expect("a socket bound to an IPv4 address has one"))
}

/// Letters, of both cases.
fn word(length: std::ops::RangeInclusive<usize>, rng: &mut Rng) -> Vec<u8> {
    let length = rng.usize(length);
    (0..length).map(|_| rng.alphabetic() as u8).collect()
}
