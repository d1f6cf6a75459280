//! The learner's own folder, `my/`: in goes a number, out comes the path of
//! a file that belongs to the learner.
//!
//! Git ignores the folder, nothing here is ever overwritten without a
//! backup, and no build of the course looks into it. So `git pull` never
//! meets a conflict, and `cargo test` stays green whatever is written here.

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::course::Course;

/// The folder; `WIRE_MY` names another one than `my/`.
#[derive(Debug, Clone)]
pub struct My {
    dir: PathBuf,
}

/// What the learner has done, kept in `my/progress.json`.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// Exercises that passed their check, with the seed they passed with.
    pub solved: BTreeMap<u8, u64>,
    /// How many hints of an exercise have been shown.
    pub hints: BTreeMap<u8, usize>,
}

/// A file of the learner's, and whether it was made just now.
#[derive(Debug)]
pub struct Begun {
    pub path: PathBuf,
    pub fresh: bool,
}

impl My {
    pub fn of(course: &Course) -> My {
        let dir = env::var_os("WIRE_MY").map(PathBuf::from);
        My {
            dir: dir.unwrap_or_else(|| course.my()),
        }
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub fn exercise(&self, number: u8) -> PathBuf {
        self.dir.join(format!("exercise{number}.rs"))
    }

    pub fn lesson(&self, number: u8) -> PathBuf {
        self.dir.join(format!("lesson{number}.rs"))
    }

    /// Starts an exercise from its starter; one that is there stays as it is.
    pub fn begin(&self, course: &Course, number: u8) -> Result<Begun> {
        self.copy(&course.starter(number), self.exercise(number))
    }

    /// Copies a lesson to play with; one that is there stays as it is.
    pub fn try_lesson(&self, course: &Course, number: u8) -> Result<Begun> {
        self.copy(&course.program(number), self.lesson(number))
    }

    fn copy(&self, from: &Path, to: PathBuf) -> Result<Begun> {
        self.create()?;
        let text = fs::read(from)
            .with_context(|| format!("cannot read {}", from.display()))?;
        // `create_new` and not a look first: two tabs may press at once.
        let made = OpenOptions::new().write(true).create_new(true).open(&to);
        let mut file = match made {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Ok(Begun {
                    path: to,
                    fresh: false,
                });
            }
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("cannot make {}", to.display()));
            }
        };
        file.write_all(&text)
            .with_context(|| format!("cannot write {}", to.display()))?;
        Ok(Begun {
            path: to,
            fresh: true,
        })
    }

    /// Moves a file aside, to the next free name in `my/backup/`.
    pub fn back_up(&self, path: &Path) -> Result<Option<PathBuf>> {
        if !path.exists() {
            return Ok(None);
        }
        let folder = self.dir.join("backup");
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let kept = (1..)
            .map(|n| folder.join(format!("{stem}-{n}.rs")))
            .find(|free| !free.exists())
            .context("no free name for a backup")?;
        fs::rename(path, &kept).with_context(|| {
            format!("cannot move {} to {}", path.display(), kept.display())
        })?;
        Ok(Some(kept))
    }

    /// The key to Run and Check: made once per checkout, so that an open tab
    /// survives a restart of the server. Readable by its owner alone.
    pub fn token(&self) -> Result<String> {
        let path = self.dir.join("token");
        if let Ok(token) = fs::read_to_string(&path) {
            let token = token.trim();
            if token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit())
            {
                return Ok(token.to_owned());
            }
        }
        self.create()?;
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes)
            .context("the system gives no random bytes")?;
        let token: String =
            bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        replace(&path, token.as_bytes())?;
        Ok(token)
    }

    /// What is done so far; a file that cannot be read counts as nothing
    /// done, and is kept beside the new one.
    pub fn progress(&self) -> Progress {
        let path = self.dir.join("progress.json");
        let Ok(text) = fs::read(&path) else {
            return Progress::default();
        };
        serde_json::from_slice(&text).unwrap_or_else(|_| {
            // Losing the record is bad, losing the evidence is worse.
            let _ = fs::rename(&path, self.dir.join("progress.broken.json"));
            Progress::default()
        })
    }

    /// Reads the progress, lets `change` at it, writes it back whole.
    pub fn record(&self, change: impl FnOnce(&mut Progress)) -> Result<()> {
        self.create()?;
        let mut progress = self.progress();
        change(&mut progress);
        let text = serde_json::to_vec_pretty(&progress)?;
        replace(&self.dir.join("progress.json"), &text)
    }

    fn create(&self) -> Result<()> {
        fs::create_dir_all(&self.dir)
            .with_context(|| format!("cannot make {}", self.dir.display()))
    }
}

/// Writes a private file whole or not at all: beside it, then renamed.
fn replace(path: &Path, text: &[u8]) -> Result<()> {
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(&beside)
        .and_then(|mut file| file.write_all(text))
        .and_then(|()| fs::rename(&beside, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn my() -> Result<(tempfile::TempDir, My)> {
        let dir = tempfile::tempdir()?;
        let my = My {
            dir: dir.path().join("my"),
        };
        Ok((dir, my))
    }

    #[test]
    fn what_the_learner_wrote_is_never_overwritten() -> Result<()> {
        let (dir, my) = my()?;
        let starter = dir.path().join("starter.rs");
        fs::write(&starter, "starter")?;
        let begun = my.copy(&starter, my.exercise(7))?;
        assert!(begun.fresh);
        fs::write(&begun.path, "my own work")?;
        assert!(!my.copy(&starter, my.exercise(7))?.fresh);
        assert_eq!(fs::read_to_string(&begun.path)?, "my own work");

        for expected in ["exercise7-1.rs", "exercise7-2.rs"] {
            let kept = my.back_up(&begun.path)?.context("nothing kept")?;
            assert!(kept.ends_with(expected));
            assert_eq!(fs::read_to_string(&kept)?, "my own work");
            fs::write(&begun.path, "my own work")?;
        }
        Ok(())
    }

    #[test]
    fn the_token_stays_the_same_and_private() -> Result<()> {
        let (_dir, my) = my()?;
        let token = my.token()?;
        assert_eq!(token.len(), 32);
        assert_eq!(my.token()?, token);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(my.dir.join("token"))?.permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        // A token cut short by a full disk is not used.
        fs::write(my.dir.join("token"), "abc")?;
        assert_eq!(my.token()?.len(), 32);
        Ok(())
    }

    #[test]
    fn progress_survives_and_a_broken_file_is_kept() -> Result<()> {
        let (_dir, my) = my()?;
        my.record(|progress| {
            progress.solved.insert(7, 42);
        })?;
        my.record(|progress| {
            progress.hints.insert(7, 1);
        })?;
        assert_eq!(my.progress().solved.get(&7), Some(&42));
        fs::write(my.dir.join("progress.json"), "{")?;
        assert!(my.progress().solved.is_empty());
        assert!(my.dir.join("progress.broken.json").exists());
        Ok(())
    }
}
