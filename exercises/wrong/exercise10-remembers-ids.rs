//! Caught by: an ID again, with another COUNT or text
//!
//! An answer is kept and sent again, as if an ID came only once.

use std::collections::HashMap;
use std::env;
use std::io::{self, ErrorKind};
use std::net::UdpSocket;

/// Longest question, in bytes.
const LONGEST: usize = 400;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let socket = UdpSocket::bind(address)?;
    // Room for any datagram: what is too long must not look like a question,
    // and Windows calls it an error when something is cut.
    let mut known: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
    let mut buffer = vec![0; 65_536];
    loop {
        let (count, peer) = match socket.recv_from(&mut buffer) {
            Ok(came) => came,
            // News of an answer whose client has left, on Windows.
            Err(error) if is_about_a_client(&error) => continue,
            Err(error) => return Err(error),
        };
        let datagram = &buffer[..count];
        if let Some(answer) = answer(datagram) {
            let id = datagram[1..3].to_vec();
            let answer = known.entry(id).or_insert(answer);
            // A client that cannot be answered is no reason to stop.
            if let Err(error) = socket.send_to(answer, peer) {
                eprintln!("no answer to {peer}: {error}");
            }
        }
    }
}

/// The answer to a datagram; `None` if it is no question.
pub fn answer(datagram: &[u8]) -> Option<Vec<u8>> {
    let [b'Q', high, low, count, text @ ..] = datagram else {
        return None;
    };
    if datagram.len() > LONGEST {
        return None;
    }
    let text = text.repeat(usize::from(*count));
    let answer = [&[b'A', *high, *low], &text[..]].concat();
    // QUIC's rule, RFC 9000, section 8.1: the address may be forged.
    if answer.len() > 3 * datagram.len() {
        return Some(vec![b'T', *high, *low]);
    }
    Some(answer)
}

fn is_about_a_client(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::ConnectionReset
            | ErrorKind::ConnectionRefused
            | ErrorKind::Interrupted
    )
}
