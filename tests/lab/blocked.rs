//! Machines that forbid it, played by a namespace that lacks something: exit
//! code 3, and one sentence that says what to do.

use anyhow::{Result, ensure};

use crate::room::{Room, in_each, skip};

/// What is taken away, by a line of sh as root of a namespace; whether the
/// loopback and the laboratory are possible then; and the way out.
struct Machine {
    lacks: &'static str,
    link: bool,
    doctor: bool,
    words: &'static [&'static str],
}

const MACHINES: [Machine; 5] = [
    Machine {
        lacks: "echo 0 >/proc/sys/user/max_user_namespaces",
        link: false,
        doctor: false,
        words: &["`sudo sysctl -w user.max_user_namespaces=10000`"],
    },
    Machine {
        lacks: "echo 0 >/proc/sys/user/max_net_namespaces",
        link: false,
        doctor: false,
        words: &["`sudo sysctl -w user.max_net_namespaces=10000`"],
    },
    // Slower devices take its place.
    Machine {
        lacks: "mount -t tmpfs none /dev/net",
        link: true,
        doctor: true,
        words: &["/dev/net/tun"],
    },
    Machine {
        lacks: "mount --bind /proc/sys /proc/sys
                mount -o remount,ro,bind /proc/sys",
        link: false,
        doctor: true,
        words: &["/proc/sys is read-only", "docker run --privileged"],
    },
    Machine {
        lacks: "mount -t tmpfs none /proc",
        link: false,
        doctor: false,
        words: &["there is no /proc here"],
    },
];

impl Machine {
    /// A script without it, and whether that could be arranged at all.
    fn script(&self, room: &Room) -> Result<Option<String>> {
        let script = format!("set -e\n{}\n", self.lacks);
        let tried = room.run("unshare", &["-Urm", "sh", "-c", &script]);
        if !tried.is_ok_and(|it| it.code == Some(0)) {
            skip(&format!("unshare (util-linux) cannot: {}", self.lacks))?;
            return Ok(None);
        }
        Ok(Some(format!("{script}exec \"$@\"")))
    }
}

#[test]
fn the_doctor_says_what_is_lacking() -> Result<()> {
    in_each(|room| {
        for machine in &MACHINES {
            let Some(script) = machine.script(room)? else {
                continue;
            };
            let wire = room.program();
            let words = ["-Urm", "sh", "-c", &script, "sh", wire];
            let doctor = [&words[..], &["lab", "doctor"]].concat();
            let finished = room.run("unshare", &doctor)?;
            let code = if machine.doctor { 0 } else { 3 };
            ensure!(finished.code == Some(code), "{finished:?}");
            // Without /proc it does not come to a table.
            let text = format!("{}{}", finished.out, finished.err);
            for word in machine.words {
                // In its table it stands alone, and not in a sentence.
                let word = word.trim_matches('`');
                ensure!(text.contains(word), "{finished:?}");
            }
            let mark = if machine.doctor { "\n--  " } else { "\nNO  " };
            let table = !finished.out.is_empty();
            ensure!(!table || text.contains(mark), "{finished:?}");
        }
        Ok(())
    })
}

#[test]
fn a_lesson_says_it_in_one_sentence() -> Result<()> {
    in_each(|room| {
        let Some(lesson) = room.course()? else {
            return Ok(());
        };
        for machine in &MACHINES {
            let Some(script) = machine.script(room)? else {
                continue;
            };
            let words = ["-Urm", "sh", "-c", &script, "sh", room.program()];
            let run = ["run", "1", "--rtt", "1ms"];
            let finished =
                room.run_in(&lesson, "unshare", &[&words[..], &run].concat())?;
            let lacks = machine.lacks;
            if machine.link {
                ensure!(finished.code == Some(0), "{lacks}: {finished:?}");
                continue;
            }
            ensure!(finished.code == Some(3), "{lacks}: {finished:?}");
            ensure!(finished.out.is_empty(), "{lacks}: {finished:?}");
            let lines = finished.err.lines();
            let ours = lines.filter(|line| line.starts_with("wire: "));
            ensure!(ours.count() == 1, "{finished:?}");
            for word in machine.words {
                ensure!(finished.err.contains(word), "{lacks}: {finished:?}");
            }
        }
        Ok(())
    })
}
