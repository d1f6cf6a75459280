//! Exercise 9, an answer: a peer and what it has sent go in, an [`Outcome`]
//! comes out.

use super::lines::sorted;
use super::words::*;
use crate::check::failure::{self, Failure};
use crate::check::{Exchange, Outcome, PATIENCE, Shown};
use crate::peer::{Peer, Then};

/// All at once, a half-close, and the answer.
pub fn ask(mut peer: Peer, sent: &[u8], likely: &'static str) -> Outcome {
    peer.send(sent);
    peer.half_close();
    let shown = Shown::text(sent).note(THEN_HALF_CLOSE);
    answers(&mut peer, sent, shown, likely)
}

/// What was sent comes back in order, and then comes the orderly end.
pub fn answers(
    peer: &mut Peer,
    sent: &[u8],
    shown: Shown,
    likely: &'static str,
) -> Outcome {
    let expected = sorted(sent);
    said(peer, &expected, shown.clone(), likely)?;
    let more = if expected.is_empty() {
        NO_DATA
    } else {
        TOO_MUCH
    };
    ends(peer, shown, more)
}

/// The next bytes are these.
pub fn said(
    peer: &mut Peer,
    expected: &[u8],
    sent: Shown,
    likely: &'static str,
) -> Outcome {
    Exchange {
        sent,
        expected,
        close: false,
        likely,
        show: Shown::text,
    }
    .judge(peer)
}

/// No byte more, and FIN: a reset is told apart, for it may destroy an
/// answer that is still on its way (RFC 9112 §9.6). `more` is said of bytes.
pub fn ends(peer: &mut Peer, sent: Shown, more: &'static str) -> Outcome {
    let got = peer.read(64, PATIENCE);
    let likely = match got.then {
        Then::End if got.bytes.is_empty() => return Ok(()),
        _ if !got.bytes.is_empty() => more,
        Then::Reset => ENDED_BY_RESET,
        _ => NOT_ENDED,
    };
    Err(Failure {
        sent,
        expected: Shown::words(THE_FIN),
        got: Shown::text(&got.bytes).note(failure::came(&got, b"", PATIENCE)),
        likely,
        died: None,
    }
    .into())
}
