//! What a browser is shown: the companion with a learner's folder of its
//! own, or an exported folder behind the plainest of servers.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

/// `wire serve`, ended when dropped.
pub struct Companion {
    child: Child,
    my: TempDir,
    /// The address with its key, as the terminal shows it.
    pub address: String,
}

impl Companion {
    pub fn start() -> Result<Companion> {
        let my = tempfile::tempdir()?;
        let mut child = Command::new(env!("CARGO_BIN_EXE_wire"))
            .args(["serve", "--no-open", "--port", "0"])
            .env("WIRE_MY", my.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start wire")?;
        let stdout = child.stdout.take().context("no output")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().to_string();
        ensure!(address.starts_with("http://"), "no address: {line:?}");
        Ok(Companion { child, my, address })
    }

    /// The address of a page.
    pub fn page(&self, path: &str) -> Result<String> {
        let (origin, _) = self.address.split_once("/?").context("no key")?;
        Ok(format!("{origin}/{path}"))
    }

    /// A file of the learner's.
    pub fn my(&self, file: &str) -> PathBuf {
        self.my.path().join(file)
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An exported book on a host that has nothing but files.
pub struct Export {
    pub origin: String,
    /// What was asked for and is not there.
    missed: Arc<Mutex<Vec<String>>>,
    _folder: TempDir,
}

impl Export {
    pub fn start() -> Result<Export> {
        let folder = tempfile::tempdir()?;
        let site = folder.path().join("site");
        let made = Command::new(env!("CARGO_BIN_EXE_wire"))
            .arg("export")
            .arg(&site)
            .output()?;
        let told = String::from_utf8_lossy(&made.stderr);
        ensure!(made.status.success(), "cannot export: {told}");
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let origin = format!("http://{}", listener.local_addr()?);
        let missed = Arc::<Mutex<Vec<String>>>::default();
        let misses = missed.clone();
        // It ends with the test's process: nothing waits for it.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (site, misses) = (site.clone(), misses.clone());
                thread::spawn(move || serve(stream, &site, &misses));
            }
        });
        Ok(Export {
            origin,
            missed,
            _folder: folder,
        })
    }

    pub fn missed(&self) -> Vec<String> {
        self.missed.lock().map(|it| it.clone()).unwrap_or_default()
    }
}

fn serve(
    mut stream: TcpStream,
    site: &Path,
    missed: &Mutex<Vec<String>>,
) -> Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().context("no request")??;
    // The head is read to its end, or the answer could be cut by a reset.
    while !lines.next().context("no end")??.is_empty() {}
    let path = request.split(' ').nth(1).context("no path")?;
    let path = path.split('?').next().unwrap_or_default();
    let kind = match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css",
        "js" => "text/javascript",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let (status, body) = match fs::read(site.join(&path[1..])) {
        Ok(body) => ("200 OK", body),
        Err(_) => {
            if let Ok(mut missed) = missed.lock() {
                missed.push(request.clone());
            }
            ("404 Not Found", Vec::new())
        }
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\
         Content-Security-Policy: default-src 'self'; \
         style-src-attr 'unsafe-inline'\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)?;
    Ok(())
}
