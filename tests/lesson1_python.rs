//! The Python of lesson 1: the corrected client talks to the Rust server, and
//! the article's listing, read from the page, fails as the page says.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};
use socket2::{Domain, Socket, Type};
use wire::cargo::{Built, Progress, build_lesson};
use wire::course::Course;

#[test]
fn the_corrected_client_hears_the_whole_answer() -> Result<()> {
    let Some(python) = python()? else {
        return Ok(());
    };
    let course = Course::load(env!("CARGO_MANIFEST_DIR"))?;
    let Built::Program(server) = build_lesson(&course, 1, &mut Quiet)? else {
        bail!("lesson 1 does not compile");
    };
    let mut server = Command::new(server)
        .arg("serve")
        .stdout(Stdio::piped())
        .spawn()?;
    let stdout = server.stdout.take().context("no pipe")?;
    let mut lines = BufReader::new(stdout).lines();
    let address = lines.next().context("the server printed nothing")??;

    let script = "lessons/examples/languages/lesson1/client.py";
    let script = course.root.join(script);
    let client = Command::new(python).arg(script).arg(&address).output();
    // A client that failed to start would leave the server waiting.
    drop(TcpStream::connect(&address));
    let client = client?;
    assert_eq!(String::from_utf8_lossy(&client.stderr), "");
    assert_eq!(
        String::from_utf8_lossy(&client.stdout).trim(),
        "[client] received \"Hello, client!\""
    );
    let heard = lines.next().context("the server heard nothing")??;
    assert_eq!(
        heard,
        "[server] received \"Hello, World!\", 13 bytes, then the end"
    );
    assert!(server.wait()?.success());
    Ok(())
}

#[test]
fn the_article_s_client_finds_nobody() -> Result<()> {
    let Some(python) = python()? else {
        return Ok(());
    };
    // Bound and not listening: the port is nobody else's, and refuses.
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
    let address = socket.local_addr()?.as_socket().context("no address")?;
    let output = run_listing(&python, &listing()?, address)?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("ConnectionRefusedError"), "{stderr}");
    Ok(())
}

#[test]
fn the_article_s_client_sends_text_where_bytes_are_wanted() -> Result<()> {
    let Some(python) = python()? else {
        return Ok(());
    };
    let output = talk_to_half_an_answer(&python, &listing()?)?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr
            .contains("TypeError: a bytes-like object is required, not 'str'"),
        "{stderr}"
    );
    Ok(())
}

#[test]
fn one_recv_takes_half_an_answer_for_the_whole() -> Result<()> {
    let Some(python) = python()? else {
        return Ok(());
    };
    let mended = listing()?.replace("send('", "send(b'") + "\nprint(data)\n";
    let output = talk_to_half_an_answer(&python, &mended)?;
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "b'Hello, '");
    Ok(())
}

/// Runs a client against a server that pauses in the middle of its answer
/// until the client has gone.
fn talk_to_half_an_answer(python: &str, client: &str) -> Result<Output> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let server = thread::spawn(move || -> std::io::Result<()> {
        let (mut stream, _) = listener.accept()?;
        stream.write_all(b"Hello, ")?;
        stream.read_to_end(&mut Vec::new()).ok();
        // The client may have closed both ways by now.
        stream.write_all(b"client!").ok();
        Ok(())
    });
    let output = run_listing(python, client, address);
    // A client that never came would leave the server waiting.
    drop(TcpStream::connect(address));
    server.join().expect("the server does not panic")?;
    output
}

fn run_listing(
    python: &str,
    client: &str,
    address: SocketAddr,
) -> Result<Output> {
    let there = format!("('{}', {})", address.ip(), address.port());
    let client = client.replace("('localhost', 8080)", &there);
    assert!(client.contains(&there), "the listing names another address");
    let output = Command::new(python).args(["-c", &client]).output()?;
    Ok(output)
}

/// The article's listing: the first fence of Python on the page.
fn listing() -> Result<String> {
    let course = Course::load(env!("CARGO_MANIFEST_DIR"))?;
    let page = fs::read_to_string(course.page(1))?;
    let (_, fence) = page.split_once("```python\n").context("no Python")?;
    let (listing, _) = fence.split_once("```").context("a fence is open")?;
    Ok(listing.to_owned())
}

/// The name of Python 3 here; where there is none, the tests say so and pass,
/// unless everything is required.
fn python() -> Result<Option<String>> {
    for name in ["python3", "python"] {
        let version = Command::new(name).arg("--version").output();
        let is_three = |output: Output| output.stdout.starts_with(b"Python 3");
        if version.is_ok_and(is_three) {
            return Ok(Some(name.to_owned()));
        }
    }
    if env::var_os("REQUIRE_ALL").as_deref() == Some(OsStr::new("1")) {
        bail!("Python 3 is required here and was not found");
    }
    println!("skipped: no Python 3 on this machine");
    Ok(None)
}

struct Quiet;

impl Progress for Quiet {
    fn compiled(&mut self, _: &str) {}

    fn says(&mut self, line: &str) {
        println!("{line}");
    }
}
