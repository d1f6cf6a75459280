//! What the payload says.

use wire::wire::{Transport, speech};

use super::Comparison;

impl Comparison<'_> {
    pub(super) fn speech(&mut self) {
        let row = self.row;
        let speech = speech::of(self.packet, &self.frame.bytes);
        if let Some(speech) = &speech {
            self.claim(speech.protocol);
        }
        let ours = speech.as_ref().map_or("", |it| &it.summary);
        let tcp = matches!(self.packet.transport, Transport::Tcp(_));
        // SSDP is HTTP over UDP, and not taken apart.
        if tcp
            && let Some(method) = row.first("http.request.method")
            && let Some(target) = row.first("http.request.uri")
        {
            self.saw("HTTP request");
            let said: String =
                format!("{method} {target}").chars().take(80).collect();
            self.same("request", ours.trim_end_matches('…'), &said);
        }
        let code = row.first("http.response.code").filter(|_| tcp);
        if let Some(code) = code {
            self.saw("HTTP status");
            self.same("status", ours.get(..3), Some(code));
        }
        if let Some(kind) = row.number("tls.record.content_type") {
            self.saw("TLS");
            self.same("record", tls_kind(ours), kind);
        }
        let name = row.first("tls.handshake.extensions_server_name");
        if let Some(name) = name {
            self.saw("TLS server name");
            let hello = format!("ClientHello {name}");
            self.same("server name", ours, &hello);
        }
        if row.first("dns.flags.response").is_some() {
            self.dns(ours);
        }
    }

    /// We name no protocol where tshark sees another. What it has seen
    /// before, a retransmission, it does not look into.
    fn claim(&mut self, protocol: &str) {
        let names: &[&str] = match protocol {
            "DNS" => &["dns", "mdns", "llmnr"],
            "TLS" => &["tls"],
            _ => &["http", "http2", "ssdp"],
        };
        let row = self.row;
        let protocols = row.first("frame.protocols").unwrap_or_default();
        let spoken: Vec<_> = protocols
            .split(':')
            .skip_while(|layer| !["tcp", "udp"].contains(layer))
            .skip(1)
            .collect();
        let named = spoken.iter().any(|layer| names.contains(layer));
        if !named && !spoken.is_empty() {
            self.same("protocol", protocol, protocols);
        }
    }

    fn dns(&mut self, ours: &str) {
        let row = self.row;
        let (Some(name), Some(kind)) =
            (row.first("dns.qry.name"), row.number("dns.qry.type"))
        else {
            return;
        };
        if name.starts_with("<Name") {
            self.saw("DNS name that is none");
            self.same("nothing", ours, "");
            return;
        }
        self.saw("DNS");
        let name = if name == "<Root>" { "." } else { name };
        let question = format!("{} {name}", dns_type(kind));
        let response = row.first("dns.flags.response") == Some("1");
        let rest = ours.strip_prefix(&question);
        self.same("question", rest.map(|_| &*question), Some(&*question));
        let Some(rest) = rest else {
            return;
        };
        if !response {
            self.same("mark of a question", rest, "?");
            return;
        }
        self.response(rest);
    }

    fn response(&mut self, rest: &str) {
        let row = self.row;
        self.saw("DNS response");
        let code = row.number("dns.flags.rcode").unwrap_or(0);
        let answers = row.number("dns.count.answers").unwrap_or(0);
        if code == 3 {
            self.same("error", rest, ": NXDOMAIN");
        } else if code == 0 && (1..=4).contains(&answers) {
            // Of all records these are the answers.
            let kinds = row.numbers("dns.resp.type");
            let answers = kinds.iter().take(answers as usize);
            let addresses = answers.filter(|kind| **kind == 1).count();
            for address in row.all("dns.a").iter().take(addresses) {
                self.saw("DNS address");
                let said = rest.contains(address.as_str());
                self.same("address", said, true);
            }
        }
    }
}

fn tls_kind(summary: &str) -> u64 {
    match summary.split([' ', ',']).next() {
        Some("ChangeCipherSpec") => 20,
        Some("Alert") => 21,
        Some("ApplicationData") => 23,
        Some("") | None => 0,
        Some(_) => 22,
    }
}

fn dns_type(number: u64) -> String {
    match number {
        1 => "A".into(),
        2 => "NS".into(),
        5 => "CNAME".into(),
        6 => "SOA".into(),
        12 => "PTR".into(),
        15 => "MX".into(),
        16 => "TXT".into(),
        28 => "AAAA".into(),
        33 => "SRV".into(),
        35 => "NAPTR".into(),
        41 => "OPT".into(),
        43 => "DS".into(),
        46 => "RRSIG".into(),
        47 => "NSEC".into(),
        48 => "DNSKEY".into(),
        64 => "SVCB".into(),
        65 => "HTTPS".into(),
        251 => "IXFR".into(),
        252 => "AXFR".into(),
        255 => "ANY".into(),
        257 => "CAA".into(),
        other => format!("TYPE{other}"),
    }
}
