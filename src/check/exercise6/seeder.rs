//! One peer of the swarm: the pieces it has and its manner go in, what comes
//! back over each connection comes out.

use std::time::{Duration, Instant};

use crate::peer::{Peer, Then};

/// How long a request that has begun may take, and one that has not.
const PATIENCE: Duration = Duration::from_secs(10);

/// Longest request, in bytes.
const MAX_REQUEST: usize = 64;

/// Longer than any step.
const FOR_EVER: Duration = Duration::from_secs(120);

/// How a peer hands out a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Prompt,
    /// A few bytes at a time.
    Parts,
    /// Bytes that nobody asked for follow, and then no end.
    More,
    /// All of it within so much time.
    Slow(Duration),
    /// Nothing for so much time, and then all of it.
    Late(Duration),
    /// Half of it, and the end.
    Ends,
    /// Half of it, and a reset.
    Resets,
    /// A reset, and not a byte.
    ResetsAtOnce,
    /// Nothing, and no end.
    Silent,
    /// A byte every 100 ms.
    Drip,
    /// Nobody listens at its address.
    Absent,
}

#[derive(Debug, Clone)]
pub(super) struct Seeder {
    pub manner: Manner,
    /// The pieces it has; `None`: all of them.
    only: Option<Vec<usize>>,
    lie: Option<usize>,
}

impl Seeder {
    pub fn new(manner: Manner) -> Seeder {
        Seeder {
            manner,
            only: None,
            lie: None,
        }
    }

    pub fn only(self, pieces: impl IntoIterator<Item = usize>) -> Seeder {
        Seeder {
            only: Some(pieces.into_iter().collect()),
            ..self
        }
    }

    pub fn lies_about(self, piece: usize) -> Seeder {
        Seeder {
            lie: Some(piece),
            ..self
        }
    }

    /// Serves one connection; `Err` with a line that is no request.
    pub fn serve(
        &self,
        mut peer: Peer,
        pieces: &[Vec<u8>],
    ) -> Result<(), Vec<u8>> {
        let Some(line) = read_line(&mut peer) else {
            return Ok(());
        };
        let Some(number) = requested_piece(&line, pieces.len()) else {
            return Err(line);
        };
        if self.only.as_ref().is_some_and(|it| !it.contains(&number)) {
            return Ok(());
        }
        let mut piece = pieces[number].clone();
        if self.lie == Some(number) {
            let middle = piece.len() / 2;
            piece[middle] ^= 1;
        }
        self.hand_out(peer, &piece);
        Ok(())
    }

    fn hand_out(&self, mut peer: Peer, piece: &[u8]) {
        let half = &piece[..piece.len() / 2];
        match self.manner {
            Manner::Prompt | Manner::Absent => peer.send(piece),
            Manner::Parts => {
                let size = piece.len().div_ceil(8);
                let pause = Duration::from_millis(10);
                peer.send_pieces(piece.chunks(size), pause);
            }
            Manner::More => {
                peer.send(&[piece, b"and more"].concat());
                peer.pause(FOR_EVER);
            }
            Manner::Slow(time) => slowly(&mut peer, piece, time),
            Manner::Late(time) => {
                peer.pause(time);
                peer.send(piece);
            }
            Manner::Ends => peer.send(half),
            Manner::Resets => {
                peer.send(half);
                // What has arrived can be read before the reset comes.
                peer.pause(Duration::from_millis(20));
                peer.reset();
            }
            Manner::ResetsAtOnce => peer.reset(),
            Manner::Silent => peer.pause(FOR_EVER),
            Manner::Drip => {
                let pause = Duration::from_millis(100);
                peer.send_pieces(piece.chunks(1), pause);
            }
        }
    }
}

/// Sends the last byte after `time`, however long each pause took.
fn slowly(peer: &mut Peer, piece: &[u8], time: Duration) {
    let begun = Instant::now();
    let parts: Vec<&[u8]> = piece.chunks(piece.len().div_ceil(4)).collect();
    for (index, part) in parts.iter().enumerate() {
        let due = time * (index as u32 + 1) / parts.len() as u32;
        peer.pause(due.saturating_sub(begun.elapsed()));
        peer.send(part);
    }
}

/// A line with its ending, or what came instead of one that is too long;
/// `None` if the connection ended before, which is no mistake.
fn read_line(peer: &mut Peer) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    while line.len() < MAX_REQUEST {
        let got = peer.read(1, PATIENCE);
        if got.then != Then::Enough {
            return None;
        }
        line.extend(got.bytes);
        if line.ends_with(b"\n") {
            break;
        }
    }
    Some(line)
}

/// The number in `get 7\n`, if there is such a piece.
pub fn requested_piece(line: &[u8], count: usize) -> Option<usize> {
    let digits = line.strip_prefix(b"get ")?.strip_suffix(b"\n")?;
    let number: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let plain = number.to_string().as_bytes() == digits;
    (plain && number < count).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_request_is_a_request() {
        assert_eq!(requested_piece(b"get 0\n", 3), Some(0));
        assert_eq!(requested_piece(b"get 2\n", 3), Some(2));
        for wrong in [
            "get 3\n",
            "get 02\n",
            "get +2\n",
            "get  2\n",
            "get 2 \n",
            "get 2\r\n",
            "GET 2\n",
            "get 2",
            "get \n",
            "\n",
        ] {
            assert_eq!(requested_piece(wrong.as_bytes(), 3), None, "{wrong:?}");
        }
    }
}
