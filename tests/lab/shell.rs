//! A shell on a host: of the laboratory that is running, or of none.
//!
//! Each is tried where no other process is seen: on a machine with other
//! laboratories it would join one of them.

use anyhow::{Result, ensure};

use crate::end::Finished;
use crate::room::{Room, in_each, skip};

/// A script that sees no process but its own; `$1` is `wire`.
fn alone(room: &Room, script: &str) -> Result<Option<Finished>> {
    let wire = room.program();
    let arguments = ["-Urpfm", "--mount-proc", "sh", "-ec", script, "sh", wire];
    let test = room.run("unshare", &["-Urpfm", "--mount-proc", "true"]);
    if !test.is_ok_and(|it| it.code == Some(0)) {
        skip("unshare (util-linux) cannot make a PID namespace")?;
        return Ok(None);
    }
    room.run("unshare", &arguments).map(Some)
}

#[test]
fn a_shell_joins_the_laboratory_that_runs() -> Result<()> {
    in_each(|room| {
        for (host, address) in [("client", "10.0.0.1"), ("server", "10.0.0.2")]
        {
            let script = format!(
                r#"
                mkfifo up down
                "$1" lab net --client 'echo up >up; read word <down' &
                read word <up
                echo 'cat /etc/hosts /proc/net/fib_trie; exit 7' |
                    "$1" lab shell {host} || echo "code $?"
                echo down >down
                wait
                rm up down
                "#
            );
            let Some(finished) = alone(room, &script)? else {
                return Ok(());
            };
            ensure!(finished.code == Some(0), "{finished:?}");
            let out = &finished.out;
            ensure!(out.contains("10.0.0.1\tclient\n"), "{out}");
            ensure!(out.contains("10.0.0.2\tserver\n"), "{out}");
            // Its own address is the one that is a local route.
            let local = format!("-- {address}\n");
            let after = out.split(&local).nth(1).unwrap_or_default();
            let next = after.trim_start().lines().next();
            ensure!(next == Some("/32 host LOCAL"), "{host}: {out}");
            ensure!(out.contains("code 7\n"), "{out}");
        }
        Ok(())
    })
}

#[test]
fn without_a_laboratory_and_a_terminal_there_is_no_shell() -> Result<()> {
    in_each(|room| {
        for (host, options, sentence) in [
            ("client", "", "needs a terminal"),
            ("router", "--router", "needs a terminal"),
            ("router", "", "add --router"),
        ] {
            let script = format!(r#""$1" lab shell {host} {options}"#);
            let Some(finished) = alone(room, &script)? else {
                return Ok(());
            };
            ensure!(finished.code == Some(2), "{finished:?}");
            ensure!(finished.err.contains(sentence), "{finished:?}");
            ensure!(finished.err.lines().count() == 1, "{finished:?}");
        }
        Ok(())
    })
}
