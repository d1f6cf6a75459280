//! Ports, numbers, flags, options, and the length of the payload.

use wire::wire::{Flags, Segment, TcpOption, Transport};

use super::Comparison;

impl Comparison<'_> {
    pub(super) fn transport(&mut self, layer: &str) {
        let packet = self.packet;
        match (&packet.transport, layer) {
            (Transport::Tcp(ours), "tcp") => {
                self.saw("TCP");
                self.tcp(ours);
            }
            (
                Transport::Udp {
                    source,
                    destination,
                },
                "udp",
            ) => {
                self.saw("UDP");
                self.udp(*source, *destination);
            }
            (Transport::Icmp { .. }, "icmp" | "icmpv6") => self.icmp(layer),
            // Of a header that the capture cut, tshark shows the fields
            // that are there. Ours are all there or there is no header.
            (Transport::Other(_), "tcp" | "udp" | "icmp" | "icmpv6") => {
                self.saw("cut transport");
                let size = if layer == "tcp" { 20 } else { 8 };
                let whole = packet.payload.len() >= size;
                self.same("whole header", whole, false);
            }
            (Transport::Other(_), _) => self.saw("no transport"),
            (ours, _) => {
                let ours = format!("{ours:?}");
                self.same("transport", ours.as_str(), layer);
            }
        }
    }

    fn icmp(&mut self, layer: &str) {
        let Transport::Icmp {
            version,
            kind,
            code,
        } = self.packet.transport
        else {
            unreachable!("it was asked before");
        };
        self.saw(if version == 4 { "ICMP" } else { "ICMPv6" });
        let ours = [kind, code].map(|it| Some(u64::from(it)));
        let names = ["type", "code"]
            .map(|it| self.row.number(&format!("{layer}.{it}")));
        self.same("type and code", ours, names);
    }

    fn udp(&mut self, source: u16, destination: u16) {
        let row = self.row;
        let ours = [source, destination].map(|it| Some(u64::from(it)));
        let ports =
            ["udp.srcport", "udp.dstport"].map(|field| row.number(field));
        self.same("ports", ours, ports);
        let length = row.number("udp.length").unwrap_or(0);
        // tshark shows what the field says; ours ends where IP ends.
        let ip = match (row.number("ip.len"), row.number("ipv6.plen")) {
            (Some(total), _) => {
                total.checked_sub(row.number("ip.hdr_len").unwrap_or(0))
            }
            (_, payload) => payload,
        };
        let limit = ip.unwrap_or(0).min(self.frame.len as u64);
        let fits = length <= limit;
        let fragment =
            self.packet.network.is_some_and(|it| it.fragment.is_some());
        if fits && !fragment && length >= 8 {
            self.saw("UDP length");
            let ours = self.packet.payload_len as u64;
            self.same("payload", ours, length - 8);
        }
    }

    fn tcp(&mut self, ours: &Segment) {
        let row = self.row;
        let number = |field: &str| row.number(field).unwrap_or(u64::MAX);
        self.same(
            "ports, numbers, window and urgent pointer",
            [
                u64::from(ours.source),
                u64::from(ours.destination),
                u64::from(ours.sequence),
                u64::from(ours.acknowledgement),
                u64::from(ours.window),
                u64::from(ours.urgent),
            ],
            [
                number("tcp.srcport"),
                number("tcp.dstport"),
                number("tcp.seq_raw"),
                number("tcp.ack_raw"),
                number("tcp.window_size_value"),
                number("tcp.urgent_pointer"),
            ],
        );
        // The lowest bit of what was reserved is not among ours.
        self.same("flags", bits(ours.flags), number("tcp.flags") & 0xff);
        // tshark does not say it of a fragment.
        if self.packet.network.is_none_or(|it| it.fragment.is_none()) {
            let ours = self.packet.payload_len as u64;
            self.same("payload", ours, number("tcp.len"));
        }
        self.options(&ours.options);
    }

    fn options(&mut self, ours: &[TcpOption]) {
        let row = self.row;
        let found = values_of(ours);
        if !found[4].is_empty() {
            self.saw("SACK");
        }
        let names = [
            "tcp.options.mss_val",
            "tcp.options.wscale.shift",
            "tcp.options.timestamp.tsval",
            "tcp.options.timestamp.tsecr",
            "tcp.options.sack_le",
            "tcp.options.sack_re",
        ];
        let mut expected = names.map(|it| row.numbers(it));
        let mut kinds: Vec<_> = row.numbers("tcp.option_kind");
        kinds.retain(|kind| *kind > 1);
        // Of an option that the capture cut, tshark shows the start.
        let cut = self.frame.bytes.len() < self.frame.len
            && self.packet.payload.is_empty();
        if cut && kinds.len() == ours.len() + 1 {
            self.saw("cut option");
            kinds.pop();
            for (expected, found) in expected.iter_mut().zip(&found) {
                expected.truncate(found.len());
            }
        }
        self.same("options", found, expected);
        self.same("kinds of options", kinds_of(ours), kinds);
    }
}

fn bits(flags: Flags) -> u64 {
    [
        flags.fin, flags.syn, flags.rst, flags.psh, flags.ack, flags.urg,
        flags.ece, flags.cwr,
    ]
    .iter()
    .enumerate()
    .map(|(at, set)| u64::from(*set) << at)
    .sum()
}

fn kinds_of(options: &[TcpOption]) -> Vec<u64> {
    let kind = |option: &TcpOption| match option {
        TcpOption::MaximumSegmentSize(_) => 2,
        TcpOption::WindowScale(_) => 3,
        TcpOption::SackPermitted => 4,
        TcpOption::Sack(_) => 5,
        TcpOption::Timestamps(..) => 8,
        TcpOption::Other(kind) => u64::from(*kind),
    };
    options.iter().map(kind).collect()
}

/// Segment sizes, shifts, timestamps and echoes, left and right edges.
fn values_of(options: &[TcpOption]) -> [Vec<u64>; 6] {
    let mut found: [Vec<u64>; 6] = Default::default();
    for option in options {
        match option {
            TcpOption::MaximumSegmentSize(it) => {
                found[0].push((*it).into());
            }
            TcpOption::WindowScale(it) => found[1].push((*it).into()),
            TcpOption::Timestamps(value, echo) => {
                found[2].push((*value).into());
                found[3].push((*echo).into());
            }
            TcpOption::Sack(blocks) => {
                for (left, right) in blocks {
                    found[4].push((*left).into());
                    found[5].push((*right).into());
                }
            }
            TcpOption::SackPermitted | TcpOption::Other(_) => {}
        }
    }
    found
}
