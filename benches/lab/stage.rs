//! Starts `wire` as a learner would: in go link options and commands, out
//! comes what the programs printed.

use std::env;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// The word by which this program knows that it is inside.
pub const PROBE: &str = "lab-probe";

/// The `wire` that is measured.
pub fn wire() -> String {
    let built = env!("CARGO_BIN_EXE_wire");
    env::var("WIRE").unwrap_or_else(|_| built.to_owned())
}

/// Why nothing can be measured here; none if it can.
pub fn impossible() -> Result<Option<String>> {
    let output = Command::new(wire())
        .args(["lab", "net", "--client", "true"])
        .output()
        .with_context(|| format!("cannot start {}", wire()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(0) => Ok(None),
        Some(3) => Ok(Some(said.trim().to_owned())),
        _ => bail!("`wire lab net` fails: {}", said.trim()),
    }
}

/// This program with one of its probes, as a line for `sh`.
pub fn probe(arguments: &str) -> String {
    // Only a program that is running can ask.
    let own = env::current_exe().unwrap_or_default();
    format!("exec '{}' {PROBE} {arguments}", own.display())
}

/// Two hosts and what runs on them.
pub struct Lab {
    options: Vec<String>,
    server: Option<String>,
    client: String,
    limit: Duration,
}

/// What there was.
pub struct Done {
    out: String,
    /// What `wire` itself had to say.
    pub said: String,
    pub took: Duration,
}

impl Lab {
    /// A link with such options, written as at the terminal.
    pub fn new(options: &str) -> Lab {
        Lab {
            options: options.split_whitespace().map(str::to_owned).collect(),
            server: None,
            client: "true".to_owned(),
            limit: Duration::from_secs(60),
        }
    }

    /// An option whose value may have spaces.
    pub fn option(mut self, name: &str, value: impl ToString) -> Lab {
        self.options.push(name.to_owned());
        self.options.push(value.to_string());
        self
    }

    pub fn server(mut self, command: String) -> Lab {
        self.server = Some(command);
        self
    }

    pub fn client(mut self, command: String) -> Lab {
        self.client = command;
        self
    }

    pub fn run(self) -> Result<Done> {
        self.run_watched(|_| {})
    }

    /// As [`Lab::run`], and `look` is called about ten times a second with
    /// the number of `wire`'s process.
    pub fn run_watched(self, look: impl FnMut(u32)) -> Result<Done> {
        let mut command = Command::new(wire());
        command.args(["lab", "net"]).args(&self.options);
        if let Some(server) = &self.server {
            command.args(["--server", server]);
        }
        command.args(["--client", &self.client]);
        run(command, self.limit, look)
    }
}

/// Runs a command to its end, but not for ever.
pub fn run(
    mut command: Command,
    limit: Duration,
    mut look: impl FnMut(u32),
) -> Result<Done> {
    let began = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {command:?}"))?;
    let out = reader(child.stdout.take().context("it was piped")?);
    let said = reader(child.stderr.take().context("it was piped")?);
    let status = wait(&mut child, began + limit, &mut look)?;
    let took = began.elapsed();
    let done = Done {
        out: join(out)?,
        said: join(said)?,
        took,
    };
    match status {
        Some(true) => Ok(done),
        Some(false) => bail!("{command:?} fails: {}", done.said.trim()),
        None => bail!("{command:?} has not ended after {limit:?}"),
    }
}

/// Whether it was a success; none if it had to be ended.
fn wait(
    child: &mut Child,
    deadline: Instant,
    look: &mut impl FnMut(u32),
) -> Result<Option<bool>> {
    let mut next_look = Instant::now() + Duration::from_millis(100);
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        if Instant::now() > deadline {
            // The kernel ends everything inside with it.
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        if Instant::now() > next_look {
            look(child.id());
            next_look = Instant::now() + Duration::from_millis(100);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

type Reader = JoinHandle<std::io::Result<Vec<u8>>>;

fn reader(mut from: impl Read + Send + 'static) -> Reader {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).map(|_| bytes)
    })
}

fn join(reader: Reader) -> Result<String> {
    let bytes = reader.join().expect("a reader does not panic")?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

impl Done {
    /// All that was printed.
    pub fn text(&self) -> &str {
        &self.out
    }

    /// The numbers of all lines that begin with `word`, in order.
    pub fn numbers(&self, word: &str) -> Result<Vec<f64>> {
        let mut numbers = Vec::new();
        for line in self.out.lines() {
            let mut words = line.split_whitespace();
            if words.next() == Some(word) {
                for number in words {
                    numbers.push(number.parse().with_context(|| {
                        format!("{number:?} is no number: {line}")
                    })?);
                }
            }
        }
        Ok(numbers)
    }

    /// The numbers of the only line that begins with `word`.
    pub fn only<const N: usize>(&self, word: &str) -> Result<[f64; N]> {
        let numbers = self.numbers(word)?;
        numbers.try_into().ok().with_context(|| {
            format!("no line `{word}` was printed: {}{}", self.out, self.said)
        })
    }

    /// What `wire` says of packets that vanished outside the link.
    pub fn vanished(&self) -> Option<&str> {
        self.said.lines().find(|line| line.contains("vanished"))
    }

    /// What `wire` says of a machine too busy to be on time, as a remark to
    /// put behind a figure; empty if it was.
    pub fn late(&self) -> String {
        let line = self.said.lines().find(|line| line.contains("too late"));
        let words = line.unwrap_or_default().split("arrived ").nth(1);
        let time = words.and_then(|it| it.split(" too").next());
        time.map_or(String::new(), |time| {
            format!(" (machine busy: 1 packet in 100 is {time} late)")
        })
    }
}
