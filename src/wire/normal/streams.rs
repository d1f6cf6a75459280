//! A conversation as two streams: in go the packets of one connection, out
//! comes how it was set up, what each side sent, and how each side ended.

use std::collections::BTreeMap;

use super::{Quoter, Seen, options, quoted, side_name};
use crate::wire::Transport;
use crate::wire::conversation::{Connection, Kind, Side};

/// What one side did.
#[derive(Default)]
struct Stream {
    /// The options of its SYN.
    syn: Option<String>,
    /// Its bytes in order, each once, as far as there is no gap.
    bytes: Vec<u8>,
    /// What came before what it follows, by its place in `bytes`.
    ahead: BTreeMap<usize, Vec<u8>>,
    datagrams: Vec<Vec<u8>>,
    end: Option<&'static str>,
    errors: Vec<String>,
}

/// What both sides did.
pub(super) struct Streams([Stream; 2]);

impl Streams {
    pub(super) fn of<'a>(
        packets: impl Iterator<Item = &'a Seen<'a>>,
    ) -> Streams {
        let mut streams = Streams(Default::default());
        for seen in packets.filter(|seen| !seen.step.lost) {
            streams.0[seen.step.side as usize].read(seen);
        }
        streams
    }

    pub(super) fn text(
        &self,
        connection: &Connection,
        limit: Option<usize>,
        quoter: &Quoter,
    ) -> String {
        let mut text = String::new();
        for side in [Side::Client, Side::Server] {
            let stream = &self.0[side as usize];
            for did in stream.did(connection.is_tcp(), limit, quoter) {
                let line = format!("  {}  {did}", side_name(side));
                text.push_str(&format!("{}\n", line.trim_end()));
            }
        }
        text
    }
}

impl Stream {
    fn read(&mut self, seen: &Seen) {
        match &seen.packet.transport {
            Transport::Tcp(tcp) => {
                if tcp.flags.syn {
                    self.syn.get_or_insert_with(|| options(tcp));
                }
                self.take(seen.step.sequence, &seen.payload);
                match seen.step.kind {
                    // What follows a FIN is a matter of who was quicker.
                    Kind::Fin => self.end = self.end.or(Some("FIN")),
                    Kind::Rst => self.end = self.end.or(Some("RST")),
                    _ => {}
                }
            }
            Transport::Icmp { kind, code, .. } => {
                self.errors.push(format!("ICMP {kind}/{code}"));
            }
            _ => self.datagrams.push(seen.payload.to_vec()),
        }
    }

    /// Takes a segment's bytes; what was taken before is left out.
    fn take(&mut self, sequence: i64, payload: &[u8]) {
        let Ok(at) = usize::try_from(sequence - 1) else {
            return;
        };
        if !payload.is_empty() {
            let known = self.ahead.entry(at).or_default();
            if known.len() < payload.len() {
                *known = payload.to_vec();
            }
        }
        while let Some(first) = self.ahead.first_entry() {
            let at = *first.key();
            if at > self.bytes.len() {
                return;
            }
            let bytes = first.remove();
            let new = bytes.get(self.bytes.len() - at..).unwrap_or_default();
            self.bytes.extend(new);
        }
    }

    fn did(
        &self,
        is_tcp: bool,
        limit: Option<usize>,
        quoter: &Quoter,
    ) -> Vec<String> {
        let mut did = Vec::new();
        did.extend(self.syn.as_ref().map(|it| format!("SYN  {it}")));
        if is_tcp {
            did.push(self.run(limit, quoter));
        }
        for datagram in &self.datagrams {
            let text = quoter.text(datagram);
            did.push(format!("UDP  {} {text}", datagram.len()));
        }
        did.extend(self.errors.iter().cloned());
        match self.end {
            // Where only the start is looked at, so is not the end.
            _ if limit.is_some_and(|limit| self.bytes.len() >= limit) => {}
            Some(end) => did.push(end.to_string()),
            None if is_tcp => did.push("no end".to_string()),
            None => {}
        }
        did
    }

    fn run(&self, limit: Option<usize>, quoter: &Quoter) -> String {
        match limit {
            Some(limit) if self.bytes.len() >= limit => {
                let start = quoter.without_ports(&self.bytes[..limit]);
                let start = quoted(&start);
                match limit {
                    1 => format!("the first byte {start}"),
                    _ => format!("the first {limit} bytes {start}"),
                }
            }
            _ => match self.bytes.len() {
                0 => "no bytes".to_string(),
                len => format!("{len} {}", quoter.text(&self.bytes)),
            },
        }
    }
}
