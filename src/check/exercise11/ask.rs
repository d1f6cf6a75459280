//! Exercise 11, asking: a question goes to the server, over UDP or TCP, and
//! what comes back is compared with the right answer.

use fastrand::Rng;

use super::message::{Name, Reply, shown, write_name};
use super::words::{AS_TCP, OR_THE_SAME, THEN_A_GOOD_ONE, TOO_SHORT};
use super::zone::{self, OVER_TCP, OVER_UDP};
use crate::check::{
    Asker, Bench, Exchange, Failure, Outcome, PATIENCE, Shown, failure,
};
use crate::peer::Peer;

/// What any right server answers.
pub const PROBE: &[u8] =
    b"\0\0\x01\0\0\x01\0\0\0\0\0\0\x03www\x04wire\x07example\0\0\x01\0\x01";

/// A question, and what is unusual about it.
#[derive(Debug, Clone)]
pub struct Question {
    pub id: u16,
    pub flags: u16,
    pub counts: [u16; 4],
    /// Its name as it is written.
    pub name: Vec<u8>,
    pub kind: u16,
    pub class: u16,
    /// What follows it.
    pub rest: Vec<u8>,
}

impl Question {
    pub fn new(name: Name, kind: u16) -> Question {
        Question {
            id: 0,
            flags: 0x0100,
            counts: [1, 0, 0, 0],
            name: write_name(&name),
            kind,
            class: 1,
            rest: Vec::new(),
        }
    }

    /// A question about a name of the zone, with a number by chance.
    pub fn of(name: &str, kind: u16, rng: &mut Rng) -> Question {
        let mut question = Question::new(zone::within(name), kind);
        question.id = rng.u16(..);
        question
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for field in [self.id, self.flags].iter().chain(&self.counts) {
            bytes.extend(field.to_be_bytes());
        }
        bytes.extend(&self.name);
        bytes.extend(self.kind.to_be_bytes());
        bytes.extend(self.class.to_be_bytes());
        bytes.extend(&self.rest);
        bytes
    }
}

/// A new client asks over UDP, and is answered.
pub fn answers(
    bench: &mut Bench,
    question: &Question,
    likely: &'static str,
) -> Outcome {
    let asker = bench.asker(PROBE)?;
    over_udp(&asker, &question.bytes(), likely)
}

/// Asks over UDP. The message gets an answer.
pub fn over_udp(
    asker: &Asker,
    message: &[u8],
    likely: &'static str,
) -> Outcome {
    asker.send(message)?;
    answered_over_udp(asker, message, shown(message), likely)
}

/// Takes the answer to a message that was sent before.
pub fn answered_over_udp(
    asker: &Asker,
    message: &[u8],
    sent: Shown,
    likely: &'static str,
) -> Outcome {
    let right = right(message, OVER_UDP);
    let expected = shown(&right.write());
    let got = asker.answer(&sent, &expected, likely)?;
    compare(sent, &right, &got, likely)
}

/// Sends `bad`, which must get no answer, and then two good questions: what
/// comes must be theirs alone.
pub fn no_answer(
    asker: &Asker,
    bad: &[u8],
    good: [Question; 2],
    likely: &'static str,
) -> Outcome {
    asker.send(bad)?;
    for question in good {
        let good = question.bytes();
        asker.send(&good)?;
        let sent = Shown::hex(bad).note(THEN_A_GOOD_ONE);
        answered_over_udp(asker, &good, sent, likely)?;
    }
    Ok(())
}

fn right(message: &[u8], most: usize) -> Reply {
    zone::reply(message, most).expect("only what gets an answer is asked so")
}

/// Asks on a connection, in one piece.
pub fn over_tcp(
    peer: &mut Peer,
    message: &[u8],
    likely: &'static str,
) -> Outcome {
    peer.send(&framed(message));
    answered_over_tcp(peer, message, likely)
}

/// Reads the answer to what was sent before.
pub fn answered_over_tcp(
    peer: &mut Peer,
    message: &[u8],
    likely: &'static str,
) -> Outcome {
    let right = right(message, OVER_TCP);
    let sent = || shown(message).note(AS_TCP);
    let whole = framed(&right.write());
    let mut got = peer.read(2, PATIENCE);
    if let [high, low] = got.bytes[..] {
        let length = u16::from_be_bytes([high, low]);
        got.bytes.extend(peer.read(length.into(), PATIENCE).bytes);
        if got.bytes.len() == 2 + usize::from(length) {
            return compare(sent(), &right, &got.bytes[2..], likely);
        }
    }
    let came = match got.bytes.is_empty() {
        true => failure::came(&got, &whole, PATIENCE),
        false => TOO_SHORT,
    };
    Err(Failure {
        sent: sent(),
        expected: Shown::hex(&whole),
        got: Shown::hex(&got.bytes).note(came),
        likely,
        died: None,
    }
    .into())
}

/// The connection is closed, without a further byte.
pub fn closed(peer: &mut Peer, sent: Shown, likely: &'static str) -> Outcome {
    Exchange {
        sent,
        expected: b"",
        close: true,
        likely,
        show: Shown::hex,
    }
    .judge(peer)
}

/// Behind its length (RFC 1035, section 4.2.2).
pub fn framed(message: &[u8]) -> Vec<u8> {
    let length = (message.len() as u16).to_be_bytes();
    [&length, message].concat()
}

fn compare(
    sent: Shown,
    right: &Reply,
    got: &[u8],
    likely: &'static str,
) -> Outcome {
    let read = Reply::read(got).map(Reply::in_order);
    if read.as_ref() == Some(&right.clone().in_order()) {
        return Ok(());
    }
    Err(Failure {
        sent,
        expected: shown(&right.write()).note(OR_THE_SAME),
        got: shown(got),
        likely,
        died: None,
    }
    .into())
}
