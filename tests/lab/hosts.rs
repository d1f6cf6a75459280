//! Two hosts: their names, and what each of them sees of the wire.

use anyhow::{Context, Result, ensure};

use crate::capture::{self, Seen};
use crate::room::{Room, in_each, on_each_device};

#[test]
fn names_lead_to_the_hosts() -> Result<()> {
    on_each_device(|room| {
        for (options, server) in
            [(&[][..], "10.0.0.2"), (&["--ipv6"], "fd00::2")]
        {
            let finished = room.net("take", "give 5000", options)?;
            let said = finished.said();
            let to = format!("to {server}");
            for line in [&*to, "from the client: true", "5000 bytes"] {
                ensure!(said.contains(&line), "{line}: {finished:?}");
            }
        }
        Ok(())
    })
}

/// Both captures of a transfer, the client's first.
fn both(room: &Room, options: &[&str]) -> Result<[Vec<Seen>; 2]> {
    let stem = room.path("wire");
    let stem = stem.to_str().context("it is UTF-8")?;
    let pcap = [&["--pcap", stem], options].concat();
    room.net("take", "give 20000", &pcap)?;
    Ok([
        capture::read(&room.path("wire-client.pcapng"))?,
        capture::read(&room.path("wire-server.pcapng"))?,
    ])
}

fn from(seen: &[Seen], host: &str) -> usize {
    let of = |it: &&Seen| {
        let network = it.packet.network;
        network.is_some_and(|it| it.source.to_string() == host)
    };
    seen.iter().filter(of).count()
}

#[test]
fn each_host_has_its_own_view_of_a_loss() -> Result<()> {
    on_each_device(|room| {
        for (family, ends) in [
            (&["--rtt", "10ms"][..], ["10.0.0.1", "10.0.0.2"]),
            (&["--rtt", "10ms", "--ipv6"], ["fd00::1", "fd00::2"]),
        ] {
            let lose = ["--drop-data", "3", "--drop-answer", "1"];
            let [client, server] = both(room, &[family, &lose].concat())?;
            let why = "lost: by its number, as --drop asked";
            for (own, end) in [(&client, ends[0]), (&server, ends[1])] {
                let lost: Vec<&Seen> =
                    own.iter().filter(|it| it.lost()).collect();
                ensure!(lost.len() == 1, "{} lost", lost.len());
                ensure!(lost[0].frame.comment.as_deref() == Some(why));
                let source = lost[0].packet.network.context("IP")?.source;
                ensure!(source.to_string() == end, "{source}");
            }
            // What one has sent and the other has not received is that one.
            for end in ends {
                let (near, far) = (from(&client, end), from(&server, end));
                let (sent, came) = (near.max(far), near.min(far));
                ensure!(came > 2 && sent == came + 1, "{near} {far}");
            }
            let [there, here] =
                [&client, &server].map(|it| capture::handshake(it));
            // The server's own answer is not a round trip away from it.
            ensure!(there?.as_micros() >= 10_000 && here?.as_micros() < 9_000);
        }
        Ok(())
    })
}

/// Which of the first datagrams are lost, by their place.
fn lost(room: &Room, seed: &str) -> Result<Vec<usize>> {
    let stem = room.path(&format!("seed{seed}"));
    let text = stem.to_str().context("it is UTF-8")?;
    let options = ["--loss", "20%/0%", "--seed", seed, "--pcap", text];
    room.net("echo", "spray 100", &options)?;
    let file = format!("seed{seed}-client.pcapng");
    let seen = capture::read(&room.path(&file))?;
    let sent = seen.iter().filter(|it| {
        // Not the ones that ask whether it is the end.
        it.packet.payload_len == 4
            && it.packet.ends().is_some_and(|ends| ends.1.port() == 7000)
    });
    let fates: Vec<bool> = sent.map(Seen::lost).collect();
    ensure!(fates.len() == 100, "{} were sent", fates.len());
    let numbers = (0..100).filter(|at| fates[*at]);
    Ok(numbers.collect())
}

#[test]
fn the_same_seed_loses_the_same_packets() -> Result<()> {
    in_each(|room| {
        let first = lost(room, "7")?;
        ensure!((5..40).contains(&first.len()), "{first:?}");
        ensure!(first == lost(room, "7")?, "another run, other losses");
        ensure!(first != lost(room, "8")?, "another seed, the same losses");
        Ok(())
    })
}
