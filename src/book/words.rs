//! Every word that the book's own machinery puts on a page, in English: one
//! list, so that the translation is complete when it covers it.
//!
//! `{…}` is a place that the builder or the page's script fills in.
//! Inline Markdown is allowed only in what the builder itself sets (`BUILT`).

/// The file that a translator finds them in.
pub(crate) const FILE: &str = "src/book/words.rs";

/// Words of a Run pane, for its script: key and English.
pub(crate) const RUN: &[(&str, &str)] = &[
    ("run", "Run"),
    ("stop", "Stop"),
    ("lesson", "the lesson"),
    ("mine", "mine"),
    ("which", "Which program to run"),
    ("try", "Copy to my/ and change it"),
    (
        "copied",
        "Copied to {path}. Change it, then choose “mine” and Run.",
    ),
    ("building", "Building…"),
    ("running", "Running…"),
    ("ended", "Ended after {ms} ms."),
    ("failed", "Failed with exit status {status} after {ms} ms."),
    ("broken", "It does not compile: the messages above say why."),
    ("stopped", "Stopped."),
    ("time", "Stopped: it ran for too long."),
    ("output", "Stopped: it printed too much."),
    ("killed", "A signal ended it after {ms} ms."),
    (
        "lost",
        "It was lost on the way: the last lines above say why, if anything does.",
    ),
    ("packets", "What was on the wire"),
    ("hint", "Open a packet to see what each byte is."),
    ("fresh", "from this run"),
    ("recording", "Show the recorded run"),
    ("again", "Show this run"),
    (
        "more",
        "There were more packets than a page can hold. `cargo run -- run {n} \
         --pcap run.pcapng` keeps them all.",
    ),
    ("recorded", "Recorded output"),
    ("live", "Output"),
    (
        "stale",
        "This tab has lost its key. Open the address that cargo run printed.",
    ),
    (
        "busy",
        "Two programs are running already. Stop one of them first.",
    ),
    (
        "offline",
        "The companion does not answer. Start it again with cargo run.",
    ),
];

/// Words of a Run pane whose network can be bent and watched.
pub(crate) const LAB: &[(&str, &str)] = &[
    ("bend", "Bend the network"),
    ("rtt", "Round-trip time"),
    ("rate", "Rate"),
    ("loss", "Loss"),
    ("queue", "Queue before the link"),
    ("free", "no limit"),
    ("usual", "default"),
    ("reset", "Reset all"),
    ("hint", "Each slider is an option of the command above."),
    ("none", "The packets here are recorded ones:"),
    ("plots", "What TCP thought"),
    ("cwnd", "Congestion window"),
    ("segments", "segments"),
    ("threshold", "threshold"),
    ("srtt", "Smoothed round-trip time"),
    ("goodput", "Goodput"),
    ("again", "Segments sent again"),
    (
        "told",
        "{name} over {time}: from {least} to {most} {unit}, {now} at last.",
    ),
];

/// Words of a quiz, for its script.
pub(crate) const QUIZ: &[(&str, &str)] = &[
    ("right", "Right."),
    ("wrong", "Not quite."),
    ("score", "{right} of {all} right at the first try"),
    ("again", "Start again"),
];

/// Words of an exercise's state, for its script.
pub(crate) const CHECK: &[(&str, &str)] = &[
    ("begin", "Begin"),
    ("check", "Check"),
    ("stop", "Stop"),
    (
        "begun",
        "Your file is {path}. Save it, and it is checked again.",
    ),
    ("building", "Building…"),
    ("checking", "Checking…"),
    ("ok", "ok"),
    ("fail", "failed"),
    ("skip", "skipped"),
    ("left", "not reached"),
    ("sent", "sent"),
    ("expected", "expected"),
    ("got", "got"),
    ("died", "died"),
    ("likely", "likely"),
    ("reason", "reason"),
    ("passed", "Solved: all {of} steps passed."),
    ("failed", "{ok} of {of} steps passed."),
    ("solved", "solved"),
    (
        "lost",
        "It was lost on the way: the last lines above say why, if anything does.",
    ),
    ("broken", "It does not compile: the messages above say why."),
    ("stopped", "Stopped."),
    (
        "stale",
        "This tab has lost its key. Open the address that cargo run printed.",
    ),
    (
        "busy",
        "Two programs are running already. Stop one of them first.",
    ),
    (
        "offline",
        "The companion does not answer. Start it again with cargo run.",
    ),
];

pub(crate) const LINES: &str = "lines {first}–{last}";
pub(crate) const LINE: &str = "line {first}";
pub(crate) const RECORDED: &str = "Recorded output";
pub(crate) const WHOLE: &str = "The whole program: {path}";
pub(crate) const RIGHT: &str = "Right.";
pub(crate) const WRONG: &str = "Not quite.";
pub(crate) const STEPS: &str = "What the check does";
pub(crate) const START: &str =
    "Start with {command}, then edit {file} and check again.";
pub(crate) const OTHER: &str =
    "In another language, with the same contract: {command}";
pub(crate) const SOURCE: &str = "Source: {source}";
pub(crate) const UNIT: &str = "{meaning}, in {unit}";
pub(crate) const EXAMPLE: &str = "For example: {given} gives {result}.";
pub(crate) const COMMA: &str = ", ";
pub(crate) const LESSON: &str = "lesson {n}, {title}";
pub(crate) const INTRODUCED: &str = "Introduced in";
pub(crate) const RFC: &str = "RFC";
pub(crate) const RFC_TITLE: &str = "Title";
pub(crate) const RFC_WHERE: &str = "Sections and lessons";
pub(crate) const LANGUAGE: &str = "Language";
pub(crate) const SYSTEM: &str = "System";
pub(crate) const ERROR: &str = "Error";
pub(crate) const NO_KIND: &str = "no stable name";
pub(crate) const FAILS: &str = "Fails with";
pub(crate) const SEEN: &str = "Seen in";
pub(crate) const HOME: &str = "Function: {function}, in {lesson}";
pub(crate) const AGREEMENT: &str =
    "The simulator differs by at most {most}; cases compared: {n}";
pub(crate) const PACKETS: &str = "What was on the wire";
pub(crate) const OPEN: &str = "Open a packet to see what each byte is.";
pub(crate) const CAPTURE: &str = "Your own, on Linux: {command}";
pub(crate) const WIRESHARK: &str = "This one, for Wireshark: {file} ({n} kB)";

/// What stands around a ladder; its own words are the ladder's.
pub(crate) const WIRE: &[&str] = &[PACKETS, OPEN, CAPTURE, WIRESHARK];

/// What the builder itself sets.
pub(crate) const BUILT: &[&str] = &[
    LINES, LINE, RECORDED, WHOLE, RIGHT, WRONG, STEPS, START, OTHER, SOURCE,
    UNIT, EXAMPLE, COMMA, LESSON, INTRODUCED, FAILS, SEEN, LANGUAGE, SYSTEM,
    ERROR, NO_KIND, RFC, RFC_TITLE, RFC_WHERE, HOME, AGREEMENT,
];

/// All of them, in the order of this file.
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    let scripts = [RUN, LAB, QUIZ, CHECK].into_iter().flatten();
    scripts
        .map(|(_, word)| *word)
        .chain(BUILT.iter().copied())
        .chain(WIRE.iter().copied())
}
