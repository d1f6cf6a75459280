//! The ladder: in go captured frames, out comes HTML that shows each of them
//! as an arrow between client and server, and opens to its bytes.
//!
//! One function renders one row, so a live page can append to the picture;
//! a recorded capture is drawn by the same, frame by frame. No script,
//! no id, and no word that is not asked for: a page can hold many.

mod arrow;
mod html;
mod label;
mod table;
mod words;

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Result, bail};

use super::conversation::{Connection, Phase, Step, Tracker};
use super::{Capture, Frame, LinkType, Packet};
use html::escape;
pub use words::WORDS;

/// The translation of an English word.
pub type Say<'a> = dyn FnMut(&str) -> String + 'a;

/// A silence of this length is drawn. Linux holds back an acknowledgement
/// for 40 ms at least; what is shorter is the road, or the machine's luck.
const PAUSE: Duration = Duration::from_millis(35);

/// One packet, drawn.
#[derive(Debug)]
pub struct Row {
    /// The number of its connection, from 1.
    pub connection: usize,
    /// Whether its connection begins with it: then a
    /// [`heading`](Ladder::heading) goes before it.
    pub first: bool,
    pub html: String,
}

/// A picture that grows with each frame.
#[derive(Debug)]
pub struct Ladder {
    link: LinkType,
    tracker: Tracker,
    /// The phase that a connection's last row was in.
    phases: HashMap<usize, Phase>,
}

impl Ladder {
    pub fn new(link: LinkType) -> Ladder {
        Ladder {
            link,
            tracker: Tracker::new(),
            phases: HashMap::new(),
        }
    }

    /// The connections so far.
    pub fn connections(&self) -> &[Connection] {
        self.tracker.connections()
    }

    /// The next frame as a row.
    pub fn row(&mut self, frame: &Frame, say: &mut Say) -> Row {
        let (packet, step) = self.follow(frame);
        Row {
            connection: step.connection,
            first: step.first,
            html: self.draw(frame, &packet, &step, say),
        }
    }

    /// What the next frame is in its connection.
    fn follow(&mut self, frame: &Frame) -> (Packet, Step) {
        let packet = Packet::decode(self.link, &frame.bytes, frame.len);
        let step = self.tracker.next(frame, &packet);
        (packet, step)
    }

    fn draw(
        &mut self,
        frame: &Frame,
        packet: &Packet,
        step: &Step,
        say: &mut Say,
    ) -> String {
        let class = step.phase.map_or("plain", phase_class);
        let before = self.phases.get(&step.connection).copied();
        let turns = before != step.phase;
        let mut html = String::new();
        if step.pause >= PAUSE && !step.first {
            // A silence between two phases belongs to neither.
            let class = if turns { "" } else { class };
            html.push_str(&pause(step.pause, class, say));
        }
        if let Some(phase) = step.phase.filter(|_| turns) {
            self.phases.insert(step.connection, phase);
            let name = escape(&say(words::phase(phase)));
            html.push_str(&format!(
                "<p class=\"phase {class}\"><span>{name}</span></p>"
            ));
        }
        let label = label::of(step, packet, frame, say);
        let arrow = arrow::svg(step, &label, say);
        let opened = table::html(self.link, frame, step, say);
        html.push_str(&format!(
            "<details class=\"packet {class}{}\"><summary>{arrow}</summary>\
             {opened}</details>",
            label.class
        ));
        html
    }

    /// A connection's name, how long it is, and what became of it so far;
    /// nothing if there is none of this number.
    pub fn heading(&self, connection: usize, say: &mut Say) -> String {
        let Some(it) = self.tracker.connection(connection) else {
            return String::new();
        };
        let number = connection.to_string();
        let name = match it.protocol {
            Some(6) => say(words::CONNECTION).replace("{n}", &number),
            Some(17) => say(words::DATAGRAMS).replace("{n}", &number),
            _ => say(words::PACKETS_OF).replace("{n}", &number),
        };
        let count = match it.packets {
            1 => say(words::ONE_PACKET),
            n => say(words::PACKETS).replace("{n}", &n.to_string()),
        };
        let outcome = say(words::outcome(it.outcome()));
        format!(
            "<b>{}</b> <span>{}</span> <span class=\"became\">{}</span>",
            escape(&name),
            escape(&count),
            escape(&outcome)
        )
    }
}

/// A capture as one picture: of all its connections, or only of these.
///
/// # Errors
///
/// If the capture holds no connection of that number, or none at all.
pub fn whole(
    capture: &Capture,
    only: &[usize],
    say: &mut Say,
) -> Result<String> {
    let (ladder, rows) = climb(capture, only, say);
    let all: Vec<usize> = (1..=rows.len()).collect();
    let chosen = if only.is_empty() { &all } else { only };
    if let Some(none) = chosen.iter().find(|it| !all.contains(it)) {
        bail!(
            "it has no connection {none}: they go from 1 to {}",
            rows.len()
        );
    }
    if chosen.is_empty() {
        bail!("it holds no packet");
    }
    let mut html = ends(say);
    for (index, &number) in chosen.iter().enumerate() {
        let heading = ladder.heading(number, say);
        let rows = &rows[number - 1];
        html.push_str(&match chosen.len() {
            1 => format!(
                "<div class=\"connection\"><p>{heading}</p>\
                 <div class=\"ladder\">{rows}</div></div>"
            ),
            _ => folded(&heading, rows, index == 0),
        });
    }
    Ok(html)
}

/// The ladder after all frames, and the rows of each connection; those that
/// are not shown stay empty.
fn climb(
    capture: &Capture,
    only: &[usize],
    say: &mut Say,
) -> (Ladder, Vec<String>) {
    let mut ladder = Ladder::new(capture.link);
    let mut rows: Vec<String> = Vec::new();
    for frame in &capture.frames {
        let (packet, step) = ladder.follow(frame);
        let number = step.connection;
        rows.resize(rows.len().max(number), String::new());
        // All are followed, but a capture may hold a thousand packets that
        // nobody sees here.
        if only.is_empty() || only.contains(&number) {
            let html = ladder.draw(frame, &packet, &step, say);
            rows[number - 1].push_str(&html);
        }
    }
    (ladder, rows)
}

/// One of several connections.
fn folded(heading: &str, rows: &str, open: bool) -> String {
    let open = if open { " open" } else { "" };
    format!(
        "<details class=\"connection\"{open}><summary>{heading}</summary>\
         <div class=\"ladder\">{rows}</div></details>"
    )
}

/// The names over the two lines; each row says them for itself.
pub fn ends(say: &mut Say) -> String {
    format!(
        "<p class=\"ends\" aria-hidden=\"true\"><span>{}</span>\
         <span>{}</span></p>",
        escape(&say(words::CLIENT)),
        escape(&say(words::SERVER))
    )
}

/// Nothing was said for this long.
fn pause(length: Duration, class: &str, say: &mut Say) -> String {
    let text = say(words::PAUSE).replace("{time}", &rounded(length, 1));
    let class = format!("pause {class}");
    let (class, text) = (class.trim_end(), escape(&text));
    format!("<p class=\"{class}\"><span>{text}</span></p>")
}

/// A time with so many digits that count: the recorded times are those of
/// one run on one machine, and more digits would promise more.
fn rounded(time: Duration, digits: i32) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    if milliseconds < 0.001 {
        return "0 ms".to_string();
    }
    let step = |time: f64| 10f64.powi(time.log10().floor() as i32 + 1 - digits);
    let value =
        (milliseconds / step(milliseconds)).round() * step(milliseconds);
    // 999.9 is rounded to 1000, whose last digit is another.
    let magnitude = step(value).log10().round() as i32;
    let (value, unit, magnitude) = match value >= 1000.0 {
        true => (value / 1000.0, "s", magnitude - 3),
        false => (value, "ms", magnitude),
    };
    let places = usize::try_from(-magnitude).unwrap_or(0);
    format!("{value:.places$} {unit}")
}

fn phase_class(phase: Phase) -> &'static str {
    match phase {
        Phase::Handshake => "handshake",
        Phase::Data => "data",
        Phase::HalfClosed => "half",
        Phase::TearDown => "tear-down",
        Phase::Refused | Phase::Reset => "broken",
    }
}

/// Who speaks to whom, for those who do not see the arrow.
fn direction(step: &Step, say: &mut Say) -> String {
    use super::conversation::Side;
    say(match step.side {
        Side::Client => words::TO_SERVER,
        Side::Server => words::TO_CLIENT,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::conversation::script::{World, script};

    const LOSSY: &[&str] = &[
        "> S 0 !lost: queue full",
        "> S 0 +1000",
        "< SA 0 1",
        "> A 1 1",
        "> PA 1 1 \"GET /orders?id=7 HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n",
        "< A 1 200 w=0",
        "< PA 1 200 \"<b>&{{#include x}}",
        "< A 1 200",
        "> A 200 19 +40",
        "< RA 19 200 +60",
        "2> S 0",
        "2< RA 0 1",
        "u> \"hi",
        "i< 3 3",
    ];

    fn draw(lines: &[&str], only: &[usize]) -> Result<String> {
        let capture = script(&World::default(), lines);
        whole(&capture, only, &mut |english| english.to_string())
    }

    #[test]
    fn each_packet_is_an_arrow_in_words_and_in_shape() {
        let html = draw(LOSSY, &[]).unwrap();
        assert_eq!(html.matches("<details class=\"packet").count(), 14);
        for piece in [
            "<p class=\"phase handshake\"><span>Handshake</span></p>",
            " syn lost marked\"><summary><span class=\"unseen\">client to \
             server:</span>",
            "<tspan dx=\"4\" class=\"mark gone\">lost</tspan>",
            "<tspan dx=\"4\" class=\"mark\">retransmission</tspan>",
            "<p class=\"pause handshake\"><span>1 s of silence</span></p>",
            "<p class=\"pause data\"><span>40 ms of silence</span></p>",
            "<p class=\"pause\"><span>60 ms of silence</span></p>",
            "x2=\"64%\" y2=\"26\"/><svg x=\"64%\" y=\"26\"><path d=\"M-6-6L6 6",
            "zero window</tspan>",
            "HTTP GET /orders?i<tspan class=\"wide\">d=7",
            "seq 1 <tspan dx=\"6\">ack 200</tspan>",
            "<span class=\"became\">reset by the server</span>",
            "<span class=\"became\">refused</span>",
            "ICMP port unreachable",
            "<b>Datagrams 3</b> <span>2 packets</span>",
            "<em>lost: queue full</em>",
            "title=\"RFC 9293 §3.1\"",
        ] {
            assert!(html.contains(piece), "{piece} is not in\n{html}");
        }
        // A payload is text, whatever it looks like; no blank line ends the
        // block, and no id is there twice.
        assert!(html.contains("&lt;b&gt;&amp;{{&#35;include"), "{html}");
        assert!(!html.contains('\n') && !html.contains(" id="));
    }

    #[test]
    fn only_the_chosen_connections_are_drawn() {
        let html = draw(LOSSY, &[2]).unwrap();
        assert_eq!(html.matches("<details class=\"packet").count(), 2);
        assert!(html.contains("<b>Connection 2</b>"));
        assert!(!html.contains("<details class=\"connection\""));
        let error = draw(LOSSY, &[4]).unwrap_err().to_string();
        assert_eq!(error, "it has no connection 4: they go from 1 to 3");
        assert!(draw(&[], &[]).is_err());
    }

    #[test]
    fn rows_that_come_one_by_one_make_the_same_picture() {
        let capture = script(&World::default(), LOSSY);
        let mut ladder = Ladder::new(capture.link);
        let mut say = |english: &str| english.to_string();
        let whole = draw(LOSSY, &[]).unwrap();
        let mut first = Vec::new();
        for frame in &capture.frames {
            let row = ladder.row(frame, &mut say);
            assert!(whole.contains(&row.html), "{}", row.html);
            first.extend(row.first.then_some(row.connection));
        }
        assert_eq!(first, [1, 2, 3]);
        assert!(whole.contains(&ladder.heading(1, &mut say)));
        assert_eq!(ladder.heading(9, &mut say), "");
    }

    #[test]
    fn a_packet_that_changes_changes_the_ladder() {
        let before = draw(LOSSY, &[]).unwrap();
        for (at, line) in [
            (0, "> S 0"),
            (2, "< A 0 1"),
            (3, "> A 1 1 +100"),
            (6, "< PA 1 200 \"<b>"),
            (6, "> PA 1 200 \"<b>&{{#include x}}"),
            (8, "> A 200 18 +40"),
            (9, "< FA 19 200 +60"),
            (13, "i< 3 1"),
        ] {
            let mut lines = LOSSY.to_vec();
            lines[at] = line;
            assert_ne!(before, draw(&lines, &[]).unwrap(), "{line}");
        }
        let mut lines = LOSSY.to_vec();
        lines.swap(6, 7);
        assert_ne!(before, draw(&lines, &[]).unwrap());
    }

    #[test]
    fn every_word_is_there_to_be_translated() {
        let mut asked = Vec::new();
        let capture = script(&World::default(), LOSSY);
        let mut say = |english: &str| {
            asked.push(english.to_string());
            format!("译{english}")
        };
        let html = whole(&capture, &[], &mut say).unwrap();
        let fields = crate::wire::fields::messages();
        for word in &asked {
            let word = word.as_str();
            assert!(WORDS.contains(&word) || fields.contains(&word), "{word}");
        }
        assert!(html.contains("译retransmission"));
        assert!(html.contains("3 (译port unreachable)"));
    }

    #[test]
    fn a_time_promises_no_more_than_it_holds() {
        let time = Duration::from_micros;
        assert_eq!(rounded(time(0), 2), "0 ms");
        assert_eq!(rounded(time(123), 2), "0.12 ms");
        assert_eq!(rounded(time(41_700), 1), "40 ms");
        assert_eq!(rounded(time(207_000), 1), "200 ms");
        assert_eq!(rounded(time(1_012_000), 1), "1 s");
        assert_eq!(rounded(time(999_900), 2), "1.0 s");
        assert_eq!(rounded(time(15_300_000), 2), "15 s");
    }
}
