//! Exercise 22: AIMD, event by event.
//!
//!     cargo run -- check 22
//!
//! Write a server. It is started with one argument, the address to listen
//! on. A client tells what happens to a TCP sender, a line for each event,
//! ended by `\n`; each line is answered at once by one line:
//!
//!     CWND SSTHRESH FLIGHT
//!
//! in bytes, after the event; SSTHRESH is `-` until there is one.
//!
//! * `mss N`: first of all, once; N up to 65,535. CWND becomes
//!   min(10 N, max(2 N, 14,600)).
//! * `send N`: the program wants to send N bytes; what fits into the window
//!   leaves: min(N, CWND - FLIGHT), and not less than 0.
//! * `ack N`: N bytes, at most FLIGHT, are acknowledged and leave FLIGHT.
//!   In fast recovery: CWND = SSTHRESH, and fast recovery is over. Else if
//!   CWND < SSTHRESH, or there is none: CWND grows by min(N, MSS). Else by
//!   MSS * MSS / CWND, rounded down, but at least 1.
//! * `dup`: a duplicate ACK; nothing if FLIGHT is 0. The third one with no
//!   `ack` or `timeout` in between: SSTHRESH = max(FLIGHT / 2, 2 MSS),
//!   rounded down, CWND = SSTHRESH + 3 MSS, and fast recovery begins. Each
//!   further one during fast recovery: CWND grows by MSS.
//! * `timeout`: only if FLIGHT is not 0. SSTHRESH = max(FLIGHT / 2, 2 MSS),
//!   unless no `ack` has come since the last `timeout`. CWND = MSS, fast
//!   recovery is over, dups are counted anew.
//!
//! Any other line is answered by `error` and changes nothing. N has one to
//! nine digits and is not 0. A line has at most 64 bytes before its `\n`:
//! at the 65th, close. At the end of the stream answer the whole lines, and
//! close. Each connection is a sender of its own, and several come at once.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        if let Err(error) = stream.and_then(serve) {
            eprintln!("a client was dropped: {error}");
        }
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let (mut mss, mut cwnd, mut flight) = (0, 0, 0);
    for line in BufReader::new(stream.try_clone()?).lines() {
        let line = line?;
        let (word, value) = line.split_once(' ').unwrap_or((&line, "0"));
        let value: u64 = value.parse().unwrap_or(0);
        match word {
            "mss" => {
                mss = value;
                cwnd = 10 * mss;
            }
            "send" => flight += value,
            "ack" => {
                flight -= value.min(flight);
                cwnd += mss;
            }
            // TODO: this only ever grows. What do a dup and a timeout say
            // about the network, and what does a sender owe the others?
            _ => {}
        }
        stream.write_all(format!("{cwnd} - {flight}\n").as_bytes())?;
    }
    Ok(())
}
