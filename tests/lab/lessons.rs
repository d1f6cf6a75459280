//! Lessons over a link: what they print, and how long it takes.

use anyhow::{Context, Result, ensure};

use crate::capture;
use crate::room::in_each;

#[test]
fn a_lesson_prints_the_same_and_takes_its_time() -> Result<()> {
    in_each(|room| {
        let Some(plain) = room.lesson(&["1"])? else {
            return Ok(());
        };
        let file = room.path("lesson1.pcapng");
        let pcap = file.to_str().context("it is UTF-8")?;
        let far = room.lesson(&["1", "--rtt", "40ms", "--pcap", pcap])?;
        let far = far.context("it is there")?;
        ensure!(far.code == Some(0), "{far:?}");
        ensure!(far.out == plain.out, "{}\n{}", far.out, plain.out);
        let took = capture::handshake(&capture::read(&file)?)?.as_micros();
        ensure!((40_000..70_000).contains(&took), "{took} µs");
        Ok(())
    })
}

#[test]
fn over_a_dead_link_every_connect_gives_up() -> Result<()> {
    in_each(|room| {
        let Some(run) = room.lesson(&["18", "--loss", "100%"])? else {
            return Ok(());
        };
        ensure!(run.code == Some(0), "{run:?}");
        let outcomes = |word: &str| run.out.matches(word).count();
        ensure!(outcomes("gave up") == 7, "{}", run.out);
        ensure!(outcomes("done") == 0, "{}", run.out);
        let line = "  a deadline for all: gave up, between 200ms and 1s\n";
        ensure!(run.out.contains(line), "{}", run.out);
        ensure!(
            run.err.contains("server → client: 0 packets"),
            "{}",
            run.err
        );
        Ok(())
    })
}

#[test]
fn a_lossy_link_leaves_a_gap_that_is_named() -> Result<()> {
    in_each(|room| {
        let options = ["3", "--loss", "20%", "--seed", "1"];
        let Some(run) = room.lesson(&options)? else {
            return Ok(());
        };
        ensure!(run.code == Some(0), "{run:?}");
        // Over a perfect network one of its five messages has a gap.
        let gaps = run.out.matches(" is missing\n").count();
        ensure!(gaps > 1, "{}", run.out);
        ensure!(run.err.contains(" lost\n"), "{}", run.err);
        Ok(())
    })
}
