//! A second pair of hands for a link that has more to do than one processor
//! can: in go packets for one port, in order, and there they come out.
//!
//! To hand a packet to the kernel takes twice as long as to take one from
//! it, for the receiving host's TCP runs in that call. As long as there is
//! time the link does it itself: to wake another thread would make a packet
//! late.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::thread::{Builder, JoinHandle};

use super::port::Outlet;

/// So many packets at once are more than the link does itself.
const MANY: usize = 16;

pub(super) struct Hands {
    outlet: Arc<dyn Outlet>,
    /// Dropped, it ends the thread.
    packets: Option<Sender<Vec<u8>>>,
    /// What the thread has not handed over yet.
    pending: Arc<AtomicUsize>,
    /// Packets that the port would not take.
    refused: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Hands {
    pub(super) fn new(outlet: Arc<dyn Outlet>) -> io::Result<Hands> {
        let (packets, given) = channel::<Vec<u8>>();
        let pending = Arc::new(AtomicUsize::new(0));
        let refused = Arc::new(AtomicU64::new(0));
        let own = (outlet.clone(), pending.clone(), refused.clone());
        let thread = Builder::new().name("hands".into()).spawn(move || {
            let (outlet, pending, refused) = own;
            for packet in given {
                if outlet.send(&packet).is_err() {
                    refused.fetch_add(1, Ordering::Relaxed);
                }
                // After it has arrived: whoever sees 0 may send the next.
                pending.fetch_sub(1, Ordering::Release);
            }
        })?;
        Ok(Hands {
            outlet,
            packets: Some(packets),
            pending,
            refused,
            thread: Some(thread),
        })
    }

    /// Sends a packet, the `count`th without a pause. None overtakes another.
    pub(super) fn send(&self, packet: &[u8], count: usize) {
        let busy = self.pending.load(Ordering::Acquire) > 0;
        if let Some(packets) = &self.packets
            && (busy || count > MANY)
        {
            self.pending.fetch_add(1, Ordering::Relaxed);
            // The thread takes packets as long as there is this sender.
            let _ = packets.send(packet.to_vec());
        } else if self.outlet.send(packet).is_err() {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits until all is handed over; how many the port would not take.
    pub(super) fn finish(&mut self) -> u64 {
        self.packets = None;
        if let Some(thread) = self.thread.take() {
            // If it panicked, that has been printed, and the rest is lost.
            let _ = thread.join();
        }
        self.refused.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Takes all but every tenth packet.
    #[derive(Default)]
    struct Picky(Mutex<Vec<u8>>);

    impl Outlet for Picky {
        fn send(&self, packet: &[u8]) -> io::Result<()> {
            match packet[0] % 10 {
                9 => Err(io::ErrorKind::Other.into()),
                _ => {
                    self.0.lock().expect("no panic").push(packet[0]);
                    Ok(())
                }
            }
        }
    }

    #[test]
    fn none_overtakes_another_whoever_hands_it_over() -> io::Result<()> {
        let outlet = Arc::new(Picky::default());
        let mut hands = Hands::new(outlet.clone())?;
        for number in 0..=255u8 {
            // Now few at once, now many.
            hands.send(&[number], usize::from(number % 40));
        }
        assert_eq!(hands.finish(), 25);
        let arrived = outlet.0.lock().expect("no panic").clone();
        assert_eq!(arrived.len(), 231);
        assert!(arrived.is_sorted(), "{arrived:?}");
        Ok(())
    }
}
