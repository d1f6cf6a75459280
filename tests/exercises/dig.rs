//! `dig` asks both solutions of exercise 11: a client that nobody here wrote,
//! as it stands on most machines. Skipped where there is none, unless
//! `REQUIRE_ALL=1`.

use std::env;
use std::ffi::OsString;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use wire::check::{Interrupt, Program};
use wire::peer::{Limit, Peer};

use crate::programs;

/// What dig is asked, and what it must say.
const ASKED: [(&[&str], &[&str]); 9] = [
    (
        &["www.wire.example", "A", "+short"],
        &["192.0.2.1", "192.0.2.2"],
    ),
    (
        &["aGaIn.wire.example", "AAAA", "+short"],
        &["alias.wire.example.", "www.wire.example.", "2001:db8::1"],
    ),
    (
        &["text.wire.example", "TXT", "+short", "+tcp"],
        &["\"bytes on the wire\" \"\""],
    ),
    (
        &["full.wire.example", "TXT"],
        &["flags: qr aa rd;", "SIZE  rcvd: 512"],
    ),
    // Cut off over UDP, so that dig asks again over TCP by itself.
    (
        &["over.wire.example", "TXT"],
        &["retrying in TCP mode", "SIZE  rcvd: 513"],
    ),
    (&["b.wire.example", "A"], &["status: NOERROR", "ANSWER: 0,"]),
    (
        &["nobody.wire.example", "A"],
        &["status: NXDOMAIN", "ANSWER: 0,"],
    ),
    (
        &["www.example.net", "A"],
        &["status: REFUSED", "ANSWER: 0,"],
    ),
    (&["www.wire.example", "+opcode=STATUS"], &["status: NOTIMP"]),
];

#[test]
fn dig_understands_both_name_servers() {
    if !there_is_dig() {
        let required = env::var_os("REQUIRE_ALL").is_some_and(|v| v == "1");
        assert!(!required, "there is no dig, and REQUIRE_ALL=1 wants it");
        eprintln!("skipped: there is no dig (Debian: bind9-dnsutils)");
        return;
    }
    let python = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("exercises/solutions/exercise11.py");
    let mut servers = vec![vec![programs::solution(11)]];
    if let Some(name) = programs::python() {
        servers.push(vec![name.into(), python.into()]);
    }
    for command in servers {
        let (server, _program) = start(&command);
        for (question, answers) in ASKED {
            let said = dig(server, question);
            for answer in answers {
                let what = format!("{command:?}: {answer:?} is not in");
                assert!(said.contains(answer), "{what}\n{said}");
            }
        }
    }
}

fn there_is_dig() -> bool {
    Command::new("dig").arg("-v").output().is_ok()
}

fn dig(server: SocketAddr, question: &[&str]) -> String {
    let output = Command::new("dig")
        // Without the settings in somebody's home.
        .args(["-r", &format!("@{}", server.ip())])
        .args(["-p", &server.port().to_string()])
        .args(["+tries=2", "+time=5"])
        .args(question)
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

fn start(command: &[OsString]) -> (SocketAddr, Program) {
    let limit = Limit {
        deadline: Instant::now() + Duration::from_secs(60),
        interrupt: Interrupt::default(),
    };
    // Free, and taken by somebody else once in a blue moon.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let program = Program::start(command, address, limit.clone()).unwrap();
    let second = Duration::from_secs(1);
    let found = limit.poll(Duration::from_secs(20), || {
        Peer::connect(address, second, limit.clone()).ok()
    });
    assert!(found.is_some(), "{command:?} does not listen");
    (address, program)
}
