//! TCP's timers: in go packets that are lost on purpose, out come the times
//! at which they are sent again.

use std::fs;

use anyhow::{Result, ensure};

use crate::capture::sent_by_client;
use crate::report::{Measurement, Row};
use crate::stage::{Lab, probe};

pub const SYN: Measurement = Measurement {
    name: "syn",
    about: "when a SYN that nobody answers is sent again",
    run: syn,
};

pub const RTO: Measurement = Measurement {
    name: "rto",
    about: "a data segment that is lost six times, RTT 20 ms",
    run: rto,
};

/// Since Linux 6.5 the first SYNs come one second apart, so many of them.
const LINEAR: &str = "net.ipv4.tcp_syn_linear_timeouts";

fn syn() -> Result<Vec<Row>> {
    let textbook = seconds_of_syns(Some(&format!("{LINEAR}=0")), 7500)?;
    let row = Row::of(format!("{LINEAR}=0"), told(&textbook));
    let mut rows = vec![row.must("0 1 3 7 s", textbook == [0, 1, 3, 7])];
    let path = format!("/proc/sys/{}", LINEAR.replace('.', "/"));
    let usual = fs::read_to_string(path).unwrap_or_default();
    let seconds = seconds_of_syns(None, 11_500)?;
    let set = format!("the kernel's own, {LINEAR}={}", usual.trim());
    let row = Row::of(set, told(&seconds));
    rows.push(match usual.trim() {
        "4" => row.must("0 1 2 3 4 5 7 11 s", seconds == DEFAULT),
        _ => row,
    });
    Ok(rows)
}

const DEFAULT: [u64; 8] = [0, 1, 2, 3, 4, 5, 7, 11];

fn told(seconds: &[u64]) -> String {
    let words: Vec<_> = seconds.iter().map(u64::to_string).collect();
    format!("SYNs at {} s", words.join(" "))
}

/// Rounded, for as long as the client has patience.
fn seconds_of_syns(setting: Option<&str>, millis: u64) -> Result<Vec<u64>> {
    let folder = tempfile::tempdir()?;
    let stem = folder.path().join("it");
    let mut lab = Lab::new("--loss 100%")
        .option("--pcap", stem.display())
        .server(crate::rtt::server())
        .client(probe(&format!("connect server {millis}")));
    if let Some(setting) = setting {
        lab = lab.option("--set", setting);
    }
    lab.run()?;
    let sent = sent_by_client(&stem)?.into_iter().filter(|it| it.syn);
    Ok(sent.map(|it| it.at.round() as u64).collect())
}

fn rto() -> Result<Vec<Row>> {
    let folder = tempfile::tempdir()?;
    let stem = folder.path().join("it");
    Lab::new("--rtt 20ms --drop-data 1,2,3,4,5,6")
        .option("--pcap", stem.display())
        .server(crate::rtt::server())
        .client(probe("say server 500 9000"))
        .run()?;
    let sent = sent_by_client(&stem)?.into_iter();
    let times: Vec<f64> =
        sent.filter(|it| it.payload > 0).map(|it| it.at).collect();
    let gap = |pair: &[f64]| 1000.0 * (pair[1] - pair[0]);
    let gaps: Vec<f64> = times.windows(2).map(gap).collect();
    ensure!(gaps.len() == 6, "not six retransmissions: {gaps:?}");
    // The first is that of the tail loss probe (RFC 8985, section 7), after
    // which the retransmission timeout begins anew.
    let doubled = gaps[1..].windows(2).all(|pair| {
        let ratio = pair[1] / pair[0];
        (1.8..=2.2).contains(&ratio)
    });
    let words: Vec<_> = gaps.iter().map(|it| format!("{it:.0}")).collect();
    let row = Row::of(
        "--drop-data 1,2,3,4,5,6",
        format!("gaps of {} ms", words.join(", ")),
    );
    Ok(vec![
        row.must("from the second on doubled, ± 10 %", doubled),
    ])
}
