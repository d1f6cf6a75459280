//! Whatever is killed, and whenever: nothing is left behind.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use crate::capture;
use crate::end::{PATIENCE, wait};
use crate::room::{Room, in_each, rooms};

/// How many laboratories are killed, by all users together.
const KILLS: usize = 100;

/// How long anything may live on.
const GRACE: Duration = Duration::from_secs(2);

/// Between two looks at all processes, which cost a millisecond or more.
const LOOK: Duration = Duration::from_millis(5);

/// The variable by which a laboratory's processes are known.
const MARK: &str = "WIRE_TEST_MARK";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    /// `wire` as it was started, which becomes the laboratory's parent.
    Outermost,
    /// Process 1 of the laboratory.
    First,
    Program,
}

/// The living processes that carry the mark.
fn alive(mark: &str) -> Result<Vec<(Who, Pid)>> {
    let mark = format!("{MARK}={mark}");
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let path = entry?.path();
        let name = path.file_name().and_then(|it| it.to_str());
        let Some(pid) = name.and_then(|it| it.parse().ok()) else {
            continue;
        };
        // One that has ended has neither.
        let read = |file: &str| fs::read(path.join(file)).unwrap_or_default();
        let environment = read("environ");
        let marked =
            |it: &[u8]| it.split(|it| *it == 0).any(|it| it == mark.as_bytes());
        if !marked(&environment) {
            continue;
        }
        let command = read("cmdline");
        let words: Vec<&[u8]> = command.split(|it| *it == 0).collect();
        let who = match words.get(1..3) {
            Some([b"inside", b"--first"]) => Who::First,
            Some([b"inside" | b"lab", _]) => Who::Outermost,
            _ => Who::Program,
        };
        found.push((who, Pid::from_raw(pid)));
    }
    Ok(found)
}

/// A laboratory with programs that have children and never end.
fn start(room: &Room, mark: &str) -> Result<Child> {
    let children = "sleep 1000 & sleep 1000 &";
    let server = format!("{children} {}", room.role("take"));
    let client = format!("{children} wait");
    let mut command = room.wire_command(&[
        "lab", "net", "--rtt", "1ms", "--server", &server, "--client", &client,
    ]);
    command.env(MARK, mark);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().context("cannot start a laboratory")
}

/// Waits until both programs and their children are there.
fn wait_for_programs(mark: &str) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let all = alive(mark)?;
        let programs = all.iter().filter(|it| it.0 == Who::Program);
        if programs.count() >= 6 {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "only {all:?}");
        thread::sleep(LOOK);
    }
}

/// Fails if any process of it lives on.
fn wait_for_nobody(mark: &str) -> Result<()> {
    let deadline = Instant::now() + GRACE;
    loop {
        let all = alive(mark)?;
        if all.is_empty() {
            return Ok(());
        }
        if Instant::now() > deadline {
            for (_, pid) in &all {
                let _ = kill(*pid, Signal::SIGKILL);
            }
            bail!("they live on: {all:?}");
        }
        thread::sleep(LOOK);
    }
}

/// Kills one process of a new laboratory; who that was.
///
/// `moment` is a time since the start, or none: when all programs are there.
fn kill_one(
    room: &Room,
    mark: &str,
    whom: Who,
    moment: Option<Duration>,
) -> Result<Who> {
    let mut child = start(room, mark)?;
    match moment {
        Some(moment) => thread::sleep(moment),
        None => wait_for_programs(mark)?,
    }
    let all = alive(mark)?;
    let victim = all.iter().filter(|it| it.0 == whom).max();
    let outermost = (Who::Outermost, Pid::from_raw(child.id() as i32));
    let (who, pid) = *victim.unwrap_or(&outermost);
    // It may have ended between the look and the kill.
    let _ = kill(pid, Signal::SIGKILL);
    let outcome = match (who, moment) {
        // A laboratory goes on without one of its client's children.
        (Who::Program, _) => {
            let _ = kill(outermost.1, Signal::SIGTERM);
            wait_for_nobody(mark)
        }
        _ => wait_for_nobody(mark),
    };
    wait(&mut child, GRACE)?;
    outcome.with_context(|| format!("{who:?} killed at {moment:?}"))?;
    Ok(who)
}

/// What everybody sees, and no laboratory may change.
fn world() -> Result<(String, String)> {
    let hosts = fs::read_to_string("/etc/hosts").unwrap_or_default();
    Ok((fs::read_to_string("/proc/self/mounts")?, hosts))
}

/// How long it takes until all programs are there.
fn set_up_time(room: &Room, mark: &str) -> Result<Duration> {
    let began = Instant::now();
    let mut child = start(room, mark)?;
    wait_for_programs(mark)?;
    let took = began.elapsed();
    child.kill()?;
    child.wait()?;
    wait_for_nobody(mark)?;
    Ok(took)
}

#[test]
fn nothing_outlives_a_kill() -> Result<()> {
    let before = world()?;
    let rooms = rooms()?;
    let mut killed = BTreeMap::<Who, usize>::new();
    for room in &rooms {
        let mark = |number: usize| {
            format!("{}-{}-{number}", std::process::id(), room.name)
        };
        let usual = set_up_time(room, &mark(0))?;
        for number in 1..=KILLS / rooms.len() {
            let whom = [Who::Outermost, Who::First, Who::Program][number % 3];
            // Half of them at any moment of the set-up, a little after it.
            let moment = usual.mul_f64(1.2 * fastrand::f64());
            let moment = (number % 2 == 0).then_some(moment);
            let who = kill_one(room, &mark(number), whom, moment)
                .with_context(|| format!("as {}", room.name))?;
            *killed.entry(who).or_default() += 1;
        }
        let left = room.files()?;
        ensure!(left.is_empty(), "{left:?}");
    }
    if !rooms.is_empty() {
        eprintln!("killed: {killed:?}");
        let enough = |who| killed.get(who).is_some_and(|it| *it > 15);
        ensure!(
            [Who::Outermost, Who::First, Who::Program]
                .iter()
                .all(enough)
        );
    }
    ensure!(world()? == before, "a mount, or /etc/hosts, is another one");
    Ok(())
}

/// A laboratory whose client has sent a word and waits for ever, as the
/// leader of a process group, as a terminal would have it.
fn held(room: &Room, mark: &str) -> Result<(Child, Command)> {
    let stem = room.path("held");
    let stem = stem.to_str().context("it is UTF-8")?;
    let (server, client) = (room.role("take"), room.role("hold"));
    let mut command = room.wire_command(&[
        "lab", "net", "--pcap", stem, "--server", &server, "--client", &client,
    ]);
    command.env(MARK, mark).process_group(0);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let out = child.stdout.take().context("it is piped")?;
    let mut lines = BufReader::new(out).lines();
    let held = lines.any(|line| line.is_ok_and(|line| line == "> held"));
    ensure!(held, "the client did not come to speak");
    Ok((child, command))
}

#[test]
fn the_capture_of_a_run_that_is_broken_off_is_whole() -> Result<()> {
    in_each(|room| {
        let mark = format!("{}-{}-broken", std::process::id(), room.name);
        let (mut child, _) = held(room, &mark)?;
        // Ctrl-C at a terminal reaches all of them.
        killpg(Pid::from_raw(child.id() as i32), Signal::SIGINT)?;
        let status = wait(&mut child, GRACE)?;
        let mut text = String::new();
        let err = child.stderr.take().context("it is piped")?;
        { err }.read_to_string(&mut text)?;
        ensure!(status.code().is_some_and(|code| code != 0), "{status}");
        ensure!(!text.contains("panicked"), "{text}");
        for name in ["held-client.pcapng", "held-server.pcapng"] {
            ensure!(text.contains(name), "{text}");
            let seen = capture::read(&room.path(name))?;
            let word = |it: &capture::Seen| it.frame.bytes.ends_with(b"held");
            ensure!(seen.iter().any(word), "{name} lacks what was sent");
        }
        wait_for_nobody(&mark)
    })
}

#[test]
fn nothing_outlives_a_polite_end() -> Result<()> {
    in_each(|room| {
        for signal in [Signal::SIGTERM, Signal::SIGHUP] {
            let name = format!("{}-{}", std::process::id(), room.name);
            let mark = format!("{name}-{signal}");
            let (mut child, _) = held(room, &mark)?;
            kill(Pid::from_raw(child.id() as i32), signal)?;
            wait(&mut child, GRACE)?;
            wait_for_nobody(&mark)?;
        }
        Ok(())
    })
}
