//! Packets that another implementation builds.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use wire::wire::pcapng;

use crate::{compare, skip, tshark};

const SCAPY: &str = r#"
import sys
from scapy.all import *
ends = dict(src="192.0.2.1", dst="198.51.100.2", tos=1, id=7)
ip = IP(**ends)
ip6 = IPv6(src="2001:db8::1", dst="2001:db8::2", tc=2, hlim=3)
ether = Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02")
tcp = TCP(sport=5, dport=6, seq=7, ack=8, window=9, flags="PA")
md5 = [(19, b"0123456789abcdef"), ("SAckOK", b"")]
fast = [("MSS", 1400), ("TFO", (1, 2)), ("Timestamp", (3, 4))]
sack = [("SAck", (1, 2, 3, 4)), ("NOP", None), ("WScale", 14)]
dns = DNS(id=1, qr=1, qd=DNSQR(qname="a.example.org"),
          an=DNSRR(rrname="a.example.org", rdata="192.0.2.9"))
inner = ip / UDP(sport=9, dport=10) / b"quoted"
packets = [ether / p for p in [
    ip / TCP(options=md5, flags="S"),
    ip / TCP(options=fast, flags="SEC"),
    ip6 / TCP(options=sack, flags="FRU", urgptr=3) / b"data",
    IP(**ends, options=[IPOption_RR(routers=["192.0.2.3"])]) / tcp / b"route",
    IP(**ends, options=[IPOption_Router_Alert()]) / UDP(sport=1, dport=2),
    ip / UDP(sport=53, dport=9) / dns,
    ip6 / UDP(sport=53, dport=9) / DNS(qr=1, rcode=3,
                                       qd=DNSQR(qname="no.example.org")),
    ip / ICMP(type=3, code=3) / inner,
    ip / ICMP(type=11, code=0) / inner,
    ip6 / ICMPv6DestUnreach(code=4) / ip6 / UDP(),
    ip6 / IPv6ExtHdrHopByHop() / IPv6ExtHdrDestOpt() / tcp / b"far",
    ip6 / IPv6ExtHdrRouting(addresses=["2001:db8::3"], segleft=1) / tcp,
    ip6 / IPv6ExtHdrFragment(offset=0, m=0, id=5) / tcp / b"atom",
    ip / AH(nh=6, payloadlen=4, icv=b"123456789012") / tcp / b"proved",
    ip / GRE() / ip / tcp,
    ip / ip / tcp,
    ARP(),
    Dot1Q(vlan=5, prio=3) / ip / tcp,
    Dot1AD(vlan=6) / Dot1Q(vlan=7) / ip6 / tcp,
]]
packets += [ether / p for p in fragment(ip / UDP() / (b"x" * 4000), 1000)]
wrpcap(sys.argv[1], packets)
"#;

#[test]
fn packets_that_scapy_builds() -> Result<()> {
    if tshark::is_missing() {
        return skip("there is no tshark");
    }
    let scratch = tempfile::tempdir()?;
    let file = scratch.path().join("scapy.pcap");
    let run = |python: &str, script: &str| {
        let mut command = Command::new(python);
        command.args(["-c", script]).arg(&file).output()
    };
    // Debian's scapy is for Debian's Python, which may not be the first.
    let Some(python) =
        ["python3", "/usr/bin/python3"].into_iter().find(|python| {
            run(python, "import scapy").is_ok_and(|it| it.status.success())
        })
    else {
        return skip("there is no scapy for python3");
    };
    let output = run(python, SCAPY)?;
    let said = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "scapy fails: {said}");
    let capture = pcapng::read(&fs::read(&file)?).context("scapy's file")?;
    let rows = tshark::read(&file, compare::FIELDS, &[])?;
    let mut seen = compare::Seen::new();
    let wrong = compare::capture(&capture, &rows, &mut seen);
    ensure!(wrong.is_empty(), "{wrong:#?}");
    ensure!(seen["extension header"] == 4, "{seen:?}");
    ensure!(seen["VLAN"] == 2, "{seen:?}");
    ensure!(seen["fragment"] == 5, "{seen:?}");
    Ok(())
}
