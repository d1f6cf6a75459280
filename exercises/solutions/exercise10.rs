//! Solution 10: a responder that nobody can turn into a weapon.

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
    let mut buffer = vec![0; 65_536];
    loop {
        let (count, peer) = match socket.recv_from(&mut buffer) {
            Ok(came) => came,
            // News of an answer whose client has left, on Windows.
            Err(error) if is_about_a_client(&error) => continue,
            Err(error) => return Err(error),
        };
        if let Some(answer) = answer(&buffer[..count]) {
            // A client that cannot be answered is no reason to stop.
            if let Err(error) = socket.send_to(&answer, peer) {
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
