//! Protocols that repeat what was lost, frame by frame: in go a window and a
//! loss, out comes the ladder of a simulated run.

use lessons::formulas::{go_back_n, selective_repeat, stop_and_wait};
use lessons::link::{Direction, Nanos};
use lessons::sim::arq::{
    FRAME, GoBackN, Line, Measured, SelectiveRepeat, StopAndWait, WindowOf, run,
};
use lessons::sim::trace::{Step, Trace, What};

use super::{Arrow, Explorable, Frame, Knob, Picture, knob, line, told};

/// How long a frame is on the way behind its last bit, in frames.
const DELAY: u64 = 3;
/// The time that is drawn, in frames.
const SPAN: u32 = 24;
/// So many frames are handed on before the simulation ends.
const FRAMES: u64 = 1000;

pub(super) const ARQ_LADDER: Explorable = Explorable {
    name: "arq_ladder",
    lesson: 20,
    title: "Frame by frame",
    caption: "The first frames of a simulated run of 1,000 on a link that \
              holds three each way; a cross is a loss. An acknowledgement \
              bears the number that its protocol gives it. The formula of \
              Go-Back-N spreads a small window over the round trip, here it \
              leaves at once: with losses the two differ by a little.",
    knobs: &[
        Knob {
            name: "Protocol",
            unit: "",
            values: &[0.0, 1.0, 2.0],
            called: &["Stop-and-wait", "Go-Back-N", "Selective repeat"],
            start: 1,
        },
        knob("Window", "frames", &[1.0, 3.0, 7.0], 1),
        knob("Loss", "%", &[0.0, 10.0, 30.0], 1),
    ],
    picture: Picture::Ladder {
        names: &["Sender", "Receiver"],
        span: SPAN,
        lines: &[
            line("Frame", ""),
            line("Frame, sent again", ""),
            line("Acknowledgement", ""),
        ],
    },
    facts: &[
        told("Used of the link, simulated", "%"),
        told("By the formula", "%"),
    ],
    frame: |given| {
        let (window, loss) = (given[1] as u32, given[2] / 100.0);
        let a = DELAY as f64;
        let (measured, formula) = match given[0] as u32 {
            0 => (simulated(given), stop_and_wait(loss, a)),
            1 => (simulated(given), go_back_n(loss, a, window)),
            _ => (simulated(given), selective_repeat(loss, a, window)),
        };
        let per_cent = |share: f64| share * 100.0;
        let used = measured.as_ref().map(|it| per_cent(it.utilisation));
        let steps = measured.as_ref().map(|it| it.trace.steps());
        Frame {
            arrows: arrows(steps.unwrap_or_default()),
            facts: vec![used, formula.ok().map(per_cent)],
            ..Frame::default()
        }
    },
};

/// A run of the protocol that the sliders choose.
fn simulated(given: &[f64]) -> Option<Measured> {
    let line = Line {
        delay: DELAY * FRAME,
        loss: given[2] / 100.0,
        ack_loss: 0.0,
        spacing: 0,
        seed: 2,
    };
    let window = given[1] as u64;
    let trace = Trace::first(200);
    let run = match given[0] as u32 {
        0 => run(StopAndWait::default(), line, FRAMES, trace),
        1 => run(GoBackN::new(window), line, FRAMES, trace),
        _ => {
            let protocol = SelectiveRepeat::new(window, WindowOf::Flight);
            run(protocol, line, FRAMES, trace)
        }
    };
    run.ok()
}

/// What was sent early enough to arrive in the picture.
fn arrows(steps: &[Step]) -> Vec<Arrow> {
    let frames = |time: Nanos| (time / FRAME) as u32;
    let mut highest = None;
    let sent = steps.iter().filter(|step| step.what == What::Sent);
    let arrows = sent.map(|step| {
        let lost = steps.iter().any(|other| {
            let same = (other.direction, other.packet);
            other.what == What::Lost && same == (step.direction, step.packet)
        });
        let (kind, took) = match step.direction {
            Direction::Down => (Arrow::ACK, DELAY as u32),
            Direction::Up => {
                let again = Some(step.number) <= highest;
                highest = highest.max(Some(step.number));
                let kind = if again { Arrow::AGAIN } else { Arrow::FRAME };
                (kind, DELAY as u32 + 1)
            }
        };
        Arrow {
            kind,
            lost,
            number: step.number,
            at: frames(step.at),
            took,
        }
    });
    arrows.filter(|it| it.at + it.took <= SPAN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_acknowledgement_leaves_when_its_frame_is_there() {
        let one = (ARQ_LADDER.frame)(&[0.0, 1.0, 0.0]).arrows;
        let told: Vec<_> =
            one.iter().map(|it| (it.kind, it.number, it.at)).collect();
        // A frame and six delays: each frame leaves 7 behind the last one.
        let begin = [(Arrow::FRAME, 0, 0), (Arrow::ACK, 0, 4)];
        assert_eq!(told[..2], begin);
        assert_eq!(told[2], (Arrow::FRAME, 1, 7));
        assert!(one.iter().all(|it| !it.lost && it.kind != Arrow::AGAIN));
    }

    #[test]
    fn what_is_lost_is_sent_again() {
        let go = (ARQ_LADDER.frame)(&[1.0, 7.0, 30.0]).arrows;
        let lost = go.iter().find(|it| it.lost).expect("3 of 10 are");
        let again = go
            .iter()
            .find(|it| it.kind == Arrow::AGAIN && it.number == lost.number);
        assert_eq!(again.map(|it| it.at >= lost.at + 7), Some(true));
    }
}
