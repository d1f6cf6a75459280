//! Exercise 19: 100 messages, each exactly once.
//!
//!     cargo run -- check 19
//!
//! Write a client. It is started with one argument, the address to connect
//! to. It delivers the messages `message 1` to `message 100`, in order, one
//! at a time, over a line that keeps breaking, and exits with status 0.
//!
//! A message is sent as `ID message N\n`, with an ID of 1 to 64 letters,
//! digits or `-` that you choose: another one for each message, the same one
//! for each attempt. It is delivered when the line `ack ID\n` has come back.
//! Other lines are ignored.
//!
//! * The end, a reset, a refusal, half a line, or no acknowledgement within
//!   1 s (wait no longer than 3 s): close, pause, connect, send again.
//! * The pause lasts at least 50, 100, 200, then 400 ms, by the number of
//!   failures since the last acknowledgement, and at most 2 s.
//! * Never give up.

use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let mut stream = BufReader::new(TcpStream::connect(address)?);
    for number in 1..=100 {
        // TODO: this waits for ever if no line comes, does not look at the
        // line that does, and knows no second attempt.
        let message = format!("id-{number} message {number}\n");
        stream.get_mut().write_all(message.as_bytes())?;
        let mut line = String::new();
        stream.read_line(&mut line)?;
    }
    Ok(())
}
