//! No lesson without its whole set, no file that belongs to no lesson.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wire::check;
use wire::course::Course;

use crate::{files, none, root};

#[test]
fn every_lesson_has_its_whole_set() -> Result<()> {
    let course = Course::load(root())?;
    let mut mistakes = Vec::new();
    for lesson in course.written() {
        let n = lesson.number;
        let paths = [
            course.page(n),
            course.program(n),
            course.quiz(n),
            course.transcript(n),
            course.capture(n),
            course.conversation(n),
            course.starter(n),
            course.solution(n),
            course.solution(n).with_extension("py"),
        ];
        for path in paths.iter().filter(|path| !path.is_file()) {
            mistakes.push(format!("lesson {n}: no {}", path.display()));
        }
        if check::exercise(n).is_none() {
            mistakes.push(format!("lesson {n}: its exercise has no check"));
        }
        for end in ["rs", "py"] {
            let wrong = files("exercises/wrong", end)?;
            let of = format!("exercise{n}-");
            let count = wrong.iter().filter(|it| named(it, &of)).count();
            if count < 3 {
                let what = format!("{count} wrong answers in .{end}");
                mistakes.push(format!("lesson {n}: only {what}"));
            }
        }
    }
    none(&mistakes);
    Ok(())
}

#[test]
fn every_file_belongs_to_a_lesson() -> Result<()> {
    let course = Course::load(root())?;
    let trees = [
        ("book/quizzes", "toml"),
        ("lessons/examples", "rs"),
        ("lessons/examples", "py"),
        ("tests/snapshots", "snap"),
        ("tests/snapshots", "pcapng"),
        ("exercises/starters", "rs"),
        ("exercises/solutions", "rs"),
        ("exercises/solutions", "py"),
        ("exercises/wrong", "rs"),
        ("exercises/wrong", "py"),
    ];
    let mut mistakes = Vec::new();
    for (folder, end) in trees {
        // `tests/transcripts/faq.rs` looks after those of the questions, and
        // `tests/languages` after those in several languages.
        let of_lessons = |path: &PathBuf| {
            let mut folders = path.components().map(|it| it.as_os_str());
            !folders.any(|it| it == "faq" || it == "languages")
        };
        for path in files(folder, end)?.into_iter().filter(of_lessons) {
            let number = number(&path).with_context(|| {
                format!("{}: not lessonN or exerciseN", path.display())
            })?;
            if course.lesson(number).is_err() {
                let path = path.display();
                mistakes.push(format!("{path}: no such lesson is written"));
            }
        }
    }
    none(&mistakes);
    Ok(())
}

fn named(path: &Path, start: &str) -> bool {
    path.file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with(start))
}

/// `7` of `lesson7.rs`, `lesson7.wire.snap` and `exercise7-one-read.py`.
fn number(path: &Path) -> Option<u8> {
    let name = path.file_stem()?.to_str()?;
    let rest = name
        .strip_prefix("lesson")
        .or_else(|| name.strip_prefix("exercise"))?;
    rest.split(['-', '.']).next()?.parse().ok()
}

#[test]
fn a_file_tells_its_lesson() {
    for (name, expected) in [
        ("lesson7.rs", Some(7)),
        ("lesson14.wire.snap", Some(14)),
        ("exercise7-one-read.py", Some(7)),
        ("lessons.snap", None),
        ("lesson.pcapng", None),
    ] {
        assert_eq!(number(Path::new(name)), expected, "{name}");
    }
}
