//! Writes down what passed: in go frames as they are seen, out come capture
//! files, and the same frames for whoever watches.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::mem::take;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow};

use super::driver::Sighting;
use super::ends::Place;
use super::event::Event;
use crate::wire::pcapng::{Writer, fill_checksums};
use crate::wire::{Frame, LinkType};

/// So many packets are told to whoever watches; the file has all.
const TOLD: u64 = 400;

/// What is collected before it is written, in bytes: at a gigabit per second
/// the usual 8 KiB would be a system call for every fifth packet.
const BLOCK: usize = 1 << 20;

/// How many bytes a batch has before it must be handed in, and how many
/// batches wait for the recorder: 128 MB, and then whoever saw them waits.
const BATCH: usize = 8 << 20;
const BATCHES: usize = 16;

/// Where frames go.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The client's capture, or that of the only host.
    pub client: Option<PathBuf>,
    pub server: Option<PathBuf>,
    /// The only host has both ends: what is lost on the way back was seen
    /// there too.
    pub one_host: bool,
    /// Checksums may be left to a network card that there is none of: the
    /// frames are those of a plain loopback.
    pub offloaded: bool,
    /// Whether every frame of the client's is also told as an event.
    pub events: bool,
}

/// A thread that writes.
pub struct Recorder {
    log: Log,
    thread: JoinHandle<Result<Recorded>>,
}

/// Where sightings are handed in: batches of them, because waking the
/// recorder costs as much as a packet's whole way through the link.
#[derive(Debug)]
pub struct Log {
    sender: SyncSender<Vec<Sighting>>,
    pending: Vec<Sighting>,
    /// Bytes of their frames.
    bytes: usize,
}

/// What was written.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    /// Frames of the client, or of the only host.
    pub frames: u64,
    pub files: Vec<PathBuf>,
}

impl Recorder {
    /// Opens the files, so that a path that cannot be written is known
    /// before anything runs.
    pub fn start(wanted: Wanted) -> Result<Recorder> {
        let (sender, receiver) = sync_channel(BATCHES);
        let page = Page {
            client: open(wanted.client.as_deref(), "client", &wanted)?,
            server: open(wanted.server.as_deref(), "server", &wanted)?,
            recorded: Recorded {
                frames: 0,
                files: [&wanted.client, &wanted.server]
                    .into_iter()
                    .flatten()
                    .cloned()
                    .collect(),
            },
            wanted,
        };
        let thread = thread::Builder::new()
            .name("recorder".into())
            .spawn(move || page.write_all(&receiver))
            .context("cannot start the recorder's thread")?;
        let log = Log {
            sender,
            pending: Vec::new(),
            bytes: 0,
        };
        Ok(Recorder { log, thread })
    }

    pub fn log(&self) -> Log {
        self.log.clone()
    }

    /// Waits until all is written. Whoever was given a log must have dropped
    /// it.
    pub fn finish(self) -> Result<Recorded> {
        drop(self.log);
        let written = self.thread.join();
        written.map_err(|_| anyhow!("the recorder panicked"))?
    }
}

impl Log {
    /// Notes a sighting; it is handed in with the next [`Log::flush`].
    pub fn note(&mut self, sighting: Sighting) {
        self.bytes += sighting.frame.bytes.len();
        self.pending.push(sighting);
    }

    /// How many sightings have not been handed in.
    pub fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Hands in what is pending, if the recorder can take it. Waits for it
    /// only if it is far behind, for memory has an end.
    pub fn flush(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        // Nobody listens any more when the disk is full, and
        // `Recorder::finish` says so.
        match self.sender.try_send(take(&mut self.pending)) {
            Err(TrySendError::Full(batch)) if self.bytes < BATCH => {
                self.pending = batch;
                return;
            }
            Err(TrySendError::Full(batch)) => {
                let _ = self.sender.send(batch);
            }
            Ok(()) | Err(TrySendError::Disconnected(_)) => {}
        }
        self.bytes = 0;
    }
}

impl Clone for Log {
    fn clone(&self) -> Log {
        Log {
            sender: self.sender.clone(),
            pending: Vec::new(),
            bytes: 0,
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        if !self.pending.is_empty() {
            // As in `flush`.
            let _ = self.sender.send(take(&mut self.pending));
        }
    }
}

type Out = Writer<BufWriter<File>>;

fn open(
    path: Option<&Path>,
    host: &str,
    wanted: &Wanted,
) -> Result<Option<Out>> {
    let Some(path) = path else {
        return Ok(None);
    };
    let say = || format!("cannot write the capture {}", path.display());
    let file = File::create(path).with_context(say)?;
    let interface = if wanted.one_host { "lo" } else { host };
    let out = BufWriter::with_capacity(BLOCK, file);
    let writer = Writer::new(out, LinkType::Raw, interface);
    Ok(Some(writer.with_context(say)?))
}

struct Page {
    client: Option<Out>,
    server: Option<Out>,
    wanted: Wanted,
    recorded: Recorded,
}

impl Page {
    fn write_all(mut self, seen: &Receiver<Vec<Sighting>>) -> Result<Recorded> {
        for Sighting { place, mut frame } in seen.iter().flatten() {
            if self.wanted.offloaded {
                fill_checksums(LinkType::Raw, &mut frame.bytes, frame.len);
            }
            let lost = self.wanted.one_host && frame.comment.is_some();
            if place == Place::Client || lost {
                self.note(&frame)?;
            }
            if place == Place::Server
                && let Some(server) = &mut self.server
            {
                server.frame(&frame).context("cannot write the capture")?;
            }
        }
        for out in [self.client, self.server].into_iter().flatten() {
            let mut file = out.into_inner();
            file.flush().context("cannot write the capture")?;
        }
        Ok(self.recorded)
    }

    fn note(&mut self, frame: &Frame) -> Result<()> {
        if self.wanted.events && self.recorded.frames < TOLD {
            Event::Packet(frame.into()).tell();
        }
        self.recorded.frames += 1;
        if let Some(client) = &mut self.client {
            client.frame(frame).context("cannot write the capture")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn sighting(number: u8) -> Sighting {
        let frame = Frame {
            time: Duration::ZERO,
            bytes: vec![number],
            len: 1,
            comment: None,
        };
        let place = Place::Client;
        Sighting { place, frame }
    }

    #[test]
    fn who_notes_does_not_wait_and_nothing_is_lost() {
        let (sender, receiver) = sync_channel(1);
        let mut log = Log {
            sender,
            pending: Vec::new(),
            bytes: 0,
        };
        for number in 0..5 {
            log.note(sighting(number));
            log.flush();
        }
        // One batch waits in the channel, the rest where it was noted.
        assert_eq!((log.pending(), log.bytes), (4, 4));
        let mut seen = receiver.recv().expect("there is a first batch");
        drop(log);
        seen.extend(receiver.iter().flatten());
        let numbers: Vec<u8> =
            seen.iter().map(|it| it.frame.bytes[0]).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4]);
    }
}
