//! Judging: an exercise and a target go in, step after step, a verdict comes
//! out.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::bench::{self, Bench, PATIENCE, Stop};
use super::datagrams;
use super::{
    Error, Event, Exercise, Interrupt, Role, State, Step, StepReport, Target,
    Verdict,
};

/// How often a client's step is tried at most.
const TRIES: usize = 4;

/// A heartbeat that is late by so much shows a machine that is too busy to
/// judge anybody's punctuality: a quiet one stays below 4 ms, one with three
/// busy programs per processor is above 10 ms within half a second.
const BUSY: Duration = Duration::from_millis(8);

/// Judges `target`, and tells each step to `see`.
///
/// Blocks until there is a verdict, or until `interrupt` is set; the program
/// has been killed when it returns.
pub fn judge(
    exercise: &Exercise,
    target: &Target,
    seed: u64,
    interrupt: &Interrupt,
    see: &mut dyn FnMut(Event),
) -> Result<Verdict, Error> {
    if exercise.role == Role::Client && matches!(target, Target::Address(_)) {
        return Err(Error::ClientAtAddress);
    }
    let mut bench = Bench::new(target, interrupt.clone());
    let (mut tried, mut ok, mut skipped) = (0, 0, 0);
    for (index, step) in exercise.steps.iter().enumerate() {
        let (number, name) = (index + 1, step.name);
        let state = if ok < tried {
            State::NotReached
        } else {
            see(Event::Trying { number, name });
            bench.begin(number, seed);
            let state = try_step(exercise, step, &mut bench)?;
            let left_out = matches!(state, State::Skipped(_));
            skipped += usize::from(left_out);
            tried += usize::from(!left_out);
            ok += usize::from(state == State::Passed);
            state
        };
        let report = StepReport {
            number,
            name,
            state,
        };
        see(Event::Step(report));
    }
    Ok(Verdict {
        of: exercise.steps.len() - skipped,
        tried,
        ok,
        seed,
    })
}

fn try_step(
    exercise: &Exercise,
    step: &Step,
    bench: &mut Bench,
) -> Result<State, Error> {
    match exercise.role {
        Role::Server => attempt(exercise, step, bench),
        Role::Client => try_client(exercise, step, bench),
    }
}

/// A client is started afresh in each step, so it can have another try.
fn try_client(
    exercise: &Exercise,
    step: &Step,
    bench: &mut Bench,
) -> Result<State, Error> {
    until_punctual(|| {
        bench.begin_again();
        let (begun, heart) = (Instant::now(), Heart::start());
        let state = attempt(exercise, step, bench)?;
        Ok(Attempt {
            state,
            took: begun.elapsed(),
            late: heart.stop(),
        })
    })
}

struct Attempt {
    state: State,
    took: Duration,
    /// By how much this machine was late meanwhile.
    late: Duration,
}

/// A client is judged by its clock too, and a busy machine makes any client
/// late: it gets another try then. On a quiet one a failure is a failure.
fn until_punctual(
    mut attempt: impl FnMut() -> Result<Attempt, Error>,
) -> Result<State, Error> {
    let mut tries = 1;
    loop {
        let Attempt { state, took, late } = attempt()?;
        // What takes as long as this is no matter of punctuality.
        let hangs = took >= PATIENCE;
        if state == State::Passed || late < BUSY || hangs || tries == TRIES {
            return Ok(state);
        }
        tries += 1;
    }
}

fn attempt(
    exercise: &Exercise,
    step: &Step,
    bench: &mut Bench,
) -> Result<State, Error> {
    let outcome = (step.run)(bench).and_then(|()| match exercise.after {
        Some(after) if step.hostile => after(bench),
        _ => Ok(()),
    });
    // A wait that was cut short says nothing about the program.
    if bench.limit().interrupt.is_set() {
        return Err(Error::Interrupted);
    }
    match outcome {
        Ok(()) => Ok(State::Passed),
        Err(Stop::Error(error)) => Err(error),
        Err(Stop::Skipped(why)) => Ok(State::Skipped(why)),
        Err(Stop::Failed(mut failure)) => {
            // A step that starts programs itself knows about their end.
            if failure.died.is_some() {
                return Ok(State::Failed(failure));
            }
            failure.died = bench.epitaph();
            let never_there = [bench::NO_SERVER, datagrams::NO_SERVER];
            if failure.died.is_some() && !never_there.contains(&failure.likely)
            {
                failure.likely = bench::DIED;
            }
            Ok(State::Failed(failure))
        }
    }
}

/// A thread that wants to wake every few milliseconds, and notes by how much
/// this machine lets it sleep longer.
struct Heart {
    stop: Sender<()>,
    beats: JoinHandle<Duration>,
}

impl Heart {
    fn start() -> Heart {
        let (stop, stopped) = channel();
        let beat = Duration::from_millis(5);
        let beats = thread::spawn(move || {
            let mut worst = Duration::ZERO;
            let mut asleep = Instant::now();
            while stopped.recv_timeout(beat) == Err(RecvTimeoutError::Timeout) {
                worst = worst.max(asleep.elapsed().saturating_sub(beat));
                asleep = Instant::now();
            }
            worst
        });
        Heart { stop, beats }
    }

    /// By how much the latest beat was late.
    fn stop(self) -> Duration {
        drop(self.stop);
        self.beats.join().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails for so many times; gives how it ended, and after how many.
    fn fails(times: usize, late: Duration, took: Duration) -> (bool, usize) {
        let mut tries = 0;
        let state = until_punctual(|| {
            tries += 1;
            let state = match tries > times {
                true => State::Passed,
                false => State::Failed(Box::default()),
            };
            Ok(Attempt { state, took, late })
        });
        (state.unwrap() == State::Passed, tries)
    }

    #[test]
    fn only_a_busy_machine_gives_another_try() {
        let (quiet, quick) = (Duration::ZERO, Duration::ZERO);
        assert_eq!(fails(0, BUSY, quick), (true, 1));
        assert_eq!(fails(1, BUSY, quick), (true, 2));
        assert_eq!(fails(1, quiet, quick), (false, 1));
        assert_eq!(fails(1, BUSY, PATIENCE), (false, 1));
        assert_eq!(fails(99, BUSY, quick), (false, TRIES));
    }
}
