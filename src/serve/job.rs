//! Something that is under way and can be called off: in goes how to stop
//! the part that is running now, out comes its end, at once if it has been
//! called off already.

use std::sync::{Arc, Mutex, PoisonError};

type Stop = Box<dyn FnOnce() + Send>;

/// Shared by the one who works and the one who may lose interest.
#[derive(Clone, Default)]
pub(super) struct Job(Arc<Mutex<State>>);

#[derive(Default)]
enum State {
    #[default]
    Idle,
    Stoppable(Stop),
    CalledOff,
}

impl Job {
    /// From now on `stop` is what ends the work.
    pub(super) fn on_call_off(&self, stop: impl FnOnce() + Send + 'static) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match *state {
            State::CalledOff => stop(),
            _ => *state = State::Stoppable(Box::new(stop)),
        }
    }

    /// Ends the work, now or as soon as it has begun.
    pub(super) fn call_off(&self) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Stoppable(stop) =
            std::mem::replace(&mut *state, State::CalledOff)
        {
            stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn it_ends_whether_called_off_before_or_after() {
        let stopped = Arc::new(AtomicUsize::new(0));
        let stop = || {
            let stopped = stopped.clone();
            move || {
                stopped.fetch_add(1, Ordering::SeqCst);
            }
        };
        let job = Job::default();
        job.on_call_off(stop());
        job.call_off();
        assert_eq!(stopped.load(Ordering::SeqCst), 1);
        job.call_off();
        assert_eq!(stopped.load(Ordering::SeqCst), 1);
        job.on_call_off(stop());
        assert_eq!(stopped.load(Ordering::SeqCst), 2);
    }
}
