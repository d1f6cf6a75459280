//! What TCP thinks while it runs, asked from outside the program: in goes a
//! host, out comes its sockets' `TCP_INFO`, again and again.
//!
//! A dump walks the kernel's table of all sockets and costs half a core at
//! 1 kHz. So it is done rarely, to find new sockets; those that are known
//! are asked for by their addresses.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};

use super::diag::{Diag, Entry, Protocol, State};
use super::namespace::Host;
use super::sample::Sample;

/// Between two samples of a socket, and between two dumps.
const PERIOD: Duration = Duration::from_millis(10);
const DUMP: Duration = Duration::from_millis(50);

/// A socket in any other state has nothing to send.
const LIVELY: [State; 7] = [
    State::SynSent,
    State::Established,
    State::FinWait1,
    State::FinWait2,
    State::CloseWait,
    State::LastAck,
    State::Closing,
];

/// What Linux says before there was a loss: 2^31 − 1.
const NO_THRESHOLD: u32 = 0x7fff_ffff;

/// A thread that asks, until it is stopped.
pub struct Sampler {
    /// Dropped, it ends the thread.
    stop: Sender<()>,
    thread: JoinHandle<io::Result<Vec<Sample>>>,
}

impl Sampler {
    /// Samples the host's connections; each sample also goes to `tell`.
    pub fn start(
        host: &Host,
        queued: Option<Arc<[AtomicU64; 2]>>,
        tell: impl Fn(&Sample) + Send + 'static,
    ) -> Result<Sampler> {
        let (stop, stopped) = channel();
        let thread = host.spawn("sampler", move || {
            let rounds = Rounds {
                diag: Diag::open()?,
                began: Instant::now(),
                queued,
                known: Vec::new(),
                samples: Vec::new(),
            };
            rounds.run(&stopped, &tell)
        })?;
        Ok(Sampler { stop, thread })
    }

    pub fn finish(self) -> Result<Vec<Sample>> {
        drop(self.stop);
        let samples = self.thread.join();
        let samples = samples.map_err(|_| anyhow!("the sampler panicked"))?;
        samples.context("cannot ask for the state of sockets")
    }
}

struct Rounds {
    diag: Diag,
    began: Instant,
    queued: Option<Arc<[AtomicU64; 2]>>,
    known: Vec<(SocketAddr, SocketAddr)>,
    samples: Vec<Sample>,
}

impl Rounds {
    fn run(
        mut self,
        stopped: &Receiver<()>,
        tell: &impl Fn(&Sample),
    ) -> io::Result<Vec<Sample>> {
        let mut next_dump = self.began;
        let mut next = self.began;
        let mut new = Vec::new();
        loop {
            let sockets = if Instant::now() >= next_dump {
                next_dump = Instant::now() + DUMP;
                let all = self.diag.all(Protocol::Tcp, &LIVELY)?;
                self.known = all.iter().map(|it| (it.local, it.peer)).collect();
                all
            } else {
                self.ask_known()?
            };
            for sample in sockets.iter().filter_map(|it| self.sample(it)) {
                tell(&sample);
                new.push(sample);
            }
            self.samples.append(&mut new);
            next = (next + PERIOD).max(Instant::now());
            let left = next.saturating_duration_since(Instant::now());
            if stopped.recv_timeout(left) != Err(RecvTimeoutError::Timeout) {
                return Ok(self.samples);
            }
        }
    }

    fn ask_known(&mut self) -> io::Result<Vec<Entry>> {
        let mut found = Vec::new();
        for (local, peer) in self.known.clone() {
            // One that has ended since is no longer there.
            found.extend(self.diag.one(local, peer)?);
        }
        Ok(found)
    }

    fn sample(&self, socket: &Entry) -> Option<Sample> {
        let info = socket.info.as_ref()?;
        let queued = self.queued.as_ref().map_or([0, 0], |queued| {
            [0, 1].map(|way: usize| queued[way].load(Ordering::Relaxed))
        });
        let threshold = Some(info.ssthresh);
        Some(Sample {
            ms: self.began.elapsed().as_micros() as f64 / 1000.0,
            local: socket.local,
            peer: socket.peer,
            cwnd: info.cwnd,
            ssthresh: threshold.filter(|it| *it < NO_THRESHOLD),
            srtt: f64::from(info.srtt) / 1000.0,
            rto: f64::from(info.rto) / 1000.0,
            retransmissions: info.total_retrans,
            acked: info.bytes_acked,
            unacked: info.unacked,
            queued,
            control: socket.congestion.clone(),
        })
    }
}
