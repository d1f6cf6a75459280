//! A router between the hosts: what it does with packets whose time is up,
//! and with those that are too large.

use anyhow::{Context, Result, ensure};

use crate::capture;
use crate::room::{Room, on_each_device};

/// What ICMP says of one datagram, and the same from the client's capture.
fn probe(room: &Room, probe: &str, options: &[&str]) -> Result<String> {
    let stem = room.path("routed");
    let stem = stem.to_str().context("it is UTF-8")?;
    let all = [&["--router", "--pcap", stem], options].concat();
    let finished = room.client(probe, &all)?;
    let said = finished.said().join(", ");
    let seen = capture::read(&room.path("routed-client.pcapng"))?;
    for it in seen.iter().filter(|it| it.icmp().is_some()) {
        let (kind, code) = it.icmp().context("it is one")?;
        let source = it.packet.network.context("IP")?.source;
        let heard = format!("{kind}/{code} from {source}");
        ensure!(said.starts_with(&heard), "{said}, but seen: {heard}");
    }
    // One way, one answer, and not a packet that nobody asked for.
    ensure!(seen.len() == 2, "{} packets", seen.len());
    Ok(said)
}

#[test]
fn time_is_exceeded_at_the_router() -> Result<()> {
    on_each_device(|room| {
        // Type 11, code 0 (RFC 792); type 3, code 0 (RFC 4443, section 3.3).
        let said = probe(room, "probe 1 10", &[])?;
        ensure!(said == "11/0 from 10.0.1.2, 0", "{said}");
        let said = probe(room, "probe 1 10", &["--ipv6"])?;
        ensure!(said == "3/0 from fd00:1::2, 0", "{said}");
        // One more is enough: then it is the server that has no such port
        // (type 3, code 3; type 1, code 4).
        let said = probe(room, "probe 2 10", &[])?;
        ensure!(said == "3/3 from 10.0.2.1, 0", "{said}");
        let said = probe(room, "probe 2 10", &["--ipv6"])?;
        ensure!(said == "1/4 from fd00:2::1, 0", "{said}");
        Ok(())
    })
}

#[test]
fn the_router_says_what_its_far_side_can_carry() -> Result<()> {
    on_each_device(|room| {
        // Type 3, code 4 (RFC 1191, section 4); type 2 (RFC 4443, section
        // 3.2). Both name the next link's MTU.
        let narrow = ["--router-mtu", "1000"];
        let said = probe(room, "probe 64 1200", &narrow)?;
        ensure!(said == "3/4 from 10.0.1.2, 1000", "{said}");
        let narrow = ["--router-mtu", "1300", "--ipv6"];
        let said = probe(room, "probe 64 1350", &narrow)?;
        ensure!(said == "2/0 from fd00:1::2, 1300", "{said}");
        Ok(())
    })
}

#[test]
fn tcp_finds_its_way_through_a_narrow_link() -> Result<()> {
    on_each_device(|room| {
        let narrow = ["--router", "--router-mtu", "700"];
        let finished = room.net("take", "give 50000", &narrow)?;
        ensure!(finished.said().contains(&"50000 bytes"), "{finished:?}");
        Ok(())
    })
}
