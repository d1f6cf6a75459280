//! How long things are, and what must not be in them.

use anyhow::Result;
use wire::course::Course;

use crate::{File, files, none, root};

#[test]
fn lesson_programs_are_short_and_safe_to_copy() -> Result<()> {
    let course = Course::load(root())?;
    let mut mistakes = Vec::new();
    for lesson in course.written() {
        let n = lesson.number;
        let file = File::read(&course.program(n))?;
        let mut wrong = |what: String| {
            mistakes.push(format!("{}: {what}", file.name));
        };
        if !file.text.starts_with(&format!("//! Lesson {n}: ")) {
            wrong(format!("begins with `//! Lesson {n}: ` and a claim"));
        }
        if !file
            .text
            .contains(&format!("cargo run --example lesson{n}"))
        {
            wrong("says how to run it".into());
        }
        let lines = file.text.lines().count();
        if !(30..=120).contains(&lines) && !file.allows("length") {
            wrong(format!("{lines} lines, not 30 to 120"));
        }
        for word in [".unwrap()", "unsafe ", "todo!", "process::exit"] {
            if file.text.contains(word) {
                wrong(format!("has `{word}`, and learners copy it"));
            }
        }
        if file.text.contains("sleep(") && !file.allows("sleep") {
            wrong("sleeps, without saying that it is not for order".into());
        }
        mistakes.extend(long_functions(&file));
    }
    none(&mistakes);
    Ok(())
}

#[test]
fn pages_have_their_parts_and_their_length() -> Result<()> {
    let course = Course::load(root())?;
    let mut mistakes = Vec::new();
    for lesson in course.written() {
        let n = lesson.number;
        let file = File::read(&course.page(n))?;
        let mut wrong = |what: String| {
            mistakes.push(format!("{}: {what}", file.name));
        };
        let parts = [
            format!("# {}\n", lesson.title),
            format!("{{{{#listing lesson{n} "),
            // Of some lessons not all connections are shown.
            format!("\n{{{{#wire lesson{n}"),
            format!("{{{{#quiz lesson{n}}}}}"),
            format!("## Exercise {n}: "),
            format!("{{{{#check exercise{n}}}}}"),
            "\n## Try it\n".into(),
            "\n## Where this comes from\n".into(),
        ];
        let run = format!("{{{{#run lesson{n}");
        let runs = [format!("{run}}}}}\n"), format!("{run} lab}}}}\n")];
        if !runs.iter().any(|run| file.text.contains(run)) {
            wrong(format!("has no {:?}", runs[0]));
        }
        for part in parts.iter().filter(|part| !file.text.contains(*part)) {
            wrong(format!("has no {part:?}"));
        }
        // What is learnt; the exercise's protocol takes the space it takes.
        let lesson_itself = file.text.split("## Exercise").next();
        let words = lesson_itself.map_or(0, |it| it.split_whitespace().count());
        if !(500..=1400).contains(&words) && !file.allows("words") {
            wrong(format!("{words} words before the exercise"));
        }
    }
    none(&mistakes);
    Ok(())
}

#[test]
fn modules_say_what_they_do_and_stay_small() -> Result<()> {
    let mut mistakes = Vec::new();
    let mut paths = files("src", "rs")?;
    paths.extend(files("lessons/src", "rs")?);
    paths.extend(files("tests", "rs")?);
    for path in paths {
        let file = File::read(&path)?;
        let mut wrong = |what: String| {
            mistakes.push(format!("{}: {what}", file.name));
        };
        if !file.text.starts_with("//! ") {
            wrong("does not open with what goes in and what comes out".into());
        }
        let body = file.text.split("\nmod tests {").next();
        let body = body.unwrap_or_default();
        let code = |line: &&str| !line.trim_start().starts_with("//");
        let lines = body.lines().filter(code).count();
        if lines > 300 && !file.allows("length") {
            wrong(format!("{lines} lines of code, more than 300"));
        }
        if file.name.starts_with("src") && body.contains(".unwrap()") {
            wrong("unwraps, and no panic may reach a learner".into());
        }
        mistakes.extend(long_functions(&file));
    }
    none(&mistakes);
    Ok(())
}

#[test]
fn nothing_is_left_to_do() -> Result<()> {
    let mut mistakes = Vec::new();
    for folder in ["src", "lessons", "exercises/solutions", "book/src"] {
        for end in ["rs", "py", "md"] {
            for path in files(folder, end)? {
                let file = File::read(&path)?;
                for word in ["TODO", "FIXME", "XXX", "todo!(", "dbg!("] {
                    if file.text.contains(word) {
                        mistakes.push(format!("{}: {word}", file.name));
                    }
                }
            }
        }
    }
    none(&mistakes);
    Ok(())
}

/// Functions of more than 40 lines. rustfmt puts the last brace under the
/// first letter, so no parser is needed.
fn long_functions(file: &File) -> Vec<String> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut long = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        if !is_function(line.trim_start()) {
            continue;
        }
        let last = format!("{}}}", " ".repeat(indent));
        let end = lines[index..].iter().position(|it| **it == last);
        let length = end.map_or(1, |end| end + 1);
        if length > 40 && !file.allows("function") {
            let (name, place) = (&file.name, index + 1);
            long.push(format!("{name}:{place}: {length} lines: {line}"));
        }
    }
    long
}

fn is_function(line: &str) -> bool {
    let words = [
        "pub",
        "pub(crate)",
        "pub(super)",
        "async",
        "const",
        "unsafe",
    ];
    let mut rest = line.split(' ').skip_while(|word| words.contains(word));
    rest.next() == Some("fn") && !line.ends_with(';')
}

#[test]
fn a_long_function_is_found() {
    let text = format!("    pub(crate) fn f() {{\n{}    }}\n", "\n".repeat(39));
    let name = "a.rs".into();
    assert_eq!(long_functions(&File { name, text }).len(), 1);
    let text = format!("fn f() {{\n{}}}\n", "\n".repeat(38));
    let name = "a.rs".into();
    assert_eq!(long_functions(&File { name, text }).len(), 0);
}
