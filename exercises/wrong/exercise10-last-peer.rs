//! Caught by: eight clients at once, with one ID
//!
//! Questions are collected and then answered, all of them to who asked last.

use std::env;
use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

/// Longest question, in bytes.
const LONGEST: usize = 400;

fn main() -> io::Result<()> {
    let address = env::args().nth(1).expect("the first argument: an address");
    let socket = UdpSocket::bind(address)?;
    // Room for any datagram: what is too long must not look like a question,
    // and Windows calls it an error when something is cut.
    let mut buffer = vec![0; 65_536];
    loop {
        let mut questions = Vec::new();
        let mut last: Option<SocketAddr> = None;
        // The first is waited for, the others only for a moment.
        while let Ok((count, peer)) = socket.recv_from(&mut buffer) {
            questions.push(buffer[..count].to_vec());
            last = Some(peer);
            socket.set_read_timeout(Some(Duration::from_millis(20)))?;
        }
        socket.set_read_timeout(None)?;
        for answer in questions.iter().filter_map(|it| answer(it)) {
            if let Some(peer) = last {
                socket.send_to(&answer, peer)?;
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
