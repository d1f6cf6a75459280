//! A course of one lesson in a folder of its own, to be broken in known ways.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use etherparse::PacketBuilder;
use tempfile::TempDir;
use wire::book::{self, po};
use wire::course::Course;
use wire::wire::{Capture, Frame, LinkType, pcapng};

const HOME: [u8; 4] = [127, 0, 0, 1];

pub struct Tree(TempDir);

const FILES: &[(&str, &str)] = &[
    (
        "book/book.toml",
        "[book]\ntitle = \"Book\"\nlanguage = \"en\"\n\n[build]\n\
         create-missing = false\n\n[output.html]\n\
         smart-punctuation = false\n\n[output.html.playground]\n\
         runnable = false\n\n[output.html.print]\nenable = false\n",
    ),
    // Only what a page needs: what the theme does is the theme's to test.
    (
        "book/theme/index.hbs",
        "<title>{{title}}</title>\n{{{content}}}\n",
    ),
    (
        "book/src/SUMMARY.md",
        "# Summary\n\n[Start](index.md)\n\n# Part\n\n- [One](lesson1.md)\n\
         - [Two]()\n",
    ),
    ("book/src/index.md", "# Start\n\nGo to [one](lesson1.md).\n"),
    (
        "book/src/lesson1.md",
        "# One\n\n{{#listing lesson1 piece}}\n\n{{#run lesson1}}\n\n\
         {{#quiz lesson1}}\n",
    ),
    (
        "book/quizzes/lesson1.toml",
        "[[question]]\nask = \"What does `read` return?\"\n\
         [[question.choice]]\ntext = \"All\"\nwhy = \"No.\"\n\
         [[question.choice]]\ntext = \"Some\"\nright = true\nwhy = \"Yes.\"\n",
    ),
    (
        "lessons/examples/lesson1.rs",
        "fn main() {\n    // ANCHOR: piece\n    println!(\"hello\");\n\n    \
         // end\n    // ANCHOR_END: piece\n}\n",
    ),
    (
        "tests/snapshots/lesson1.snap",
        "---\nsource: x\n---\nhello\n\n& bye\n",
    ),
];

impl Tree {
    pub fn new() -> Result<Tree> {
        let tree = Tree(tempfile::tempdir()?);
        for (path, text) in FILES {
            tree.write(path, text)?;
        }
        Ok(tree)
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) -> Result<()> {
        let path = self.path(path);
        fs::create_dir_all(path.parent().context("a path in the tree")?)?;
        Ok(fs::write(path, text)?)
    }

    pub fn append(&self, path: &str, text: &str) -> Result<()> {
        let before = fs::read_to_string(self.path(path))?;
        self.write(path, &(before + text))
    }

    /// Records a capture of lesson 1: a connection that is refused, and a
    /// datagram.
    pub fn capture(&self) -> Result<()> {
        let start = || PacketBuilder::ipv4(HOME, HOME, 64);
        let mut frames = [Vec::new(), Vec::new(), Vec::new()];
        let [syn, reset, datagram] = &mut frames;
        start().tcp(40_000, 7_000, 5, 512).syn().write(syn, b"")?;
        start()
            .tcp(7_000, 40_000, 0, 0)
            .rst()
            .ack(6)
            .write(reset, b"")?;
        start().udp(40_000, 7_000).write(datagram, b"<hi>")?;
        let frames = frames.map(|bytes| Frame {
            time: Duration::from_secs(1),
            len: bytes.len(),
            bytes,
            comment: None,
        });
        let capture = Capture {
            link: LinkType::Raw,
            interface: "lo".into(),
            frames: frames.into(),
        };
        let path = self.path("tests/snapshots/lesson1.pcapng");
        Ok(fs::write(path, pcapng::write(&capture))?)
    }

    pub fn course(&self) -> Result<Course> {
        Course::load(self.0.path())
    }

    /// Every file of the book in `lang`, by its name.
    pub fn build(&self, lang: &str) -> Result<BTreeMap<String, String>> {
        let out = tempfile::tempdir()?;
        book::build(&self.course()?, lang, out.path())?;
        files(out.path())
    }

    /// One page of the English book.
    pub fn page(&self, name: &str) -> Result<String> {
        let mut files = self.build("en")?;
        files.remove(name).context("the page")
    }

    /// What a build that must fail says.
    pub fn error(&self, lang: &str) -> Result<String> {
        match self.build(lang) {
            Ok(_) => bail!("the build went well"),
            Err(error) => Ok(format!("{error:#}")),
        }
    }

    /// Translates everything: as given, or as `译 ` and the English.
    pub fn translate(&self, given: &[(&str, &str)]) -> Result<()> {
        po::update(&self.course()?, "zh-CN")?;
        let path = self.path("book/po/zh-CN.po");
        let mut catalogue = polib::po_file::parse(&path)?;
        for mut message in catalogue.messages_mut() {
            use polib::message::{MessageMutView, MessageView};
            let english = message.msgid().to_string();
            let given = given.iter().find(|(from, _)| *from == english);
            let text = match given {
                Some((_, to)) => to.to_string(),
                None => format!("译 {english}"),
            };
            message.set_msgstr(text)?;
        }
        polib::po_file::write_to_file(&catalogue, &path)?;
        po::update(&self.course()?, "zh-CN")?;
        Ok(())
    }
}

/// The text files below a folder, by their names.
pub fn files(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder)?.to_string_lossy();
                let text = fs::read(&path)?;
                let text = String::from_utf8_lossy(&text).into_owned();
                found.insert(name.replace('\\', "/"), text);
            }
        }
    }
    Ok(found)
}

/// The ids of a page's headings, in order.
pub fn heading_ids(html: &str) -> Vec<String> {
    let is_heading = |tag: &&str| tag.starts_with(['1', '2', '3', '4']);
    html.split("<h")
        .skip(1)
        .filter(is_heading)
        .filter_map(|tag| tag.split_once(" id=\"")?.1.split_once('"'))
        .map(|(id, _)| id.to_string())
        .collect()
}

/// Passes over a test with its reason, or fails where all must run.
pub fn skip(reason: &str) -> Result<()> {
    if env::var_os("REQUIRE_ALL").is_some_and(|v| v == "1") {
        bail!("{reason}, and REQUIRE_ALL=1 wants this test");
    }
    eprintln!("skipped: {reason}");
    Ok(())
}
