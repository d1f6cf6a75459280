//! Writes down what passed: in go frames as they are seen, out come capture
//! files, and the same frames for whoever watches.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow};

use super::driver::Sighting;
use super::ends::Place;
use super::event::Event;
use crate::wire::pcapng::{Writer, fill_checksums};
use crate::wire::{Frame, LinkType};

/// So many packets are told to whoever watches; the file has all.
const TOLD: u64 = 400;

/// Where frames go.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The client's capture, or that of the only host.
    pub client: Option<PathBuf>,
    pub server: Option<PathBuf>,
    /// The only host has both ends: what is lost on the way back was seen
    /// there too.
    pub one_host: bool,
    /// Whether every frame of the client's is also told as an event.
    pub events: bool,
}

/// A thread that writes.
pub struct Recorder {
    sender: Sender<Sighting>,
    thread: JoinHandle<Result<Recorded>>,
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
        let (sender, receiver) = channel();
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
        Ok(Recorder { sender, thread })
    }

    /// Where sightings are sent to.
    pub fn sender(&self) -> Sender<Sighting> {
        self.sender.clone()
    }

    /// Waits until all is written. Whoever was given a sender must have
    /// dropped it.
    pub fn finish(self) -> Result<Recorded> {
        drop(self.sender);
        let written = self.thread.join();
        written.map_err(|_| anyhow!("the recorder panicked"))?
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
    let out = BufWriter::new(file);
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
    fn write_all(mut self, seen: &Receiver<Sighting>) -> Result<Recorded> {
        for Sighting { place, mut frame } in seen {
            // On loopback the kernel leaves the checksum to a network card
            // that there is none of.
            fill_checksums(LinkType::Raw, &mut frame.bytes, frame.len);
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
        if self.wanted.events && self.recorded.frames <= TOLD {
            match self.recorded.frames < TOLD {
                true => Event::Packet(frame.into()).tell(),
                false => Event::More.tell(),
            }
        }
        self.recorded.frames += 1;
        if let Some(client) = &mut self.client {
            client.frame(frame).context("cannot write the capture")?;
        }
        Ok(())
    }
}
