//! The built pages: in goes the course, out come two folders, each swapped
//! as a whole when a new build is done.
//!
//! mdBook empties its folder while it writes. Each build therefore has a
//! fresh one; a request that has begun keeps the folder it began with.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::book::po::Catalogue;
use crate::book::{self, LANGUAGES};
use crate::course::Course;

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
    folder: Mutex<Arc<TempDir>>,
    catalogue: Mutex<Arc<Catalogue>>,
    builds: watch::Sender<Build>,
}

impl Site {
    /// The first build; what fails here fails the start.
    pub(super) fn build(course: &Course) -> Result<Site> {
        let language = |&lang: &&str| {
            Ok(Language {
                folder: Mutex::new(Arc::new(build(course, lang)?)),
                catalogue: Mutex::new(Arc::new(Catalogue::read(course, lang)?)),
                builds: watch::Sender::new(Build::Done(id(0))),
            })
        };
        let languages = LANGUAGES.iter().map(language);
        Ok(Site {
            languages: languages.collect::<Result<_>>()?,
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
            let build = match build(course, LANGUAGES[index]) {
                Ok(folder) => {
                    *lock(&language.folder) = Arc::new(folder);
                    // The pages are built, so the file can be read.
                    if let Ok(read) = Catalogue::read(course, LANGUAGES[index])
                    {
                        *lock(&language.catalogue) = Arc::new(read);
                    }
                    Build::Done(id(generation))
                }
                Err(error) => {
                    eprintln!("{error:#}");
                    Build::Failed(format!("{error:#}"))
                }
            };
            language.builds.send_replace(build);
        }
    }

    /// The pages of a language, if there is one of that name.
    pub(super) fn folder(&self, lang: &str) -> Option<Arc<TempDir>> {
        let index = LANGUAGES.iter().position(|&it| it == lang)?;
        self.on_screen.store(index, Ordering::Relaxed);
        Some(lock(&self.languages[index].folder).clone())
    }

    /// News of the builds of `lang`.
    pub(super) fn builds(&self, lang: &str) -> watch::Receiver<Build> {
        self.language(lang).builds.subscribe()
    }

    /// The words of `lang`.
    pub(super) fn catalogue(&self, lang: &str) -> Arc<Catalogue> {
        lock(&self.language(lang).catalogue).clone()
    }

    /// The language of that name, or else the first one.
    fn language(&self, lang: &str) -> &Language {
        let index = LANGUAGES.iter().position(|&it| it == lang);
        &self.languages[index.unwrap_or(0)]
    }
}

fn build(course: &Course, lang: &str) -> Result<TempDir> {
    let folder = tempfile::Builder::new()
        .prefix("bytes-on-the-wire-")
        .tempdir()
        .context("cannot make a folder for the pages")?;
    let report = book::build_draft(course, lang, folder.path())?;
    for missing in report.untranslated {
        eprintln!("{lang}: {missing}");
    }
    Ok(folder)
}

/// Different for every build of every server, so that a page also notices
/// that the server was started again.
fn id(generation: u64) -> String {
    format!("{}-{generation}", std::process::id())
}

/// A panic elsewhere leaves a folder as good as it was.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
