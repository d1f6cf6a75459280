//! Exercise 21, a proxy in bounded memory: a client's first line names its
//! upstream, then bytes go both ways, no faster than they are taken.

mod flow;
mod pipe;
mod silent;
mod stuck;
mod words;

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use fastrand::Rng;
use socket2::{Domain, Socket, Type};

use self::flow::Flow;
use self::pipe::{
    Pipe, arrive, arrives, arrives_and_ends, fill, first_line, must_close,
};
use self::stuck::*;
use self::words::*;
use super::{Bench, Exercise, Outcome, Role, Shown, Step};
use crate::peer::Peer;

/// Between two bytes of a first line.
const PAUSE: Duration = Duration::from_millis(2);

/// Long enough for a proxy to run into half a first line.
const LONG_PAUSE: Duration = Duration::from_millis(100);

/// A transfer of some size.
const LARGE: u64 = 16 << 20;

pub static EXERCISE: Exercise = Exercise {
    number: 21,
    title: "a proxy in bounded memory",
    role: Role::Server,
    steps: &[
        Step::new("bytes from the client arrive, and the answer", both_ways),
        Step::new("bytes in one packet with the first line", same_packet),
        Step::new("the first line, one byte at a time", byte_by_byte),
        Step::new("every byte value, both ways", all_bytes),
        Step::new("the upstream speaks first", upstream_first),
        Step::new(
            "the client ends its half, and is still answered",
            client_half_close,
        ),
        Step::new(
            "the upstream ends its half, and is still sent to",
            upstream_half_close,
        ),
        Step::new("not one byte, only two ends", only_ends),
        Step::new("16 MiB each way at once, intact", large),
        Step::new("a second client beside a silent one", silent::beside),
        Step::hostile("nobody listens at the target", nobody),
        Step::hostile("a first line that is no address", no_address),
        Step::hostile("the upstream breaks off", upstream_resets),
        Step::hostile("a client that does not read: bounded", slow_client),
        Step::hostile("an upstream that does not read: bounded", slow_upstream),
        Step::hostile(
            "one direction is stuck, the other goes on",
            other_direction,
        ),
        Step::hostile("both directions stuck, then read", both_stuck),
        Step::hostile("one connection is stuck, 50 others are not", others),
        Step::hostile("a client that was sent much breaks off", client_resets),
        Step::hostile("silent for 11 s, then both ways", silent::speaks_again),
    ],
    after: Some(still_serves),
    words: WORDS,
    hint: &[
        "One direction is a loop: read a piece, write all of it, read the \
         next. The write waits for the slow side, so the read waits too.",
        "Two directions are two such loops, each in a thread or task of its \
         own. A `TcpStream` can be read and written at once (`try_clone`).",
        "A read of 0 is passed on with `shutdown(Shutdown::Write)`; an error \
         of either side with `shutdown(Shutdown::Both)` on both.",
        "Read the first line byte by byte, or hand what your buffer holds \
         beyond it to the upstream before the loops begin.",
    ],
};

fn both_ways(bench: &mut Bench) -> Outcome {
    let mut pipe = Pipe::open(bench, b"")?;
    for _ in 0..3 {
        let (ask, answer) = (word(&mut bench.rng), word(&mut bench.rng));
        pipe.up(&ask, BOTH_WAYS)?;
        pipe.down(&answer, BOTH_WAYS)?;
    }
    Ok(())
}

fn same_packet(bench: &mut Bench) -> Outcome {
    // The second line is no business of the proxy.
    let more = [&word(&mut bench.rng)[..], b"\n\n", &word(&mut bench.rng)];
    let more = more.concat();
    let mut pipe =
        Pipe::open(bench, &more).map_err(|stop| likely(stop, FIRST_LINE))?;
    arrives(&mut pipe.upstream, &more, SAME_PACKET, FIRST_LINE)?;
    pipe.down(&word(&mut bench.rng), BOTH_WAYS)
}

fn byte_by_byte(bench: &mut Bench) -> Outcome {
    let listener = bench.listen()?;
    let mut client = bench.connect()?;
    let line = first_line(listener.local_addr()?);
    client.send_pieces([&line[..5]], LONG_PAUSE);
    client.send_pieces(line[5..].chunks(1), PAUSE);
    let mut pipe = Pipe::accepted(bench, client, &listener)
        .map_err(|stop| likely(stop, FIRST_LINE))?;
    let ask = word(&mut bench.rng);
    pipe.client.send(&ask);
    arrives(&mut pipe.upstream, &ask, BY_BYTES, FIRST_LINE)
}

fn all_bytes(bench: &mut Bench) -> Outcome {
    let mut bytes: Vec<u8> = (0..=255).collect();
    bench.rng.shuffle(&mut bytes);
    let mut pipe = Pipe::open(bench, b"")?;
    for bytes in [&bytes[..], b"\r\n \t\0 both ends \0\r\n", b"\xff"] {
        pipe.up(bytes, UNTOUCHED)?;
        pipe.down(bytes, UNTOUCHED)?;
    }
    Ok(())
}

fn upstream_first(bench: &mut Bench) -> Outcome {
    let mut pipe = Pipe::open(bench, b"")?;
    pipe.down(b"220 ready\r\n", UPSTREAM_FIRST)?;
    pipe.up(&word(&mut bench.rng), BOTH_WAYS)
}

fn client_half_close(bench: &mut Bench) -> Outcome {
    let mut pipe = Pipe::open(bench, b"")?;
    let (ask, answer) = (word(&mut bench.rng), word(&mut bench.rng));
    pipe.client.send(&ask);
    pipe.client.half_close();
    let sent = Shown::text(&ask).note(HALF_CLOSE);
    arrives_and_ends(&mut pipe.upstream, &ask, sent, PASS_THE_END_ON)?;
    pipe.down(&answer, PASS_THE_END_ON)?;
    pipe.upstream.half_close();
    let sent = Shown::words(UPSTREAM_HALF_CLOSE);
    arrives_and_ends(&mut pipe.client, b"", sent, PASS_THE_END_ON)
}

fn upstream_half_close(bench: &mut Bench) -> Outcome {
    let mut pipe = Pipe::open(bench, b"")?;
    let (ask, answer) = (word(&mut bench.rng), word(&mut bench.rng));
    pipe.upstream.send(&answer);
    pipe.upstream.half_close();
    let sent = Shown::text(&answer).note(UPSTREAM_HALF_CLOSE);
    arrives_and_ends(&mut pipe.client, &answer, sent, PASS_THE_END_ON)?;
    pipe.up(&ask, PASS_THE_END_ON)?;
    pipe.client.half_close();
    let sent = Shown::words(HALF_CLOSE);
    arrives_and_ends(&mut pipe.upstream, b"", sent, PASS_THE_END_ON)
}

fn only_ends(bench: &mut Bench) -> Outcome {
    let mut pipe = Pipe::open(bench, b"")?;
    pipe.client.half_close();
    let sent = Shown::words(HALF_CLOSE);
    arrives_and_ends(&mut pipe.upstream, b"", sent, PASS_THE_END_ON)?;
    pipe.upstream.half_close();
    let sent = Shown::words(UPSTREAM_HALF_CLOSE);
    arrives_and_ends(&mut pipe.client, b"", sent, PASS_THE_END_ON)
}

fn large(bench: &mut Bench) -> Outcome {
    let (up, down) = patterns(&mut bench.rng);
    let (client, upstream) = Pipe::open(bench, b"")?.into_streams()?;
    let mut flows = [
        Flow::new(&client, &upstream, &up, LARGE),
        Flow::new(&upstream, &client, &down, LARGE),
    ];
    for flow in &mut flows {
        flow.ends = true;
    }
    arrive(bench, &mut flows, LOST_OR_MIXED)
}

fn nobody(bench: &mut Bench) -> Outcome {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // Bound, but not listening: nobody else can take the port meanwhile.
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    let target = socket.local_addr()?.as_socket();
    let target = target.expect("a socket bound to an IPv4 address has one");
    let mut client = bench.connect()?;
    client.send(&first_line(target));
    let sent = Shown::words(NOBODY_THERE);
    arrives_and_ends(&mut client, b"", sent, REFUSED_TARGET)
}

fn no_address(bench: &mut Bench) -> Outcome {
    // 64 bytes without an end are refused before another one comes.
    let long = [b'1'; 64];
    let lines: [&[u8]; 6] = [
        b"\n",
        b"upstream\n",
        b"127.0.0.1\n",
        b"127.0.0.1:70000\n",
        b"127.0.0.1:0\n",
        &long,
    ];
    for line in lines {
        let mut client = bench.connect()?;
        client.send(line);
        refused(&mut client, line, BAD_LINE)?;
    }
    // Somebody listens there: only the `\n` is missing.
    let listener = bench.listen()?;
    let line = first_line(listener.local_addr()?);
    let half = &line[..line.len() - 1];
    let mut client = bench.connect()?;
    client.send(half);
    client.half_close();
    refused(&mut client, half, BAD_LINE)?;
    nearly_an_address(bench, listener.local_addr()?.port())
}

/// Somebody listens at this port, for who understands more than digits.
fn nearly_an_address(bench: &mut Bench, port: u16) -> Outcome {
    for line in [
        format!("localhost:{port}\n"),
        format!("127.0.0.1:{port}\r\n"),
        format!(" 127.0.0.1:{port}\n"),
        format!("127.0.0.1:{port} \n"),
        format!("127.0.0.1:+{port}\n"),
        format!("127.1:{port}\n"),
    ] {
        let mut client = bench.connect()?;
        client.send(line.as_bytes());
        refused(&mut client, line.as_bytes(), NEARLY)?;
    }
    Ok(())
}

fn refused(client: &mut Peer, line: &[u8], likely: &'static str) -> Outcome {
    let sent = Shown::text(line).note(NO_ADDRESS);
    arrives_and_ends(client, b"", sent, likely)
}

fn upstream_resets(bench: &mut Bench) -> Outcome {
    let mut pipe = Pipe::open(bench, b"")?;
    pipe.up(&word(&mut bench.rng), BOTH_WAYS)?;
    pipe.upstream.reset();
    must_close(bench, &pipe.client.into_stream()?, A_RESET_UP)
}

fn client_resets(bench: &mut Bench) -> Outcome {
    let (_, down) = patterns(&mut bench.rng);
    let (client, upstream) = Pipe::open(bench, b"")?.into_streams()?;
    let mut stuck = Flow::new(&upstream, &client, &down, 0);
    fill(bench, &mut stuck)?;
    reset(client)?;
    must_close(bench, &upstream, A_RESET_DOWN)?;

    let mut pipe = Pipe::open(bench, b"")?;
    pipe.up(&word(&mut bench.rng), BOTH_WAYS)?;
    pipe.client.reset();
    must_close(bench, &pipe.upstream.into_stream()?, A_RESET_DOWN)
}

fn reset(end: TcpStream) -> std::io::Result<()> {
    socket2::SockRef::from(&end).set_linger(Some(Duration::ZERO))
}

fn still_serves(bench: &mut Bench) -> Outcome {
    let mut pipe =
        Pipe::open(bench, b"").map_err(|stop| likely(stop, NEXT_CLIENT))?;
    let ask = word(&mut bench.rng);
    pipe.client.send(&ask);
    arrives(&mut pipe.upstream, &ask, NEW_CLIENT, NEXT_CLIENT)?;
    pipe.down(&word(&mut bench.rng), NEXT_CLIENT)
}

/// The same failure with another likely mistake.
fn likely(stop: super::Stop, likely: &'static str) -> super::Stop {
    match stop {
        super::Stop::Failed(mut failure) => {
            failure.likely = likely;
            super::Stop::Failed(failure)
        }
        error => error,
    }
}

/// One for each direction.
fn patterns(rng: &mut Rng) -> (Vec<u8>, Vec<u8>) {
    let mut pattern = || (0..65_521).map(|_| rng.u8(..)).collect();
    (pattern(), pattern())
}

/// Letters, of both cases.
fn word(rng: &mut Rng) -> Vec<u8> {
    let length = rng.usize(3..=40);
    (0..length).map(|_| rng.alphabetic() as u8).collect()
}
