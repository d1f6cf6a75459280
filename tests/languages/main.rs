//! The programs in several languages understand each other: every client
//! talks to every server, through a relay that cuts all they say into single
//! bytes, and prints what is the same in all of them.
//!
//! `cargo test --test languages -- --nocapture` shows the table. A language
//! whose tools are missing is skipped, with its reason; with `REQUIRE_ALL=1`
//! that is a failure.

mod process;
mod relay;
mod tools;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use process::{Ended, Running};
use tools::{Program, Toolbox};
use wire::languages::{ALL, ENDS, LESSONS, Language};

/// What the server prints after its address, and the client.
fn expected(lesson: u8) -> (&'static str, &'static str) {
    match lesson {
        1 => (
            "[server] received \"Hello, World!\", 13 bytes, then the end\n",
            "[client] received \"Hello, client!\"\n",
        ),
        _ => (
            "[server] read \"to\"\n[server] read \"be\"\n\
             [server] read \"continued\"\n[server] read the end\n",
            "[client] wrote \"to\"\n[client] wrote \"be\"\n\
             [client] wrote \"continued\"\n[client] read \"to\"\n\
             [client] read \"be\"\n[client] read \"continued\"\n",
        ),
    }
}

#[test]
fn every_client_understands_every_server() -> Result<()> {
    let toolbox = Toolbox::open()?;
    let mut mistakes = Vec::new();
    for lesson in LESSONS {
        println!("\nlesson {lesson}, milliseconds: a row for each server");
        let names = toolbox.found().map(|it| format!("{:>11}", it.name));
        println!("{:11}{}", "", names.collect::<String>());
        for of_server in toolbox.found() {
            print!("{:11}", of_server.name);
            let server = toolbox.program(of_server, *lesson, "server")?;
            for of_client in toolbox.found() {
                let client = toolbox.program(of_client, *lesson, "client")?;
                let start = Instant::now();
                let told = talk(&server, &client, *lesson);
                let cell = match &told {
                    Ok(()) => start.elapsed().as_millis().to_string(),
                    Err(_) => "FAILED".into(),
                };
                print!("{cell:>11}");
                if let Err(error) = told {
                    let (server, client) = (of_server.name, of_client.name);
                    mistakes.push(format!(
                        "lesson {lesson}, {server}'s server, {client}'s \
                         client: {error:#}"
                    ));
                }
            }
            println!();
        }
    }
    ensure!(mistakes.is_empty(), "\n{}", mistakes.join("\n"));
    Ok(())
}

/// Lets the two talk, and compares what both print.
fn talk(server: &Program, client: &Program, lesson: u8) -> Result<()> {
    let mut server = Running::start(server, &[])?;
    let address = server.first_line()?;
    let relay = relay::to(&address)?;
    let client = Running::start(client, &[&relay])?.end()?;
    let server = server.end()?;
    let (of_server, of_client) = expected(lesson);
    for (who, ended, wanted) in
        [("server", server, of_server), ("client", client, of_client)]
    {
        ensure!(ended.code == Some(0), "the {who} ends with {ended:?}");
        ensure!(ended.stdout == wanted, "the {who} prints {ended:?}");
        ensure!(ended.stderr.is_empty(), "the {who} complains: {ended:?}");
    }
    Ok(())
}

/// One read, trusted, is what the relay is there to catch.
#[test]
fn a_program_that_trusts_one_read_is_caught() -> Result<()> {
    let toolbox = Toolbox::open()?;
    let Some(python) = toolbox.found().find(|it| it.name == "Python") else {
        return Ok(());
    };
    let loops = "while part := s.recv(1024):\n            answer += part";
    for (lesson, whole, trusting) in [
        (1, loops, "answer = s.recv(1024)"),
        (7, "read_exact(s, length)", "s.recv(length)"),
    ] {
        let client = toolbox.source(python, lesson, "client");
        let text = fs::read_to_string(&client)?;
        ensure!(text.contains(whole), "{} has changed", client.display());
        let folder = tempfile::tempdir()?;
        let broken = folder.path().join("client.py");
        fs::write(&broken, text.replace(whole, trusting))?;
        let server = toolbox.program(python, lesson, "server")?;
        let client = toolbox.python(&broken)?;
        // A machine with much to do may let the pieces pile up.
        let caught = (0..20).any(|_| talk(&server, &client, lesson).is_err());
        ensure!(
            caught,
            "lesson {lesson}: one read brings it all, every time"
        );
    }
    Ok(())
}

#[test]
fn what_is_wrong_is_one_sentence_and_a_status() -> Result<()> {
    let toolbox = Toolbox::open()?;
    // Bound and not listening: nobody else's port, and it refuses.
    let silent = socket2::Socket::new(
        socket2::Domain::IPV4,
        socket2::Type::STREAM,
        None,
    )?;
    let any = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    silent.bind(&any.into())?;
    let refuses = silent.local_addr()?.as_socket().context("no address")?;
    for language in toolbox.found() {
        let of = |lesson, end| toolbox.program(language, lesson, end);
        for lesson in LESSONS {
            let client = of(*lesson, "client")?;
            fails("client", Running::start(&client, &[])?.end()?)?;
            let address = refuses.to_string();
            fails("client", Running::start(&client, &[&address])?.end()?)?;
        }
        for bytes in [b"\0\x05h".as_slice(), b"\0", b"\xff\xff"] {
            fails("server", server_hears(&of(7, "server")?, bytes)?)?;
            fails("client", client_hears(&of(7, "client")?, bytes)?)?;
        }
    }
    Ok(())
}

/// A frame that is cut off, or too long; then the end.
fn server_hears(server: &Program, bytes: &[u8]) -> Result<Ended> {
    let mut server = Running::start(server, &[])?;
    let mut stream = TcpStream::connect(server.first_line()?)?;
    stream.write_all(bytes)?;
    stream.shutdown(Shutdown::Write)?;
    server.end()
}

fn client_hears(client: &Program, bytes: &'static [u8]) -> Result<Ended> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?.to_string();
    let peer = thread::spawn(move || -> std::io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        stream.write_all(bytes)?;
        stream.shutdown(Shutdown::Write)?;
        // Or closing would be a reset, for what was never read.
        std::io::copy(&mut stream, &mut std::io::sink())?;
        Ok(())
    });
    let ended = Running::start(client, &[&address])?.end()?;
    // A client that never came would leave the peer waiting.
    drop(TcpStream::connect(&address));
    match peer.join() {
        // What the client left unread is a reset to its peer.
        Ok(_) => Ok(ended),
        Err(_) => bail!("the peer panicked"),
    }
}

fn fails(who: &str, ended: Ended) -> Result<()> {
    let one_line = ended.stderr.trim_end().lines().count() == 1;
    let said = ended.stderr.starts_with(&format!("{who}: ")) && one_line;
    let why = ended.stderr.trim_end().len() > who.len() + 10;
    ensure!(said && why, "no sentence of the {who}: {ended:?}");
    ensure!(ended.code == Some(1), "the {who} ends with {ended:?}");
    Ok(())
}

/// The tree has these files, all of them short, and no others.
#[test]
fn nothing_is_missing_or_left_over() -> Result<()> {
    let mut wanted = BTreeSet::new();
    for language in ALL {
        for lesson in LESSONS {
            let of = |end: &&str| language.path(*lesson, end);
            wanted.extend(ENDS.iter().map(of));
        }
    }
    let examples = Path::new(env!("CARGO_MANIFEST_DIR"));
    let examples = examples.join("lessons/examples");
    let mut found = BTreeSet::new();
    for folder in fs::read_dir(examples.join("languages"))? {
        let folder = folder?.path();
        for file in fs::read_dir(&folder)? {
            let path = file?.path();
            let name = path.strip_prefix(&examples)?.to_string_lossy();
            found.insert(name.replace('\\', "/"));
            let lines = fs::read_to_string(&path)?.lines().count();
            let limit = if name.ends_with(".c") { 95 } else { 65 };
            ensure!(lines <= limit, "{name}: {lines} lines");
        }
    }
    assert_eq!(found, wanted);
    Ok(())
}
