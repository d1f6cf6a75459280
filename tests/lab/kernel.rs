//! It is the kernel's TCP: what it says of itself changes with the link.

use std::fs;

use anyhow::{Context, Result, ensure};

use crate::room::{Room, in_each, skip};

/// A line of `--samples`: its columns by name.
struct Rows(Vec<Vec<String>>);

const COLUMNS: &str = "ms,local,peer,cwnd,ssthresh,srtt_ms,rto_ms,\
                       retransmissions,acked,unacked,queued_up,queued_down,\
                       control";

impl Rows {
    fn read(room: &Room, name: &str) -> Result<Rows> {
        let text = fs::read_to_string(room.path(name))?;
        let mut lines = text.lines();
        let columns = lines.next().context("a line of columns")?;
        ensure!(columns == COLUMNS, "{columns}");
        let row = |line: &str| line.split(',').map(str::to_owned).collect();
        let rows: Vec<Vec<String>> = lines.map(row).collect();
        ensure!(!rows.is_empty(), "nothing was sampled");
        let width = COLUMNS.split(',').count();
        ensure!(rows.iter().all(|row| row.len() == width), "{text}");
        Ok(Rows(rows))
    }

    fn column(&self, name: &str) -> impl Iterator<Item = &str> {
        let at = COLUMNS.split(',').position(|it| it == name);
        self.0
            .iter()
            .filter_map(move |row| row.get(at?))
            .map(|it| &**it)
    }

    fn numbers(&self, name: &str) -> Vec<f64> {
        self.column(name).filter_map(|it| it.parse().ok()).collect()
    }

    fn most(&self, name: &str) -> f64 {
        self.numbers(name).into_iter().fold(0.0, f64::max)
    }

    /// The least that was measured: 0 stands for "not yet".
    fn round_trip(&self) -> f64 {
        let measured = self.numbers("srtt_ms").into_iter();
        let measured = measured.filter(|it| *it > 0.0);
        measured.fold(f64::INFINITY, f64::min)
    }
}

/// What TCP said while 300 kB were sent.
fn transfer(room: &Room, options: &[&str]) -> Result<Rows> {
    let file = room.path("samples.csv");
    let file = file.to_str().context("it is UTF-8")?;
    let samples = [&["--samples", file], options].concat();
    let finished = room.net("take", "give 300000", &samples)?;
    ensure!(finished.said().contains(&"300000 bytes"), "{finished:?}");
    Rows::read(room, "samples.csv")
}

/// The algorithms that this machine's kernel has.
fn controls(room: &Room) -> Result<Vec<&'static str>> {
    let mut found = Vec::new();
    for name in ["cubic", "reno", "bbr"] {
        let tried =
            room.wire(&["lab", "net", "--client", "true", "--cc", name])?;
        match tried.code {
            Some(0) => found.push(name),
            _ => skip(&format!("{name}: {}", tried.err))?,
        }
    }
    Ok(found)
}

#[test]
fn the_round_trip_is_the_links() -> Result<()> {
    in_each(|room| {
        for (rtt, least) in [("20ms", 20.0), ("80ms", 80.0)] {
            let rows = transfer(room, &["--rtt", rtt])?;
            let measured = rows.round_trip();
            // A busy machine adds to it; nothing takes away.
            let most = least + 30.0;
            ensure!((least..most).contains(&measured), "{rtt}: {measured}");
            ensure!(rows.most("acked") >= 300_000.0 * 0.5);
        }
        Ok(())
    })
}

#[test]
fn what_is_lost_is_sent_again() -> Result<()> {
    in_each(|room| {
        let lossy = ["--rtt", "20ms", "--loss", "5%"];
        let lost = transfer(room, &lossy)?.most("retransmissions");
        ensure!(lost >= 1.0, "nothing was sent again");
        // A machine that stands still for a while looks like a loss, too.
        let mut again = Vec::new();
        for _ in 0..3 {
            let rows = transfer(room, &["--rtt", "80ms"])?;
            again.push(rows.most("retransmissions"));
            if again.last() == Some(&0.0) {
                return Ok(());
            }
        }
        anyhow::bail!("sent again without a loss: {again:?}")
    })
}

#[test]
fn sockets_use_the_congestion_control_that_was_asked_for() -> Result<()> {
    in_each(|room| {
        let file = room.path("samples.csv");
        let file = file.to_str().context("it is UTF-8")?;
        for name in controls(room)? {
            let rows = transfer(room, &["--rtt", "20ms", "--cc", name])?;
            ensure!(rows.column("control").all(|it| it == name), "net {name}");
            let options = ["1", "--rtt", "40ms", "--cc", name];
            let options = [&options, &["--samples", file][..]].concat();
            let Some(run) = room.lesson(&options)? else {
                continue;
            };
            ensure!(run.code == Some(0), "{run:?}");
            let rows = Rows::read(room, "samples.csv")?;
            ensure!(rows.column("control").all(|it| it == name), "run {name}");
        }
        Ok(())
    })
}

#[test]
fn curves_are_drawn() -> Result<()> {
    in_each(|room| {
        let options = ["--rtt", "20ms", "--rate", "10mbit", "--plot"];
        let options = [&options[..], &["--cc", "reno"]].concat();
        let finished = room.net("take", "give 300000", &options)?;
        let text = &finished.err;
        for part in [
            "10.0.0.1:",
            " → 10.0.0.2:7000, reno, ",
            "congestion window, segments",
            "smoothed round-trip time, ms",
            "goodput, Mbit/s",
            "queue before the link, kB",
            "lab: client → server: ",
        ] {
            ensure!(text.contains(part), "no {part:?}: {text}");
        }
        // Four curves of six rows, whose lines have been drawn somewhere.
        let rows = text.lines().filter(|line| line.contains('┤'));
        ensure!(rows.count() == 24, "{text}");
        let dots = |it: char| ('\u{2801}'..='\u{28ff}').contains(&it);
        ensure!(text.chars().filter(|it| dots(*it)).count() > 100, "{text}");
        Ok(())
    })
}
