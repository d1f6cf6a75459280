//! The built pages: in goes the course, out come the files of each language,
//! swapped as a whole when a new build is done.
//!
//! They are kept in memory. mdBook empties its folder while it writes, so a
//! page served from there would be missing for a moment; and what is looked
//! up by its whole name in a table cannot lead out of the book.

use std::collections::HashMap;
use std::fs;
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ScopedJoinHandle};

use anyhow::{Context, Result};
use axum::body::Bytes;
use tokio::sync::watch;

use crate::book::po::Catalogue;
use crate::book::{self, LANGUAGES};
use crate::course::Course;
use crate::terminal::note;

/// How a page knows that it can ask for more than files.
const RECORDED: &str = r#"<meta name="wire" content="recorded">"#;
const LIVE: &str = r#"<meta name="wire" content="live">"#;

/// The newest build of one language, as the pages hear of it.
#[derive(Debug, Clone)]
pub(super) enum Build {
    /// A page that was made by another build loads itself again.
    Done(String),
    /// The sources cannot be built: why, and where.
    Failed(String),
}

pub(super) struct Site {
    languages: Vec<Language>,
    /// Which language was asked for last: it is built first.
    on_screen: AtomicUsize,
}

struct Language {
    content: Mutex<Arc<Content>>,
    builds: watch::Sender<Build>,
}

/// What one build has made.
struct Content {
    /// `theme/wire-1a2b.css` → its bytes.
    files: HashMap<String, Bytes>,
    catalogue: Arc<Catalogue>,
}

impl Site {
    /// The first build; what fails here fails the start.
    pub(super) fn build(course: &Course) -> Result<Site> {
        let built = thread::scope(|scope| {
            let builds: Vec<_> = LANGUAGES
                .iter()
                .map(|lang| scope.spawn(|| Content::build(course, lang)))
                .collect();
            let ends = builds.into_iter().map(ScopedJoinHandle::join);
            let ends = ends.map(|it| it.unwrap_or_else(|it| resume_unwind(it)));
            ends.collect::<Result<Vec<_>>>()
        })?;
        let language = |content| Language {
            content: Mutex::new(Arc::new(content)),
            builds: watch::Sender::new(Build::Done(id(0))),
        };
        Ok(Site {
            languages: built.into_iter().map(language).collect(),
            on_screen: AtomicUsize::new(0),
        })
    }

    /// Builds again, the language on screen first, and tells the pages.
    /// A build that fails leaves the pages as they were.
    pub(super) fn rebuild(&self, course: &Course, generation: u64) {
        let first = self.on_screen.load(Ordering::Relaxed);
        let others = (0..self.languages.len()).filter(|&it| it != first);
        for index in [first].into_iter().chain(others) {
            let language = &self.languages[index];
            let build = match Content::build(course, LANGUAGES[index]) {
                Ok(content) => {
                    *lock(&language.content) = Arc::new(content);
                    Build::Done(id(generation))
                }
                Err(error) => {
                    note!("{error:#}");
                    Build::Failed(format!("{error:#}"))
                }
            };
            language.builds.send_replace(build);
        }
    }

    /// A file of a language, if there are both.
    pub(super) fn file(&self, lang: &str, name: &str) -> Option<Bytes> {
        let index = LANGUAGES.iter().position(|&it| it == lang)?;
        if name.ends_with(".html") {
            self.on_screen.store(index, Ordering::Relaxed);
        }
        self.languages[index].content().files.get(name).cloned()
    }

    /// News of the builds of `lang`.
    pub(super) fn builds(&self, lang: &str) -> watch::Receiver<Build> {
        self.language(lang).builds.subscribe()
    }

    /// The words of `lang`.
    pub(super) fn catalogue(&self, lang: &str) -> Arc<Catalogue> {
        self.language(lang).content().catalogue.clone()
    }

    /// The language of that name, or else the first one.
    fn language(&self, lang: &str) -> &Language {
        let index = LANGUAGES.iter().position(|&it| it == lang);
        &self.languages[index.unwrap_or(0)]
    }
}

impl Language {
    fn content(&self) -> Arc<Content> {
        lock(&self.content).clone()
    }
}

impl Content {
    fn build(course: &Course, lang: &str) -> Result<Content> {
        let folder = tempfile::tempdir()
            .context("cannot make a folder to build the pages in")?;
        let report = book::build_draft(course, lang, folder.path())?;
        for missing in report.untranslated {
            note!("{lang}: {missing}");
        }
        let mut files = HashMap::new();
        read(folder.path(), "", &mut files)
            .context("cannot read the pages that were built")?;
        let catalogue = Arc::new(Catalogue::read(course, lang)?);
        Ok(Content { files, catalogue })
    }
}

/// Reads all files below `folder`, whose names begin with `prefix`.
fn read(
    folder: &Path,
    prefix: &str,
    files: &mut HashMap<String, Bytes>,
) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &format!("{name}/"), files)?;
        } else if name.ends_with(".html") {
            let page = fs::read_to_string(entry.path())?;
            files.insert(name, page.replacen(RECORDED, LIVE, 1).into());
        } else {
            files.insert(name, fs::read(entry.path())?.into());
        }
    }
    Ok(())
}

/// Different for every build of every server, so that a page also notices
/// that the server was started again.
fn id(generation: u64) -> String {
    format!("{}-{generation}", std::process::id())
}

/// A panic elsewhere leaves what is in here as good as it was.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
