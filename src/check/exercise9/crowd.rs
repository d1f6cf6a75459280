//! Exercise 9, a crowd: a bench goes in, a hundred clients are connected at
//! once, an [`Outcome`] comes out.

use std::sync::{Mutex, PoisonError};

use super::answer::answers;
use super::lines::words;
use super::words::*;
use crate::check::{Bench, Outcome, Shown};

/// So many are connected at once, the one that asks among them.
const CLIENTS: usize = 100;

/// So many come before the next one asks. Who is answered shows that all
/// before it were accepted, so that a listener's queue is never longer:
/// Python's `socketserver` has room for five.
const GROUP: usize = 3;

pub fn hundred(bench: &mut Bench) -> Outcome {
    // Checks at work side by side share a process's files, of which macOS
    // allows 256.
    static ONE_CROWD: Mutex<()> = Mutex::new(());
    let _alone = ONE_CROWD.lock().unwrap_or_else(PoisonError::into_inner);
    // Waiting for the others is not the server's time.
    bench.begin_again();
    let mut waiting = Vec::new();
    while waiting.len() < CLIENTS - 1 {
        for _ in 0..GROUP {
            let sent = words(3, &mut bench.rng);
            let mut peer = bench.connect()?;
            peer.send(&sent[..2]);
            waiting.push((peer, sent));
        }
        let sent = words(3, &mut bench.rng);
        let mut peer = bench.connect()?;
        peer.send(&sent);
        peer.half_close();
        let clients = Shown::plain((waiting.len() + 1).to_string());
        let shown = clients.note(WHILE_MANY_WAIT);
        answers(&mut peer, &sent, shown, CROWD)?;
    }
    for (peer, sent) in &mut waiting {
        peer.send(&sent[2..]);
        peer.half_close();
    }
    for (mut peer, sent) in waiting {
        let shown = Shown::lines(&sent).note(AFTER_THE_CROWD);
        answers(&mut peer, &sent, shown, CROWD)?;
    }
    Ok(())
}
