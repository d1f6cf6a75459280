//! Looks after the sources: in go changes of files, out come builds of the
//! book and checks of exercises.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::{App, recheck};

/// What the pages are made of, below the course's root.
const SOURCES: &[&str] = &["book", "lessons/examples", "tests/snapshots"];

/// An editor saves in several steps; this much quiet means it is done.
const QUIET: Duration = Duration::from_millis(60);

/// Watches until the returned watcher is dropped.
pub(super) fn start(app: Arc<App>) -> Result<RecommendedWatcher> {
    let (sender, changes) = channel();
    let mut watcher = notify::recommended_watcher(move |event| {
        if let Ok(event) = event
            && is_change(&event)
        {
            for path in event.paths {
                // Fails once the course is closed, when nobody cares.
                let _ = sender.send(path);
            }
        }
    })
    .context("cannot watch the course for changes")?;
    std::fs::create_dir_all(app.my.dir())
        .with_context(|| format!("cannot make {}", app.my.dir().display()))?;
    let mut watch = |path: &Path, mode| {
        watcher
            .watch(path, mode)
            .with_context(|| format!("cannot watch {}", path.display()))
    };
    for source in SOURCES {
        watch(&app.course.root.join(source), RecursiveMode::Recursive)?;
    }
    watch(app.my.dir(), RecursiveMode::NonRecursive)?;
    thread::spawn(move || react(&app, &changes));
    Ok(watcher)
}

/// mdBook's own reading is an event too: taking it for a change would build
/// for ever.
fn is_change(event: &Event) -> bool {
    !matches!(event.kind, EventKind::Access(_))
}

fn react(app: &Arc<App>, changes: &Receiver<PathBuf>) {
    let mut generation = 0;
    while let Ok(first) = changes.recv() {
        let mut paths = vec![first];
        loop {
            match changes.recv_timeout(QUIET) {
                Ok(path) => paths.push(path),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
        paths.sort();
        paths.dedup();
        let (own, sources): (Vec<_>, Vec<_>) =
            paths.iter().partition(|path| is_mine(app, path));
        for path in own {
            if let Some(number) = exercise(path) {
                recheck::after_save(app, number);
            }
        }
        if sources.iter().any(|path| is_source(path)) {
            generation += 1;
            app.site.rebuild(&app.course, generation);
        }
    }
}

fn is_mine(app: &App, path: &Path) -> bool {
    path.parent().and_then(Path::file_name) == app.my.dir().file_name()
}

/// `7` for `exercise7.rs`.
fn exercise(path: &Path) -> Option<u8> {
    let name = path.file_name()?.to_str()?;
    name.strip_prefix("exercise")?
        .strip_suffix(".rs")?
        .parse()
        .ok()
}

/// Editors leave their own files beside: `.page.md.swp`, `page.md~`, `4913`.
fn is_source(path: &Path) -> bool {
    let ends = [
        "md", "po", "toml", "rs", "py", "snap", "hbs", "css", "js", "svg",
        "woff2",
    ];
    let hidden = |name: &OsStr| name.to_string_lossy().starts_with('.');
    !path.file_name().is_none_or(hidden)
        && path
            .extension()
            .and_then(OsStr::to_str)
            .is_some_and(|end| ends.contains(&end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_editors_own_files_are_no_sources() {
        assert!(is_source(Path::new("book/src/lesson7.md")));
        for path in ["book/src/.lesson7.md.swp", "lesson7.md~", "src/4913"] {
            assert!(!is_source(Path::new(path)), "{path}");
        }
        assert_eq!(exercise(Path::new("my/exercise14.rs")), Some(14));
        assert_eq!(exercise(Path::new("my/exercise14.rs.swp")), None);
        assert_eq!(exercise(Path::new("my/exercise.rs")), None);
    }
}
