//! The course: in goes the tree, out comes which lessons there are and where
//! each thing of a lesson lives.
//!
//! `book/src/SUMMARY.md` is the one home of order and titles. One key,
//! `lessonN` or `exerciseN`, opens the same door in every tree.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use mdbook_summary::{SummaryItem, parse_summary};

/// Everything the companion knows about the tree it works on.
#[derive(Debug, Clone)]
pub struct Course {
    pub root: PathBuf,
    pub lessons: Vec<Lesson>,
}

/// One numbered line of `SUMMARY.md`.
#[derive(Debug, Clone)]
pub struct Lesson {
    pub number: u8,
    pub title: String,
    /// The part's title, such as `Part II · Sockets`.
    pub part: String,
    /// A lesson that is not written yet is listed, and has no page.
    pub written: bool,
}

impl Course {
    /// Reads the course below `root`.
    pub fn load(root: impl Into<PathBuf>) -> Result<Course> {
        let root = root.into();
        let path = root.join("book/src/SUMMARY.md");
        let text = fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let summary = parse_summary(&text)
            .with_context(|| format!("cannot parse {}", path.display()))?;
        let mut lessons = Vec::new();
        let mut part = String::new();
        for item in &summary.numbered_chapters {
            match item {
                SummaryItem::PartTitle(title) => part = title.clone(),
                SummaryItem::Link(link) => {
                    let number = lessons.len() as u8 + 1;
                    let written = match &link.location {
                        None => false,
                        Some(page) if *page == page_name(number) => true,
                        Some(page) => bail!(
                            "{}: lesson {number} is {:?}, its page must be \
                             {}, not {}",
                            path.display(),
                            link.name,
                            page_name(number).display(),
                            page.display(),
                        ),
                    };
                    lessons.push(Lesson {
                        number,
                        title: link.name.clone(),
                        part: part.clone(),
                        written,
                    });
                }
                _ => {}
            }
        }
        Ok(Course { root, lessons })
    }

    /// The course that holds the current directory, or else the one that
    /// this program was built from.
    pub fn find() -> Result<Course> {
        let here = env::current_dir().context("cannot tell where I am")?;
        let is_root = |dir: &&Path| dir.join("book/src/SUMMARY.md").is_file();
        let built_from = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = here
            .ancestors()
            .find(is_root)
            .or_else(|| Some(built_from).filter(is_root))
            .context(
                "no course here: change into the folder of Bytes on the Wire",
            )?;
        Course::load(root)
    }

    /// A written lesson, or one sentence on why there is none.
    pub fn lesson(&self, number: u8) -> Result<&Lesson> {
        let count = self.lessons.len();
        let index = usize::from(number).wrapping_sub(1);
        let Some(lesson) = self.lessons.get(index) else {
            bail!("there is no lesson {number}: they go from 1 to {count}");
        };
        if !lesson.written {
            bail!(
                "lesson {number}, {:?}, is not written yet: `wire list` \
                 shows those that are",
                lesson.title
            );
        }
        Ok(lesson)
    }

    /// The lessons that have a page.
    pub fn written(&self) -> impl Iterator<Item = &Lesson> {
        self.lessons.iter().filter(|lesson| lesson.written)
    }

    pub fn page(&self, number: u8) -> PathBuf {
        self.root.join("book/src").join(page_name(number))
    }

    pub fn quiz(&self, number: u8) -> PathBuf {
        self.root.join(format!("book/quizzes/lesson{number}.toml"))
    }

    pub fn program(&self, number: u8) -> PathBuf {
        self.root
            .join(format!("lessons/examples/lesson{number}.rs"))
    }

    /// The recorded run of a lesson.
    pub fn transcript(&self, number: u8) -> PathBuf {
        self.root
            .join(format!("tests/snapshots/lesson{number}.snap"))
    }

    /// The normal form of what a lesson's recorded run put on the wire.
    pub fn conversation(&self, number: u8) -> PathBuf {
        self.root
            .join(format!("tests/snapshots/lesson{number}.wire.snap"))
    }

    /// The packets of a lesson's recorded run.
    pub fn capture(&self, number: u8) -> PathBuf {
        self.root
            .join(format!("tests/snapshots/lesson{number}.pcapng"))
    }

    pub fn starter(&self, number: u8) -> PathBuf {
        self.root
            .join(format!("exercises/starters/exercise{number}.rs"))
    }

    pub fn solution(&self, number: u8) -> PathBuf {
        self.root
            .join(format!("exercises/solutions/exercise{number}.rs"))
    }

    pub fn lock_file(&self) -> PathBuf {
        self.root.join("Cargo.lock")
    }

    /// The learner's own folder: exercises, tried lessons, progress, token.
    pub fn my(&self) -> PathBuf {
        self.root.join("my")
    }
}

fn page_name(number: u8) -> PathBuf {
    PathBuf::from(format!("lesson{number}.md"))
}

/// The text of a recorded run: an insta snapshot without its head.
pub fn snapshot_text(snapshot: &str) -> Option<&str> {
    let body = snapshot.strip_prefix("---\n")?;
    let (_, body) = body.split_once("\n---\n")?;
    Some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_holds_thirty_two_lessons() -> Result<()> {
        let course = Course::load(env!("CARGO_MANIFEST_DIR"))?;
        assert_eq!(course.lessons.len(), 32);
        assert_eq!(course.lessons[6].title, "A stream has no messages");
        assert_eq!(course.lessons[6].part, "Part II · Sockets");
        Ok(())
    }

    #[test]
    fn a_lesson_that_is_not_there_is_refused_in_words() -> Result<()> {
        let course = Course::load(env!("CARGO_MANIFEST_DIR"))?;
        let none = course.lesson(33).unwrap_err().to_string();
        assert_eq!(none, "there is no lesson 33: they go from 1 to 32");
        assert!(course.lesson(0).is_err());
        Ok(())
    }

    #[test]
    fn a_snapshot_gives_its_text() {
        let text = "---\nsource: tests/transcripts.rs\n---\na\nb\n";
        assert_eq!(snapshot_text(text), Some("a\nb\n"));
        assert_eq!(snapshot_text("a\nb\n"), None);
    }
}
