//! Is an executable newer than all it was made of? Then cargo need not be
//! asked, which costs a quarter of a second and a button should not.
//!
//! In goes the executable; beside it cargo has left `NAME.d`, a Makefile
//! rule that names every source file of the workspace that went into it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::course::Course;

/// `true` if a build would do nothing; `false` whenever there is a doubt.
pub(super) fn is_fresh(course: &Course, program: &Path) -> bool {
    let Some(built) = modified(program) else {
        return false;
    };
    let Ok(rule) = fs::read_to_string(program.with_extension("d")) else {
        return false;
    };
    let Some(mut sources) = sources(&rule) else {
        return false;
    };
    // Other versions of the libraries count as a change too.
    for manifest in ["Cargo.lock", "Cargo.toml", "lessons/Cargo.toml"] {
        sources.push(course.root.join(manifest));
    }
    sources
        .iter()
        .all(|source| modified(source).is_some_and(|time| time < built))
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

/// The prerequisites of the rule `OUTPUT: SOURCE SOURCE …`, where a space in
/// a name is written `\ `.
fn sources(rule: &str) -> Option<Vec<PathBuf>> {
    // `: ` and not `:`, for the sake of `C:\`.
    let (_, list) = rule.lines().next()?.split_once(": ")?;
    let names = list.replace("\\ ", "\0");
    let names = names.split(' ').filter(|name| !name.is_empty());
    Some(names.map(|name| name.replace('\0', " ").into()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_names_its_sources() {
        let rule = "/t/a\\ b/lesson7: /r/a\\ b/lesson7.rs /r/lib.rs\n";
        let expected = ["/r/a b/lesson7.rs", "/r/lib.rs"];
        assert_eq!(
            sources(rule),
            Some(expected.iter().map(PathBuf::from).collect())
        );
        let rule = r"C:\t\lesson7.exe: C:\r\lesson7.rs";
        assert_eq!(sources(rule), Some(vec![r"C:\r\lesson7.rs".into()]));
        assert_eq!(sources(""), None);
    }
}
