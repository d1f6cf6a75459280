//! Who starts the laboratory, and where: in go arguments of `wire`, out come
//! what it printed, its exit code and what it left in its folder.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;

use anyhow::{Context, Result, bail, ensure};
use nix::unistd::geteuid;
use tempfile::TempDir;

use crate::end::{Finished, finish};

/// How `wire` ends where the laboratory is not possible.
pub const IMPOSSIBLE: i32 = 3;

/// The user and the group `nobody`, by tradition the last of 16 bits less 1.
const NOBODY: u32 = 65_534;

/// A user with a folder of his own.
pub struct Room {
    pub name: &'static str,
    /// Put before every command.
    wrapper: Vec<OsString>,
    user: Option<u32>,
    wire: PathBuf,
    /// This very test, which is the programs on the hosts too.
    helper: PathBuf,
    folder: TempDir,
}

/// Says why something is not tried, or fails if everything has to be.
pub fn skip(reason: &str) -> Result<()> {
    if env::var("REQUIRE_ALL").is_ok_and(|all| all == "1") {
        bail!("{reason}, and REQUIRE_ALL=1 wants all tests");
    }
    eprintln!("skipped: {reason}");
    Ok(())
}

/// Does `work` as this user and, if that is root, as an ordinary one too.
pub fn in_each(work: impl Fn(&Room) -> Result<()> + Sync) -> Result<()> {
    all_at_once(&rooms()?, work)
}

/// Most of the time is spent waiting, so the users need not take turns.
fn all_at_once(
    rooms: &[Room],
    work: impl Fn(&Room) -> Result<()> + Sync,
) -> Result<()> {
    let in_one =
        |room: &Room| work(room).with_context(|| format!("as {}", room.name));
    thread::scope(|scope| {
        let start = |room| scope.spawn(move || in_one(room));
        let started: Vec<_> = rooms.iter().map(start).collect();
        let mut ended = started.into_iter().map(|room| room.join());
        ended.try_for_each(|it| it.unwrap_or_else(|it| resume_unwind(it)))
    })
}

/// As [`in_each`], and once more where there is no `/dev/net/tun`, so that
/// both kinds of device are tried on every machine.
pub fn on_each_device(work: impl Fn(&Room) -> Result<()> + Sync) -> Result<()> {
    let mut rooms = rooms()?;
    if let Some(first) = rooms.first() {
        let hide = "mount -t tmpfs none /dev/net && exec \"$@\"";
        let words = ["unshare", "-Urm", "sh", "-c", hide, "sh"];
        let mut room = first.again("one without /dev/net/tun")?;
        room.wrapper = words.map(OsString::from).to_vec();
        match room.run("true", &[])?.code {
            Some(0) => rooms.push(room),
            _ => skip("unshare (util-linux) cannot hide /dev/net/tun")?,
        }
    }
    all_at_once(&rooms, work)
}

/// None where there can be no laboratory.
pub fn rooms() -> Result<Vec<Room>> {
    let mut rooms = Vec::new();
    let mut users = vec![("this user", None)];
    if geteuid().is_root() {
        users.push(("nobody", Some(NOBODY)));
    }
    for (name, user) in users {
        let room = match Room::new(name, user) {
            Ok(room) => room,
            // Root of a user namespace may be nobody else.
            Err(error) if user.is_some() => {
                skip(&format!("as {name}: {error}"))?;
                continue;
            }
            Err(error) => return Err(error),
        };
        let doctor = room.wire(&["lab", "doctor"])?;
        match doctor.code {
            Some(0) => rooms.push(room),
            Some(IMPOSSIBLE) => {
                let all = format!("{}{}", doctor.out, doctor.err);
                let why = all.lines().find(|line| line.starts_with("NO"));
                skip(&format!("as {name}: {}", why.unwrap_or(&all)))?;
            }
            _ => bail!("wire lab doctor: {doctor:?}"),
        }
    }
    Ok(rooms)
}

impl Room {
    fn new(name: &'static str, user: Option<u32>) -> Result<Room> {
        let folder = tempfile::tempdir()?;
        if let Some(user) = user {
            chown(folder.path(), Some(user), Some(user))
                .context("cannot give away a folder")?;
        }
        let mut room = Room {
            name,
            wrapper: Vec::new(),
            user,
            wire: env!("CARGO_BIN_EXE_wire").into(),
            helper: env::current_exe()?,
            folder,
        };
        // A checkout below /root is nothing that others can reach.
        let reached = room.command(&room.wire).arg("--version").output();
        if !reached.is_ok_and(|output| output.status.success()) {
            room.wire = room.moved_in(&room.wire)?;
            room.helper = room.moved_in(&room.helper)?;
        }
        Ok(room)
    }

    /// The same user in another folder.
    fn again(&self, name: &'static str) -> Result<Room> {
        Room::new(name, self.user)
    }

    fn moved_in(&self, program: &Path) -> Result<PathBuf> {
        let name = program.file_name().context("a program has a name")?;
        let path = self.path(name.to_str().context("it is UTF-8")?);
        fs::copy(program, &path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(path)
    }

    /// A file in the room's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The names of the files that have come into the folder.
    pub fn files(&self) -> Result<Vec<OsString>> {
        let programs = [&self.wire, &self.helper];
        let mut names = Vec::new();
        for entry in fs::read_dir(self.folder.path())? {
            let entry = entry?;
            if !programs.contains(&&entry.path()) {
                names.push(entry.file_name());
            }
        }
        Ok(names)
    }

    /// A command as this user, with nothing to read.
    pub fn command(&self, program: &Path) -> Command {
        let mut words = self.wrapper.iter().cloned();
        let mut command = match words.next() {
            Some(first) => Command::new(first),
            None => Command::new(program),
        };
        command.args(words);
        if !self.wrapper.is_empty() {
            command.arg(program);
        }
        if let Some(user) = self.user {
            command.uid(user).gid(user);
        }
        command
            .current_dir(self.folder.path())
            .env("TMPDIR", self.folder.path())
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::null());
        command
    }

    /// `wire` with these arguments.
    pub fn wire_command(&self, arguments: &[&str]) -> Command {
        let mut command = self.command(&self.wire);
        command.args(arguments);
        command
    }

    pub fn wire(&self, arguments: &[&str]) -> Result<Finished> {
        finish(&mut self.wire_command(arguments))
    }

    /// Any program that is in the path.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Result<Finished> {
        finish(self.command(Path::new(program)).args(arguments))
    }

    /// As [`Room::run`], in another folder.
    pub fn run_in(
        &self,
        folder: &Path,
        program: &str,
        arguments: &[&str],
    ) -> Result<Finished> {
        let mut command = self.command(Path::new(program));
        finish(command.args(arguments).current_dir(folder))
    }

    /// The path of `wire`.
    pub fn program(&self) -> &str {
        self.wire.to_str().expect("cargo's folders are UTF-8")
    }

    /// `wire run` with these arguments; none where this user cannot.
    pub fn lesson(&self, arguments: &[&str]) -> Result<Option<Finished>> {
        let Some(course) = self.course()? else {
            return Ok(None);
        };
        let words = [&["run"], arguments].concat();
        self.run_in(&course, self.program(), &words).map(Some)
    }

    /// The course, with its lessons built; none where this user cannot run
    /// what is in it.
    pub fn course(&self) -> Result<Option<PathBuf>> {
        built()?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let plain = self.run_in(root, self.program(), &["run", "1"]);
        if plain.is_ok_and(|it| it.code == Some(0)) {
            return Ok(Some(root.to_owned()));
        }
        let root = root.display();
        skip(&format!("{} cannot run what is in {root}", self.name))?;
        Ok(None)
    }

    /// `wire lab net` with nobody on the server: the client is a role of
    /// [`program`](crate::program).
    pub fn client(&self, role: &str, options: &[&str]) -> Result<Finished> {
        let client = self.role(role);
        let start = ["lab", "net", "--client", &client];
        let finished = self.wire(&[&start, options].concat())?;
        ensure!(finished.code == Some(0), "{options:?}: {finished:?}");
        Ok(finished)
    }

    /// The same with a server, which has a role, too.
    pub fn net(
        &self,
        server: &str,
        client: &str,
        options: &[&str],
    ) -> Result<Finished> {
        let (server, client) = (self.role(server), self.role(client));
        let start = ["lab", "net", "--server", &server, "--client", &client];
        let finished = self.wire(&[&start, options].concat())?;
        ensure!(finished.code == Some(0), "{options:?}: {finished:?}");
        Ok(finished)
    }

    /// The line that starts this test's program in a role.
    pub fn role(&self, role: &str) -> String {
        format!(
            "ROLE='{role}' exec '{}' --exact program::on_a_host --ignored \
             --nocapture",
            self.helper.display()
        )
    }
}

/// The lessons that the tests run, built once: others than this user cannot.
fn built() -> Result<()> {
    static BUILT: OnceLock<Result<(), String>> = OnceLock::new();
    let build = || -> Result<()> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        for lesson in ["1", "3", "18"] {
            // It builds first what is not built.
            let output = Command::new(env!("CARGO_BIN_EXE_wire"))
                .args(["run", lesson])
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .env("CARGO", &cargo)
                .output()?;
            ensure!(output.status.success(), "{output:?}");
        }
        Ok(())
    };
    let built = BUILT.get_or_init(|| build().map_err(|it| format!("{it:#}")));
    built.clone().map_err(anyhow::Error::msg)
}
