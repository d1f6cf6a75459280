//! Lesson 22: everyone slows down so that everyone gets through.
//!
//!     cargo run --example lesson22
//!
//! Windows in virtual time, then your own kernel's TCP. Where there is a
//! round trip (`cargo run -- run 22 --rtt 40ms`, on Linux) it sends for 6 s,
//! or for as many as the first argument says.
// house: allow length: AIMD, three algorithms, and the kernel's own.
// wire: streams, 8 bytes: two flows at once, and nobody's turn is fixed.

use std::env;
use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use lessons::formulas::{OutOfDomain, cubic_window, jain, mathis};
use lessons::link::{Queue, Settings, Way};
use lessons::sim::tcp::{self, C, Cubic, Flow, Kind, Limits, Measured};
use lessons::sim::trace::Trace;
use lessons::sim::{MILLISECOND, SECOND};

/// Bytes of one `write`.
const BLOCK: usize = 8192;
const KINDS: [Kind; 3] = [Kind::Reno, Kind::Cubic, Kind::BbrLike];
/// Bytes of data in a segment, and the simulated link: as long as a flow to
/// another continent, as wide as a bad evening at home.
const MSS: u64 = 1448;
const RATE: u64 = 2_000_000;
const RTT: u64 = 80 * MILLISECOND;

fn main() -> Result<(), Box<dyn Error>> {
    aimd()?;
    algorithms()?;
    cubic()?;
    fairness()?;
    kernel()
}

// ANCHOR: aimd
/// Two senders on a link that has room for 50 segments, one round trip
/// after the other.
fn aimd() -> Result<(), OutOfDomain> {
    println!("AIMD by hand: two windows, room for 50 segments");
    let mut windows = [45.0, 3.0];
    for round in 0..=80 {
        if round % 40 == 0 {
            let [one, other] = windows;
            let fair = jain(&windows)?;
            println!("  round {round:3}: {one:4.1} {other:4.1}, J {fair:.3}");
        }
        let full = windows.iter().sum::<f64>() > 50.0;
        for window in &mut windows {
            // A loss halves; without one, there is a segment more.
            *window = if full { *window / 2.0 } else { *window + 1.0 };
        }
    }
    Ok(())
}
// ANCHOR_END: aimd

fn algorithms() -> Result<(), Box<dyn Error>> {
    println!("simulated, 2 Mbit/s, 80 ms: the window during 20 s");
    for kind in KINDS {
        let flow = simulate(&[kind], 0.0)?.remove(0);
        let windows = flow.samples.iter().map(|it| it.window / MSS);
        println!("  {:9} {}", name(kind), curve(windows));
    }
    println!("the same link, Mbit/s with a loss of");
    println!("               0 %  0.5 %    2 %    5 %");
    for kind in KINDS {
        print!("  {:9}", name(kind));
        for loss in [0.0, 0.005, 0.02, 0.05] {
            let flow = simulate(&[kind], loss)?.remove(0);
            print!("{:7.2}", flow.goodput / 1e6);
        }
        println!();
    }
    print!("  {:9}      -", "Mathis");
    for loss in [0.005, 0.02, 0.05] {
        let rate = mathis(MSS as f64, RTT as f64 / 1e9, 1.0, loss)?;
        print!("{:7.2}", 8.0 * rate / 1e6);
    }
    println!();
    Ok(())
}

// ANCHOR: cubic
/// A window of 100 segments has seen a loss; a round trip is 0.2 s.
fn cubic() -> Result<(), OutOfDomain> {
    println!("CUBIC after a loss at 100 segments, simulator and formula");
    let mut cubic = Cubic::default();
    let mut window = cubic.decrease(100.0, 100.0);
    let cut = window;
    for round in 0..=40 {
        if round % 20 == 0 {
            let t = 0.2 * round as f64;
            let formula = cubic_window(t, 100.0, cut, C)?;
            println!("  after {t} s: {window:5.1} and {formula:5.1}");
        }
        // A whole window is acknowledged in each round trip.
        let rtt = 200 * MILLISECOND;
        window = cubic.avoid(round * rtt, rtt, window, window);
    }
    Ok(())
}
// ANCHOR_END: cubic

fn fairness() -> Result<(), Box<dyn Error>> {
    println!("two flows on the simulated link, Mbit/s and Jain's index");
    for other in KINDS {
        let flows = simulate(&[Kind::Reno, other], 0.0)?;
        let [a, b] = [flows[0].goodput / 1e6, flows[1].goodput / 1e6];
        let fair = jain(&[a, b])?;
        let other = name(other);
        println!("  reno {a:.2}, {other} {b:.2}: J {fair:.3}");
    }
    Ok(())
}

fn simulate(
    kinds: &[Kind],
    loss: f64,
) -> Result<Vec<Measured>, Box<dyn Error>> {
    let down = Way {
        delay: RTT / 2,
        ..Way::default()
    };
    let up = Way {
        rate: Some(RATE),
        // As much as is on the way: a bandwidth-delay product.
        queue: Queue::Bytes(20_000),
        loss,
        ..down.clone()
    };
    let flows = kinds.iter().map(|&kind| Flow { kind, start: 0 });
    let setup = tcp::Setup {
        link: Settings { up, down, seed: 1 },
        flows: flows.collect(),
        smss: MSS,
        limits: Limits::LINUX,
        selective: true,
        duration: 20 * SECOND,
        measure_from: 2 * SECOND,
        sample_every: 400 * MILLISECOND,
    };
    Ok(tcp::run(&setup, Trace::none())?.flows)
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Reno => "reno",
        Kind::Cubic => "cubic",
        Kind::BbrLike => "bbr-like",
    }
}

fn curve(values: impl Iterator<Item = u64>) -> String {
    let bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    values.map(|it| bars[(it as usize / 6).min(7)]).collect()
}

fn kernel() -> Result<(), Box<dyn Error>> {
    println!("your kernel's TCP");
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let time = how_long(&listener)?;
    for flows in [1, 2] {
        let start = Instant::now();
        let bytes = transfer(&listener, flows, time.map(|it| start + it))?;
        let rate = 8e-6 / start.elapsed().as_secs_f64();
        match time {
            // So much is over before there is anything to measure.
            None => println!("  {flows} x {BLOCK} bytes: {bytes:?} arrived"),
            Some(_) => {
                let rates = bytes.iter().map(|it| *it as f64 * rate);
                let rates: Vec<_> = rates.collect();
                println!("  {rates:.2?} Mbit/s, J {:.3}", jain(&rates)?);
            }
        }
    }
    Ok(())
}

/// Sends in all flows at once: how many bytes of each have arrived, in all
/// or by the deadline.
fn transfer(
    listener: &TcpListener,
    flows: usize,
    deadline: Option<Instant>,
) -> io::Result<Vec<usize>> {
    let connected = (0..flows).map(|_| {
        let client = TcpStream::connect(listener.local_addr()?)?;
        Ok((client, listener.accept()?.0))
    });
    let pairs = connected.collect::<io::Result<Vec<_>>>()?;
    let panicked = |_| io::Error::other("a flow panicked");
    thread::scope(|scope| {
        let flows = pairs.into_iter().map(|(client, server)| {
            let sender = scope.spawn(move || send(client, deadline));
            (sender, scope.spawn(move || receive(server, deadline)))
        });
        let flows: Vec<_> = flows.collect();
        let ended = flows.into_iter().map(|(sender, receiver)| {
            sender.join().map_err(panicked)??;
            receiver.join().map_err(panicked)?
        });
        ended.collect()
    })
}

// ANCHOR: send
fn send(mut stream: TcpStream, deadline: Option<Instant>) -> io::Result<()> {
    stream.write_all(&[b'x'; BLOCK])?;
    // `write_all` waits while the window is closed: there is no rate to set.
    while deadline.is_some() {
        match stream.write_all(&[b'x'; BLOCK]).map_err(|it| it.kind()) {
            Ok(()) => {}
            // The receiver has seen enough.
            Err(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => break,
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}
// ANCHOR_END: send

fn receive(
    mut stream: TcpStream,
    deadline: Option<Instant>,
) -> io::Result<usize> {
    let mut buffer = vec![0; 65_536];
    let mut bytes = 0;
    while deadline.is_none_or(|it| Instant::now() < it) {
        match stream.read(&mut buffer)? {
            0 => break,
            n => bytes += n,
        }
    }
    Ok(bytes)
}

/// The first argument, in seconds; without it 6 s on a link that has a round
/// trip, and no time at all on one that has none.
fn how_long(
    listener: &TcpListener,
) -> Result<Option<Duration>, Box<dyn Error>> {
    if let Some(seconds) = env::args().nth(1) {
        let seconds = seconds.parse().ok().filter(|it| (1..=600).contains(it));
        let seconds = seconds.ok_or("the argument is 1 to 600 seconds")?;
        return Ok(Some(Duration::from_secs(seconds)));
    }
    let mut least = Duration::MAX;
    // The handshake takes a round trip. The shortest of three: on a busy
    // machine one may wait for its turn.
    for _ in 0..3 {
        let start = Instant::now();
        let _client = TcpStream::connect(listener.local_addr()?)?;
        least = least.min(start.elapsed());
        listener.accept()?;
    }
    let far = least > Duration::from_millis(2);
    Ok(far.then_some(Duration::from_secs(6)))
}
